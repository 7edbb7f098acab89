"""What waits for a visitor by ssh who does not read, and what they send meanwhile: with a client of asyncssh's own."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import asyncssh
import pytest

from hubbub.ssh.bounded_channel import DEFERRED_MAX, UNHANDLED_BYTES_MAX, UNREAD_BYTES_MAX
from hubbub.ssh.gateway import Gateway
from hubbub.ssh.textual_driver import HELD_CHARS_MAX, QUEUED_BYTES_MAX
from hubbub.ssh.visitor import WINDOW_BYTES, Session, Visitor
from tests.patience import PATIENCE_SECONDS
from tests.server_process import ServerProcess
from tests.ssh.test_ssh import options

SOCKET_BYTES = 16_384
READ_BYTES = 256 * 1024
"""How much the gateway reads at a time."""
CLIENT = {key: value for key, value in options(0, "ann").items() if key not in ("host", "port")}
WINDOW_MAX = 2**31
"""What a visitor says that may be sent to them before they have read any of it."""


class Lonely(Gateway):
    """A gateway whose server lets guests in and then says nothing."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._addresses[1] = "127.0.0.1", 1
        self._silent: list[socket.socket] = []

    async def ask(self, visit: int, ask: str, **more: str) -> tuple[dict[str, Any], list[socket.socket]]:
        if ask == "open":
            its, own = socket.socketpair()
            self._silent.append(own)
            return {}, [its]
        return {"account": False, "guests": True, "registers": False, "network": "x"}, []

    @property
    def visitor(self) -> Visitor:
        return self._visitors[1]

    async def served(self, peer: socket.socket) -> None:
        await self._welcome(peer, 1)

    def close(self) -> None:
        for sock in self._silent:
            sock.close()


class Stranger:
    """Both ends of one connection by ssh: the client's, and what the gateway has for it."""

    def __init__(self, gateway: Lonely, client: asyncssh.SSHClientConnection) -> None:
        self.gateway = gateway
        self.client = client
        self.visitor = gateway.visitor
        self.asked: list[asyncio.Future[Any]] = []

    async def terminal(self, **more: Any) -> Session:
        """One more, on which something is drawn."""
        before = set(self.visitor._sessions)
        size = {"term_type": "xterm", "term_size": (80, 24)}
        process = await self.client.create_process(**size, encoding=None, **more)
        assert await process.stdout.read(1)
        (session,) = self.visitor._sessions - before
        return session

    def reads_no_more(self) -> None:
        self._transport.pause_reading()

    def asks(self, count: int) -> None:
        """For something that is always refused."""
        for _ in range(count):
            self.asked.append(asyncio.ensure_future(self.client._make_global_request(b"nothing")))

    @property
    def unsent(self) -> int:
        return self._transport.get_write_buffer_size()

    @property
    def _transport(self) -> asyncio.Transport:
        return cast(asyncio.Transport, self.client._transport)


def pair() -> tuple[socket.socket, socket.socket]:
    """A connection over TCP, with small buffers of the system's: the client's end, and the gateway's."""
    own = socket.socket()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        for sock in (listening, own):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SOCKET_BYTES)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BYTES)
        own.connect(listening.getsockname())
        peer, _ = listening.accept()
    return own, peer


@asynccontextmanager
async def stranger(folder: Path) -> AsyncIterator[Stranger]:
    """Somebody who has come in."""
    gateway, (own, peer) = Lonely(folder), pair()
    serving = asyncio.create_task(gateway.served(peer))
    client = await asyncssh.connect(sock=own, **CLIENT)
    visit = Stranger(gateway, client)
    try:
        yield visit
    finally:
        client.abort()
        await asyncio.gather(serving, *visit.asked, return_exceptions=True)
        await until(lambda: not gateway.terminals.count("127.0.0.1"))
        gateway.close()


