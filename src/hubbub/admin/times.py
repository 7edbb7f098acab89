"""Times as administrators write and read them: `1h30m`, and `2026-11-20 11:40:11`."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from .answers import Mistake, shortened

_SECONDS: Final = {"y": 365 * 86_400, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_YEARS_MAX: Final = 100
DURATION_MS_MAX: Final = _YEARS_MAX * _SECONDS["y"] * 1000

_DURATION: Final = re.compile("".join(f"(?:(?P<{unit}>[0-9]{{1,12}}){unit})?" for unit in _SECONDS))
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def parse_duration(text: str) -> int | Mistake:
    """Milliseconds; the units from the largest to the smallest, each once. A year has 365 days."""
    found = _DURATION.fullmatch(text)
    if not text or found is None:
        return Mistake(
            f"{shortened(text) or 'Nothing'} is not a time. A time is a number with s, m, h, d or y, "
            "such as 30s, 10m, 2h, 1d, 1y or 1h30m."
        )
    seconds = sum(int(found[unit] or 0) * size for unit, size in _SECONDS.items())
    if seconds == 0:
        return Mistake(f"{shortened(text)} is too short. A time is at least 1s.")
    if seconds * 1000 > DURATION_MS_MAX:
        return Mistake(f"{shortened(text)} is too long. A time is at most {_YEARS_MAX}y.")
    return seconds * 1000


def moment(time_ms: int) -> str:
    """A point in time, in UTC to the second."""
    return f"{_EPOCH + timedelta(milliseconds=time_ms):%Y-%m-%d %H:%M:%S}"
