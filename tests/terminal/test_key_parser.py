"""What a terminal sends becomes keys: in bursts, in pieces, and between answers that nobody typed."""

import itertools

import pytest
from textual import events
from textual.message import Message

from hubbub.terminal.key_parser import ANSWER_SECONDS, KeyParser, TerminalBackground

ANSWER = "\x1b]11;rgb:fafa/fafa/fafa\x1b\\"


class Keyboard:
    """A terminal, whose time passes only where a test says so."""

    def __init__(self) -> None:
        self.now = 0.0
        self.parser = KeyParser(lambda: self.now)

    def type(self, *pieces: str) -> list[str]:
        return [_name(message) for piece in pieces for message in self.parser.feed(piece)]

    def wait(self, seconds: float) -> list[str]:
        self.now += seconds
        return [_name(message) for message in self.parser.tick()]


def _name(message: Message) -> str:
    if isinstance(message, events.Key):
        return message.key
    if isinstance(message, events.Paste):
        return f"paste {message.text!r}"
    return type(message).__name__


@pytest.mark.parametrize("key", [*"agmsuxzAUOPX[]_^"])
def test_alt_with_a_key_again_and_again(key: str) -> None:
    """In one read, or cut anywhere: never the circumflex that Textual makes of an Escape it does not understand."""
    text = f"\x1b{key}" * 3
    for cut in range(len(text)):
        keyboard = Keyboard()
        pressed = keyboard.type(text[:cut], text[cut:]) + keyboard.wait(0.2)
        (name,) = set(pressed)
        assert len(pressed) == 3 and name.startswith("alt+"), pressed


def test_keys_behind_alt_with_a_key() -> None:
    keyboard = Keyboard()
    assert keyboard.type("\x1bahello\x1bmthere") == ["alt+a", *"hello", "alt+m", *"there"]
    assert keyboard.type("\x1ba" + "x" * 100) == ["alt+a", *"x" * 100]
    assert keyboard.type("\x1b") == [] and keyboard.wait(0.2) == ["escape"]
    assert keyboard.type("\x1b\x1b[A") == ["escape", "up"]
    assert keyboard.type("\x1b\x1b\x1ba") == ["escape", "escape", "alt+a"]


SEQUENCES = {
    "\x1b[A": "up",
    "\x1bOB": "down",
    "\x1b[1;3A": "alt+up",
    "\x1b[1;4B": "alt+shift+down",
    "\x1b[5~": "pageup",
    "\x1b[3$": "shift+delete",
    "\x1b[97;3u": "alt+a",
    "\x1b[[A": "f1",
    "\x1b\r": "alt+enter",
    "\x1b[I": "AppFocus",
    "\x1b[<0;3;4M": "MouseDown",
    "\x1b[200~one\x1b[31m\ntwo\x1b[201~": "paste 'one\\x1b[31m\\ntwo'",
    "é": "é",
}


@pytest.mark.parametrize(("text", "name"), SEQUENCES.items())
def test_sequences_cut_anywhere(text: str, name: str) -> None:
    for cuts in itertools.combinations(range(len(text) + 1), 2):
        keyboard = Keyboard()
        pieces = (text[: cuts[0]], text[cuts[0] : cuts[1]], text[cuts[1] :])
        assert keyboard.type(*pieces, "x") == [name, "x"]


def test_a_sequence_that_is_unknown_types_nothing() -> None:
    keyboard = Keyboard()
    assert keyboard.type("\x1b[?64;1;2c\x1b[>0;276;0c\x1b[1;2;3;4z", "x") == ["x"]
    assert keyboard.type("\x1b[1114112;3u", "\x1b[A") == ["up"]
    assert keyboard.type("\x1b[12;") == [] and keyboard.wait(ANSWER_SECONDS) == []
    assert keyboard.type("x") == ["x"]


@pytest.mark.parametrize("end", ["\x1b\\", "\x07"])
def test_the_terminals_background_however_late_it_is_told(end: str) -> None:
    text = ANSWER.removesuffix("\x1b\\") + end
    for cut in range(1, len(text)):
        keyboard = Keyboard()
        assert keyboard.type("a", text[:cut]) == ["a"]
        if cut > 3:
            assert keyboard.wait(ANSWER_SECONDS / 2) == []
        assert keyboard.type(text[cut:], "b") == ["TerminalBackground", "b"]


def test_an_answer_that_never_ends_is_nobodys_keys() -> None:
    keyboard = Keyboard()
    keyboard.type(ANSWER[:12])
    assert keyboard.wait(ANSWER_SECONDS) == [] and keyboard.type("x") == ["x"]
    keyboard.type(ANSWER[:12])
    assert keyboard.type("\x1bahello") == ["alt+a", *"hello"]
    assert keyboard.type("\x1bP1$r0m\x1b\\\x1b_other\x1b\\x") == ["x"]


@pytest.mark.parametrize(
    ("text", "is_dark"),
    [
        (ANSWER, False),
        ("\x1b]11;rgb:0000/0000/0000\x07", True),
        ("\x1b]11;rgb:1e/1e/2e\x07", True),
        ("\x1b]11;rgba:ffff/ffff/dddd/8000\x07", False),
    ],
)
def test_dark_or_light(text: str, is_dark: bool) -> None:
    (answer,) = KeyParser().feed(text)
    assert isinstance(answer, TerminalBackground) and answer.is_dark is is_dark
