"""What links lead to: looked up by the server, never in its own network, whatever pages say or lead on to."""

import asyncio
import gzip
import io
from collections.abc import AsyncIterator, Callable
from html import escape
from typing import Any
from urllib.parse import quote

import pytest
import yarl
from aiohttp import ClientResponse, web
from aiohttp.helpers import parse_content_type
from PIL import Image

from hubbub.web import previews, safe_http_client
from hubbub.web.preview_queue import AT_ONCE_A_PERSON_MAX
from tests.server_harness import ServerHarness
from tests.web.fake_internet import OWN, SOMEWHERE, Internet, serving
from tests.web.http_client import Answer, HttpClient
from tests.web.test_api import member


def _picture() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(data, "PNG")
    return data.getvalue()


class Elsewhere:
    """Another machine's website."""

    def __init__(self) -> None:
        self.base = ""
        self.pages: dict[str, web.Response] = {}
        self.asked: list[str] = []

    def page(self, path: str, html: str, kind: str = "text/html") -> str:
        self.pages[path] = web.Response(text=html, content_type=kind)
        return f"{self.base}{path}"

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        found = self.pages.get(request.path, web.Response(status=404))
        return web.Response(body=found.body, status=found.status, headers=dict(found.headers))


@pytest.fixture
async def elsewhere(internet: Internet) -> AsyncIterator[Elsewhere]:
    elsewhere, app = Elsewhere(), web.Application()
    app.router.add_get("/{path:.*}", elsewhere.handle)
    async with internet.website("violins.example.org", app) as elsewhere.base:
        yield elsewhere


@pytest.fixture
async def ann(harness: ServerHarness, new_client: Callable[..., HttpClient]) -> HttpClient:
    return await member(harness, "ann", new_client)


async def _look(client: HttpClient, url: str) -> Answer:
    return await client.post("/api/v1/preview", {"url": url})


NOTHING = {"title": "", "description": "", "site": "", "picture": ""}


async def test_a_page_and_its_picture(ann: HttpClient, elsewhere: Elsewhere) -> None:
    elsewhere.pages["/p.png"] = web.Response(body=_picture(), content_type="image/png")
    url = elsewhere.page(
        "/violins",
        '<title>other</title><meta property="og:title" content="Old &amp; new violins">'
        '<meta property="og:description" content="How\n they sound"><meta property="og:site_name" content="Strings">'
        '<meta property="og:image" content="/p.png">',
    )
    found = (await _look(ann, url)).json
    assert (found["title"], found["description"], found["site"]) == (
        "Old & new violins",
        "How they sound",
        "Strings",
    )
    picture = await ann.get(found["picture"])
    assert picture.status == 200 and picture.headers["content-type"] == "image/webp"
    with Image.open(io.BytesIO(picture.body)) as small:
        assert small.width <= 720
    assert (await _look(ann, url)).json == found
    assert elsewhere.asked == ["/violins", "/p.png"], "asked once"


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>A title</title>", "A title"),
        ("<title> A\n title </title><title>x</title>", "A title"),
        ("<svg><title>A</title></svg>", "A"),
        ("<title>\u202eevil\x1b[31m</title>", "evil[31m"),
        ("<title>" + "é" * 300 + "</title>", "é" * 100),
        ("<title></title><meta name=description content=x>", ""),
        ("not html at all", ""),
        ("", ""),
        ("<" * 10_000, ""),
        ("<meta property=og:title>", ""),
    ],
)
async def test_what_pages_say(ann: HttpClient, elsewhere: Elsewhere, html: str, title: str) -> None:
    assert (await _look(ann, elsewhere.page("/x", html))).json["title"] == title


async def test_in_other_letters(ann: HttpClient, elsewhere: Elsewhere) -> None:
    latin = web.Response(
        body="<title>Gebäude</title>".encode("latin-1"),
        headers={"Content-Type": "text/html; charset=latin-1"},
    )
    elsewhere.pages["/l"] = latin
    assert (await _look(ann, f"{elsewhere.base}/l")).json["title"] == "Gebäude"
    elsewhere.pages["/n"] = web.Response(
        body=b"<title>x</title>", headers={"Content-Type": "text/html; charset=nonsense"}
    )
    assert (await _look(ann, f"{elsewhere.base}/n")).status == 200


async def test_what_is_no_page(ann: HttpClient, elsewhere: Elsewhere) -> None:
    for kind in ("application/pdf", "image/png", "text/plain", "application/octet-stream"):
        assert (await _look(ann, elsewhere.page(f"/{kind}", "<title>x</title>", kind))).json == NOTHING
    assert (await _look(ann, f"{elsewhere.base}/missing")).json == NOTHING


