"""Boxes of pictures: what belongs to nothing that is seen goes, and no few bytes keep their reader busy."""

import struct

import pytest

from hubbub.web import isobmff
from hubbub.web.isobmff import blanked
from tests.opcodes import counting
from tests.web.pictures import SECRET, box

FTYP = box(b"ftyp", b"avif\0\0\0\0")
PLACE = len(FTYP) + 8
"""Where the bytes of a box behind it begin."""


def _full(name: bytes, *bodies: bytes) -> bytes:
    """With a version and flags, all zero (14496-12, 4.2)."""
    return box(name, bytes(4), *bodies)


def _item(number: int, kind: bytes, name: bytes = b"") -> bytes:
    return box(b"infe", b"\2\0\0\0", struct.pack(">HH4s", number, 0, kind), name, b"\0")


def _meta(items: list[bytes], iloc: bytes, *more: bytes) -> bytes:
    iinf = _full(b"iinf", struct.pack(">H", len(items)), *items)
    handler = _full(b"hdlr", bytes(4), b"pict", bytes(12), SECRET, b"\0")
    return _full(b"meta", handler, iinf, iloc, *more)


def _iloc(*items: tuple[int, int, int]) -> bytes:
    """One extent each: the item, its place in the file and its length, in four bytes each."""
    rows = (struct.pack(">HHHII", number, 0, 1, place, size) for number, place, size in items)
    return _full(b"iloc", b"\x44\0", struct.pack(">H", len(items)), *rows)


def _nothing() -> bytes:
    return _meta([], _full(b"iloc", b"\x44\0\0\0"))


def _track(handler: bytes, places: list[int], *, sizes: bytes, offsets: bytes = b"stco") -> bytes:
    """Two samples in the first chunk, one in each of the others."""
    runs = _full(b"stsc", struct.pack(">7I", 2, 1, 2, 1, 2, 1, 1))
    form = f">I{len(places)}{'Q' if offsets == b'co64' else 'I'}"
    chunks = _full(offsets, struct.pack(form, len(places), *places))
    stbl = box(b"stbl", runs, chunks, _full(b"stsz", sizes), box(b"udta", SECRET))
    named = _full(b"hdlr", bytes(4), handler, bytes(12), SECRET, b"\0")
    media = box(b"mdia", named, box(b"minf", stbl, box(b"name", SECRET)), box(b"what", SECRET))
    return box(b"trak", media, box(b"udta", SECRET))


@pytest.mark.parametrize("offsets", [b"stco", b"co64"])
@pytest.mark.parametrize(
    ("handler", "kept"), [(b"pict", b"AABBB.C"), (b"auxv", b"AABBB.C"), (b"meta", b".......")]
)
def test_of_items_and_tracks_stays_what_is_seen(handler: bytes, kept: bytes, offsets: bytes) -> None:
    """The bytes between them go, in which a picture could carry whatever it likes."""
    items = _meta([_item(1, b"av01", SECRET), _item(2, b"Exif")], _iloc((1, PLACE + 9, 4), (2, PLACE + 7, 2)))
    sizes = struct.pack(">6I", 0, 3, 2, 3, 1, 0)
    track = _track(handler, [PLACE, PLACE + 6], sizes=sizes, offsets=offsets)
    whole = FTYP + box(b"mdat", b"AABBB#C##ITEM", SECRET) + items + box(b"moov", track, box(b"udta", SECRET))
    after = blanked(whole)
    assert after[PLACE:].startswith((kept + b"..ITEM.").replace(b".", b"\0"))
    assert SECRET not in after and len(after) == len(whole) and blanked(after) == after


def test_samples_of_one_size() -> None:
    track = _track(b"pict", [PLACE, PLACE + 9], sizes=struct.pack(">II", 4, 3))
    after = blanked(FTYP + box(b"mdat", b"AAAABBBB#CCCC##") + box(b"moov", track))
    assert after[PLACE:].startswith(b"AAAABBBB\0CCCC\0\0")


def test_items_within_their_own_box() -> None:
    """ISO 14496-12, 8.11.11: what belongs to no item goes from there too."""
    rows = struct.pack(">HHHHII", 1, 1, 0, 1, 2, 4)
    iloc = box(b"iloc", b"\1\0\0\0\x44\0\0\1", rows)
    after = blanked(FTYP + _meta([_item(1, b"grid")], iloc, box(b"idat", b"##GRID", SECRET)))
    assert b"\0\0GRID\0" in after and SECRET not in after


@pytest.mark.parametrize(
    "iloc",
    [
        _full(b"iloc", b"\0\0", struct.pack(">H", 2_000), struct.pack(">HHH", 1, 0, 65_535) * 2_000),
        _full(b"iloc", b"\x40\0", struct.pack(">HHHHI", 1, 1, 0, 1, 0)),
        _full(b"iloc", b"\x35\0\0\1", bytes(100)),
        _full(b"iloc", b"\x44\0", struct.pack(">H", 2_000), struct.pack(">HHH", 1, 0, 65_535) * 2_000),
    ],
    ids=["nothing for each", "no length", "odd sizes", "cut"],
)
def test_extents_that_take_no_bytes(iloc: bytes) -> None:
    """12 kB named 131 million of them."""
    with counting() as count, pytest.raises(ValueError):
        blanked(FTYP + _meta([_item(1, b"Exif")], iloc))
    assert count.opcodes < 100 * len(iloc)


def test_many_extents_over_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte is written once."""
    written = []
    zero = isobmff._Blanking._zero

    def counted(self: isobmff._Blanking, start: int, end: int) -> None:
        written.append(max(0, end - start))
        zero(self, start, end)

    monkeypatch.setattr(isobmff._Blanking, "_zero", counted)
    items = [(number, 100, 50_000) for number in range(1, 1_000)]
    meta = _meta([_item(number, b"Exif") for number, *_ in items], _iloc(*items))
    whole = FTYP + meta + box(b"mdat", b"#" * 60_000)
    blanked(whole)
    assert sum(written) < 3 * len(whole)


@pytest.mark.parametrize(
    "whole",
    [
        FTYP + box(b"free") * 200 + _nothing(),
        FTYP + _meta([_item(number, b"av01") for number in range(200)], _iloc()),
        FTYP + _meta([], _iloc(*((1, 0, 1) for _ in range(200)))),
        FTYP + box(b"moov", _track(b"pict", [0] * 200, sizes=struct.pack(">II", 1, 200))),
        FTYP + box(b"moov", _track(b"pict", [0] * 9, sizes=struct.pack(">II", 0, 200) + bytes(800))) * 20,
    ],
    ids=["boxes", "items", "extents", "chunks", "samples"],
)
def test_more_parts_than_any_picture_has(whole: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    blanked(whole)
    monkeypatch.setattr(isobmff, "_STEPS_MAX", 150)
    with pytest.raises(ValueError, match="more parts"):
        blanked(whole)


@pytest.mark.parametrize(
    "whole",
    [
        FTYP,
        FTYP + _full(b"meta", _full(b"iinf", b"\0\0"), _iloc(), _iloc()),
        FTYP + box(b"moov", _track(b"pict", [], sizes=bytes(8)).replace(b"stsz", b"stz2")),
    ],
    ids=["no picture", "two tables", "no sizes"],
)
def test_what_could_be_understood_in_two_ways(whole: bytes) -> None:
    with pytest.raises(ValueError):
        blanked(whole)
