"""The Storage protocol: all that the server asks of whatever keeps its data."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from hubbub.engine.audit import ActRecorded
from hubbub.engine.event import Event
from hubbub.engine.files import StoredFile
from hubbub.engine.messages import MessageSaid
from hubbub.engine.state import State
from hubbub.engine.threads import FollowedThreads, Thread, ThreadMarks

from .sealing import Seal

NEWEST: Final = (1 << 63) - 1


class StorageError(Exception):
    """The data can't be read or written; the text is a sentence for the administrator."""


class NotWritten(StorageError):
    """What is to be written can't be. It `may_pass` where the disk is full, or does not write at the moment."""

    def __init__(self, sentence: str, may_pass: bool = False) -> None:
        super().__init__(sentence)
        self.may_pass = may_pass


class Storage(Protocol):
    """Everything that lasts. `commit` is called by one writer thread, what reads by any thread at any time.

    Whoever reads gets a StorageError where the data can't be read, and is no worse for a disk that takes nothing.
    """

    seal: Seal
    """Under which the SCRAM keys of accounts are kept; what `load` gives of them it opens."""

    def load(self) -> tuple[State, int]:
        """The state as it stood when the last server ended, without guests and their things; and the last id."""
        ...

    def secret(self) -> bytes:
        """32 secret bytes, the same for the life of the data."""
        ...

    def sealed_otherwise(self) -> int:
        """The number of accounts whose SCRAM keys no present key opens."""
        ...

    def keeps(self, event: Event) -> bool:
        """Whether `commit` has anything to write for an event."""
        ...

    def commit(self, events: Sequence[Event]) -> None:
        """Write events in their order, all or none; they are on disk when it returns. Raises NotWritten.

        What they delete is on disk no more when it returns, but see `holds_deleted`.
        """
        ...

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
        """What was said in a room, or between two persons, with `after` < id < `before`, in order.

        The newest `limit` of it, or the oldest; with `events` also who joined, left, reacted and changed what.
        """
        ...

    def said(self, event_id: int) -> MessageSaid | None:
        """One message, or reaction."""
        ...

    def by_nonce(self, nonce: str) -> MessageSaid | None:
        """The message that its client has sent under this nonce, if that was in the last 30 days, or among the
        last 100,000."""
        ...

    def context(self, messages: Sequence[int]) -> dict[int, tuple[Event, ...]]:
        """The reactions to each of these messages that were not removed, and its deletion."""
        ...

    def thread(self, message: int) -> Thread | None:
        """The thread that a message begins or belongs to; None if there is no such message."""
        ...

    def replies(self, root: int, limit: int, before: int = NEWEST) -> tuple[MessageSaid, ...]:
        """The newest `limit` replies of a thread with id < `before`, in order; without those that were deleted."""
        ...

    def thread_marks(self, messages: Sequence[int]) -> ThreadMarks:
        """The summaries of those of the messages that are roots, and the roots of those that are replies."""
        ...

    def followed(
        self, person: int, read: Mapping[int, int], limit: int, before: int = NEWEST
    ) -> FollowedThreads:
        """The threads with these roots, each with the id up to which the person has read it.

        A page has at most `limit` of those whose last reply has an id < `before`, the newest first.
        """
        ...

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
        """The newest `limit` messages that hold all the words of `text`, with `after` < id < `before`, in order.

        Only those said in one of the rooms, given with the id after which it is read, or privately: by and to
        `person`, if one is given, and `other`, if there is one too. With a sender only what was said under this
        nickname, or by whom `sender_id` is.
        """
        ...

    def conversations(
        self, person: int, limit: int, after: int = 0, before: int = NEWEST, oldest: bool = False
    ) -> tuple[tuple[int, str, int], ...]:
        """With whom a person has talked privately: (person, name, id of the last message), the earliest first.

        Only those whose last message has `after` < id < `before`; the newest `limit` of them, or the oldest.
        """
        ...

    def since(self, event_id: int, limit: int) -> tuple[Event, ...]:
        """The newest `limit` messages from an id on, in order; private ones without their text."""
        ...

    def acts(self, limit: int) -> tuple[ActRecorded, ...]:
        """The newest `limit` entries of the audit trail, in order."""
        ...

    def file(self, file_id: str) -> StoredFile | None:
        """One file, with the messages that name it."""
        ...

    def unused_files(self, before: int, limit: int) -> tuple[StoredFile, ...]:
        """Files that no message names any more, and those that none ever named and that came before an id."""
        ...

    def is_digest_used(self, digest: str) -> bool:
        """Whether there is a file with these bytes."""
        ...

    def backup(self, path: Path) -> int:
        """Copy everything into a new file while the server goes on; how many files' bytes are not in it.

        Nothing is ever overwritten, and nothing lands within the data but in its folder `backups`. Raises StorageError.
        """
        ...

    def check(self) -> list[str]:
        """The faults of the data in sentences; none if it is whole."""
        ...

    @property
    def unfolded(self) -> int:
        """The number of events in the log that wait to be folded into the database."""
        ...

    @property
    def holds_deleted(self) -> bool:
        """Whether the log still holds deleted data because of a concurrent reader: fold it again."""
        ...

    def checkpoint(self) -> None:
        """Fold the log. Takes a while, without blocking others."""
        ...

    def try_writing(self) -> None:
        """Write something of no matter. Raises NotWritten as long as the disk does not take it."""
        ...

    def tell_of_locks(self, told: Callable[[bool], None]) -> None:
        """Call this, in any thread, when another program's lock is waited for, and when it is no more."""
        ...

    def stop_waiting(self) -> None:
        """From now on a lock that another program holds is waited for no longer than some seconds."""
        ...

    def close(self) -> None: ...
