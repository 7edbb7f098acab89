"""extended-join: with JOIN, the account and the real name."""

from tests.server_harness import House, told


async def test_account_and_real_name(house: House) -> None:
    """ "The first parameter is the channel, the second the account name", `*` "if the user is not logged in"."""
    await house.account("ann")
    house.connect("ann").type("PASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann Smith")
    await house.irc("new", "extended-join")
    await house.irc("old")
    await house.irc("bob")
    for name in ("new", "old"):
        await house.ask(name, "JOIN #tea")
    lines = await house.ask("ann", "JOIN #tea")
    assert told(lines, "new") == [":ann!ann@local JOIN #tea ann :Ann Smith"]
    assert told(lines, "old") == [":ann!ann@local JOIN #tea"]
    assert told(await house.ask("bob", "JOIN #tea"), "new") == [":bob!bob@local JOIN #tea * :Bob"]


async def test_ones_own_join_too(house: House) -> None:
    await house.irc("ann", "extended-join")
    assert told(await house.ask("ann", "JOIN #tea"), "ann")[0] == ":ann!ann@local JOIN #tea * :Ann"
