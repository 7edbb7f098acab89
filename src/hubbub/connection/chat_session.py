"""One user's visit to a server, as every face goes about it: from the wish to come in to what is kept at the end."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from hubbub.client import events
from hubbub.client.client import Client
from hubbub.client.identity import Identity, Password
from hubbub.connection.address import Address, AddressError, parse_address
from hubbub.connection.connection import Connection, entropy, trust_all
from hubbub.connection.dialling import Trust
from hubbub.connection.line_stream import Wire
from hubbub.connection.preferences import Place, Remembered

FAREWELL_SECONDS: Final = 1.0
"""The time that leaving in order may take."""
_LOOK_SECONDS: Final = 0.5


class WishError(ValueError):
    """A wish can't be fulfilled as it is written; `field` is what to look at: address, name or password."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Wish:
    """The user's request to sign in; without a password, as a guest."""

    address: Address
    name: str
    password: str = ""
    registers: bool = False
    remembers: bool = False

    @property
    def place(self) -> Place:
        return Place(str(self.address), self.name, is_guest=not self.password)

    @property
    def identity(self) -> Identity:
        secret = Password(self.password) if self.password else None
        rooms = (self.address.room,) if self.address.room else ()
        return Identity(
            self.name,
            secret,
            registers=self.registers,
            invitation=self.address.invitation,
            rooms=rooms,
            begins_somewhere=True,
        )


def wish(
    address: str, name: str, password: str = "", *, registers: bool = False, remembers: bool = False
) -> Wish:
    """Parse the three fields of the sign-in form. Raises WishError."""
    try:
        where = parse_address(address)
    except AddressError as error:
        raise WishError("address", str(error)) from None
    name = name.strip() or where.name
    if not name or " " in name:
        raise WishError("name", "Enter a name without spaces, such as ann.")
    if registers and not password:
        raise WishError("password", "Enter a password for your account.")
    return Wish(where, name, password, registers, remembers)


class ChatSession:
    """A client, its connection, and what is kept of both; `heard` is called with each event."""

    def __init__(
        self,
        remembered: Remembered[Any],
        place: Place,
        address: Address,
        identity: Identity,
        heard: Callable[[events.Event], None],
        *,
        trust: Trust = trust_all,
        dialler: Callable[[], Awaitable[Wire]] | None = None,
    ) -> None:
        self.place = place
        self.address = address
        self.client = Client(identity, entropy)
        self.was_in = False
        """Whether its user was in at least once."""
        self._remembered = remembered
        self._heard = heard
        self._connection = Connection(
            self.client, address, self._hear, known=remembered.known, trust=trust, dialler=dialler
        )
        self._task: asyncio.Task[None] | None = None
        self._kept = ""
        kept = remembered.load(place)
        self.client.restore(kept.outbox)
        for name, draft in kept.drafts.items():
            self.client.open(name).draft = draft
        for name, known in kept.drafted.items():
            drafting = self.client.open(name).drafting
            drafting.base, drafting.saved, drafting.own = known.base, known.saved, known.own
        self.first_here = address.room or kept.here or "".join(identity.rooms[:1])
        """The conversation to look at first: what the address names, else where one was the last time."""

    def begin(self) -> None:
        """Connect, from now on."""
        self._task = asyncio.create_task(self._connection.run())

    def _hear(self, event: events.Event) -> None:
        if isinstance(event, events.Welcomed) and not self.was_in:
            self.was_in = True
            # An account is made once; a reconnection signs in to it.
            registration = self.client.registration
            registration.identity = replace(registration.identity, registers=False)
        self._heard(event)

    def hurry(self) -> None:
        """Try again now."""
        self._connection.hurry()

    def keep(self, here: str) -> None:
        """Put on disk what its user has typed, if it is not there yet."""
        conversations = self.client.conversations.values()
        drafts = [(c.name, c.draft, c.drafting.base) for c in conversations if c.draft or c.drafting.saved]
        state = repr((drafts, [(entry.nonce, entry.delivery) for entry in self.client.saved()], here))
        if state != self._kept:
            self._kept = state
            self._remembered.keep(self.place, self.client, here)

    def drop(self) -> None:
        """Leave the chat and quit, without waiting for anything; nothing more is heard."""
        self._heard = _nobody
        if self._task is not None:
            self.client.quit()
            self._connection.flush()
            self._task.cancel()

    async def end(self) -> None:
        """Say goodbye, if that was not said yet; from now on nothing is heard of it."""
        self._heard = _nobody
        if not self.client.has_left:
            self.client.quit()
        if self._task is not None:
            with contextlib.suppress(TimeoutError, asyncio.CancelledError):
                async with asyncio.timeout(FAREWELL_SECONDS):
                    await asyncio.shield(self._task)
            self._task.cancel()


def failure(event: events.Event) -> str:
    """Why one is not let in, for one who waits for it; empty where nothing has failed."""
    refusals = events.SignInFailed | events.RegistrationFailed | events.NicknameRefused
    if isinstance(event, refusals | events.Disconnected):
        return event.reason
    if isinstance(event, events.Registered) and not event.is_ready:
        return event.text
    return ""


def trust_question(host: str, fingerprint: str) -> str:
    """As ssh does it: shown once, kept, and compared from then on."""
    pieces = " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))
    return (
        f"{host} shows a certificate of its own, which no authority has signed. Compare its fingerprint "
        f"with the one that the server printed at its start, or ask its administrator:\n\n{pieces}\n\n"
        "It is remembered: another certificate will be an alarm."
    )


def alarm(host: str, event: events.CertificateChanged) -> str:
    """The warning for a certificate that differs from the one remembered."""
    return (
        f"{host} shows another certificate than before. Somebody may stand in between and read along; or "
        f"the server was set up anew. Ask its administrator before you go on. Nothing was sent.\n\n"
        f"Before: {event.known}\nNow:    {event.shown}"
    )


async def is_server(address: Address) -> bool:
    """Whether anybody listens there, on this machine."""
    try:
        async with asyncio.timeout(_LOOK_SECONDS):
            _, writer = await asyncio.open_connection("127.0.0.1", address.port)
    except (OSError, TimeoutError):
        return False
    writer.transport.abort()
    return True


def _nobody(event: events.Event) -> None:
    """Drop an event: the face that listened is gone."""
