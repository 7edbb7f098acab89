"""The policy of making rooms: who may make one, by which name, and how many."""

from .lookalikes import is_seen
from .names import ROOM_NAME_BYTES_MAX, RoomName, RoomNameRefused
from .policy import may_have_another_room, may_know
from .refusals import Refusal
from .state import Actor, Role, Room, State


class RoomExists(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"The room {self.name} already exists."


class RoomAlike(Refusal, frozen=True):
    """Its name looks like that of a room which the asker may know of."""

    name: str
    other: str

    def __str__(self) -> str:
        return (
            f"This name looks too similar to the room {self.other}. Join that room, or choose another name."
        )


class RoomNameUnavailable(Refusal, frozen=True):
    """It can't be made for a reason that is none of the asker's business."""

    name: str

    def __str__(self) -> str:
        return f"The room name {self.name} is not available. Choose another one."


class MayNotCreateRoom(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"There is no room {self.name}, and you may not create rooms. Ask an administrator."


class TooManyRoomsMade(Refusal, frozen=True):
    name: str
    limit: int

    def __str__(self) -> str:
        return f"You have already created {self.limit} rooms. Use one of them, or ask an administrator to delete one."


def may_create_room(state: State, actor: Actor, name: str) -> Refusal | None:
    needed = state.rules.room_creation
    if needed == "administrators" and actor.role < Role.ADMIN:
        return MayNotCreateRoom(name)
    if needed == "members" and actor.user and not actor.user.account:
        return MayNotCreateRoom(name)
    return may_make_another_room(state, actor, name) or may_have_another_room(state, actor, name)


def may_make_another_room(state: State, actor: Actor, name: str) -> Refusal | None:
    limit = state.rules.rooms_made
    account = actor.user.account if actor.user else None
    if not limit or account is None or actor.role >= Role.ADMIN:
        return None
    made = sum(room.maker == account.id and not room.conversation for room in state.rooms.values())
    return TooManyRoomsMade(name, limit) if made >= limit else None


def may_make_room(state: State, actor: Actor, name: RoomName) -> Refusal | None:
    """Whether a user may make a room of this name; one who may make none learns nothing of existing names."""
    return may_create_room(state, actor, name.text) or may_name_room(state, actor, name)


def may_name_room(state: State, actor: Actor, name: RoomName, itself: Room | None = None) -> Refusal | None:
    """Whether a room, which may be there already, can have this name: it shows, and looks like no other room's."""
    if not is_seen(name.text):
        return RoomNameRefused(name.text, ROOM_NAME_BYTES_MAX)
    same = state.room_named(name)
    alike = [state.rooms[number] for number in state.room_looks.like(name.text)]
    others = [room for room in [same, *alike] if room and room is not itself]
    known = next((room for room in others if may_know(room, actor)), None)
    if not others:
        return RoomNameUnavailable(name.text) if name.is_conversation else None
    if known is None:
        return RoomNameUnavailable(name.text)
    return RoomExists(known.name.text) if known is same else RoomAlike(name.text, known.name.text)
