"""Proving that data is whole: nothing is written, and whatever the bytes are, what is wrong is said in sentences."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from . import backup_digest, blobs, full_text_index, last_event_id
from .loading import load
from .read_only import read
from .sqlite_errors import SQLITE_ERRORS

Connection = sqlite3.Connection

TOLD_MAX: Final = 20
"""So many sentences of one sort are given."""

_SAID: Final = "(SELECT room, low, high FROM message UNION ALL SELECT room, low, high FROM fresh)"

_STRAYS: Final[dict[str, str]] = {
    "Messages of rooms that never existed": (
        f"SELECT count(*) FROM {_SAID} WHERE room IS NOT NULL AND room NOT IN (SELECT id FROM room)"
    ),
    "Private messages without two people": (
        f"SELECT count(*) FROM {_SAID} WHERE room IS NULL AND (low IS NULL OR high IS NULL)"
    ),
}


def check(path: Path) -> list[str]:
    """The faults of the data at `path` and its files; none if it is whole. Raises StorageError."""
    last = last_event_id.noted(path)
    try:
        return read(
            path,
            lambda database: [*problems(database), *_end(database, last), *_files(database, path.parent)],
        )
    except SQLITE_ERRORS as error:
        return [_damaged(error)]


def problems(database: Connection) -> list[str]:
    """The faults of a database."""
    found: list[str] = []
    for look in (_structure, _references, _index, _values, _strays):
        try:
            found += look(database)
        except SQLITE_ERRORS as error:
            found.append(_damaged(error))
    return list(dict.fromkeys(found))


def _damaged(error: object) -> str:
    return f"The file is damaged: {error}."


def _structure(database: Connection) -> Iterator[str]:
    for (told,) in database.execute(f"PRAGMA integrity_check({TOLD_MAX})"):
        if told != "ok":
            yield _damaged(told)


def _references(database: Connection) -> Iterator[str]:
    for table, rowid, parent, _ in database.execute("PRAGMA foreign_key_check").fetchmany(TOLD_MAX):
        yield f"A row of {table} ({rowid}) points to a missing row of {parent}."


def _index(database: Connection) -> Iterator[str]:
    """Each part by itself, in memory: FTS5 checks only where it may write, and holds the lock for as long."""
    for number, _ in full_text_index.parts(database):
        part = full_text_index.table(number)
        try:
            with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
                full_text_index.copy_part(database, copy, number)
                copy.execute(f"INSERT INTO {part} ({part}) VALUES ('integrity-check')")
        except SQLITE_ERRORS as error:
            yield f"The search index is damaged ({part}): {error}."


def _values(database: Connection) -> Iterator[str]:
    """Every row can be read, and a server could begin with what it says."""
    backup_digest.digests(database)
    try:
        load(database)
    except SQLITE_ERRORS:
        raise
    except Exception as error:  # Whatever the bytes of a damaged row may lead to.
        yield f"The server can't start with this data: {type(error).__name__}: {error}."


def _strays(database: Connection) -> Iterator[str]:
    for what, query in _STRAYS.items():
        number: Any = database.execute(query).fetchone()[0]
        if number:
            yield f"{what}: {number}."


def _end(database: Connection, last: int) -> list[str]:
    try:
        return list(filter(None, [last_event_id.lost(database, last)]))
    except SQLITE_ERRORS as error:
        return [_damaged(error)]


def _files(database: Connection, data: Path) -> list[str]:
    try:
        lost, changed = blobs.lost(database, data / blobs.FOLDER)
    except (OSError, *SQLITE_ERRORS) as error:
        return [f"The files can't be read: {error}."]
    told = ((lost, "Files whose content is missing"), (changed, "Files whose content has changed"))
    return [f"{what}: {number}." for number, what in told if number]
