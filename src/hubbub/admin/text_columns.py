"""Lists as aligned columns, measured as a terminal shows them."""

import unicodedata
from collections.abc import Sequence
from typing import Final

from hubbub.text import plain

_BETWEEN: Final = "  "
_WITHOUT_WIDTH: Final = ("Mn", "Me", "Cf")


def width(text: str) -> int:
    """Cells that a clean text takes: two for a wide character, none for an accent or a joiner."""
    if text.isascii():
        return len(text)
    return sum(map(_cells, text))


def _cells(letter: str) -> int:
    if unicodedata.category(letter) in _WITHOUT_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A line of heads and one for each row; the last column is as long as it is."""
    lines = [[plain(cell) for cell in row] for row in (heads, *rows)]
    sizes = [max(width(line[column]) for line in lines) for column in range(len(heads))]
    return [_BETWEEN.join(map(_padded, line, sizes)).rstrip() for line in lines]


def _padded(cell: str, size: int) -> str:
    return cell + " " * (size - width(cell))


def counted(number: int, one: str, several: str = "") -> str:
    """`1 room`, `2 rooms`."""
    return f"{number} {one if number == 1 else several or one + 's'}"
