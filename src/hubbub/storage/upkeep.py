"""Looking after the file: brought up to date, checked, and put back from a backup."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from hubbub.addresses import parse_network
from hubbub.engine.ids import COUNTER_BITS

from . import contents, search
from .base import StorageError
from .schema import APPLICATION_ID, MIGRATIONS


def migrate(database: sqlite3.Connection, path: Path) -> None:
    """Bring the tables up to date, step by step; each is done whole or not at all."""
    version = database.execute("PRAGMA user_version").fetchone()[0]
    mark = database.execute("PRAGMA application_id").fetchone()[0]
    is_new = not database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if mark != APPLICATION_ID and not is_new:
        raise StorageError(f"{path} is not a database of Hubbub. Choose another folder with --data.")
    if version > len(MIGRATIONS):
        raise StorageError(
            f"{path} was written by a newer Hubbub (its version is {version}, this one knows {len(MIGRATIONS)}). "
            "Install the newer one."
        )
    search.prepare(database)
    database.create_function("network_form", 1, _network_form, deterministic=True)
    # What was deleted is not to be found in the file any more.
    database.execute("PRAGMA secure_delete = ON")
    for number, step in enumerate(MIGRATIONS[version:], start=version + 1):
        database.executescript(
            f"BEGIN; {step}; PRAGMA user_version = {number}; PRAGMA application_id = {APPLICATION_ID}; COMMIT;"
        )


def _network_form(text: str) -> str:
    """The one form of a network, for a step that meets older ones."""
    return str(parse_network(text))


NONCES_KEPT_MS: Final = 30 * 86_400_000


def forget_nonces(database: sqlite3.Connection) -> None:
    """Whoever has not sent a message again for 30 days does not do so any more."""
    database.execute(
        "DELETE FROM nonce WHERE message < (SELECT last FROM progress) - ?", (NONCES_KEPT_MS << COUNTER_BITS,)
    )


def check(database: sqlite3.Connection) -> list[str]:
    """What is wrong, in sentences."""
    problems = [f"The file is damaged: {row[0]}." for row in database.execute("PRAGMA integrity_check(20)")]
    problems = [] if problems == ["The file is damaged: ok."] else problems
    for table, rowid, parent, _ in database.execute("PRAGMA foreign_key_check").fetchmany(20):
        problems.append(f"A row of {table} ({rowid}) points to a row of {parent} that is not there.")
    for part in map(search.table, search.parts(database)):
        try:
            database.execute(f"INSERT INTO {part} ({part}) VALUES ('integrity-check')")
        except sqlite3.Error as error:
            problems.append(f"The index for searching is damaged: {error}.")
    strays: dict[str, str] = {
        "Messages of rooms that never were": (
            "SELECT count(*) FROM message WHERE room IS NOT NULL AND room NOT IN (SELECT id FROM room)"
        ),
        "Private messages without two persons": (
            "SELECT count(*) FROM message WHERE room IS NULL AND (low IS NULL OR high IS NULL)"
        ),
    }
    for what, query in strays.items():
        number: Any = database.execute(query).fetchone()[0]
        if number:
            problems.append(f"{what}: {number}.")
    return problems


def restore(backup: Path, path: Path, replace: bool = False) -> None:
    """Put a backup in the place of the data, once it is proved to be whole; no server may run on it."""
    if path.exists() and not replace:
        raise StorageError(
            f"There is data in {path} already. Say --replace to let the backup take its place."
        )
    if not backup.is_file():
        raise StorageError(f"There is no backup {backup}.")
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(b"")
        part.chmod(0o600)
        with (
            closing(sqlite3.connect(f"file:{backup}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(part)) as copy,
        ):
            source.backup(copy)
            migrate(copy, backup)
            problems = check(copy)
            if not problems:
                contents.unpack(copy, path.parent / contents.FOLDER)
    except (OSError, ValueError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        raise StorageError(f"{backup} is no backup of Hubbub's: {error}.") from None
    except StorageError:
        part.unlink(missing_ok=True)
        raise
    if problems:
        part.unlink(missing_ok=True)
        raise StorageError(f"The backup {backup} is not whole. {problems[0]}")
    for end in ("-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    part.replace(path)
