"""Asking other machines: whatever is written and wherever it leads, nothing but the Internet is dialled."""

import asyncio
import gzip
import re
import zlib
from collections.abc import AsyncIterator, Callable
from http import HTTPMethod
from pathlib import Path

import pytest
import yarl
from aiohttp import ClientError, ClientTimeout, web

import hubbub
from hubbub.internet import SPECIAL_4, SPECIAL_6, is_public_name
from hubbub.transports.key_exchange import set_groups
from hubbub.web import safe_http_client
from hubbub.web.safe_http_client import CLEAR_TOO, SECURE, NotPublic, Outward
from tests.web.fake_internet import OWN, SOMEWHERE, Internet


@pytest.fixture
async def clear(internet: Internet) -> AsyncIterator[Outward]:
    client = Outward(CLEAR_TOO, lambda port: port in (80, 443))
    yield client
    await client.close()


async def _ask(client: Outward, url: str, bytes_max: int = 1_000) -> bytes:
    async with client.ask(HTTPMethod.GET, url, {}) as answer:
        return await safe_http_client.read(answer, bytes_max)


@pytest.mark.parametrize("form", ["http://{}/", "https://{}/", "http://{}:80/", "http:\\\\{}/", "http:/{}/"])
async def test_nothing_of_the_own_network_is_dialled(clear: Outward, internet: Internet, form: str) -> None:
    for host in OWN:
        with pytest.raises((OSError, ValueError, ClientError)):
            await _ask(clear, form.format(host))
        assert internet.dialled == [] and all(map(is_public_name, internet.looked_up)), host


LONG_NAMES = (
    "字" * 64,
    f"{'字' * 64}.example.org",
    f"{'字.' * 127}org",
    "字" * 1_900,
    f"xn--{'a' * 1_900}.org",
)


@pytest.mark.parametrize("form", ["http://{}/", "//{}", "HTTP://ann@{}:80/x?y", " http:\t//{}"])
def test_a_name_that_the_dns_can_not_know_is_not_written_for_it(form: str) -> None:
    """That takes the square of its length, on the loop."""
    before = yarl.cache_info()["idna_encode"]
    for name in LONG_NAMES:
        with pytest.raises(ValueError, match="too long"):
            safe_http_client.parse_relative(form.format(name))
    assert yarl.cache_info()["idna_encode"] == before


@pytest.mark.parametrize("dot", [".", "。", "．", "｡"])
def test_the_longest_labels(dot: str) -> None:
    assert safe_http_client.parse(f"http://{dot.join(['x' * 63] * 3)}{dot}bücher/").raw_host == (
        ".".join(["x" * 63] * 3) + ".xn--bcher-kva"
    )


@pytest.mark.parametrize("row", [*SPECIAL_4, *SPECIAL_6])
async def test_every_row_of_the_table_is_checked_where_it_is_dialled(
    clear: Outward, internet: Internet, row: str
) -> None:
    internet.names["rebind.example.org"] = [row.partition("/")[0]]
    with pytest.raises(NotPublic):
        await _ask(clear, "http://rebind.example.org/")
    assert len(internet.refused) == 1 and internet.dialled == []


@pytest.mark.parametrize("port", [0, 22, 25, 8080, 65_535])
async def test_only_its_ports(clear: Outward, internet: Internet, port: int) -> None:
    with pytest.raises(NotPublic):
        await _ask(clear, f"http://{SOMEWHERE}:{port}/")
    assert internet.dialled == []


@pytest.mark.parametrize("scheme", ["http", "ftp", "file", "ws", "unix", "tcp", "javascript"])
async def test_only_its_schemes(internet: Internet, scheme: str) -> None:
    client = Outward(SECURE, lambda port: True)
    with pytest.raises((NotPublic, ValueError)):
        await _ask(client, f"{scheme}://{SOMEWHERE}:443/")
    await client.close()
    assert internet.dialled == []


