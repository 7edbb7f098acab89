"""Pictures in boxes (ISO 14496-12, as AVIF and HEIC are): what tells becomes zeros, and nothing else moves."""

import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

_KEPT: Final[Mapping[bytes, frozenset[bytes]]] = {
    b"": frozenset((b"ftyp", b"meta", b"moov", b"mdat")),
    b"meta": frozenset(b"hdlr pitm iinf iloc iref iprp idat grpl dinf".split()),
    b"iprp": frozenset((b"ipco", b"ipma")),
    b"moov": frozenset((b"mvhd", b"trak")),
    b"trak": frozenset(b"tkhd tref edts mdia".split()),
    b"mdia": frozenset(b"mdhd hdlr elng minf".split()),
    b"minf": frozenset(b"vmhd nmhd dinf stbl".split()),
    b"stbl": frozenset(b"stsd stts ctts cslg stss stsh sdtp stsz stsc stco co64 sgpd sbgp subs".split()),
}
"""The children kept in each box ("" is the whole file): those that show the picture, or that it moves.
All else becomes `free`: makers' own, XMP, films beside the picture, and what nobody here knows."""
_EMPTIED: Final = frozenset((b"uuid", b"udta", b"udes", b"free", b"skip"))
"""The item properties that are removed; the many others are needed to show the picture right."""
_SHOWN: Final = frozenset((b"pict", b"auxv", b"vide"))
"""The handlers of tracks that are seen (ISO 23008-12, 7.2; 14496-12, 12.1)."""
_TELLING: Final = frozenset((b"Exif", b"mime", b"uri "))
"""The types of a picture's items that are metadata; XMP is one of `mime`."""
_TABLES: Final = frozenset((b"stsz", b"stsc", b"stco", b"co64"))
"""The tables that locate a track's samples."""
_SIZES: Final = frozenset((0, 4, 8))
_STEPS_MAX: Final = 400_000
"""The most boxes, extents, chunks and samples that are parsed; a film of hours has fewer."""

_Range = tuple[int, int]
"""The start and the end of a range of bytes."""


class _Box(NamedTuple):
    name: bytes
    start: int
    body: int
    end: int


def blanked(data: bytes) -> bytes:
    """With zeros for all metadata. A ValueError or struct.error says that the boxes can't be told from each other."""
    return _Blanking(data).done()


