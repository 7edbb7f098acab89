"""Previews of links: a title, a few words and a small picture, looked up by the server for all of its readers."""

import asyncio
import contextlib
import logging
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from http import HTTPMethod, HTTPStatus
from pathlib import Path
from typing import Annotated, Final

import msgspec
from aiohttp import ClientError, ClientResponse, web
from yarl import URL

from hubbub.addresses import count_key
from hubbub.bounded import Bounded
from hubbub.engine.state import Scope
from hubbub.node.limits import Bucket
from hubbub.text import clean, cut
from hubbub.web import safe_http_client
from hubbub.web.content_type import charset, media_type
from hubbub.web.errors import NODE, Failure, gone_of, peer_of
from hubbub.web.html_head import decode, read_head
from hubbub.web.long_answers import LITTLE_BYTES
from hubbub.web.media_types import THUMBNAILED, kind_of
from hubbub.web.operation import Call, Operation
from hubbub.web.picture_jobs import Thumbnails
from hubbub.web.preview_queue import Asker, Lookups
from hubbub.web.rate_limits import Paces
from hubbub.web.safe_http_client import CLEAR_TOO, Outward

log = logging.getLogger("hubbub")

FOLDER: Final = "previews"
PAGE_BYTES_MAX: Final = 512_000
PICTURE_BYTES_MAX: Final = 4_000_000
REDIRECTS_MAX: Final = 4
SECONDS_MAX: Final = 15
"""Of one link with all that it leads on to; the same again of its picture."""
KNOWN_MAX: Final = 1_000
"""The most links that are remembered, with their pictures."""
KEPT_SECONDS: Final = 86_400.0
FAILED_SECONDS: Final = 600.0
ASKS_A_SECOND: Final = 2
BURST_ASKS: Final = 60
NEW_LINKS_A_SECOND: Final = 4
BURST_NEW_LINKS: Final = 120
"""The burst of new links from one address: guests reconnect, each with a new pace of their own."""
TITLE_BYTES: Final = 200
WORDS_BYTES: Final = 400
PORTS: Final = (80, 443)

_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})


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


def _drop_picture(known: _Known) -> None:
    if known.picture:
        known.picture.unlink(missing_ok=True)


class Previews:
    """Looks up each link once in a while, a few at the same time. `clock` gives seconds, and only grows."""

    def __init__(
        self, folder: Path, thumbnails: Thumbnails, client: Outward, clock: Callable[[], float]
    ) -> None:
        self.folder = folder
        self.thumbnails = thumbnails
        self.client = client
        self.lookups = Lookups(self._look_up)
        self._clock = clock
        self._known: Bounded[str, _Known] = Bounded(KNOWN_MAX, _drop_picture)
        self._paces = Paces()

    async def of(self, url: str, asker: Asker, gone: asyncio.Future[None]) -> Preview | None:
        """None where there is nothing to show. Raises Failure where too much is asked, ConnectionError once `gone`."""
        now = self._clock()
        pace = Bucket(ASKS_A_SECOND, BURST_ASKS, now)
        self._paces.keep(asker.person, pace, now, "You are looking up links too fast.")
        known = self._known.get(url)
        if known and now < known.until:
            return known.preview
        if not asker.is_exempt and not self.lookups.is_asked(url):
            pace = Bucket(NEW_LINKS_A_SECOND, BURST_NEW_LINKS, now)
            self._paces.keep(asker.address, pace, now, "Your address is looking up too many links.")
        return await self.lookups.ask(url, asker, gone)

    async def _look_up(self, url: str) -> Preview | None:
        found, picture = None, None
        with contextlib.suppress(ClientError, OSError, TimeoutError, ValueError):
            found, picture = await self._fetch(url)
        until = self._clock() + (KEPT_SECONDS if found else FAILED_SECONDS)
        self._known[url] = _Known(until, found, picture)
        return found

    async def _fetch(self, url: str) -> tuple[Preview | None, Path | None]:
        async with asyncio.timeout(SECONDS_MAX):
            preview, address = await self._page(url)
        picture = None
        if preview and address:
            with contextlib.suppress(ClientError, OSError, TimeoutError, ValueError):
                picture = await self._picture(address)
        if preview and picture:
            preview.picture = f"/files/preview/{picture.name}"
        return preview, picture

    async def _page(self, url: str) -> tuple[Preview | None, URL | None]:
        """A page's description of itself, and its picture's address."""
        async with self._get(safe_http_client.parse(url), "text/html") as answer:
            if answer is None or media_type(answer.headers.get("Content-Type")) not in _PAGES:
                return None, None
            encoding = charset(answer.headers.get("Content-Type"))
            page = decode(await safe_http_client.read(answer, PAGE_BYTES_MAX), encoding)
            base = answer.url
        said = read_head(page)
        title = _first(said, TITLE_BYTES, "og:title", "twitter:title", "title")
        if not title:
            return None, None
        words = _first(said, WORDS_BYTES, "og:description", "twitter:description", "description")
        site = _first(said, TITLE_BYTES, "og:site_name") or base.raw_host or ""
        picture = said.get("og:image") or said.get("og:image:url") or said.get("twitter:image")
        with contextlib.suppress(ValueError):
            return Preview(title, words, site), _joined(base, picture) if picture else None
        return Preview(title, words, site), None

    async def _picture(self, url: URL) -> Path | None:
        async with asyncio.timeout(SECONDS_MAX), self._get(url, "image/*") as answer:
            content = await safe_http_client.read(answer, PICTURE_BYTES_MAX + 1) if answer else b""
        if not content or len(content) > PICTURE_BYTES_MAX or kind_of(content[:4096]) not in THUMBNAILED:
            return None
        making = asyncio.ensure_future(self._shrink(content))
        try:
            # What is asked of the process that makes them is not taken back.
            return await asyncio.shield(making)
        except asyncio.CancelledError:
            making.add_done_callback(_drop)
            raise

    async def _shrink(self, content: bytes) -> Path | None:
        """Its small form, under a name that no other link's picture has: it goes with the link."""
        name = secrets.token_hex(16)
        whole, small = self.folder / f"{name}.part", self.folder / f"{name}.webp"
        await asyncio.to_thread(whole.write_bytes, content)
        try:
            return small if await self.thumbnails.make(whole, small, FOLDER) else None
        finally:
            await asyncio.to_thread(whole.unlink, missing_ok=True)

    @contextlib.asynccontextmanager
    async def _get(self, url: URL, accept: str) -> AsyncIterator[ClientResponse | None]:
        """The answer where a link leads in the end; None if that is nothing good. Each step must be on the Internet."""
        for _ in range(REDIRECTS_MAX + 1):
            if url.raw_user is not None or url.raw_password is not None:
                break
            async with self.client.ask(HTTPMethod.GET, url, {"Accept": accept}) as answer:
                if answer.status == HTTPStatus.OK:
                    yield answer
                    return
                if answer.status not in (301, 302, 303, 307, 308):
                    break
                url = _joined(answer.url, answer.headers.get("Location", ""))
        yield None


