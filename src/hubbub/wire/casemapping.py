"""When two names are the same: CASEMAPPING=ascii, in which only A to Z have a small form."""

from typing import Final

_FOLD: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def fold(text: str) -> str:
    """The form in which names are compared; other letters stay as they are."""
    # str.lower agrees with the table for ASCII and is ten times as fast
    return text.lower() if text.isascii() else text.translate(_FOLD)


def equal(a: str, b: str) -> bool:
    """Whether both name the same."""
    return fold(a) == fold(b)
