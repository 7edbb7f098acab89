"""The process that reads pictures: asked with paths, it cleans, shrinks or redraws them."""

import io
import json
import os
import resource
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from hubbub.web.emoji_picture import draw
from hubbub.web.media_types import kind_of
from hubbub.web.picture_metadata import UPRIGHT, Unreadable, held, is_lossless, scans, strip
from hubbub.web.thumbnail_worker import PICTURE_BYTES_MAX, is_decoded, shrink

MEMORY_BYTES_MAX: Final = 1 << 30

_FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


def clean(source: Path, target: Path) -> bool:
    """Whether the picture without metadata, the right way up, is at `target` now."""
    try:
        if source.stat().st_size > PICTURE_BYTES_MAX:
            return False
        data = cleaned(source.read_bytes())
        with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(data)
    except (Unreadable, OSError, MemoryError):
        return False
    return True


def cleaned(data: bytes) -> bytes:
    """A picture as it is kept. Only one that is not upright is decoded, and where that fails it keeps that one word."""
    kind = kind_of(data[:4096])
    stripped = strip(kind, data)
    if stripped.orientation == UPRIGHT:
        return stripped.data
    turned = _turned(kind, stripped.data, stripped.orientation)
    return strip(kind, turned).data if turned else held(kind, stripped.data, stripped.orientation)


def _turned(kind: str, data: bytes, orientation: int) -> bytes | None:
    """The right way up, as good as it was; None where it is too large, moves, or would lose more than it must."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(held(kind, data, orientation)), formats=(_FORMATS[kind],)) as opened:
            is_deep = kind == "image/png" and data[24] > 8
            times = scans(data) if kind == "image/jpeg" else 1
            if not is_decoded(opened.width, opened.height, times) or _moves(opened) or is_deep:
                return None
            options = _options(kind, data, opened)
            upright = ImageOps.exif_transpose(opened)
            out = io.BytesIO()
            upright.save(out, _FORMATS[kind], icc_profile=opened.info.get("icc_profile"), **options)
            return out.getvalue()
    except Exception:
        # Whatever is wrong with somebody's pixels: they stay as they are.
        return None


def _moves(opened: Any) -> bool:
    return getattr(opened, "n_frames", 1) > 1


def _options(kind: str, data: bytes, opened: Any) -> dict[str, Any]:
    """So that turning loses as little as can be: of JPEG the same tables, of WebP nothing where nothing was lost."""
    if kind == "image/jpeg":
        from PIL.JpegImagePlugin import get_sampling

        return {"qtables": opened.quantization, "subsampling": get_sampling(opened)}
    return {"lossless": is_lossless(data), "quality": 95} if kind == "image/webp" else {}


def answer(do: Callable[[Path, Path], bool]) -> None:
    """Serve jobs for pairs of paths, within bounds, until the asker is gone.

    A line asks with `[number, source, target]` in JSON, and is answered with the same number.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    for line in sys.stdin:
        number, source, target = json.loads(line)
        print(number, "made" if do(Path(source), Path(target)) else "not", flush=True)


JOBS: Final[Mapping[str, Callable[[Path, Path], bool]]] = {"clean": clean, "shrink": shrink, "emoji": draw}

if __name__ == "__main__":
    answer(JOBS[sys.argv[1]])
