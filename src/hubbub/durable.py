"""Files that are whole and on disk when a call returns, and that only their owner may read.

The content is on disk before it gets its name, and the name before the call returns. Where anything fails, that is
raised: the name is what it was before, or that of the whole new file where only its being on disk is not sure. What was
half written is taken away.
"""

import os
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def write(file: Path, pieces: Iterable[bytes]) -> None:
    """Put a new file in the place of what has the name, if anything has."""
    # Made with the rights 0600.
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.writelines(pieces)
            stream.flush()
            os.fsync(handle)
        part.replace(file)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)


def publish(part: Path, file: Path) -> None:
    """Rename a finished file to its final name, durably."""
    sync(part)
    part.replace(file)
    sync_folder(file.parent)


def sync(file: Path) -> None:
    """Let what a file holds be on disk."""
    # Windows syncs only what may be written.
    _sync(file, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)


def sync_folder(folder: Path) -> None:
    """Let the names in a folder be on disk; Windows does that by itself, and opens no folder."""
    if sys.platform != "win32":
        _sync(folder, os.O_RDONLY)


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
