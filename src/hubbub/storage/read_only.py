"""Read-only access for tools, beside a server or without one: they write nothing, and block nobody."""

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, TypeVar

from hubbub.invocation import typed

from .base import StorageError
from .schema import APPLICATION_ID, MIGRATIONS
from .sqlite_errors import SQLITE_ERRORS

R = TypeVar("R")

LOCK_SECONDS: Final = 60.0
"""The time to wait for another process's lock on the database."""


def open_unused(file: Path) -> sqlite3.Connection:
    """Open a database that no process uses, under any file name; nothing is written, beside it either."""
    return _connect(file, "&immutable=1")


def _connect(file: Path, more: str = "") -> sqlite3.Connection:
    return sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=ro{more}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=LOCK_SECONDS,
    )


def read(path: Path, use: Callable[[sqlite3.Connection], R]) -> R:
    """Use the database at `path`, of this version. Raises StorageError, and sqlite3.Error where it is damaged.

    Without a log there is nobody who works on it: then it is read as it is, since SQLite would make a log. Where a
    server begins meanwhile it is read once more, with SQLite's locks; so `use` may be called twice.
    """
    before = _stamp(path)
    if not before[1:]:
        try:
            with closing(open_unused(path)) as database:
                refuse_other_version(database, path)
                found = use(database)
        except (StorageError, *SQLITE_ERRORS):
            if _stamp(path) == before:
                raise
        else:
            if _stamp(path) == before:
                return found
    with closing(_connect(path)) as database:
        refuse_other_version(database, path)
        return use(database)


def _stamp(path: Path) -> tuple[object, ...]:
    """The stamp that changes with every write: of the file, and of its log where that is in use."""
    try:
        about = path.stat()
    except OSError as error:
        raise StorageError(f"There is no data in {path.parent}: {error.strerror}.") from None
    if not stat.S_ISREG(about.st_mode):
        raise StorageError(
            f"{path} is not a file, so it is not a database. Choose another folder with --data."
        )
    log = Path(f"{path}-wal")
    # One without anything in it, and into which nothing can be written, is nobody's.
    in_use = log.exists() and (log.stat().st_size or os.access(log, os.W_OK))
    return ((about.st_ino, about.st_size, about.st_mtime_ns), *([log] if in_use else []))


def refuse_other_version(database: sqlite3.Connection, path: Path) -> None:
    """Only `hubbub serve` brings data up to date: under an older server it would lose what is said from then on.

    Raises StorageError.
    """
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if not database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise StorageError(f"{path} is empty. Restore a backup with: {typed('restore')}")
    if database.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise StorageError(f"{path} is not a Hubbub database. Choose another folder with --data.")
    if version < len(MIGRATIONS):
        raise StorageError(
            f"{path} was written by an older Hubbub (its version is {version}, this one's "
            f"{len(MIGRATIONS)}), and was not changed. Use the older program, or start the server with "
            "this one, which updates it."
        )
    if version > len(MIGRATIONS):
        raise newer(path, version)


def newer(path: Path, version: int) -> StorageError:
    return StorageError(
        f"{path} was written by a newer Hubbub (its version is {version}, this one knows {len(MIGRATIONS)}). "
        "Install the newer one."
    )
