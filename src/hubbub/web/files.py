"""Files over HTTP: uploaded to `/files`, served to those who may read where they were posted, and deleted with that."""

import asyncio
import contextlib
import logging
import re
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote
from weakref import WeakKeyDictionary

from aiohttp import web, web_fileresponse
from aiohttp.abc import AbstractStreamWriter

from hubbub.engine.custom_emoji import EmojiDeleted
from hubbub.engine.edits import MessageEdited, MessageRedacted
from hubbub.engine.event import Event
from hubbub.engine.files import (
    FileRefused,
    FilesFull,
    RemoveFile,
    StoredFile,
    StoreFile,
    file_name,
    may_see_file,
    may_send_file,
)
from hubbub.engine.ids import first_id_at
from hubbub.engine.refusals import DiskTakesNothing, NotSignedIn, Refusal
from hubbub.engine.state import Scope
from hubbub.node.limits import Bucket
from hubbub.storage.base import NotWritten
from hubbub.web import request_bodies
from hubbub.web.auth import CALLER, Caller, asker_of, by_file_pass, caller
from hubbub.web.blob_store import CHUNK_BYTES, Vault
from hubbub.web.chat import Chat
from hubbub.web.disk_quota import Holding, Space
from hubbub.web.errors import NODE, Failure, peer_of, refused
from hubbub.web.media_types import THUMBNAILED, is_shown, kind_of
from hubbub.web.open_requests import UNDERWAY, revoked
from hubbub.web.picture_jobs import Cleaner, Thumbnails, require_made
from hubbub.web.picture_metadata import STRIPPED
from hubbub.web.rate_limits import Paces

log = logging.getLogger("hubbub")

# A connection that was handed on is no socket that the system could send a file to.
web_fileresponse.NOSENDFILE = True  # type: ignore[misc]

VAULT: Final = web.AppKey("vault", Vault)
THUMBNAILS: Final = web.AppKey("thumbnails", Thumbnails)
SPACE: Final = web.AppKey("space", Space)
CLEANER: Final = web.AppKey("cleaner", Cleaner)

SENDING: Final = web.AppKey("sending", Counter[int])
"""The number of uploads under way by person."""
AT_ONCE_MAX: Final = 6
PACES: Final = web.AppKey("paces of sending", Paces)
FILES_A_SECOND: Final = 1
BURST_FILES: Final = 300
"""Of one person: the smallest file takes a block of the disk and a row, which no quota of bytes counts."""

GIVEN_BYTES: Final = 1 << 16
"""The part of a file that is read at a time; each reader who takes nothing holds one in memory."""

COOKIE: Final = "hubbub-files"
STALL_SECONDS: Final = 60
"""The time that a sender may send nothing."""
SLOWEST_BYTES_A_SECOND: Final = 2_000
"""The lowest average pace of an upload; a slower one is ended."""
UNPOSTED_MS: Final = 86_400_000
"""The time that an uploaded file stays before a message links to it."""
TIDY_SECONDS: Final = 30
TIDIED_MAX: Final = 100
THUMBNAIL_BYTES_MIN: Final = 60_000
"""A smaller picture is its own small form."""

_DISPOSITION: Final = re.compile(
    r"""filename\*\s*=\s*UTF-8''(?P<star>[^;]+)|filename\s*=\s*(?:"(?P<quoted>[^"]*)"|(?P<plain>[^;\s]+))""",
    re.IGNORECASE,
)
_COOKIE: Final = re.compile(rf"(?:^|;)\s*+{COOKIE}=([A-Za-z0-9_-]{{1,200}})\s*+(?:;|$)")
_SANDBOX: Final = "default-src 'none'; sandbox"


async def send(request: web.Request) -> web.Response:
    """FILEHOST: "POST to the upload address"; 201, and `Location` says where it is found."""
    who = await caller(request, Scope.POST)
    _keep_pace(request, who)
    sending = request.app[SENDING]
    if sending[who.person] >= AT_ONCE_MAX:
        sentence = f"You are already uploading {AT_ONCE_MAX} files. Wait until one of them is done."
        raise Failure(HTTPStatus.TOO_MANY_REQUESTS, sentence, {"Retry-After": "5"})
    sending[who.person] += 1
    try:
        with request.app[SPACE].holding(who.person) as holding:
            return await _take(request, who, holding)
    finally:
        sending[who.person] -= 1
        if not sending[who.person]:
            del sending[who.person]


