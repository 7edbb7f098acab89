"""A lock that another program holds on the database, such as a shell that was left open: waited for, and told of."""

import logging
import sqlite3
import threading
from collections.abc import Callable
from typing import Final

log = logging.getLogger("hubbub")

SECONDS: Final = 10
"""The time that SQLite itself waits at each try, after which the wait is reported."""


class Locks:
    """Waits for locks: one that is held is no broken disk. Not for ever, once the server stops."""

    def __init__(self) -> None:
        self.told: Callable[[bool], None] = lambda is_held: None
        """Called, in any thread, when something has to wait for a lock, and when nothing does any more."""
        self._is_stopping = False
        self._counting = threading.Lock()
        self._waiting = 0

    def stop_waiting(self) -> None:
        self._is_stopping = True

    def wait_for(self, write: Callable[[], object]) -> None:
        """Repeat an atomic operation until no other process holds the lock. Raises sqlite3.Error."""
        is_waiting = False
        try:
            while True:
                try:
                    write()
                except sqlite3.OperationalError as error:
                    if self._is_stopping or not is_busy(error):
                        raise
                    if not is_waiting:
                        self._begin_waiting()
                    is_waiting = True
                else:
                    return
        finally:
            if is_waiting:
                self._end_waiting()

    def _begin_waiting(self) -> None:
        with self._counting:
            self._waiting += 1
            if self._waiting > 1:
                return
            log.warning(
                "Another program holds the database lock (a SQLite shell, or another backup tool), "
                "and new messages wait for it. End that program."
            )
            self.told(True)

    def _end_waiting(self) -> None:
        with self._counting:
            self._waiting -= 1
            if self._waiting or self._is_stopping:
                return
            log.info("The database lock is free again")
            self.told(False)


def is_busy(error: sqlite3.OperationalError) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
