"""away-notify: who goes away and comes back, told to those who share a room."""

from tests.server_harness import ServerHarness, told


async def _people(harness: ServerHarness) -> None:
    await harness.irc("ann", "away-notify")
    await harness.irc("bob", "away-notify")
    await harness.irc("old")
    for name in ("ann", "bob", "old"):
        await harness.ask(name, "JOIN #tea")


async def test_going_away_and_coming_back(harness: ServerHarness) -> None:
    """ "an AWAY message … when a user sets or removes their away message", and none to oneself: "Clients SHOULD NOT be
    sent AWAY messages to notify them of their own away status".
    """
    await _people(harness)
    lines = await harness.ask("ann", "AWAY :gone to lunch")
    assert told(lines, "bob") == [":ann!ann@local AWAY :gone to lunch"]
    assert told(lines, "ann") == [":hubbub 306 ann :You have been marked as being away"] and not told(
        lines, "old"
    )
    lines = await harness.ask("ann", "AWAY")
    assert told(lines, "bob") == [":ann!ann@local AWAY"]


async def test_joining_while_away(harness: ServerHarness) -> None:
    """ "when a user joins and has an away message set"; "AWAY will not be sent for joining users with no away" one."""
    await _people(harness)
    await harness.irc("kim")
    await harness.ask("kim", "AWAY :asleep")
    lines = await harness.ask("kim", "JOIN #tea")
    assert told(lines, "bob") == [":kim!kim@local JOIN #tea", ":kim!kim@local AWAY :asleep"]
    assert told(lines, "old") == [":kim!kim@local JOIN #tea"]
    await harness.irc("lea")
    assert told(await harness.ask("lea", "JOIN #tea"), "bob") == [":lea!lea@local JOIN #tea"]
