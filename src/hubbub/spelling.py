"""Spelling correction: the existing name that a mistyped one was meant to be.

There are as many names as people like to make, and anybody may ask: each is looked at in a few microseconds. What
compares every letter with every other takes a thousand times as long where somebody has made names for it.
"""

from collections.abc import Iterable
from typing import Final

SLIP_CHARS: Final = 2
"""So much is too much, missing or wrong, in one place."""


def meant(wanted: str, names: Iterable[str]) -> str:
    """The first of the names that are most like what is wanted: the same but for one place; empty if there is none."""
    half = max(1, (len(wanted) - SLIP_CHARS + 1) // 2)
    beginning, ending = wanted[:half], wanted[-half:]
    best, least = "", SLIP_CHARS + 1
    for name in names:
        if abs(len(name) - len(wanted)) <= SLIP_CHARS and (
            name.startswith(beginning) or name.endswith(ending)
        ):
            slip = _slip(wanted, name)
            if slip < least and 2 * slip <= len(wanted):
                best, least = name, slip
    return best


def _slip(one: str, other: str) -> int:
    """The number of characters between the common beginning and the common end of two names."""
    shorter, longer = sorted((len(one), len(other)))
    common = _common(one, other) + _common(one[::-1], other[::-1])
    return longer - min(common, shorter)


def _common(one: str, other: str) -> int:
    """With how many of the same characters two names begin."""
    sure, most = 0, min(len(one), len(other))
    while sure < most:
        middle = (sure + most + 1) // 2
        if one[:middle] == other[:middle]:
            sure = middle
        else:
            most = middle - 1
    return sure
