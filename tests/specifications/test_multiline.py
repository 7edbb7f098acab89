"""multiline and client-batch: messages of several lines, sent and delivered as batches."""

import re

from tests.server_harness import House, told

CAPS = "batch message-tags echo-message labeled-response draft/multiline"


async def _three(house: House) -> None:
    """Ann and bob know messages of several lines, eve does not."""
    await house.irc("ann", CAPS)
    await house.irc("bob", "batch message-tags draft/multiline")
    await house.irc("eve", "message-tags")
    for name in ("ann", "bob", "eve"):
        await house.ask(name, "JOIN #tea")


EXAMPLE = """BATCH +123 draft/multiline #tea
@batch=123 PRIVMSG #tea hello
@batch=123 PRIVMSG #tea :
@batch=123 privmsg #tea :how is\x20
@batch=123;draft/multiline-concat PRIVMSG #tea :everyone?
BATCH -123"""


async def test_the_capability_has_its_required_value(house: House) -> None:
    """ "The capability MUST be advertised by servers with a REQUIRED value" """
    house.connect("ann")
    listed = " ".join(await house.ask("ann", "CAP LS 302"))
    assert "draft/multiline=max-bytes=16384,max-lines=200" in listed


async def test_a_message_reaches_those_who_know_it_as_one(house: House) -> None:
    """ "implementations MUST collect the message content … and wait until the full batch has been received" """
    await _three(house)
    opening, _, rest = EXAMPLE.partition("BATCH -123")
    assert await house.ask("ann", opening.rstrip()) == []
    lines = told(await house.ask("ann", f"BATCH -123{rest}"), "bob")
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


async def test_others_are_told_line_by_line(house: House) -> None:
    """ "servers MUST deliver the component messages without using a multiline BATCH", "MUST NOT send blank lines",
    "SHOULD maintain the line composition", "MUST only include a message ID on the first message of a batch".
    """
    await _three(house)
    lines = told(await house.ask("ann", EXAMPLE), "eve")
    assert re.fullmatch(r"@msgid=\w+ :ann!ann@local PRIVMSG #tea :hello", lines[0])
    assert lines[1:] == [
        ":ann!ann@local PRIVMSG #tea :how is ",
        ":ann!ann@local PRIVMSG #tea :everyone?",
    ]


async def test_the_tags_of_the_opening_are_the_messages(house: House) -> None:
    """ "all client-only tags associated with the message must be sent attached to the initial BATCH command" """
    await _three(house)
    text = "@+draft/reply=x BATCH +1 draft/multiline #tea\n@batch=1 NOTICE #tea :a\n@batch=1 NOTICE #tea :b\nBATCH -1"
    lines = await house.ask("ann", text)
    assert "+draft/reply=x" in told(lines, "bob")[0]
    assert "NOTICE #tea :a" in told(lines, "bob")[1]
    assert "+draft/reply=x" in told(lines, "eve")[0] and "+draft/reply" not in told(lines, "eve")[1]


async def test_only_the_opening_carries_the_label(house: House) -> None:
    """ "Servers MUST only include the label tag on the opening BATCH command when replying to a client using" echo."""
    await _three(house)
    lines = told(await house.ask("ann", f"@label=l {EXAMPLE}"), "ann")
    assert lines[0].startswith("@label=l;msgid=") and "BATCH +" in lines[0]
    assert not [line for line in lines[1:] if "label" in line]


async def test_what_fits_in_one_line_comes_in_one(house: House) -> None:
    await _three(house)
    text = "BATCH +1 draft/multiline #tea\n@batch=1 PRIVMSG #tea :alone\nBATCH -1"
    assert re.fullmatch(
        r"@msgid=\w+ :ann!ann@local PRIVMSG #tea :alone", told(await house.ask("ann", text), "bob")[0]
    )


