"""Extended bans: entries of a room's lists for an account, or for users who may listen but not speak.

`~account:bob` (or `~a:bob`) is for whoever is signed in to bob, under any nickname; `~mute:` (or `~m:`) before a mask
or an account lets them in and keeps them silent. account-extban: "Servers MUST support matching exact account names."
"""

from typing import Final

from . import masks
from .event import Origin
from .masks import matches

PREFIX: Final = "~"
ACCOUNT: Final = "account"
MUTE: Final = "mute"
LETTERS: Final = {"a": ACCOUNT, "m": MUTE}

_ACCOUNT: Final = f"{PREFIX}{ACCOUNT}:"
_MUTE: Final = f"{PREFIX}{MUTE}:"


def normalise(text: str) -> str | None:
    """The complete form of an entry; None for an unknown extended ban."""
    if not text.startswith(PREFIX):
        return masks.normalise(text)
    word, colon, rest = text[1:].partition(":")
    kind = LETTERS.get(word, word)
    if not colon or not rest:
        return None
    if kind == ACCOUNT:
        return f"{_ACCOUNT}{rest}"
    if kind != MUTE or rest.startswith((f"{PREFIX}m:", _MUTE)):
        return None
    whom = normalise(rest)
    return f"{_MUTE}{whom}" if whom else None


def is_mute(entry: str) -> bool:
    return entry.startswith(_MUTE)


def fits(entry: str, origin: Origin) -> bool:
    """Whether an entry that is no mute matches a user; accounts match by mask as well."""
    if entry.startswith(_ACCOUNT):
        return origin.account is not None and matches(entry[len(_ACCOUNT) :], origin.account)
    return not is_mute(entry) and matches(entry, origin.mask)


def mutes(entry: str, origin: Origin) -> bool:
    return is_mute(entry) and fits(entry[len(_MUTE) :], origin)
