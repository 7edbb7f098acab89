"""pre-away: saying that one is away before one is in."""

from tests.server_harness import ServerHarness


async def test_away_before_coming_in(harness: ServerHarness) -> None:
    """ "servers MUST accept the `AWAY` command before connection registration has completed." """
    await harness.irc("bob")
    harness.connect("ann")
    assert await harness.ask("ann", "AWAY :early") == ["ann < :hubbub 451 * :You have not registered"]
    await harness.ask("ann", "CAP REQ draft/pre-away")
    assert await harness.ask("ann", "AWAY :asleep") == [
        "ann < :hubbub 306 * :You have been marked as being away"
    ]
    await harness.ask("ann", "NICK ann\nUSER a 0 * :A\nCAP END")
    assert "bob < :hubbub 301 bob ann asleep" in await harness.ask("bob", "WHOIS ann")


async def test_away_only_when_all_sessions_are(harness: ServerHarness) -> None:
    """pre-away: of several connections the user is away "when all are", and one that never spoke for itself (`AWAY *`)
    does not call anybody back.
    """
    await harness.account("ann")
    await harness.irc("bob")
    come = "PASS :ann:correct horse\nNICK ann\nUSER a 0 * :A\nCAP END"
    harness.connect("home").type(come)
    harness.connect("work").type(come)
    await harness.ask("home", "AWAY :lunch")
    assert "301" not in " ".join(await harness.ask("bob", "WHOIS ann"))
    await harness.ask("work", "AWAY :off")
    assert "301 bob ann off" in " ".join(await harness.ask("bob", "WHOIS ann"))
    harness.connect("phone").type(f"CAP REQ draft/pre-away\nAWAY *\n{come}")
    await harness.look()
    # "it should not supersede a human-readable `AWAY` message set by another connection, even if it is more recent"
    assert "301 bob ann off" in " ".join(await harness.ask("bob", "WHOIS ann"))
    await harness.ask("home", "AWAY")
    assert "301" not in " ".join(await harness.ask("bob", "WHOIS ann"))
