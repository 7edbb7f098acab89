"""Connections over which HTTP is spoken: ended on one side, taken over by WebSocket, and whom they keep out."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable

import pytest

from hubbub.transports import asyncio_bridge
from hubbub.transports.admission import AdmissionLimits
from hubbub.transports.base import Connection, Receiver
from hubbub.web.app_loader import LazyWebsite
from tests.memory_connection import MemoryConnection
from tests.server_harness import Person, ServerHarness
from tests.transports.listener_harness import ListenerHarness, open_listener, settle
from tests.web.http_client import HttpClient

NewClient = Callable[..., HttpClient]

GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
OLD = b"GET /healthz HTTP/1.0\r\n\r\n"
UPGRADE = (
    b"GET /irc HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + base64.b64encode(bytes(16)) + b"\r\n"
)
NICK = bytes((0x81, 0x80 | 8)) + bytes(4) + b"NICK ann"
USER = bytes((0x81, 0x80 | 13)) + bytes(4) + b"USER a 0 * :A"


@pytest.fixture
async def listener_harness(harness: ServerHarness, new_client: NewClient) -> AsyncIterator[ListenerHarness]:
    """A listener on a real port, in front of the server."""
    kept: list[Connection] = []

    def accept(connection: Connection) -> Receiver | None:
        kept.append(connection)
        return harness.node.entrance.accept(connection)

    await new_client().website.ready()
    async with open_listener(accept=accept) as listener_harness:
        yield listener_harness
        for connection in kept:
            connection.abort()


async def told_with_its_end(listener_harness: ListenerHarness, *pieces: bytes) -> bytes:
    """Everything that somebody is answered who says this, and ends their side at once."""
    reader, writer = await asyncio.open_connection("127.0.0.1", listener_harness.listener.port)
    for piece in pieces:
        writer.write(piece)
    writer.write_eof()
    async with asyncio.timeout(10):
        heard = await reader.read()
    writer.close()
    return heard


@pytest.mark.parametrize(("said", "answers"), [(OLD, 1), (GET, 1), (GET * 2, 2), (GET * 30, 30)])
async def test_who_ends_their_side_is_answered(
    listener_harness: ListenerHarness, said: bytes, answers: int
) -> None:
    """As `nc -N` does: RFC 9112, 9.6, and RFC 9293, 3.6 let it; each request, and then the connection ends."""
    heard = await told_with_its_end(listener_harness, said)
    assert heard.count(b" 200 OK\r\n") == answers and heard.endswith(b"alive\n")
    await settle(lambda: listener_harness.admission.total == 0)


async def test_a_long_answer_comes_whole(
    listener_harness: ListenerHarness, harness: ServerHarness, new_client: NewClient
) -> None:
    content = bytes(range(256)) * 20_000
    await harness.account("ann")
    ann = new_client()
    ann.sign("ann", "correct horse")
    path = (await ann.post("/files", None, content)).json["url"].partition("chat.test")[2]
    secret = ann.headers["Authorization"]
    heard = await told_with_its_end(
        listener_harness, f"GET {path} HTTP/1.0\r\nAuthorization: {secret}\r\n\r\n".encode()
    )
    assert heard.endswith(content)


@pytest.mark.parametrize("length", [b"Content-Length: 30", b"Transfer-Encoding: chunked"])
async def test_a_body_that_is_cut_never_comes(
    listener_harness: ListenerHarness, harness: ServerHarness, length: bytes
) -> None:
    """Nobody waits for the rest until a clock runs out."""
    await harness.account("ann")
    secret = base64.b64encode(b"ann:correct horse")
    head = b"POST /api/v1/rooms/Blabla/messages HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic " + secret
    body = b"\r\nContent-Type: application/json\r\n" + length + b'\r\n\r\n8\r\n{"text"'
    assert b" 400 " in await told_with_its_end(listener_harness, head + body)


@pytest.mark.parametrize("before", [b"", GET])
async def test_a_head_that_is_cut_never_comes(listener_harness: ListenerHarness, before: bytes) -> None:
    heard = await told_with_its_end(listener_harness, before, b"GET /healthz HTTP/1.1\r\nHost: loc")
    assert heard.count(b"alive\n") == before.count(b"GET")


async def test_who_is_idle_and_ends_their_side_is_gone(listener_harness: ListenerHarness) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", listener_harness.listener.port)
    writer.write(GET)
    async with asyncio.timeout(10):
        await reader.readuntil(b"alive\n")
        writer.write_eof()
        assert await reader.read() == b""
    await settle(lambda: listener_harness.admission.total == 0)
    writer.close()


async def test_who_ends_their_side_before_the_website_is_there(harness: ServerHarness) -> None:
    website = LazyWebsite(harness.node)
    harness.node.entrance.website = website.serve
    async with open_listener(accept=harness.node.entrance.accept) as listener_harness:
        asking = asyncio.create_task(told_with_its_end(listener_harness, OLD))
        await settle(lambda: website._waiting)
        website.start()
        assert (await asking).endswith(b"alive\n")
        await website.stop()


async def test_who_ends_their_side_and_is_told_nothing_is_given_up(
    harness: ServerHarness, client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may as well be gone, so what it has asked is worth no more than that."""
    monkeypatch.setattr(asyncio_bridge, "HALF_OPEN_SECONDS", 0)
    await client.website.ready()
    gate = asyncio.Event()
    monkeypatch.setattr(harness.node.gate, "settled", gate.wait)
    person = client.connect()
    assert person.receiver
    person.receiver.received(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert person.connection.end_side()
    await settle(lambda: person.connection.aborted)
    gate.set()


# WebSocket


async def behind(client: HttpClient, said: bytes) -> tuple[Person, bytes]:
    """Somebody who says this behind another request, and what they are answered to it."""
    await client.website.ready()
    person = client.connect()
    assert person.receiver
    person.receiver.received(GET)
    heard = b""
    while not heard.endswith(b"alive\n"):
        await asyncio.sleep(0)
        heard += person.connection.take()
    person.receiver.received(said)
    return person, await next_answer(person)


async def next_answer(person: Person) -> bytes:
    heard = b""
    async with asyncio.timeout(10):
        while b"\r\n\r\n" not in heard:
            await asyncio.sleep(0)
            heard += person.connection.take()
    return heard


@pytest.mark.parametrize("early", [b"", NICK + USER])
async def test_a_websocket_behind_another_request(
    harness: ServerHarness, client: HttpClient, early: bytes
) -> None:
    """Proxies keep their connections to the server, and send on one whatever comes next."""
    person, heard = await behind(client, UPGRADE + b"\r\n" + early)
    assert heard.startswith(b"HTTP/1.1 101 ") and heard.count(b"HTTP/1.1") == 1
    assert person.receiver
    person.receiver.received(b"" if early else NICK + USER)
    await harness.settle()
    assert b"Welcome" in heard + person.connection.take()
    assert harness.node.state.user_named("ann")
    person.receiver.lost(None)
    await harness.settle()
    assert not harness.node.state.user_named("ann") and not person.connection.aborted


async def test_a_websocket_right_behind_a_request(harness: ServerHarness, client: HttpClient) -> None:
    """Both came at once: each is answered, the first one first."""
    await client.website.ready()
    person = client.connect()
    assert person.receiver
    person.receiver.received(GET + UPGRADE + b"\r\n")
    heard = b""
    async with asyncio.timeout(10):
        while b" 101 " not in heard:
            await asyncio.sleep(0)
            heard += person.connection.take()
    assert heard.index(b"alive") < heard.index(b" 101 ")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (UPGRADE.replace(b"localhost", b"evil.test") + b"\r\n", 421),
        (UPGRADE + b"Origin: http://evil.test\r\n\r\n", 403),
        (UPGRADE.replace(b"Version: 13", b"Version: 8") + b"\r\n", 426),
        (UPGRADE.replace(b"Key: A", b"Key: ") + b"\r\n", 400),
        (UPGRADE + b"Content-Length: 2\r\n\r\n", 400),
        (b"GET /irc HTTP/1.1\r\nHost: localhost\r\n\r\n", 426),
        (b"POST /irc HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", 405),
    ],
)
async def test_what_is_no_websocket_for_us(
    harness: ServerHarness, client: HttpClient, said: bytes, status: int
) -> None:
    """What holds for the first request holds for every one."""
    _, heard = await behind(client, said)
    assert heard.startswith(f"HTTP/1.1 {status} ".encode())
    assert (b"Upgrade: websocket" in heard) is (status == 426)
    assert not harness.node.live


