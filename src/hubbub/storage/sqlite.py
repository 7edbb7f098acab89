"""The data in one SQLite file: written by one thread, read by any, folded together now and then.

WAL mode with `synchronous=FULL`: what a commit has written survives the loss of power.
"""

import json
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import Concatenate, Final, ParamSpec, TypeVar

from msgspec.structs import replace

from hubbub.engine.accounts import AccountRegistered, CredentialRenewed, CredentialSet
from hubbub.engine.audit import ActRecorded
from hubbub.engine.edits import MessageEdited
from hubbub.engine.event import Event
from hubbub.engine.files import Posting, StoredFile
from hubbub.engine.messages import MessageSaid, ToRoom, reaction_of
from hubbub.engine.state import State
from hubbub.engine.threads import FollowedThreads, Thread, ThreadMarks
from hubbub.invocation import typed

from . import backups, blobs, full_text_index, last_event_id, writers
from .base import NEWEST, NotWritten, StorageError
from .foreign_locks import SECONDS, Locks
from .integrity_check import check
from .last_event_id import Tail
from .loading import load
from .maintenance import forget_nonces, migrate, refuse_beginning_anew
from .open_readers import InUse, while_open
from .read_only import read
from .sealing import Seal, seal_accounts
from .sqlite_errors import SQLITE_ERRORS
from .subjects import messages, threads
from .subjects.room_events import room_event
from .wal_checkpoint import Log

log = logging.getLogger("hubbub")

_COLUMNS: Final = ", ".join(f"message.{name}" for name in messages.MESSAGE_COLUMNS)

FRESH_MAX: Final = 500
"""So many events may be written before what was said among them finds its place."""

_FILE: Final = "id, person, digest, name, kind, size"

_MAY_PASS: Final = frozenset(
    {
        *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY),
        *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM),
    }
)
"""The errors that may pass, such as a full disk; any other is a bug, or damage."""

P = ParamSpec("P")
R = TypeVar("R")


