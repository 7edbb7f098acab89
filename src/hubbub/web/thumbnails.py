"""Small forms of pictures, made in a process of its own: a picture that breaks the reader breaks nothing else."""

import asyncio
import logging
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Final

log = logging.getLogger("hubbub")

SIDE_MAX: Final = 720
"""Pixels of the longer side."""
PIXELS_MAX: Final = 50_000_000
"""A picture of more pixels is not opened: a small file may hold a huge one."""
MEMORY_BYTES_MAX: Final = 1 << 30
SECONDS_MAX: Final = 20
WAITING_MAX: Final = 50
"""How many may wait to be made; more are shown as they are."""


class Thumbnails:
    """Makes one at a time."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._waiting = 0

    async def make(self, source: Path, target: Path) -> bool:
        """Whether there is a small form at `target` now."""
        if self._waiting >= WAITING_MAX:
            return False
        self._waiting += 1
        try:
            if self._pool is None:
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(1, context, initializer=_confine)
            work = asyncio.get_running_loop().run_in_executor(self._pool, _make, str(source), str(target))
            return await asyncio.wait_for(work, SECONDS_MAX)
        except (BrokenProcessPool, TimeoutError):
            log.warning("A picture could not be made small; it is shown as it is")
            self.stop()
            return False
        finally:
            self._waiting -= 1

    def stop(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            # One that hangs would be waited for.
            for process in list((pool._processes or {}).values()):
                process.kill()
            pool.shutdown(wait=False, cancel_futures=True)


def _confine() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (600, 600))


def _make(source: str, target: str) -> bool:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    part = f"{target}.part"
    try:
        with Image.open(source, formats=("PNG", "JPEG", "GIF", "WEBP")) as opened:
            if opened.width * opened.height > PIXELS_MAX:
                return False
            small = ImageOps.exif_transpose(opened)
            small.thumbnail((SIDE_MAX, SIDE_MAX))
            mode = "RGBA" if "A" in small.getbands() or "transparency" in small.info else "RGB"
            small.convert(mode).save(part, "WEBP", quality=82)
        os.replace(part, target)  # noqa: PTH105
    except Exception:
        # Whatever is wrong with somebody's picture: it is shown as it is, or not at all.
        Path(part).unlink(missing_ok=True)
        return False
    return True
