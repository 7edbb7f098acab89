"""A table that holds only so many entries: where there are too many, the one that expires first makes way."""

from collections.abc import Hashable
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Expiring(Generic[K, V]):
    """Values under keys, each until a time; times are seconds of the caller's clock.

    Strangers choose the keys, so that what they add must not push out what still holds somebody back: an entry made
    for nothing expires before one that holds for an hour.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: dict[K, tuple[float, int, V]] = {}
        self._order: list[tuple[float, int, K]] = []
        """A heap of when each entry expires; of an entry that was put again, also from before."""
        self._numbers = count()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: K, now: float) -> V | None:
        """The value of a key, unless it has expired."""
        found = self._entries.get(key)
        return found[2] if found and found[0] > now else None

    def put(self, key: K, value: V, expires: float, now: float) -> None:
        """Keep a value until a time, in the place of the one before."""
        self._drop_expired(now)
        if key not in self._entries and len(self._entries) >= self._most:
            self._drop_first()
        number = next(self._numbers)
        self._entries[key] = (expires, number, value)
        heappush(self._order, (expires, number, key))
        if len(self._order) > 2 * self._most:
            self._order = [(until, number, key) for key, (until, number, _) in self._entries.items()]
            heapify(self._order)

    def remove(self, key: K) -> None:
        """Forget an entry, if it is there."""
        self._entries.pop(key, None)

    def _drop_expired(self, now: float) -> None:
        while self._order and self._order[0][0] <= now:
            self._drop_top()

    def _drop_first(self) -> None:
        while not self._drop_top():
            pass

    def _drop_top(self) -> bool:
        """Take the top of the heap away, and the entry with it unless it was put again or removed since."""
        _, number, key = heappop(self._order)
        current = self._entries.get(key)
        if current is None or current[1] != number:
            return False
        del self._entries[key]
        return True
