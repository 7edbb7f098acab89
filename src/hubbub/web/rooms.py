"""Rooms and messages over HTTP, under the same rules as in the chat."""

import asyncio
from collections.abc import Sequence
from functools import partial
from heapq import nsmallest
from http import HTTPStatus
from typing import Annotated, Final

import msgspec
from aiohttp import web

from hubbub.dialects.irc.history import fitting
from hubbub.engine.event import Event
from hubbub.engine.ids import msgid, parse_msgid
from hubbub.engine.message_kinds import has_text
from hubbub.engine.messages import MessageSaid, NothingSaid, SayInRoom, SayPrivately, may_reread, parent_of
from hubbub.engine.names import fold
from hubbub.engine.policy import NEVER, MayNotSpeak, RoomUnknown, history_from, may_list, may_see
from hubbub.engine.refusals import Refusal, UserUnknown
from hubbub.engine.state import Room, Scope, User
from hubbub.storage.base import NEWEST
from hubbub.web.errors import Failure, peer_of, refused
from hubbub.web.operation import Call, Operation
from hubbub.web.rate_limits import Paces
from hubbub.wire.times import format_time

PACES: Final = web.AppKey("paces of writing", Paces)
MESSAGES_MAX: Final = 200
TEXT_CHARACTERS_MAX: Final = 20_000
PAGE_BYTES_MAX: Final = 1 << 18
"""The most text in a page, but for a single message: many answers may wait for a peer that does not read."""

ANSWER_BYTES: Final = 1 << 20
"""The reservation for a page of messages until its size is known."""
ROOMS_DEFAULT: Final = 200
ROOMS_MAX: Final = 500
ROOM_CHARACTERS_MAX: Final = 200

MessageId = Annotated[str, msgspec.Meta(pattern="^[0-9a-hjkmnp-tv-z]{13}$", description="The message ID.")]


class RoomShown(msgspec.Struct):
    name: str
    topic: str
    access: str
    members: int
    joined: bool


class RoomsPage(msgspec.Struct, forbid_unknown_fields=True):
    """The first `limit` rooms in the order of their names, or those behind the name `after`.

    Go on from the last one until a page is empty.
    """

    limit: Annotated[int, msgspec.Meta(ge=1, le=ROOMS_MAX)] = ROOMS_DEFAULT
    after: Annotated[str, msgspec.Meta(max_length=ROOM_CHARACTERS_MAX)] = ""


class Rooms(msgspec.Struct):
    """In the order of their names."""

    rooms: Sequence[RoomShown]


class MessageShown(msgspec.Struct):
    """One message; the text of one that was deleted is empty."""

    id: MessageId
    time: str
    sender: str
    text: str
    account: str | None = None
    reply_to: MessageId | None = None
    edited: bool = False
    deleted: bool = False


class Messages(msgspec.Struct):
    """The earliest first."""

    messages: Sequence[MessageShown]


class Page(msgspec.Struct, forbid_unknown_fields=True):
    """The newest `limit` messages, or those before one; with `after` the first that follow it.

    Of long messages a page has fewer: go on from the last one until a page is empty.
    """

    limit: Annotated[int, msgspec.Meta(ge=1, le=MESSAGES_MAX)] = 50
    before: MessageId | msgspec.UnsetType = msgspec.UNSET
    after: MessageId | msgspec.UnsetType = msgspec.UNSET


class Saying(msgspec.Struct, forbid_unknown_fields=True):
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_CHARACTERS_MAX)]
    reply_to: MessageId | msgspec.UnsetType = msgspec.UNSET


class Said(msgspec.Struct):
    id: MessageId
    time: str


def _user(call: Call) -> User:
    """The caller as a user, connected or not."""
    who, state = call.who, call.node.state
    user = state.users.get(who.person)
    if user is None and who.account:
        user = state.absent(who.account)
    assert user is not None
    return user


async def rooms(call: Call) -> Rooms:
    """A page of those that are listed for the one who asks."""
    user, asked = _user(call), call.asked
    after = fold(asked.after.removeprefix("#"))
    rooms = call.node.state.rooms.values()
    found = (room for room in rooms if room.name.key > after and may_list(room, user))
    return Rooms(
        [_room(room, user) for room in nsmallest(asked.limit, found, key=lambda room: room.name.key)]
    )


def _room(room: Room, user: User) -> RoomShown:
    topic = room.topic.text if room.topic else ""
    return RoomShown(room.name.text, topic, room.access.value, len(room.members), user.person in room.members)


async def room_messages(call: Call) -> Messages:
    state, user = call.node.state, _user(call)
    room = state.room_named(call.part("room"))
    if room is None or not may_see(room, user):
        raise _missing(RoomUnknown(call.part("room")[:100]))
    first = history_from(state, room, user.person)
    if first == NEVER:
        raise Failure(HTTPStatus.FORBIDDEN, f"You can't read the room {room.name}. Join it first.")
    return await _read(call, user, room=room.id, first=first)