def _keep_pace(request: web.Request, who: Caller) -> None:
    """Raises Failure."""
    node, now = request.app[NODE], request.app[NODE].clock.monotonic()
    if not node.limits.exempt.holds(peer_of(request).address):
        fresh = Bucket(FILES_A_SECOND, BURST_FILES, now)
        request.app[PACES].keep(asker_of(request, who), fresh, now, "You are uploading files too fast.")


async def _take(request: web.Request, who: Caller, holding: Holding) -> web.Response:
    node = request.app[NODE]
    make_room = partial(_make_room, request, who, holding)
    # Before anything is sent, if its sender waits to be asked, or says how long it is.
    make_room(request.content_length or 0)
    name = _name(request)
    if any(name.lower().endswith(ending.lower()) for ending in node.settings.files.refused):
        raise Failure(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "This server does not accept files with this extension."
        )
    vault = request.app[VAULT]
    try:
        content = _content(request, make_room, holding)
        digest, size, beginning = await vault.receive(content, partial(_clean, request))
    except TimeoutError:
        raise Failure(HTTPStatus.REQUEST_TIMEOUT, "The upload was incomplete. Send the file again.") from None
    except ConnectionError:
        raise
    except OSError as error:
        log.error("A file could not be saved: %s", error.strerror)
        sentence = "The server can't store this file. Tell its administrator."
        raise Failure(HTTPStatus.INSUFFICIENT_STORAGE, sentence) from None
    try:
        if failure := revoked(request):
            raise failure
        file = secrets.token_urlsafe(18)
        answer = node.ask(StoreFile(who.person, file, digest, name, kind_of(beginning), size))
        if isinstance(answer, Refusal):
            raise _refused(answer)
        await node.gate.settled()
    except (Failure, NotWritten):
        await drop_unused(node, vault, digest, arriving=1)
        raise
    finally:
        vault.settled(digest)
    location = f"{_base(request)}/files/{file}/{quote(file_name(name))}"
    return web.json_response({"url": location}, status=HTTPStatus.CREATED, headers={"Location": location})


async def _clean(request: web.Request, part: Path, beginning: bytes, target: Path) -> bool:
    """Whether a picture without what it tells of its sender is at `target` now. Raises Failure for one of no use."""
    if request.app[NODE].settings.files.keep_metadata or kind_of(beginning) not in STRIPPED:
        return False
    answer = await request.app[CLEANER].ask(part, target, asker_of(request, request[CALLER]))
    require_made(
        answer,
        "The server can't read this picture, so it can't remove where the picture was taken. Save the "
        "picture again in another program, then send that.",
    )
    return True


def _make_room(request: web.Request, who: Caller, holding: Holding, size: int) -> None:
    """For a file of so many bytes in all. Raises Failure."""
    if size and size <= holding.promised:
        return
    node, space = request.app[NODE], request.app[SPACE]
    if node.disk.trouble:
        raise refused(DiskTakesNothing())
    coming, own = space.promised_beside(holding)
    if refusal := may_send_file(node.state, who.person, size, coming, own):
        raise _refused(refusal)
    space.promise(holding, size)


def _refused(refusal: Refusal) -> Failure:
    if isinstance(refusal, FileRefused):
        return Failure(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, str(refusal))
    if isinstance(refusal, FilesFull):
        return Failure(HTTPStatus.INSUFFICIENT_STORAGE, str(refusal))
    return (
        Failure(HTTPStatus.FORBIDDEN, str(refusal)) if isinstance(refusal, NotSignedIn) else refused(refusal)
    )


