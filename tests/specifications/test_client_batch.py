"""client-batch: batches that clients send, and what is wrong with some of them."""

import pytest

from tests.server_harness import ServerHarness, told

CAPS = "batch message-tags draft/multiline"


async def _answers(harness: ServerHarness, text: str) -> list[str]:
    return [line.removeprefix(":hubbub ") for line in told(await harness.ask("ann", text), "ann")]


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        ("BATCH +a_b draft/multiline #tea", "FAIL BATCH INVALID_REFTAG a_b :"),
        ("BATCH +é draft/multiline #tea", "FAIL BATCH INVALID_REFTAG é :"),
        ("BATCH + draft/multiline #tea", "FAIL BATCH INVALID_REFTAG * :"),
        ("BATCH +1 no-such-type #tea", "FAIL BATCH UNKNOWN_TYPE 1 no-such-type :"),
        ("BATCH +1 chathistory #tea", "FAIL BATCH UNKNOWN_TYPE 1 chathistory :"),
        ("BATCH +1 hubbub/edit #tea x", "FAIL BATCH UNKNOWN_TYPE 1 hubbub/edit :"),
        ("BATCH +1 draft/multiline", "FAIL BATCH UNKNOWN_TYPE 1 draft/multiline :"),
        ("BATCH +1", "FAIL BATCH UNKNOWN_TYPE 1 * :"),
        ("BATCH -1", "FAIL BATCH INVALID_REFTAG 1 :"),
        ("BATCH 1 draft/multiline", "FAIL BATCH INVALID_REFTAG * :"),
    ],
)
async def test_errors(harness: ServerHarness, lines: str, answer: str) -> None:
    """ "Servers MUST use `FAIL` messages from the standard replies framework to notify clients of errors" """
    await harness.irc("ann", CAPS)
    await harness.ask("ann", "JOIN #tea")
    (line,) = await _answers(harness, lines)
    assert line.startswith(answer)


async def test_all_past_and_future_messages_of_it_are_ignored(harness: ServerHarness) -> None:
    """ "all past and future messages in this batch will be ignored" """
    await harness.irc("ann", CAPS)
    await harness.irc("bob")
    for name in ("ann", "bob"):
        await harness.ask(name, "JOIN #tea")
    text = "BATCH +1 no-such-type #tea\n@batch=1 PRIVMSG #tea :a\n@batch=1 PRIVMSG #tea :b\nBATCH -1"
    lines = await harness.ask("ann", text)
    assert len(told(lines, "ann")) == 1 and told(lines, "bob") == []
    # And then it is over.
    assert told(await harness.ask("ann", "PRIVMSG #tea :c"), "bob") == [":ann!ann@local PRIVMSG #tea :c"]


async def test_left_open_for_too_long(harness: ServerHarness) -> None:
    """ "`TIMEOUT <reference-tag>`: the batch was left open for too long" """
    await harness.irc("ann", CAPS)
    await harness.ask("ann", "JOIN #tea\nBATCH +1 draft/multiline #tea\n@batch=1 PRIVMSG #tea :a")
    harness.wait(61)
    (line,) = await _answers(harness, "@batch=1 PRIVMSG #tea :b")
    assert line.startswith("FAIL BATCH TIMEOUT 1 :")
    assert await _answers(harness, "BATCH -1") == []


async def test_a_label_does_not_swallow_the_timeout(harness: ServerHarness) -> None:
    await harness.irc("ann", f"{CAPS} labeled-response")
    await harness.ask("ann", "JOIN #tea\n@label=a BATCH +1 draft/multiline #tea")
    harness.wait(61)
    first, second = await _answers(harness, "@label=b PING x")
    assert first.startswith("FAIL BATCH TIMEOUT 1 :") and second == "@label=b :hubbub PONG hubbub x"


async def test_other_lines_in_between_are_answered(harness: ServerHarness) -> None:
    await harness.irc("ann", CAPS)
    await harness.ask("ann", "JOIN #tea")
    assert await _answers(harness, "BATCH +1 draft/multiline #tea\nPING x") == ["PONG hubbub x"]
