"""Ids of events: one 63-bit number that gives the order, the time and the message id of everything that happened.

The upper bits are milliseconds since the epoch, the lower twelve count within one millisecond. Ids only grow:
if the clock goes back, they go on from the last one. What was committed first has the smaller id.
"""

from typing import Final

COUNTER_BITS: Final = 12
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS: Final = [first + second for first in _ALPHABET for second in _ALPHABET]
_VALUES: Final = {letter: value for value, letter in enumerate(_ALPHABET)}
MSGID_LENGTH: Final = 13


def id_after(last: int, now_ms: int) -> int:
    """The id for what happens at `now_ms` when `last` was the id given out before."""
    return max(last + 1, now_ms << COUNTER_BITS)


def first_id_at(time_ms: int) -> int:
    """The smallest id that anything at `time_ms` (milliseconds since the epoch) can have."""
    return time_ms << COUNTER_BITS


def last_id_at(time_ms: int) -> int:
    """The greatest id that anything at `time_ms` (milliseconds since the epoch) can have."""
    return first_id_at(time_ms + 1) - 1


def time_of(event_id: int) -> int:
    """When it happened, in milliseconds since the epoch."""
    return event_id >> COUNTER_BITS


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
