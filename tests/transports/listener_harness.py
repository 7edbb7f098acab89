"""A listener on loopback with somebody behind it who writes down who came and what they said."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from hubbub.transports.admission import Admission, AdmissionLimits
from hubbub.transports.base import Accept, Connection, Receiver, WireProtocol
from hubbub.transports.listener import Listener
from hubbub.transports.listener_policy import ListenerPolicy, TlsMode
from tests.patience import PATIENCE_SECONDS

LONG = 60.0
"""Longer than any test: a limit that is never reached."""

ALL_KINDS = (WireProtocol.NETCAT, WireProtocol.IRC, WireProtocol.HTTP, WireProtocol.SSH)


class Guest:
    """Serves one connection: keeps what it heard, and how it ended."""

    def __init__(self, connection: Connection, doorway: "Doorway") -> None:
        self.connection = connection
        self.heard = b""
        self.ends: list[str | None] = []
        self._doorway = doorway

    @property
    def kind(self) -> WireProtocol:
        return self.connection.peer.kind

    def received(self, data: bytes) -> None:
        assert not self.ends
        if data == self._doorway.stumble_on:
            raise ZeroDivisionError
        self.heard += data
        self._doorway.changed.set()

    def lost(self, error: str | None) -> None:
        self.ends.append(error)
        self._doorway.changed.set()


class Doorway:
    """Accepts everybody, with a greeting where one is given."""

    def __init__(self, greeting: bytes) -> None:
        self.guests: list[Guest] = []
        self.reports: list[str] = []
        self.greeting = greeting
        self.stumble_on: bytes | None = None
        self.changed = asyncio.Event()
        self.listener: Listener

    def accept(self, connection: Connection) -> Receiver | None:
        guest = Guest(connection, self)
        self.guests.append(guest)
        if self.greeting:
            connection.write(self.greeting)
        self.changed.set()
        return guest

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for something that an arrival, words or an end bring about."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not holds():
                self.changed.clear()
                await self.changed.wait()

    async def guest(self, number: int = 1) -> Guest:
        await self.until(lambda: len(self.guests) >= number)
        return self.guests[number - 1]

    async def hears(self, guest: Guest, words: bytes) -> None:
        await self.until(lambda: len(guest.heard) >= len(words))
        assert guest.heard == words

    @property
    def admission(self) -> Admission:
        return self.listener.gate.admission


@asynccontextmanager
async def open_doorway(
    *,
    accept: Accept | None = None,
    kinds: tuple[WireProtocol, ...] = ALL_KINDS,
    tls: TlsMode = "never",
    context: Callable[[], ssl.SSLContext] | None = None,
    apology: bytes = b"",
    greeting: bytes = b"",
    exempt: Callable[[str], bool] = lambda address: False,
    limits: AdmissionLimits | None = None,
    is_proxy: Callable[[str], bool] = lambda address: False,
) -> AsyncIterator[Doorway]:
    """Open a port; silence lasts for ever unless the limits say otherwise."""
    doorway = Doorway(greeting)
    gate = ListenerPolicy(
        name="main",
        accept=accept or doorway.accept,
        admission=Admission(limits or AdmissionLimits(silence_seconds=LONG), exempt),
        kinds=kinds,
        tls=tls,
        context=context,
        apology=apology,
        report=doorway.reports.append,
        is_proxy=is_proxy,
    )
    doorway.listener = Listener(gate, ["127.0.0.1"], 0)
    await doorway.listener.start()
    try:
        yield doorway
    finally:
        doorway.listener.stop()
        doorway.admission.drop_newcomers()
        for guest in doorway.guests:
            guest.connection.abort()
        await settle(lambda: doorway.admission.total == 0)


async def settle(holds: Callable[[], object]) -> None:
    """Let the loop turn until something holds that nobody tells us of."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not holds():
            await asyncio.sleep(0)


class Caller:
    """A peer: its end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def say(self, words: bytes) -> None:
        self.writer.write(words)

    async def hears(self, words: bytes) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await self.reader.readexactly(len(words)) == words

    async def hears_the_end(self) -> bytes:
        """Give what came before it."""
        heard = b""
        async with asyncio.timeout(PATIENCE_SECONDS):
            try:
                while more := await self.reader.read(65536):
                    heard += more
            except (ConnectionError, ssl.SSLError):
                pass
        return heard

    def hang_up(self) -> None:
        self.writer.transport.abort()


@asynccontextmanager
async def call(
    doorway: Doorway, context: ssl.SSLContext | None = None, name: str | None = None
) -> AsyncIterator[Caller]:
    """Connect to a doorway; hang up at the end."""
    port = doorway.listener.port
    if context is None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    else:
        server_name = name or "localhost"
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=context, server_hostname=server_name
        )
    caller = Caller(reader, writer)
    try:
        yield caller
    finally:
        caller.hang_up()


def dial(doorway: Doorway) -> socket.socket:
    """Connect a bare socket, whose end is ours to close."""
    sock = socket.create_connection(("127.0.0.1", doorway.listener.port))
    sock.setblocking(False)
    return sock
