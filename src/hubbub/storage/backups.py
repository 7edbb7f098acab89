"""Backups: each a new file with everything in it, never over anything else but, if that is wished, another backup."""

import os
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from hubbub import durable
from hubbub.invocation import typed

from . import backup_digest, blobs
from .base import StorageError
from .read_only import open_unused, read
from .schema import APPLICATION_ID
from .sqlite_errors import SQLITE_ERRORS

FOLDER: Final = "backups"
"""The one place in the data folder where a backup may be."""


def make(database: Path, target: Path, replace: bool = False) -> int:
    """Copy everything into `target`, also beside a running server; how many files' bytes could not be copied.

    With `replace` another backup may be there. Made beside it first, so that a half one is never taken for a whole one.
    """
    target = _allowed(target, database.parent, replace)
    try:
        part = _new_file(target.parent)
        try:
            left_out = _write(database, part)
            _publish(part, target, replace)
        finally:
            part.unlink(missing_ok=True)
    except FileExistsError:
        raise _exists(target) from None
    except (OSError, *SQLITE_ERRORS) as error:
        raise StorageError(f"The backup {target} can't be written: {error}.") from None
    return left_out


def left_out(number: int) -> str:
    """The warning about a backup in which the bytes of some files are missing."""
    return f"The backup lacks {number} of the files, because their content is missing or damaged."


def _write(database: Path, part: Path) -> int:
    with closing(sqlite3.connect(part)) as copy:
        read(database, lambda source: source.backup(copy))
        # Without a log beside it, so that it can be read where nothing can be written.
        copy.execute("PRAGMA journal_mode = DELETE")
        left_out = blobs.pack(copy, database.parent / blobs.FOLDER)
        backup_digest.write(copy)
    durable.sync(part)
    return left_out


def _allowed(target: Path, data: Path, replace: bool) -> Path:
    """The real path of the backup. Raises StorageError where it would overwrite data."""
    try:
        real = target.resolve()
        if _is_data(real, data):
            raise StorageError(
                f"{target} is inside the data folder. Choose a place outside {data}, or in {data / FOLDER}."
            )
        if real.is_dir():
            raise StorageError(f"{target} is a folder. Write the name of a new file.")
        if real.parent.name == FOLDER and real.parent.parent.samefile(data):
            real.parent.mkdir(mode=0o700, exist_ok=True)
        if not real.parent.is_dir():
            raise StorageError(f"There is no folder {real.parent}. Create it first, or choose another one.")
        if os.path.lexists(real) and not replace:
            raise _exists(target)
        if os.path.lexists(real) and not (real.is_file() and is_backup(real)):
            raise StorageError(f"{target} is not a Hubbub backup and was not replaced. Choose another name.")
    except (OSError, RuntimeError) as error:
        raise StorageError(f"{target} can't be used for a backup: {error}.") from None
    return real


def _exists(target: Path) -> StorageError:
    return StorageError(
        f"The file {target} already exists. Choose another name; if it is an older backup, "
        f"`{typed('backup --replace')}` replaces it."
    )


def _is_data(target: Path, data: Path) -> bool:
    """Whether a file belongs to the data, by whatever name it is reached: all that is in its folder, but backups."""
    for place in (target, *target.parents):
        if place.parent.exists() and place.parent.samefile(data):
            return place == target or place.name != FOLDER
    return False


def is_backup(file: Path) -> bool:
    """Whether a file is a backup of Hubbub's, and no database that a server works on."""
    with suppress(*SQLITE_ERRORS), closing(open_unused(file)) as found:
        mark = found.execute("PRAGMA application_id").fetchone()[0]
        packed = found.execute("SELECT 1 FROM sqlite_master WHERE name = 'content'").fetchone()
        return mark == APPLICATION_ID and packed is not None
    return False


def _new_file(folder: Path) -> Path:
    """An empty file that only its owner reads."""
    handle, name = tempfile.mkstemp(prefix="hubbub-backup-", suffix=".part", dir=folder)
    os.close(handle)
    return Path(name)


def _publish(part: Path, target: Path, replace: bool) -> None:
    """Rename a finished file to its name. Raises FileExistsError if the name was taken meanwhile."""
    if replace:
        part.replace(target)
    else:
        try:
            os.link(part, target)
        except FileExistsError:
            raise
        except OSError:  # A file system without links.
            if os.path.lexists(target):
                raise FileExistsError(str(target)) from None
            part.replace(target)
    durable.sync_folder(target.parent)
