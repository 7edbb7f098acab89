"""multi-prefix: all of a member's ranks, not only the highest."""

from tests.server_harness import ServerHarness, told


async def test_all_prefixes_from_highest_to_lowest(harness: ServerHarness) -> None:
    """ "These prefixes MUST be in order of 'rank', from highest to lowest." """
    await harness.account("ann")
    harness.connect("ann").type("PASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann")
    await harness.irc("new", "multi-prefix")
    await harness.irc("old")
    for name in ("ann", "new", "old"):
        await harness.ask(name, "JOIN #tea")
    await harness.ask("ann", "MODE #tea +v ann")
    assert " = #tea :~@+ann new old" in told(await harness.ask("new", "NAMES #tea"), "new")[0]
    assert " = #tea :~ann new old" in told(await harness.ask("old", "NAMES #tea"), "old")[0]
    assert " ann H~@+ :0 Ann" in told(await harness.ask("new", "WHO #tea"), "new")[0]
    assert " ann H~ :0 Ann" in told(await harness.ask("old", "WHO #tea"), "old")[0]
    assert "~@+#tea" in told(await harness.ask("new", "WHOIS ann"), "new")[1]
