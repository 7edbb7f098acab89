"""Masks: patterns with `*` and `?` for who somebody is, as `nick!user@host`."""

import re
from functools import lru_cache
from typing import Final

from .names import fold

_STARS: Final = re.compile(r"(?<!\\)\*+")
_LITERAL_OR_ANY: Final = re.compile(r"\\[*?]|.", re.DOTALL)


def matches(mask: str, subject: str) -> bool:
    """Whether all of `subject` fits `mask`; A to Z are the same as a to z.

    modern-irc, "Wildcard Expressions": `?` is one character, `*` any number, a backslash before
    either takes its meaning away. At most len(mask) × len(subject) steps, whatever the mask.
    """
    return _compiled(fold(mask)).fullmatch(fold(subject)) is not None


@lru_cache(maxsize=1024)
def _compiled(mask: str) -> re.Pattern[str]:
    # Each part between stars is taken where it first fits and never tried again (an atomic group):
    # if any way fits, this one does, and hostile masks find nothing to multiply.
    first, *others = [_part(part) for part in _STARS.split(mask)]
    if not others:
        return re.compile(first, re.DOTALL)
    *middle, last = others
    return re.compile(first + "".join(f"(?>.*?{part})" for part in middle) + f".*{last}", re.DOTALL)


def _part(part: str) -> str:
    return _LITERAL_OR_ANY.sub(lambda found: "." if found[0] == "?" else re.escape(found[0][-1]), part)


def normalise(mask: str) -> str:
    """The whole mask that somebody meant: `bob` is `bob!*@*`, `*.example` is `*!*@*.example`.

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
