"""Requirements A: accounts, cleaned messages, a log."""

import logging
from pathlib import Path

import pytest

from hubbub.transports.base import WireProtocol
from tests.server_harness import ServerHarness

NETCAT = WireProtocol.NETCAT


async def test_a1_register_with_a_name_and_a_password(harness: ServerHarness) -> None:
    assert (await harness.netcat("ann", "register ann correct horse")).name == "ann"
    harness.connect("eve", kind=NETCAT)
    await harness.look()
    assert await harness.ask("eve", "register ANN battery staple") == [
        "eve < The name ANN is already registered. Choose another one, or log in."
    ]


async def test_a1_a_password_is_stored_as_argon2id_and_nowhere_else(harness: ServerHarness) -> None:
    await harness.netcat("ann", "register ann correct horse")
    account = harness.node.state.account_named("ann")
    assert account is not None and account.credential.argon2.startswith("$argon2id$")
    await harness.settle()
    for file in harness.data.rglob("*"):
        if file.is_file():
            assert b"correct horse" not in file.read_bytes(), file.name


async def test_a1_a_short_password_is_refused_in_words(harness: ServerHarness) -> None:
    harness.connect("ann", kind=NETCAT)
    await harness.look()
    assert await harness.ask("ann", "register ann abc") == [
        "ann < A password needs at least 6 characters and may have at most 300 bytes."
    ]
    assert harness.node.state.account_named("ann") is None


async def test_a2_a_wrong_password_is_refused_and_repeating_it_is_slowed(harness: ServerHarness) -> None:
    await harness.account("ann")
    harness.connect("eve", kind=NETCAT)
    await harness.look()
    wrong = ["eve < The name or the password is wrong. Try again."]
    for _ in range(5):
        assert await harness.ask("eve", "login ann guess") == wrong
    assert await harness.ask("eve", "login ann correct horse") == [
        "eve < Too many attempts. Try again in 30 seconds."
    ]
    harness.wait(31)
    assert (await harness.ask("eve", "login ann correct horse"))[0] == "eve < Logged in as ann."


async def test_a2_who_has_no_account_is_refused_alike(harness: ServerHarness) -> None:
    harness.connect("eve", kind=NETCAT)
    await harness.look()
    assert await harness.ask("eve", "login nobody guess") == [
        "eve < The name or the password is wrong. Try again."
    ]


async def test_a3_a_message_is_cleaned_before_anyone_sees_it(harness: ServerHarness) -> None:
    await harness.netcat("bob")
    ann = await harness.irc("ann")
    await harness.ask("ann", "JOIN #Général")
    assert ann.receiver is not None
    ann.receiver.received("PRIVMSG #Général :\x1b[2Jred \x034alert\x03 \u202egnp.exe\r\n".encode())
    assert await harness.look() == ["bob < ann: [2Jred alert gnp.exe"]
    harness.people["bob"].receiver.received(b"caf\xe9 \x1b]0;title\x07\n")  # type: ignore[union-attr]
    assert await harness.look() == ["ann < :bob!netcat@local PRIVMSG #Général :caf\ufffd ]0;title"]


async def test_a3_a_message_that_is_too_long_is_cut_and_its_sender_told(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"limits.message_bytes": 400}) as harness:
        await harness.netcat("bob")
        await harness.netcat("ann")
        await harness.look()
        lines = await harness.ask("bob", "x" * 500)
        assert lines == [
            "bob < Your message was longer than 400 bytes and was cut there.",
            f"ann < bob: {'x' * 400}",
        ]


async def test_a3_what_is_longer_than_an_irc_line_goes_in_several_and_nothing_is_lost(
    harness: ServerHarness,
) -> None:
    await harness.netcat("bob")
    await harness.irc("ann")
    await harness.ask("ann", "JOIN #Général")
    text = " ".join(f"word{number}" for number in range(200))
    lines = await harness.ask("bob", text)
    assert len(lines) > 2 and all(len(line.encode()) <= 520 for line in lines)
    heads = "ann < :bob!netcat@local PRIVMSG #Général :"
    assert "".join(line.removeprefix(heads) for line in lines) == text


async def test_a4_a_message_reaches_everyone_else_and_its_sender_not_twice(harness: ServerHarness) -> None:
    for name in ("ann", "bob", "eve"):
        await harness.netcat(name)
    assert await harness.ask("ann", "hello") == ["bob < ann: hello", "eve < ann: hello"]
    await harness.irc("irc")
    await harness.irc("echo", "echo-message")
    for name in ("irc", "echo"):
        await harness.ask(name, "JOIN #Général")
    assert (
        len([line for line in await harness.ask("irc", "PRIVMSG #Général :hi") if line.startswith("irc <")])
        == 0
    )
    assert (
        len([line for line in await harness.ask("echo", "PRIVMSG #Général :hi") if line.startswith("echo <")])
        == 1
    )


async def test_a5_the_log_tells_what_happens_and_not_what_is_said(
    harness: ServerHarness, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("hubbub").propagate = True
    caplog.set_level(logging.INFO, "hubbub")
    await harness.netcat("ann", "register ann correct horse")
    await harness.netcat("bob")
    await harness.ask("bob", "a secret thought")
    await harness.ask("bob", "@ann another secret")
    await harness.ask("bob", "/kick ann")
    harness.people["bob"].hang_up("Connection reset by peer")
    await harness.settle()
    told = "\n".join(caplog.messages)
    for part in (
        "Connection from 127.0.0.1:40000 (netcat)",
        "Registration of ann from 127.0.0.1",
        "Login of ann from 127.0.0.1",
        "Private message from bob to ann, from 127.0.0.1 to 127.0.0.1",
        "Refused Kick from 127.0.0.1: NotOperator",
        'Disconnection of bob at 127.0.0.1: "Connection lost: Connection reset by peer"',
    ):
        assert part in told
    for secret in ("correct horse", "secret"):
        assert secret not in told


async def test_a6_the_words_of_plain_tcp(harness: ServerHarness) -> None:
    await harness.netcat("ann", "register ann correct horse")
    assert "bob < ann: hello" in [*(await bob_and_ann(harness))]
    lines = await harness.ask("ann", "!exit")
    assert lines == ["ann < Goodbye.", "bob < ann has left the chat."]
    assert harness.people["ann"].connection.closed
    again = harness.connect("ann", kind=NETCAT)
    await harness.look()
    assert (await harness.ask("ann", "login ann correct horse"))[0] == "ann < Logged in as ann."
    assert not again.connection.closed


async def bob_and_ann(harness: ServerHarness) -> list[str]:
    await harness.netcat("bob")
    return await harness.ask("ann", "hello")