async def test_where_it_leads_on(ann: HttpClient, elsewhere: Elsewhere) -> None:
    end = elsewhere.page("/end", "<title>The end</title>")
    elsewhere.pages["/a"] = web.Response(status=302, headers={"Location": "/b"})
    elsewhere.pages["/b"] = web.Response(status=301, headers={"Location": end})
    elsewhere.pages["/loop"] = web.Response(status=302, headers={"Location": "/loop"})
    elsewhere.pages["/file"] = web.Response(status=302, headers={"Location": "file:///etc/passwd"})
    elsewhere.pages["/port"] = web.Response(status=302, headers={"Location": "http://127.0.0.1:22/"})
    assert (await _look(ann, f"{elsewhere.base}/a")).json["title"] == "The end"
    for path in ("/loop", "/file", "/port"):
        assert (await _look(ann, elsewhere.base + path)).json == NOTHING
    assert elsewhere.asked.count("/loop") == previews.REDIRECTS_MAX + 1


async def test_a_page_without_an_end(
    ann: HttpClient, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "PAGE_BYTES_MAX", 1_000)
    url = elsewhere.page(
        "/long", "<title>Long</title>" + "x" * 100_000 + "<meta property=og:title content=late>"
    )
    assert (await _look(ann, url)).json["title"] == "Long"


