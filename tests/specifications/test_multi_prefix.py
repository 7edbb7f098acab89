"""multi-prefix: all of a member's ranks, not only the highest."""

from tests.server_harness import House, told


async def test_all_prefixes_from_highest_to_lowest(house: House) -> None:
    """ "These prefixes MUST be in order of 'rank', from highest to lowest." """
    await house.account("ann")
    house.connect("ann").type("PASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann")
    await house.irc("new", "multi-prefix")
    await house.irc("old")
    for name in ("ann", "new", "old"):
        await house.ask(name, "JOIN #tea")
    await house.ask("ann", "MODE #tea +v ann")
    assert " = #tea :~@+ann new old" in told(await house.ask("new", "NAMES #tea"), "new")[0]
    assert " = #tea :~ann new old" in told(await house.ask("old", "NAMES #tea"), "old")[0]
    assert " ann H~@+ :0 Ann" in told(await house.ask("new", "WHO #tea"), "new")[0]
    assert " ann H~ :0 Ann" in told(await house.ask("old", "WHO #tea"), "old")[0]
    assert "~@+#tea" in told(await house.ask("new", "WHOIS ann"), "new")[1]