@pytest.mark.parametrize(
    ("answers", "dialled"),
    [
        (["127.0.0.1"], []),
        (["::1", "10.0.0.1", "::ffff:192.168.0.1"], []),
        (["10.0.0.1", SOMEWHERE], [SOMEWHERE]),
        ([SOMEWHERE, "10.0.0.1"], [SOMEWHERE]),
        (["nonsense"], []),
        ([], []),
    ],
)
async def test_what_a_name_resolves_to(
    clear: Outward, internet: Internet, answers: list[str], dialled: list[str]
) -> None:
    internet.names["rebind.example.org"] = answers
    with pytest.raises((OSError, ClientError)):
        await _ask(clear, "http://rebind.example.org/")
    assert {host for host, _ in internet.dialled} == set(dialled)


async def test_a_name_that_resolves_to_something_else_later(clear: Outward, internet: Internet) -> None:
    """Also while aiohttp remembers what it was: each connection is looked at."""
    async with internet.website("rebind.example.org", _site()):
        assert await _ask(clear, "http://rebind.example.org/") == b"here"
        internet.networks = ["93.184.216.0/24"]
        with pytest.raises(NotPublic):
            await _ask(clear, "http://rebind.example.org/")
    assert internet.dialled == [(SOMEWHERE, 80)]


async def test_names_of_the_own_network_are_not_looked_up(clear: Outward, internet: Internet) -> None:
    """Its name servers and its domains hear nothing: a dot ends the name."""
    for host in ("localhost", "printer.local", "wiki", "db.internal", "%31.example.org", "0x7f.1"):
        with pytest.raises((OSError, ClientError)):
            await _ask(clear, f"http://{host}/")
    assert internet.looked_up == []
    with pytest.raises((OSError, ClientError)):
        await _ask(clear, "http://wiki.example/")
    with pytest.raises((OSError, ClientError)):
        await _ask(clear, "http://wiki.example.org/")
    assert internet.looked_up == ["wiki.example.org."]


@pytest.mark.parametrize("form", [SOMEWHERE, f"[64:ff9b::{SOMEWHERE}]", f"[::ffff:{SOMEWHERE}]"])
async def test_own_public_addresses_are_own(clear: Outward, internet: Internet, form: str) -> None:
    """The server's, those of a network that it stands in, and those that its owner has named."""
    named: list[str] = []
    client = Outward(CLEAR_TOO, lambda port: True, lambda: named)
    for own, networks, closed in (
        ([SOMEWHERE], [], []),
        ([], ["93.184.216.0/24"], []),
        ([], [], ["93.184.0.0/16"]),
    ):
        internet.own, internet.networks, named[:] = set(own), list(networks), closed
        with pytest.raises(NotPublic):
            await _ask(client, f"http://{form}/")
    assert internet.dialled == []
    internet.own, internet.networks, named[:] = set(), [], []
    with pytest.raises((OSError, ClientError)):
        await _ask(client, f"http://{form}/")
    assert len(internet.dialled) == 1, "where it is nobody's own it is dialled"
    await client.close()


async def test_what_is_opened_is_as_narrow_as_it_is_written(internet: Internet) -> None:
    opened = ["10.1.2.3", "fd00::/64"]
    client = Outward(CLEAR_TOO, lambda port: port >= 1024, opened=lambda: opened)
    internet.names |= {"bot": ["10.1.2.3"], "db": ["10.1.2.4"]}
    for host in ("bot:8080", "10.1.2.3:8080", "[::ffff:10.1.2.3]:8080", "[fd00::7]:8080"):
        with pytest.raises((OSError, ClientError)):
            await _ask(client, f"http://{host}/")
    assert len(internet.dialled) == 4
    for host in ("bot:22", "db:8080", "10.1.2.4:8080", "[fd00:1::7]:8080", "[64:ff9b::10.1.2.3]:8080"):
        with pytest.raises(NotPublic):
            await _ask(client, f"http://{host}/")
    opened.clear()
    with pytest.raises(NotPublic):
        await _ask(client, "http://10.1.2.3:8080/")
    assert len(internet.dialled) == 4
    await client.close()


