"""malloc_trim: returning freed memory to the system.

What thousands of sessions took is free when they have left, but in pieces between others, and the C library keeps such
pieces for itself: a server would look as large as in its busiest hour for ever after.
"""

import ctypes
from collections.abc import Callable
from contextlib import suppress
from typing import Final

MANY: Final = 100
"""For fewer who have left nothing is worth giving back."""


class Returning:
    """Gives memory back when at least half of those who were there have left."""

    def __init__(self, give_back: Callable[[], None]) -> None:
        self._give_back = give_back
        self._most = 0

    def look(self, sessions: int) -> None:
        """To be told every second or so how many sessions there are."""
        self._most = max(self._most, sessions)
        if self._most - sessions >= max(MANY, sessions):
            self._most = sessions
            self._give_back()


def give_back() -> None:
    """Of glibc alone: others do so by themselves, or can't. It takes about 3 ms for 100 MiB."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
