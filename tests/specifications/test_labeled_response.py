"""labeled-response: which answer is to which line."""

import re

import pytest

from tests.server_harness import ServerHarness, told

CAPS = "labeled-response batch echo-message message-tags"


async def test_one_line_carries_the_label(harness: ServerHarness) -> None:
    """ "the server MUST include the same tag and value in any response required from this message" """
    await harness.irc("ann", CAPS)
    for command, answer in (
        ("PING x", ":hubbub PONG hubbub x"),
        ("PRIVMSG nobody :hi", ":hubbub 401 ann nobody :No such nick/channel"),
        ("FROBNICATE", ":hubbub 421 ann FROBNICATE :Unknown command"),
        ("JOIN", ":hubbub 461 ann JOIN :Not enough parameters"),
    ):
        assert told(await harness.ask("ann", f"@label=x {command}"), "ann") == [f"@label=x {answer}"]


async def test_several_lines_are_one_batch(harness: ServerHarness) -> None:
    """ "If a response consists of more than one message, a batch MUST be used to group them into a single logical
    response. The start of the batch MUST be tagged with the `label` tag." "Servers MUST include the tag in exactly one
    logical message."
    """
    await harness.irc("ann", CAPS)
    for command in ("LUSERS", "WHOIS ann", "JOIN #tea", "NAMES #tea"):
        lines = told(await harness.ask("ann", f"@label=x {command}"), "ann")
        start = re.fullmatch(r"@label=x :hubbub BATCH \+(\w+) labeled-response", lines[0])
        assert start and lines[-1] == f":hubbub BATCH -{start[1]}"
        assert all(line.startswith(f"@batch={start[1]}") for line in lines[1:-1])
        assert "label" not in "".join(lines[1:]).replace(start[1], "")


async def test_no_answer_is_acknowledged(harness: ServerHarness) -> None:
    """ "Servers MUST respond with a labeled `ACK` message when a client sends a labeled command that normally produces
    no response."
    """
    await harness.irc("ann", "labeled-response batch message-tags")
    await harness.irc("bob")
    for command in ("PONG x", "PRIVMSG bob :hi", "NOTICE bob :hi", "NOTICE nobody :hi", "CAP END"):
        assert told(await harness.ask("ann", f"@label=x {command}"), "ann") == ["@label=x :hubbub ACK"], (
            command
        )


async def test_an_echo_carries_it_and_nobody_elses_copy(harness: ServerHarness) -> None:
    await harness.irc("ann", CAPS)
    await harness.irc("bob", CAPS)
    lines = await harness.ask("ann", "@label=x PRIVMSG bob :hi")
    assert re.fullmatch(r"@label=x;msgid=\w+ :ann!ann@local PRIVMSG bob :hi", told(lines, "ann")[0])
    assert "label" not in told(lines, "bob")[0]


@pytest.mark.parametrize("label", ["x", "a\\sb\\:c", "ü" * 32, "=" * 10])
async def test_values_are_opaque(harness: ServerHarness, label: str) -> None:
    """ "The tag value is chosen by the client and MUST be treated as an opaque identifier." """
    await harness.irc("ann", CAPS)
    assert told(await harness.ask("ann", f"@label={label} PING x"), "ann") == [
        f"@label={label} :hubbub PONG hubbub x"
    ]


@pytest.mark.parametrize("label", ["", "x" * 65, "ü" * 33])
async def test_values_that_are_none(harness: ServerHarness, label: str) -> None:
    """ "The value MUST NOT exceed 64 bytes." """
    await harness.irc("ann", CAPS)
    assert told(await harness.ask("ann", f"@label={label} PING x"), "ann") == [":hubbub PONG hubbub x"]


async def test_not_without_the_capability(harness: ServerHarness) -> None:
    await harness.irc("ann", "message-tags")
    assert told(await harness.ask("ann", "@label=x PING x"), "ann") == [":hubbub PONG hubbub x"]


@pytest.mark.parametrize("verb", ["PRIVMSG", "NOTICE"])
async def test_a_message_to_oneself_is_echoed_with_it_and_delivered_without(
    harness: ServerHarness, verb: str
) -> None:
    """ "When a client sends a message to itself, the server MUST NOT include the label tag, except for any
    acknowledgment sent with the `echo-message` mechanism."
    """
    await harness.irc("ann", CAPS)
    echo, delivered = told(await harness.ask("ann", f"@label=x {verb} ANN :hi"), "ann")
    assert re.fullmatch(rf"@label=x;msgid=\w+ :ann!ann@local {verb} ann :hi", echo)
    assert delivered == echo.replace("label=x;", "")


async def test_a_long_message_to_oneself_too(harness: ServerHarness) -> None:
    """The echo is a batch under the label; what is delivered is another one, behind it."""
    await harness.irc("ann", f"{CAPS} draft/multiline")
    harness.people["ann"].type(f"@label=x PRIVMSG ann :{'long ' * 90}")
    await harness.look()
    opening = "@label=x BATCH +m draft/multiline ann\n@batch=m PRIVMSG ann :one\n@batch=m PRIVMSG ann :two"
    lines = told(await harness.ask("ann", f"{opening}\nBATCH -m"), "ann")
    assert len(lines) == 8 and lines[0].startswith("@label=x;msgid=")
    assert lines[4:] == [lines[0].replace("label=x;", ""), *lines[1:4]]


async def test_without_echo_it_is_acknowledged_and_delivered(harness: ServerHarness) -> None:
    await harness.irc("ann", "labeled-response batch")
    await harness.irc("bob")
    assert await harness.ask("ann", "@label=x PRIVMSG ann,bob,ann :hi") == [
        "ann < @label=x :hubbub ACK",
        "ann < :ann!ann@local PRIVMSG ann :hi",
        "bob < :ann!ann@local PRIVMSG bob :hi",
    ]


async def test_what_others_say_does_not_wait_for_more_than_the_answer(harness: ServerHarness) -> None:
    """Nothing is held back any more when the line is answered."""
    await harness.irc("ann", CAPS)
    await harness.irc("bob")
    await harness.ask("ann", "@label=x PRIVMSG ann :hi")
    assert harness.node.delivery.holding == 0
    assert told(await harness.ask("bob", "PRIVMSG ann :hi"), "ann")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (b"@label=x PRIVMSG #tea :\xff", ":hubbub FAIL PRIVMSG INVALID_UTF8 :"),
        (b"@label=x;+y=\xff PRIVMSG #tea :hi", ":hubbub FAIL PRIVMSG INVALID_UTF8 :"),
        (b"@+y=\xe9;label=x TOPIC #tea :\xff", ":hubbub FAIL TOPIC INVALID_UTF8 :"),
        (b"@label=x PRIVMSG #tea :" + b"y" * 600, ":hubbub 417 ann :"),
        (b"@label=x PRIVMSG #tea :\0", ":hubbub 400 ann * :"),
        (b"@label=x :y", ":hubbub 400 ann * :"),
    ],
)
async def test_what_can_not_be_read_is_answered_under_it_too(
    harness: ServerHarness, line: bytes, answer: str
) -> None:
    """ "the server MUST include the same tag and value in any response required from this message" """
    await harness.irc("ann", CAPS)
    receiver = harness.people["ann"].receiver
    assert receiver is not None
    receiver.received(line + b"\r\n")
    (shown,) = told(await harness.look(), "ann")
    assert shown.startswith(f"@label=x {answer}")
    assert told(await harness.ask("ann", "PING y"), "ann") == [":hubbub PONG hubbub y"]
