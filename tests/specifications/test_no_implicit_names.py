"""no-implicit-names: coming into a room without its names."""

from tests.server_harness import ServerHarness, told


async def test_names_only_when_asked_for(harness: ServerHarness) -> None:
    """ "servers MUST NOT send an implicit `NAMES` reply after sending a `JOIN` message." """
    await harness.irc("ann", "no-implicit-names")
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #tea")
    assert told(await harness.ask("ann", "JOIN #tea"), "ann") == [":ann!ann@local JOIN #tea"]
    assert [line.split()[1] for line in told(await harness.ask("ann", "NAMES #tea"), "ann")] == ["353", "366"]
