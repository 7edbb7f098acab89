"""The gate between what happened and what is shown: nothing passes before it is on disk, and order never changes.

A batch is everything since the last commit began: the events to write, and the bytes to send once they are written.
While one is being committed by the writer thread, the next one fills; there is no timer.

    ann says «a»                  filling: row a, its bytes for everybody
    the loop's turn ends          committing: a              filling: nothing
    bob says «b», then leaves     committing: a              filling: rows b and bob's end, the bytes of both
    the writer is done with a     a is shown                 committing: b and bob's end
    the writer is done            both are shown, in one write for each session, and bob's connection closes
    … had the writer failed       neither is shown, ever; `failed` decides how it goes on
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from queue import SimpleQueue
from typing import Final

from hubbub.engine.event import Event
from hubbub.storage.base import NotWritten
from hubbub.transports.base import JOINED, Form

log = logging.getLogger("hubbub")

NOT_KEPT: Final = "The server can't write to its disk, so this was not saved."
WORTH_HOLDING: Final = 100
"""To write to so many takes about as long as to commit what was said to them meanwhile."""


class Outlet:
    """The way out for one session's bytes."""

    __slots__ = ("broken", "form", "look", "send")

    def __init__(
        self,
        send: Callable[[bytes], int],
        look: Callable[[int, bool], None],
        broken: Callable[[], None],
        form: Form = JOINED,
    ) -> None:
        self.send = send
        """Takes what there is of one batch, in its form; gives how many bytes wait for the peer."""
        self.look = look
        """Called where bytes wait, or what was sent is the last: with how many, and whether it is."""
        self.broken = broken
        """Called where a bug keeps it from being sent anything: the others are sent theirs."""
        self.form = form

    def end(self) -> None:
        """Release the session, so that references to this outlet keep nothing else of it alive."""
        self.send, self.look, self.broken = _sent_to_nobody, _looked_at_by_nobody, _missed_by_nobody

    def fail(self) -> None:
        """To be called where a bug in sending is handled."""
        log.exception("A bug while sending; the server ends the session")
        try:
            self.broken()
        except Exception:
            log.exception("A bug while ending a session that can't be sent to")


def _sent_to_nobody(data: bytes) -> int:
    return 0


def _looked_at_by_nobody(queued_bytes: int, is_last: bool) -> None: ...


def _missed_by_nobody() -> None: ...


class SessionGroup:
    """Outlets of one form that are shown the same most of the time: what they are shown is put together once."""

    __slots__ = ("form", "members")

    def __init__(self, members: Iterable[Outlet], form: Form = JOINED) -> None:
        self.members = dict.fromkeys(members)
        self.form = form


class Shared:
    """A group's output in one batch: `pieces` go to its sessions that are not `apart`."""

    __slots__ = ("apart", "pieces")

    def __init__(self, apart: dict[Outlet, list[bytes]]) -> None:
        self.pieces: list[bytes] = []
        self.apart = apart


class CommitBatch:
    """Events that are committed together, and the output that waits for it. Pieces are whole lines.

    What a group is shown stands in one queue for all of it, until something tells one of them apart: that it has said
    it, an answer to it alone, or another group that it is in. From then on that one has a queue of its own.
    """

    __slots__ = ("after", "apart", "crowds", "last", "rows", "together")

    def __init__(self) -> None:
        self.rows: list[Event] = []
        self.crowds: dict[SessionGroup, Shared] = {}
        self.together: dict[Outlet, Shared] = {}
        """Session → its group, for sessions that are not apart."""
        self.apart: dict[Outlet, list[bytes]] = {}
        """Session → its own queue, with all of its output."""
        self.last: set[Outlet] = set()
        """To whom this is the last."""
        self.after: list[Callable[[], None]] = []
        """Called when everything up to here is on disk and shown."""

    @property
    def is_anything(self) -> bool:
        return bool(self.rows or self.crowds or self.apart or self.after)

    def part(self, outlet: Outlet) -> list[bytes]:
        """Give an outlet a queue of its own, with what it is shown already."""
        shared = self.together.get(outlet)
        queue = self.apart[outlet] = shared.pieces.copy() if shared else []
        if shared:
            shared.apart[outlet] = queue
        return queue

    def show_all(self, group: SessionGroup, data: bytes, but: Outlet | None) -> None:
        shared = self.crowds.get(group) or self._gather(group)
        if but in group.members and but not in self.apart:
            self.part(but)
        for outlet, queue in shared.apart.items():
            if outlet is not but:
                queue.append(data)
        shared.pieces.append(data)

    def _gather(self, group: SessionGroup) -> Shared:
        """Give a group a queue at its first piece; a session that is in two groups gets a queue of its own."""
        members, apart = group.members.keys(), self.apart
        if not self.together.keys().isdisjoint(members):
            for outlet in self.together.keys() & members:
                if outlet not in apart:
                    self.part(outlet)
        alone = () if apart.keys().isdisjoint(members) else apart.keys() & members
        shared = self.crowds[group] = Shared({outlet: apart[outlet] for outlet in alone})
        self.together.update(dict.fromkeys(group.members, shared))
        return shared

    def shares_with(self, later: "CommitBatch") -> int:
        """The writes that are saved by showing both batches at once, counting groups only."""
        return sum(len(group.members) for group in self.crowds if group in later.crowds)

    def add(self, later: "CommitBatch") -> None:
        """Take in what comes after this, to be shown with it; rows are no matter any more."""
        for group, shared in later.crowds.items():
            own = self.crowds.get(group) or self._gather(group)
            for outlet in shared.apart:
                if outlet not in self.apart:
                    self.part(outlet)
            for outlet, queue in own.apart.items():
                if outlet not in later.apart:
                    queue += shared.pieces
            own.pieces += shared.pieces
        for outlet, pieces in later.apart.items():
            known = self.apart.get(outlet)
            (self.part(outlet) if known is None else known).extend(pieces)
        self.last |= later.last
        self.after += later.after

    def release(self) -> None:
        """Show it: the loop that a message in a large room spends its time in. A bug with one is that one's alone."""
        apart = self.apart
        for group, shared in self.crowds.items():
            data = group.form(shared.pieces)
            for outlet in group.members:
                if outlet not in apart:
                    try:
                        if queued := outlet.send(data):
                            outlet.look(queued, False)
                    except Exception:
                        outlet.fail()
        for outlet, queue in apart.items():
            is_last = outlet in self.last
            try:
                queued = outlet.send(outlet.form(queue)) if queue else 0
                if queued or is_last:
                    outlet.look(queued, is_last)
            except Exception:
                outlet.fail()
            if is_last:
                outlet.end()
        for done in self.after:
            try:
                done()
            except Exception:
                log.exception("A bug in a callback after delivery")


