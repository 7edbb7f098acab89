"""server-time: when everything happened."""

import re

from tests.server_harness import ServerHarness, told

TIME = "2026-11-18T11:06:40.000Z"


async def test_the_time_of_what_others_do(harness: ServerHarness) -> None:
    """ "The value of the tag MUST have the following syntax: YYYY-MM-DDThh:mm:ss.sssZ" """
    await harness.irc("ann")
    await harness.irc("bob", "server-time")
    for name in ("ann", "bob"):
        await harness.ask(name, "JOIN #tea")
    for command in (
        "PRIVMSG #tea :x",
        "NOTICE bob :x",
        "TOPIC #tea :x",
        "MODE #tea +m",
        "NICK anna",
        "PART #tea",
    ):
        (line,) = told(await harness.ask("ann", command), "bob")
        assert line.startswith(f"@time={TIME} :ann"), line


async def test_history_has_the_time_when_it_was_said(harness: ServerHarness) -> None:
    """batches/chathistory: "messages inside the batch MUST be tagged with the time at which they were" sent."""
    await harness.irc("ann", "batch server-time message-tags draft/chathistory")
    await harness.ask("ann", "JOIN #tea\nPRIVMSG #tea :x")
    harness.wait(3600)
    line = told(await harness.ask("ann", "CHATHISTORY LATEST #tea * 1"), "ann")[1]
    assert re.match(rf"@batch=\w+;time={TIME};", line)


async def test_not_before_it_is_acknowledged(harness: ServerHarness) -> None:
    """ "MUST NOT do so before acknowledging the client capability using `CAP ACK`" """
    await harness.irc("bob")
    await harness.irc("ann")
    assert told(await harness.ask("bob", "PRIVMSG ann :x"), "ann") == [":bob!bob@local PRIVMSG ann :x"]
