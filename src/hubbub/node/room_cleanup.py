"""The periodic deletion of unused rooms."""

import logging
from typing import TYPE_CHECKING

from hubbub.engine.unused_rooms import LetRoomGo, left_rooms, unused_rooms

if TYPE_CHECKING:
    from .node import Node

log = logging.getLogger("hubbub")


async def tidy(node: "Node") -> None:
    """To be called every minute or so. A member's room in which anything was ever said stays."""
    try:
        now = node.clock()
        for number in list(left_rooms(node.state, now)):
            node.ask(LetRoomGo(number))
        candidates = [number for number in unused_rooms(node.state, now) if number not in node.rooms_used]
        for number in candidates:
            await node.gate.settled()
            if await node.loop.run_in_executor(None, _was_used, node, number):
                node.rooms_used.add(number)
            elif not node.is_stopping:
                node.ask(LetRoomGo(number))
    except Exception:
        log.exception("A bug while deleting unused rooms; the server tries again later")


def _was_used(node: "Node", room: int) -> bool:
    return bool(node.storage.history(limit=1, room=room))
