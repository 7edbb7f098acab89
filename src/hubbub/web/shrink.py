"""Small forms of pictures, made in the process that reads pictures."""

from pathlib import Path
from typing import Final

from hubbub.web.kinds import kind_of
from hubbub.web.picture_metadata import strip

SIDE_MAX: Final = 720
"""Pixels of the longer side."""
PIXELS_MAX: Final = 50_000_000
"""A picture of more pixels is not opened: a small file may hold a huge one."""
PICTURE_BYTES_MAX: Final = 200_000_000
"""A longer one is not read: it would not fit into what the process may take."""


def shrink(source: Path, target: Path) -> bool:
    """Whether the small form of the picture is at `target` now."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    try:
        if _costs_too_much(source):
            return False
        with Image.open(source, formats=("PNG", "JPEG", "GIF", "WEBP")) as opened:
            if opened.width * opened.height > PIXELS_MAX:
                return False
            small = ImageOps.exif_transpose(opened)
            small.thumbnail((SIDE_MAX, SIDE_MAX))
            mode = "RGBA" if "A" in small.getbands() or "transparency" in small.info else "RGB"
            small.convert(mode).save(target, "WEBP", quality=82)
    except Exception:
        # Whatever is wrong with somebody's picture: it is shown as it is, or not at all.
        return False
    return True


def _costs_too_much(source: Path) -> bool:
    """Also a picture that was kept as it came, or that came from elsewhere.

    Raises Unreadable for a JPEG of many scans.
    """
    if source.stat().st_size > PICTURE_BYTES_MAX:
        return True
    with source.open("rb") as file:
        if kind_of(file.read(4096)) == "image/jpeg":
            file.seek(0)
            strip("image/jpeg", file.read())
    return False
