"""A line taken apart into words, which may stand in double quotes.

Quotes count at the beginning of a word only, so that `l'atelier` and `5"` are what they look like. A word in quotes
is never part of a command's name: `kick "ip" 10m noise` suspends the user who is called ip.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .answers import Mistake

LINE_CHARACTERS_MAX: Final = 8192

_WORD: Final = re.compile(r'\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)(?P<end>"?)|(?P<bare>\S+))', re.DOTALL)
_ESCAPED: Final = re.compile(r'\\(["\\])')


@dataclass(frozen=True, slots=True)
class Word:
    """One word; `start` is where it begins in the line, its quote included."""

    text: str
    start: int
    quoted: bool = False


class QuoteMistake(Mistake, frozen=True):
    """The word at `start` has a quote that is not closed, or not followed by a space."""

    start: int


def first_word(line: str, start: int = 0) -> tuple[Word, int] | QuoteMistake | None:
    """The first word from `start` on and where it ends; None if there is none."""
    found = _WORD.match(line, start)
    if found is None:
        return None
    if found["bare"] is not None:
        return Word(found["bare"], found.start("bare")), found.end()
    begin = found.start("quoted") - 1
    if not found["end"]:
        return QuoteMistake('A quote is not closed. Write " at the end of the quoted word.', begin)
    if line[found.end() : found.end() + 1].strip():
        return QuoteMistake('A space is missing after a closing quote. Write one after the ".', begin)
    return Word(_ESCAPED.sub(r"\1", found["quoted"]), begin, quoted=True), found.end()


def words_of(line: str) -> Iterator[Word | QuoteMistake]:
    """The words of a line as they are asked for, up to a mistake."""
    end = 0
    while found := first_word(line, end):
        if isinstance(found, QuoteMistake):
            yield found
            return
        word, end = found
        yield word


def quoted(text: str) -> str:
    """The word as it must be written to be read as an argument whatever is in it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
