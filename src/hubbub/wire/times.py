"""Times on the wire: server-time's text and milliseconds since 1970, UTC."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

MILLISECONDS_MAX: Final = 253_402_300_799_999
"""9999-12-31T23:59:59.999Z, the last time that server-time's four digits can write."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TIME: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?Z"
)


def format_time(milliseconds: int) -> str:
    """`2026-11-20T11:40:11.590Z`; times from 1970 to 9999, ValueError beyond."""
    second, fraction = divmod(milliseconds, 1000)
    return f"{_format_second(second)}.{fraction:03}Z"


@lru_cache(maxsize=512)
def _format_second(second: int) -> str:
    # Messages come in the order of time, history in pages: a few seconds are asked for again and again.
    if not 0 <= second <= MILLISECONDS_MAX // 1000:
        raise ValueError("a time on the wire lies between 1970 and 9999")
    return (_EPOCH + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%S")


def parse_time(text: str) -> int | None:
    """The milliseconds that `text` names, or None where it is no time.

    Finer fractions are cut. A leap second (server-time's example has `:60`) is the second after it.
    """
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    if second > 60:
        return None
    try:
        whole = datetime(year, month, day, hour, minute, tzinfo=UTC) - _EPOCH
    except ValueError:
        return None
    milliseconds = (whole.days * 86_400 + whole.seconds + second) * 1000
    milliseconds += int((found[7] or "").ljust(3, "0")[:3])
    return milliseconds if 0 <= milliseconds <= MILLISECONDS_MAX else None
