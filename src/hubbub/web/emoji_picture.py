"""The picture of a custom emoji: whatever was sent is drawn anew, small, without anything but its pixels."""

import io
from pathlib import Path
from typing import Any, Final

SENT_BYTES_MAX: Final = 512 << 10
"""The largest picture that may be uploaded as an emoji."""
SIDE_MAX: Final = 128
"""Pixels of the longer side of what is kept."""
KEPT_BYTES_MAX: Final = 256 << 10
FRAMES_MAX: Final = 200
PIXELS_MAX: Final = 50_000_000
"""Of all frames together: no more are decoded."""
FORMATS: Final = ("PNG", "GIF", "WEBP")

_TRIES: Final = ((SIDE_MAX, 80), (SIDE_MAX, 50), (SIDE_MAX // 2, 50))
"""The side, and the quality of one that moves, until it is small enough."""


def draw(source: Path, target: Path) -> bool:
    """Whether the picture of an emoji, as WebP, is at `target` now; one that moves goes on moving."""
    try:
        if source.stat().st_size > SENT_BYTES_MAX:
            return False
        for side, quality in _TRIES:
            drawn = _drawn(source, side, quality)
            if len(drawn) <= KEPT_BYTES_MAX:
                target.write_bytes(drawn)
                return True
    except Exception:
        # Whatever is wrong with somebody's picture: it becomes no emoji.
        return False
    return False


def _drawn(source: Path, side: int, quality: int) -> bytes:
    """Raises ValueError for a picture that is too large, and whatever Pillow raises for none."""
    from PIL import Image, ImageSequence

    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    with Image.open(source, formats=FORMATS) as opened:
        number = getattr(opened, "n_frames", 1)
        if number > FRAMES_MAX or opened.width * opened.height * number > PIXELS_MAX:
            raise ValueError
        frames: list[Any] = []
        durations: list[int] = []
        pixels = 0
        for frame in ImageSequence.Iterator(opened):
            # A frame of a GIF may be larger than the picture says that it is.
            pixels += frame.width * frame.height
            if pixels > PIXELS_MAX:
                raise ValueError
            small = frame.convert("RGBA")
            small.thumbnail((side, side))
            frames.append(small)
            durations.append(int(frame.info.get("duration", 0)) or 100)
    out = io.BytesIO()
    if len(frames) == 1:
        frames[0].save(out, "WEBP", lossless=True)
    else:
        more = {"append_images": frames[1:], "duration": durations, "loop": 0}
        frames[0].save(out, "WEBP", save_all=True, quality=quality, **more)
    return out.getvalue()
