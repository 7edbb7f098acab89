"""multiline and client-batch: messages of several lines, sent and delivered as batches."""

import re

from tests.server_harness import ServerHarness, told

CAPS = "batch message-tags echo-message labeled-response draft/multiline"


async def _three(harness: ServerHarness) -> None:
    """Ann and bob know messages of several lines, eve does not."""
    await harness.irc("ann", CAPS)
    await harness.irc("bob", "batch message-tags draft/multiline")
    await harness.irc("eve", "message-tags")
    for name in ("ann", "bob", "eve"):
        await harness.ask(name, "JOIN #tea")


EXAMPLE = """BATCH +123 draft/multiline #tea
@batch=123 PRIVMSG #tea hello
@batch=123 PRIVMSG #tea :
@batch=123 privmsg #tea :how is\x20
@batch=123;draft/multiline-concat PRIVMSG #tea :everyone?
BATCH -123"""


async def test_the_capability_has_its_required_value(harness: ServerHarness) -> None:
    """ "The capability MUST be advertised by servers with a REQUIRED value" """
    harness.connect("ann")
    listed = " ".join(await harness.ask("ann", "CAP LS 302"))
    assert "draft/multiline=max-bytes=16384,max-lines=200" in listed


async def test_a_message_reaches_those_who_know_it_as_one(harness: ServerHarness) -> None:
    """ "implementations MUST collect the message content … and wait until the full batch has been received" """
    await _three(harness)
    opening, _, rest = EXAMPLE.partition("BATCH -123")
    assert await harness.ask("ann", opening.rstrip()) == []
    lines = told(await harness.ask("ann", f"BATCH -123{rest}"), "bob")
    found = re.fullmatch(r"@msgid=(\w+) :ann!ann@local BATCH \+(\w+) draft/multiline #tea", lines[0])
    assert found
    reference = found[2]
    assert lines[1:] == [
        f"@batch={reference} :ann!ann@local PRIVMSG #tea :hello",
        f"@batch={reference} :ann!ann@local PRIVMSG #tea :",
        f"@batch={reference} :ann!ann@local PRIVMSG #tea :how is ",
        f"@batch={reference};draft/multiline-concat :ann!ann@local PRIVMSG #tea :everyone?",
        f":hubbub BATCH -{reference}",
    ]


async def test_others_are_told_line_by_line(harness: ServerHarness) -> None:
    """ "servers MUST deliver the component messages without using a multiline BATCH", "MUST NOT send blank lines",
    "SHOULD maintain the line composition", "MUST only include a message ID on the first message of a batch".
    """
    await _three(harness)
    lines = told(await harness.ask("ann", EXAMPLE), "eve")
    assert re.fullmatch(r"@msgid=\w+ :ann!ann@local PRIVMSG #tea :hello", lines[0])
    assert lines[1:] == [
        ":ann!ann@local PRIVMSG #tea :how is ",
        ":ann!ann@local PRIVMSG #tea :everyone?",
    ]


async def test_the_tags_of_the_opening_are_the_messages(harness: ServerHarness) -> None:
    """ "all client-only tags associated with the message must be sent attached to the initial BATCH command" """
    await _three(harness)
    text = "@+draft/reply=x BATCH +1 draft/multiline #tea\n@batch=1 NOTICE #tea :a\n@batch=1 NOTICE #tea :b\nBATCH -1"
    lines = await harness.ask("ann", text)
    assert "+draft/reply=x" in told(lines, "bob")[0]
    assert "NOTICE #tea :a" in told(lines, "bob")[1]
    assert "+draft/reply=x" in told(lines, "eve")[0] and "+draft/reply" not in told(lines, "eve")[1]


async def test_only_the_opening_carries_the_label(harness: ServerHarness) -> None:
    """ "Servers MUST only include the label tag on the opening BATCH command when replying to a client using" echo."""
    await _three(harness)
    lines = told(await harness.ask("ann", f"@label=l {EXAMPLE}"), "ann")
    assert lines[0].startswith("@label=l;msgid=") and "BATCH +" in lines[0]
    assert not [line for line in lines[1:] if "label" in line]