class _Blanking:
    """The blanking of one picture: what its boxes declare, and which bytes stay."""

    def __init__(self, data: bytes) -> None:
        self._data, self._out = data, bytearray(data)
        self._steps = 0
        self._stores: list[_Range] = []
        """The boxes that store the bytes of items and tracks."""
        self._named: list[_Range] = []
        """The visible ones of them."""
        self._telling: list[_Range] = []

    def done(self) -> bytes:
        boxes = self._inner(b"", 0, len(self._data))
        if not {b"meta", b"moov"} & {box.name for box in boxes}:
            raise ValueError("no picture")
        for box in boxes:
            if box.name == b"meta":
                self._meta(box)
            elif box.name == b"moov":
                self._moov(box)
            elif box.name == b"mdat":
                self._stores.append((box.body, box.end))
        for start, end in self._unnamed():
            self._zero(start, end)
        for start, end in _merged(self._telling):
            self._zero(start, end)
        return bytes(self._out)

    def _unnamed(self) -> Iterator[_Range]:
        """The bytes in the items' and tracks' storage that no visible item or track uses."""
        named = iter([*_merged(self._named), (len(self._data), len(self._data))])
        start, end = next(named)
        for place, until in _merged(self._stores):
            while place < until:
                while end <= place < len(self._data):
                    start, end = next(named)
                yield place, min(max(place, start), until)
                place = end if start < until else until

    # Boxes

    def _count(self, steps: int = 1) -> None:
        self._steps += steps
        if self._steps > _STEPS_MAX:
            raise ValueError("more parts than any picture has")

    def _boxes(self, place: int, end: int) -> Iterator[_Box]:
        while place < end:
            self._count()
            size, name = struct.unpack_from(">I4s", self._data, place)
            body = place + 8
            if size == 1:
                (size,) = struct.unpack_from(">Q", self._data, body)
                body += 8
            until = place + size if size else end
            if not body <= until <= end:
                raise ValueError("a box that is cut")
            yield _Box(name, place, body, until)
            place = until

    def _inner(self, name: bytes, place: int, end: int) -> list[_Box]:
        """The boxes that stay in one of this name; the others go."""
        kept = []
        for box in self._boxes(place, end):
            if box.name in _KEPT[name]:
                kept.append(box)
            else:
                self._free(box)
        return kept

    def _one_each(self, name: bytes, place: int, end: int) -> dict[bytes, _Box]:
        """The same, where two of one name would be understood in two ways."""
        boxes = self._inner(name, place, end)
        found = {box.name: box for box in boxes}
        if len(found) < len(boxes):
            raise ValueError("two boxes for one thing")
        return found

    def _free(self, box: _Box) -> None:
        self._out[box.start + 4 : box.start + 8] = b"free"
        self._zero(box.body, box.end)

    def _zero(self, start: int, end: int) -> None:
        if start < end:
            self._out[start:end] = bytes(end - start)

    def _hush(self, handler: _Box) -> None:
        """Blank the handler's name, which programs choose (14496-12, 8.4.3)."""
        self._zero(handler.body + 24, handler.end)

    # The picture's own items (8.11)

    def _meta(self, meta: _Box) -> None:
        inner = self._one_each(b"meta", meta.body + 4, meta.end)
        if b"iinf" not in inner or b"iloc" not in inner:
            raise ValueError("no items")
        if b"hdlr" in inner:
            self._hush(inner[b"hdlr"])
        if b"iprp" in inner:
            self._properties(inner[b"iprp"])
        idat = inner.get(b"idat")
        if idat:
            self._stores.append((idat.body, idat.end))
        telling = self._telling_items(inner[b"iinf"])
        for item, start, size in self._extents(inner[b"iloc"], idat.body if idat else len(self._data)):
            if item not in telling:
                self._named.append((start, start + size))
            elif not size or start + size > len(self._data):
                raise ValueError("an item that is cut")
            else:
                self._telling.append((start, start + size))

    def _properties(self, iprp: _Box) -> None:
        for box in self._inner(b"iprp", iprp.body, iprp.end):
            if box.name == b"ipco":
                for one in self._boxes(box.body, box.end):
                    if one.name in _EMPTIED:
                        self._free(one)

    def _telling_items(self, iinf: _Box) -> set[int]:
        """The numbers of those that are metadata; of all others the names go."""
        found, data = set(), self._data
        for box in self._boxes(iinf.body + (8 if data[iinf.body] else 6), iinf.end):
            version = data[box.body]
            if version < 2:
                raise ValueError("items of no type")
            number, kind = struct.unpack_from(">I2x4s" if version > 2 else ">H2x4s", data, box.body + 4)
            place = box.body + (10 if version > 2 else 8)
            if kind in _TELLING:
                found.add(number)
                # Of a type that nobody knows, so that nobody tries to read the zeros.
                self._out[place : place + 4] = b"free"
            self._zero(place + 4, box.end)
        return found

    def _extents(self, iloc: _Box, origin: int) -> Iterator[tuple[int, int, int]]:
        """Each piece of each item, as (item, where it begins, its length)."""
        table = _Table(self._data, iloc)
        version = table.number(1)
        table.number(3)
        sizes = table.number(2)
        offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
        index_size = sizes & 15 if version else 0
        if not {offset_size, length_size, base_size, index_size} <= _SIZES:
            raise ValueError("numbers of no size")
        wide = 4 if version > 1 else 2
        for _ in range(table.number(wide)):
            item = table.number(wide)
            method = table.number(2) & 15 if version else 0
            table.number(2)
            base = table.number(base_size) + (origin if method == 1 else 0)
            extents = table.number(2)
            # Else a few bytes would name any number of them.
            if extents and not length_size:
                raise ValueError("extents without a length")
            self._count(extents + 1)
            for _ in range(extents):
                table.number(index_size)
                start = base + table.number(offset_size)
                yield item, start, table.number(length_size) if method < 2 else 0

    # Tracks: what moves (8.3 to 8.7)

    def _moov(self, moov: _Box) -> None:
        for track in self._inner(b"moov", moov.body, moov.end):
            if track.name == b"trak":
                self._track(track)

    def _track(self, track: _Box) -> None:
        media = self._one_each(b"trak", track.body, track.end).get(b"mdia")
        parts = self._one_each(b"mdia", media.body, media.end) if media else {}
        handler, inner = parts.get(b"hdlr"), parts.get(b"minf")
        if handler is None or inner is None or self._kind(handler) not in _SHOWN:
            self._free(track)
            return
        self._hush(handler)
        samples = self._one_each(b"minf", inner.body, inner.end).get(b"stbl")
        if samples is None:
            raise ValueError("a track without samples")
        self._named += self._chunks(self._inner(b"stbl", samples.body, samples.end))

    def _kind(self, handler: _Box) -> bytes:
        return self._data[handler.body + 8 : handler.body + 12]

    def _chunks(self, boxes: list[_Box]) -> Iterator[_Range]:
        """The ranges of a track's samples: so many in each chunk, one after the other."""
        tables = {box.name: box for box in boxes if box.name in _TABLES}
        wide = b"co64" in tables
        if len(tables) != 3 or sum(box.name in _TABLES for box in boxes) != 3:
            raise ValueError("a track whose samples lie nowhere, or in two places")
        runs = self._numbers(tables[b"stsc"], 12)
        sizes = _Table(self._data, tables[b"stsz"])
        sizes.number(4)
        size = sizes.number(4)
        sizes.number(4)
        run = -1
        for number, place in enumerate(
            self._numbers(tables[b"co64" if wide else b"stco"], 8 if wide else 4), 1
        ):
            # Of each run: its first chunk, how many samples are in one, and which description is theirs.
            while run + 1 < len(runs) and runs[run + 1] >> 64 <= number:
                run += 1
            many = runs[run] >> 32 & 0xFFFF_FFFF if run >= 0 else 0
            self._count(0 if size else many)
            yield place, place + (many * size if size else sum(sizes.number(4) for _ in range(many)))

    def _numbers(self, box: _Box, size: int) -> list[int]:
        """A table's entries, each as one number."""
        table = _Table(self._data, box)
        table.number(4)
        many = table.number(4)
        self._count(many)
        return [table.number(size) for _ in range(many)]


class _Table:
    """The numbers in a box, one after the other."""

    def __init__(self, data: bytes, box: _Box) -> None:
        self._data, self._place, self._end = data, box.body, box.end

    def number(self, size: int) -> int:
        if self._place + size > self._end:
            raise ValueError("a table that is cut")
        self._place += size
        return int.from_bytes(self._data[self._place - size : self._place])


def _merged(ranges: Iterable[_Range]) -> list[_Range]:
    """In order, and none of them over another; so that each byte is written once."""
    found: list[_Range] = []
    for start, end in sorted(ranges):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
