"""Whatever bytes come: no terminal is driven, no line forged, no password said aloud, and nobody else is hurt."""

import time
from pathlib import Path

import pytest

from hubbub.dialects.irc.session import LINE_BYTES_MAX
from hubbub.dialects.netcat.rendering import encoded
from hubbub.transports.base import WireProtocol
from hubbub.wire.line_reader import ENDLESS_BYTES
from tests.server_harness import ServerHarness, told


async def raw(harness: ServerHarness, name: str, data: bytes) -> list[str]:
    """Somebody sends bytes; who sees which line."""
    await harness.look()
    receiver = harness.people[name].receiver
    assert receiver is not None
    receiver.received(data)
    return await harness.look()


@pytest.mark.parametrize(
    "line",
    [
        "login ann hunter22",
        "Login ann hunter22",
        "REGISTER newname hunter22",
        "login\tann\thunter22",
        "login\u00a0ann\u00a0hunter22",
        "\ufefflogin ann hunter22",
        "\x02login\x02 ann hunter22",
        "\x00login ann hunter22",
        "  login ann hunter22",
        "/login ann hunter22",
        "/LOGIN ann hunter22",
        "/register newname hunter22",
        "/pasword hunter22",
        "/password\thunter22",
    ],
)
async def test_a_password_is_never_said_aloud(ann_and_bob: ServerHarness, line: str) -> None:
    await ann_and_bob.irc("eve", "echo-message")
    await ann_and_bob.ask("eve", "JOIN #Général")
    lines = await raw(ann_and_bob, "ann", f"{line}\r\n".encode())
    assert lines
    assert not [seen for seen in lines if "hunter22" in seen]


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (b"\x1b[2J\x1b]0;title\x07hi\n", ["bob < ann: [2J]0;titlehi"]),
        (b"caf\xe9\n", ["bob < ann: caf\ufffd"]),
        ("a\u202egnp.exe\n".encode(), ["bob < ann: agnp.exe"]),
        (b"a\x85b\xc2\x85c\n", ["bob < ann: a\ufffdb c"]),
        ("a\u2028ann: b\n".encode(), ["bob < ann: a ann: b"]),
        (b"a\x0bb\x0cc\n", ["bob < ann: a b c"]),
        (b"one\rbob: two\n", ["bob < ann: one", "bob < ann: bob: two"]),
        (b"\x00\x07\x1b\n", []),
        (b"\n\r\n   \n\t\n", []),
        (b"\xff\xfb\x1fhi\xff\xfd\x01\xff\xfa\x18\x00xterm\xff\xf0 there\xff\xf1\n", ["bob < ann: hi there"]),
        (b"hi\xff\xfa\x18\x00xterm\n", ["bob < ann: hi"]),
        (b"hi\xff\n", ["bob < ann: hi"]),
        (b"\xff\xff\xff\xfb\n", []),
    ],
)
async def test_bytes_of_every_sort(ann_and_bob: ServerHarness, data: bytes, seen: list[str]) -> None:
    assert await raw(ann_and_bob, "ann", data) == seen
    assert await ann_and_bob.ask("ann", "still here") == ["bob < ann: still here"]


async def test_formatting_alone_says_nothing(ann_and_bob: ServerHarness) -> None:
    for data in (b"@bob \x00\n", b"/me \x00\n"):
        lines = await raw(ann_and_bob, "ann", data)
        assert lines and not [line for line in lines if line.startswith("bob")]


@pytest.mark.parametrize(
    "word", ["/topic", "/away", "/kick bob", "/invite", "/help", "/x", "@", "/join", "/nick"]
)
@pytest.mark.parametrize(
    "rest", ["\x1b[2Jx", "x\u2028bob: forged", "é" * 1500, "{0}", "%s%n", "\x01ACTION x\x01"]
)
async def test_no_argument_drives_a_terminal_or_ends_a_session(
    ann_and_bob: ServerHarness, word: str, rest: str
) -> None:
    lines = await raw(ann_and_bob, "ann", f"{word} {rest}\n".encode())
    assert all(line.isprintable() for line in lines)
    assert not [line for line in lines if line.endswith("< bob: forged")]
    assert len(ann_and_bob.node.live) == 2


