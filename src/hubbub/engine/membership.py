"""Being in a room: joined, left, put in and taken out.

Membership is for good: an account's member stays one while away, and appears in the room again on coming back. A
guest's ends with the guest.
"""

from collections.abc import Iterator
from itertools import count
from typing import Final

from hubbub.text import clean, cut

from .event import Answer, Command, Event, Origin, Request
from .members import is_shown, profile, telling_room
from .metadata import telling
from .names import RoomName
from .policy import HALF_OPERATOR, NotMember, NotOperator, asked_in, operated, rank, rank_in
from .refusals import Refusal, UserUnknown
from .rooms import RoomDeleted
from .rules import EventRule, Rule
from .state import History, Member, Role, Room, Session, State, User


class Leave(Command, frozen=True):
    room: RoomName
    reason: str = ""


class Kick(Command, frozen=True):
    """Remove a member from a room."""

    room: RoomName
    name: str
    reason: str = ""


class MemberJoined(Event, frozen=True):
    origin: Origin
    room: int
    room_name: str
    modes: str
    lasting: bool
    """An account's membership; a guest's is not kept."""


class MemberAdded(Event, frozen=True):
    """An account was made a room's member while it is not connected."""

    account: int
    room: int
    room_name: str
    modes: str


class MemberAppeared(Event, frozen=True):
    """A member has come back and is in the room again; said to the others."""

    origin: Origin
    room: int
    room_name: str
    modes: str


class MemberLeft(Event, frozen=True):
    origin: Origin
    room: int
    room_name: str
    reason: str


class MemberKicked(Event, frozen=True):
    by: Origin
    person: int
    nick: str
    room: int
    room_name: str
    reason: str


class PersonNotMember(Refusal, frozen=True):
    person: str
    room: str

    def __str__(self) -> str:
        return f"{self.person} is not in the room {self.room}."


class AlreadyMember(Refusal, frozen=True):
    person: str
    room: str

    def __str__(self) -> str:
        return f"{self.person} is already in the room {self.room}."


def joined_now(event_id: int, user: User, room: int, room_name: str, modes: str) -> MemberJoined:
    return MemberJoined(event_id, user.origin, room, room_name, modes, lasting=user.account is not None)


def coming_in(ids: Iterator[int], user: User, room: Room) -> Iterator[Event]:
    """The events of a user joining an existing room; the first to return to a guests' room becomes its operator.

    Not where its history is not for all who come: whoever looks after it could open it, and may be anybody.
    """
    is_first = not room.kept and not room.members and room.history is History.ALL
    modes = room.admitted.get(user.person, "") or ("o" if is_first else "")
    yield joined_now(next(ids), user, room.id, room.name.text, modes)
    yield from telling(ids, user.person, user.metadata, room, user.nick.text)


def put_in(ids: Iterator[int], state: State, room: Room, person: int) -> Iterator[Event]:
    """The events that make an account a member, connected or not."""
    if user := state.users.get(person):
        yield from coming_in(ids, user, room)
        return
    modes = room.admitted.get(person, "")
    yield MemberAdded(next(ids), person, room.id, room.name.text, modes)
    if (shown := profile(state, person)) and is_shown(state, person, Role.MEMBER):
        yield from telling_room(ids, room, modes, shown)


def leave(state: State, request: Request, command: Leave) -> Answer:
    found = asked_in(state, request, command.room)
    if isinstance(found, Refusal):
        return found
    actor, room = found
    user = actor.user
    if user is None or user.person not in room.members:
        return NotMember(room.name.text)
    reason, _ = cut(clean(command.reason), state.rules.reason_bytes)
    ids = count(request.id)
    left = MemberLeft(next(ids), user.origin, room.id, room.name.text, reason)
    return [left, *vanishing(ids, state, room)]


def vanishing(ids: Iterator[int], state: State, room: Room) -> Iterator[Event]:
    """A room that is not kept goes with its last member, where it does not outlive them for a while."""
    if not state.rules.guest_room_seconds and not room.kept and len(room.members) <= 1:
        yield RoomDeleted(next(ids), room.id, room.name.text)


def kick(state: State, request: Request, command: Kick) -> Answer:
    found = operated(state, request, command.room, HALF_OPERATOR)
    if isinstance(found, Refusal):
        return found
    actor, room = found
    person = state.person_named(command.name)
    if person is None:
        return UserUnknown(command.name)
    member = room.members.get(person)
    if member is None:
        return PersonNotMember(command.name, room.name.text)
    if rank(member.modes) > rank_in(room, actor):
        return NotOperator(room.name.text)
    reason, _ = cut(clean(command.reason), state.rules.reason_bytes)
    ids = count(request.id)
    name = state.name_of(person)
    out = MemberKicked(next(ids), actor.origin, person, name, room.id, room.name.text, reason)
    return [out, *vanishing(ids, state, room)]


def joined(state: State, event: MemberJoined) -> None:
    room = state.rooms[event.room]
    user = state.users[event.origin.person]
    add(room, Member(user.person, event.id, event.modes))
    user.rooms[room.id] = room
    room.listeners.enter(user.sessions)


def added(state: State, event: MemberAdded) -> None:
    room = state.rooms[event.room]
    account = state.accounts[event.account]
    add(room, Member(account.id, event.id, event.modes))
    account.rooms[room.id] = room


def add(room: Room, member: Member) -> None:
    """The one way into `members`; what led there is settled."""
    room.members[member.person] = member
    room.emptied = 0
    room.invited.pop(member.person, None)
    room.requests.pop(member.person, None)


def appeared(state: State, event: MemberAppeared) -> None:
    state.rooms[event.room].listeners.enter(state.users[event.origin.person].sessions)


def left(state: State, event: MemberLeft) -> None:
    """Apply leaving; a member who left by themselves may return, with their modes.

    Into a conversation nobody returns but by being added.
    """
    room = state.rooms[event.room]
    member = room.members[event.origin.person]
    if event.origin.person in state.accounts and not room.conversation:
        room.admitted[member.person] = member.modes
    take_out(state, room, member.person, event.at)


def kicked(state: State, event: MemberKicked) -> None:
    room = state.rooms[event.room]
    room.admitted.pop(event.person, None)
    room.invited.pop(event.person, None)
    take_out(state, room, event.person, event.at)


def take_out(state: State, room: Room, person: int, at: int) -> None:
    """The one way out of `members`."""
    del room.members[person]
    if not room.members:
        room.emptied = at
    if account := state.accounts.get(person):
        account.rooms.pop(room.id, None)
        account.drafts.pop(room.id, None)
        state.forget_threads(account, room.id)
    if user := state.users.get(person):
        user.rooms.pop(room.id, None)
        room.listeners.leave(user.sessions)


def room_audience(state: State, event: MemberJoined | MemberLeft) -> dict[int, Session]:
    return state.rooms[event.room].listeners


def appeared_audience(state: State, event: MemberAppeared) -> dict[int, Session]:
    """The others: the member's own sessions are shown their rooms when they come in."""
    own = state.users[event.origin.person].sessions
    listeners = state.rooms[event.room].listeners
    return {number: session for number, session in listeners.items() if number not in own}


def kicked_audience(state: State, event: MemberKicked) -> dict[int, Session]:
    return state.rooms[event.room].listeners


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    Leave: leave,
    Kick: kick,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    MemberJoined: EventRule(joined, room_audience),
    MemberAdded: EventRule(added),
    MemberAppeared: EventRule(appeared, appeared_audience),
    MemberLeft: EventRule(left, room_audience, before=True),
    MemberKicked: EventRule(kicked, kicked_audience, before=True),
}
