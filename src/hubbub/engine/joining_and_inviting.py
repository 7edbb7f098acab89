"""Ways into a room: joining it by oneself, and being invited."""

from itertools import count
from typing import Final

from .conversations import AddPeople, add_people
from .event import Answer, Command, Event, Origin, Request
from .lookalikes import folded
from .membership import AlreadyMember, coming_in, joined_now
from .messages import tell
from .names import RoomName
from .policy import (
    HALF_OPERATOR,
    NotMember,
    NotOperator,
    asked_in,
    is_admitted,
    may_enter,
    may_know,
    rank,
    rank_in,
)
from .refusals import NotPresent, Refusal, UserUnknown
from .room_making import RoomNameUnavailable, may_make_room
from .room_requests import ask_for_room
from .rooms import RoomCreated
from .rules import EventRule, Rule
from .state import Access, Actor, Room, Session, State


class Join(Command, frozen=True):
    """Come into a room; one that does not exist is made. `wish` goes with the request, where one is needed."""

    room: RoomName
    key: str | None = None
    wish: str = ""


class Invite(Command, frozen=True):
    """Invite a person to a room, which admits them whatever its access, and notify them; add them to a conversation."""

    room: RoomName
    name: str


class Invited(Event, frozen=True):
    by: Origin
    person: int
    nick: str
    lasting: bool
    room: int
    room_name: str
    by_operator: bool = False


class RoomSpelled(Refusal, frozen=True):
    """The room that is meant is written in another way, or would be."""

    name: str
    right: str

    def __str__(self) -> str:
        return f"The room's name is spelled {self.right}. Join that one."


class RoomMoved(Refusal, frozen=True):
    name: str
    new: str

    def __str__(self) -> str:
        return f"The room {self.name} is now called {self.new}. Join that one."


def join(state: State, request: Request, command: Join) -> Answer:
    actor = state.actor(request)
    if actor is None or actor.user is None:
        return NotPresent()
    user = actor.user
    ids = count(request.id)
    room = state.room_named(command.room)
    if room is None:
        if elsewhere := found_elsewhere(state, actor, command.room):
            return elsewhere
        if refusal := may_make_room(state, actor, command.room):
            return refusal
        made = RoomCreated.by_user(next(ids), command.room, user, state.rules)
        return [
            made,
            joined_now(next(ids), user, made.room, command.room.text, "qo" if user.account else "o"),
        ]
    if user.person in room.members:
        return []
    refusal = may_enter(state, room, actor, command.key)
    must_ask = room.access is Access.APPROVAL and rank_in(room, actor) == 0 and not is_admitted(room, user)
    if (refusal or must_ask) and not may_know(room, actor):
        # It is not there for them, and they may not make it: there is a room of this name, which is not said.
        return may_make_room(state, actor, command.room) or RoomNameUnavailable(command.room.text)
    if refusal:
        return refusal
    if must_ask:
        return ask_for_room(request.id, state, room, user, command.wish)
    return list(coming_in(ids, user, room))


def found_elsewhere(state: State, actor: Actor, name: RoomName) -> RoomMoved | RoomSpelled | None:
    """The room meant by the name of a missing one: it has a new name, or another spelling."""
    moved = state.rooms.get(state.rooms_renamed.get(name.key, 0))
    if moved and may_know(moved, actor):
        return RoomMoved(name.text, moved.name.text)
    meant = folded(name.text)
    for room in map(state.rooms.__getitem__, state.room_looks.like(name.text)):
        if folded(room.name.text) == meant and may_know(room, actor):
            return RoomSpelled(name.text, room.name.text)
    tidy = name.tidy()
    return RoomSpelled(name.text, tidy.text) if tidy.text != name.text else None


def invite(state: State, request: Request, command: Invite) -> Answer:
    found = asked_in(state, request, command.room)
    if isinstance(found, Refusal):
        return found
    actor, room = found
    if room.conversation:
        return add_people(state, request, AddPeople(room.name, (command.name,)))
    own_rank = rank_in(room, actor)
    if refusal := _may_invite(room, actor.origin.person, own_rank):
        return refusal
    person = state.person_named(command.name)
    if person is None:
        return UserUnknown(command.name)
    name = state.name_of(person)
    if person in room.members:
        return AlreadyMember(name, room.name.text)
    ids = count(request.id)
    lasting = person in state.accounts
    is_operator = own_rank >= HALF_OPERATOR
    invitation = Invited(
        next(ids), actor.origin, person, name, lasting, room.id, room.name.text, by_operator=is_operator
    )
    events: list[Event] = [invitation]
    if person not in state.users:
        text = f"{actor.name} invites you to the room {room.name}."
        events.append(tell(next(ids), person, name, text))
    return events


def _may_invite(room: Room, person: int, own_rank: int) -> NotMember | NotOperator | None:
    """Into an open room every member invites; where access is restricted, its operators do."""
    if person not in room.members and own_rank < HALF_OPERATOR:
        return NotMember(room.name.text)
    if room.access is not Access.OPEN and own_rank < HALF_OPERATOR:
        return NotOperator(room.name.text)
    return None


def invited(state: State, event: Invited) -> None:
    room = state.rooms[event.room]
    room.requests.pop(event.person, None)
    room.invited[event.person] = max(room.invited.get(event.person, 0), event.id * event.by_operator)
    if event.lasting:
        room.admitted.setdefault(event.person, "")


def invited_audience(state: State, event: Invited) -> dict[int, Session]:
    """The invited, who invited, and the operators of the room (invite-notify)."""
    room = state.rooms[event.room]
    operators = [member.person for member in room.members.values() if rank(member.modes) >= HALF_OPERATOR]
    return state.sessions_of([event.person, event.by.person, *operators])


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    Join: join,
    Invite: invite,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    Invited: EventRule(invited, invited_audience),
}
