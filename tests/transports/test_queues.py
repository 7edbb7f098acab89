"""What waits for a peer that does not read, and what it sends meanwhile: counted in bytes, on real sockets."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
import trustme

from hubbub.transports import admission
from hubbub.transports.admission import AdmissionLimits
from hubbub.transports.base import Accept, Connection, Receiver, WireProtocol
from hubbub.transports.stream_connection import TOO_SLOW, WATCHED_BYTES_MIN, WRITE_BYTES_MAX
from tests.transports.listener_harness import (
    LONG,
    Caller,
    ListenerHarness,
    RecordingReceiver,
    open_listener,
    settle,
)

LIMIT = 100_000
PIECE = bytes(1_000)
TLS_BYTES = 65_536
"""What may be encrypted already, beside what waits."""


@pytest.fixture(params=["tcp", "tls"])
def contexts(request: pytest.FixtureRequest) -> tuple[ssl.SSLContext, ssl.SSLContext] | None:
    """The server's and the client's, if it is TLS."""
    if request.param == "tcp":
        return None
    authority, server, client = (
        trustme.CA(),
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
        ssl.create_default_context(),
    )
    authority.issue_cert("localhost").configure_cert(server)
    authority.configure_trust(client)
    return server, client


Contexts = tuple[ssl.SSLContext, ssl.SSLContext] | None


@asynccontextmanager
async def unread(
    harness: ListenerHarness, contexts: Contexts, words: bytes = b"hello\n"
) -> AsyncIterator[Caller]:
    """Somebody who says hello, and from then on reads nothing."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.connect(("127.0.0.1", harness.listener.port))
    reader, writer = await asyncio.open_connection(
        sock=sock,
        limit=1,
        ssl=contexts[1] if contexts else None,
        server_hostname="localhost" if contexts else None,
    )
    try:
        writer.write(words)
        yield Caller(reader, writer)
    finally:
        writer.transport.abort()


def open_limited_listener(
    contexts: Contexts, queue_bytes: int, accept: Accept | None = None
) -> AbstractAsyncContextManager[ListenerHarness]:
    context = (lambda: contexts[0]) if contexts else None
    limits = AdmissionLimits(
        silence_seconds=LONG, close_seconds=LONG, linger_seconds=LONG, queue_bytes=queue_bytes
    )
    return open_listener(accept=accept, tls="auto" if contexts else "never", context=context, limits=limits)


@pytest.mark.parametrize("way", ["write", "send"])
async def test_no_writer_passes_the_limit(contexts: Contexts, way: str) -> None:
    async with open_limited_listener(contexts, LIMIT) as harness, unread(harness, contexts):
        receiver = await harness.receiver()
        await harness.hears(receiver, b"hello\n")
        most = 0
        while not receiver.ends:
            for _ in range(50):
                getattr(receiver.connection, way)(PIECE)
                most = max(most, receiver.connection.queued_bytes)
            await asyncio.sleep(0)
        assert most <= LIMIT + len(PIECE)
        assert receiver.ends == [TOO_SLOW] and receiver.connection.queued_bytes == 0


