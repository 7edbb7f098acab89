"""Pictures without what they tell of their sender: their parts are copied or left out, and no pixel is decoded."""

import re
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from hubbub.web.isobmff import blanked

UPRIGHT: Final = 1


class Unreadable(Exception):
    """Not a picture of the kind that it begins like, as far as its parts can be told from each other."""


@dataclass(frozen=True, slots=True)
class Stripped:
    """`orientation` is what Exif said of how the picture is held, 1 to 8 (Exif 2.32, 4.6.4: tag 0x0112)."""

    data: bytes
    orientation: int = UPRIGHT


def strip(kind: str, data: bytes) -> Stripped:
    """A picture without metadata. Kept is what shows it right: colours, profile, animation. Raises Unreadable."""
    try:
        return _STRIPPERS[kind](data)
    except (IndexError, ValueError, struct.error) as error:
        raise Unreadable(str(error)) from None


def held(kind: str, data: bytes, orientation: int) -> bytes:
    """A stripped picture that says how it is held, and nothing else: for one whose pixels can't be turned."""
    return _TAGGERS[kind](data, _one_tag(orientation))


# Exif


def orientation_of(tiff: bytes) -> int:
    """The orientation in a block of Exif; upright if the block cannot be read."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return UPRIGHT
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for place in range(start + 2, start + 2 + 12 * count, 12):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, place)
            if tag == 0x0112:
                return value if 1 <= value <= 8 else UPRIGHT
    except struct.error:
        pass
    return UPRIGHT


def _one_tag(orientation: int) -> bytes:
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)


# JPEG (ITU T.81, annex B)

_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_SCAN: Final = 0xDA
SCANS_MAX: Final = 100
"""Each is decoded over all pixels, and may be a few bytes; a progressive picture has some ten."""
_NEXT_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""The marker that ends a scan's pixels: neither a stuffed byte nor a restart."""


def _jpeg(data: bytes) -> Stripped:
    """Clean a JPEG. Bytes behind the picture's end are dropped: phones put a second picture or a film there."""
    if data[:2] != _SOI:
        raise Unreadable("no beginning")
    kept, place, orientation, scans = [_SOI], 2, UPRIGHT, 0
    while True:
        place = data.index(b"\xff", place)
        while data[place] == 0xFF:
            place += 1
        marker = data[place]
        place += 1
        if marker == 0xD9:
            break
        if marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD8:
            continue
        (length,) = struct.unpack_from(">H", data, place)
        body = data[place + 2 : place + length]
        if length < 2 or len(body) != length - 2:
            raise Unreadable("a segment that is cut")
        place += length
        if marker == 0xE1 and body.startswith(b"Exif\0\0") and orientation == UPRIGHT:
            orientation = orientation_of(body[6:])
        if (segment := _segment(marker, body)) is not None:
            kept.append(struct.pack(">BBH", 0xFF, marker, len(segment) + 2) + segment)
        if marker == _SCAN:
            found = _NEXT_MARKER.search(data, place)
            end = found.start() if found else len(data)
            kept.append(data[place:end])
            place, scans = end, scans + 1
            if scans > SCANS_MAX:
                raise Unreadable("too many scans")
            if not found:
                break
    if not scans:
        raise Unreadable("no pixels")
    return Stripped(b"".join([*kept, _EOI]), orientation)


def scans(data: bytes) -> int:
    """Of a stripped JPEG: how many times its pixels are decoded. No other bytes of it may look like this."""
    return data.count(bytes((0xFF, _SCAN)))


def _segment(marker: int, body: bytes) -> bytes | None:
    """As it is kept. JFIF loses its small picture; of what programs add, the profile and how colours are coded stay."""
    if marker == 0xE0 and body.startswith(b"JFIF\0") and len(body) >= 14:
        return body[:12] + b"\0\0"
    if marker == 0xEE and body.startswith(b"Adobe"):
        return body[:12]
    is_profile = marker == 0xE2 and body.startswith(b"ICC_PROFILE\0")
    return body if is_profile or 0xC0 <= marker <= 0xDF else None


def _jpeg_held(data: bytes, tiff: bytes) -> bytes:
    exif = b"Exif\0\0" + tiff
    return _SOI + struct.pack(">BBH", 0xFF, 0xE1, len(exif) + 2) + exif + data[2:]


# PNG (third edition), 11 and APNG

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEAD_BYTES: Final = len(_SIGNATURE) + 25
_CHUNKS: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs acTL fcTL fdAT".split()
)


def _png(data: bytes) -> Stripped:
    kept, place, orientation = [_SIGNATURE], len(_SIGNATURE), UPRIGHT
    seen: set[bytes] = set()
    while b"IEND" not in seen:
        length, name = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if end > len(data) or (not seen) != (name == b"IHDR"):
            raise Unreadable("a chunk that is cut, or in the wrong place")
        if name == b"eXIf":
            orientation = orientation_of(data[place + 8 : end - 4])
        if name in _CHUNKS:
            kept.append(data[place:end])
        seen.add(name)
        place = end
    if b"IDAT" not in seen:
        raise Unreadable("no pixels")
    return Stripped(b"".join(kept), orientation)


