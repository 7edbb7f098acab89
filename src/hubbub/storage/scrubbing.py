"""Deleted data, overwritten in the database's own file, also where SQLite's `secure_delete` leaves copies.

`secure_delete` overwrites a row where it stood. Where rows move to another page to make room, their old bytes stay in
the unused part of the page that they came from, and nothing overwrites them when the row itself is deleted later.
"""

import os
from collections.abc import Iterable
from io import FileIO
from pathlib import Path
from typing import Final

_LOG_HEADER_BYTES: Final = 32
_FRAME_HEADER_BYTES: Final = 24
_FILE_HEADER_BYTES: Final = 100
_TREE_PAGES: Final = {2: 12, 5: 12, 10: 8, 13: 8}
"""The kinds of b-tree pages, with how long their header is (SQLite's file format, 1.6)."""

PAGES_MAX: Final = 2 << 24
"""In a file with more pages the first byte does not tell a b-tree's page from another one: it is left as it is."""


def pages_of(file: FileIO) -> range:
    """The numbers of all pages that a database has."""
    size = _page_bytes(file)
    return range(1, file.seek(0, os.SEEK_END) // size + 1) if size else range(0)


def _page_bytes(file: FileIO) -> int:
    """The size of its pages; 0 for an empty file."""
    file.seek(16)
    size = int.from_bytes(file.read(2), "big")
    return 65_536 if size == 1 else size


def pages_in(log: Path) -> set[int]:
    """The numbers of the pages in a write-ahead log, and perhaps of more that were in it before it was begun anew."""
    try:
        file = FileIO(log)
    except FileNotFoundError:
        return set()
    found: set[int] = set()
    with file:
        header = file.read(_LOG_HEADER_BYTES)
        step = _FRAME_HEADER_BYTES + int.from_bytes(header[8:12], "big")
        for at in range(_LOG_HEADER_BYTES, file.seek(0, os.SEEK_END), step):
            file.seek(at)
            found.add(int.from_bytes(file.read(4), "big"))
    return found


def scrub(file: FileIO, pages: Iterable[int]) -> None:
    """Overwrite the unused parts of these pages; on disk when it returns.

    Nothing else may write to the database's file meanwhile. Bytes that are in use are never touched, so that reading
    goes on, and a crash in the middle loses nothing.
    """
    size, there_are = _page_bytes(file), pages_of(file)
    if len(there_are) >= PAGES_MAX:
        return
    is_changed = False
    for number in sorted(pages):
        if number not in there_are:
            continue
        place = (number - 1) * size
        file.seek(place)
        page = file.read(size)
        for start, end in _unused(page, _FILE_HEADER_BYTES if number == 1 else 0):
            if page.count(0, start, end) < end - start:
                file.seek(place + start)
                file.write(bytes(end - start))
                is_changed = True
    if is_changed:
        os.fsync(file.fileno())


def _unused(page: bytes, header: int) -> list[tuple[int, int]]:
    """From where to where a b-tree's page holds nothing; of any other page, or one that is damaged, nowhere."""
    length = _TREE_PAGES.get(page[header]) if len(page) > header else None
    if length is None:
        return []
    block, cells, content = (_number(page, header + at) for at in (1, 3, 5))
    start, content = header + length + 2 * cells, content or 65_536
    if not start <= content <= len(page):
        return []
    found = [(start, content)]
    while block:
        after, size = _number(page, block), _number(page, block + 2)
        if not content <= block <= block + size <= len(page) or (after and after < block + size):
            return []
        found.append((block + 4, block + size))
        block = after
    return found


def _number(page: bytes, at: int) -> int:
    return int.from_bytes(page[at : at + 2], "big")
