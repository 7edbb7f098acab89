"""message-redaction: messages that are deleted, and what is left of them."""

import re

from tests.server_harness import ServerHarness, told

CAPS = "message-tags echo-message draft/message-redaction"


async def _people(harness: ServerHarness) -> None:
    await harness.irc("ann", CAPS)
    await harness.irc("bob", CAPS)
    await harness.irc("old")
    for name in ("ann", "bob", "old"):
        await harness.ask(name, "JOIN #tea")


async def _said(harness: ServerHarness, name: str, text: str = "PRIVMSG #tea :an example") -> str:
    """The id of what somebody has said."""
    own = told(await harness.ask(name, text), name)
    found = re.search(r"msgid=(\w+)", own[0])
    assert found, own
    return found[1]


async def test_ones_own_message(harness: ServerHarness) -> None:
    """ "SHOULD forward this `REDACT`, with an appropriate prefix, to the target recipients that have negotiated the
    `draft/message-redaction` capability", and "MUST not" to the others.
    """
    await _people(harness)
    number = await _said(harness, "bob")
    lines = await harness.ask("bob", f"REDACT #tea {number} :bad example")
    for name in ("ann", "bob"):
        (line,) = told(lines, name)
        assert re.fullmatch(rf"@msgid=\w+ :bob!bob@local REDACT #tea {number} :bad example", line)
    assert told(lines, "old") == [
        ":hubbub NOTICE #tea :bob deleted their message of 2026-11-18 11:06 UTC: bad example"
    ]


async def test_without_a_reason(harness: ServerHarness) -> None:
    await _people(harness)
    number = await _said(harness, "bob")
    (line,) = told(await harness.ask("bob", f"REDACT #tea {number}"), "ann")
    assert line.endswith(f"REDACT #tea {number}")


async def test_somebody_who_looks_after_the_room(harness: ServerHarness) -> None:
    """ "more granular redaction permissions": operators delete what others say, members can't."""
    await _people(harness)
    number = await _said(harness, "bob")
    (line,) = told(await harness.ask("ann", f"REDACT #tea {number} spam"), "bob")
    assert line.endswith(f":ann!ann@local REDACT #tea {number} :spam")
    number = await _said(harness, "ann")
    assert told(await harness.ask("bob", f"REDACT #tea {number}"), "bob") == [
        (
            f":hubbub FAIL REDACT REDACT_FORBIDDEN #tea {number} "
            ":You can delete only your own messages. Ask an operator of the room."
        )
    ]


async def test_reactions_and_notices_too(harness: ServerHarness) -> None:
    """ "`<msgid>` is the id of the message to be redacted, which MUST be a `PRIVMSG`, `NOTICE`, or `TAGMSG`." """
    await _people(harness)
    for text in ("NOTICE #tea :n", "@+draft/react=x;+reply=0000000000000 TAGMSG #tea"):
        number = await _said(harness, "bob", text)
        (line,) = told(await harness.ask("bob", f"REDACT #tea {number}"), "ann")
        assert line.endswith(f"REDACT #tea {number}")


async def test_privately(harness: ServerHarness) -> None:
    await _people(harness)
    number = await _said(harness, "bob", "PRIVMSG ann :oops")
    (line,) = told(await harness.ask("bob", f"REDACT ann {number}"), "ann")
    assert line.endswith(f":bob!bob@local REDACT ann {number}")
    number = await _said(harness, "bob", "PRIVMSG ann :oops")
    (line,) = told(await harness.ask("ann", f"REDACT bob {number}"), "ann")
    assert f"FAIL REDACT REDACT_FORBIDDEN bob {number}" in line


async def test_what_is_not_there_or_not_theirs_to_know(harness: ServerHarness) -> None:
    """ "whether errors returned on `REDACT` may leak a message's existence to users who did not receive it" """
    await _people(harness)
    await harness.irc("eve", CAPS)
    await harness.ask("eve", "JOIN #cocoa")
    in_tea = await _said(harness, "ann")
    private = await _said(harness, "bob", "PRIVMSG ann :secret")
    nothing = "0" * 13
    for target, number in (("#tea", in_tea), ("#cocoa", in_tea), ("bob", private), ("#cocoa", nothing)):
        (line,) = told(await harness.ask("eve", f"REDACT {target} {number}"), "eve")
        assert line.startswith(f":hubbub FAIL REDACT UNKNOWN_MSGID {target} {number} :"), line
    for number in ("nonsense", "z" * 13, "1"):
        (line,) = told(await harness.ask("ann", f"REDACT #tea {number}"), "ann")
        assert line.startswith(f":hubbub FAIL REDACT UNKNOWN_MSGID #tea {number} :")
    for target in ("#nowhere", "nobody"):
        assert told(await harness.ask("ann", f"REDACT {target} {in_tea}"), "ann") == [
            f":hubbub FAIL REDACT INVALID_TARGET {target} :You can't edit messages in {target}."
        ]


async def test_twice(harness: ServerHarness) -> None:
    await _people(harness)
    number = await _said(harness, "bob")
    await harness.ask("bob", f"REDACT #tea {number}")
    (line,) = told(await harness.ask("bob", f"REDACT #tea {number}"), "bob")
    assert f"FAIL REDACT UNKNOWN_MSGID #tea {number}" in line


async def test_the_history_has_nothing_of_it_or_a_placeholder(harness: ServerHarness) -> None:
    """ "chathistory responses SHOULD either: exclude it entirely; include a `REDACT` message after the redacted
    message, which doesn't count towards message limits. The redacted message's content … MAY be replaced".
    """
    await _people(harness)
    caps = "batch server-time message-tags draft/chathistory"
    await harness.irc("kim", f"{caps} draft/message-redaction")
    await harness.irc("lea", caps)
    for name in ("kim", "lea"):
        await harness.ask(name, "JOIN #tea")
    await _said(harness, "ann", "PRIVMSG #tea :before")
    harness.now_ms += 1
    number = await _said(harness, "bob", "PRIVMSG #tea :an embarrassment")
    await _said(harness, "ann", "PRIVMSG #tea :after")
    await harness.ask("bob", f"REDACT #tea {number} :sorry")
    lines = told(await harness.ask("kim", "CHATHISTORY LATEST #tea * 2"), "kim")
    assert [line.split(" ", 2)[2] for line in lines[1:-1]] == [
        "PRIVMSG #tea :(deleted)",
        f"REDACT #tea {number} :sorry",
        "PRIVMSG #tea :after",
    ]
    lines = told(await harness.ask("lea", "CHATHISTORY LATEST #tea * 2"), "lea")
    assert [line.split(" :", 2)[2] for line in lines[1:-1]] == ["before", "after"]
    assert "embarrassment" not in "".join(lines)


async def test_only_with_the_capability(harness: ServerHarness) -> None:
    """ "To redact a message, a client MUST negotiate the `draft/message-redaction` capability" """
    await _people(harness)
    number = await _said(harness, "ann")
    assert await harness.ask("old", f"REDACT #tea {number}") == [
        "old < :hubbub 421 old REDACT :Unknown command"
    ]
    assert await harness.ask("ann", "REDACT #tea") == ["ann < :hubbub 461 ann REDACT :Not enough parameters"]


async def test_nothing_of_it_is_on_disk(harness: ServerHarness) -> None:
    await _people(harness)
    number = await _said(harness, "bob", "PRIVMSG #tea :an unmistakable embarrassment")
    await harness.ask("bob", f"REDACT #tea {number}")
    await harness.restart()
    texts = [getattr(event, "text", "") for event in harness.storage.history(limit=100)]
    assert "an unmistakable embarrassment" not in texts
