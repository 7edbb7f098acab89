"""pre-away: saying that one is away before one is in."""

from tests.server_harness import House


async def test_away_before_coming_in(house: House) -> None:
    """ "servers MUST accept the `AWAY` command before connection registration has completed." """
    await house.irc("bob")
    house.connect("ann")
    assert await house.ask("ann", "AWAY :early") == ["ann < :hubbub 451 * :You have not registered"]
    await house.ask("ann", "CAP REQ draft/pre-away")
    assert await house.ask("ann", "AWAY :asleep") == [
        "ann < :hubbub 306 * :You have been marked as being away"
    ]
    await house.ask("ann", "NICK ann\nUSER a 0 * :A\nCAP END")
    assert "bob < :hubbub 301 bob ann asleep" in await house.ask("bob", "WHOIS ann")


async def test_away_only_when_all_sessions_are(house: House) -> None:
    """pre-away: of several connections the user is away "when all are", and one that never spoke for itself (`AWAY *`)
    does not call anybody back.
    """
    await house.account("ann")
    await house.irc("bob")
    come = "PASS :ann:correct horse\nNICK ann\nUSER a 0 * :A\nCAP END"
    house.connect("home").type(come)
    house.connect("work").type(come)
    await house.ask("home", "AWAY :lunch")
    assert "301" not in " ".join(await house.ask("bob", "WHOIS ann"))
    await house.ask("work", "AWAY :off")
    assert "301 bob ann off" in " ".join(await house.ask("bob", "WHOIS ann"))
    house.connect("phone").type(f"CAP REQ draft/pre-away\nAWAY *\n{come}")
    await house.look()
    # "it should not supersede a human-readable `AWAY` message set by another connection, even if it is more recent"
    assert "301 bob ann off" in " ".join(await house.ask("bob", "WHOIS ann"))
    await house.ask("home", "AWAY")
    assert "301" not in " ".join(await house.ask("bob", "WHOIS ann"))