async def _content(
    request: web.Request, make_room: Callable[[int], None], holding: Holding
) -> AsyncIterator[bytes]:
    """Raises TimeoutError for a sender who is too slow, and Failure where there is no more room."""
    await request_bodies.invite(request)
    now = asyncio.get_running_loop().time
    until = now() + STALL_SECONDS
    while True:
        async with asyncio.timeout_at(min(until, now() + STALL_SECONDS)):
            chunk = await request.content.read(CHUNK_BYTES)
        # What is there already is read without waiting, which no clock of asyncio's interrupts.
        if now() > until:
            raise TimeoutError
        if not chunk:
            return
        until += len(chunk) / SLOWEST_BYTES_A_SECOND
        make_room(holding.written + len(chunk))
        yield chunk
        holding.written += len(chunk)


def _name(request: web.Request) -> str:
    """RFC 6266: what its sender calls it, in any letters."""
    found = _DISPOSITION.search(request.headers.get("Content-Disposition", ""))
    if not found:
        return "file"
    return file_name(unquote(found["star"]) if found["star"] else found["quoted"] or found["plain"] or "")


def _base(request: web.Request) -> str:
    """The page's address, as the client used it, or from the settings."""
    told = request.app[NODE].settings.server.web_address.rstrip("/")
    return told or f"{'https' if peer_of(request).secure else 'http'}://{request.host}"


async def give(request: web.Request) -> web.StreamResponse:
    """The file, or a part of it; with `?small` the small form of a picture."""
    node, vault = request.app[NODE], request.app[VAULT]
    who = await _looker(request)
    # A stranger has the storage read nothing.
    asked = request.match_info["file"]
    file = await asyncio.to_thread(node.storage.file, asked) if who else None
    if file is None or who is None or not may_see_file(node.state, who.person, file):
        if _is_visit(request):
            # Somebody has opened a link: the page asks who they are, and then shows the file.
            raise web.HTTPTemporaryRedirect(f"/#/file{request.rel_url.raw_path.removeprefix('/files')}")
        raise Failure(
            HTTPStatus.NOT_FOUND if who else HTTPStatus.UNAUTHORIZED,
            "This file does not exist, or you may not see it." if who else "Sign in to see this file.",
        )
    headers = {
        "Content-Security-Policy": _SANDBOX,
        "Cache-Control": "private, no-cache",
        "Content-Disposition": _disposition(file),
    }
    path = vault.path(file.digest)
    if "small" in request.query and await _make_small(request, file, who):
        return _Given(
            vault.small(file.digest), GIVEN_BYTES, headers={**headers, "Content-Type": "image/webp"}
        )
    await asyncio.to_thread(_try_opening, path)
    return _Given(path, GIVEN_BYTES, headers={**headers, "Content-Type": file.kind})


def _try_opening(path: Path) -> None:
    """Open a file, or answer with a sentence if that fails. Raises Failure, OSError."""
    try:
        path.open("rb").close()
    except FileNotFoundError:
        log.error("The content of a file is missing: %s", path.name)
        sentence = "The server no longer has the content of this file. Tell its administrator."
        raise Failure(HTTPStatus.NOT_FOUND, sentence) from None


class _Given(web.FileResponse):
    """A file on its way, which stops where its reader may not read it any more."""

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        assert isinstance(request, web.Request)
        with request.app[UNDERWAY].during(request):
            return await super().prepare(request)


async def _looker(request: web.Request) -> Caller | None:
    """By a header, or by the cookie that the page was given for pictures, which no other site can make it send."""
    cookie = _cookie(request)
    try:
        if cookie and "Authorization" not in request.headers:
            return by_file_pass(request, cookie)
        return await caller(request, Scope.READ)
    except Failure:
        return None


def _cookie(request: web.Request) -> str:
    """The files cookie, or an empty text. No other is parsed: a request may carry thousands of cookies."""
    found = _COOKIE.search(";".join(request.headers.getall("Cookie", ())))
    return found[1] if found else ""


def _is_visit(request: web.Request) -> bool:
    return request.headers.get("Sec-Fetch-Dest") == "document" and "small" not in request.query


def _disposition(file: StoredFile) -> str:
    where = "inline" if is_shown(file.kind) else "attachment"
    return f"{where}; filename*=UTF-8''{quote(file.name)}"


