"""Unix sockets whose path may be longer than the system takes."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_PATH_BYTES_MAX: Final = 100
"""The longest path of a Unix socket that every system accepts, in bytes."""


@contextlib.contextmanager
def short(path: Path) -> Iterator[str]:
    """A path to the same socket that is short enough for the system."""
    whole = str(path)
    if len(os.fsencode(whole)) <= _PATH_BYTES_MAX or not Path("/proc/self/fd").is_dir():
        yield whole
        return
    folder = os.open(path.parent, os.O_PATH)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
