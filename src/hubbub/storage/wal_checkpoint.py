"""The write-ahead log, folded into the database; what was deleted is then in neither of them any more."""

import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Final

from . import scrubbing

LOG_BYTES_KEPT: Final = 64 << 20
"""A log that has grown longer is cut when it is folded."""

READERS_SECONDS: Final = 0.3
"""So long it is waited for those who still read what was there before something was deleted."""


class Log:
    """The log of the database at `path`, in which `writer` alone writes, under the lock `writing`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log = path.with_name(f"{path.name}-wal")
        # It stays open: closing it would take away the locks that SQLite holds on it in this process (fcntl's).
        handle = os.open(path, os.O_CREAT | os.O_RDWR | getattr(os, "O_BINARY", 0), 0o600)
        self._file = os.fdopen(handle, "r+b", buffering=0)
        self._folding = threading.Lock()
        """The lock of folding: two at once would write the same pages."""
        self.waiting = 0
        """The number of events in it that were not folded yet."""
        self.holds_deleted = True
        """Whether it may have in it what is in the database no more; of one that a crash has left too."""

    def fold(self, writer: sqlite3.Connection, writing: threading.Lock) -> None:
        """Most of it while the chat goes on, then the rest, without waiting for anybody; not while another one does."""
        if not self._folding.acquire(blocking=False):
            return
        try:
            with closing(self._connect(0)) as folder, closing(self._connect(0)) as reader:
                # Where somebody reads what is in the log, it is not begun anew before its pages are known.
                reader.execute("BEGIN")
                reader.execute("SELECT last FROM progress").fetchone()
                folder.execute("PRAGMA wal_checkpoint(PASSIVE)")
                with writing:
                    reader.execute("COMMIT")
                    self._fold(writer, folder)
        finally:
            self._folding.release()

    def forget(self, writer: sqlite3.Connection, writing: threading.Lock) -> None:
        """Remove deleted data from the log; behind a long reader or fold, that is done the next time."""
        if not self._folding.acquire(timeout=READERS_SECONDS):
            return
        try:
            with writing, closing(self._connect(READERS_SECONDS)) as folder:
                self._fold(writer, folder)
        finally:
            self._folding.release()

    def scrub_all(self, writer: sqlite3.Connection) -> None:
        """Once for the whole file, where versions before have left something of what was deleted in it."""
        if writer.execute("SELECT scrubbed FROM progress").fetchone()[0]:
            return
        with closing(self._connect(READERS_SECONDS)) as folder:
            folder.execute("PRAGMA wal_checkpoint(FULL)")
            if self._scrub(writer, folder, is_whole=True):
                writer.execute("UPDATE progress SET scrubbed = 1")

    def close(self) -> None:
        """Only once all connections to the database are closed."""
        self._file.close()

    def _connect(self, timeout: float) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, isolation_level=None, timeout=timeout)
        database.execute("PRAGMA wal_autocheckpoint = 0")
        return database

    def _fold(self, writer: sqlite3.Connection, folder: sqlite3.Connection) -> None:
        """Fold what is left, and scrub the pages that were in it.

        It keeps its length, and is written over from its beginning: to let a file grow anew is half of what writing
        costs. It is cut where it was very long, or holds what was deleted since.
        """
        folder.execute("PRAGMA wal_checkpoint(FULL)")
        if not self._scrub(writer, folder):
            return
        is_cut = self.holds_deleted or self._log.stat().st_size > LOG_BYTES_KEPT
        # The writer, too, reads its pages anew after that, and forgets those with what was scrubbed in them.
        if is_cut and folder.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            return
        self.holds_deleted = False
        self.waiting = 0

    def _scrub(self, writer: sqlite3.Connection, folder: sqlite3.Connection, is_whole: bool = False) -> bool:
        """Scrub the pages of a log that is folded, or all there are; False where it is not folded.

        While nobody can write, and all that was written is in the file, nobody writes into the file: not in another
        process either, such as one that makes a backup.
        """
        writer.execute("BEGIN IMMEDIATE")
        try:
            # Busy where another process folds: it writes pages meanwhile, and how many is not known (-1).
            is_busy, written, folded = folder.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            if is_busy or written != folded:
                return False
            pages = scrubbing.pages_of(self._file) if is_whole else scrubbing.pages_in(self._log)
            scrubbing.scrub(self._file, pages)
            return True
        finally:
            writer.execute("ROLLBACK")
