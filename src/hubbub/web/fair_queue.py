"""A queue in which askers take turns: a long backlog of one delays the others by no more than one turn."""

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class FairLine(Generic[T]):
    """For each asker at most so much; when so much waits in all, only who has nothing there yet comes in."""

    def __init__(self, an_asker_max: int, waiting_max: int) -> None:
        self._an_asker_max, self._waiting_max = an_asker_max, waiting_max
        self._waiting: dict[str, deque[T]] = {}
        """The asker whose turn it is first."""

    def enter(self, asker: str, item: T) -> bool:
        """Whether there was a place for it."""
        own = len(self._waiting.get(asker, ()))
        if own and (own >= self._an_asker_max or sum(map(len, self._waiting.values())) >= self._waiting_max):
            return False
        self._waiting.setdefault(asker, deque()).append(item)
        return True

    def take(self) -> T | None:
        """The next one, if any waits; its asker goes behind the others."""
        if not self._waiting:
            return None
        asker = next(iter(self._waiting))
        items = self._waiting.pop(asker)
        item = items.popleft()
        if items:
            self._waiting[asker] = items
        return item

    def leave(self, asker: str, item: T) -> None:
        """Remove an item that is no longer wanted, if it still waits."""
        items = self._waiting.get(asker, deque())
        if item in items:
            items.remove(item)
            if not items:
                del self._waiting[asker]
