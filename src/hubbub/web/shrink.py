"""The process that makes pictures small: it reads pairs of paths and answers each, as long as somebody asks."""

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

SIDE_MAX: Final = 720
"""Pixels of the longer side."""
PIXELS_MAX: Final = 50_000_000
"""A picture of more pixels is not opened: a small file may hold a huge one."""
MEMORY_BYTES_MAX: Final = 1 << 30


def shrink(source: Path, target: Path) -> bool:
    """Whether the small form of the picture is at `target` now."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    part = target.with_name(f"{target.name}.part")
    try:
        with Image.open(source, formats=("PNG", "JPEG", "GIF", "WEBP")) as opened:
            if opened.width * opened.height > PIXELS_MAX:
                return False
            small = ImageOps.exif_transpose(opened)
            small.thumbnail((SIDE_MAX, SIDE_MAX))
            mode = "RGBA" if "A" in small.getbands() or "transparency" in small.info else "RGB"
            small.convert(mode).save(part, "WEBP", quality=82)
        part.replace(target)
    except Exception:
        # Whatever is wrong with somebody's picture: it is shown as it is, or not at all.
        part.unlink(missing_ok=True)
        return False
    return True


def answer(do: Callable[[Path, Path], bool]) -> None:
    """Do what is asked for with each pair of paths, within bounds, until whoever asks is gone."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    for line in sys.stdin:
        source, target = json.loads(line)
        print("made" if do(Path(source), Path(target)) else "not", flush=True)


if __name__ == "__main__":
    answer(shrink)
