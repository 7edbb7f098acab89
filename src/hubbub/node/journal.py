"""What goes into the log of what happens: who came, went, registered, signed in, was refused; never what is said."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, Final

from hubbub.engine.accounts import AccountRegistered
from hubbub.engine.audit import ActRecorded
from hubbub.engine.event import Command, Event
from hubbub.engine.messages import PrivateSaid
from hubbub.engine.presence import UserArrived
from hubbub.engine.refusals import Refusal
from hubbub.engine.sessions import SessionEnded, SessionOpened, UserLeft
from hubbub.engine.signin import SessionSignedIn, UserSignedIn
from hubbub.text import plain

from .logs import Entries

log = logging.getLogger("hubbub")


class Journal:
    """Gathers what happens in one turn of the loop, and writes it down at its end: a write for each would cost more
    than what it tells of.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._entries: Entries = Entries()

    def note(self, event: Event, address: str) -> None:
        """Write down an event, if it is one that the log tells of."""
        sentence = SENTENCES.get(type(event))
        if sentence:
            self._write(sentence(event, address))

    def refused(self, refusal: Refusal, command: Command, address: str) -> None:
        """Write down that something was refused: which command, and by its stable name why."""
        self._write(f"Refused {type(command).__name__} from {address}: {refusal.code}")

    def login_failed(self, address: str) -> None:
        self.flush()
        log.warning("Login failed from %s", address)

    def flush(self) -> None:
        """Write down what there is."""
        entries, self._entries = self._entries, Entries()
        if entries:
            log.info(entries)

    def _write(self, sentence: str) -> None:
        if log.isEnabledFor(logging.INFO):
            if not self._entries:
                self._loop.call_soon(self.flush)
            self._entries.append((time.time(), plain(sentence)))


SENTENCES: Final[dict[type[Event], Callable[[Any, str], str]]] = {
    SessionOpened: lambda e, a: (
        f"Connection from {e.address}:{e.port} ({e.face}{', TLS' if e.secure else ''})"
    ),
    SessionEnded: lambda e, a: f"Disconnection of {e.name or 'nobody'} at {e.address}: {e.reason}",
    UserArrived: lambda e, a: f"{e.origin.nick} has come in from {a}",
    UserLeft: lambda e, a: f"{e.origin.nick} has left",
    AccountRegistered: lambda e, a: f"Registration of {e.name} from {a}",
    SessionSignedIn: lambda e, a: f"Login of {e.name} from {a}",
    UserSignedIn: lambda e, a: f"Login of {e.origin.account} from {a}",
    PrivateSaid: lambda e, a: f"Private message from {e.by.nick} to {e.to_name}, from {a}",
    ActRecorded: lambda e, a: f"Audit: {e.by}: {e.act} {e.subject}{f' ({e.detail})' if e.detail else ''}",
}