async def test_a_long_answer_is_read_however_long_it_is(contexts: Contexts) -> None:
    """Also where more is said while it is on its way."""
    page = bytes(WRITE_BYTES_MAX)
    async with open_limited_listener(contexts, LIMIT) as harness, unread(harness, contexts) as caller:
        receiver = await harness.receiver()
        await harness.hears(receiver, b"hello\n")
        waiting = [receiver.connection.send(page)]
        # Inside TLS what is encrypted already is not counted.
        assert contexts or receiver.connection.queued_bytes > LIMIT
        for _ in range(LIMIT // len(PIECE) // 2):
            waiting.append(receiver.connection.send(PIECE))
            receiver.connection.write(b"!")
        assert max(waiting) <= LIMIT
        await caller.hears(bytes(1_000))
        assert not receiver.ends
        receiver.connection.abort()


async def test_who_never_reads_a_long_answer_gets_no_other(contexts: Contexts) -> None:
    page, most = bytes(WRITE_BYTES_MAX), 0
    async with open_limited_listener(contexts, LIMIT) as harness, unread(harness, contexts):
        receiver = await harness.receiver()
        await harness.hears(receiver, b"hello\n")
        receiver.connection.send(page)
        while not receiver.ends:
            for _ in range(50):
                receiver.connection.send(PIECE)
                most = max(most, receiver.connection.queued_bytes)
            await asyncio.sleep(0)
        assert most <= len(page) + LIMIT + len(PIECE) and receiver.ends == [TOO_SLOW]


async def test_no_answer_is_endless(contexts: Contexts) -> None:
    async with open_limited_listener(contexts, LIMIT) as harness, unread(harness, contexts):
        receiver = await harness.receiver()
        await harness.hears(receiver, b"hello\n")
        receiver.connection.send(bytes(WRITE_BYTES_MAX + 1))
        await harness.until(lambda: receiver.ends)
        assert receiver.ends == [TOO_SLOW]


class Echo(RecordingReceiver):
    """Answers everything, ten times as long."""

    most = 0

    def received(self, data: bytes) -> None:
        super().received(b"")
        self.connection.write(data * 10)
        self.most = max(self.most, self.connection.queued_bytes)


async def test_who_takes_nothing_is_not_heard(contexts: Contexts) -> None:
    """Also where there is no limit: nobody makes the server owe them more by asking for more."""
    echoes: list[Echo] = []

    def accept(connection: Connection) -> Receiver:
        echoes.append(Echo(connection, harness))
        return echoes[-1]

    async with (
        open_limited_listener(contexts, 0, accept=accept) as harness,
        unread(harness, contexts) as caller,
    ):
        asked = 0
        while asked < 20_000_000 and caller.writer.transport.get_write_buffer_size() < 1_000_000:
            caller.say(bytes(100_000))
            asked += 100_000
            for _ in range(3):
                await asyncio.sleep(0)
        (echo,) = echoes
        # One read of at most 256 KiB is answered beyond the point at which it is told to stop.
        assert asked < 20_000_000 and echo.most <= 512 * 1024 + 10 * 256 * 1024 + TLS_BYTES
        await settle(lambda: caller.writer.transport.get_write_buffer_size() > 0)
        echo.connection.abort()


async def test_what_comes_while_it_is_to_wait_stays_where_it_is(contexts: Contexts) -> None:
    async with open_limited_listener(contexts, 0) as harness, unread(harness, contexts) as caller:
        receiver = await harness.receiver()
        await harness.hears(receiver, b"hello\n")
        receiver.connection.pause_reading()
        said = 0
        while said < 20_000_000 and caller.writer.transport.get_write_buffer_size() < 1_000_000:
            caller.say(bytes(100_000))
            said += 100_000
            for _ in range(3):
                await asyncio.sleep(0)
        assert said < 20_000_000 and receiver.heard == b"hello\n"
        held, receive = [], receiver.received

        def received(data: bytes) -> None:
            held.append(len(data))
            receive(data)

        receiver.received = received  # type: ignore[method-assign]
        receiver.connection.resume_reading()
        await harness.until(lambda: len(receiver.heard) == 6 + said)
        assert max(held) <= 512 * 1024


async def test_who_is_told_when_to_stop_may_write_so_much_at_least() -> None:
    """A library's protocol stops by itself, but not before there is more than a small limit allows."""
    async with open_limited_listener(None, 1_000) as harness, unread(harness, None):
        receiver = await harness.receiver()
        takes: list[bool] = []
        receiver.connection.watch(takes.append, WATCHED_BYTES_MIN)
        while takes != [False]:
            receiver.connection.write(PIECE)
            if receiver.connection.queued_bytes % 7 == 0:
                await asyncio.sleep(0)
        assert not receiver.ends and 1_000 < receiver.connection.queued_bytes <= WATCHED_BYTES_MIN + len(
            PIECE
        )


@pytest.mark.parametrize("contexts", ["tls"], indirect=True)
async def test_before_the_first_word_nothing_much_may_wait_inside_tls(contexts: Contexts) -> None:
    assert contexts
    limits = AdmissionLimits(silence_seconds=0.0, queue_bytes=0)
    async with (
        open_listener(tls="only", context=lambda: contexts[0], limits=limits) as harness,
        unread(harness, contexts, b""),
    ):
        receiver = await harness.receiver()
        most = 0
        while not receiver.ends:
            receiver.connection.write(bytes(100_000))
            most = max(most, receiver.connection.queued_bytes)
            await asyncio.sleep(0)
        assert most <= 1_000_000


async def test_a_new_limit_holds_for_who_is_there() -> None:
    async with open_limited_listener(None, 0) as harness, unread(harness, None):
        receiver = await harness.receiver()
        while receiver.connection.queued_bytes < 1_000_000:
            receiver.connection.write(bytes(100_000))
            await asyncio.sleep(0)
        harness.admission.limits = AdmissionLimits(queue_bytes=LIMIT)
        receiver.connection.write(PIECE)
        await harness.until(lambda: receiver.ends)
        assert receiver.ends == [TOO_SLOW] and receiver.kind is WireProtocol.NETCAT


async def test_long_answers_to_one_address_have_a_limit_together(
    contexts: Contexts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a hundred connections that read nothing hold a hundred pages; who reads gives back what they had."""
    page = bytes(WRITE_BYTES_MAX // 4)
    monkeypatch.setattr(admission, "GRANTED_AN_ADDRESS_BYTES_MAX", 2 * len(page))
    async with open_limited_listener(contexts, LIMIT) as harness, unread(harness, contexts) as caller:
        async with unread(harness, contexts), unread(harness, contexts):
            receivers = [await harness.receiver(number) for number in (1, 2, 3)]
            await harness.until(lambda: all(receiver.heard for receiver in receivers))
            for receiver in receivers:
                receiver.connection.send(page)
            await harness.until(lambda: any(receiver.ends for receiver in receivers))
            assert [receiver.ends for receiver in receivers] == [[], [], [TOO_SLOW]]
        await settle(lambda: harness.admission.total == 1)
        assert harness.admission.grant("127.0.0.1", 0, len(page)) == len(page)
        assert harness.admission.grant("127.0.0.1", 0, 1) == 0
        harness.admission.grant("127.0.0.1", len(page), 0)
        own = next(receiver for receiver in receivers if not receiver.ends)
        await caller.hears(page)
        await settle(lambda: not own.connection.queued_bytes)
        assert harness.admission.grant("127.0.0.1", 0, 2 * len(page)) == 2 * len(page)


def test_all_long_answers_have_a_limit_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "GRANTED_BYTES_MAX", 100)
    place = admission.Admission(AdmissionLimits())
    assert [place.grant(f"192.0.2.{number}", 0, 40) for number in range(3)] == [40, 40, 0]
    assert place.grant("192.0.2.0", 40, 60) == 60 and place.grant("192.0.2.1", 40, 0) == 0
    assert place.grant("192.0.2.2", 0, 40) == 40