def _reading(
    method: "Callable[Concatenate[SqliteStorage, P], R]",
) -> "Callable[Concatenate[SqliteStorage, P], R]":
    """A method that reads, whatever the disk takes. Raises StorageError where the data can't be read."""

    @wraps(method)
    def guarded(self: "SqliteStorage", /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            try:
                return method(self, *args, **kwargs)
            except NotWritten:
                with self._settled_for_now():
                    return method(self, *args, **kwargs)
        except (OSError, *SQLITE_ERRORS) as error:
            raise StorageError(f"The data in {self.path} can't be read: {error}.") from error

    return while_open(guarded)


class SqliteStorage:
    """Keeps everything in the file at `path`; raises StorageError where that can't be."""

    def __init__(self, path: Path, seal: Seal | None = None, may_upgrade: bool = True) -> None:
        """Only a server may bring older data up to date."""
        self.path = path
        self.seal = seal or Seal()
        self._readers = threading.local()
        self._writing = threading.Lock()
        self._fresh = 1
        """An upper bound of the events written since all messages were settled."""
        self._is_settling = False
        """Whether all of it has its place once the transaction under way is done."""
        self._opened: list[sqlite3.Connection] = []
        self._files = path.parent / blobs.FOLDER
        self.in_use = InUse()
        self._locks = Locks()
        try:
            refuse_beginning_anew(path)
            if path.exists() and not may_upgrade:
                read(path, lambda database: None)  # It refuses data of another version.
            self._log = Log(path)
        except (OSError, *SQLITE_ERRORS) as error:
            raise StorageError(f"The data in {path} can't be opened: {error}.") from None
        self._tail = Tail(path)
        try:
            self._writer = self._connect()
            migrate(self._writer, path)
            if sentence := last_event_id.lost(self._writer, last_event_id.noted(path)):
                log.critical("%s", sentence)
            self._seal_accounts()
            full_text_index.complete(self._writer)
            forget_nonces(self._writer)
            self._settle_all()
            self._log.scrub_all(self._writer)
            self._log.forget(self._writer, self._writing)
        except (OSError, *SQLITE_ERRORS) as error:
            self._close()
            raise StorageError(f"The data in {path} can't be opened: {error}.") from None
        except StorageError:
            self._close()
            raise

    def _connect(self) -> sqlite3.Connection:
        database = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, timeout=SECONDS, cached_statements=512
        )
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("PRAGMA wal_autocheckpoint = 0")
        database.execute("PRAGMA secure_delete = ON")
        self._opened.append(database)
        return database

    @property
    def _reader(self) -> sqlite3.Connection:
        """A connection of this thread's own, which sees all that was written. Raises NotWritten, sqlite3.Error."""
        if getattr(self._readers, "is_for_now", False):
            return self._writer
        self._settle_all()
        if not hasattr(self._readers, "database"):
            self._readers.database = self._connect()
        found: sqlite3.Connection = self._readers.database
        return found

    def _seal_accounts(self) -> None:
        """Nothing of what was in clear is left in any file. Raises sqlite3.Error."""
        if seal_accounts(self._writer, self.seal):
            with suppress(sqlite3.OperationalError):  # The disk may be too full to write it anew.
                self._writer.execute("VACUUM")
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def sealed_otherwise(self) -> int:
        """The number of accounts whose SCRAM keys no present key opens."""
        counts = self._writer.execute(
            "SELECT sealed_by, count(*) FROM account WHERE scram != '' GROUP BY sealed_by"
        )
        return sum(count for sealed_by, count in counts if not self.seal.can_open(sealed_by))

    @while_open
    def load(self) -> tuple[State, int]:
        try:
            with self._writing:
                return load(self._writer)
        except SQLITE_ERRORS as error:
            raise StorageError(f"The data in {self.path} can't be read: {error}.") from error
        except Exception as error:  # Whatever the bytes of a damaged row may lead to.
            raise StorageError(
                f"The data in {self.path} can't be read: {type(error).__name__}. "
                f"See what is wrong with: {typed('check')}"
            ) from error

    @_reading
    def secret(self) -> bytes:
        found: bytes = self._reader.execute("SELECT value FROM secret").fetchone()[0]
        return found

    def keeps(self, event: Event) -> bool:
        return writers.is_kept(event)

    def commit(self, events: Sequence[Event]) -> None:
        try:
            if self._fresh < FRESH_MAX and writers.is_one_statement(events):
                # It is a transaction by itself: each further statement would wait for the interpreter's lock.
                with self._writing:
                    self._locks.wait_for(lambda: writers.write(self._writer, events))
                    self._note(events)
                self._tail.note(events[-1].id)
                return
            events = list(map(self._sealed, events))
            with self._transaction() as database:
                writers.write(database, events)
                self._note(events)
                if self._fresh >= FRESH_MAX:
                    self._settle(database)
        except SQLITE_ERRORS as error:
            raise self._not_written(error) from error
        self._tail.note(events[-1].id)
        kinds = set(map(type, events))
        if not writers.TAKES_NOTHING_AWAY.issuperset(kinds):
            self._log.holds_deleted = True
        if not writers.DELETES.isdisjoint(kinds):
            with suppress(OSError, *SQLITE_ERRORS):  # It is written; what is left of it goes the next time.
                self._log.forget(self._writer, self._writing)

    def _sealed(self, event: Event) -> Event:
        """The event as it is written."""
        if not isinstance(event, AccountRegistered | CredentialSet | CredentialRenewed):
            return event
        return replace(event, credential=self.seal.sealed(event.account, event.credential))

    def _note(self, events: Sequence[Event]) -> None:
        """To be called within their transaction, or right after it."""
        self._fresh += len(events)
        self._log.waiting += len(events)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Whole, or not at all; one at a time."""
        database = self._writer
        with self._writing:
            try:
                self._locks.wait_for(lambda: database.execute("BEGIN IMMEDIATE"))
                yield database
                database.execute("COMMIT")
                if self._is_settling:
                    self._fresh = 0
            except BaseException:
                if database.in_transaction:
                    database.execute("ROLLBACK")
                raise
            finally:
                self._is_settling = False

    def _settle(self, database: sqlite3.Connection) -> None:
        messages.settle(database)
        self._is_settling = True

    def _settle_all(self) -> None:
        """Settle all messages, so that the last are readable. Raises NotWritten."""
        if self._fresh:
            try:
                with self._transaction() as database:
                    self._settle(database)
            except SQLITE_ERRORS as error:
                raise self._not_written(error) from error

    @contextmanager
    def _settled_for_now(self) -> Iterator[None]:
        """This thread reads what was said last though it can't be put where it is found: in memory, for now."""
        database = self._writer
        with self._writing:
            self._locks.wait_for(lambda: database.execute("BEGIN IMMEDIATE"))
            database.execute("PRAGMA cache_spill = OFF")
            self._readers.is_for_now = True
            try:
                messages.settle(database)
                yield
            finally:
                self._readers.is_for_now = False
                if database.in_transaction:
                    database.execute("ROLLBACK")
                database.execute("PRAGMA cache_spill = ON")

    @while_open
    def try_writing(self) -> None:
        try:
            with self._transaction() as database:
                # Twice: a page in which nothing has changed is not written.
                database.execute("UPDATE progress SET last = last + 1")
                database.execute("UPDATE progress SET last = last - 1")
        except SQLITE_ERRORS as error:
            raise self._not_written(error) from error

    def _not_written(self, error: Exception) -> NotWritten:
        kind = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return NotWritten(f"{self.path} can't be written: {error}.", kind in _MAY_PASS)

    @_reading
    def history(
        self,
        *,
        limit: int,
        room: int = 0,
        persons: tuple[int, int] = (0, 0),
        after: int = 0,
        before: int = NEWEST,
        oldest: bool = False,
        events: bool = False,
    ) -> tuple[Event, ...]:
        where, whose = ("room = ?", (room,)) if room else ("low = ? AND high = ?", tuple(sorted(persons)))
        order = "ASC" if oldest else "DESC"
        bounds = (*whose, after, before, limit)
        kinds = "" if events else "AND kind != 'tags' "
        found: list[Event] = [
            messages.message(row)
            for row in self._reader.execute(
                f"SELECT {_COLUMNS} FROM message WHERE {where} AND id > ? AND id < ? {kinds}"
                f"ORDER BY id {order} LIMIT ?",
                bounds,
            )
        ]
        if events:
            found += self._amendments(where, order, bounds)
        if events and room:
            found += (
                room_event(*row)
                for row in self._reader.execute(
                    "SELECT kind, fields FROM happening WHERE room = ? AND id > ? AND id < ? "
                    f"ORDER BY id {order} LIMIT ?",
                    bounds,
                )
            )
        found.sort(key=lambda event: event.id)
        return tuple(found[:limit] if oldest else found[-limit:])

    def _amendments(self, where: str, order: str, bounds: tuple[int, ...]) -> Iterator[Event]:
        """Edits have the text that the message has now; of what was deleted since, only that it was."""
        whose = "amendment." + where.replace("AND ", "AND amendment.")
        for kind, fields, text, line_breaks, mentions, redacted in self._reader.execute(
            "SELECT amendment.kind, fields, text, joints, mentions, redacted "
            "FROM amendment JOIN message ON message.id = message "
            f"WHERE {whose} AND amendment.id > ? AND amendment.id < ? ORDER BY amendment.id {order} LIMIT ?",
            bounds,
        ):
            event = room_event(kind, fields)
            if isinstance(event, MessageEdited):
                if redacted:
                    continue
                event = replace(
                    event,
                    text=text,
                    line_breaks=tuple(json.loads(line_breaks)),
                    mentions=messages.mentions_of(mentions),
                )
            yield event

    @_reading
    def said(self, event_id: int) -> MessageSaid | None:
        row = self._reader.execute(f"SELECT {_COLUMNS} FROM message WHERE id = ?", (event_id,)).fetchone()
        return messages.message(row) if row else None

    @_reading
    def by_nonce(self, nonce: str) -> MessageSaid | None:
        row = self._reader.execute("SELECT message FROM nonce WHERE text = ?", (nonce,)).fetchone()
        return self.said(row[0]) if row else None

    @_reading
    def context(self, messages: Sequence[int]) -> dict[int, tuple[Event, ...]]:
        wanted = (json.dumps(messages),)
        found: dict[int, list[Event]] = {}
        for parent, reactions in self._reactions(wanted).items():
            found.setdefault(parent, []).extend(reactions.values())
        for number, kind, fields in self._reader.execute(
            "SELECT message, kind, fields FROM amendment "
            "WHERE message IN (SELECT value FROM json_each(?)) AND kind = 'MessageRedacted' ORDER BY id",
            wanted,
        ):
            found.setdefault(number, []).append(room_event(kind, fields))
        return {number: tuple(events) for number, events in found.items()}

    @_reading
    def thread(self, message: int) -> Thread | None:
        return threads.thread(self._reader, message)

    @_reading
    def replies(self, root: int, limit: int, before: int = NEWEST) -> tuple[MessageSaid, ...]:
        return threads.replies(self._reader, root, limit, before)

    @_reading
    def thread_marks(self, messages: Sequence[int]) -> ThreadMarks:
        return threads.marks(self._reader, messages)

    @_reading
    def followed(
        self, person: int, read: Mapping[int, int], limit: int, before: int = NEWEST
    ) -> FollowedThreads:
        return threads.followed(self._reader, person, read, limit, before)

    def _reactions(self, wanted: tuple[str]) -> dict[int, dict[tuple[int, str], Event]]:
        """By message, by person and reaction; taken back ones are gone."""
        found: dict[int, dict[tuple[int, str], Event]] = {}
        for parent, *row in self._reader.execute(
            f"SELECT parent, {_COLUMNS} FROM message "
            "WHERE parent IN (SELECT value FROM json_each(?)) AND kind = 'tags' AND NOT redacted ORDER BY id",
            wanted,
        ):
            event = messages.message(row)
            tag, value = reaction_of(event.tags) or ("", "")
            reactions = found.setdefault(parent, {})
            reactions.pop((event.by.person, value), None)
            if tag == "+draft/react":
                reactions[event.by.person, value] = event
        return found

    @_reading
    def search(
        self,
        *,
        text: str,
        limit: int,
        rooms: Sequence[tuple[int, int]] = (),
        person: int = 0,
        other: int = 0,
        sender: str = "",
        sender_id: int = 0,
        after: int = 0,
        before: int = NEWEST,
    ) -> tuple[Event, ...]:
        floors = dict(rooms)
        found: list[Event] = []
        # Part by part, so that what was there before something was deleted is not read for long, and what was said in
        # a room before the asker may read it not at all.
        for part, last in full_text_index.parts(self._reader, after, before):
            near = [room for room, floor in floors.items() if floor < last]
            if wanted := full_text_index.expression(text, near, person, other, sender, sender_id):
                self._search(full_text_index.table(part), (wanted, after, before), floors, limit, found)
        return tuple(reversed(found))

    def _search(
        self, part: str, asked: tuple[str, int, int], floors: dict[int, int], limit: int, found: list[Event]
    ) -> None:
        """Add what is found in a part: one by one, the newest first, no more than is wanted."""
        if len(found) == limit:
            return
        for row in self._reader.execute(
            f"SELECT {_COLUMNS} FROM {part} JOIN message ON message.id = {part}.rowid "
            f"WHERE {part} MATCH ? AND {part}.rowid > ? AND {part}.rowid < ? ORDER BY {part}.rowid DESC",
            asked,
        ):
            event = messages.message(row)
            if not isinstance(event.to, ToRoom) or event.id > floors[event.to.room]:
                found.append(event)
            if len(found) == limit:
                break

    @_reading
    def conversations(
        self, person: int, limit: int, after: int = 0, before: int = NEWEST, oldest: bool = False
    ) -> tuple[tuple[int, str, int], ...]:
        # The newest message of each pair, found from both ends of the pair.
        found = self._reader.execute(
            "SELECT CASE low WHEN ?1 THEN high ELSE low END, last FROM ("
            "  SELECT low, high, max(id) AS last FROM message WHERE low = ?1 GROUP BY low, high"
            "  UNION SELECT low, high, max(id) FROM message WHERE high = ?1 GROUP BY low, high"
            f") WHERE last > ?2 AND last < ?3 ORDER BY last {'ASC' if oldest else 'DESC'} LIMIT ?4",
            (person, after, before, limit),
        ).fetchall()
        earliest_first = found if oldest else reversed(found)
        return tuple((other, self._name(person, other), last) for other, last in earliest_first)

    def _name(self, person: int, other: int) -> str:
        """A person's name when the two last talked."""
        low, high = sorted((person, other))
        row = self._reader.execute(
            "SELECT CASE person WHEN ?3 THEN nick ELSE to_name END FROM message "
            "WHERE low = ?1 AND high = ?2 ORDER BY id DESC LIMIT 1",
            (low, high, other),
        ).fetchone()
        return str(row[0]) if row else ""

    @_reading
    def since(self, event_id: int, limit: int) -> tuple[Event, ...]:
        columns = _COLUMNS.replace(" message.text,", " CASE WHEN room IS NULL THEN '' ELSE text END,")
        columns = columns.replace(" message.content,", " CASE WHEN room IS NULL THEN NULL ELSE content END,")
        found = self._reader.execute(
            f"SELECT {columns} FROM message WHERE id >= ? AND kind != 'tags' ORDER BY id DESC LIMIT ?",
            (event_id, limit),
        ).fetchall()
        return tuple(messages.message(row) for row in reversed(found))

    @_reading
    def acts(self, limit: int) -> tuple[ActRecorded, ...]:
        found = self._reader.execute(
            "SELECT id, by, act, subject, detail FROM act ORDER BY id DESC LIMIT ?", (limit,)
        ).fetchall()
        return tuple(ActRecorded(*row) for row in reversed(found))

    @_reading
    def file(self, file_id: str) -> StoredFile | None:
        row = self._reader.execute(f"SELECT {_FILE} FROM file WHERE id = ?", (file_id,)).fetchone()
        if row is None:
            return None
        postings = self._reader.execute(
            "SELECT max(message.id) AS last, person, room, low, high, to_rank FROM posting "
            "JOIN message ON message.id = posting.message WHERE posting.file = ? "
            "GROUP BY person, room, low, high, to_rank ORDER BY last",
            (file_id,),
        )
        return _stored(row, tuple(Posting(*posting) for posting in postings))

    @_reading
    def unused_files(self, before: int, limit: int) -> tuple[StoredFile, ...]:
        found = self._reader.execute(
            f"SELECT {_FILE} FROM file WHERE posted = 2 UNION ALL "
            f"SELECT {_FILE} FROM file WHERE posted = 0 AND event < ? LIMIT ?",
            (before, limit),
        )
        return tuple(_stored(row) for row in found)

    @_reading
    def is_digest_used(self, digest: str) -> bool:
        return (
            self._reader.execute("SELECT 1 FROM file WHERE digest = ? LIMIT 1", (digest,)).fetchone()
            is not None
        )

    @while_open
    def backup(self, path: Path) -> int:
        return backups.make(self.path, path)

    @while_open
    def check(self) -> list[str]:
        return check(self.path)

    @property
    def unfolded(self) -> int:
        return self._log.waiting

    @property
    def holds_deleted(self) -> bool:
        return self._log.holds_deleted

    @while_open
    def checkpoint(self) -> None:
        # Somebody holds a lock, or the disk is full: the next time then.
        with suppress(OSError, *SQLITE_ERRORS):
            self._log.fold(self._writer, self._writing)

    def tell_of_locks(self, told: Callable[[bool], None]) -> None:
        self._locks.told = told

    def stop_waiting(self) -> None:
        self._locks.stop_waiting()

    def close(self) -> None:
        self.in_use.end()
        try:
            with suppress(OSError, NotWritten, *SQLITE_ERRORS):  # It is done at the next start then.
                self._settle_all()
                self._log.holds_deleted = True  # What is there is not left in it either.
                self._log.forget(self._writer, self._writing)
        finally:
            self._close()

    def _close(self) -> None:
        for database in self._opened:
            with suppress(*SQLITE_ERRORS):  # What is in the log is folded at the next start.
                database.close()
        self._log.close()
        self._tail.close()


def _stored(row: tuple[str, int, str, str, str, int], postings: tuple[Posting, ...] = ()) -> StoredFile:
    return StoredFile(*row, postings)