async def test_what_fits_in_one_line_comes_in_one(harness: ServerHarness) -> None:
    await _three(harness)
    text = "BATCH +1 draft/multiline #tea\n@batch=1 PRIVMSG #tea :alone\nBATCH -1"
    assert re.fullmatch(
        r"@msgid=\w+ :ann!ann@local PRIVMSG #tea :alone", told(await harness.ask("ann", text), "bob")[0]
    )


async def test_privately(harness: ServerHarness) -> None:
    await _three(harness)
    text = "BATCH +1 draft/multiline bob\n@batch=1 PRIVMSG bob :a\n@batch=1 PRIVMSG Bob :b\nBATCH -1"
    lines = told(await harness.ask("ann", text), "bob")
    assert [line.split(" :", 1)[1] for line in lines if "PRIVMSG" in line] == [
        "ann!ann@local PRIVMSG bob :a",
        "ann!ann@local PRIVMSG bob :b",
    ]


async def test_it_is_one_message_in_the_history_too(harness: ServerHarness) -> None:
    await _three(harness)
    await harness.irc("kim", "batch server-time message-tags draft/chathistory draft/multiline")
    await harness.ask("kim", "JOIN #tea")
    await harness.ask("ann", EXAMPLE)
    lines = told(await harness.ask("kim", "CHATHISTORY LATEST #tea * 1"), "kim")
    assert "chathistory #tea" in lines[0] and "draft/multiline #tea" in lines[1]
    assert "how is " in lines[4] and "draft/multiline-concat" in lines[5]
    outer = lines[0].split("+")[1].split()[0]
    assert lines[1].startswith(f"@batch={outer};") and lines[6].startswith(f"@batch={outer} ")
    assert lines[7] == f":hubbub BATCH -{outer}"


async def _failure(harness: ServerHarness, text: str) -> list[str]:
    return [line.removeprefix(":hubbub ") for line in told(await harness.ask("ann", text), "ann")]


async def test_too_much_is_refused_once_and_nothing_of_it_is_said(harness: ServerHarness) -> None:
    """ "`MULTILINE_MAX_BYTES <limit>`", "`MULTILINE_MAX_LINES <limit>`" """
    await _three(harness)
    lines = "\n".join(f"@batch=1 PRIVMSG #tea :{number}" for number in range(210))
    assert await _failure(harness, f"BATCH +1 draft/multiline #tea\n{lines}\nBATCH -1") == [
        "FAIL BATCH MULTILINE_MAX_LINES 200 :Multiline batch max-lines exceeded"
    ]
    lines = "\n".join(f"@batch=1 PRIVMSG #tea :{'x' * 400}" for _ in range(50))
    assert await _failure(harness, f"BATCH +1 draft/multiline #tea\n{lines}\nBATCH -1") == [
        "FAIL BATCH MULTILINE_MAX_BYTES 16384 :Multiline batch max-bytes exceeded"
    ]
    assert told(await harness.look(), "bob") == []


async def test_the_limit_counts_texts_and_line_feeds(harness: ServerHarness) -> None:
    """ "Each line feed used to join line messages contributes one byte towards the `max-bytes` limit." """
    await _three(harness)
    start, end = "BATCH +1 draft/multiline #tea\n", "BATCH -1"
    # 40 lines of 400 bytes and 39 line feeds are 16,039; 345 more with their line feed are the limit.
    lines = f"@batch=1 PRIVMSG #tea :{'x' * 400}\n" * 40
    full = f"{start}{lines}@batch=1 PRIVMSG #tea :{'x' * 344}\n{end}"
    assert not [line for line in await _failure(harness, full) if "FAIL" in line]
    over = f"{start}{lines}@batch=1 PRIVMSG #tea :{'x' * 345}\n{end}"
    assert await _failure(harness, over) == [
        "FAIL BATCH MULTILINE_MAX_BYTES 16384 :Multiline batch max-bytes exceeded"
    ]


async def test_another_target(harness: ServerHarness) -> None:
    """ "These lines MUST all have a target which matches the batch target." """
    await _three(harness)
    text = "BATCH +456 draft/multiline #tea\n@batch=456 PRIVMSG #bar hello\n@batch=456 PRIVMSG #tea x\nBATCH -456"
    assert await _failure(harness, text) == [
        "FAIL BATCH MULTILINE_INVALID_TARGET #tea #bar :Invalid multiline target"
    ]


