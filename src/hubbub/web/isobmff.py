"""Pictures in boxes (ISO 14496-12, as AVIF and HEIC are): their metadata becomes zeros, and nothing else moves."""

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

_EMPTIED: Final = frozenset((b"uuid", b"udta", b"udes", b"free", b"skip"))
"""XMP and makers' own, what users have noted, and what may stand anywhere and means nothing."""
_ENTERED: Final = frozenset((b"moov", b"trak", b"iprp", b"ipco"))
_TELLING: Final = frozenset((b"Exif", b"mime", b"uri "))
"""The types of a picture's items that are metadata; XMP is one of `mime`."""
_DEPTH_MAX: Final = 8


class _Box(NamedTuple):
    name: bytes
    start: int
    body: int
    end: int


def blanked(data: bytes) -> bytes:
    """With zeros for all metadata. A ValueError or struct.error says that the boxes can't be told from each other."""
    out = bytearray(data)
    _blank(data, out, 0, len(data), 0)
    return bytes(out)


def _blank(data: bytes, out: bytearray, place: int, end: int, depth: int) -> None:
    if depth > _DEPTH_MAX:
        raise ValueError("boxes in too many boxes")
    for box in _boxes(data, place, end):
        if box.name in _EMPTIED or (box.name == b"meta" and depth):
            out[box.start + 4 : box.start + 8] = b"free"
            out[box.body : box.end] = bytes(box.end - box.body)
        elif box.name in _ENTERED:
            _blank(data, out, box.body, box.end, depth + 1)
        elif box.name == b"meta":
            _blank_items(data, out, box)


def _boxes(data: bytes, place: int, end: int) -> Iterator[_Box]:
    while place < end:
        size, name = struct.unpack_from(">I4s", data, place)
        body = place + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, body)
            body += 8
        until = place + size if size else end
        if not body <= until <= end:
            raise ValueError("a box that is cut")
        yield _Box(name, place, body, until)
        place = until


def _blank_items(data: bytes, out: bytearray, meta: _Box) -> None:
    """Of the picture's own `meta`: the items that tell, wherever they lie (8.11)."""
    inner = {box.name: box for box in _boxes(data, meta.body + 4, meta.end)}
    _blank(data, out, meta.body + 4, meta.end, 1)
    if b"iinf" not in inner or b"iloc" not in inner:
        raise ValueError("no items")
    telling = dict(_telling_items(data, inner[b"iinf"]))
    for place in telling.values():
        # Of a type that nobody knows, so that nobody tries to read the zeros.
        out[place : place + 4] = b"free"
    origin = inner[b"idat"].body if b"idat" in inner else len(data)
    for item, start, size in _extents(data, inner[b"iloc"], origin):
        if item in telling:
            if not size or start + size > len(data):
                raise ValueError("an item that is cut")
            out[start : start + size] = bytes(size)


def _telling_items(data: bytes, iinf: _Box) -> Iterator[tuple[int, int]]:
    """The number of each, and where its type stands."""
    wide = data[iinf.body] > 0
    for box in _boxes(data, iinf.body + (8 if wide else 6), iinf.end):
        version = data[box.body]
        if version < 2:
            raise ValueError("items of no type")
        number, kind = struct.unpack_from(">I2x4s" if version > 2 else ">H2x4s", data, box.body + 4)
        if kind in _TELLING:
            yield number, box.body + (10 if version > 2 else 8)


def _extents(data: bytes, iloc: _Box, origin: int) -> Iterator[tuple[int, int, int]]:
    """Each piece of each item, as (item, where it begins, its length)."""
    version, place = data[iloc.body], iloc.body + 4
    sizes = int.from_bytes(data[place : place + 2])
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    place += 2

    def number(size: int) -> int:
        nonlocal place
        if place + size > iloc.end:
            raise ValueError("a table that is cut")
        place += size
        return int.from_bytes(data[place - size : place])

    wide = 4 if version > 1 else 2
    for _ in range(number(wide)):
        item = number(wide)
        method = number(2) & 15 if version else 0
        number(2)
        base = number(base_size) + (origin if method == 1 else 0)
        for _ in range(number(2)):
            number(index_size)
            start = base + number(offset_size)
            yield (item, start, number(length_size) if method < 2 else 0)