def _png_held(data: bytes, tiff: bytes) -> bytes:
    chunk = b"eXIf" + tiff
    whole = struct.pack(">I", len(tiff)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return data[:_HEAD_BYTES] + whole + data[_HEAD_BYTES:]


# GIF89a

_PROGRAMS: Final = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
"""Of what programs add: how often it is repeated, and the profile."""


def _gif(data: bytes) -> Stripped:
    """Comments and the like are left out, and what follows the end."""
    place = 13 + _colours(data[10])
    kept, has_picture = [data[:place]], False
    while data[place] != 0x3B:
        start = place
        if data[place] == 0x2C:
            place = _blocks_end(data, place + 11 + _colours(data[place + 9]))
            has_picture = True
        elif data[place] == 0x21:
            label, program = data[place + 1], data[place + 3 : place + 14]
            place = _blocks_end(data, place + 2)
            if label != 0xF9 and not (label == 0xFF and program in _PROGRAMS):
                continue
        else:
            raise Unreadable("no block")
        kept.append(data[start:place])
    if not has_picture:
        raise Unreadable("no pixels")
    return Stripped(b"".join([*kept, b";"]))


def _colours(flags: int) -> int:
    """The size of the colour table that the flags announce, in bytes."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _blocks_end(data: bytes, place: int) -> int:
    while size := data[place]:
        place += size + 1
    return place + 1


# WebP (RFC 9649)

_RIFF_KEPT: Final = frozenset((b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_PIXELS: Final = frozenset((b"VP8 ", b"VP8L", b"ANMF"))
_EXIF_FLAG, _XMP_FLAG = 0x08, 0x04
_FRAME_HEAD_BYTES: Final = 16


def _webp(data: bytes) -> Stripped:
    kept, orientation = [], UPRIGHT
    for name, body in _riff(data, 12, min(len(data), 8 + int.from_bytes(data[4:8], "little"))):
        if name == b"EXIF":
            orientation = orientation_of(body.removeprefix(b"Exif\0\0"))
        elif name == b"VP8X":
            kept.append((name, bytes((body[0] & ~(_EXIF_FLAG | _XMP_FLAG),)) + body[1:]))
        elif name == b"ANMF":
            parts = [one for one in _riff(body, _FRAME_HEAD_BYTES, len(body)) if one[0] in _RIFF_KEPT]
            kept.append((name, body[:_FRAME_HEAD_BYTES] + b"".join(map(_chunk, parts))))
        elif name in _RIFF_KEPT:
            kept.append((name, body))
    if not any(name in _PIXELS for name, _ in kept):
        raise Unreadable("no pixels")
    return Stripped(_webp_of(b"".join(map(_chunk, kept))), orientation)


def is_lossless(data: bytes) -> bool:
    """Whether a WebP that does not move holds its pixels as they were."""
    return any(name == b"VP8L" for name, _ in _riff(data, 12, len(data)))


def _riff(data: bytes, place: int, end: int) -> list[tuple[bytes, bytes]]:
    found = []
    while place + 8 <= end:
        name, size = struct.unpack_from("<4sI", data, place)
        body = data[place + 8 : place + 8 + size]
        if len(body) != size:
            raise Unreadable("a chunk that is cut")
        found.append((name, body))
        place += 8 + size + size % 2
    return found


def _chunk(chunk: tuple[bytes, bytes]) -> bytes:
    name, body = chunk
    return struct.pack("<4sI", name, len(body)) + body + bytes(len(body) % 2)


def _webp_of(chunks: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def _webp_held(data: bytes, tiff: bytes) -> bytes:
    """Exif stood in it, so the first chunk is the one whose flags say so."""
    if data[12:16] != b"VP8X":
        raise Unreadable("Exif where none may be")
    flagged = data[12:20] + bytes((data[20] | _EXIF_FLAG,)) + data[21:]
    return _webp_of(flagged + _chunk((b"EXIF", tiff)))


def _boxed(data: bytes) -> Stripped:
    """Clean an ISO picture, whose orientation is not metadata (ISO 23008-12, 6.5.10: `irot`)."""
    return Stripped(blanked(data))


_STRIPPERS: Final[Mapping[str, Callable[[bytes], Stripped]]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/gif": _gif,
    "image/webp": _webp,
    "image/avif": _boxed,
    "image/heic": _boxed,
}
STRIPPED: Final = frozenset(_STRIPPERS)
"""The kinds of pictures that lose their metadata."""

_TAGGERS: Final[Mapping[str, Callable[[bytes, bytes], bytes]]] = {
    "image/jpeg": _jpeg_held,
    "image/png": _png_held,
    "image/webp": _webp_held,
}
