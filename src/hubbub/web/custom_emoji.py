"""Custom emoji over HTTP: listed, added with a picture, renamed and deleted; the picture itself is a file."""

import secrets
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Final

import msgspec
from aiohttp import web

from hubbub.engine.custom_emoji import EMOJI_MAX, NAME, AddEmoji, DeleteEmoji, RenameEmoji
from hubbub.engine.engine import decide
from hubbub.engine.event import Command, Request
from hubbub.engine.files import StoreFile, may_send_file
from hubbub.engine.ids import time_of
from hubbub.engine.refusals import DiskTakesNothing, Refusal
from hubbub.engine.state import Emoji, EmojiMakers, Scope
from hubbub.node.limits import Bucket
from hubbub.storage.base import NotWritten
from hubbub.web import files, request_bodies
from hubbub.web.auth import asker_of
from hubbub.web.emoji_picture import SENT_BYTES_MAX
from hubbub.web.errors import Failure, peer_of, refused
from hubbub.web.media_types import kind_of
from hubbub.web.open_requests import revoked
from hubbub.web.operation import Call, Operation
from hubbub.web.picture_jobs import Drawer, require_made
from hubbub.web.rate_limits import Paces
from hubbub.wire.times import format_time

DRAWER: Final = web.AppKey("drawer of emoji", Drawer)
PACES: Final = web.AppKey("paces of emoji", Paces)
CHANGES_A_SECOND: Final = 1
BURST_CHANGES: Final = 100
"""The changes that one person may make at once: each is sent to everybody connected."""
MEDIA: Final = ("image/png", "image/gif", "image/webp")
KIND: Final = "image/webp"
"""Of what is kept."""

_STATUS: Final = {
    "EmojiUnknown": HTTPStatus.NOT_FOUND,
    "EmojiOfAnother": HTTPStatus.FORBIDDEN,
    "NotPermitted": HTTPStatus.FORBIDDEN,
    "NotSignedIn": HTTPStatus.FORBIDDEN,
    "EmojiNameRefused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "FileRefused": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "FilesFull": HTTPStatus.INSUFFICIENT_STORAGE,
}


class EmojiShown(msgspec.Struct):
    """`url` is the picture's, on this server; `by` the account that has added it, and `at` when."""

    name: str
    url: str
    by: str
    at: str


class EmojiList(msgspec.Struct):
    """`makers` may add more: members, moderators or administrators; `limit` is how many there may be."""

    emoji: list[EmojiShown]
    makers: EmojiMakers
    limit: int


class NewName(msgspec.Struct, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(extra_json_schema={"pattern": f"^{NAME.pattern}$"})]


async def listed(call: Call) -> EmojiList:
    state = call.node.state
    shown = [_shown(state.emoji[name]) for name in sorted(state.emoji)]
    return EmojiList(shown, state.rules.emoji_makers, EMOJI_MAX)


def _shown(one: Emoji) -> EmojiShown:
    return EmojiShown(one.name, f"/files/{one.file}", one.by, format_time(time_of(one.number)))


async def add(call: Call) -> EmojiShown:
    """Whether it may be is asked before the picture is read, and once more when it is there."""
    who, node, name = call.who, call.node, call.part("name")
    _keep_pace(call)
    if refusal := _refusal(call, name):
        raise _failure(refusal)
    picture = await _picture(call)
    vault, file = call.request.app[files.VAULT], secrets.token_urlsafe(18)
    digest, size, _ = await vault.receive(_pieces(picture), _Drawing(call).draw)
    try:
        if failure := revoked(call.request):
            raise failure
        if refusal := _refusal(call, name):
            raise _failure(refusal)
        _ask(call, StoreFile(who.person, file, digest, f"{name}.webp", KIND, size))
        _ask(call, AddEmoji(name, file))
        made = _shown(node.state.emoji[name])
        await node.gate.settled()
    except (Failure, NotWritten):
        await files.drop_unused(node, vault, digest, arriving=1)
        raise
    finally:
        vault.settled(digest)
    return made


