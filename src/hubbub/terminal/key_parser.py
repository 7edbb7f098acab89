"""The parser of a terminal's keys and answers: each sequence by its own grammar, however reads cut it."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Final

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.constants import ESCAPE_DELAY
from textual.keys import Keys
from textual.message import Message

ANSWER_SECONDS: Final = 2.0
"""The time to wait for the end of a terminal's report; its beginning is never taken for keys."""
HELD_CHARS_MAX: Final = 4_096

_ESC: Final = "\x1b"
_SEQUENCES: Final = "[O"
"""ECMA-48: ESC [ begins a control sequence; and ESC O the keys that terminals send as single shifts (SS3)."""
_STRINGS: Final = "]P_^X"
"""ECMA-48, 5.6: what ESC and one of these begin ends with ESC \\, or as xterm has it with BEL."""
_SEQUENCE: Final = re.compile(r"\x1b[\[O][0-?]*[ -/]*[@-~]")
_BEGUN: Final = re.compile(r"\x1b[\[O][0-?]*[ -/]*")
_BACKGROUND: Final = re.compile(r"\x1b\]11;rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})")

BACKGROUND_QUERY: Final = "\x1b]11;?\x1b\\"
"""xterm, OSC 11: what is the background's colour?"""


class TerminalBackground(Message):
    """The terminal's answer to BACKGROUND_QUERY: red, green and blue from 0 to 1."""

    def __init__(self, colour: tuple[float, float, float]) -> None:
        super().__init__()
        self.colour = colour

    @property
    def is_dark(self) -> bool:
        red, green, blue = self.colour
        return 0.299 * red + 0.587 * green + 0.114 * blue < 0.5


class KeyParser:
    """Text in, messages out. Textual's own parser waits for silence to know an Alt+key, which has none in a burst, and
    types the sequences that it does not know; it is given whole sequences here, and characters.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._parser = XTermParser()
        self._held = ""
        """The beginning of a sequence or a string, Escape included."""
        self._held_at = 0.0
        self._pasted: str | None = None

    def feed(self, text: str) -> Iterator[Message]:
        """Parse characters, cut anywhere, into key events."""
        at = 0
        while at < len(text):
            if self._pasted is not None:
                pasted, end, rest = (self._pasted + text[at:]).partition(BRACKETED_PASTE_END)
                self._pasted, text, at = None if end else pasted, rest, 0
                if end:
                    yield events.Paste(pasted.replace("\x00", ""))
            else:
                at += 1
                yield from self._take(text[at - 1])

    def tick(self) -> Iterator[Message]:
        """To be called from time to time: what does not go on was a key."""
        if not self._held:
            return
        waited, held = self._clock() - self._held_at, self._held
        if len(held) > 2 and not (held[1] in _STRINGS and not held[2].isdigit()):
            if waited >= ANSWER_SECONDS:
                self._held = ""
        elif waited >= ESCAPE_DELAY:
            self._held = ""
            yield from self._typed(held)

    def _hold(self, text: str) -> None:
        self._held, self._held_at = text, self._clock()

    def _take(self, character: str) -> Iterator[Message]:
        held = self._held
        if not held:
            if character == _ESC:
                self._hold(_ESC)
            else:
                yield from self._parsed(character)
        elif len(held) == 1:
            if character in _SEQUENCES + _STRINGS:
                self._hold(held + character)
            else:
                self._hold(_ESC if character == _ESC else "")
                yield from self._typed(held if character == _ESC else held + character)
        elif held[1] in _STRINGS:
            yield from self._in_string(held, character)
        else:
            yield from self._in_sequence(held, character)

    def _in_sequence(self, held: str, character: str) -> Iterator[Message]:
        whole = held + character
        if _is_whole(whole):
            self._hold("")
            yield from self._sequence(whole)
        elif (_BEGUN.fullmatch(whole) or _is_longer(whole)) and len(whole) < HELD_CHARS_MAX:
            self._hold(whole)
        else:
            # It was none: of more than a key's beginning nothing is a key either.
            self._hold("")
            if len(held) == 2:
                yield from self._typed(held)
            yield from self._take(character)

    def _in_string(self, held: str, character: str) -> Iterator[Message]:
        if character == "\x07" or (held[-1] == _ESC and len(held) > 2 and character == "\\"):
            self._hold("")
            yield from _answer(held)
        elif held[-1] == _ESC and len(held) > 2:
            # Another sequence begins in it: it was none, but keys, or it was cut off.
            self._hold("")
            if not held[2].isdigit():
                yield from self._typed(held[:-1])
            self._hold(_ESC)
            yield from self._take(character)
        else:
            self._hold(held + character if len(held) < HELD_CHARS_MAX else held[:3])

    def _typed(self, text: str) -> Iterator[Message]:
        """Escape, or Alt with a key, and what was typed behind it."""
        if text == _ESC:
            yield events.Key("escape", _ESC)
            return
        known = list(self._parser._sequence_to_key_events(text[:2]))
        for key in known or self._parser._sequence_to_key_events(text[1], alt=True):
            if not known and not key.key.startswith("alt+"):
                key = events.Key(f"alt+{key.key}", None)  # Textual has an Alt for letters and digits alone
            if key.key != Keys.Ignore:
                yield key
        for character in text[2:]:
            yield from self._parsed(character)

    def _sequence(self, sequence: str) -> Iterator[Message]:
        if sequence == BRACKETED_PASTE_START:
            self._pasted = ""
        elif sequence != BRACKETED_PASTE_END:
            yield from self._parsed(sequence)

    def _parsed(self, text: str) -> Iterator[Message]:
        """Textual's parser ends at the number of a key that is no character's, and waits behind what it does not know:
        then another one begins.
        """
        parser = self._parser
        try:
            yield from parser.feed(text)
            is_ready = parser._awaiting.timeout is None
        except (ValueError, OverflowError):
            is_ready = False
        if not is_ready:
            self._parser = XTermParser()
            for name in ("last_x", "last_y", "mouse_pixels", "terminal_size", "terminal_pixel_size"):
                setattr(self._parser, name, getattr(parser, name))


def _is_whole(sequence: str) -> bool:
    if sequence in ANSI_SEQUENCES_KEYS:
        return True
    return (bool(_SEQUENCE.fullmatch(sequence)) and not _is_longer(sequence)) or _is_longer(sequence) == len(
        sequence
    )


def _is_longer(sequence: str) -> int:
    """The length of a sequence that is longer than the grammar says: a mouse report in the first xterm's form, and
    the Linux console's first function keys; else 0.
    """
    if sequence.startswith("\x1b[M"):
        return 6
    return 4 if sequence.startswith("\x1b[[") else 0


def _answer(string: str) -> Iterator[Message]:
    if found := _BACKGROUND.match(string):
        red, green, blue = (int(part, 16) / (16 ** len(part) - 1) for part in found.groups())
        yield TerminalBackground((red, green, blue))
