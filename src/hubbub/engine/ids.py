"""Ids of events: one 63-bit number that gives the order, the time and the message id of everything that happened.

The lower twelve bits count within one millisecond; above them stand 42 bits of milliseconds since the epoch, enough
until the year 2109, and nine bits for the era. Ids only grow: if the clock goes back, they go on from the last one.
Where it stays back, because it had been ahead, a new era begins, in which times are as the clock says now. What was
committed first has the smaller id.
"""

from collections.abc import Sequence
from typing import Final

COUNTER_BITS: Final = 12
_ERA_SHIFT: Final = 54
_ERA_MASK: Final = -1 << _ERA_SHIFT
_TIME_MASK: Final = (1 << _ERA_SHIFT - COUNTER_BITS) - 1
ERAS_MAX: Final = 1 << 63 - _ERA_SHIFT
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS: Final = [first + second for first in _ALPHABET for second in _ALPHABET]
_VALUES: Final = {letter: value for value, letter in enumerate(_ALPHABET)}
MSGID_LENGTH: Final = 13


def id_after(last: int, now_ms: int) -> int:
    """The id for what happens at `now_ms` when `last` was the id given out before."""
    wanted = last & _ERA_MASK | now_ms << COUNTER_BITS
    return wanted if wanted > last else last + 1


def era_of(event_id: int) -> int:
    """The number of times before it that the clock was found to have been ahead."""
    return event_id >> _ERA_SHIFT


def first_of_era(era: int, now_ms: int = 0) -> int:
    """The smallest id of an era at `now_ms`."""
    return era << _ERA_SHIFT | now_ms << COUNTER_BITS


def first_id_at(time_ms: int, eras: Sequence[int] = ()) -> int:
    """The smallest id that anything at `time_ms` (milliseconds since the epoch) can have.

    `eras` are the first ids of the eras after the first one: the newest that had begun by then is meant.
    """
    for first in reversed(eras):
        if time_ms >= time_of(first):
            return first_of_era(era_of(first), time_ms)
    return time_ms << COUNTER_BITS


def last_id_at(time_ms: int, eras: Sequence[int] = ()) -> int:
    """The greatest id that anything at `time_ms` (milliseconds since the epoch) can have; `eras` as above."""
    return first_id_at(time_ms + 1, eras) - 1


def millisecond_of(event_id: int) -> tuple[int, int]:
    """The smallest and the greatest id that what shares its millisecond can have."""
    others = (1 << COUNTER_BITS) - 1
    return event_id & ~others, event_id | others


def time_of(event_id: int) -> int:
    """The time of an id, in milliseconds since the epoch."""
    return event_id >> COUNTER_BITS & _TIME_MASK


def msgid(event_id: int) -> str:
    """The id as text of 13 letters and digits that sort like the ids; without `:` and spaces, as message-ids asks."""
    pairs = "".join([_PAIRS[event_id >> shift & 1023] for shift in (55, 45, 35, 25, 15, 5)])
    return pairs + _ALPHABET[event_id & 31]


def parse_msgid(text: str) -> int | None:
    """The id that `msgid` wrote, or None if it can't have been one."""
    if len(text) != MSGID_LENGTH:
        return None
    number = 0
    for letter in text:
        value = _VALUES.get(letter)
        if value is None:
            return None
        number = number << 5 | value
    return number if number < 1 << 63 else None
