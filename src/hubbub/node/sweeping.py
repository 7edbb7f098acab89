"""Sweeping: the work of every second, such as pinging silent peers, and deleting what is no longer needed."""

import logging
from typing import TYPE_CHECKING, Final

from hubbub.engine.entering import NoteSeen
from hubbub.engine.id_eras import BeginEra

from .disk import FULL
from .malloc_trim import Returning, give_back
from .room_cleanup import RoomCleanup
from .session import LiveSession

if TYPE_CHECKING:
    from .node import Node

log = logging.getLogger("hubbub")

SEEN_SECONDS: Final = 60.0
"""The interval at which the time is noted up to which each user has surely seen everything."""

UNFOLDED_MAX: Final = 1_000
"""After so many events the storage's log is folded into the database, off the hot path."""


class Sweeper:
    """Looks after the clock, the sessions, the rooms, the memory and the disk of a node."""

    def __init__(self, node: "Node") -> None:
        self._node = node
        self._seen_at = node.clock.monotonic()
        self._rooms = RoomCleanup(node)
        self.returning = Returning(give_back)

    def sweep(self) -> None:
        """To be called every second or so: ask the silent for a sign of life, and end those who give none."""
        node = self._node
        now = node.clock.monotonic()
        if node.clock.is_era_due() and not node.disk.trouble:
            node.clock.begin_era()
            node.ask(BeginEra())
        for session in list(node.live.values()):
            try:
                self._look_after(session, now)
            except Exception:
                log.exception(
                    "A bug in the timers of session %d; the server ends the session", session.session
                )
                session.fail()
        self.returning.look(len(node.live))
        if now - self._seen_at >= SEEN_SECONDS:
            self._seen_at = now
            node.ask(NoteSeen(node.live.seen()))
            node.tasks.start(self._rooms.tidy())
        self._look_at_disk(now)
        node.lock_notices.tell()
        if node.storage.unfolded > UNFOLDED_MAX or node.storage.holds_deleted:
            node.loop.run_in_executor(None, node.storage.checkpoint)

    def _look_after(self, session: LiveSession, now: float) -> None:
        session.remind(now)
        node = self._node
        limits = node.settings.limits
        known = node.state.sessions.get(session.session)
        is_in = known is None or known.person
        if not is_in and limits.registration_seconds and now - session.began_at > limits.registration_seconds:
            node.end(session, "You took too long to sign in")
        elif session.pinged_at and now - session.pinged_at > limits.ping_timeout_seconds:
            silence = int(now - session.heard_at)
            node.end(session, f"Ping timeout: {silence} seconds", session.heard_id)
        elif not session.pinged_at and limits.ping_seconds and now - session.heard_at > limits.ping_seconds:
            session.pinged_at = now if session.talk.ping() else 0.0

    def _look_at_disk(self, now: float) -> None:
        """Write nothing where the last room would be taken, and try again where nothing was written for a while."""
        disk = self._node.disk
        if disk.stop_at_last_room(now):
            self._node.tell_everybody(FULL)
        elif disk.is_due(now):
            disk.is_tried = True
            self._node.tasks.start(self._node.try_disk())
