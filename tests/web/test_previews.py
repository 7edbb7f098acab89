"""What links lead to: looked up by the server, never in its own network, whatever pages say or lead on to."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from urllib.parse import quote, urlsplit

import pytest
from aiohttp import web
from PIL import Image

from hubbub.web import outward, previews
from tests.house import House
from tests.web.elsewhere import serving
from tests.web.test_api import member
from tests.web.visitor import Answer, Visitor


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
async def elsewhere(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Elsewhere]:
    elsewhere, app = Elsewhere(), web.Application()
    app.router.add_get("/{path:.*}", elsewhere.handle)
    monkeypatch.setattr(outward, "is_public", lambda address: True)
    async with serving(app) as elsewhere.base:
        monkeypatch.setattr(previews, "PORTS", (urlsplit(elsewhere.base).port,))
        yield elsewhere


@pytest.fixture
async def ann(house: House, come: Callable[..., Visitor]) -> Visitor:
    return await member(house, "ann", come)


async def _look(visitor: Visitor, url: str) -> Answer:
    return await visitor.get(f"/api/v1/preview?url={quote(url, safe='')}")


NOTHING = {"title": "", "description": "", "site": "", "picture": ""}


async def test_a_page_and_its_picture(ann: Visitor, elsewhere: Elsewhere) -> None:
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
async def test_what_pages_say(ann: Visitor, elsewhere: Elsewhere, html: str, title: str) -> None:
    assert (await _look(ann, elsewhere.page("/x", html))).json["title"] == title


async def test_in_other_letters(ann: Visitor, elsewhere: Elsewhere) -> None:
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


async def test_what_is_no_page(ann: Visitor, elsewhere: Elsewhere) -> None:
    for kind in ("application/pdf", "image/png", "text/plain", "application/octet-stream"):
        assert (await _look(ann, elsewhere.page(f"/{kind}", "<title>x</title>", kind))).json == NOTHING
    assert (await _look(ann, f"{elsewhere.base}/missing")).json == NOTHING


async def test_where_it_leads_on(ann: Visitor, elsewhere: Elsewhere) -> None:
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
    ann: Visitor, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "PAGE_BYTES_MAX", 1_000)
    url = elsewhere.page(
        "/long", "<title>Long</title>" + "x" * 100_000 + "<meta property=og:title content=late>"
    )
    assert (await _look(ann, url)).json["title"] == "Long"


async def test_a_picture_that_is_none(ann: Visitor, elsewhere: Elsewhere) -> None:
    elsewhere.pages["/p.png"] = web.Response(body=b"<script>", content_type="image/png")
    url = elsewhere.page("/x", "<title>x</title><meta property=og:image content=/p.png>")
    found = (await _look(ann, url)).json
    assert found["title"] == "x" and found["picture"] == ""


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://127.0.0.1/",
            "http://localhost/",
            "http://[::1]/",
            "http://169.254.169.254/latest/meta-data",
        ),
        *("http://0x7f000001/", "http://2130706433/", "http://127.1/", "http://[::ffff:10.0.0.1]/"),
        *("http://user:pw@127.0.0.1/", "http://127.0.0.1:22/", "https:///x", "http://"),
    ],
)
async def test_never_in_the_own_network(
    house: House, come: Callable[..., Visitor], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor by a name: what it resolves to is looked at where it is used."""
    ann = await member(house, "ann", come)
    connected: list[object] = []
    real = asyncio.get_running_loop().create_connection

    async def connect(*arguments: object, **options: object) -> object:
        connected.append(arguments)
        return await real(*arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr("aiohappyeyeballs.start_connection", connect)
    answer = await _look(ann, url)
    assert answer.status in (200, 422) and (answer.status == 422 or answer.json == NOTHING)
    assert connected == [], connected


async def test_only_who_is_in(house: House, come: Callable[..., Visitor]) -> None:
    assert (await _look(come(), "https://example.org/")).status == 401


@pytest.mark.parametrize("house", [{"web.previews": False}], indirect=True)
async def test_where_it_is_switched_off(house: House, come: Callable[..., Visitor]) -> None:
    ann = await member(house, "ann", come)
    assert (await _look(ann, "https://example.org/")).status == 403
    assert (await ann.get("/api/v1/place")).json["previews"] is False


async def test_not_too_fast(ann: Visitor, elsewhere: Elsewhere) -> None:
    url = elsewhere.page("/x", "<title>x</title>")
    answers = [await _look(ann, url) for _ in range(previews.BURST_ASKS + 1)]
    assert answers[0].status == 200 and answers[-1].status == 429


@pytest.mark.parametrize("url", ["", "ftp://x.org", "javascript:alert(1)", "x", "https://" + "x" * 2_000])
async def test_what_is_no_link(ann: Visitor, url: str) -> None:
    assert (await _look(ann, url)).status == 422
