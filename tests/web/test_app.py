"""What holds for every request: the page, how it is guarded, and what strangers may send."""

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import yarl
from aiohttp import web

from hubbub.node import http_upgrade
from hubbub.transports.admission import AdmissionLimits
from hubbub.web import previews, static_page
from hubbub.web.app import BURST_REQUESTS
from hubbub.web.app_loader import LazyWebsite
from tests.patience import PATIENCE_SECONDS
from tests.server_harness import ServerHarness
from tests.transports.listener_harness import LONG, open_listener, settle
from tests.web.http_client import HttpClient, answer_on


async def test_the_page(client: HttpClient) -> None:
    answer = await client.get("/")
    assert answer.status == 200 and answer.headers["content-type"] == "text/html; charset=utf-8"
    assert b"<title>" in answer.body and answer.headers["cache-control"] == "no-cache"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy and "*" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    again = await client.get("/", If_None_Match=answer.headers["etag"])
    assert again.status == 304 and again.body == b""


async def test_a_page_that_is_asked_about(client: HttpClient) -> None:
    whole, head = await client.get("/"), await client.ask("HEAD", "/")
    assert head.status == 200 and head.headers["content-length"] == whole.headers["content-length"]


async def test_what_the_place_is_like(harness: ServerHarness, client: HttpClient) -> None:
    place = (await client.get("/api/v1/place")).json
    assert place["network"] == harness.node.settings.server.network
    assert place["registration"] == "open" and place["guests"] is True and place["password"] is False


async def test_whether_it_is_well(harness: ServerHarness, client: HttpClient) -> None:
    assert (await client.get("/healthz")).status == 200
    assert (await client.get("/readyz")).status == 200
    harness.node.health.is_broken = True
    assert (await client.get("/healthz")).status == 200
    assert (await client.get("/readyz")).status == 503
    harness.node.health.is_broken = False


@pytest.mark.parametrize(
    ("request_line", "status", "sentence"),
    [
        ("GET /nothing HTTP/1.1", 404, "Not found."),
        ("GET /../hubbub.db HTTP/1.1", 404, "Not found."),
        ("GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1", 404, "Not found."),
        ("POST / HTTP/1.1", 405, "This method is not allowed here."),
        ("GET /api/v1/tokens HTTP/1.1", 401, "Sign in with a name and a password, or with a token."),
    ],
)
async def test_a_clear_answer(client: HttpClient, request_line: str, status: int, sentence: str) -> None:
    answer = await client.raw(f"{request_line}\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert (answer.status, answer.error) == (status, sentence)
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("name", ["xn--bcher-kva.test", f"xn--{'a' * 7_000}", "[::1]", "chat.test"])
@pytest.mark.parametrize("asked", ["GET http://{}", "GET http://{}/", "CONNECT {}:443"])
async def test_the_name_in_a_full_url_is_not_decoded(client: HttpClient, asked: str, name: str) -> None:
    """That takes the square of its length, for a stranger; and one that can't be decoded would get no answer."""
    before = yarl.cache_info()["idna_decode"]
    async with asyncio.timeout(PATIENCE_SECONDS):
        answer = await client.raw(f"{asked.format(name)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert (answer.status, answer.error) == (400, "Request a path on this server, not a full URL.")
    assert yarl.cache_info()["idna_decode"] == before


async def test_no_password_travels_in_clear(new_client: Callable[..., HttpClient]) -> None:
    client = new_client("203.0.113.5")
    page = await client.get("/")
    assert page.status == 307 and page.headers["location"] == "https://chat.test/"
    api = await client.get("/api/v1/place")
    assert api.status == 403 and api.error == "This connection is not encrypted. Use https."
    assert (await new_client("203.0.113.5", secure=True).get("/")).status == 200


@pytest.mark.parametrize("path", ["/", "/api/v1/place", "/healthz", "/files/x", "/irc"])
async def test_a_name_that_is_not_the_servers_gets_nothing(client: HttpClient, path: str) -> None:
    """DNS rebinding: a page whose own name points here after a while would be of the same site as the server."""
    more = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
    }
    answer = await client.get(path, Host="evil.test:12345", **(more if path == "/irc" else {}))
    assert answer.status == 421 and b"tls.extra_names" in answer.body
    assert b"This server does not have this name." in answer.body


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("GET /healthz HTTP/1.1\r\n", 400),
        ("GET /healthz HTTP/1.1\r\nHost: x\r\nHost: x\r\n", 400),
        ("GET /healthz HTTP/1.1\r\nHost: x\r\nHost: evil.test\r\n", 400),
        ("GET /healthz HTTP/1.1\r\nHost: x, evil.test\r\n", 400),
        ("GET http://evil.test/healthz HTTP/1.1\r\nHost: x\r\n", 400),
        ("GET /healthz HTTP/1.0\r\n", 200),
        ("GET /healthz HTTP/1.0\r\nHost: evil.test\r\n", 421),
        ("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:12345\r\n", 200),
    ],
)
async def test_whom_a_request_is_for_is_said_once(client: HttpClient, head: str, status: int) -> None:
    assert (await client.raw(f"{head}Connection: close\r\n\r\n".encode())).status == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://chat.test", 200),
        ("http://chat.test:80", 200),
        ("https://chat.test", 403),
        ("http://chat.test:8080", 403),
        ("http://evil.test", 403),
        ("null", 403),
    ],
)
async def test_pages_of_other_sites_ask_nothing(client: HttpClient, origin: str, status: int) -> None:
    assert (await client.get("/api/v1/place", Origin=origin)).status == status
    assert (await client.post("/api/v1/admin", Origin=origin)).status == (401 if status == 200 else 403)


