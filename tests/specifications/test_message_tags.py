"""message-tags: tags of clients, which go to the others as they are, and of the server, which nobody can make up."""

import re

import pytest

from tests.server_harness import ServerHarness, told


async def _three(harness: ServerHarness) -> None:
    for name, caps in (("ann", "message-tags echo-message"), ("bob", "message-tags"), ("old", "server-time")):
        await harness.irc(name, caps)
        await harness.ask(name, "JOIN #tea")


def tags_of(line: str) -> str:
    return line.split(" ", 1)[0].removeprefix("@")


async def test_client_only_tags_are_relayed(harness: ServerHarness) -> None:
    """ "Client-only tags MUST be relayed on `PRIVMSG`, `NOTICE` and `TAGMSG` messages", attached "as-is"; "Any
    server-sent tags attached to messages MUST be included before client-only tags".
    """
    await _three(harness)
    for command in ("PRIVMSG #tea :x", "NOTICE #tea :x", "TAGMSG #tea", "PRIVMSG bob :x", "TAGMSG bob"):
        (line,) = told(await harness.ask("ann", f"@+a=1;+example.com/b;+c=\\:\\s\\\\ {command}"), "bob")
        assert re.fullmatch(r"msgid=\w+;\+a=1;\+example.com/b;\+c=\\:\\s\\\\", tags_of(line)), line


async def test_tags_without_the_prefix_go_nowhere(harness: ServerHarness) -> None:
    """ "Tags without the client-only prefix MUST be removed by the server before being relayed" """
    await _three(harness)
    text = "@time=1999-01-01T00:00:00.000Z;msgid=mine;account=root;bot;draft/oper;batch;+ok=1;unknown=x PRIVMSG #tea :x"
    (line,) = told(await harness.ask("ann", text), "bob")
    assert re.fullmatch(r"msgid=[0-9a-z]{13};\+ok=1", tags_of(line))


async def test_a_key_counts_as_it_came_last(harness: ServerHarness) -> None:
    """ "Implementations receiving messages with more than one occurrence of a tag key name SHOULD disregard all but the
    final occurrence"; keys are "case-sensitive".
    """
    await _three(harness)
    (line,) = told(await harness.ask("ann", "@+a=1;+A=2;+a=3 PRIVMSG #tea :x"), "bob")
    assert re.search(r";\+a=3;\+A=2$", tags_of(line))


async def test_keys_are_not_judged(harness: ServerHarness) -> None:
    """ "MUST NOT perform any validation that would reject the message if an invalid tag key name is used" """
    await _three(harness)
    assert told(await harness.ask("ann", "@+++=1;;=;+ü=x;+=y PRIVMSG #tea :x"), "bob")


async def test_empty_and_missing_values_are_the_same(harness: ServerHarness) -> None:
    """ "Implementations MUST interpret empty tag values … as equivalent to missing tag values" """
    await _three(harness)
    (line,) = told(await harness.ask("ann", "@+a=;+b PRIVMSG #tea :x"), "bob")
    assert tags_of(line).endswith(";+a;+b")


async def test_tagmsg_only_for_those_who_know_it(harness: ServerHarness) -> None:
    """ "Servers MUST NOT deliver `TAGMSG` to clients that haven't negotiated the message tags capability." """
    await _three(harness)
    lines = await harness.ask("ann", "@+a=1 TAGMSG #tea")
    assert told(lines, "old") == [] and len(told(lines, "bob")) == len(told(lines, "ann")) == 1
    assert told(await harness.ask("old", "TAGMSG #tea"), "old") == [":hubbub 421 old TAGMSG :Unknown command"]


async def test_others_get_the_message_without_them(harness: ServerHarness) -> None:
    await _three(harness)
    (line,) = told(await harness.ask("ann", "@+a=1 PRIVMSG #tea :x"), "old")
    assert "+a" not in line


@pytest.mark.parametrize("size", [4094, 4095, 8000])
async def test_too_many_are_refused_whole(harness: ServerHarness, size: int) -> None:
    """ "Servers MUST reply with the `ERR_INPUTTOOLONG` (`417`) error numeric if a client sends a message with more tag
    data than the allowed limit. Servers MUST NOT truncate tags and MUST always reject lines that exceed this limit."
    """
    await _three(harness)
    lines = await harness.ask("ann", f"@+a={'x' * (size - 3)} PRIVMSG #tea :x")
    if size == 4094:
        assert "x" * (size - 3) in told(lines, "bob")[0]
    else:
        assert told(lines, "ann") == [":hubbub 417 ann :Input line was too long"] and told(lines, "bob") == []
