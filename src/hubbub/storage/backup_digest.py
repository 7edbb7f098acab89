"""The digest in a backup, which proves it whole: number of rows and checksum of every other table."""

import hashlib
import sqlite3
from typing import Final

import msgspec

Connection = sqlite3.Connection

TABLE: Final = "proof"

_SCHEMA: Final = (
    f"SELECT type, name, tbl_name, sql FROM sqlite_master WHERE tbl_name != '{TABLE}' ORDER BY name"
)
_TABLES: Final = (
    "SELECT name FROM sqlite_master "
    f"WHERE type = 'table' AND rootpage > 0 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name != '{TABLE}' "
    "ORDER BY name"
)


def digests(database: Connection) -> dict[str, tuple[int, str]]:
    """The row count and SHA-256 of each table's rows in order, as MessagePack; and the schema's.

    The bytes of `content` are left out: each has its own digest as its name.
    """
    names = [name for (name,) in database.execute(_TABLES)]
    found = {name: _digest(database, _rows_of(database, name)) for name in names}
    version = database.execute("PRAGMA user_version").fetchone()[0]
    return {**found, "sqlite_master": _digest(database, _SCHEMA), "user_version": (version, "")}


def _rows_of(database: Connection, table: str) -> str:
    if table == "content":
        return "SELECT digest, place, length(bytes) FROM content NOT INDEXED ORDER BY digest, place"
    columns = [
        _quoted(name) for (name,) in database.execute("SELECT name FROM pragma_table_info(?)", (table,))
    ]
    # Not by an index that has all columns: the order is the table's own.
    return f"SELECT {', '.join(columns)} FROM {_quoted(table)} NOT INDEXED"


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _digest(database: Connection, query: str) -> tuple[int, str]:
    found, number = hashlib.sha256(), 0
    encode = msgspec.msgpack.Encoder().encode
    for row in database.execute(query):
        found.update(encode(row))
        number += 1
    return number, found.hexdigest()


def write(copy: Connection) -> None:
    """Put the proof into a backup that is otherwise finished."""
    rows = [(name, *found) for name, found in digests(copy).items()]
    copy.execute(f"CREATE TABLE {TABLE} (name TEXT PRIMARY KEY, rows INTEGER, digest TEXT) WITHOUT ROWID")
    copy.executemany(f"INSERT INTO {TABLE} (name, rows, digest) VALUES (?, ?, ?)", rows)
    copy.commit()


def is_there(backup: Connection) -> bool:
    """Backups of earlier versions have none."""
    return backup.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (TABLE,)).fetchone() is not None


def broken(backup: Connection) -> list[str]:
    """The tables that are not as they were when the backup was made."""
    wanted = {
        name: (rows, digest)
        for name, rows, digest in backup.execute(f"SELECT name, rows, digest FROM {TABLE}")
    }
    found = digests(backup)
    names = wanted.keys() | found.keys()
    return sorted(str(name) for name in names if wanted.get(name) != found.get(name))