async def private_messages(call: Call) -> Messages:
    user = _user(call)
    other = call.node.state.person_named(call.part("name"))
    if other is None:
        raise _missing(UserUnknown(call.part("name")[:100]))
    low, high = sorted((user.person, other))
    return await _read(call, user, persons=(low, high))


async def _read(
    call: Call, user: User, room: int = 0, persons: tuple[int, int] = (0, 0), first: int = 0
) -> Messages:
    """A page that is empty where nothing more is: what the asker may not read is passed over, and does not count."""
    asked: Page = call.asked
    after, before = (parse_msgid(text) if text else None for text in (asked.after, asked.before))
    is_forwards, most, shown = after is not None, asked.limit, list[Event]()
    after, before = max(first, after or 0), NEWEST if before is None else before
    history = partial(call.node.storage.history, room=room, persons=persons, oldest=is_forwards)
    await call.node.gate.settled()
    while call.request.transport is not None:
        found = await asyncio.to_thread(history, limit=most, after=after, before=before)
        more = [one for one in found if _is_shown(call, user, one)]
        shown = shown + more if is_forwards else more + shown
        if len(shown) >= asked.limit or len(found) < most:
            break
        after, before = (found[-1].id, before) if is_forwards else (after, found[0].id)
        most = MESSAGES_MAX
    page = shown[: asked.limit] if is_forwards else shown[-asked.limit :]
    return Messages([_message(one) for one in fitting(page, PAGE_BYTES_MAX, is_forwards)])


def _is_shown(call: Call, user: User, event: Event) -> bool:
    said = isinstance(event, MessageSaid) and has_text(event.kind)
    return said and may_reread(call.node.state, user, event)


def _message(event: Event) -> MessageShown:
    assert isinstance(event, MessageSaid)
    parent = parent_of(event.tags)
    return MessageShown(
        msgid(event.id),
        format_time(event.at),
        event.by.nick,
        "" if event.redacted else event.text,
        event.by.account,
        msgid(parent) if parent else None,
        bool(event.edited),
        event.redacted,
    )


async def say_in_room(call: Call) -> Said:
    name, tags = call.part("room"), _tags(call.asked)
    room = call.node.state.room_named(name)
    if room is None or not may_see(room, _user(call)):
        raise _missing(RoomUnknown(name[:100]))
    return await _said(call, SayInRoom(room.name.text, call.asked.text, tags=tags))


async def say_privately(call: Call) -> Said:
    return await _said(call, SayPrivately(call.part("name"), call.asked.text, tags=_tags(call.asked)))


def _tags(asked: Saying) -> tuple[tuple[str, str], ...]:
    return (("+reply", asked.reply_to),) if asked.reply_to else ()


async def _said(call: Call, command: SayInRoom | SayPrivately) -> Said:
    who, node = call.who, call.node
    now, address = node.clock.monotonic(), peer_of(call.request).address
    # As fast as on IRC, and no faster.
    call.request.app[PACES].keep(
        who.person, node.limits.bucket(address, now), now, "You are sending messages too fast."
    )
    if who.session:
        answer = node.ask(command, who.session)
    else:
        assert who.account
        answer = node.ask(command, account=who.account.id)
    if isinstance(answer, UserUnknown | RoomUnknown):
        raise _missing(answer)
    if isinstance(answer, MayNotSpeak):
        raise Failure(HTTPStatus.FORBIDDEN, str(answer))
    if isinstance(answer, NothingSaid):
        raise Failure(HTTPStatus.UNPROCESSABLE_ENTITY, str(answer))
    if isinstance(answer, Refusal):
        raise refused(answer)
    await node.gate.settled()
    return Said(msgid(answer[0].id), format_time(answer[0].at))


def _missing(refusal: Refusal) -> Failure:
    return Failure(HTTPStatus.NOT_FOUND, str(refusal))


_ROOM: Final = "/api/v1/rooms/{room}/messages"
_PERSON: Final = "/api/v1/people/{name}/messages"

OPERATIONS: Final = (
    Operation(
        "GET",
        "/api/v1/rooms",
        "List the rooms.",
        rooms,
        Rooms,
        RoomsPage,
        Scope.READ,
        answer_bytes=ANSWER_BYTES,
    ),
    Operation(
        *("GET", _ROOM, "List the messages of a room.", room_messages, Messages, Page, Scope.READ),
        answer_bytes=ANSWER_BYTES,
    ),
    Operation(
        *("POST", _ROOM, "Send a message to a room.", say_in_room, Said, Saying, Scope.POST),
        status=HTTPStatus.CREATED,
    ),
    Operation(
        *("GET", _PERSON, "List the messages of a private conversation.", private_messages),
        *(Messages, Page, Scope.READ),
        answer_bytes=ANSWER_BYTES,
    ),
    Operation(
        *("POST", _PERSON, "Send a private message.", say_privately, Said, Saying, Scope.POST),
        status=HTTPStatus.CREATED,
    ),
)
