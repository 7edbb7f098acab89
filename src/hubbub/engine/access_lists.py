"""A room's access list: its founder, and the rank of each account, whether they are there or not."""

from itertools import count
from typing import Final

from .accounts import AccountUnknown
from .event import Answer, Command, Event, Origin, Request
from .modes import ModeChange, ModesChanged
from .names import RoomName
from .policy import RANKS, NotOperator, operated, rank, rank_in
from .refusals import NotSignedIn, Refusal
from .room_making import may_make_another_room
from .rules import EventRule, Rule
from .state import Room, State


class KeepRoom(Command, frozen=True):
    """Let a room stay when its last member leaves, or not any more. Who keeps one that a guest has made founds it."""

    room: RoomName
    kept: bool


class GrantAccess(Command, frozen=True):
    """Give an account a rank in a room, one of `qaohv`; without one, take what it has.

    Who is not a member gets it on coming in, and may come in whatever the access.
    """

    room: RoomName
    account: str
    rank: str


class RoomKept(Event, frozen=True):
    """`maker` is the account that has made a guests' room its own by this; 0 for none."""

    room: int
    room_name: str
    kept: bool
    maker: int = 0


class AccessGranted(Event, frozen=True):
    """A rank was granted to a person who is not in the room; an empty rank revokes it."""

    by: Origin
    room: int
    room_name: str
    account: int
    name: str
    rank: str


def keep_room(state: State, request: Request, command: KeepRoom) -> Answer:
    found = operated(state, request, command.room, rank("o" if command.kept else "q"))
    if isinstance(found, Refusal):
        return found
    actor, room = found
    if room.kept is command.kept:
        return []
    if actor.user and actor.user.account is None:
        return NotSignedIn()
    owner = actor.user.account if command.kept and actor.user and not room.maker else None
    if owner and (refusal := may_make_another_room(state, actor, room.name.text)):
        return refusal
    ids = count(request.id)
    maker = owner.id if owner else 0
    events: list[Event] = [RoomKept(next(ids), room.id, room.name.text, command.kept, maker)]
    member = room.members.get(actor.origin.person)
    if command.kept and member and "q" not in member.modes:
        founder = ModeChange(True, "q", actor.origin.nick, member.person)
        events.append(ModesChanged(next(ids), actor.origin, room.id, room.name.text, (founder,)))
    return events


def grant_access(state: State, request: Request, command: GrantAccess) -> Answer:
    """Decide on granting a rank: at most one's own, and only from a person of lower rank is one revoked."""
    found = operated(state, request, command.room)
    if isinstance(found, Refusal):
        return found
    actor, room = found
    account = state.account_named(command.account)
    if account is None:
        return AccountUnknown(command.account)
    held = _held(room, account.id)
    if rank_in(room, actor) < max(rank(command.rank), rank(held or "")):
        return NotOperator(room.name.text)
    if member := room.members.get(account.id):
        name = state.name_of(account.id)
        letters = [letter for letter in RANKS if (letter in member.modes) != (letter == command.rank)]
        changes = tuple(ModeChange(letter == command.rank, letter, name, account.id) for letter in letters)
        return [ModesChanged(request.id, actor.origin, room.id, room.name.text, changes)] if changes else []
    if command.rank == held or (held is None and not command.rank):
        return []
    name = account.name.text
    return [AccessGranted(request.id, actor.origin, room.id, room.name.text, account.id, name, command.rank)]


def _held(room: Room, account: int) -> str | None:
    """The ranks of an account in a room, or those it would have; None if it is not known there."""
    member = room.members.get(account)
    return member.modes if member else room.admitted.get(account)


def room_kept(state: State, event: RoomKept) -> None:
    room = state.rooms[event.room]
    room.kept, room.maker = event.kept, event.maker or room.maker


def access_granted(state: State, event: AccessGranted) -> None:
    room = state.rooms[event.room]
    room.requests.pop(event.account, None)
    if event.rank:
        room.admitted[event.account] = event.rank
    else:
        room.admitted.pop(event.account, None)
        room.invited.pop(event.account, None)


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    KeepRoom: keep_room,
    GrantAccess: grant_access,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    RoomKept: EventRule(room_kept),
    AccessGranted: EventRule(access_granted),
}
