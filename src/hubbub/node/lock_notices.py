"""Notices about another program's lock on the database: nothing else reaches anybody until it is let go."""

import logging
from typing import TYPE_CHECKING, Final

from hubbub.dialects.session_api import View
from hubbub.engine.announcements import Announced, announced_audience
from hubbub.engine.event import SERVER

if TYPE_CHECKING:
    from .node import Node
    from .session import LiveSession

log = logging.getLogger("hubbub")

HELD: Final = (
    "Another program is blocking the server's database, so new messages are delayed. They will be saved and shown "
    "when it finishes; you need not send them again."
)
FREE: Final = "The server can write again. Delayed messages are shown now."


class LockNotices:
    """Tells everybody who is present once that all waits, and once that it goes on.

    The gate holds back what is not on disk yet, so these pass it.
    """

    def __init__(self, node: "Node") -> None:
        self._node = node
        self._is_held = False
        self._told: set[int] = set()
        node.storage.tell_of_locks(self._changed)

    def _changed(self, is_held: bool) -> None:
        """Called in whichever thread waits for the lock."""
        self._node.loop.call_soon_threadsafe(self._change, is_held)

    def _change(self, is_held: bool) -> None:
        self._is_held = is_held
        if is_held:
            self.tell()
            return
        told, self._told = self._told, set()
        self._show(FREE, [session for session in self._present() if session.session in told])

    def tell(self) -> None:
        """Tell those who have come since it was held, too."""
        if self._is_held:
            missing = [session for session in self._present() if session.session not in self._told]
            self._told.update(session.session for session in missing)
            self._show(HELD, missing)

    def _said(self, text: str) -> Announced:
        return Announced(self._node.clock.next_id(), SERVER, text, False)

    def _present(self) -> list["LiveSession"]:
        live = self._node.live
        present = announced_audience(self._node.state, self._said(""))
        return [session for number in present if (session := live.get(number))]

    def _show(self, text: str, sessions: list["LiveSession"]) -> None:
        said, written = self._said(text), dict[View, bytes]()
        for session in sessions:
            view = session.talk.view
            try:
                if view not in written:
                    written[view] = view.render(said)
                session.show_at_once(written[view])
            except Exception:
                log.exception("A bug in telling session %d of a lock; all else goes on", session.session)
