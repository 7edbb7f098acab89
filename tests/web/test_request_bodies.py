"""What strangers send with a request: nothing of it is expanded, waited for or believed before it is wanted."""

import asyncio
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from aiohttp import compression_utils, web_urldispatcher
from aiohttp.helpers import parse_content_type

from hubbub.transports.asyncio_bridge import PIECE_BYTES
from hubbub.transports.request_head import HEAD_BYTES_MAX
from hubbub.web import files, request_bodies
from hubbub.web.app import BURST_REQUESTS, HEADERS_MAX, HttpProtocol
from hubbub.web.errors import Failure
from tests.patience import PATIENCE_SECONDS
from tests.server_harness import Person, ServerHarness
from tests.web.http_client import HttpClient, answer_on
from tests.web.test_api import member

NewClient = Callable[..., HttpClient]

MEBIBYTES = 4096
TURNS_MAX = 2_000
READ_BYTES_MAX = 1 << 19
"""What is taken of a body that nobody wants: what had come when its head was read."""

PATHS = [
    ("POST", "/", 405),
    ("GET", "/", 200),
    ("GET", "/healthz", 200),
    ("POST", "/nothing/here", 404),
    ("POST", "/api/v1/rooms/tea/messages", 401),
    ("GET", "/api/v1/place", 200),
    ("POST", "/api/v1/admin", 401),
    ("POST", "/files", 401),
    ("PUT", "/files/xxxxxxxxxxxxxxxxxxxxxxxx", 405),
    ("POST", "/api/v1/files/cookie", 401),
    ("POST", "/hooks/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 404),
    ("GET", "/metrics", 403),
    ("POST", "/irc", 426),
]


def bomb() -> bytes:
    """4 MB of gzip that hold 4 GB."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = deflate.compress(bytes(1 << 20)) + deflate.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + piece * MEBIBYTES


BOMB = bomb()


@pytest.fixture
def expanded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes came out of each call of a decompressor of aiohttp's."""
    came_out: list[int] = []
    for kind in (compression_utils.ZLibDecompressor, compression_utils.BrotliDecompressor):
        real = kind.decompress_sync

        def counted(
            self: object, data: bytes, *more: int, real: Callable[..., bytes] = real, **named: int
        ) -> bytes:
            out = real(self, data, *more, **named)
            came_out.append(len(out))
            return out

        monkeypatch.setattr(kind, "decompress_sync", counted)
    return came_out


async def _push(person: Person, body: bytes) -> int:
    """Send as much as is taken, as a client that does not listen; how many bytes that were."""
    sent = 0
    assert person.receiver is not None
    for place in range(0, len(body), 65_536):
        for _ in range(TURNS_MAX):
            await _turn()
            if person.connection.reading or person.connection.closed:
                break
        if person.connection.closed or not person.connection.reading:
            break
        person.receiver.received(body[place : place + 65_536])
        sent += len(body[place : place + 65_536])
    return sent


async def _push_all(person: Person, body: bytes) -> int:
    """Send until the server ends the connection, however long a disk takes for what came before; how many bytes."""
    sent = 0
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not person.connection.closed and sent < len(body):
            sent += await _push(person, body[sent : sent + 65_536])
            await _turn()
    return sent


async def _turn() -> None:
    await asyncio.sleep(0)


async def begin(client: HttpClient, head: str) -> Person:
    await client.website.ready()
    person = client.connect()
    assert person.receiver is not None
    person.receiver.received(f"{head}\r\nHost: chat.test\r\n".encode() + _credentials(client) + b"\r\n")
    return person


def _credentials(client: HttpClient) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in client.headers.items()).encode()


async def closed(person: Person) -> bool:
    for _ in range(TURNS_MAX):
        await _turn()
        if person.connection.closed:
            return True
    return False


# Bodies that nobody wants


@pytest.mark.parametrize(
    ("method", "path", "status", "coding"),
    [
        *((*one, "gzip") for one in PATHS),
        *(("POST", "/files", 401, coding) for coding in ("deflate", "br", "zstd", "gzip, gzip", "x")),
    ],
)
async def test_nothing_compressed_is_expanded(
    client: HttpClient, expanded: list[int], method: str, path: str, status: int, coding: str
) -> None:
    """4 MB that hold 4 GB, on every kind of path, without credentials."""
    head = f"{method} {path} HTTP/1.1\r\nContent-Encoding: {coding}\r\nContent-Length: {len(BOMB)}"
    person = await begin(client, head)
    read = await _push(person, BOMB)
    answer = await answer_on(person)
    assert await closed(person)
    assert expanded == [] and read <= READ_BYTES_MAX
    if path == "/irc":
        assert answer.status == status
    else:
        assert answer.status == 415 and answer.headers["accept-encoding"] == "identity"
        assert (
            answer.error
            == "This server does not accept compressed bodies. Send the body without Content-Encoding."
        )