async def test_few_names_are_looked_up_at_once(
    clear: Outward, internet: Internet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each waits in a thread of the system, for as long as somebody's name server likes."""
    never, under_way = asyncio.Event(), []

    async def look_up(name: str, port: int, family: int) -> list[object]:
        under_way.append(name)
        await never.wait()
        return []

    monkeypatch.setattr(safe_http_client, "look_up", look_up)
    resolver = safe_http_client._Resolver(lambda: False)
    tasks = [
        asyncio.ensure_future(resolver.resolve(f"n{number}.example.org"))
        for number in range(safe_http_client.LOOKUPS_WAITING_MAX + 5)
    ]
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    assert len(under_way) == safe_http_client.LOOKUPS_MAX and len(done) == 5
    assert all(isinstance(task.exception(), OSError) for task in done)
    never.set()
    await asyncio.wait(tasks)
    assert len(under_way) == safe_http_client.LOOKUPS_WAITING_MAX


# How it asks


def _site(answer: Callable[[web.Request], web.StreamResponse] | None = None) -> web.Application:
    async def handle(request: web.Request) -> web.StreamResponse:
        return answer(request) if answer else web.Response(text="here")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    return app


async def test_nothing_of_the_environment_is_used(
    clear: Outward, internet: Internet, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No proxy, no password, and no cookie comes back."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    netrc = tmp_path / "netrc"
    netrc.write_text("machine example.org login ann password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    seen: list[dict[str, str]] = []

    def answer(request: web.Request) -> web.Response:
        seen.append({name.lower(): value for name, value in request.headers.items()})
        found = web.Response(text="here")
        found.set_cookie("track", "1")
        return found

    async with internet.website("example.org", _site(answer)):
        for _ in range(2):
            assert await _ask(clear, "http://example.org/") == b"here"
    assert internet.dialled == [(SOMEWHERE, 80)] * 2, "each is dialled anew"
    assert all(not {"cookie", "authorization", "proxy-authorization"} & set(headers) for headers in seen)


async def test_no_redirect_is_followed(clear: Outward, internet: Internet) -> None:
    site = _site(lambda request: web.Response(status=302, headers={"Location": "http://127.0.0.1/"}))
    async with internet.website("example.org", site) as base, clear.ask(HTTPMethod.GET, base, {}) as answer:
        assert answer.status == 302
    assert len(internet.dialled) == 1


def test_nobody_else_makes_such_clients() -> None:
    package = Path(hubbub.__file__).parent
    made = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if re.search(r"\b(ClientSession|TCPConnector|urlopen)\b", path.read_text("utf-8"))
    }
    assert made == {"web/safe_http_client.py"}


# What comes back


class Tap:
    """Raw bytes as an answer; what follows the beginning comes for ever, if wanted."""

    def __init__(self, head: str, body: bytes, endless: bool = False, begin: bytes = b"") -> None:
        self.head, self.body, self.endless, self.begin = head, body, endless, begin

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(f"HTTP/1.1 200 OK\r\n{self.head}\r\n".encode() + self.begin + self.body)
            if not self.body:
                await reader.read()
            while self.endless:
                await writer.drain()
                writer.write(self.body)
        except OSError:
            pass
        finally:
            writer.close()


async def _through(client: Outward, internet: Internet, tap: Tap, bytes_max: int) -> bytes:
    server = await asyncio.start_server(tap.serve, "127.0.0.1", 0)
    internet.names["example.org"] = [SOMEWHERE]
    internet.ports[SOMEWHERE, 80] = server.sockets[0].getsockname()[1]
    try:
        return await _ask(client, "http://example.org/", bytes_max)
    finally:
        server.close()


PACKED = "Content-Encoding: gzip\r\n"


@pytest.mark.parametrize(
    "head", ["", PACKED, "Content-Encoding: x-gzip\r\n", "Content-Encoding: identity\r\n"]
)
async def test_an_answer_is_unpacked(clear: Outward, internet: Internet, head: str) -> None:
    body = gzip.compress(b"words " * 100) if "gzip" in head else b"words " * 100
    tap = Tap(f"{head}Content-Length: {len(body)}\r\n", body)
    assert await _through(clear, internet, tap, 1_000) == b"words " * 100


async def test_what_inflates_costs_no_more_than_its_limit(
    clear: Outward, internet: Internet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes out is counted: no call gives more than what is still wanted."""
    given: list[int] = []
    real = zlib.decompressobj

    class Counted:
        def __init__(self, bits: int) -> None:
            self._inner = real(bits)

        @property
        def eof(self) -> bool:
            return self._inner.eof

        def decompress(self, chunk: bytes, most: int) -> bytes:
            assert most > 0, "0 would be without limit"
            found = self._inner.decompress(chunk, most)
            given.append(len(found))
            return found

    monkeypatch.setattr(zlib, "decompressobj", Counted)
    bomb = gzip.compress(bytes(64_000_000))
    found = await _through(clear, internet, Tap(f"{PACKED}Content-Length: {len(bomb)}\r\n", bomb), 10_000)
    assert found == bytes(10_000) and sum(given) == 10_000


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", b"x" * 4_096),
        ("Transfer-Encoding: chunked\r\n", b"1000\r\n" + b"x" * 4_096 + b"\r\n"),
    ],
)
async def test_what_never_ends_is_not_waited_for(
    clear: Outward, internet: Internet, head: str, body: bytes
) -> None:
    tap = Tap(head, body, endless=True)
    assert await _through(clear, internet, tap, 10_000) == b"x" * 10_000


async def test_nor_what_is_packed_and_holds_nothing(clear: Outward, internet: Internet) -> None:
    """Empty blocks: much goes in, and nothing ever comes out."""
    begin = zlib.compressobj(wbits=zlib.MAX_WBITS | 16).flush(zlib.Z_FULL_FLUSH)
    tap = Tap(PACKED, b"\0\0\0\xff\xff" * 1_000, endless=True, begin=begin)
    assert await _through(clear, internet, tap, 10_000) == b""


@pytest.mark.parametrize(
    "packing", ["br", "zstd", "deflate", "gzip, gzip", "gzip;q=1", "compress", "x" * 1_000]
)
async def test_what_nobody_asked_for_is_not_unpacked(
    clear: Outward, internet: Internet, packing: str
) -> None:
    with pytest.raises(ValueError):
        await _through(
            clear, internet, Tap(f"Content-Encoding: {packing}\r\nContent-Length: 4\r\n", b"abcd"), 100
        )


async def test_nor_what_is_broken(clear: Outward, internet: Internet) -> None:
    with pytest.raises(ValueError):
        await _through(clear, internet, Tap(f"{PACKED}Content-Length: 4\r\n", b"abcd"), 100)


@pytest.mark.parametrize(
    "head",
    ["X: " + "x" * 10_000 + "\r\n", "X: x\r\n" * 1_000, "x" * 10_000 + ": x\r\n", "no header\r\n", "\0\r\n"],
)
async def test_heads_that_are_none(clear: Outward, internet: Internet, head: str) -> None:
    with pytest.raises((ClientError, ValueError)):
        await _through(clear, internet, Tap(f"{head}Content-Length: 4\r\n", b"abcd"), 100)


async def test_who_never_answers(internet: Internet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_http_client, "SECONDS", ClientTimeout(total=0.05))
    client = Outward(CLEAR_TOO, lambda port: True)
    for tap in (Tap("", b""), Tap("Content-Length: 5\r\n", b"")):
        with pytest.raises((TimeoutError, ClientError)):
            await _through(client, internet, tap, 100)
    await client.close()


async def test_no_other_machine_chooses_a_costly_key_exchange(clear: Outward, internet: Internet) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text="page")

    app = web.Application()
    app.router.add_get("/", page)
    async with internet.website("costly.example.org", app, secure=True) as base:
        assert await _ask(clear, f"{base}/") == b"page"
        assert internet.tls is not None and set_groups(internet.tls, b"ffdhe2048")
        with pytest.raises(ClientError):
            await _ask(clear, f"{base}/")


async def _before(client: Outward, internet: Internet, before: bytes, endless: bool) -> bytes:
    """What comes of an answer before which others come."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(before)
            while endless:
                await writer.drain()
                writer.write(before)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate")
        except OSError:
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        internet.ports[SOMEWHERE, 80] = server.sockets[0].getsockname()[1]
        return await _ask(client, f"http://{SOMEWHERE}/")


async def test_what_only_says_that_an_answer_comes(clear: Outward, internet: Internet) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    assert await _before(clear, internet, early * 3, endless=False) == b"late"


@pytest.mark.parametrize("endless", [True, False])
async def test_answers_that_come_without_end_are_not_read(
    clear: Outward, internet: Internet, endless: bool
) -> None:
    """They kept the event loop busy for as long as a request may last."""
    with pytest.raises(ClientError):
        await _before(clear, internet, b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000, endless)
