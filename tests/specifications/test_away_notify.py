"""away-notify: who goes away and comes back, told to those who share a room."""

from tests.server_harness import House, told


async def _people(house: House) -> None:
    await house.irc("ann", "away-notify")
    await house.irc("bob", "away-notify")
    await house.irc("old")
    for name in ("ann", "bob", "old"):
        await house.ask(name, "JOIN #tea")


async def test_going_away_and_coming_back(house: House) -> None:
    """ "an AWAY message … when a user sets or removes their away message", and none to oneself: "Clients SHOULD NOT be
    sent AWAY messages to notify them of their own away status".
    """
    await _people(house)
    lines = await house.ask("ann", "AWAY :gone to lunch")
    assert told(lines, "bob") == [":ann!ann@local AWAY :gone to lunch"]
    assert told(lines, "ann") == [":hubbub 306 ann :You have been marked as being away"] and not told(
        lines, "old"
    )
    lines = await house.ask("ann", "AWAY")
    assert told(lines, "bob") == [":ann!ann@local AWAY"]


async def test_joining_while_away(house: House) -> None:
    """ "when a user joins and has an away message set"; "AWAY will not be sent for joining users with no away" one."""
    await _people(house)
    await house.irc("kim")
    await house.ask("kim", "AWAY :asleep")
    lines = await house.ask("kim", "JOIN #tea")
    assert told(lines, "bob") == [":kim!kim@local JOIN #tea", ":kim!kim@local AWAY :asleep"]
    assert told(lines, "old") == [":kim!kim@local JOIN #tea"]
    await house.irc("lea")
    assert told(await house.ask("lea", "JOIN #tea"), "bob") == [":lea!lea@local JOIN #tea"]
