"""Passwords prepared: what is typed on two keyboards, or at two doors, is one password."""

import re
from typing import Final

from hubbub.text import normal

# RFC 3454's tables, as RFC 4013 names them; a test compares them with Python's own.
_TO_NOTHING: Final = re.compile("[\u00ad\u034f\u1806\u180b-\u180d\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]")
"""B.1: "commonly mapped to nothing"."""
_TO_SPACE: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
"""C.1.2: the spaces beyond ASCII; U+200B is in B.1 as well, and goes."""
_CONTROLS: Final = (
    "\x00-\x1f\x7f"  # C.2.1
    "\x80-\x9f\u06dd\u070f\u180e\u200c\u200d\u2028\u2029\u2060-\u2063\u206a-\u206f\ufeff\ufff9-\ufffc"  # C.2.2
    "\U0001d173-\U0001d17a"
)
_PROHIBITED: Final = re.compile(
    f"[{_CONTROLS}"
    "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"  # C.3, private use
    "\ufdd0-\ufdef"  # C.4, no characters
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
    + "\ud800-\udfff"  # C.5, halves of characters
    "\ufffd"  # C.6, what replaces what could not be read
    "\u2ff0-\u2ffb"  # C.7, descriptions of ideographs
    "\u0340\u0341\u200e\u200f\u202a-\u202e"  # C.8, what changes the display
    "\U000e0001\U000e0020-\U000e007f]"  # C.9, tags
)


def prepare(password: str) -> str:
    """The password as it is hashed and compared, at every door; preparing twice changes nothing more.

    RFC 4013, 2.1 and 2.2: the spaces beyond ASCII "can be mapped to SPACE", others are "commonly mapped to nothing",
    and the result is in Unicode's form KC. Where that "MUST NOT contain" something (2.3), the password is taken as it
    was typed, in form C, which RFC 8265 (OpaqueString, SASLprep's successor) has for all: two ways to write `é` still
    are one, and nobody is locked out by what they may have chosen elsewhere. As with OpaqueString, the direction of
    letters is not looked at (2.4 is about what is displayed); and as what is typed to sign in is a "query" (2.5),
    letters that Unicode 3.2 did not know are let through.
    """
    if password.isascii() and password.isprintable():
        return password
    mapped = normal("NFKC", _TO_SPACE.sub(" ", _TO_NOTHING.sub("", password)))
    return mapped if _PROHIBITED.search(mapped) is None else normal("NFC", password)


def is_sendable(prepared: str) -> bool:
    """Whether every program can send it: without what RFC 4013 prohibits, and spaces at its ends, which some drop."""
    return _PROHIBITED.search(prepared) is None and prepared == prepared.strip(" ")
