"""What a link leads to: a title, a few words and a small picture, looked up by the server for all of its readers."""

import asyncio
import contextlib
import hashlib
import logging
import shutil
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from http import HTTPMethod, HTTPStatus
from pathlib import Path
from typing import Annotated, Final
from weakref import WeakValueDictionary

import msgspec
from aiohttp import ClientError, ClientResponse, web
from yarl import URL

from hubbub.engine.state import Scope
from hubbub.node.limits import Bucket
from hubbub.text import clean, cut
from hubbub.web import outward
from hubbub.web.answers import NODE, Failure
from hubbub.web.kinds import THUMBNAILED, kind_of
from hubbub.web.operation import Call, Operation
from hubbub.web.outward import CLEAR_TOO, Outward
from hubbub.web.paces import Paces
from hubbub.web.pagehead import decode, read_head
from hubbub.web.picture_jobs import Thumbnails
from hubbub.web.who import asker_of

log = logging.getLogger("hubbub")

FOLDER: Final = "previews"
PAGE_BYTES_MAX: Final = 512_000
PICTURE_BYTES_MAX: Final = 4_000_000
REDIRECTS_MAX: Final = 4
SECONDS_MAX: Final = 15
"""Of one link with all that it leads on to; the same again of its picture."""
KNOWN_MAX: Final = 1_000
"""How many links are remembered; their pictures with them."""
KEPT_SECONDS: Final = 86_400.0
FAILED_SECONDS: Final = 600.0
AT_ONCE_MAX: Final = 8
AT_ONCE_A_PERSON_MAX: Final = 3
"""So that nobody's slow links are all that is looked up."""
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


@dataclass(slots=True)
class Previews:
    """Looks up each link once in a while, a few at the same time."""

    folder: Path
    thumbnails: Thumbnails
    client: Outward
    known: dict[str, _Known] = field(default_factory=dict)
    asked: dict[str, asyncio.Task[Preview | None]] = field(default_factory=dict)
    paces: Paces = field(default_factory=Paces)
    _turns: WeakValueDictionary[int, asyncio.Semaphore] = field(default_factory=WeakValueDictionary)
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE_MAX))

    async def of(self, url: str, person: int, asker: str, now: float) -> Preview | None:
        """None where there is nothing to show; `now` in seconds of a clock that only grows; `asker` takes turns."""
        known = self.known.get(url)
        if known and now < known.until:
            return known.preview
        task = self.asked.get(url)
        if task is None:
            task = self.asked[url] = asyncio.get_running_loop().create_task(
                self._look_up(url, person, asker, now)
            )
            task.add_done_callback(lambda _: self.asked.pop(url, None))
        return await asyncio.shield(task)

    async def _look_up(self, url: str, person: int, asker: str, now: float) -> Preview | None:
        found, picture = None, None
        # The semaphore goes when the last one who waits for it has gone.
        turn_of_person = self._turns.setdefault(person, asyncio.Semaphore(AT_ONCE_A_PERSON_MAX))
        async with turn_of_person, self._turn:
            with contextlib.suppress(ClientError, OSError, TimeoutError, ValueError):
                found, picture = await self._fetch(url, asker)
        if len(self.known) >= KNOWN_MAX:
            self._forget(next(iter(self.known)))
        self._forget(url)
        self.known[url] = _Known(now + (KEPT_SECONDS if found else FAILED_SECONDS), found, picture)
        return found

    def _forget(self, url: str) -> None:
        known = self.known.pop(url, None)
        if known and known.picture:
            known.picture.unlink(missing_ok=True)

    async def _fetch(self, url: str, asker: str) -> tuple[Preview | None, Path | None]:
        async with asyncio.timeout(SECONDS_MAX):
            preview, address = await self._page(url)
        picture = None
        if preview and address:
            with contextlib.suppress(ClientError, OSError, TimeoutError, ValueError):
                picture = await self._picture(address, asker)
        if preview and picture:
            preview.picture = f"/files/preview/{picture.name}"
        return preview, picture

    async def _page(self, url: str) -> tuple[Preview | None, URL | None]:
        """What a page says of itself, and where its picture is."""
        async with self._get(URL(url), "text/html") as answer:
            if answer is None or answer.content_type not in ("text/html", "application/xhtml+xml"):
                return None, None
            page = decode(await outward.read(answer, PAGE_BYTES_MAX), answer.charset)
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

    async def _picture(self, url: URL, asker: str) -> Path | None:
        async with asyncio.timeout(SECONDS_MAX), self._get(url, "image/*") as answer:
            content = await outward.read(answer, PICTURE_BYTES_MAX + 1) if answer else b""
        if not content or len(content) > PICTURE_BYTES_MAX or kind_of(content[:4096]) not in THUMBNAILED:
            return None
        name = hashlib.sha256(content).hexdigest()[:32]
        whole, small = self.folder / f"{name}.part", self.folder / f"{name}.webp"
        await asyncio.to_thread(whole.write_bytes, content)
        try:
            return small if await self.thumbnails.make(whole, small, asker) else None
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


def _joined(base: URL, address: str) -> URL:
    """Where an address leads that stands on a page. Raises ValueError if it is none."""
    return base.join(outward.parse_relative(address))


def _first(said: Mapping[str, str], bytes_max: int, *names: str) -> str:
    """The first of what a page says under these names, on one line."""
    lines = (" ".join(said.get(name, "").split()) for name in names)
    return cut(clean(next(filter(None, lines), "")), bytes_max)[0].strip()


async def look_up(call: Call) -> Preview:
    """Empty where there is nothing to show."""
    node, previews = call.node, call.request.app[PREVIEWS]
    if not node.settings.web.previews:
        raise Failure(HTTPStatus.FORBIDDEN, "This server looks up no links.")
    now = node.monotonic()
    fresh = Bucket(ASKS_A_SECOND, BURST_ASKS, now)
    previews.paces.keep(call.who.person, fresh, now, "You look up links too fast.")
    asker = asker_of(call.request, call.who)
    return await previews.of(call.asked.url, call.who.person, asker, now) or Preview()


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
    node = app[NODE]
    client = Outward(CLEAR_TOO, lambda port: port in PORTS, lambda: node.settings.web.own_networks)
    previews = app[PREVIEWS] = Previews(folder, Thumbnails(), client)
    yield
    for task in list(previews.asked.values()):
        task.cancel()
    await previews.thumbnails.stop()
    await client.close()


ROUTES: Final = (web.get("/files/preview/{name:[0-9a-f]{32}}.webp", give_picture),)

OPERATIONS: Final = (
    Operation("GET", "/api/v1/preview", "What a link leads to.", look_up, Preview, Wanted, Scope.CHAT),
)
