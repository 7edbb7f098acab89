"""Rate limits for one address, so that the gateway serves all others in between."""

import time
from collections.abc import Callable
from typing import Final

EVENTS_A_SECOND: Final = 60
"""More than a key that is held down, or a hand, makes."""
EVENTS_AT_ONCE: Final = 60
"""The burst of events that an idle visitor saves up, for text pasted or typed over a slow line."""


class Pace:
    """A budget of events that fills with time; shared by the terminals of one address."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._left = float(EVENTS_AT_ONCE)
        self._at = clock()

    def wait(self) -> float:
        """Seconds until there is something to spend; 0 if there is."""
        now = self.clock()
        self._left = min(self._left + (now - self._at) * EVENTS_A_SECOND, EVENTS_AT_ONCE)
        self._at = now
        return 0.0 if self._left > 0 else (1 - self._left) / EVENTS_A_SECOND

    def spend(self, events: float) -> None:
        """May be more than there is: then it takes longer until there is something again."""
        self._left -= events
