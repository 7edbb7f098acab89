"""Small forms of pictures, made in the process that reads pictures."""

from pathlib import Path
from typing import Final

from hubbub.web.media_types import kind_of
from hubbub.web.picture_metadata import scans, strip

SIDE_MAX: Final = 720
"""Pixels of the longer side."""
PIXELS_MAX: Final = 50_000_000
"""A picture of more pixels is not opened: a small file may hold a huge one."""
PIXELS_DECODED_MAX: Final = 1_000_000_000
"""Nor is one whose scans decode more than these: a progressive picture has some ten, each over all of its pixels."""
PICTURE_BYTES_MAX: Final = 200_000_000
"""A longer one is not read: it would not fit into what the process may take."""


def shrink(source: Path, target: Path) -> bool:
    """Whether the small form of the picture is at `target` now."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    try:
        if source.stat().st_size > PICTURE_BYTES_MAX:
            return False
        with Image.open(source, formats=("PNG", "JPEG", "GIF", "WEBP")) as opened:
            if not is_decoded(opened.width, opened.height, _times(source)):
                return False
            small = ImageOps.exif_transpose(opened)
            small.thumbnail((SIDE_MAX, SIDE_MAX))
            mode = "RGBA" if "A" in small.getbands() or "transparency" in small.info else "RGB"
            small.convert(mode).save(target, "WEBP", quality=82)
    except Exception:
        # Whatever is wrong with somebody's picture: it is shown as it is, or not at all.
        return False
    return True


def is_decoded(width: int, height: int, times: int) -> bool:
    """Whether a picture is one of those that are decoded at all."""
    return width * height <= PIXELS_MAX and width * height * times <= PIXELS_DECODED_MAX


def _times(source: Path) -> int:
    """The number of times that the pixels are decoded. Raises Unreadable for a JPEG of too many scans.

    The picture may have been kept as it came, or come from elsewhere.
    """
    with source.open("rb") as file:
        if kind_of(file.read(4096)) != "image/jpeg":
            return 1
        file.seek(0)
        return scans(strip("image/jpeg", file.read()).data)