async def test_what_is_beyond_a_limit_is_not_taken(
    ann: HttpClient, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither of a page nor of a picture; also where it is packed."""
    read: list[int] = []
    real = safe_http_client.read

    async def count(answer: ClientResponse, bytes_max: int) -> bytes:
        found = await real(answer, bytes_max)
        read.append(len(found))
        return found

    monkeypatch.setattr(safe_http_client, "read", count)
    monkeypatch.setattr(previews, "PAGE_BYTES_MAX", 1_000)
    monkeypatch.setattr(previews, "PICTURE_BYTES_MAX", 2_000)
    packed = {"Content-Encoding": "gzip", "Content-Type": "text/html"}
    page = b"<title>Long</title><meta property=og:image content=/p.png>" + bytes(50_000_000)
    elsewhere.pages["/long"] = web.Response(body=gzip.compress(page), headers=packed)
    elsewhere.pages["/p.png"] = web.Response(body=_picture() + bytes(5_000), content_type="image/png")
    found = (await _look(ann, f"{elsewhere.base}/long")).json
    assert (found["title"], found["picture"]) == ("Long", "") and read == [1_000, 2_001]


async def test_a_link_that_leads_nowhere_for_ever(
    ann: HttpClient, internet: Internet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that never answers ends; a picture that does so leaves what the page has said."""
    monkeypatch.setattr(previews, "SECONDS_MAX", 0.3)
    never = asyncio.Event()

    async def handle(request: web.Request) -> web.StreamResponse:
        if request.path == "/page":
            text = "<title>Slow</title><meta property=og:image content=/p.png>"
            return web.Response(text=text, content_type="text/html")
        answer = web.StreamResponse(headers={"Content-Type": "text/html"})
        await answer.prepare(request)
        await answer.write(b"<title>Never</title>")
        await never.wait()
        return answer

    app = web.Application()
    app.router.add_get("/{path:.*}", handle)
    async with internet.website("slow.example.org", app) as base:
        assert (await _look(ann, f"{base}/never")).json == NOTHING
        found = (await _look(ann, f"{base}/page")).json
        assert (found["title"], found["picture"]) == ("Slow", "")
        never.set()


async def test_nobody_has_all_the_turns(
    ann: HttpClient, harness: ServerHarness, new_client: Callable[..., HttpClient], internet: Internet
) -> None:
    """Somebody's slow links leave room for others' links."""
    bob = await member(harness, "bob", new_client)
    never, asked = asyncio.Event(), asyncio.Queue[str]()

    async def handle(request: web.Request) -> web.StreamResponse:
        asked.put_nowait(request.path)
        if request.path != "/quick":
            await never.wait()
        return web.Response(text="<title>Here</title>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/{path:.*}", handle)
    async with internet.website("slow.example.org", app) as base:
        slow = [asyncio.ensure_future(_look(ann, f"{base}/{number}")) for number in range(12)]
        for _ in range(AT_ONCE_A_PERSON_MAX):
            await asked.get()
        assert (await _look(bob, f"{base}/quick")).json["title"] == "Here"
        assert asked.get_nowait() == "/quick" and asked.empty()
        never.set()
        assert all(answer.json["title"] == "Here" for answer in await asyncio.gather(*slow))


async def test_a_picture_that_is_none(ann: HttpClient, elsewhere: Elsewhere) -> None:
    elsewhere.pages["/p.png"] = web.Response(body=b"<script>", content_type="image/png")
    url = elsewhere.page("/x", "<title>x</title><meta property=og:image content=/p.png>")
    found = (await _look(ann, url)).json
    assert found["title"] == "x" and found["picture"] == ""


OWN_URLS = (
    *(f"http://{host}/" for host in OWN),
    *(
        "http://169.254.169.254/latest/meta-data",
        "http://user:pw@violins.example.org/",
        "https:///x",
        "http://",
    ),
    *(
        "http://violins.example.org:22/",
        "http://violins.example.org:0/",
        "http://violins.example.org:８０８０/",
    ),
)


async def test_never_in_the_own_network(ann: HttpClient, harness: ServerHarness, internet: Internet) -> None:
    """However it is written: the answer is as for nothing, and nothing is dialled."""
    for url in OWN_URLS:
        harness.now_ms += 2_000  # Not too fast.
        answer = await _look(ann, url)
        assert answer.status == 422 or (answer.status == 200 and answer.json == NOTHING), url
        assert internet.dialled == [], url


async def test_nor_where_a_page_leads(
    ann: HttpClient, harness: ServerHarness, elsewhere: Elsewhere, internet: Internet
) -> None:
    """By a redirect, or as its picture."""
    for number, url in enumerate(OWN_URLS):
        harness.now_ms += 2_000  # Not too fast.
        elsewhere.pages[f"/{number}"] = web.Response(
            status=302, headers={"Location": quote(url, safe="/:@[]\\.%")}
        )
        meta = f'<meta property="og:image" content="{escape(url)}">'
        page = elsewhere.page(f"/page{number}", f"<title>A page</title>{meta}")
        assert (await _look(ann, f"{elsewhere.base}/{number}")).json == NOTHING, url
        found = (await _look(ann, page)).json
        assert (found["title"], found["picture"]) == ("A page", ""), url
        assert set(internet.dialled) == {(SOMEWHERE, 80)}, url


@pytest.mark.parametrize("digits", ["１２７.0.0.1", "①②⑦.⓪.⓪.①", "𝟏𝟐𝟕.0.0.1", "127。0。0。1"])
async def test_not_even_where_somebody_listens(ann: HttpClient, digits: str) -> None:
    """Nothing stands for the Internet here: a page on this machine is not found by another spelling."""
    asked: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(text="<title>Mine</title>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/", handle)
    async with serving(app) as base:
        port = int(base.rpartition(":")[2])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(previews, "PORTS", (port,))
            assert (await _look(ann, f"http://{digits}:{port}/")).json == NOTHING
    assert asked == []


async def test_only_who_is_in(harness: ServerHarness, new_client: Callable[..., HttpClient]) -> None:
    assert (await _look(new_client(), "https://example.org/")).status == 401


@pytest.mark.parametrize("harness", [{"web.previews": False}], indirect=True)
async def test_where_it_is_switched_off(
    harness: ServerHarness, new_client: Callable[..., HttpClient]
) -> None:
    ann = await member(harness, "ann", new_client)
    answer = await _look(ann, "https://example.org/")
    assert (answer.status, answer.error) == (403, "Link previews are off on this server.")
    assert (await ann.get("/api/v1/place")).json["previews"] is False


async def test_not_too_fast(ann: HttpClient, elsewhere: Elsewhere) -> None:
    url = elsewhere.page("/x", "<title>x</title>")
    answers = [await _look(ann, url) for _ in range(previews.BURST_ASKS + 1)]
    assert answers[0].status == 200 and answers[-1].status == 429
    assert answers[-1].error.startswith("You are looking up links too fast.")


async def test_what_somebody_said_stands_in_no_address(ann: HttpClient) -> None:
    """Proxies write addresses down."""
    assert (await ann.get("/api/v1/preview?url=https%3A%2F%2Fx.org%2Fsecret")).status == 405


@pytest.mark.parametrize("url", ["", "ftp://x.org", "javascript:alert(1)", "x", "https://" + "x" * 2_000])
async def test_what_is_no_link(ann: HttpClient, url: str) -> None:
    assert (await _look(ann, url)).status == 422


async def test_a_name_too_long_for_the_dns(ann: HttpClient, elsewhere: Elsewhere) -> None:
    """In a link, in a redirect, and as the address of a picture."""
    long = f"http://{'字' * 600}.org/"
    elsewhere.pages["/moved"] = web.Response(status=302, headers={"Location": quote(long, safe="/:")})
    page = elsewhere.page("/page", f'<title>A page</title><meta property="og:image" content="{long}">')
    before = yarl.cache_info()["idna_encode"]
    assert (await _look(ann, long)).json == NOTHING
    assert (await _look(ann, f"{elsewhere.base}/moved")).json == NOTHING
    assert (await _look(ann, page)).json == {**NOTHING, "title": "A page", "site": "violins.example.org"}
    assert yarl.cache_info()["idna_encode"] == before


@pytest.mark.parametrize(
    "kind", ["text/html" + ";" * 7_000, "text/html; " + "(" * 7_000, "Text/HTML ; charset=UTF-8; x"]
)
async def test_a_long_kind_of_page(
    ann: HttpClient, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Read in steps that grow as it does: aiohttp's own reading takes their square."""

    def short(header: str) -> Any:
        assert len(header) < 200, "another machine's header is read by aiohttp"
        return parse_content_type(header)

    url = elsewhere.page("/", "<title>violins</title>")
    elsewhere.pages["/"].headers["Content-Type"] = kind
    monkeypatch.setattr("aiohttp.helpers.parse_content_type", short)
    assert (await _look(ann, url)).json["title"] == "violins"
