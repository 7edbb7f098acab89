"""What a command answers: lines of plain text, and whether it was done."""

from collections.abc import Sequence
from dataclasses import dataclass

from hubbub.engine.event import Command
from hubbub.engine.refusals import Refusal

from .context import Desk
from .text_columns import table


@dataclass(frozen=True, slots=True)
class Result:
    """`ok` is False after a mistake or a refusal: then nothing has changed. A list is given as a table, too."""

    lines: tuple[str, ...]
    ok: bool = True
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


class Mistake(Refusal, frozen=True):
    """The line can't be understood; the sentence says how to write it."""

    sentence: str

    def __str__(self) -> str:
        return self.sentence


def said(*lines: str) -> Result:
    return Result(lines)


def listed(heads: Sequence[str], rows: Sequence[Sequence[str]], *after: str) -> Result:
    """A table, as a terminal shows it and as programs read it, and what is said below it."""
    return Result((*table(heads, rows), *after), True, tuple(heads), tuple(map(tuple, rows)))


def refused(*refusals: Refusal) -> Result:
    return Result(tuple(map(str, refusals)), ok=False)


def done(desk: Desk, command: Command, sentence: str) -> Result:
    """Ask the engine; the sentence if it was done, else why it was not."""
    answer = desk.ask(command)
    return refused(answer) if isinstance(answer, Refusal) else said(sentence)


def shortened(text: str, characters_max: int = 60) -> str:
    """What somebody wrote, short enough to be named in a sentence."""
    return text if len(text) <= characters_max else f"{text[:characters_max]}…"
