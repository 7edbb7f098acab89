"""A listener on loopback, whose receivers record what each connection sends."""

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


class RecordingReceiver:
    """The receiver of one connection: it records the bytes and how the connection ended."""

    def __init__(self, connection: Connection, harness: "ListenerHarness") -> None:
        self.connection = connection
        self.heard = b""
        self.ends: list[str | None] = []
        self._harness = harness

    @property
    def kind(self) -> WireProtocol:
        return self.connection.peer.kind

    def received(self, data: bytes) -> None:
        assert not self.ends
        if data == self._harness.stumble_on:
            raise ZeroDivisionError
        self.heard += data
        self._harness.changed.set()

    def lost(self, error: str | None) -> None:
        self.ends.append(error)
        self._harness.changed.set()


class ListenerHarness:
    """A listener that accepts every connection, with a greeting if one is given, and its receivers."""

    def __init__(self, greeting: bytes) -> None:
        self.receivers: list[RecordingReceiver] = []
        self.reports: list[str] = []
        self.greeting = greeting
        self.stumble_on: bytes | None = None
        self.changed = asyncio.Event()
        self.listener: Listener

    def accept(self, connection: Connection) -> Receiver | None:
        receiver = RecordingReceiver(connection, self)
        self.receivers.append(receiver)
        if self.greeting:
            connection.write(self.greeting)
        self.changed.set()
        return receiver

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for something that an arrival, words or an end bring about."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not holds():
                self.changed.clear()
                await self.changed.wait()

    async def receiver(self, number: int = 1) -> RecordingReceiver:
        await self.until(lambda: len(self.receivers) >= number)
        return self.receivers[number - 1]

    async def hears(self, receiver: RecordingReceiver, words: bytes) -> None:
        await self.until(lambda: len(receiver.heard) >= len(words))
        assert receiver.heard == words

    @property
    def admission(self) -> Admission:
        return self.listener.gate.admission


@asynccontextmanager
async def open_listener(
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
) -> AsyncIterator[ListenerHarness]:
    """Open a port; silence lasts for ever unless the limits say otherwise."""
    harness = ListenerHarness(greeting)
    gate = ListenerPolicy(
        name="main",
        accept=accept or harness.accept,
        admission=Admission(limits or AdmissionLimits(silence_seconds=LONG), exempt),
        kinds=kinds,
        tls=tls,
        context=context,
        apology=apology,
        report=harness.reports.append,
        is_proxy=is_proxy,
    )
    harness.listener = Listener(gate, ["127.0.0.1"], 0)
    await harness.listener.start()
    try:
        yield harness
    finally:
        harness.listener.stop()
        harness.admission.drop_newcomers()
        for receiver in harness.receivers:
            receiver.connection.abort()
        await settle(lambda: harness.admission.total == 0)


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
    harness: ListenerHarness, context: ssl.SSLContext | None = None, name: str | None = None
) -> AsyncIterator[Caller]:
    """Connect to the listener; hang up at the end."""
    port = harness.listener.port
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


def dial(harness: ListenerHarness) -> socket.socket:
    """Connect a bare socket, whose end is ours to close."""
    sock = socket.create_connection(("127.0.0.1", harness.listener.port))
    sock.setblocking(False)
    return sock
