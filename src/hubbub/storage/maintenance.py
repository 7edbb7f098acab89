"""Looking after the file: its tables are brought up to date, and what is no longer needed goes."""

import sqlite3
from pathlib import Path
from typing import Final

from hubbub.addresses import parse_network
from hubbub.engine.ids import COUNTER_BITS
from hubbub.invocation import typed

from . import blobs, full_text_index
from .base import StorageError
from .read_only import newer
from .schema import APPLICATION_ID, MIGRATIONS


def migrate(database: sqlite3.Connection, path: Path) -> None:
    """Bring the tables up to date, step by step; each is done whole or not at all."""
    version = database.execute("PRAGMA user_version").fetchone()[0]
    mark = database.execute("PRAGMA application_id").fetchone()[0]
    is_new = not database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if mark != APPLICATION_ID and not is_new:
        raise StorageError(f"{path} is not a Hubbub database. Choose another folder with --data.")
    if version > len(MIGRATIONS):
        raise newer(path, version)
    full_text_index.prepare(database)
    database.create_function("network_form", 1, _network_form, deterministic=True)
    # What was deleted is not to be found in the file any more.
    database.execute("PRAGMA secure_delete = ON")
    for number, step in enumerate(MIGRATIONS[version:], start=version + 1):
        database.executescript(
            f"BEGIN; {step}; PRAGMA user_version = {number}; PRAGMA application_id = {APPLICATION_ID}; COMMIT;"
        )


def refuse_beginning_anew(path: Path) -> None:
    """A database that is gone, or cut to nothing, is not begun anew where a chat has been. Raises StorageError."""
    if path.exists() and path.stat().st_size:
        return
    folder = path.parent
    left = [name for name in (f"{path.name}-wal", "log/app.log") if _holds_anything(folder / name)]
    left += [f"{blobs.FOLDER}/"] if any(folder.glob(f"{blobs.FOLDER}/*/*")) else []
    if left:
        raise StorageError(
            f"There is no database in {folder}, but {' and '.join(left)} of an earlier chat. Put "
            f"{path.name} back, or restore a backup with: {typed('restore')}. To start afresh, move "
            "those files to another folder."
        )


def _holds_anything(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > 0


def _network_form(text: str) -> str:
    """The one form of a network, for a step that meets older ones."""
    return str(parse_network(text))


NONCES_KEPT_MS: Final = 30 * 86_400_000
NONCES_KEPT_MIN: Final = 100_000
"""So many are kept however old they seem: the clock may have been wrong."""


def forget_nonces(database: sqlite3.Connection) -> None:
    """Delete nonces after 30 days: no client resends a message later than that."""
    database.execute(
        "DELETE FROM nonce WHERE message < (SELECT last FROM progress) - ?1"
        " AND message < (SELECT message FROM nonce ORDER BY message DESC LIMIT 1 OFFSET ?2)",
        (NONCES_KEPT_MS << COUNTER_BITS, NONCES_KEPT_MIN - 1),
    )
