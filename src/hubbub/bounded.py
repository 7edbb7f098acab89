"""Dictionaries with a bound: where there would be too many entries, the oldest makes way."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Bounded(OrderedDict[K, V]):
    """A dictionary of at most `most` entries, in the order in which they were put; one that is put again is the newest.

    `gone` is called with each value that makes way, for another key or for another value. `move_to_end` makes an entry
    the newest without putting it again: for who keeps what was used last.
    """

    def __init__(self, most: int, gone: Callable[[V], object] = lambda value: None) -> None:
        super().__init__()
        self._most = most
        self._gone = gone

    def __setitem__(self, key: K, value: V) -> None:
        if key in self:
            self._gone(self.pop(key))
        super().__setitem__(key, value)
        if len(self) > self._most:
            self._gone(self.popitem(last=False)[1])
