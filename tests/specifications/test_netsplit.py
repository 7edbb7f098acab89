"""netsplit and netjoin: batches of servers that lose and find each other, of which there is only one here."""

from hubbub.dialects.irc import verbs
from tests.server_harness import ServerHarness, told


async def test_one_server_never_splits(harness: ServerHarness) -> None:
    """ "When a netsplit occurs, the server MUST put all resulting QUITs into a single `netsplit` batch": it can't
    occur, since there are no other servers.
    """
    await harness.irc("ann")
    assert told(await harness.ask("ann", "LINKS"), "ann") == [
        ":hubbub 364 ann hubbub hubbub :0 Hubbub",
        ":hubbub 365 ann * :End of /LINKS list",
    ]
    assert "SERVER" not in verbs.VERBS


async def test_people_who_leave_at_once_leave_one_by_one(harness: ServerHarness) -> None:
    await harness.irc("ann", "batch")
    for name in ("bob", "eve"):
        await harness.irc(name)
        await harness.ask(name, "JOIN #tea")
    await harness.ask("ann", "JOIN #tea")
    for name in ("bob", "eve"):
        harness.people[name].hang_up("Connection reset by peer")
    lines = told(await harness.look(), "ann")
    assert len(lines) == 2 and all(" QUIT :" in line and not line.startswith("@") for line in lines)