PREVIEWS: Final = web.AppKey("previews", Previews)


def _drop(making: asyncio.Task[Path | None]) -> None:
    """Drop a picture that no request awaits."""
    if not making.cancelled() and not making.exception() and (picture := making.result()):
        picture.unlink(missing_ok=True)


def _joined(base: URL, address: str) -> URL:
    """Resolve an address found on a page. Raises ValueError if it is invalid."""
    return base.join(safe_http_client.parse_relative(address))


def _first(said: Mapping[str, str], bytes_max: int, *names: str) -> str:
    """The first of what a page says under these names, on one line."""
    lines = (" ".join(said.get(name, "").split()) for name in names)
    return cut(clean(next(filter(None, lines), "")), bytes_max)[0].strip()


async def look_up(call: Call) -> Preview:
    """Empty where there is nothing to show."""
    node, previews = call.node, call.request.app[PREVIEWS]
    if not node.settings.web.previews:
        raise Failure(HTTPStatus.FORBIDDEN, "Link previews are off on this server.")
    address = peer_of(call.request).address
    asker = Asker(call.who.person, count_key(address), node.limits.exempt.holds(address))
    return await previews.of(call.asked.url, asker, gone_of(call.request)) or Preview()


async def give_picture(request: web.Request) -> web.StreamResponse:
    path = request.app[PREVIEWS].folder / f"{request.match_info['name']}.webp"
    if not await asyncio.to_thread(path.exists):
        raise Failure(HTTPStatus.NOT_FOUND, "There is no such picture.")
    kept = {"Cache-Control": "private, max-age=86400", "Content-Type": "image/webp"}
    headers = {**kept, "Content-Security-Policy": "default-src 'none'; sandbox"}
    return web.FileResponse(path, LITTLE_BYTES, headers=headers)


async def keep_ready(app: web.Application) -> AsyncIterator[None]:
    """As long as the website runs; what was looked up before is looked up again."""
    folder = app[NODE].disk.folder / FOLDER
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    await asyncio.to_thread(folder.mkdir, 0o700, parents=True)
    node = app[NODE]
    client = Outward(CLEAR_TOO, lambda port: port in PORTS, lambda: node.settings.web.own_networks)
    previews = app[PREVIEWS] = Previews(folder, Thumbnails(), client, node.clock.monotonic)
    yield
    await previews.lookups.stop()
    await previews.thumbnails.stop()
    await client.close()


ROUTES: Final = (web.get("/files/preview/{name:[0-9a-f]{32}}.webp", give_picture),)

OPERATIONS: Final = (
    # By POST: the link is what somebody said, and proxies write down the addresses that are asked for.
    Operation("POST", "/api/v1/preview", "Preview a link.", look_up, Preview, Wanted, Scope.CHAT),
)
