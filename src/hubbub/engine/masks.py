"""Masks: patterns with `*` and `?` for a user's `nick!user@host`."""

import re
from functools import lru_cache
from typing import Final

from msgspec import Struct

from .names import fold

_ANY: Final = ""
"""Stands among the characters of a mask for `?`."""


class _Mask(Struct, frozen=True):
    """A mask that was read. Bit i of a number stands for having matched its first i characters, stars not counted.

    It is read anew in a few microseconds: anybody can bring more masks than are kept.
    """

    parts: tuple[str, ...]
    """The texts before, between and after its stars; not used for a mask with `?`."""
    has_any: bool = False
    places: dict[str, int] = {}
    """Character → where it is the next one, or any is."""
    any_places: int = 0
    stars: int = 0
    """The places of its stars."""
    length: int = 0


def matches(mask: str, subject: str) -> bool:
    """Whether all of `subject` fits `mask`; A to Z are the same as a to z.

    modern-irc, "Wildcard Expressions": `?` is one character, `*` any number, a backslash before
    either takes its meaning away. At most len(subject) steps on a number of len(mask) bits, whatever the mask.
    """
    known = _read(mask)
    return (_fits if known.has_any else _fits_parts)(known, fold(subject))


def _fits(mask: _Mask, subject: str) -> bool:
    places, any_places, stars = mask.places.get, mask.any_places, mask.stars
    reached = 1
    for letter in subject:
        reached = (reached & places(letter, any_places)) << 1 | (reached & stars)
        if not reached:
            return False
    return bool(reached >> mask.length & 1)


def _fits_parts(mask: _Mask, subject: str) -> bool:
    """Without `?`, each part is taken where it first fits: if any way fits, this one does."""
    first, *others = mask.parts
    if not others:
        return subject == first
    *middle, last = others
    at, end = len(first), len(subject) - len(last)
    if at > end or not subject.startswith(first) or not subject.endswith(last):
        return False
    for part in middle:
        found = subject.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


@lru_cache(maxsize=4096)
def _read(mask: str) -> _Mask:
    mask = fold(mask)
    if "?" not in mask and "\\" not in mask:
        return _Mask(tuple(mask.split("*")))
    parts, letters, stars = [""], list[str](), 0
    for token in _TOKEN.findall(mask):
        if token == "*":
            stars |= 1 << len(letters)
            parts.append("")
        elif token == "?":
            letters.append(_ANY)
        else:
            letters.append(token[-1])
            parts[-1] += token[-1]
    any_places = sum(1 << place for place, letter in enumerate(letters) if letter == _ANY)
    places = dict.fromkeys(letters, any_places)
    for place, letter in enumerate(letters):
        places[letter] |= 1 << place
    return _Mask(tuple(parts), _ANY in places, places, any_places, stars, len(letters))


_TOKEN: Final = re.compile(r"\\[*?]|.", re.DOTALL)


def normalise(mask: str) -> str:
    """The complete form of a mask: `bob` is `bob!*@*`, `*.example` is `*!*@*.example`.

    For masks of people alone: an extended ban has its own form.
    """
    nick, bang, rest = mask.partition("!")
    if bang:
        user, _, host = rest.partition("@")
    elif "@" in mask:
        nick, (user, _, host) = "", mask.partition("@")
    elif "." in mask or ":" in mask:  # in an address or a host's name, but in no nickname
        nick, user, host = "", "", mask
    else:
        user = host = ""
    return f"{nick or '*'}!{user or '*'}@{host or '*'}"
