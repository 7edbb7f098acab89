"""Selectors of history: by message ids, by times, and by a number of messages."""

from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from hubbub.engine.ids import first_id_at, last_id_at, parse_msgid
from hubbub.wire.times import parse_time


class Mistake(ValueError):
    """The error of a request: the standard reply's code, and its context after the subcommand."""

    def __init__(self, code: str, *context: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.context = context


class Span(Struct, frozen=True):
    """The range of a selector: the first and the last id that it covers, the same for a message's own id."""

    first: int
    last: int

    @property
    def is_time(self) -> bool:
        return self.first < self.last


def limit_of(text: str, most: int) -> int:
    """The requested number of messages; more than the server's maximum counts as `most`, unless that is 0."""
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        raise Mistake("INVALID_PARAMS", text, text="Invalid limit: it is a number from 1")
    wanted = int(text) if len(text) < 10 else 10**9
    return min(wanted, most or wanted)


def span_of(text: str, target: str, eras: Sequence[int]) -> Span:
    """The span of a selector; `target` is the conversation that it belongs to. Raises Mistake."""
    kind, equals, value = text.partition("=")
    if equals and kind not in _SELECTORS:
        message = "Only msgid and timestamp are supported"
        raise Mistake("INVALID_MSGREFTYPE", target, text=message)
    span = _SELECTORS[kind](value, eras) if equals else None
    if span is None:
        raise Mistake("INVALID_PARAMS", text, text=f"Invalid {kind if equals else 'message reference'}")
    return span


def _span_of_id(text: str, eras: Sequence[int]) -> Span | None:
    number = parse_msgid(text)
    return None if number is None else Span(number, number)


def _span_of_time(text: str, eras: Sequence[int]) -> Span | None:
    """All that happened in this millisecond."""
    moment = parse_time(text)
    return None if moment is None else Span(first_id_at(moment, eras), last_id_at(moment, eras))


_SELECTORS: Final[dict[str, Callable[[str, Sequence[int]], Span | None]]] = {
    "msgid": _span_of_id,
    "timestamp": _span_of_time,
}
