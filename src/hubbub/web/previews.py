"""What a link leads to: a title, a few words and a small picture, looked up by the server for all of its readers."""

import asyncio
import contextlib
import hashlib
import logging
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urljoin, urlsplit

import msgspec
from aiohttp import ClientError, ClientResponse, ClientSession, web

from hubbub.engine.state import Scope
from hubbub.node.limits import Bucket
from hubbub.text import clean, cut
from hubbub.web import outward
from hubbub.web.answers import NODE, Failure
from hubbub.web.kinds import THUMBNAILED, kind_of
from hubbub.web.operation import Call, Operation
from hubbub.web.paces import Paces
from hubbub.web.thumbnails import Thumbnails

log = logging.getLogger("hubbub")

FOLDER: Final = "previews"
PAGE_BYTES_MAX: Final = 512_000
PICTURE_BYTES_MAX: Final = 4_000_000
REDIRECTS_MAX: Final = 4
KNOWN_MAX: Final = 1_000
"""How many links are remembered; their pictures with them."""
KEPT_SECONDS: Final = 86_400.0
FAILED_SECONDS: Final = 600.0
AT_ONCE_MAX: Final = 8
ASKS_A_SECOND: Final = 2
BURST_ASKS: Final = 60
TITLE_BYTES: Final = 200
WORDS_BYTES: Final = 400
PORTS: Final = (80, 443)


class Wanted(msgspec.Struct, forbid_unknown_fields=True):
    url: Annotated[str, msgspec.Meta(pattern="^https?://", max_length=2_000)]


class Preview(msgspec.Struct):
    """Empty texts where the page says nothing of the kind; `picture` is a path on this server."""

    title: str = ""
    description: str = ""
    site: str = ""
    picture: str = ""


@dataclass(slots=True)
class _Known:
    until: float
    preview: Preview | None
    picture: Path | None = None


