"""CTCP in lines that are too long: each piece is whole, whoever it is shown to."""

import pytest

from tests.server_harness import ServerHarness, told


def texts(lines: list[str], verb: str = "PRIVMSG") -> list[str]:
    return [line.split(" :", 1)[1] for line in lines if f" {verb} " in line]


@pytest.mark.parametrize("end", ["\x01", ""])
@pytest.mark.parametrize("target", ["#tea", "bob"])
async def test_a_long_action_is_whole_in_every_piece(harness: ServerHarness, target: str, end: str) -> None:
    words = "é" * 100 + " " + "x" * 285
    await harness.irc("ann")
    await harness.irc("bob")
    for name in ("ann", "bob"):
        await harness.ask(name, "JOIN #tea")
    pieces = texts(told(await harness.ask("ann", f"PRIVMSG {target} :\x01ACTION {words}{end}"), "bob"))
    assert len(pieces) > 1
    assert all(piece.startswith("\x01ACTION ") and piece.endswith("\x01") for piece in pieces)
    assert all(piece.count("\x01") == 2 for piece in pieces)
    assert "".join(piece[8:-1] for piece in pieces).replace(" ", "") == words.replace(" ", "")


async def test_what_others_asks_and_answers_are(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await harness.irc("bob")
    lines = told(await harness.ask("ann", f"NOTICE bob :\x01PING {'1' * 488}\x01"), "bob")
    pieces = texts(lines, "NOTICE")
    assert len(pieces) == 2
    assert all(piece.startswith("\x01PING 1") and piece.endswith("1\x01") for piece in pieces)


async def test_an_action_of_several_lines(harness: ServerHarness) -> None:
    await harness.irc("ann", "batch message-tags draft/multiline")
    await harness.irc("bob")
    await harness.ask("ann", "BATCH +1 draft/multiline bob")
    for line in ("\x01ACTION waves", "and sits down\x01"):
        await harness.ask("ann", f"@batch=1 PRIVMSG bob :{line}")
    lines = told(await harness.ask("ann", "BATCH -1"), "bob")
    assert texts(lines) == ["\x01ACTION waves\x01", "\x01ACTION and sits down\x01"]


async def test_an_edited_action_is_one_still(harness: ServerHarness) -> None:
    caps = "batch message-tags echo-message hubbub/edit"
    await harness.irc("ann", caps)
    await harness.irc("bob")
    (line,) = told(await harness.ask("ann", "PRIVMSG bob :\x01ACTION waves\x01"), "ann")
    msgid = line.split("msgid=")[1].split(" ")[0].split(";")[0]
    lines = told(await harness.ask("ann", f"EDIT bob {msgid} :\x01ACTION nods\x01"), "bob")
    assert texts(lines) == ["\x01ACTION (edited) nods\x01"]