@pytest.mark.parametrize(("method", "path", "status"), PATHS)
@pytest.mark.parametrize("framing", [f"Content-Length: {len(BOMB)}", "Transfer-Encoding: chunked"])
async def test_a_body_that_nobody_wants_ends_the_connection(
    client: HttpClient, method: str, path: str, status: int, framing: str
) -> None:
    """Also one without an end."""
    person = await begin(client, f"{method} {path} HTTP/1.1\r\n{framing}")
    body = BOMB if "Length" in framing else b"10000\r\n%s\r\n" % (b"x" * 65_536) * 64
    read = await _push(person, body)
    answer = await answer_on(person)
    assert answer.status == status and answer.headers["connection"] == "close"
    assert await closed(person) and read <= READ_BYTES_MAX


async def test_a_small_body_that_came_already_ends_nothing(client: HttpClient) -> None:
    person = await begin(client, "POST /nothing HTTP/1.1\r\nContent-Length: 0")
    assert (await answer_on(person)).status == 404
    person = client.connect()
    assert person.receiver is not None
    person.receiver.received(b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
    assert (await answer_on(person)).status == 200 and not await closed(person)


async def test_what_is_compressed_is_taken_from_nobody(
    harness: ServerHarness, new_client: NewClient, expanded: list[int]
) -> None:
    """Who is in may send no more of it than who is not."""
    ann = await member(harness, "ann", new_client)
    for path in ("/files", "/api/v1/rooms/tea/messages", "/api/v1/tokens"):
        answer = await ann.post(
            path, body=BOMB[:1000], Content_Encoding="gzip", Content_Type="application/json"
        )
        assert answer.status == 415
    assert expanded == []
    assert (await ann.post("/files", body=b"plain", Content_Encoding="identity")).status == 201


@pytest.mark.parametrize("path", ["/files", "/api/v1/tokens", "/nothing", "/"])
async def test_no_forms_of_several_parts(harness: ServerHarness, new_client: NewClient, path: str) -> None:
    ann = await member(harness, "ann", new_client)
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    answer = await ann.post(path, body=part * 20_000, Content_Type="multipart/form-data; boundary=x")
    assert answer.status == 415
    assert answer.error == "Send the content as the whole body, not as a form."


# Bodies that are wanted


async def test_nobody_is_asked_for_a_body_before_being_proved(
    harness: ServerHarness, new_client: NewClient
) -> None:
    """RFC 9110, 10.1.1: with `Expect: 100-continue` a client waits to be asked."""
    ann = await member(harness, "ann", new_client)
    for path in ("/files", "/api/v1/tokens", "/hooks/xxxxxxxxxxxxxxxxxxxxxxxxx"):
        person = await begin(
            new_client(), f"POST {path} HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5"
        )
        assert (await answer_on(person)).status in (401, 404) and await closed(person)
    person = await begin(ann, "POST /files HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5")
    assert (await answer_on(person)).status == 100
    assert person.receiver is not None
    person.receiver.received(b"hello")
    assert (await answer_on(person)).status == 201
    too_long = f"POST /files HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: {10**15}"
    assert (await answer_on(await begin(ann, too_long))).status == 413


async def test_a_body_that_does_not_come(
    harness: ServerHarness, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_bodies, "BODY_SECONDS", 0.01)
    ann = await member(harness, "ann", new_client)
    head = "POST /api/v1/tokens HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 50"
    person = await begin(ann, head)
    answer = await answer_on(person)
    assert answer.status == 408 and await closed(person)
    assert answer.error == "The request was incomplete. Send it again."


async def test_a_body_that_is_too_long(harness: ServerHarness, new_client: NewClient) -> None:
    """Refused by what it says, and where it says nothing when it is."""
    ann = await member(harness, "ann", new_client)
    head = "POST /api/v1/tokens HTTP/1.1\r\nContent-Type: application/json\r\n"
    person = await begin(ann, f"{head}Content-Length: {request_bodies.BODY_BYTES_MAX + 1}")
    assert (await answer_on(person)).status == 413 and await closed(person)
    person = await begin(ann, f"{head}Transfer-Encoding: chunked")
    read = await _push(person, b"10000\r\n%s\r\n" % (b"x" * 65_536) * 64)
    assert (await answer_on(person)).status == 413 and await closed(person)
    assert read <= request_bodies.BODY_BYTES_MAX + READ_BYTES_MAX


FAR_TOO_MUCH = b"%x\r\n" % (1 << 40)
"""A chunk that is announced to have 1 TiB."""
FILE_BYTES_MAX = 3 << 20


@pytest.mark.parametrize(
    ("head", "bytes_max"),
    [
        ("POST /api/v1/tokens HTTP/1.1\r\nContent-Type: application/json", request_bodies.BODY_BYTES_MAX),
        ("POST /files HTTP/1.1", FILE_BYTES_MAX),
    ],
    ids=["JSON", "a file"],
)
@pytest.mark.parametrize("harness", [{"files.max_bytes": FILE_BYTES_MAX}], indirect=True)
async def test_a_chunk_counts_by_its_bytes_and_not_by_what_it_announces(
    harness: ServerHarness, new_client: NewClient, head: str, bytes_max: int
) -> None:
    """Nothing is held for what is announced, and the body ends where one without a length does."""
    ann = await member(harness, "ann", new_client)
    person = await begin(ann, f"{head}\r\nTransfer-Encoding: chunked")
    assert person.receiver is not None
    body = b"x" * (8 << 20)
    tracemalloc.start()
    try:
        person.receiver.received(FAR_TOO_MUCH)
        await _turn()
        announced = tracemalloc.get_traced_memory()[1]
        read = await _push_all(person, body)
        held = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (await answer_on(person)).status == 413 and await closed(person)
    assert read <= bytes_max + 2 * READ_BYTES_MAX
    assert announced < READ_BYTES_MAX and held < 3 * request_bodies.BODY_BYTES_MAX, (announced, held)
    assert [path for path in (harness.data / "files").rglob("*") if path.is_file()] == []


async def test_a_chunk_that_is_announced_and_does_not_come(
    harness: ServerHarness, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_bodies, "BODY_SECONDS", 0.01)
    monkeypatch.setattr(files, "STALL_SECONDS", 0.01)
    ann = await member(harness, "ann", new_client)
    for head in ("POST /api/v1/tokens HTTP/1.1\r\nContent-Type: application/json", "POST /files HTTP/1.1"):
        person = await begin(ann, f"{head}\r\nTransfer-Encoding: chunked")
        assert person.receiver is not None
        person.receiver.received(FAR_TOO_MUCH)
        assert (await answer_on(person)).status == 408 and await closed(person)


async def test_a_file_that_comes_drop_by_drop(
    harness: ServerHarness, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is always something more, and still it is not waited for."""
    monkeypatch.setattr(files, "STALL_SECONDS", 0.05)
    monkeypatch.setattr(files, "SLOWEST_BYTES_A_SECOND", 1e12)
    person = await begin(
        await member(harness, "ann", new_client), "POST /files HTTP/1.1\r\nContent-Length: 40000000"
    )
    assert person.receiver is not None
    while not person.connection.closed:
        person.receiver.received(b"x")
        await _turn()
    assert (await answer_on(person)).status == 408
    assert [path for path in (harness.data / "files").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (b'{"name": "x", "scopes": ' + b"[" * 1_000_000, 422),
        (b"[" * 1_000_000, 422),
        (b'{"a":' * 200_000, 422),
        (b'{"name": 1' + b"0" * 500_000 + b"}", 422),
        (b'{"name": 1e999999999}', 422),
        (b'{"' + b"x" * 1_000_000 + b'": 1}', 422),
        (b'{"name": "\xed\xa0\x80"}', 400),
        (b'{"name": "\\ud800"}', 400),
        (b'{"name": NaN}', 400),
        (b'"', 400),
        (b"", 400),
    ],
)
async def test_json_that_is_none(
    harness: ServerHarness, new_client: NewClient, text: bytes, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    ann = await member(harness, "ann", new_client)
    answer = await ann.post("/api/v1/tokens", body=text, Content_Type="application/json")
    assert answer.status == status and len(answer.body) < 1_000
    assert "bug" not in caplog.text


class Wanted(msgspec.Struct):
    """A body with a number in it."""

    limit: int


@pytest.mark.parametrize(("number", "limit"), [(b"2", 2), (b"2.0", 2), (b"2e1", 20)])
def test_an_integer_however_it_is_written(number: bytes, limit: int) -> None:
    """JSON Schema, 6.1.1: any number with a zero fractional part is an integer."""
    assert request_bodies.decoded(b'{"limit": %s}' % number, Wanted) == Wanted(limit)


@pytest.mark.parametrize("number", [b"2.5", b'"2"', b"true", b"1e99"])
def test_what_is_no_integer(number: bytes) -> None:
    with pytest.raises(Failure) as refused:
        request_bodies.decoded(b'{"limit": %s}' % number, Wanted)
    assert refused.value.status == 422


async def test_json_that_says_a_thing_twice(harness: ServerHarness, new_client: NewClient) -> None:
    """What is said last holds."""
    ann = await member(harness, "ann", new_client)
    text = b'{"name": "one", "name": "two"}'
    assert (await ann.post("/api/v1/tokens", body=text, Content_Type="application/json")).json[
        "name"
    ] == "two"


@pytest.mark.parametrize("number", [1, 400])
async def test_questions_of_many_fields(harness: ServerHarness, new_client: NewClient, number: int) -> None:
    ann = await member(harness, "ann", new_client)
    asked = "&".join(f"x{one}=1" for one in range(number))
    assert (await ann.get(f"/api/v1/people/ann/messages?{asked}")).status == 422


# Requests that are none


@pytest.mark.parametrize(
    "lines",
    [
        "Content-Length: 3\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 3",
        "Content-Length: 3\r\nContent-Length: 4",
        "Content-Length: +3",
        "Content-Length: 3, 3",
        "Content-Length: -1",
        "Content-Length: 0x3",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding:\x0bchunked",
        "X: y\r\n Transfer-Encoding: chunked",
        "X: y\nContent-Length: 3",
        "X: y\x00",
        "Host: other.test",
    ],
)
async def test_requests_that_end_in_two_ways(
    client: HttpClient, lines: str, caplog: pytest.LogCaptureFixture
) -> None:
    """What one reader takes for a body would be another reader's next request (RFC 9112, 11.2)."""
    person = await begin(client, f"POST /nothing HTTP/1.1\r\n{lines}")
    assert person.receiver is not None
    if not person.connection.closed:
        person.receiver.received(b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert await closed(person)
    data = person.connection.take()
    assert data.count(b"HTTP/1.") == 1 and b"alive" not in data and b"aiohttp" not in data
    assert data.split(b" ")[1] in (b"400", b"501"), data
    assert caplog.text == ""


@pytest.mark.parametrize("body", [b"zz\r\n", b"-1\r\n", b"1\r\nxy\r\n", b"1;\n\r\nx\r\n", b"f" * 20_000])
async def test_chunks_that_are_none(
    harness: ServerHarness,
    new_client: NewClient,
    body: bytes,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "STALL_SECONDS", 0.05)
    ann = await member(harness, "ann", new_client)
    person = await begin(ann, "POST /files HTTP/1.1\r\nTransfer-Encoding: chunked")
    await _turn()
    assert person.receiver is not None
    person.receiver.received(body)
    assert (await answer_on(person)).status in (400, 408) and await closed(person)
    assert "bug" not in caplog.text and "Traceback" not in caplog.text
    assert [path for path in (harness.data / "files").rglob("*") if path.is_file()] == []


async def test_thousands_of_requests_at_once(new_client: NewClient) -> None:
    """They are read as they are answered, and who asks too fast is not answered at all in the end."""
    client = new_client("203.0.113.5", secure=True)
    await client.website.ready()
    person = client.connect()
    one = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    read = await _push(person, one * 100_000)
    assert await closed(person)
    data = person.connection.take()
    assert data.count(b"HTTP/1.1 200") == BURST_REQUESTS and data.count(b"HTTP/1.1 429") == 1
    assert read <= READ_BYTES_MAX


async def test_heads_that_are_too_long_on_a_connection_that_is_served(client: HttpClient) -> None:
    for lines in (b"x: y\r\n" * (HEADERS_MAX + 1), b"x: " + b"y" * 10_000 + b"\r\n"):
        person = await begin(client, "GET /healthz HTTP/1.1")
        assert (await answer_on(person)).status == 200
        assert person.receiver is not None
        person.receiver.received(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + lines + b"\r\n")
        assert (await answer_on(person)).status == 400 and await closed(person)


async def test_headers_that_are_too_long_together(client: HttpClient) -> None:
    """Each of them would do."""
    for lines, status in ((3, 200), (6, 431)):
        person = await begin(client, "GET /healthz HTTP/1.1")
        assert (await answer_on(person)).status == 200
        assert person.receiver is not None
        headers = b"".join(b"x-%d: %s\r\n" % (number, b"y" * 4_000) for number in range(lines))
        person.receiver.received(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n")
        answer = await answer_on(person)
        assert answer.status == status
    assert b"shorter headers" in answer.body and await closed(person)


async def test_paths_of_many_segments(client: HttpClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are not even looked for."""
    looked: list[str] = []
    real = web_urldispatcher.UrlDispatcher.resolve

    async def resolve(self: object, request: object) -> object:
        looked.append("")
        return await real(self, request)  # type: ignore[arg-type]

    monkeypatch.setattr(web_urldispatcher.UrlDispatcher, "resolve", resolve)
    answer = await client.get("/" + "a/" * 4_000)
    assert (answer.status, answer.error) == (404, "Not found.")
    assert "default-src 'none'" in answer.headers["content-security-policy"] and looked == []


async def test_no_websocket_is_compressed(client: HttpClient) -> None:
    """RFC 7692 is offered by browsers and taken by nobody here: a frame that says it is compressed is an error."""
    offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x-webkit-deflate-frame"
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13"
    head = f"GET /irc HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{key}\r\n{offer}"
    person = await begin(client, head)
    answer = await answer_on(person)
    assert answer.status == 101 and "sec-websocket-extensions" not in answer.headers
    assert person.receiver is not None
    compressed = zlib.compress(bytes(1 << 16))[:100]
    person.receiver.received(bytes((0x80 | 0x40 | 0x1, 0x80 | len(compressed))) + bytes(4) + compressed)
    assert b"\x03\xea" in person.connection.take() and person.connection.closed, "1002: a protocol error"


async def test_heads_behind_one_that_is_being_answered(
    harness: ServerHarness, client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is long in all its lines together, and none of it is taken apart while another one is answered."""
    taken: list[int] = []
    take = HttpProtocol.data_received

    def counting(self: HttpProtocol, data: bytes) -> None:
        taken.append(len(data))
        take(self, data)

    monkeypatch.setattr(HttpProtocol, "data_received", counting)
    client.sign("nobody", "wrong")
    person = await begin(client, "GET /api/v1/me HTTP/1.1")
    fat = "".join(f"X-{number}: {'y' * 8_000}\r\n" for number in range(50))
    head = f"GET /api/v1/me HTTP/1.1\r\nHost: chat.test\r\n{fat}\r\n".encode()
    await _push(person, head * 20)
    assert await closed(person)
    assert b" 431 " in person.connection.take()
    assert sum(taken) < 2 * HEAD_BYTES_MAX + 4 * PIECE_BYTES


async def test_many_requests_on_one_connection_are_answered_one_after_the_other(client: HttpClient) -> None:
    """Also where they come in one piece, and together with bodies."""
    await client.website.ready()
    person = client.connect()
    assert person.receiver is not None
    body = b"x" * 3_000
    one = b"GET /healthz HTTP/1.1\r\nHost: chat.test\r\nX-Long: " + b"y" * 3_000 + b"\r\n\r\n"
    other = b"GET /healthz HTTP/1.1\r\nHost: chat.test\r\nContent-Length: 3000\r\n\r\n" + body
    person.receiver.received(one * 10 + other)
    answers = b""
    for _ in range(TURNS_MAX):
        await _turn()
        answers += person.connection.take()
        if answers.count(b" 200 OK") == 11:
            break
    assert answers.count(b" 200 OK") == 11


@pytest.mark.parametrize("kind", [";" * 8_000, "(" * 8_000, 'application/json; charset="' + '\\"' * 3_000])
async def test_no_long_header_is_read_in_steps_that_are_its_square(
    client: HttpClient, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """aiohttp's reading of Content-Type takes a second for eight kilobytes, and its reading of cookies too long."""

    def short(header: str) -> Any:
        assert len(header) < 200, "a stranger's header is read by aiohttp"
        return parse_content_type(header)

    monkeypatch.setattr("aiohttp.helpers.parse_content_type", short)
    monkeypatch.setattr("aiohttp.web_request.parse_cookie_header", short)
    for method, path, status in PATHS:
        answer = await client.ask(method, path, Content_Type=kind, Cookie="a=;" * 2_000)
        assert answer.status == status, path
    file = await client.get("/files/xxxxxxxxxxxxxxxxxxxxxxxx", Cookie="a;" * 2_000)
    assert file.status == 401


@pytest.mark.parametrize(
    ("kind", "status"),
    [("Application/JSON ; charset=utf-8", 401), ("Multipart/Form-Data; boundary=x", 415), ("", 401)],
)
async def test_a_kind_of_content_however_it_is_written(client: HttpClient, kind: str, status: int) -> None:
    answer = await client.post("/api/v1/admin", body=b"{}", Content_Type=kind)
    assert answer.status == status, answer.body
