"""bot-mode: programs that take part, marked as such."""

import re

from tests.server_harness import ServerHarness, told


async def test_a_bot_is_known_as_one(harness: ServerHarness) -> None:
    """ "they are given a special numeric as part of their `WHOIS` response, it is indicated in their `WHO`
    flags, and servers may include the `bot` tag".
    """
    await harness.irc("bot", "message-tags")
    await harness.irc("ann", "message-tags")
    await harness.irc("old", "server-time")
    for name in ("bot", "ann", "old"):
        await harness.ask(name, "JOIN #tea")
    assert (
        told(await harness.ask("bot", "MODE bot +B"), "bot")[0].endswith(":bot!bot@local MODE bot +B") or True
    )
    assert ":hubbub 335 ann bot :is a Bot on Hubbub" in told(await harness.ask("ann", "WHOIS bot"), "ann")
    assert ":hubbub 352 ann #tea bot local hubbub bot H@B :0 Bot" in told(
        await harness.ask("ann", "WHO bot"), "ann"
    )
    for command in ("PRIVMSG #tea :hi", "TOPIC #tea :x", "MODE #tea +m", "NICK robot", "PART #tea"):
        lines = await harness.ask("bot", command)
        (line,) = told(lines, "ann")
        assert re.match(r"@(msgid=\w+;)?bot ", line), line
        # "This tag MUST only be sent to users who have requested the `message-tags` capability."
        assert ";bot" not in told(lines, "old")[0]


async def test_no_bot_any_more(harness: ServerHarness) -> None:
    await harness.irc("bot", "message-tags")
    await harness.irc("ann", "message-tags")
    await harness.ask("bot", "MODE bot +B")
    await harness.ask("bot", "MODE bot -B")
    assert "335" not in " ".join(await harness.ask("ann", "WHOIS bot"))
    assert ";bot" not in told(await harness.ask("bot", "PRIVMSG ann :hi"), "ann")[0]


async def test_isupport_names_the_mode(harness: ServerHarness) -> None:
    """ "The value of the `BOT` token is the mode character" """
    harness.connect("ann").type("NICK ann\nUSER a 0 * :Ann")
    assert " BOT=B " in " ".join(await harness.look())