async def rename(call: Call) -> EmojiShown:
    _keep_pace(call)
    _ask(call, RenameEmoji(call.part("name"), call.asked.name))
    renamed = _shown(call.node.state.emoji[call.asked.name])
    await call.node.gate.settled()
    return renamed


async def delete(call: Call) -> None:
    """Its bytes go with it (`files.keep_tidy`)."""
    _keep_pace(call)
    _ask(call, DeleteEmoji(call.part("name")))
    await call.node.gate.settled()


def _keep_pace(call: Call) -> None:
    """Raises Failure."""
    now = call.node.clock.monotonic()
    fresh = Bucket(CHANGES_A_SECOND, BURST_CHANGES, now)
    if not call.node.limits.exempt.holds(peer_of(call.request).address):
        call.request.app[PACES].keep(
            asker_of(call.request, call.who), fresh, now, "You are changing emoji too fast."
        )


def _refusal(call: Call, name: str) -> Refusal | None:
    """Why an emoji of this name can't be added; nothing happens yet."""
    node, who = call.node, call.who
    if node.disk.trouble:
        return DiskTakesNothing()
    session = who.session.session if who.session else 0
    account = who.account.id if who.account else 0
    answer = decide(node.state, Request(node.clock.last_id + 1, session, AddEmoji(name, ""), account=account))
    return answer if isinstance(answer, Refusal) else may_send_file(node.state, who.person, 1)


def _ask(call: Call, command: Command) -> None:
    """Raises Failure."""
    who = call.who
    account = who.account.id if who.account and not who.session else 0
    answer = call.node.ask(command, who.session, account=account)
    if isinstance(answer, Refusal):
        raise _failure(answer)


def _failure(refusal: Refusal) -> Failure:
    status = _STATUS.get(refusal.code)
    return Failure(status, str(refusal)) if status else refused(refusal)


async def _picture(call: Call) -> bytes:
    """Read the uploaded picture. Raises Failure for bytes that are no picture, and for too many."""
    too_large = Failure(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"This picture is too large. Choose one of at most {SENT_BYTES_MAX >> 10} KiB.",
    )
    if (call.request.content_length or 0) > SENT_BYTES_MAX:
        raise too_large
    picture = await request_bodies.whole(call.request)
    if len(picture) > SENT_BYTES_MAX:
        raise too_large
    if kind_of(picture[:4096]) not in MEDIA:
        raise Failure(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "An emoji must be a PNG, GIF or WebP picture.")
    return picture


async def _pieces(picture: bytes) -> AsyncIterator[bytes]:
    yield picture


class _Drawing:
    """The drawing step of one upload, as the blob store calls it."""

    def __init__(self, call: Call) -> None:
        self._call = call

    async def draw(self, part: Path, beginning: bytes, target: Path) -> bool:
        """Raises Failure for a picture that can't be drawn."""
        request = self._call.request
        answer = await request.app[DRAWER].ask(part, target, asker_of(request, self._call.who))
        require_made(
            answer,
            "This picture can't be used as an emoji: it can't be read, or its animation is too long. Choose another.",
        )
        return True


async def keep_ready(app: web.Application) -> AsyncIterator[None]:
    app[DRAWER], app[PACES] = Drawer(), Paces()
    yield
    await app[DRAWER].stop()


_ONE: Final = "/api/v1/emoji/{name}"
_NAMES: Final = {"name": NAME.pattern}

OPERATIONS: Final = (
    Operation(
        *("GET", "/api/v1/emoji", "The emoji of the place's own.", listed, EmojiList),
        scope=Scope.READ,
        is_tagged=True,
    ),
    Operation(
        *("POST", _ONE, "Add an emoji; the body is its picture.", add, EmojiShown),
        scope=Scope.POST,
        status=HTTPStatus.CREATED,
        media=MEDIA,
        patterns=_NAMES,
    ),
    Operation(
        *("PATCH", _ONE, "Give an emoji another name.", rename, EmojiShown, NewName, Scope.CHAT),
        patterns=_NAMES,
    ),
    Operation(
        *("DELETE", _ONE, "Delete an emoji and its picture.", delete),
        scope=Scope.CHAT,
        patterns=_NAMES,
    ),
)
