"""extended-join: with JOIN, the account and the real name."""

from tests.server_harness import ServerHarness, told


async def test_account_and_real_name(harness: ServerHarness) -> None:
    """ "The first parameter is the channel, the second the account name", `*` "if the user is not logged in"."""
    await harness.account("ann")
    harness.connect("ann").type("PASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann Smith")
    await harness.irc("new", "extended-join")
    await harness.irc("old")
    await harness.irc("bob")
    for name in ("new", "old"):
        await harness.ask(name, "JOIN #tea")
    lines = await harness.ask("ann", "JOIN #tea")
    assert told(lines, "new") == [":ann!ann@local JOIN #tea ann :Ann Smith"]
    assert told(lines, "old") == [":ann!ann@local JOIN #tea"]
    assert told(await harness.ask("bob", "JOIN #tea"), "new") == [":bob!bob@local JOIN #tea * :Bob"]


async def test_ones_own_join_too(harness: ServerHarness) -> None:
    await harness.irc("ann", "extended-join")
    assert told(await harness.ask("ann", "JOIN #tea"), "ann")[0] == ":ann!ann@local JOIN #tea * :Ann"
