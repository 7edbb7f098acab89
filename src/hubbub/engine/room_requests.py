"""Requests: asking for a room that takes approval, and the answer to it."""

from itertools import count
from typing import Final

from hubbub.text import clean, cut

from .audit import record
from .event import Answer, Command, Event, Origin, Request
from .membership import AlreadyMember, put_in
from .messages import tell
from .names import RoomName
from .policy import OPERATOR, RoomUnknown, is_admitted, known_room, needs_key, operated, rank
from .refusals import NotSignedIn, Refusal, because
from .rules import EventRule, Rule
from .state import Actor, Role, Room, RoomRequest, Session, State, User


class Knock(Command, frozen=True):
    """Ask for a room that one can't simply join."""

    room: RoomName
    wish: str = ""


class Accept(Command, frozen=True):
    """Accept a request: its author is a member from now on, online or not."""

    room: RoomName
    name: str


class Deny(Command, frozen=True):
    room: RoomName
    name: str
    reason: str = ""


class RequestMade(Event, frozen=True):
    origin: Origin
    room: int
    room_name: str
    wish: str


class RequestAnswered(Event, frozen=True):
    account: int
    name: str
    room: int
    room_name: str
    by: str
    accepted: bool


class RequestPending(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return (
            f"You have already asked to join the room {self.name}. Its operators have your request; you "
            "are notified when they decide."
        )


class RequestNotNeeded(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"The room {self.name} is open to you. Join it."


class NoRequest(Refusal, frozen=True):
    person: str
    room: str

    def __str__(self) -> str:
        return f"{self.person} has not asked to join the room {self.room}."


def knock(state: State, request: Request, command: Knock) -> Answer:
    user = state.user(request.session)
    actor = state.actor(request)
    room = known_room(state, actor, command.room) if actor else None
    if room is None:
        return RoomUnknown(command.room.text)
    if user is None or user.account is None:
        return NotSignedIn()
    if user.person in room.members:
        return AlreadyMember(user.nick.text, room.name.text)
    if is_admitted(room, user) and not needs_key(room, user):
        return RequestNotNeeded(room.name.text)
    return ask_for_room(request.id, state, room, user, command.wish)


def ask_for_room(event_id: int, state: State, room: Room, user: User, wish: str) -> Answer:
    """The request of a user who needs one; the room must not be open to them already."""
    if user.account is None:
        return NotSignedIn()
    if user.person in room.requests:
        return RequestPending(room.name.text)
    text, _ = cut(clean(wish), state.rules.reason_bytes)
    return [RequestMade(event_id, user.origin, room.id, room.name.text, text)]


def accept(state: State, request: Request, command: Accept) -> Answer:
    found = _pending(state, request, command.room, command.name)
    if isinstance(found, Refusal):
        return found
    actor, room, wanted = found
    ids = count(request.id)
    text = f"{actor.name} accepted your request. You are now a member of the room {room.name}."
    return [
        RequestAnswered(
            next(ids), wanted.account, wanted.name, room.id, room.name.text, actor.name, accepted=True
        ),
        *put_in(ids, state, room, wanted.account),
        tell(next(ids), wanted.account, wanted.name, text),
        record(next(ids), actor, "accept", wanted.name, room.name.text),
    ]


def deny(state: State, request: Request, command: Deny) -> Answer:
    found = _pending(state, request, command.room, command.name)
    if isinstance(found, Refusal):
        return found
    actor, room, wanted = found
    ids = count(request.id)
    reason, _ = cut(clean(command.reason), state.rules.reason_bytes)
    text = f"{actor.name} denied your request to join the room {room.name}{because(reason)}"
    return [
        RequestAnswered(
            next(ids), wanted.account, wanted.name, room.id, room.name.text, actor.name, accepted=False
        ),
        tell(next(ids), wanted.account, wanted.name, text),
        record(next(ids), actor, "deny", wanted.name, room.name.text),
    ]


def _pending(
    state: State, request: Request, name: RoomName, person: str
) -> tuple[Actor, Room, RoomRequest] | Refusal:
    """The actor, the room and the pending request."""
    found = operated(state, request, name)
    if isinstance(found, Refusal):
        return found
    actor, room = found
    account = state.account_named(person)
    wanted = room.requests.get(account.id) if account else None
    return (actor, room, wanted) if wanted else NoRequest(person, room.name.text)


def made(state: State, event: RequestMade) -> None:
    wanted = RoomRequest(event.origin.person, event.origin.account or event.origin.nick, event.at, event.wish)
    state.rooms[event.room].requests[event.origin.person] = wanted


def answered(state: State, event: RequestAnswered) -> None:
    room = state.rooms[event.room]
    del room.requests[event.account]
    if event.accepted:
        room.admitted[event.account] = room.admitted.get(event.account, "")


def made_audience(state: State, event: RequestMade) -> dict[int, Session]:
    """The sessions that can answer: the room's operators and the administrators."""
    room = state.rooms[event.room]
    operators = [member.person for member in room.members.values() if rank(member.modes) >= OPERATOR]
    return state.sessions_of(operators) | state.staff(Role.ADMIN)


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    Knock: knock,
    Accept: accept,
    Deny: deny,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    RequestMade: EventRule(made, made_audience),
    RequestAnswered: EventRule(answered),
}
