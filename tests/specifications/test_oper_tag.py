"""oper-tag: operators of the server, marked for those who ask."""

from tests.server_harness import ServerHarness, told


async def test_operators_are_marked_for_those_who_ask(harness: ServerHarness) -> None:
    """ "The value of the tag, if specified, MUST identify the operator." """
    await harness.account("root", role="admin")
    harness.connect("root").type("PASS :root:correct horse\nNICK root\nUSER r 0 * :Root")
    await harness.look()
    await harness.irc("ann", "message-tags draft/oper-tag")
    await harness.irc("old", "message-tags")
    lines = await harness.ask("root", "PRIVMSG ann,old :hi")
    assert ";draft/oper=root " in told(lines, "ann")[0] and "oper" not in told(lines, "old")[0]
    lines = await harness.ask("old", "PRIVMSG ann :hi")
    assert "oper" not in told(lines, "ann")[0]
