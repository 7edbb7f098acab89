"""Parsing a password change: the old one, the new one, and whether other sessions stay signed in."""

from typing import Final

from hubbub.engine.revocation import Revoked
from hubbub.wire.quoting import words_of

from .session_api import ChangePassword

USAGE: Final = "<old> <new> [keep]"
NOTE: Final = (
    "Everything else that is signed in to your account ends, and other tokens, certificates and keys do not sign in "
    "any more; with keep behind the passwords all that stays. A password with spaces stands in double quotes."
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
    ended = revoked.sentence("other") if wish.everywhere else "All that was signed in stays so."
    return f"Your password is changed. {ended}"
