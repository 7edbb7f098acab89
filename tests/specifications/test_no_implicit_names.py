"""no-implicit-names: coming into a room without its names."""

from tests.server_harness import House, told


async def test_names_only_when_asked_for(house: House) -> None:
    """ "servers MUST NOT send an implicit `NAMES` reply after sending a `JOIN` message." """
    await house.irc("ann", "no-implicit-names")
    await house.irc("bob")
    await house.ask("bob", "JOIN #tea")
    assert told(await house.ask("ann", "JOIN #tea"), "ann") == [":ann!ann@local JOIN #tea"]
    assert [line.split()[1] for line in told(await house.ask("ann", "NAMES #tea"), "ann")] == ["353", "366"]
