"""Thread updates: once a reply or its deletion is on disk, the node reads the thread, and the engine announces it."""

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from hubbub.engine.edits import MessageRedacted
from hubbub.engine.event import Event
from hubbub.engine.message_kinds import has_text
from hubbub.engine.messages import MessageSaid, parent_of
from hubbub.engine.threads import NoteReply
from hubbub.storage.base import NotWritten, StorageError

if TYPE_CHECKING:
    from .node import Node

log = logging.getLogger("hubbub")

WAITING_MAX: Final = 10_000
"""The most updates that wait; a thread beyond that is announced with its next update."""


class ThreadWatch:
    """Reads the threads in the order in which they changed: all that have changed by a commit, then those of the next.

    No message waits for this: a reply is shown as any message, and its thread's summary follows. Reading moves new
    messages to their places (`storage/subjects/messages.py`), which many replies should cause once.
    """

    def __init__(self, node: "Node") -> None:
        self._node = node
        self._waiting: dict[int, int] = {}
        """Reply → who has written it; 0 if it was deleted."""
        self._is_at_work = False
        node.listening.append(self._heard)

    def _heard(self, event: Event) -> None:
        if isinstance(event, MessageSaid):
            if event.tags and has_text(event.kind) and parent_of(event.tags) is not None:
                self._add(event.id, event.by.person)
        elif isinstance(event, MessageRedacted):
            self._add(event.message, 0)

    def _add(self, message: int, by: int) -> None:
        if len(self._waiting) < WAITING_MAX:
            self._waiting[message] = by
        if not self._is_at_work:
            self._is_at_work = True
            self._node.tasks.start(self._work())

    async def _work(self) -> None:
        try:
            while self._waiting:
                changes, self._waiting = self._waiting, {}
                await self._node.gate.settled()
                for message, by in changes.items():
                    await self._tell(message, by)
        except NotWritten:
            self._waiting.clear()  # It never was: everybody is disconnected, or the server stops.
        except StorageError as error:
            log.error("Reading a thread has failed: %s", error)
        finally:
            self._is_at_work = False

    async def _tell(self, message: int, by: int) -> None:
        thread = await asyncio.to_thread(self._node.storage.thread, message)
        if thread is not None and thread.root.id != message:
            self._node.ask(NoteReply(thread, by))