async def test_a_websocket_in_clear_behind_another_request(
    new_client: NewClient, harness: ServerHarness
) -> None:
    """It is no page: who comes so is told by the chat what may not be said in clear, as with the first request."""
    client = new_client("192.0.2.7")
    await client.website.ready()
    person = client.connect()
    assert person.receiver
    person.receiver.received(b"GET /api/v1/place HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert b" 403 " in await next_answer(person)
    person.receiver.received(UPGRADE + b"\r\n")
    assert b" 101 " in await next_answer(person)


@pytest.mark.parametrize(
    "said",
    [
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        b"CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"CONNECT /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
)
async def test_what_follows_a_request_for_another_protocol_is_no_request(
    listener_harness: ListenerHarness, said: bytes
) -> None:
    """It is answered, and is the last: nobody can tell where another one would begin."""
    reader, writer = await asyncio.open_connection("127.0.0.1", listener_harness.listener.port)
    writer.write(GET + said + GET)
    async with asyncio.timeout(10):
        heard = await reader.read()
    assert heard.count(b"HTTP/1.1 ") == 2 and b"Connection: close" in heard
    writer.close()


# Places


async def test_only_who_is_known_keeps_a_place(
    harness: ServerHarness, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer is not enough: anybody could hold all places with a question each."""
    kept: list[MemoryConnection] = []
    monkeypatch.setattr(MemoryConnection, "settled", lambda connection: kept.append(connection))
    await harness.account("ann")
    client = new_client()
    for path in ("/", "/healthz", "/api/v1/place", "/api/v1/me", "/api/v1/tokens", "/nothing"):
        await client.get(path)
    client.sign("ann", "wrong")
    assert (await client.get("/api/v1/me")).status == 401 and not kept
    client.sign("ann", "correct horse")
    assert (await client.get("/api/v1/me")).status == 200 and len(kept) == 1


async def test_who_asks_and_stays_makes_room(harness: ServerHarness, new_client: NewClient) -> None:
    """On real connections: the one that was used last stays longest."""
    await new_client().website.ready()
    async with open_listener(
        accept=harness.node.entrance.accept, limits=AdmissionLimits(connections=2)
    ) as listener_harness:
        ends = [await asyncio.open_connection("127.0.0.1", listener_harness.listener.port) for _ in range(2)]
        for reader, writer in (ends[0], ends[1], ends[0]):
            writer.write(GET)
            await reader.readuntil(b"alive\n")
        assert b"alive" in await told_with_its_end(listener_harness, OLD)
        assert await ends[1][0].read() == b""
        ends[0][1].write(GET)
        await ends[0][0].readuntil(b"alive\n")
        for _, writer in ends:
            writer.transport.abort()
        await settle(lambda: listener_harness.admission.total == 0)