async def test_privately(house: House) -> None:
    await _three(house)
    text = "BATCH +1 draft/multiline bob\n@batch=1 PRIVMSG bob :a\n@batch=1 PRIVMSG Bob :b\nBATCH -1"
    lines = told(await house.ask("ann", text), "bob")
    assert [line.split(" :", 1)[1] for line in lines if "PRIVMSG" in line] == [
        "ann!ann@local PRIVMSG bob :a",
        "ann!ann@local PRIVMSG bob :b",
    ]


async def test_it_is_one_message_in_the_history_too(house: House) -> None:
    await _three(house)
    await house.irc("kim", "batch server-time message-tags draft/chathistory draft/multiline")
    await house.ask("kim", "JOIN #tea")
    await house.ask("ann", EXAMPLE)
    lines = told(await house.ask("kim", "CHATHISTORY LATEST #tea * 1"), "kim")
    assert "chathistory #tea" in lines[0] and "draft/multiline #tea" in lines[1]
    assert "how is " in lines[4] and "draft/multiline-concat" in lines[5]
    outer = lines[0].split("+")[1].split()[0]
    assert lines[1].startswith(f"@batch={outer};") and lines[6].startswith(f"@batch={outer} ")
    assert lines[7] == f":hubbub BATCH -{outer}"


async def _failure(house: House, text: str) -> list[str]:
    return [line.removeprefix(":hubbub ") for line in told(await house.ask("ann", text), "ann")]


async def test_too_much_is_refused_once_and_nothing_of_it_is_said(house: House) -> None:
    """ "`MULTILINE_MAX_BYTES <limit>`", "`MULTILINE_MAX_LINES <limit>`" """
    await _three(house)
    lines = "\n".join(f"@batch=1 PRIVMSG #tea :{number}" for number in range(210))
    assert await _failure(house, f"BATCH +1 draft/multiline #tea\n{lines}\nBATCH -1") == [
        "FAIL BATCH MULTILINE_MAX_LINES 200 :Multiline batch max-lines exceeded"
    ]
    lines = "\n".join(f"@batch=1 PRIVMSG #tea :{'x' * 400}" for _ in range(50))
    assert await _failure(house, f"BATCH +1 draft/multiline #tea\n{lines}\nBATCH -1") == [
        "FAIL BATCH MULTILINE_MAX_BYTES 16384 :Multiline batch max-bytes exceeded"
    ]
    assert told(await house.look(), "bob") == []


async def test_the_limit_counts_texts_and_line_feeds(house: House) -> None:
    """ "Each line feed used to join line messages contributes one byte towards the `max-bytes` limit." """
    await _three(house)
    start, end = "BATCH +1 draft/multiline #tea\n", "BATCH -1"
    # 40 lines of 400 bytes and 39 line feeds are 16,039; 345 more with their line feed are the limit.
    lines = f"@batch=1 PRIVMSG #tea :{'x' * 400}\n" * 40
    full = f"{start}{lines}@batch=1 PRIVMSG #tea :{'x' * 344}\n{end}"
    assert not [line for line in await _failure(house, full) if "FAIL" in line]
    over = f"{start}{lines}@batch=1 PRIVMSG #tea :{'x' * 345}\n{end}"
    assert await _failure(house, over) == [
        "FAIL BATCH MULTILINE_MAX_BYTES 16384 :Multiline batch max-bytes exceeded"
    ]


async def test_another_target(house: House) -> None:
    """ "These lines MUST all have a target which matches the batch target." """
    await _three(house)
    text = "BATCH +456 draft/multiline #tea\n@batch=456 PRIVMSG #bar hello\n@batch=456 PRIVMSG #tea x\nBATCH -456"
    assert await _failure(house, text) == [
        "FAIL BATCH MULTILINE_INVALID_TARGET #tea #bar :Invalid multiline target"
    ]


