"""The gate between what happened and what is shown: nothing passes before it is on disk, and order never changes.

A batch is everything since the last commit began: the events to write, and the bytes to send once they are written.
While one is being committed by the writer thread, the next one fills; there is no timer.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable, Sequence
from queue import SimpleQueue

from hubbub.engine.event import Event


class Outlet:
    """Where one session's bytes leave; `queue` is what it is shown when the filling batch is done."""

    __slots__ = ("closing", "look", "queue", "send")

    def __init__(self, send: Callable[[Sequence[bytes]], int], look: Callable[[int, bool], None]) -> None:
        self.send = send
        """Takes what there is of one batch, each piece whole lines; gives how many bytes wait for the peer."""
        self.look = look
        """Called where bytes wait, or what was sent is the last: with how many, and whether it is."""
        self.queue: list[bytes] = []
        self.closing = False


class Batch:
    """What is written and shown together."""

    __slots__ = ("after", "outlets", "rows", "sealed")

    def __init__(self) -> None:
        self.rows: list[Event] = []
        self.outlets: list[Outlet] = []
        """Which have something to show."""
        self.sealed: list[tuple[Outlet, list[bytes], bool]] = []
        """What each shows, and whether it is the last; settled when the batch goes on its way."""
        self.after: list[Callable[[], None]] = []
        """Called when everything up to here is on disk and shown."""

    def seal(self) -> None:
        """Take the bytes from the outlets: what comes from now on belongs to the next batch."""
        for outlet in self.outlets:
            self.sealed.append((outlet, outlet.queue, outlet.closing))
            outlet.queue = []

    def release(self) -> None:
        """Show it."""
        for outlet, queue, is_last in self.sealed:
            queued = outlet.send(queue)
            if queued or is_last:
                outlet.look(queued, is_last)
        for done in self.after:
            done()


class Gate:
    """The one way to everybody's screen.

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
        self._filling = Batch()
        self._committing: Batch | None = None
        self._is_called = False
        self._work: SimpleQueue[Batch | None] = SimpleQueue()
        self._writer = threading.Thread(target=self._write, name="hubbub-writer", daemon=True)
        self._writer.start()

    def keep(self, event: Event) -> None:
        """An event that must last."""
        self._filling.rows.append(event)
        if not self._is_called:
            self._call()

    def show(self, outlet: Outlet, data: bytes) -> None:
        """Bytes for one session, after everything that it was to be shown before."""
        if not outlet.queue:
            self._touch(outlet)
        outlet.queue.append(data)

    def show_all(self, outlets: Iterable[Outlet], data: bytes, but: Outlet | None) -> None:
        """The same bytes for many sessions, all but one: the loop that a message in a large room spends its time in."""
        touched = self._filling.outlets
        for outlet in outlets:
            queue = outlet.queue
            if outlet is but:
                continue
            if not queue:
                touched.append(outlet)
            queue.append(data)
        if not self._is_called:
            self._call()

    def close(self, outlet: Outlet) -> None:
        """What the session is shown now is the last."""
        if not outlet.queue:
            self._touch(outlet)
            outlet.queue.append(b"")
        outlet.closing = True

    def after(self, done: Callable[[], None]) -> None:
        """Call `done` once everything that happened so far is on disk and shown."""
        if self._committing is None and not self._filling.rows and not self._filling.outlets:
            done()
        else:
            self._filling.after.append(done)
            if not self._is_called:
                self._call()

    async def settled(self) -> None:
        """Wait until everything that happened so far is on disk and shown."""
        waiter: asyncio.Future[None] = self._loop.create_future()
        self.after(lambda: None if waiter.cancelled() else waiter.set_result(None))
        await waiter

    def stop(self) -> None:
        """End the writer thread; only when all is settled, or nothing may be shown any more."""
        self._work.put(None)
        self._writer.join()

    def _touch(self, outlet: Outlet) -> None:
        self._filling.outlets.append(outlet)
        if not self._is_called:
            self._call()

    def _call(self) -> None:
        self._is_called = True
        self._loop.call_soon(self._turn)

    def _turn(self) -> None:
        """At the end of the loop's turn: send the batch on its way, unless one is still under way."""
        self._is_called = False
        if self._committing is not None:
            return
        batch, self._filling = self._filling, Batch()
        batch.seal()
        if batch.rows:
            self._committing = batch
            self._work.put(batch)
        else:
            batch.release()

    def _write(self) -> None:
        while batch := self._work.get():
            try:
                self._commit(batch.rows)
            except BaseException as error:
                self._loop.call_soon_threadsafe(self._failed, error)
                return
            self._loop.call_soon_threadsafe(self._committed, batch)

    def _committed(self, batch: Batch) -> None:
        self._committing = None
        batch.release()
        filling = self._filling
        if filling.rows or filling.outlets or filling.after:
            self._turn()
