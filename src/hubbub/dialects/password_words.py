"""Parsing a password change: the old one, the new one, and whether other sessions stay signed in."""

from typing import Final

from hubbub.engine.revocation import Revoked
from hubbub.wire.quoting import words_of

from .session_api import ChangePassword

USAGE: Final = "<old> <new> [keep]"
NOTE: Final = (
    "Changing the password ends your other sessions and revokes your tokens, certificates and keys; to keep "
    "them, write keep after the passwords. Put a password with spaces in double quotes."
)


def wish(text: str) -> ChangePassword | None:
    """The parsed request; None if it is not written as `USAGE` says."""
    words = words_of(text)
    keeps = len(words) == 3 and words[2].lower() == "keep"
    if not all(words) or (len(words) != 2 and not keeps):
        return None
    return ChangePassword(words[0], words[1], everywhere=not keeps)


def changed(wish: ChangePassword, revoked: Revoked) -> str:
    """The sentence about the result."""
    ended = revoked.sentence("other") if wish.everywhere else "Your other sessions stay signed in."
    return f"Your password was changed. {ended}"