async def test_what_a_batch_can_not_hold(house: House) -> None:
    """ "Multiline batches MUST only contain one or more PRIVMSG lines, or one or more NOTICE lines"; blank lines
    neither joined nor alone.
    """
    await _three(house)
    for lines in (
        "@batch=1 JOIN #x",
        "@batch=1 PRIVMSG #tea a\n@batch=1 NOTICE #tea b",
        "@batch=1 PRIVMSG #tea",
        "@batch=1 PRIVMSG #tea :hello \n@batch=1;draft/multiline-concat PRIVMSG #tea :",
        "@batch=1 PRIVMSG #tea :\n@batch=1 PRIVMSG #tea :",
        "PING x",
    ):
        (*_, failure) = await _failure(house, f"@label=q BATCH +1 draft/multiline #tea\n{lines}\nBATCH -1")
        assert failure.startswith("@label=q :hubbub FAIL BATCH MULTILINE_INVALID :"), lines
    assert told(await house.look(), "bob") == []


async def test_errors_of_the_framework(house: House) -> None:
    """client-batch: `INVALID_REFTAG`, `UNKNOWN_TYPE`, `TIMEOUT`: "all past and future messages … will be ignored"."""
    await _three(house)
    ignored = "\n@batch=1 PRIVMSG #tea x\nBATCH -1"
    assert await _failure(house, f"BATCH +1 netsplit a b{ignored}") == [
        (
            "FAIL BATCH UNKNOWN_TYPE 1 netsplit :Unknown batch type or missing parameters. Enable the "
            "capability of the type first."
        )
    ]
    (failure,) = await _failure(
        house, "BATCH +a_b draft/multiline #tea\n@batch=a_b PRIVMSG #tea x\nBATCH -a_b"
    )
    assert failure.startswith("FAIL BATCH INVALID_REFTAG a_b :")
    await house.ask("ann", "BATCH +1 draft/multiline #tea")
    house.wait(61)
    assert await _failure(house, ignored.strip()) == [
        "FAIL BATCH TIMEOUT 1 :The batch timed out after 60 seconds."
    ]
    (failure,) = await _failure(house, "BATCH -nothing")
    assert failure.startswith("FAIL BATCH INVALID_REFTAG nothing :")
    (failure,) = await _failure(house, "@batch=none PRIVMSG #tea x")
    assert failure.startswith("FAIL BATCH INVALID_REFTAG none :")
    assert told(await house.look(), "bob") == []


async def test_one_batch_at_a_time(house: House) -> None:
    """client-batch: "Clients MUST NOT send nested batches" """
    await _three(house)
    await house.ask("ann", "BATCH +1 draft/multiline #tea\n@batch=1 PRIVMSG #tea lost")
    (failure,) = await _failure(house, "BATCH +2 draft/multiline #tea")
    assert failure.startswith("FAIL BATCH MULTILINE_INVALID :")
    lines = told(await house.ask("ann", "@batch=2 PRIVMSG #tea kept\nBATCH -2"), "bob")
    assert len(lines) == 1 and lines[0].endswith("PRIVMSG #tea :kept")


async def test_a_client_that_has_not_asked_for_batches(house: House) -> None:
    await house.irc("old", "message-tags")
    await house.ask("old", "JOIN #tea")
    (failure,) = await house.ask("old", "BATCH +1 draft/multiline #tea")
    assert "FAIL BATCH UNKNOWN_TYPE 1 draft/multiline" in failure


async def test_what_may_not_be_said_is_refused_when_it_is_whole(house: House) -> None:
    await _three(house)
    text = "BATCH +1 draft/multiline #nowhere\n@batch=1 PRIVMSG #nowhere :a\n@batch=1 PRIVMSG #nowhere :b\nBATCH -1"
    assert await _failure(house, text) == ["403 ann #nowhere :No such channel"]


async def test_a_service_takes_one_line(house: House) -> None:
    await _three(house)
    lines = "@batch=1 PRIVMSG NickServ :HELP\n" * 2
    text = f"BATCH +1 draft/multiline NickServ\n{lines}BATCH -1"
    assert await _failure(house, text) == ["NOTICE ann :Services accept only one line at a time."]