async def until(done: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not done():
            await asyncio.sleep(0)


async def test_a_visitor_who_takes_nothing_is_given_up(tmp_path: Path) -> None:
    """Also one who has said that as much may be sent as one likes."""
    async with stranger(tmp_path) as visit:
        session = await visit.terminal(window=WINDOW_MAX)
        visit.reads_no_more()
        most = await _drawn(session, visit.visitor.waiting_bytes)
        assert most <= QUEUED_BYTES_MAX * 1.1
        await until(lambda: not visit.visitor._sessions and not visit.gateway.terminals.count("127.0.0.1"))


async def test_of_several_terminals_the_one_that_takes_nothing_is_given_up(tmp_path: Path) -> None:
    """Its application is over, also where its channel is not closed at the other end."""
    async with stranger(tmp_path) as visit:
        still, other = await visit.terminal(window=100_000), await visit.terminal()
        assert still._ssh is not None and still._running is not None and other._running is not None
        most = await _drawn(still, still._ssh.get_write_buffer_size)
        assert most <= QUEUED_BYTES_MAX * 1.1
        await until(still._running.done)
        assert other in visit.visitor._sessions and not other._running.done()


async def _drawn(session: Session, waiting: Callable[[], int]) -> int:
    """Draw until the terminal is given up; the most bytes that waited for it."""
    assert (
        session._channel is not None and session._channel.driver is not None and session._running is not None
    )
    most = drawn = 0
    while not session._running.done() and drawn < 4 * QUEUED_BYTES_MAX:
        session._channel.driver.write("x" * 50_000)
        drawn += 50_000
        most = max(most, waiting())
        await asyncio.sleep(0)
    return most


async def test_who_takes_no_answers_is_not_heard(tmp_path: Path) -> None:
    async with stranger(tmp_path) as visit:
        visit.reads_no_more()
        most = asked = 0
        while visit.unsent < 1_000_000 and asked < 100_000:
            visit.asks(100)
            asked += 100
            await asyncio.sleep(0)
            most = max(most, visit.visitor.waiting_bytes())
        assert asked < 100_000, f"everything was heard, and {most} bytes of answers wait"
        assert most <= UNREAD_BYTES_MAX + 2 * READ_BYTES


async def test_who_never_ends_a_key_exchange_is_cut_off(tmp_path: Path) -> None:
    """What is answered meanwhile waits for its end."""
    async with stranger(tmp_path) as visit:
        connection = visit.visitor._connection
        assert connection is not None
        visit.reads_no_more()
        visit.client._send_kexinit()
        visit.client._kex_complete = True  # The client goes on as if it were.
        most = asked = 0
        while connection._transport and asked < 10_000:
            visit.asks(100)
            asked += 100
            await asyncio.sleep(0)
            most = max(most, len(connection._deferred_packets))
        assert not connection._transport, f"{most} packets wait"
        assert most <= DEFERRED_MAX + READ_BYTES // 20


async def test_who_sends_on_while_something_is_looked_at_is_cut_off(tmp_path: Path) -> None:
    """Before anything is proved: here the server is never done with looking up the name."""

    class Busy(Lonely):
        looks = asyncio.Event()

        async def ask(self, visit: int, ask: str, **more: str) -> tuple[dict[str, Any], list[socket.socket]]:
            self.looks.set()
            await asyncio.Event().wait()
            return {}, []

    class Newcomer(asyncssh.SSHClient):
        def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
            self.transport = conn._transport
            newcomers.append(self)

    newcomers: list[Newcomer] = []
    gateway, (own, peer) = Busy(tmp_path), pair()
    serving = asyncio.create_task(gateway.served(peer))
    coming = asyncio.ensure_future(asyncssh.connect(sock=own, client_factory=Newcomer, **CLIENT))
    await until(gateway.looks.is_set)
    connection, transport = gateway.visitor._connection, cast(asyncio.Transport, newcomers[0].transport)
    assert connection is not None
    most = sent = 0
    while connection._transport and sent < 20 * UNHANDLED_BYTES_MAX:
        transport.write(bytes(50_000))
        sent += 50_000
        await asyncio.sleep(0)
        most = max(most, len(connection._inpbuf))
    assert not connection._transport, f"{most} bytes wait"
    assert most <= UNHANDLED_BYTES_MAX + READ_BYTES
    await asyncio.gather(serving, coming, return_exceptions=True)
    gateway.close()


async def test_who_types_without_end_is_held_back(tmp_path: Path) -> None:
    """What is not handled yet waits at the visitor's own side, and nobody else is delayed."""
    pasted = 2_000_000
    async with ServerProcess(tmp_path / "data") as server:
        bob = await server.connect()
        bob.type("NICK bob", "USER bob 0 * :Bob")
        await bob.until("001")
        connection = await asyncssh.connect(**options(server.port, "ann"))
        try:
            process = await connection.create_process(term_type="xterm", term_size=(80, 24), encoding=None)
            drawn = b""
            async with asyncio.timeout(PATIENCE_SECONDS):
                while b"a guest" not in drawn:
                    drawn += await process.stdout.read(65_536)
                process.stdin.write(b"x" * pasted)
                while b"xxx" not in drawn:
                    drawn = drawn[-10:] + await process.stdout.read(65_536)
            bob.type("PING still")
            await bob.until("PONG")
            waits = process.channel.get_write_buffer_size()
            assert pasted - waits <= 20 * (WINDOW_BYTES + HELD_CHARS_MAX)
        finally:
            connection.abort()
            with contextlib.suppress(OSError, asyncssh.Error):
                await connection.wait_closed()


@pytest.mark.parametrize("count", [1, 3])
async def test_who_reads_again_is_heard_again(tmp_path: Path, count: int) -> None:
    async with stranger(tmp_path) as visit:
        for _ in range(count):
            visit.reads_no_more()
            while visit.unsent < 1_000:
                visit.asks(100)
                await asyncio.sleep(0)
            visit._transport.resume_reading()
            await until(lambda: not visit.unsent and not visit.visitor.waiting_bytes())
