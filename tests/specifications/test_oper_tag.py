"""oper-tag: operators of the server, marked for those who ask."""

from tests.server_harness import House, told


async def test_operators_are_marked_for_those_who_ask(house: House) -> None:
    """ "The value of the tag, if specified, MUST identify the operator." """
    await house.account("root", role="admin")
    house.connect("root").type("PASS :root:correct horse\nNICK root\nUSER r 0 * :Root")
    await house.look()
    await house.irc("ann", "message-tags draft/oper-tag")
    await house.irc("old", "message-tags")
    lines = await house.ask("root", "PRIVMSG ann,old :hi")
    assert ";draft/oper=root " in told(lines, "ann")[0] and "oper" not in told(lines, "old")[0]
    lines = await house.ask("old", "PRIVMSG ann :hi")
    assert "oper" not in told(lines, "ann")[0]
