"""What goes into the log of what happens: who came, went, registered, signed in, was refused; never what is said."""

import logging
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

log = logging.getLogger("hubbub")


def note(event: Event, address: str) -> None:
    """Write down an event, if it is one that the log tells of."""
    sentence = SENTENCES.get(type(event))
    if sentence:
        log.info("%s", plain(sentence(event, address)))


def refused(refusal: Refusal, command: Command, address: str) -> None:
    """Write down that something was refused: which command, and by its stable name why."""
    log.info("Refused %s from %s: %s", type(command).__name__, address, refusal.code)


def login_failed(address: str) -> None:
    log.warning("Login failed from %s", address)


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
