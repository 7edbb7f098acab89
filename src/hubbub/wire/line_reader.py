"""Lines out of a stream of bytes, however it is chopped, never holding more than one line's limit."""

import re
from typing import Final

from msgspec import Struct

ENDLESS_BYTES: Final = 131_072
"""After so many bytes without an end no end is expected any more."""


class Overlong(Struct, frozen=True):
    """Stands where a line was that passed the limit: as much of its beginning as the limit holds."""

    beginning: bytes


class Endless(Struct, frozen=True):
    """Stands where a line goes on without an end; nothing behind it is looked at."""


ENDLESS: Final = Endless()

Line = bytes | Overlong | Endless

_REQUEST_LINE: Final = re.compile(
    rb"\s*(?:(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|TRACE|CONNECT)\s+[/*]|\S+\s.*\sHTTP/[0-9.]+\s*\Z)",
    re.IGNORECASE,
)


def is_request_line(line: bytes) -> bool:
    """Whether it is the first line of a request by HTTP, of whatever method: what a browser says and no person.

    >>> is_request_line(b"POST / HTTP/1.1"), is_request_line(b"NICK ann")
    (True, False)
    """
    return bool(_REQUEST_LINE.match(line))


class LineReader:
    """Splits at CRLF, LF and stray CR, and skips empty lines.

    modern-irc, "Compatibility with incorrect software": servers handle a single LF, and may handle
    a single CR, as if it were the pair. Work is proportional to the bytes fed: only new bytes are
    searched, and held ones are never copied until their line ends.
    """

    __slots__ = ("_held", "_limit_bytes", "_skipped_bytes", "_skipping")

    def __init__(self, limit_bytes: int) -> None:
        """`limit_bytes` counts a line without its end."""
        self._limit_bytes = limit_bytes
        self._held = bytearray()
        self._skipping = False
        self._skipped_bytes = 0

    @property
    def pending(self) -> int:
        """The bytes held of an unfinished line."""
        return len(self._held)

    def feed(self, data: bytes) -> list[Line]:
        """The lines that `data` completes, in order.

        An overlong line is told as soon as it is over the limit, since its end may never come, and again when it is
        not expected any more.
        """
        lines: list[Line] = []
        first, *others = data.replace(b"\r", b"\n").split(b"\n")
        self._hold(first, lines)
        # Empty lines cost nobody any of their pace: they are passed over without a step for each.
        for piece in filter(None, others):
            self._end(lines)
            self._hold(piece, lines)
        if others and not others[-1]:
            self._end(lines)
        return lines

    def _hold(self, piece: bytes, lines: list[Line]) -> None:
        if self._skipping:
            self._skip(len(piece), lines)
            return
        room = self._limit_bytes - len(self._held)
        if len(piece) > room:
            lines.append(Overlong(bytes(self._held + piece[:room])))
            self._held.clear()
            self._skipping = True
            self._skip(len(piece) - room, lines)
        else:
            self._held += piece

    def _skip(self, number: int, lines: list[Line]) -> None:
        before, self._skipped_bytes = self._skipped_bytes, self._skipped_bytes + number
        if before < ENDLESS_BYTES <= self._skipped_bytes:
            lines.append(ENDLESS)

    def _end(self, lines: list[Line]) -> None:
        if self._held:
            lines.append(bytes(self._held))
            self._held.clear()
        self._skipping, self._skipped_bytes = False, 0
