"""Refusals: what may not be, each a state of affairs with a stable code and a sentence that says what to do next.

Here stand those of all subjects; a subject's own stand with its rules, in its module.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Refusal(Struct, frozen=True):
    """The polite answer to something that may not be; `str()` gives the sentence, `code` its stable name."""

    @property
    def code(self) -> str:
        return type(self).__name__

    def __str__(self) -> str:
        return self.code


class NotSignedIn(Refusal, frozen=True):
    def __str__(self) -> str:
        return "This requires an account. Register one, or log in to yours."


class NotPresent(Refusal, frozen=True):
    """The session has not come in yet, or has left."""

    def __str__(self) -> str:
        return "Choose a nickname first."


class UserUnknown(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"User {self.name} not found"


class NotPermitted(Refusal, frozen=True):
    """It takes a higher role on the server."""

    role: str

    def __str__(self) -> str:
        return f"Only {_article(self.role)} {self.role} can do this."


class DiskTakesNothing(Refusal, frozen=True):
    """What was asked for would have to last, and can't."""

    def __str__(self) -> str:
        return (
            "The server can't write to its disk right now, so nothing has changed. You can still read; try "
            "again in a few minutes, or tell an administrator."
        )


class DataUnreadable(Refusal, frozen=True):
    """What was asked for could not be read; the log tells why."""

    def __str__(self) -> str:
        return "The server can't read that data; its log says why. Try again, or tell an administrator."


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeio" else "a"


def with_article(noun: str) -> str:
    """`a member`, `an admin`."""
    return f"{_article(noun)} {noun}"


def because(reason: str) -> str:
    return f": {reason}" if reason else "."


def describe_until(until: int | None) -> str:
    """In words: when it ends, in UTC to the second; `until` in milliseconds since the epoch."""
    if until is None:
        return "until the ban is lifted"
    moment = _EPOCH + timedelta(milliseconds=until)
    return f"until {moment:%Y-%m-%d %H:%M:%S} UTC"


def size_of(size_bytes: int) -> str:
    """How people say it: `50 MB`."""
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size_bytes >= unit:
            return f"{size_bytes / unit:.3g} {name}"
    return f"{size_bytes} bytes"
