"""server-time: when everything happened."""

import re

from tests.server_harness import House, told

TIME = "2026-11-18T11:06:40.000Z"


async def test_the_time_of_what_others_do(house: House) -> None:
    """ "The value of the tag MUST have the following syntax: YYYY-MM-DDThh:mm:ss.sssZ" """
    await house.irc("ann")
    await house.irc("bob", "server-time")
    for name in ("ann", "bob"):
        await house.ask(name, "JOIN #tea")
    for command in (
        "PRIVMSG #tea :x",
        "NOTICE bob :x",
        "TOPIC #tea :x",
        "MODE #tea +m",
        "NICK anna",
        "PART #tea",
    ):
        (line,) = told(await house.ask("ann", command), "bob")
        assert line.startswith(f"@time={TIME} :ann"), line


async def test_history_has_the_time_when_it_was_said(house: House) -> None:
    """batches/chathistory: "messages inside the batch MUST be tagged with the time at which they were" sent."""
    await house.irc("ann", "batch server-time message-tags draft/chathistory")
    await house.ask("ann", "JOIN #tea\nPRIVMSG #tea :x")
    house.wait(3600)
    line = told(await house.ask("ann", "CHATHISTORY LATEST #tea * 1"), "ann")[1]
    assert re.match(rf"@batch=\w+;time={TIME};", line)


async def test_not_before_it_is_acknowledged(house: House) -> None:
    """ "MUST NOT do so before acknowledging the client capability using `CAP ACK`" """
    await house.irc("bob")
    await house.irc("ann")
    assert told(await house.ask("bob", "PRIVMSG ann :x"), "ann") == [":bob!bob@local PRIVMSG ann :x"]
