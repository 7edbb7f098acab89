"""A backup, put in the place of the data: nothing is touched before it is proved to be whole."""

import sqlite3
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from pathlib import Path

from hubbub import durable
from hubbub.invocation import typed

from . import backup_digest, blobs, full_text_index
from .base import StorageError
from .integrity_check import problems
from .maintenance import migrate
from .read_only import newer, open_unused
from .schema import APPLICATION_ID, MIGRATIONS
from .sqlite_errors import SQLITE_ERRORS

Connection = sqlite3.Connection


def restore(
    backup: Path, path: Path, replace: bool = False, alone: AbstractContextManager[None] | None = None
) -> None:
    """Put a backup in the place of the database at `path` and its files; no server may run on it. Raises StorageError.

    `alone` is entered once the backup is proved: it makes the folder, and keeps servers away.
    """
    if path.exists() and not replace:
        raise StorageError(f"{path} already contains data. To replace it with the backup, add --replace.")
    if not backup.is_file():
        raise StorageError(f"There is no backup {backup}.")
    try:
        with closing(_opened(backup)) as source:
            prove(source, backup)
            with alone or nullcontext():
                _put(source, backup, path)
    except (OSError, *SQLITE_ERRORS) as error:
        raise StorageError(f"{backup} can't be restored: {error}.") from None


def _opened(backup: Path) -> Connection:
    """Raises StorageError for what is no backup, such as a database that was copied while it was in use."""
    log = Path(f"{backup}-wal")
    if log.exists() and log.stat().st_size:
        raise StorageError(
            f"Beside {backup} is {log.name}: so it is a database in use, not a backup. Create a backup "
            f"with: {typed('backup')}"
        )
    return open_unused(backup)


def prove(source: Connection, backup: Path) -> None:
    """Whether a backup has all that was written into it, and as it was. Raises StorageError."""
    try:
        _refuse_others(source, backup)
        found = [f"{name} has changed" for name in _changed(source)] or blobs.damaged(source)
    except SQLITE_ERRORS as error:
        raise StorageError(f"{backup} is not a Hubbub backup, or is damaged: {error}.") from None
    if found:
        raise StorageError(f"The backup {backup} is damaged: {found[0]}. Nothing was changed.")


def _changed(source: Connection) -> list[str]:
    return backup_digest.broken(source) if backup_digest.is_there(source) else []


def _refuse_others(source: Connection, backup: Path) -> None:
    tables = {name for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        raise StorageError(f"{backup} is empty.")
    if source.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise StorageError(f"{backup} is not a Hubbub backup.")
    version = source.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise newer(backup, version)
    # Before there were files, a backup was a copy of the database and nothing else.
    if "file" in tables and "content" not in tables:
        raise StorageError(
            f"{backup} is a Hubbub database, not a backup: it contains no files and no checksums. If it is "
            "all that you have, save it as hubbub.db in an empty folder, and start a server there."
        )


def _put(source: Connection, backup: Path, path: Path) -> None:
    part = path.with_name(f"{path.name}.part")
    made: list[Path] = []
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        with closing(sqlite3.connect(part, isolation_level=None, check_same_thread=False)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            _bring_up_to_date(copy, backup)
            blobs.unpack(copy, path.parent / blobs.FOLDER, made)
        _take_the_place(part, path)
    except BaseException:
        for file in (part, Path(f"{part}-journal"), *made):
            with suppress(OSError):
                file.unlink(missing_ok=True)
        raise


def _bring_up_to_date(copy: Connection, backup: Path) -> None:
    copy.execute(f"DROP TABLE IF EXISTS {backup_digest.TABLE}")
    migrate(copy, backup)
    full_text_index.complete(copy)
    if found := problems(copy):
        raise StorageError(f"The backup {backup} is damaged. {found[0]} Nothing was changed.")


def _take_the_place(part: Path, path: Path) -> None:
    """The old log goes first: its pages would be taken for the new database's. So does what tells of its end."""
    for end in ("-wal", "-shm", "-last"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    durable.publish(part, path)