async def test_every_request_of_a_connection_is_looked_at(client: HttpClient) -> None:
    await client.website.ready()
    person = client.connect()
    assert person.receiver
    for host, status in (("x", 200), ("evil.test", 421)):
        person.receiver.received(f"GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert (await answer_on(person)).status == status


async def test_browsers_are_told_to_stay_with_tls_where_a_certificate_was_given(
    harness: ServerHarness, new_client: Callable[..., HttpClient]
) -> None:
    """RFC 6797; not where the certificate is the server's own, nor in clear."""
    name = "strict-transport-security"
    assert name not in (await new_client(secure=True).get("/")).headers
    harness.change("tls", certificate="chain.pem", key="key.pem")
    assert (await new_client(secure=True).get("/")).headers[name] == "max-age=15552000"
    assert name in (await new_client(secure=True).get("/nothing")).headers
    assert name not in (await new_client().get("/")).headers


async def test_one_address_has_its_pace(
    harness: ServerHarness, new_client: Callable[..., HttpClient]
) -> None:
    client = new_client("203.0.113.5", secure=True)
    statuses = [(await client.get("/healthz")).status for _ in range(BURST_REQUESTS + 1)]
    assert statuses == [200] * BURST_REQUESTS + [429]
    answer = await client.get("/healthz")
    assert answer.status == 429 and answer.headers["retry-after"] == "1"
    assert answer.error.startswith("Your address sends too many requests.")
    assert (await new_client("203.0.113.6", secure=True).get("/healthz")).status == 200
    one, other = new_client("2001:db8::1", secure=True), new_client("2001:db8::2", secure=True)
    assert [(await one.get("/healthz")).status for _ in range(BURST_REQUESTS)] == [200] * BURST_REQUESTS
    assert (await other.get("/healthz")).status == 429, "a customer has a whole subnet"
    harness.wait(1)
    assert (await client.get("/healthz")).status == 200


async def test_several_requests_on_one_connection(client: HttpClient) -> None:
    await client.website.ready()
    person = client.connect()
    assert person.receiver
    for _ in range(3):
        person.receiver.received(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await answer_on(person)).body == b"alive\n"
    person.receiver.lost(None)


async def test_a_request_in_pieces(client: HttpClient) -> None:
    await client.website.ready()
    person = client.connect()
    assert person.receiver
    for byte in b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n":
        person.receiver.received(bytes([byte]))
    assert (await answer_on(person)).status == 200


async def test_a_head_without_an_end(client: HttpClient) -> None:
    person = client.connect()
    assert person.receiver
    person.receiver.received(b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 5_000)
    assert (await answer_on(person)).status == 431 and person.connection.closed


async def test_a_head_that_never_comes(client: HttpClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_upgrade, "HEAD_SECONDS", 0.01)
    person = client.connect()
    assert person.receiver
    person.receiver.received(b"GET / HTTP/1.1\r\nHost:")
    assert (await answer_on(person)).status == 408 and person.connection.closed


async def test_files_of_the_page(harness: ServerHarness, tmp_path: Path) -> None:
    folder = tmp_path / "page"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<title>x</title>")
    (folder / "assets" / "a-1.js").write_text("1")
    (folder / "assets" / "a-1.js.br").write_bytes(gzip.compress(b"1"))
    files = static_page.read(folder)
    assert set(files) == {"/", "/assets/a-1.js"}
    assert files["/assets/a-1.js"].is_lasting and files["/assets/a-1.js"].brotli and not files["/"].is_lasting
    assert files["/assets/a-1.js"].kind == "text/javascript; charset=utf-8"


async def test_a_source_without_a_page_says_so(harness: ServerHarness, tmp_path: Path) -> None:
    [route] = static_page.routes(harness.node, tmp_path / "nothing")
    assert route.path == "/"
    assert b"make serve" in static_page._stand_in(harness.node).body


async def test_a_bug_tells_nothing(
    client: HttpClient,
    harness: ServerHarness,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken() -> None:
        raise ValueError("internal detail")

    monkeypatch.setattr(harness.node.gate, "settled", broken)
    answer = await client.get("/readyz")
    monkeypatch.undo()
    assert answer.status == 500 and answer.error == "Something went wrong on the server."
    assert "internal detail" in caplog.text and b"internal" not in answer.body


async def test_stopped_while_it_starts(harness: ServerHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has begun by then is ended: nobody listens to a server that is gone, and no connection stays open."""
    reached = asyncio.Event()

    async def never_ready(app: web.Application) -> AsyncIterator[None]:
        reached.set()
        await asyncio.Event().wait()
        yield

    monkeypatch.setattr(previews, "keep_ready", never_ready)
    before = list(harness.node.listening)
    website = LazyWebsite(harness.node)
    website.start()
    await reached.wait()
    assert len(harness.node.listening) == len(before) + 4
    await website.stop()
    assert harness.node.listening == before


NO_TEXT = [b"\xfd", b"\xb1\x80", "é".encode(), b"/Q==", b"OnB3", b"\xed\xa0\x80", "\U0001f600".encode()]
HEADS = [b"Basic ", b"Bearer ", b"", b"Basic AAAA"]


@pytest.mark.parametrize(
    "path", [b"/", b"/api/v1/tokens", b"/files/x", b"/metrics", b"/hooks/x", b"/nothing"]
)
@pytest.mark.parametrize(
    "name", [b"Authorization", b"Cookie", b"Accept-Language", b"If-None-Match", b"Range"]
)
async def test_nobodys_bytes_are_a_bug(
    client: HttpClient, caplog: pytest.LogCaptureFixture, path: bytes, name: bytes
) -> None:
    """What is no text, or no base64, is its sender's fault: an answer says so, and no traceback is logged."""
    logging.getLogger("hubbub").propagate = True
    for before in HEADS:
        for value in NO_TEXT:
            lines = [
                b"GET " + path + b" HTTP/1.1",
                b"Host: x",
                b"Connection: close",
                name + b": " + before + value,
            ]
            answer = await client.raw(b"\r\n".join([*lines, b"", b""]))
            assert answer.status < 500, lines
    assert not [one for one in caplog.records if one.exc_info]


@pytest.mark.parametrize("answered_before", [0, 1])
async def test_who_asks_and_is_gone_is_no_bug(
    harness: ServerHarness, client: HttpClient, caplog: pytest.LogCaptureFixture, answered_before: int
) -> None:
    """Also where the connection has been waiting for the request: from Python 3.12 on it always has."""
    logging.getLogger("hubbub").propagate = True
    assert (await client.get("/healthz")).status == 200
    person = client.connect()
    assert person.receiver is not None
    for _ in range(answered_before):
        person.receiver.received(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await answer_on(person)).status == 200
        await harness.settle()
    person.receiver.received(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 3)
    person.receiver.lost(None)
    for _ in range(20):
        await harness.settle()
    assert not [one for one in caplog.records if one.exc_info or one.levelno >= logging.ERROR]


async def test_a_website_that_could_not_be_started(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes is told by the connection's end, before that and afterwards: nobody waits for ever."""

    async def broken(app: web.Application) -> AsyncIterator[None]:
        raise OSError("no place")
        yield

    monkeypatch.setattr(previews, "keep_ready", broken)
    website = LazyWebsite(harness.node)
    harness.node.entrance.website = website.serve
    client = HttpClient(harness, website, "127.0.0.1", secure=False)
    website.start()
    early = client.connect()
    assert early.receiver
    early.receiver.received(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    await website.ready()
    late = client.connect()
    assert late.receiver
    late.receiver.received(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert early.connection.closed and late.connection.closed and website._waiting == []
    await website.stop()


async def test_the_log_tells_which_site_was_refused(
    harness: ServerHarness, client: HttpClient, caplog: pytest.LogCaptureFixture
) -> None:
    """So that an operator behind a proxy sees why; once a minute, and no text passes for another entry."""

    def told() -> list[str]:
        found = [
            one.getMessage().partition(":")[0] for one in caplog.records if "Refused a" in one.getMessage()
        ]
        caplog.clear()
        return found

    assert (await client.get("/healthz", Host="talk.example.org")).status == 421
    assert told() == ['Refused a request whose Host is "talk.example.org"']
    assert (await client.get("/healthz", Host="talk.example.org")).status == 421
    assert (await client.get("/healthz", Origin="https://x.org")).status == 403 and told() == []
    harness.wait(60)
    assert (await client.get("/healthz", Origin='x"\tfrom')).status == 403
    assert told() == [r'Refused a request whose Origin is "x\"\u0009from"']
    harness.wait(60)
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13"}
    answer = await client.get("/irc", Host="evil.test", Sec_WebSocket_Key="x" * 22 + "==", **upgrade)
    assert answer.status == 421 and told() == ['Refused a request whose Host is "evil.test"']


async def test_over_full_places_the_page_is_answered_still(
    harness: ServerHarness, client: HttpClient
) -> None:
    """On a real port: strangers who keep their connections after an answer make room for all others."""
    await client.website.ready()
    limits = AdmissionLimits(connections=3, silence_seconds=LONG)
    async with open_listener(accept=harness.node.entrance.accept, limits=limits) as listener_harness:
        callers = []
        for number in range(6):
            reader, writer = await asyncio.open_connection("127.0.0.1", listener_harness.listener.port)
            callers.append((reader, writer))
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            async with asyncio.timeout(10):
                assert await reader.readline() == b"HTTP/1.1 200 OK\r\n", number
        async with asyncio.timeout(10):
            await callers[0][0].read()
        for _, writer in callers:
            writer.close()
        await settle(lambda: listener_harness.admission.total == 0)
