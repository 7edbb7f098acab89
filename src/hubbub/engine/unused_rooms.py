"""Unused rooms: finding and deleting them."""

from collections.abc import Iterator
from typing import Final

from .audit import record
from .event import Answer, Command, Request
from .policy import asked_as
from .refusals import Refusal
from .rooms import RoomDeleted
from .rules import Rule
from .state import USUAL_FLAGS, Access, Role, Room, State

DAY_MS: Final = 86_400_000


class LetRoomGo(Command, frozen=True):
    """Delete an unused room; the caller has checked that a member's room never had a message."""

    room: int


class RoomInUse(Refusal, frozen=True):
    def __str__(self) -> str:
        return "The room doesn't exist, or is in use."


def let_room_go(state: State, request: Request, command: LetRoomGo) -> Answer:
    actor = asked_as(state, request, Role.ADMIN)
    if isinstance(actor, Refusal):
        return actor
    room = state.rooms.get(command.room)
    if room is None or not (_is_left(state, room, request.at) or _is_unused(state, room, request.at)):
        return RoomInUse()
    gone = RoomDeleted(request.id, room.id, room.name.text)
    return [gone, record(request.id + 1, actor, "unused room", room.name.text)] if room.kept else [gone]


def left_rooms(state: State, now: int) -> Iterator[int]:
    """Rooms of guests who have not come back in time; a member who has come meanwhile keeps them there."""
    return (room.id for room in state.rooms.values() if _is_left(state, room, now))


def unused_rooms(state: State, now: int) -> Iterator[int]:
    """Rooms that a member has made, and that have been empty and as they were made ever since.

    The caller checks whether a message was ever sent there.
    """
    return (room.id for room in state.rooms.values() if _is_unused(state, room, now))


def await_return(state: State, now: int) -> None:
    """To be called when the server starts: guests whose rooms are there have had no server to come back to till now."""
    for room in state.rooms.values():
        if not room.kept and not room.members:
            room.emptied = now


def _is_left(state: State, room: Room, now: int) -> bool:
    is_over = now - room.emptied >= state.rules.guest_room_seconds * 1_000
    return not room.kept and not room.members and bool(room.emptied) and is_over


def _is_unused(state: State, room: Room, now: int) -> bool:
    days = state.rules.unused_room_days
    is_over = bool(days and room.emptied) and now - room.emptied >= days * DAY_MS
    return is_over and bool(room.maker) and not room.members and _is_bare(state, room)


def _is_bare(state: State, room: Room) -> bool:
    """Whether a room is as it was made: no settings, no others admitted, no requests."""
    others = [account for account in (*room.admitted, *room.invited) if account != room.maker]
    is_usual = (room.access, room.secret, room.flags) == (Access.OPEN, False, USUAL_FLAGS)
    is_set = any((room.topic, room.key, room.limit, room.metadata, room.requests, *room.lists.values()))
    has_webhook = any(webhook.room == room.id for webhook in state.webhooks.values())
    return is_usual and not (others or is_set or has_webhook)


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    LetRoomGo: let_room_go,
}