async def _make_small(request: web.Request, file: StoredFile, who: Caller) -> bool:
    vault = request.app[VAULT]
    if file.kind not in THUMBNAILED or file.size < THUMBNAIL_BYTES_MIN:
        return False
    small = vault.small(file.digest)
    if small.exists():
        return True
    return await request.app[THUMBNAILS].make(vault.path(file.digest), small, asker_of(request, who))


async def let_see(request: web.Request) -> web.Response:
    """Give the page a cookie for the files' addresses alone, so that pictures, sound and video load by themselves.

    It holds a secret of its own: browsers send cookies to every port of a host, whoever listens there.
    """
    who = await caller(request)
    if who.session is None:
        raise Failure(HTTPStatus.FORBIDDEN, "This requires a chat session and its ticket.")
    secret = request.app[NODE].proofs.file_passes.give(who.session.session)
    response = web.Response(status=HTTPStatus.NO_CONTENT)
    # A proxy may have taken TLS off; the page's own origin has been compared already.
    secure = peer_of(request).secure or request.headers.get("Origin", "").lower().startswith("https://")
    response.set_cookie(COOKIE, secret, path="/files", httponly=True, samesite="Strict", secure=secure)
    return response


_TIDYING: Final = WeakKeyDictionary[Chat, asyncio.Lock]()
"""So that no file is removed twice."""


async def tidy(node: Chat, vault: Vault) -> None:
    """Remove the files that no message names any more, or that none has named for a day."""
    async with _TIDYING.setdefault(node, asyncio.Lock()):
        while await _tidy(node, vault) == TIDIED_MAX:
            pass


async def _tidy(node: Chat, vault: Vault) -> int:
    """Some of them; how many have gone, which are fewer where the disk takes nothing."""
    before = first_id_at(node.clock.now() - UNPOSTED_MS, node.state.eras)
    found = await asyncio.to_thread(node.storage.unused_files, before, TIDIED_MAX)
    answers = [node.ask(RemoveFile(file.id, file.person, file.digest, file.size)) for file in found]
    if found:
        await node.gate.settled()
    for digest in dict.fromkeys(file.digest for file in found):
        await drop_unused(node, vault, digest)
    return sum(not isinstance(answer, Refusal) for answer in answers)


async def drop_unused(node: Chat, vault: Vault, digest: str, arriving: int = 0) -> None:
    """Unless more files with it than these are about to be known."""
    used, changes = False, -1
    while changes != vault.changes:
        changes = vault.changes
        used = await asyncio.to_thread(node.storage.is_digest_used, digest)
    if not used and vault.arriving(digest) <= arriving:
        vault.drop(digest)


async def keep_tidy(app: web.Application) -> AsyncIterator[None]:
    """As long as the website runs: now and then, and at once when something was deleted that may have named a file."""
    node, vault, wanted = app[NODE], app[VAULT], asyncio.Event()

    def heard(event: Event) -> None:
        if isinstance(event, MessageRedacted | MessageEdited | EmojiDeleted):
            wanted.set()

    await asyncio.to_thread(vault.prepare)
    node.listening.append(heard)
    task = asyncio.create_task(_tidy_again(app, wanted))
    yield
    node.listening.remove(heard)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await app[THUMBNAILS].stop()
    await app[CLEANER].stop()


async def _tidy_again(app: web.Application, wanted: asyncio.Event) -> None:
    while True:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(wanted.wait(), TIDY_SECONDS)
        wanted.clear()
        try:
            app[SPACE].watch()
            # What was deleted is on disk by then.
            await app[NODE].gate.settled()
            await tidy(app[NODE], app[VAULT])
        except Exception:
            log.exception("A bug while removing unused files")


ROUTES: Final = (
    web.post("/files", send),
    web.get("/files/{file:[A-Za-z0-9_-]{24}}/{name}", give),
    web.get("/files/{file:[A-Za-z0-9_-]{24}}", give),
    web.post("/api/v1/files/cookie", let_see),
)
