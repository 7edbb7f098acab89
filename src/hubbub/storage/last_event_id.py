"""The id of the last event that was written, in a file beside the database: where that has lost its end, it shows.

SQLite takes a log that was cut short for a log that ends there. The file is written after each commit and not waited
for, so that a loss of power may leave it behind the database, and never ahead of it.
"""

import os
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from hubbub.engine.ids import time_of

_LAST: Final = (
    "SELECT max(last, (SELECT coalesce(max(id), 0) FROM message), (SELECT coalesce(max(id), 0) FROM fresh)) "
    "FROM progress"
)


class Tail:
    """The file of the database at `path`; where it can't be written, nothing is proved by it."""

    def __init__(self, path: Path) -> None:
        self._file: int | None = None
        with suppress(OSError):
            self._file = os.open(beside(path), os.O_CREAT | os.O_WRONLY, 0o600)

    def note(self, last: int) -> None:
        if self._file is not None:
            with suppress(OSError):
                os.pwrite(self._file, b"%020d\n" % last, 0)

    def close(self) -> None:
        """May be called again."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def beside(path: Path) -> Path:
    return path.with_name(f"{path.name}-last")


def noted(path: Path) -> int:
    """The last id that was noted; 0 where that is not known. To be read before the database beside a server."""
    try:
        return int(beside(path).read_bytes()[:20])
    except (OSError, ValueError):
        return 0


def lost(database: sqlite3.Connection, noted_last: int) -> str:
    """A sentence if the database does not have what was written last; else nothing. Raises sqlite3.Error."""
    row = database.execute(_LAST).fetchone()
    # A damaged table may have anything there, or nothing.
    last = row[0] if row and isinstance(row[0], int) else 0
    if last >= noted_last:
        return ""
    return (
        f"The end of the data is missing: the last write was at {_moment(noted_last)}, but the last event "
        f"is of {_moment(last) if last else 'no time'}. The log was cut, or this is an older copy. Look "
        "for a backup."
    )


def _moment(event_id: int) -> str:
    return f"{datetime.fromtimestamp(time_of(event_id) / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"
