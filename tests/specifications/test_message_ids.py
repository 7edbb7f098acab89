"""message-ids: a name for everything that happens, by which it can be spoken of."""

import re

from tests.server_harness import ServerHarness, told


async def _ids(harness: ServerHarness, name: str, commands: tuple[str, ...]) -> list[str]:
    found = []
    for command in commands:
        for line in told(await harness.ask(name, command), "bob"):
            tag = re.match(r"@msgid=([^ ;]+)[ ;]", line)
            assert tag, line
            found.append(tag[1])
    return found


async def test_every_event_has_one_and_no_two_are_the_same(harness: ServerHarness) -> None:
    """ "it SHOULD be attached to all `PRIVMSG` and `NOTICE` events"; "any other message transmitted on the entire
    network at any time MUST NOT share the same value"; "MUST NOT start with a colon (`:`) and MUST NOT contain any of
    `SPACE`".
    """
    await harness.irc("ann")
    await harness.irc("bob", "message-tags")
    for name in ("ann", "bob"):
        await harness.ask(name, "JOIN #tea")
    commands = (
        "PRIVMSG #tea :x",
        "NOTICE #tea :x",
        "PRIVMSG bob :x",
        "TOPIC #tea :x",
        "MODE #tea +m",
        "NICK anna",
    )
    ids = await _ids(harness, "ann", commands * 2)
    assert len(set(ids)) == len(ids) >= 9
    assert all(re.fullmatch(r"[0-9a-z]{13}", number) for number in ids)
    await harness.restart()
    await harness.irc("ann")
    await harness.irc("bob", "message-tags")
    assert not set(ids) & set(await _ids(harness, "ann", ("PRIVMSG bob :x",)))


async def test_everybody_is_told_the_same_one_and_so_is_the_history(harness: ServerHarness) -> None:
    """ "if a message is re-transmitted as-is, for example with the `chathistory` batch type, the ID SHOULD" stay."""
    caps = "message-tags echo-message batch server-time draft/chathistory"
    await harness.irc("ann", caps)
    await harness.irc("bob", caps)
    for name in ("ann", "bob"):
        await harness.ask(name, "JOIN #tea")
    lines = await harness.ask("ann", "PRIVMSG #tea :x")
    (own,), (other,) = told(lines, "ann"), told(lines, "bob")
    number = re.search(r"msgid=(\w+)", own)
    assert number and f"msgid={number[1]} " in other
    assert f"msgid={number[1]} " in told(await harness.ask("bob", "CHATHISTORY LATEST #tea * 1"), "bob")[1]


async def test_not_without_tags(harness: ServerHarness) -> None:
    """ "the `message-tags` capability MUST be negotiated for servers wishing to use this tag" """
    await harness.irc("ann", "server-time")
    await harness.irc("bob")
    assert "msgid" not in told(await harness.ask("bob", "PRIVMSG ann :x"), "ann")[0]
