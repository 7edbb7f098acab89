"""`python -m tools.confusables`: write the table of characters that look like others, from ICU's data of UTS #39.

ICU comes by `pip install --target FOLDER icukit-pyicu` and `PYTHONPATH=FOLDER`; it is large, and only needed to write
the table for a new version of Unicode.
"""

import importlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

TABLE: Final = Path(__file__).parents[1] / "src" / "hubbub" / "engine" / "confusables.py"
WIDTH: Final = 100
CODE_POINTS: Final = [*range(0xD800), *range(0xE000, 0x110000)]


def main() -> None:
    icu: Any = importlib.import_module("icu")
    TABLE.write_text(source(icu.UNICODE_VERSION, *_read(icu)))


def _read(icu: Any) -> tuple[list[int], dict[str, list[int]]]:
    """The characters that are not seen, and what stands for the others: prototype → the characters like it.

    Characters that come apart under NFD have no entry: their parts have.
    """
    checker, parts = icu.SpoofChecker(), icu.Normalizer2.getNFDInstance()
    ignorable = icu.UProperty.DEFAULT_IGNORABLE_CODE_POINT
    unseen: list[int] = []
    alike: dict[str, list[int]] = {}
    for code in CODE_POINTS:
        letter = chr(code)
        if icu.Char.hasBinaryProperty(code, ignorable):
            unseen.append(code)
        elif parts.normalize(letter) == letter and (prototype := checker.getSkeleton(0, letter)) != letter:
            alike.setdefault(prototype, []).append(code)
    return unseen, alike


def source(version: str, unseen: Iterable[int], alike: Mapping[str, Iterable[int]]) -> str:
    entries = [f"{prototype}\0{''.join(map(chr, codes))}\n" for prototype, codes in sorted(alike.items())]
    ranges = [f"(0x{low:X}, 0x{high:X})," for low, high in _ranges(unseen)]
    return "\n".join(
        [
            f'"""Characters that look like others, and those that are not seen: Unicode {version}, UTS #39.',
            "",
            "Written by `python -m tools.confusables`. © Unicode, Inc., under the Unicode License v3.",
            '"""',
            "",
            "from typing import Final",
            "",
            "UNSEEN: Final = (",
            *(f"    {entry}" for entry in ranges),
            ")",
            '"""Default_Ignorable_Code_Point: the first and the last of each run."""',
            "",
            "ALIKE: Final = (",
            *(f"    {piece}" for piece in _pieces("".join(entries))),
            ")",
            '"""A line for each prototype: what it is, a NUL, and the characters that look like it."""',
            "",
        ]
    )


def _ranges(codes: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = -1
    for code in codes:
        if code != last + 1 or first < 0:
            if first >= 0:
                yield first, last
            first = code
        last = code
    yield first, last


def _pieces(text: str) -> Iterator[str]:
    """The text as literals of ASCII, none longer than a line."""
    piece = ""
    for letter in text:
        escaped = _ESCAPES.get(letter) or ascii(letter)[1:-1]
        if len(piece) + len(escaped) > WIDTH:
            yield f'"{piece}"'
            piece = ""
        piece += escaped
    yield f'"{piece}"'


_ESCAPES: Final = {'"': r"\"", "'": "'"}

if __name__ == "__main__":
    main()