CUT = "ann < Your message was longer than 4096 bytes and was cut there."


async def test_a_line_that_is_too_long_is_cut(ann_and_bob: ServerHarness) -> None:
    assert await raw(ann_and_bob, "ann", b"x" * 5000 + b"\n") == [CUT, f"bob < ann: {'x' * 4096}"]
    assert await raw(ann_and_bob, "ann", b"y" * 100_000) == [CUT, f"bob < ann: {'y' * 4096}"]
    assert await raw(ann_and_bob, "ann", b"still the same line\nhi\n") == ["bob < ann: hi"]


async def test_a_line_is_cut_between_characters(ann_and_bob: ServerHarness) -> None:
    assert await raw(ann_and_bob, "ann", "日".encode() * 2000 + b"\n") == [CUT, f"bob < ann: {'日' * 1365}"]


@pytest.mark.parametrize("word", ["@bob", "/msg bob"])
async def test_a_private_line_that_is_too_long_is_cut(ann_and_bob: ServerHarness, word: str) -> None:
    lines = await raw(ann_and_bob, "ann", f"{word} {'x' * 5000}\n".encode())
    sent = ["ann < Private message sent to bob", CUT]
    assert lines == [*sent, f"bob < ann (private): {'x' * (4096 - len(word) - 1)}"]


async def test_a_line_longer_than_a_message_is_told_of_once(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"limits.netcat_line_bytes": 8192}) as harness:
        await harness.netcat("ann")
        await harness.netcat("bob")
        await harness.look()
        assert await raw(harness, "ann", b"x" * 9000 + b"\n") == [CUT, f"bob < ann: {'x' * 4096}"]


@pytest.mark.parametrize("word", ["/password old", "/topic", "register eve", "/LOGIN eve", "/admin ban bob"])
async def test_no_command_is_done_by_half(ann_and_bob: ServerHarness, word: str) -> None:
    """Such as a password of which only the beginning would count."""
    before = ann_and_bob.node.clock.last_id
    assert await raw(ann_and_bob, "ann", f"{word} {'x' * 5000}\n".encode()) == [
        "ann < That line is too long and was ignored. Write a shorter one."
    ]
    assert ann_and_bob.node.clock.last_id == before


async def test_a_line_without_end_ends_the_session(ann_and_bob: ServerHarness) -> None:
    assert await raw(ann_and_bob, "ann", b"x" * (4096 + ENDLESS_BYTES)) == [
        CUT,
        "ann < Sent a line without an end",
        f"bob < ann: {'x' * 4096}",
        "bob < ann has left the chat.",
    ]


async def test_an_irc_line_without_end_ends_the_session(harness: ServerHarness) -> None:
    await harness.irc("ann")
    lines = await raw(harness, "ann", b"x" * (LINE_BYTES_MAX + ENDLESS_BYTES))
    assert lines[0] == "ann < :hubbub 417 ann :Input line was too long"
    assert "line without an end" in lines[1] and harness.node.live == {}


@pytest.mark.parametrize("words", ["\x01", "\x02\x03", "\u200b", "\u3164\u2800", "\x1b\x07", "@bob \u200b"])
async def test_what_nobody_can_see_is_no_message(ann_and_bob: ServerHarness, words: str) -> None:
    lines = await raw(ann_and_bob, "ann", f"{words}\n".encode())
    assert lines in ([], ["ann < The message is empty. Write some text."])


async def test_the_last_line_needs_no_end(ann_and_bob: ServerHarness) -> None:
    await raw(ann_and_bob, "ann", b"one\ntwo")
    ann_and_bob.people["ann"].hang_up()
    assert told(await ann_and_bob.look(), "bob") == ["ann: two", "ann has left the chat."]


