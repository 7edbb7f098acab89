"""The clocks of a node, and the ids that it gives out: ids only grow, whatever the machine's clock does."""

import logging
from collections.abc import Callable

from hubbub.engine.ids import ERAS_MAX, era_of, first_of_era, id_after, time_of

from .wall_clock import WallClock, behind

log = logging.getLogger("hubbub")


class IdClock:
    """`now` gives milliseconds since the epoch, `monotonic` seconds of a clock that only grows."""

    def __init__(self, now: Callable[[], int], monotonic: Callable[[], float], last_id: int) -> None:
        self.now = now
        self.monotonic = monotonic
        self.last_id = last_id
        """The id of the last event."""
        self.started_at = now()
        self._wall_clock = WallClock(self.started_at, monotonic())
        if trouble := self.trouble():
            log.warning("%s", trouble)

    def next_id(self) -> int:
        """The id that an event of this moment would have."""
        return id_after(self.last_id, self.now())

    def trouble(self) -> str:
        """A sentence while the clock is behind what has happened already."""
        return behind(self.now(), time_of(self.last_id)) if self.last_id else ""

    def is_era_due(self) -> bool:
        """Whether the clock was ahead and is surely back; to be asked every second or so. A jump of it is logged."""
        monotonic = self.monotonic()
        if jump := self._wall_clock.jumped(self.now(), monotonic):
            log.warning("%s", jump)
        is_back = self._wall_clock.is_surely_back(self.now(), time_of(self.last_id), monotonic)
        return is_back and era_of(self.last_id) + 1 < ERAS_MAX

    def begin_era(self) -> None:
        """Let time go on from what the clock says now; BeginEra is to be asked next."""
        log.warning(
            "The clock of this machine was ahead. New events have the right time again; earlier events keep "
            "theirs. Suspensions and invitations created meanwhile keep their length, counted from now."
        )
        self.last_id = first_of_era(era_of(self.last_id) + 1, self.now()) - 1