class CommitGate:
    """The gate between commits and output: no output passes before the events it shows are on disk.

    `commit` runs in the writer thread; if it fails, `failed` is called and nothing is shown any more: the server
    never shows what it could not keep.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        commit: Callable[[Sequence[Event]], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        self._loop = loop
        self._commit = commit
        self._failed = failed
        self._filling = CommitBatch()
        self._committing: CommitBatch | None = None
        self._held: CommitBatch | None = None
        """The output whose events are on disk, behind a commit under way."""
        self._is_called = False
        self._is_given_up = False
        self._is_broken = False
        self._waiting: set[asyncio.Future[None]] = set()
        self._work: SimpleQueue[CommitBatch | None] = SimpleQueue()
        self._writer = threading.Thread(target=self._write, name="hubbub-writer", daemon=True)
        self._writer.start()

    def keep(self, event: Event) -> None:
        """An event that must last."""
        self._filling.rows.append(event)
        if not self._is_called:
            self._call()

    def show(self, outlet: Outlet, data: bytes) -> None:
        """Bytes for one session, after everything that it was to be shown before."""
        batch = self._filling
        queue = batch.apart.get(outlet)
        if queue is None:
            queue = batch.part(outlet)
        queue.append(data)
        if not self._is_called:
            self._call()

    def show_all(self, group: SessionGroup, data: bytes, but: Outlet | None) -> None:
        """The same bytes for many sessions, all but one."""
        self._filling.show_all(group, data, but)
        if not self._is_called:
            self._call()

    def close(self, outlet: Outlet) -> None:
        """Close a session after its present output."""
        batch = self._filling
        batch.last.add(outlet)
        if outlet not in batch.apart:
            batch.part(outlet)
        if not self._is_called:
            self._call()

    def after(self, done: Callable[[], None]) -> None:
        """Call `done` once everything that happened so far is on disk and shown."""
        if self._committing is None and not self._filling.is_anything:
            done()
        else:
            self._filling.after.append(done)
            if not self._is_called:
                self._call()

    async def settled(self) -> None:
        """Wait until everything that happened so far is on disk and shown. Raises NotWritten where it never will be."""
        if self._is_broken:
            raise NotWritten(NOT_KEPT)
        waiter: asyncio.Future[None] = self._loop.create_future()
        self._waiting.add(waiter)
        try:
            self.after(lambda: None if waiter.done() else waiter.set_result(None))
            await waiter
        finally:
            self._waiting.discard(waiter)

    async def ended(self) -> bool:
        """The same; whether it is on disk and shown."""
        try:
            await self.settled()
        except NotWritten:
            return False
        return True

    def give_up(self, is_farewell: bool = False) -> None:
        """After a failed commit: drop all output since, and pass new output at once.

        So that people are told why before they are disconnected; what waits is shown only if it is just that.
        """
        self._is_given_up = True
        if self._held:
            self._held.release()
        lost = [batch for batch in (self._committing, self._filling) if batch]
        self._committing = self._held = None
        self._filling = CommitBatch()
        for batch in lost:
            if is_farewell:
                batch.release()
            for outlet in batch.last:
                self.close(outlet)

    def stop(self) -> None:
        """End the writer thread; only when all is settled, or nothing may be shown any more."""
        self._work.put(None)
        self._writer.join()

    def _call(self) -> None:
        self._is_called = True
        self._loop.call_soon(self._turn)

    def _turn(self) -> None:
        """At the end of the loop's turn: send the batch on its way, unless one is still under way."""
        self._is_called = False
        if self._committing is not None:
            return
        batch, self._filling = self._filling, CommitBatch()
        if batch.rows and not self._is_given_up:
            self._committing = batch
            self._work.put(batch)
        else:
            batch.release()

    def _write(self) -> None:
        while batch := self._work.get():
            try:
                self._commit(batch.rows)
            except BaseException as error:
                self._loop.call_soon_threadsafe(self._break, error)
                return
            self._loop.call_soon_threadsafe(self._committed, batch)

    def _break(self, error: BaseException) -> None:
        self._is_broken = True
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_exception(NotWritten(NOT_KEPT))
        self._failed(error)

    def _committed(self, batch: CommitBatch) -> None:
        """Show what is on disk now.

        Where the next batch is for the same group, it is committed first and both are shown at once. It is done once,
        not again and again.
        """
        self._committing = None
        held, self._held = self._held, None
        if held:
            held.add(batch)
            batch = held
        elif self._filling.rows and batch.shares_with(self._filling) >= WORTH_HOLDING:
            self._held = batch
            self._turn()
            return
        batch.release()
        if self._filling.is_anything:
            self._turn()