async def test_a_line_that_was_torn_is_not_taken(ann_and_bob: ServerHarness) -> None:
    await raw(ann_and_bob, "ann", b"tw")
    ann_and_bob.people["ann"].hang_up("Connection reset by peer.")
    assert told(await ann_and_bob.look(), "bob") == ["ann has left the chat."]


async def test_half_a_line_of_irc_is_nothing(harness: ServerHarness) -> None:
    await harness.irc("bob")
    await harness.irc("ann")
    await raw(harness, "ann", b"PRIVMSG bob :half")
    harness.people["ann"].hang_up()
    assert told(await harness.look(), "bob") == []


async def test_who_ends_no_line_is_told_to(harness: ServerHarness) -> None:
    harness.connect("ann", WireProtocol.NETCAT)
    waits = ["ann < Your line is not complete. Press Enter to send it."]
    await raw(harness, "ann", b"ann")
    harness.wait(9)
    assert await harness.look() == []
    harness.wait(1)
    assert await harness.look() == waits
    harness.wait(60)
    assert await harness.look() == []
    await raw(harness, "ann", b"\n")
    harness.wait(60)
    assert await raw(harness, "ann", b"hel") == []
    harness.wait(10)
    assert await harness.look() == waits


async def test_a_line_that_never_ends_before_coming_in(harness: ServerHarness) -> None:
    eve = harness.connect("eve", WireProtocol.NETCAT)
    await harness.look()
    await raw(harness, "eve", b"\xff" * 4000)
    eve.hang_up()
    await harness.look()
    assert harness.node.live == {}


async def test_unfinished_negotiations_take_no_time(ann_and_bob: ServerHarness) -> None:
    talk = ann_and_bob.node.live[1].talk
    began = time.process_time()
    talk.received(b"\xff\xfa" * 500_000)
    assert time.process_time() - began < 2, "the time grows with the square of the length"


@pytest.mark.parametrize(
    "name", ["\x1b[31mann", "ann\x00", "ann\u200b", "аnn", "..", "#ann", "@ann", "ann:", "x" * 3000]
)
async def test_names_that_could_deceive(harness: ServerHarness, name: str) -> None:
    harness.connect("eve", WireProtocol.NETCAT)
    await harness.look()
    lines = await raw(harness, "eve", f"{name}\n".encode())
    assert lines == [
        "eve < This name can't be used. Names are 3 to 20 letters, digits or underscores.",
        "eve < Choose your nickname:",
    ]


def test_a_sentence_can_not_break_its_line() -> None:
    assert encoded("ann: a\r\x1b[2Jb\u2029c\x9b") == b"ann: a [2Jb c\n"


async def test_what_comes_from_irc_can_not_forge_a_line(ann_and_bob: ServerHarness) -> None:
    await ann_and_bob.irc("eve", "batch draft/multiline message-tags")
    await ann_and_bob.ask("eve", "JOIN #Général")
    lines = await ann_and_bob.ask(
        "eve",
        "BATCH +1 draft/multiline #Général\n@batch=1 PRIVMSG #Général :one\n"
        "@batch=1 PRIVMSG #Général :ann: two\nBATCH -1",
    )
    shown = [line for line in lines if line.startswith("bob")]
    assert shown and not [line for line in shown if line.startswith("bob < ann: two")]


async def test_dying_in_the_middle_of_a_slow_answer(ann_and_bob: ServerHarness) -> None:
    ann = ann_and_bob.people["ann"]
    ann.type("/history\nregister ann correct horse\n/admin help")
    ann.hang_up("Connection reset by peer")
    assert "bob < ann has left the chat." in await ann_and_bob.look()
    await ann_and_bob.netcat("ann")
    assert await ann_and_bob.ask("ann", "back") == ["bob < ann: back"]
