"""A lock that another program holds on the database, such as a shell that was left open: waited for, and told of."""

import logging
import sqlite3
from collections.abc import Callable
from typing import Final

log = logging.getLogger("hubbub")

SECONDS: Final = 10
"""The time that SQLite itself waits at each try, after which the wait is reported."""


class Locks:
    """Waits for locks: one that is held is no broken disk. Not for ever, once the server stops."""

    def __init__(self) -> None:
        self._is_stopping = False

    def stop_waiting(self) -> None:
        self._is_stopping = True

    def wait_for(self, write: Callable[[], object]) -> None:
        """Repeat an atomic operation until no other process holds the lock. Raises sqlite3.Error."""
        is_told = False
        while True:
            try:
                write()
            except sqlite3.OperationalError as error:
                if self._is_stopping or not is_busy(error):
                    raise
                if not is_told:
                    log.warning(
                        "Another program holds the lock of the database (a shell of SQLite, or a backup of another "
                        "kind): what is said waits for it. End that program."
                    )
                is_told = True
            else:
                if is_told:
                    log.info("The lock of the database is free again")
                return


def is_busy(error: sqlite3.OperationalError) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