async def test_what_a_batch_can_not_hold(harness: ServerHarness) -> None:
    """ "Multiline batches MUST only contain one or more PRIVMSG lines, or one or more NOTICE lines"; blank lines
    neither joined nor alone.
    """
    await _three(harness)
    for lines in (
        "@batch=1 JOIN #x",
        "@batch=1 PRIVMSG #tea a\n@batch=1 NOTICE #tea b",
        "@batch=1 PRIVMSG #tea",
        "@batch=1 PRIVMSG #tea :hello \n@batch=1;draft/multiline-concat PRIVMSG #tea :",
        "@batch=1 PRIVMSG #tea :\n@batch=1 PRIVMSG #tea :",
        "PING x",
    ):
        (*_, failure) = await _failure(harness, f"@label=q BATCH +1 draft/multiline #tea\n{lines}\nBATCH -1")
        assert failure.startswith("@label=q :hubbub FAIL BATCH MULTILINE_INVALID :"), lines
    assert told(await harness.look(), "bob") == []


async def test_errors_of_the_framework(harness: ServerHarness) -> None:
    """client-batch: `INVALID_REFTAG`, `UNKNOWN_TYPE`, `TIMEOUT`: "all past and future messages … will be ignored"."""
    await _three(harness)
    ignored = "\n@batch=1 PRIVMSG #tea x\nBATCH -1"
    assert await _failure(harness, f"BATCH +1 netsplit a b{ignored}") == [
        (
            "FAIL BATCH UNKNOWN_TYPE 1 netsplit :Unknown batch type or missing parameters. Enable the "
            "capability of the type first."
        )
    ]
    (failure,) = await _failure(
        harness, "BATCH +a_b draft/multiline #tea\n@batch=a_b PRIVMSG #tea x\nBATCH -a_b"
    )
    assert failure.startswith("FAIL BATCH INVALID_REFTAG a_b :")
    await harness.ask("ann", "BATCH +1 draft/multiline #tea")
    harness.wait(61)
    assert await _failure(harness, ignored.strip()) == [
        "FAIL BATCH TIMEOUT 1 :The batch timed out after 60 seconds."
    ]
    (failure,) = await _failure(harness, "BATCH -nothing")
    assert failure.startswith("FAIL BATCH INVALID_REFTAG nothing :")
    (failure,) = await _failure(harness, "@batch=none PRIVMSG #tea x")
    assert failure.startswith("FAIL BATCH INVALID_REFTAG none :")
    assert told(await harness.look(), "bob") == []


async def test_one_batch_at_a_time(harness: ServerHarness) -> None:
    """client-batch: "Clients MUST NOT send nested batches" """
    await _three(harness)
    await harness.ask("ann", "BATCH +1 draft/multiline #tea\n@batch=1 PRIVMSG #tea lost")
    (failure,) = await _failure(harness, "BATCH +2 draft/multiline #tea")
    assert failure.startswith("FAIL BATCH MULTILINE_INVALID :")
    lines = told(await harness.ask("ann", "@batch=2 PRIVMSG #tea kept\nBATCH -2"), "bob")
    assert len(lines) == 1 and lines[0].endswith("PRIVMSG #tea :kept")


async def test_a_client_that_has_not_asked_for_batches(harness: ServerHarness) -> None:
    await harness.irc("old", "message-tags")
    await harness.ask("old", "JOIN #tea")
    (failure,) = await harness.ask("old", "BATCH +1 draft/multiline #tea")
    assert "FAIL BATCH UNKNOWN_TYPE 1 draft/multiline" in failure


async def test_what_may_not_be_said_is_refused_when_it_is_whole(harness: ServerHarness) -> None:
    await _three(harness)
    text = "BATCH +1 draft/multiline #nowhere\n@batch=1 PRIVMSG #nowhere :a\n@batch=1 PRIVMSG #nowhere :b\nBATCH -1"
    assert await _failure(harness, text) == ["403 ann #nowhere :No such channel"]


async def test_a_service_takes_one_line(harness: ServerHarness) -> None:
    await _three(harness)
    lines = "@batch=1 PRIVMSG NickServ :HELP\n" * 2
    text = f"BATCH +1 draft/multiline NickServ\n{lines}BATCH -1"
    assert await _failure(harness, text) == ["NOTICE ann :Services accept only one line at a time."]
