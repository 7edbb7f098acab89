"""The periodic deletion of unused rooms."""

import logging
from typing import TYPE_CHECKING

from hubbub.engine.unused_rooms import LetRoomGo, left_rooms, unused_rooms

if TYPE_CHECKING:
    from .node import Node

log = logging.getLogger("hubbub")


class RoomCleanup:
    """Lets the rooms go that everybody has left, and those in which nothing was ever said."""

    def __init__(self, node: "Node") -> None:
        self._node = node
        self._used: set[int] = set()
        """Rooms in which something was said, as far as that was looked at: it stays so."""

    async def tidy(self) -> None:
        """To be called every minute or so. A member's room in which anything was ever said stays."""
        node = self._node
        try:
            now = node.clock.now()
            for number in list(left_rooms(node.state, now)):
                node.ask(LetRoomGo(number))
            candidates = [number for number in unused_rooms(node.state, now) if number not in self._used]
            for number in candidates:
                await node.gate.settled()
                if await node.loop.run_in_executor(None, _was_used, node, number):
                    self._used.add(number)
                elif not node.health.is_stopping:
                    node.ask(LetRoomGo(number))
        except Exception:
            log.exception("A bug while deleting unused rooms; the server tries again later")


def _was_used(node: "Node", room: int) -> bool:
    return bool(node.storage.history(limit=1, room=room))
