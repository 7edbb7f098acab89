"""The queue of keys typed at a terminal: kept as they came, and understood a piece at a time."""

import codecs
import re
from typing import Final

from textual import events
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START
from textual.message import Message

from hubbub.terminal.key_parser import KeyParser

PASTE_CHARS_MAX: Final = 2_048
"""So much text is one event; more comes in several."""

_ESC: Final = "\x1b"
_SEQUENCE_CHARS_MAX: Final = 32
"""Longer than any key's name."""
_RUN: Final = re.compile(rf"[^\x00-\x1f\x7f-\x9f]{{16,{PASTE_CHARS_MAX}}}")
"""Text too long to be typed at once, from a terminal without bracketed paste: one event instead of one for each
character. Less may be keys that mean something each, over a slow line."""


class Keystrokes:
    """Bytes in, messages out. Pasted text does not go through the parser, which keeps it until it ends."""

    def __init__(self) -> None:
        self._parser = KeyParser()
        self._decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
        self._text = ""
        self._at = 0
        self._sequence = ""
        """The beginning of a key's name, while its end may still come."""
        self._is_pasting = False

    @property
    def waiting(self) -> int:
        """The number of characters not parsed yet."""
        return len(self._text) - self._at

    def take(self, data: bytes) -> None:
        """Bytes from the terminal, cut anyhow."""
        self._text = self._text[self._at :] + self._decode(data)
        self._at = 0

    def drop(self) -> None:
        """Drop the input: the visitor is gone."""
        self._text, self._at = "", 0

    def next(self) -> list[Message] | None:
        """The events of the next character or piece of text, possibly none; None if more input is needed."""
        if self._is_pasting:
            return self._pasted()
        if not self.waiting:
            return None
        run = None if self._sequence else _RUN.match(self._text, self._at)
        if run is not None:
            self._at = run.end()
            return [events.Paste(run[0])]
        self._at += 1
        return self._key(self._text[self._at - 1])

    def tick(self) -> list[Message]:
        """A lone Escape is one, once nothing has followed it for a moment."""
        messages = [] if self.waiting else list(self._parser.tick())
        if messages:
            self._sequence = ""
        return messages

    def _key(self, character: str) -> list[Message]:
        if character == _ESC:
            self._sequence = _ESC
        elif self._sequence:
            self._sequence += character
        messages = list(self._parser.feed(character))
        if self._sequence == BRACKETED_PASTE_START:
            self._is_pasting, self._sequence = True, ""
        elif (messages and character != _ESC) or len(self._sequence) > _SEQUENCE_CHARS_MAX:
            self._sequence = ""
        return messages

    def _pasted(self) -> list[Message] | None:
        end = self._text.find(BRACKETED_PASTE_END, self._at)
        if end == self._at:
            self._at += len(BRACKETED_PASTE_END)
            self._is_pasting = False
            # What the parser takes for a paste of nothing.
            return [
                one for one in self._parser.feed(BRACKETED_PASTE_END) if not isinstance(one, events.Paste)
            ]
        if end < 0:
            end = len(self._text) - self._end_begun()
        piece = self._text[self._at : min(end, self._at + PASTE_CHARS_MAX)]
        self._at += len(piece)
        return [events.Paste(piece.replace("\x00", ""))] if piece else None

    def _end_begun(self) -> int:
        """The number of last characters that may begin the mark that ends a paste."""
        lengths = range(min(len(BRACKETED_PASTE_END) - 1, self.waiting), 0, -1)
        return next((n for n in lengths if self._text.endswith(BRACKETED_PASTE_END[:n])), 0)
