"""A file's media type, by its content: browsers show what runs nothing, and download all else."""

import codecs
import re
from typing import Final

BINARY: Final = "application/octet-stream"
TEXT: Final = "text/plain; charset=utf-8"
HEIC: Final = "image/heic"

_SIGNATURES: Final = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"....ftyp(?:avif|avis)", re.DOTALL), "image/avif"),
    (re.compile(rb"....ftyp(?:crx )", re.DOTALL), BINARY),
    (re.compile(rb"....ftyp(?:M4A |M4B )", re.DOTALL), "audio/mp4"),
    (re.compile(rb"....ftypqt  ", re.DOTALL), "video/quicktime"),
    (re.compile(rb"....ftyp", re.DOTALL), "video/mp4"),
    (re.compile(rb"\x1aE\xdf\xa3"), "video/webm"),
    (re.compile(rb"OggS.{24}(?:\x01vorbis|OpusHead)", re.DOTALL), "audio/ogg"),
    (re.compile(rb"OggS"), "video/ogg"),
    (re.compile(rb"ID3|\xff[\xfb\xf3\xf2]"), "audio/mpeg"),
    (re.compile(rb"fLaC"), "audio/flac"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav"),
)
_HEIF: Final = frozenset(
    b"mif1 mif2 mif3 msf1 miaf heic heix heim heis hevc hevx hevm hevs avci avcs avif avis j2ki j2is".split()
    + b"jpeg jpgs vvic vvis evbi evbs unif MiHA MiHB MiHE MiPr MA1A MA1B geo1 pred 1pic".split()
)
"""The brands of pictures in boxes (ISO 23008-12, annexes; 23000-22): no film has one."""
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

THUMBNAILED: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def kind_of(beginning: bytes) -> str:
    """The media type, of the first 4 KiB. What could hold a script, such as HTML or SVG, is text or nothing known."""
    for signature, kind in _SIGNATURES:
        if signature.match(beginning):
            return HEIC if kind.startswith("video/") and _is_heif(beginning) else kind
    return TEXT if beginning and _is_text(beginning) else BINARY


def _is_heif(beginning: bytes) -> bool:
    """Whether one of its brands is a picture's, be it the first or one of those that it is compatible with."""
    end = min(int.from_bytes(beginning[:4]), len(beginning))
    brands = {beginning[place : place + 4] for place in (8, *range(16, end, 4))}
    return beginning[4:8] == b"ftyp" and bool(brands & _HEIF)


def _is_text(beginning: bytes) -> bool:
    if _CONTROL.search(beginning):
        return False
    try:
        # The last character may be cut: that is no mistake yet.
        codecs.getincrementaldecoder("utf-8")().decode(beginning)
    except UnicodeDecodeError:
        return False
    return True


def is_shown(kind: str) -> bool:
    """Whether a browser may show it in place; text is downloaded, so that nothing guesses what else it might be."""
    # Of pictures, HEIC is shown by hardly any.
    return kind.startswith(("image/", "audio/", "video/")) and kind != HEIC
