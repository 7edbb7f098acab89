"""The wall clock, checked against the monotonic one: a jump, or stored times ahead of it, are reported."""

from datetime import UTC, datetime
from typing import Final

SURE_SECONDS: Final = 600.0
"""A clock that is back for so long was ahead before. One that is wrong at the start is set right sooner."""
JUMP_MS: Final = 60_000
"""The smallest jump that is reported; smaller steps are how clocks are corrected."""


class WallClock:
    """Compares what has passed by both clocks; times in milliseconds, of `monotonic` in seconds."""

    def __init__(self, now_ms: int, monotonic: float) -> None:
        self._now_ms = now_ms
        self._monotonic = monotonic
        self._back_since: float | None = None

    def jumped(self, now_ms: int, monotonic: float) -> str:
        """A sentence if the clock has jumped since this was asked last; else nothing."""
        passed = int((monotonic - self._monotonic) * 1000)
        off = now_ms - self._now_ms - passed
        was, self._now_ms, self._monotonic = self._now_ms + passed, now_ms, monotonic
        if abs(off) < JUMP_MS:
            return ""
        return (
            f"The clock of this machine jumped by {off // 1000} seconds, from {_written(was)} to "
            f"{_written(now_ms)}. If the machine was not asleep, check its clock."
        )

    def is_surely_back(self, now_ms: int, last_ms: int, monotonic: float) -> bool:
        """Whether the last thing that happened has been later than now for long enough."""
        if last_ms - now_ms < JUMP_MS:
            self._back_since = None
            return False
        if self._back_since is None:
            self._back_since = monotonic
        return monotonic - self._back_since >= SURE_SECONDS


def behind(now_ms: int, last_ms: int) -> str:
    """A sentence if the last thing that happened is later than now; else nothing."""
    if last_ms - now_ms < JUMP_MS:
        return ""
    return (
        f"The last event here is of {_written(last_ms)}, but the clock of this machine says "
        f"{_written(now_ms)}: it is wrong, or was wrong then. New events have the former time until the "
        "clock has stayed like this for ten minutes."
    )


def _written(moment_ms: int) -> str:
    return f"{datetime.fromtimestamp(moment_ms / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"
