"""A client's connection: made, kept alive, and made again until its user leaves."""

import asyncio
import contextlib
import logging
import random
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from hubbub.client import events
from hubbub.client.client import Client
from hubbub.connection.address import Address
from hubbub.connection.dialling import ClientCertificate, NoTls, NotTrusted, Trust, dial
from hubbub.connection.known_servers import CertificateAlarm, KnownServers
from hubbub.connection.line_stream import Wire

FIRST_RETRY_SECONDS: Final = 1.0
LAST_RETRY_SECONDS: Final = 60.0
_TICK_SECONDS: Final = 1.0

log = logging.getLogger("hubbub")

_FINAL: Final = (
    events.SignInFailed,
    events.RegistrationFailed,
    events.SignedOut,
    events.CertificateChanged,
)
"""After these nothing is tried again by itself: it would only fail again."""


def entropy() -> str:
    """A text that is unique and cannot be guessed; later ones sort after earlier ones."""
    return f"{now_ms():012x}-{secrets.token_hex(10)}"


def now_ms() -> int:
    return int(time.time() * 1000)


async def trust_all(fingerprint: str) -> bool:
    """Trust any certificate on first use: right for programs, which cannot ask a user."""
    return True


class Connection:
    """Keeps a client connected. `notify` is called with every event, in their order, on the event loop.

    With a `dialler` it is made by that, and nobody can overhear it.
    """

    def __init__(
        self,
        client: Client,
        address: Address,
        notify: Callable[[events.Event], None],
        *,
        known: KnownServers | None = None,
        trust: Trust = trust_all,
        certificate: ClientCertificate | None = None,
        dialler: Callable[[], Awaitable[Wire]] | None = None,
    ) -> None:
        self.client = client
        self.address = address
        self._notify = notify
        self._known = known if known is not None else KnownServers()
        self._trust = trust
        self._certificate = certificate
        self._dialler = dialler
        self._wire: Wire | None = None
        self._attempt = 0
        self._is_final = False
        self._is_awake = False
        self._reason = ""
        self._hurry = asyncio.Event()
        client.wake = self._wake

    async def run(self) -> None:
        """Connect, and connect again, until the user leaves or it is of no use any more."""
        while not self._is_final:
            self._attempt += 1
            self._tell(events.Connecting(self._attempt))
            await self._once()
            if self._is_over():
                self._tell(events.Disconnected(self._reason))
                return
            seconds = 0.0 if self._reason == _UPGRADE else self._retry_seconds()
            if seconds:
                self._tell(events.Disconnected(self._reason, seconds))
            self._hurry.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), seconds)

    def _is_over(self) -> bool:
        return self._is_final or self.client.has_left

    def hurry(self) -> None:
        """Try again now."""
        self._attempt = 0
        self._hurry.set()

    def _retry_seconds(self) -> float:
        """Twice as long each time, and not for all at once."""
        longest: float = FIRST_RETRY_SECONDS * 2 ** min(max(self._attempt - 1, 0), 10)
        return min(LAST_RETRY_SECONDS, longest) * random.uniform(0.5, 1.0)

    async def _once(self) -> None:
        """One connection, from dialling to its end; a bug in it is logged, and costs this connection alone."""
        self._reason = ""
        try:
            await self._dial_and_talk()
        except asyncio.CancelledError:
            # Only whoever runs this may end it; what was cancelled within is a connection that has ended.
            task = asyncio.current_task()
            if task and task.cancelling():
                raise
            self._reason = self._reason or "The connection was lost."
        except Exception:
            log.exception("A bug in talking to the server")
            self._reason = "An error occurred in this program. See its log."

    async def _dial_and_talk(self) -> None:
        address = self._known.secured(self.address, now_ms())
        try:
            wire = await self._dial(address)
        except CertificateAlarm as alarm:
            self._tell(events.CertificateChanged(alarm.known, alarm.shown))
            self._reason = str(alarm)
            return
        except NotTrusted as error:
            self._reason, self._is_final = str(error), True
            return
        except NoTls:
            self._reason = f"The server does not offer TLS on this port. To connect without TLS, use irc://{address.host}:{address.port}"
            return
        except (OSError, TimeoutError) as error:
            self._reason = _sentence(address, error)
            return
        await self._talk(wire, address)

    async def _dial(self, address: Address) -> Wire:
        if self._dialler is not None:
            return await self._dialler()
        return await dial(address, self._known, self._asked(address), self._certificate)

    def _asked(self, address: Address) -> Trust:
        async def ask(fingerprint: str) -> bool:
            trusted = await self._trust(fingerprint)
            if trusted:
                self._tell(events.CertificateTrusted(fingerprint))
            return trusted

        return ask

    async def _talk(self, wire: Wire, address: Address) -> None:
        client = self.client
        self._wire = wire
        is_private = address.is_secure or address.is_local or self._dialler is not None
        client.opened(now_ms(), is_secure=address.is_secure, is_private=is_private)
        self.flush()
        ticking = asyncio.create_task(self._tick(wire))
        try:
            while not client.is_closing and (data := await wire.read()):
                client.received(data, now_ms())
                self.flush()
        except OSError as error:
            self._reason = self._reason or _sentence(address, error)
        finally:
            ticking.cancel()
            self._wire = None
            was_silent = client.is_closing and not client.has_left and not self._reason
            client.closed(now_ms())
            self.flush()
            await wire.close()
        if was_silent:
            self._reason = "The server does not answer."
        self._reason = self._reason or "The server closed the connection."

    async def _tick(self, wire: Wire) -> None:
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            self.client.tick(now_ms())
            self.flush()

    def _wake(self) -> None:
        """The client has something to send or to tell: soon, and once for all that is done in one turn."""
        if not self._is_awake:
            self._is_awake = True
            asyncio.get_running_loop().call_soon(self.flush)

    def flush(self) -> None:
        """Send what is to be sent, and tell what has happened; it comes by itself, at the latest in the next turn."""
        self._is_awake = False
        lines = self.client.take_output()
        if lines and self._wire:
            self._wire.write(lines)
        for event in self.client.take_events():
            self._tell(event)
        if self.client.is_closing and self._wire:
            # What is being read ends, and with it the connection.
            asyncio.get_running_loop().create_task(self._wire.close())
            self._wire = None

    def _tell(self, event: events.Event) -> None:
        if isinstance(event, events.Welcomed):
            self._attempt = 0
        elif isinstance(event, events.ServerCloses):
            # What was said of the end before is said better.
            self._reason = self._reason if self._is_final else event.reason
        elif isinstance(event, events.TlsRequired):
            self.address = replace(self.address, port=event.port, tls=True)
            self._reason = _UPGRADE
        elif isinstance(event, events.TlsPromised):
            self._known.promise(self.address, event.seconds, now_ms())
        elif isinstance(event, _FINAL):
            self._is_final = True
            self._reason = getattr(event, "reason", "") or "The server's certificate has changed."
        self._notify(event)


_UPGRADE: Final = "This server requires TLS."


def _sentence(address: Address, error: Exception) -> str:
    """Why a connection could not be made or kept, for people."""
    where = f"{address.host}, port {address.port}"
    if isinstance(error, ConnectionRefusedError):
        return f"No server answers at {where}. Check the address, and that the server is running."
    if isinstance(error, TimeoutError):
        return f"{where} does not answer. Check the address and the network."
    if isinstance(error, ConnectionError):
        return "The connection was lost."
    if error.args and isinstance(error.args[0], int) and error.args[0] < 0:
        return f"The host {address.host} was not found. Check the address."
    return f"{where} is not reachable: {error}."
