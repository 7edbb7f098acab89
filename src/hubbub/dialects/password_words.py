"""The words with which somebody changes their password: the old one, the new one, and whether the rest stays open."""

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
    """What was asked for; None if it is not written as `USAGE` says."""
    words = words_of(text)
    keeps = len(words) == 3 and words[2].lower() == "keep"
    if not all(words) or (len(words) != 2 and not keeps):
        return None
    return ChangePassword(words[0], words[1], everywhere=not keeps)


def changed(wish: ChangePassword, revoked: Revoked) -> str:
    """What came of it, for whoever has changed it."""
    ended = revoked.sentence("other") if wish.everywhere else "Your other sessions stay signed in."
    return f"Your password was changed. {ended}"
