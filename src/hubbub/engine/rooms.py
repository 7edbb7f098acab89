"""Rooms themselves: made, renamed, deleted, and how one gets into them and reads them."""

from itertools import count
from typing import Final

from hubbub.text import clean, cut

from .audit import record
from .event import Answer, Command, Event, Origin, Request
from .names import RoomName
from .policy import NoOperators, RoomUnknown, asked_as, known_room, operated
from .refusals import Refusal
from .room_making import may_name_room
from .rules import EventRule, Rule
from .state import Access, Actor, History, Role, Room, Rules, Session, State, User

NAMES_REMEMBERED_MAX: Final = 1000
"""The most former names that still lead to their rooms."""


class CreateRoom(Command, frozen=True):
    """Make a room without members; an administrator's command."""

    name: RoomName
    access: Access = Access.OPEN
    secret: bool = False


class DeleteRoom(Command, frozen=True):
    """Delete a room: its members leave, and its history can no longer be read."""

    name: RoomName


class RenameRoom(Command, frozen=True):
    """Everything but the name stays."""

    name: RoomName
    new: RoomName
    reason: str = ""


class ConfigureRoom(Command, frozen=True):
    """Change how one gets into a room, whether it is listed, and how much of its history members read."""

    name: RoomName
    access: Access | None = None
    secret: bool | None = None
    history: History | None = None


class RoomCreated(Event, frozen=True):
    room: int
    name: RoomName
    access: Access
    secret: bool
    history: History
    kept: bool
    maker: int = 0
    """The account that makes it, if one does."""

    @classmethod
    def by_user(cls, event_id: int, name: RoomName, user: User, rules: Rules) -> "RoomCreated":
        maker = user.account.id if user.account else 0
        return cls(
            event_id, event_id, name, Access.OPEN, False, rules.room_history, kept=bool(maker), maker=maker
        )


class RoomDeleted(Event, frozen=True):
    room: int
    room_name: str


class RoomRenamed(Event, frozen=True):
    by: Origin
    room: int
    room_name: str
    new: RoomName
    reason: str = ""


class RoomConfigured(Event, frozen=True):
    """A room's new settings, and its old ones."""

    by: Origin
    room: int
    room_name: str
    access: Access
    secret: bool
    history: History
    access_before: Access
    secret_before: bool


class RoomsMadeTooFast(Refusal, frozen=True):
    name: str
    wait_seconds: int

    def __str__(self) -> str:
        minutes = -(-self.wait_seconds // 60)
        return f"Today's limit on new rooms is reached. Create the room {self.name} in {minutes} minutes."


def create(state: State, request: Request, command: CreateRoom) -> Answer:
    actor = asked_as(state, request, Role.ADMIN)
    if isinstance(actor, Refusal):
        return actor
    name = command.name.tidy()
    if refusal := may_name_room(state, actor, name):
        return refusal
    history = state.rules.room_history
    return [
        RoomCreated(request.id, request.id, name, command.access, command.secret, history, kept=True),
        record(request.id + 1, actor, "add room", name.text, command.access.value),
    ]


def delete(state: State, request: Request, command: DeleteRoom) -> Answer:
    found = _administered(state, request, command.name)
    if isinstance(found, Refusal):
        return found
    actor, room = found
    return [
        RoomDeleted(request.id, room.id, room.name.text),
        record(request.id + 1, actor, "delete room", room.name.text),
    ]


def rename(state: State, request: Request, command: RenameRoom) -> Answer:
    found = operated(state, request, command.name)
    if isinstance(found, Refusal):
        return found
    actor, room = found
    new = command.new.tidy()
    if new.text == room.name.text:
        return []
    if refusal := may_name_room(state, actor, new, room):
        return refusal
    reason, _ = cut(clean(command.reason), state.rules.reason_bytes)
    return [
        RoomRenamed(request.id, actor.origin, room.id, room.name.text, new, reason),
        record(request.id + 1, actor, "rename room", room.name.text, new.text),
    ]


def configure(state: State, request: Request, command: ConfigureRoom) -> Answer:
    found = operated(state, request, command.name)
    if isinstance(found, Refusal):
        return found
    actor, room = found
    ids = count(request.id)
    event = RoomConfigured(
        next(ids),
        actor.origin,
        room.id,
        room.name.text,
        command.access or room.access,
        room.secret if command.secret is None else command.secret,
        command.history or room.history,
        room.access,
        room.secret,
    )
    detail = f"{event.access.value}, history {event.history.value}{', secret' if event.secret else ''}"
    return [event, record(next(ids), actor, "configure room", room.name.text, detail)]


def _administered(state: State, request: Request, name: RoomName) -> tuple[Actor, Room] | Refusal:
    actor = asked_as(state, request, Role.ADMIN)
    if isinstance(actor, Refusal):
        return actor
    room = known_room(state, actor, name)
    if room and room.conversation:
        return NoOperators(room.name.text)
    return (actor, room) if room else RoomUnknown(name.text)


def created(state: State, event: RoomCreated) -> None:
    room = Room(event.room, event.name, event.access, event.secret, history=event.history, kept=event.kept)
    room.maker = event.maker
    state.add_room(room)


def deleted(state: State, event: RoomDeleted) -> None:
    room = state.drop_room(event.room)
    for key in [key for key, number in state.rooms_renamed.items() if number == room.id]:
        del state.rooms_renamed[key]
    for number in [one.number for one in state.webhooks.values() if one.room == room.id]:
        del state.webhooks[number]
    for member in room.members.values():
        if account := state.accounts.get(member.person):
            account.rooms.pop(room.id, None)
            account.drafts.pop(room.id, None)
            state.forget_threads(account, room.id)
        if user := state.users.get(member.person):
            user.rooms.pop(room.id, None)


def renamed(state: State, event: RoomRenamed) -> None:
    room = state.rooms[event.room]
    del state.room_names[room.name.key]
    state.room_looks.leave(room.name.text, room.id)
    remember_name(state, room.name.key, room.id)
    state.name_room(room, event.new)


def remember_name(state: State, key: str, room: int) -> None:
    """Keep in mind how a room was called; the name that was given up first is forgotten first.

    While another room has the name, it is that room's; afterwards it leads here again.
    """
    state.rooms_renamed.pop(key, None)
    state.rooms_renamed[key] = room
    if len(state.rooms_renamed) > NAMES_REMEMBERED_MAX:
        del state.rooms_renamed[next(iter(state.rooms_renamed))]


def configured(state: State, event: RoomConfigured) -> None:
    room = state.rooms[event.room]
    room.access, room.history = event.access, event.history
    state.hide_room(room, event.secret)


def room_audience(state: State, event: RoomDeleted | RoomRenamed | RoomConfigured) -> dict[int, Session]:
    return state.rooms[event.room].listeners


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    CreateRoom: create,
    DeleteRoom: delete,
    RenameRoom: rename,
    ConfigureRoom: configure,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    RoomCreated: EventRule(created),
    RoomDeleted: EventRule(deleted, room_audience, before=True),
    RoomRenamed: EventRule(renamed, room_audience),
    RoomConfigured: EventRule(configured, room_audience),
}
