"""An administrator's answer: lines of plain text, and whether the command was done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, Generic, TypeVar, overload

from hubbub.engine.event import Command
from hubbub.engine.refusals import Refusal

from .context import AdminContext
from .text_columns import table

PART_DEFAULT: Final = 200
PART_MAX: Final = 500
PART_CHARACTERS_MAX: Final = 1 << 18
"""The most text in a page of a list, in characters; a single row may be longer."""

T = TypeVar("T")


Row = tuple[str, ...]


class Rows(Sequence[Row], Generic[T]):
    """Rows of things, each made when it is looked at: of a long list only a part is asked for at a time."""

    def __init__(self, things: Sequence[T], row: Callable[[T], Row]) -> None:
        self._things = things
        self._row = row

    def __len__(self) -> int:
        return len(self._things)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return list(map(self._row, self._things[place]))
        return self._row(self._things[place])


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a list: at most `limit` of those rows, or lines, that have `find` in them, from `offset` on."""

    offset: int = 0
    limit: int = PART_DEFAULT
    find: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """`ok` is False after a mistake or a refusal: then nothing has changed but what its sentences say.

    A list is given as a table, too.

    `said` is what is said below a list. Of a list in parts `goes_on` is the offset of the next part, if there is one.
    """

    said: tuple[str, ...]
    ok: bool = True
    heads: tuple[str, ...] = ()
    rows: Sequence[Row] = ()
    goes_on: int | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it, as a terminal shows it."""
        return (*table(self.heads, self.rows), *self.said) if self.heads else self.said

    def part(self, part: Part) -> "Result":
        """The rows from `offset` on; an error is returned whole."""
        if not self.ok:
            return self
        if self.heads:
            rows, goes_on = _part(self.rows, part, lambda row: " ".join(row))
            return replace(self, rows=rows, goes_on=goes_on)
        lines, goes_on = _part(self.said, part, lambda line: line)
        return replace(self, said=lines, goes_on=goes_on)


def _part(items: Sequence[T], part: Part, text_of: Callable[[T], str]) -> tuple[tuple[T, ...], int | None]:
    """The part, and where the list goes on; one more than is wanted is looked for."""
    start, stop = part.offset, part.offset + part.limit + 1
    if wanted := part.find.casefold():
        found = list(islice((item for item in items if wanted in text_of(item).casefold()), start, stop))
    else:
        found = list(items[start:stop])
    room, count = PART_CHARACTERS_MAX, 0
    for item in found[: part.limit]:
        room -= len(text_of(item))
        if room < 0 and count:
            break
        count += 1
    return tuple(found[:count]), start + count if count < len(found) else None


class Mistake(Refusal, frozen=True):
    """The line can't be understood; the sentence says how to write it."""

    sentence: str

    def __str__(self) -> str:
        return self.sentence


def said(*lines: str) -> Result:
    return Result(lines)


def listed(heads: Sequence[str], rows: Sequence[Row], *after: str) -> Result:
    """A table, as a terminal shows it and as programs read it, and what is said below it."""
    return Result(after, True, tuple(heads), rows)


def refused(*refusals: Refusal) -> Result:
    return Result(tuple(map(str, refusals)), ok=False)


def done(desk: AdminContext, command: Command, sentence: str) -> Result:
    """Ask the engine; the sentence if it was done, else why it was not."""
    answer = desk.ask(command)
    return refused(answer) if isinstance(answer, Refusal) else said(sentence)


def shortened(text: str, characters_max: int = 60) -> str:
    """A user's text, cut short enough to be quoted in a sentence."""
    return text if len(text) <= characters_max else f"{text[:characters_max]}…"