class _Head(HTMLParser):
    """Reads what a page says of itself; what is no HTML says nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: dict[str, str] = {}
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta":
            name = (given.get("property") or given.get("name") or "").lower()
            self.said.setdefault(name, given.get("content") or "")
        self._in_title = tag == "title" and "title" not in self.said

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.said["title"] = self.said.get("title", "") + data

    def first(self, *names: str) -> str:
        return next(
            (" ".join(self.said[name].split()) for name in names if self.said.get(name, "").strip()), ""
        )


@dataclass(slots=True)
class Previews:
    """Looks up each link once in a while, a few at the same time."""

    folder: Path
    thumbnails: Thumbnails
    client: ClientSession
    known: dict[str, _Known] = field(default_factory=dict)
    asked: dict[str, asyncio.Task[Preview | None]] = field(default_factory=dict)
    paces: Paces = field(default_factory=Paces)
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE_MAX))

    async def of(self, url: str, now: float) -> Preview | None:
        """None where there is nothing to show; `now` in seconds of a clock that only grows."""
        known = self.known.get(url)
        if known and now < known.until:
            return known.preview
        task = self.asked.get(url)
        if task is None:
            task = self.asked[url] = asyncio.get_running_loop().create_task(self._look_up(url, now))
            task.add_done_callback(lambda _: self.asked.pop(url, None))
        return await asyncio.shield(task)

    async def _look_up(self, url: str, now: float) -> Preview | None:
        found, picture = None, None
        async with self._turn:
            with contextlib.suppress(ClientError, OSError, TimeoutError, ValueError):
                found, picture = await self._fetch(url)
        if len(self.known) >= KNOWN_MAX:
            self._forget(next(iter(self.known)))
        self._forget(url)
        self.known[url] = _Known(now + (KEPT_SECONDS if found else FAILED_SECONDS), found, picture)
        return found

    def _forget(self, url: str) -> None:
        known = self.known.pop(url, None)
        if known and known.picture:
            known.picture.unlink(missing_ok=True)

    async def _fetch(self, url: str) -> tuple[Preview | None, Path | None]:
        async with self._get(url, "text/html") as answer:
            if answer is None or answer.content_type not in ("text/html", "application/xhtml+xml"):
                return None, None
            page = await _read(answer, PAGE_BYTES_MAX)
            base = str(answer.url)
            encoding = answer.charset or "utf-8"
        head = _Head()
        with contextlib.suppress(LookupError):
            head.feed(page.decode(encoding, "replace"))
        title = _short(head.first("og:title", "twitter:title", "title"), TITLE_BYTES)
        if not title:
            return None, None
        preview = Preview(
            title,
            _short(head.first("og:description", "twitter:description", "description"), WORDS_BYTES),
            _short(head.first("og:site_name"), TITLE_BYTES) or urlsplit(base).hostname or "",
        )
        picture = None
        if address := head.first("og:image", "og:image:url", "twitter:image"):
            with contextlib.suppress(ClientError, OSError, TimeoutError, ValueError):
                picture = await self._picture(urljoin(base, address))
        if picture:
            preview.picture = f"/files/preview/{picture.name}"
        return preview, picture

    async def _picture(self, url: str) -> Path | None:
        async with self._get(url, "image/*") as answer:
            content = await _read(answer, PICTURE_BYTES_MAX + 1) if answer else b""
        if not content or len(content) > PICTURE_BYTES_MAX or kind_of(content[:4096]) not in THUMBNAILED:
            return None
        name = hashlib.sha256(content).hexdigest()[:32]
        whole, small = self.folder / f"{name}.part", self.folder / f"{name}.webp"
        await asyncio.to_thread(whole.write_bytes, content)
        try:
            return small if await self.thumbnails.make(whole, small) else None
        finally:
            await asyncio.to_thread(whole.unlink, missing_ok=True)

    @contextlib.asynccontextmanager
    async def _get(self, url: str, accept: str) -> AsyncIterator[ClientResponse | None]:
        """The answer where a link leads in the end; None if that is nothing good. Each step must be on the Internet."""
        for _ in range(REDIRECTS_MAX + 1):
            if not _may_be_asked(url):
                break
            outward.check(url)
            async with self.client.get(url, headers={"Accept": accept}, allow_redirects=False) as answer:
                if answer.status == HTTPStatus.OK:
                    yield answer
                    return
                if answer.status not in (301, 302, 303, 307, 308):
                    break
                url = urljoin(url, answer.headers.get("Location", ""))
        yield None


PREVIEWS: Final = web.AppKey("previews", Previews)


def _may_be_asked(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        return False
    return (parts.port or (443 if parts.scheme == "https" else 80)) in PORTS


async def _read(answer: ClientResponse, most: int) -> bytes:
    """The beginning: no page is waited for longer than it takes to say what it is."""
    data = bytearray()
    async for chunk in answer.content.iter_chunked(16_384):
        data += chunk
        if len(data) >= most:
            break
    return bytes(data[:most])


def _short(text: str, bytes_max: int) -> str:
    return cut(clean(text), bytes_max)[0].strip()


async def look_up(call: Call) -> Preview:
    """Empty where there is nothing to show."""
    node, previews = call.node, call.request.app[PREVIEWS]
    if not node.settings.web.previews:
        raise Failure(HTTPStatus.FORBIDDEN, "This server looks up no links.")
    now = node.monotonic()
    fresh = Bucket(ASKS_A_SECOND, BURST_ASKS, now)
    previews.paces.keep(call.who.person, fresh, now, "You look up links too fast.")
    return await previews.of(call.asked.url, now) or Preview()


async def give_picture(request: web.Request) -> web.StreamResponse:
    path = request.app[PREVIEWS].folder / f"{request.match_info['name']}.webp"
    if not await asyncio.to_thread(path.exists):
        raise Failure(HTTPStatus.NOT_FOUND, "There is no such picture.")
    kept = {"Cache-Control": "private, max-age=86400", "Content-Type": "image/webp"}
    return web.FileResponse(path, headers={**kept, "Content-Security-Policy": "default-src 'none'; sandbox"})


async def keep_ready(app: web.Application) -> AsyncIterator[None]:
    """As long as the website runs; what was looked up before is looked up again."""
    folder = app[NODE].loaded.data / FOLDER
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    await asyncio.to_thread(folder.mkdir, 0o700, parents=True)
    previews = app[PREVIEWS] = Previews(folder, Thumbnails(), outward.client())
    yield
    for task in list(previews.asked.values()):
        task.cancel()
    previews.thumbnails.stop()
    await previews.client.close()


ROUTES: Final = (web.get("/files/preview/{name:[0-9a-f]{32}}.webp", give_picture),)

OPERATIONS: Final = (
    Operation("GET", "/api/v1/preview", "What a link leads to.", look_up, Preview, Wanted, Scope.CHAT),
)
