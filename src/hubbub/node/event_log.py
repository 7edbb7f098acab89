"""The log of events: who came, went, registered, signed in, was refused; never what is said.

What a peer has written is quoted, and stands behind the address that the entry is about.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from hubbub.engine.accounts import AccountRegistered, CredentialSet
from hubbub.engine.audit import ActRecorded
from hubbub.engine.entering import UserArrived
from hubbub.engine.event import Command, Event
from hubbub.engine.messages import MessageSaid, ToPerson
from hubbub.engine.refusals import Refusal
from hubbub.engine.sessions import SessionEnded, SessionOpened, UserLeft
from hubbub.engine.signin import SessionSignedIn, UserSignedIn
from hubbub.text import name_or_quoted, plain, quoted

from .attempt_counters import Attempt, Secret
from .logs import Entries

log = logging.getLogger("hubbub")

SITE_PAUSE_SECONDS: Final = 60.0
"""Strangers send as many as they like."""


class EventLog:
    """Gathers what happens in one turn of the loop, and writes it down at its end: a write for each would cost more
    than what it tells of.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, addresses: Callable[[int], Sequence[str]]) -> None:
        """`addresses` tells where a person is at the moment."""
        self._loop = loop
        self._addresses = addresses
        self._entries: Entries = Entries()
        self._site_told_until = 0.0
        self._thread = threading.get_ident()
        log.addFilter(self._in_order)

    def close(self) -> None:
        """Write down what there is; nothing is noted afterwards."""
        log.removeFilter(self._in_order)
        self.flush()

    def _in_order(self, record: logging.LogRecord) -> bool:
        """Write the gathered entries first: they are older than the one written beside them."""
        if record.msg.__class__ is not Entries and record.thread == self._thread:
            self.flush()
        return True

    def note(self, event: Event, address: str) -> None:
        """Write down an event, if it is one that the log tells of."""
        sentence = SENTENCES.get(type(event))
        if sentence:
            self._write(sentence(event, address))
        elif isinstance(event, MessageSaid) and isinstance(event.to, ToPerson):
            there = ", ".join(self._addresses(event.to.person)) or "nowhere (not connected)"
            who = f"from {_name(event.by.nick)} to {_name(event.to.name)}"
            self._write(f"Private message {who}, from {address} to {there}")

    def refused(self, refusal: Refusal, command: Command, address: str) -> None:
        """Write down that something was refused: which command, and by its stable name why."""
        self._write(f"Refused {type(command).__name__} from {address}: {refusal.code}")

    def proof_failed(self, attempt: Attempt) -> None:
        """Write down a wrong password, or another secret that can be guessed."""
        self._warn(attempt, "failed", "")

    def proof_refused(self, attempt: Attempt) -> None:
        """Write down an attempt that was not looked at, because so many have failed."""
        self._warn(attempt, "refused", ", too many have failed")

    def _warn(self, attempt: Attempt, outcome: str, why: str) -> None:
        what = "Key" if attempt.secret is Secret.ROOM else "Login"
        subject = attempt.secret.value
        if attempt.name:
            subject = f"{subject} {quoted(attempt.name)}" if attempt.exists else f"no such {subject}"
        self._write_warning(f"{what} {outcome} from {attempt.address} ({attempt.door}{why}): {subject}")

    def token_failed(self, address: str, door: str, kind: str, name: str = "") -> None:
        """Write down a token, a certificate or a pass that signs in to nothing (any more)."""
        self._write_warning(
            f"Login failed from {address} ({door}): {kind}{f' for {quoted(name)}' if name else ''}"
        )

    def request_refused(self, address: str, what: str) -> None:
        """Log an unknown secret over HTTP; a page may still have one from before a restart."""
        self._write(f"Refused a request from {address}: its {what} is not valid")

    def site_refused(self, header: str, text: str, now: float) -> None:
        """Write down, once a minute, which unknown site a request has named: an operator may have to add it."""
        if now < self._site_told_until:
            return
        self._site_told_until = now + SITE_PAUSE_SECONDS
        setting = "tls.extra_names" if header == "Host" else "server.web_origins"
        self._write_warning(
            f"Refused a request whose {header} is {quoted(text)}: if that is this server, set server.web_address "
            f"or {setting}. Others like it are not told of for a minute"
        )

    def _write_warning(self, sentence: str) -> None:
        log.warning("%s", sentence)

    def flush(self) -> None:
        """Write down what there is."""
        entries, self._entries = self._entries, Entries()
        if entries:
            log.info(entries)

    def _write(self, sentence: str) -> None:
        if log.isEnabledFor(logging.INFO):
            if not self._entries:
                self._loop.call_soon(self.flush)
            self._entries.append((time.time(), sentence))


def _said(text: str) -> str:
    """A user's text, such as a reason, quoted for the log."""
    return quoted(plain(text), REASON_CHARACTERS_MAX)


REASON_CHARACTERS_MAX: Final = 400

_name = name_or_quoted

SENTENCES: Final[dict[type[Event], Callable[[Any, str], str]]] = {
    SessionOpened: lambda e, a: (
        f"Connection from {e.address}:{e.port} ({e.face}{', TLS' if e.secure else ''})"
    ),
    SessionEnded: lambda e, a: (
        f"Disconnection of {_name(e.name)} at {e.address}: {_said(e.reason)}"
        if e.name
        else f"Disconnection at {e.address} before coming in: {_said(e.reason)}"
    ),
    UserArrived: lambda e, a: f"{_name(e.origin.nick)} has come in from {a}",
    UserLeft: lambda e, a: f"{_name(e.origin.nick)} has left",
    AccountRegistered: lambda e, a: f"Registration of {_name(e.name)} from {a}",
    CredentialSet: lambda e, a: f"New password of account {e.account} from {a}",
    SessionSignedIn: lambda e, a: f"Login of {_name(e.name)} from {a}",
    UserSignedIn: lambda e, a: f"Login of {_name(e.origin.account)} from {a}",
    ActRecorded: lambda e, a: (
        f"Audit: {_name(e.by)}: {e.act} {_said(e.subject)}{f' ({_said(e.detail)})' if e.detail else ''}"
    ),
}
