"""Conversations of several people: made by naming accounts, closed to everybody else, and without operators.

To the rest of the engine one is a room that is secret, by invitation and marked as a `conversation`. Its members are
equal: each may add people and leave, nobody can be put out. Whoever is not in it, administrators included, is answered
as if it were not there.

    ann:  Converse(bob, carol)   a new one: ann, bob, carol
    bob:  Converse(carol, ann)   the same one
    bob:  AddPeople(#it, dave)   dave reads what is said from then on
"""

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Final

from msgspec.structs import replace

from .bans import name_kept_out
from .event import Answer, Command, Event, Origin, Request
from .ids import msgid
from .membership import put_in
from .names import CONVERSATION_PREFIX, RoomName
from .policy import NotMember, asked_in
from .refusals import NotSignedIn, Refusal, UserUnknown
from .rules import EventRule, Rule, nothing_changes
from .state import Access, Account, History, Listeners, Room, Session, State

PEOPLE_MAX: Final = 20
"""The most people in one conversation."""
CONVERSATIONS_MAX: Final = 200
"""The most conversations that one account may be in, and that one account may have begun."""


class Converse(Command, frozen=True):
    """Open the conversation with exactly these people and oneself; one that does not exist is begun."""

    names: tuple[str, ...]


class AddPeople(Command, frozen=True):
    """Add people to a conversation; those who are in it already stay in it."""

    room: RoomName
    names: tuple[str, ...]


class ConversationBegun(Event, frozen=True):
    """`persons` come into it by the events that follow; `names` are theirs."""

    by: Origin
    room: int
    room_name: str
    maker: int
    persons: tuple[int, ...]
    names: tuple[str, ...]


class PeopleAdded(Event, frozen=True):
    """`persons` come into it by the events that follow; `names` are those of all who are in it then."""

    by: Origin
    room: int
    room_name: str
    persons: tuple[int, ...]
    names: tuple[str, ...]


class TooFewPeople(Refusal, frozen=True):
    def __str__(self) -> str:
        return "Name at least two other people. To one person, send a private message."


class TooManyPeople(Refusal, frozen=True):
    limit: int

    def __str__(self) -> str:
        return f"A conversation has at most {self.limit} people. For more, create a room."


class NeedsAccount(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"{self.name} is a guest. Only people with an account can be in a conversation."


class CannotBeAdded(Refusal, frozen=True):
    """The account is kept out, not approved or in too many conversations: which of these is nobody's business."""

    name: str

    def __str__(self) -> str:
        return f"{self.name} can't be added to a conversation now. Nothing has changed."


class TooManyConversations(Refusal, frozen=True):
    limit: int

    def __str__(self) -> str:
        return f"You have {self.limit} conversations already. Leave one of them first."


class NotConversation(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"{self.name} is a room. Invite people to it instead."


def converse(state: State, request: Request, command: Converse) -> Answer:
    actor = state.actor(request)
    owner = actor.user.account if actor and actor.user else None
    if actor is None or owner is None:
        return NotSignedIn()
    found = _people(state, command.names)
    if isinstance(found, Refusal):
        return found
    people = {owner.id: owner} | found
    if among(owner, people):
        return []
    if refusal := _may_begin(state, request, owner, people):
        return refusal
    names = tuple(state.name_of(person) for person in people)
    room = _empty(request.id, _free_name(state, request.id), owner.id)
    ids = count(request.id)
    begun = ConversationBegun(
        next(ids), actor.origin, room.id, room.name.text, owner.id, tuple(people), names
    )
    return [begun, *_coming(ids, state, room, people)]


def _may_begin(state: State, request: Request, owner: Account, people: dict[int, Account]) -> Refusal | None:
    if len(people) < 3:
        return TooFewPeople()
    if len(people) > PEOPLE_MAX:
        return TooManyPeople(PEOPLE_MAX)
    begun = sum(room.conversation and room.maker == owner.id for room in state.rooms.values())
    if max(begun, _conversations_of(owner)) >= CONVERSATIONS_MAX:
        return TooManyConversations(CONVERSATIONS_MAX)
    return _may_be_in(state, request, people)


def add_people(state: State, request: Request, command: AddPeople) -> Answer:
    found = asked_in(state, request, command.room)
    if isinstance(found, Refusal):
        return found
    actor, room = found
    if not room.conversation:
        return NotConversation(f"#{room.name}")
    if actor.origin.person not in room.members:
        return NotMember(room.name.text)
    people = _people(state, command.names)
    if isinstance(people, Refusal):
        return people
    new = {person: account for person, account in people.items() if person not in room.members}
    if not new:
        return []
    if len(room.members) + len(new) > PEOPLE_MAX:
        return TooManyPeople(PEOPLE_MAX)
    if refusal := _may_be_in(state, request, new):
        return refusal
    ids = count(request.id)
    names = tuple(state.name_of(person) for person in (*room.members, *new))
    added = PeopleAdded(next(ids), actor.origin, room.id, room.name.text, tuple(new), names)
    return [added, *_coming(ids, state, room, new)]


def _people(state: State, names: Iterable[str]) -> dict[int, Account] | Refusal:
    """The accounts of these names, each once; or why one of them can't be in a conversation."""
    found: dict[int, Account] = {}
    for name in names:
        person = state.person_named(name)
        if person is None:
            return UserUnknown(name)
        account = state.accounts.get(person)
        if account is None:
            return NeedsAccount(state.name_of(person))
        found[person] = account
    return found


def _may_be_in(state: State, request: Request, people: dict[int, Account]) -> Refusal | None:
    for person, account in people.items():
        is_out = not account.approved or name_kept_out(state, account.name.text, request.at)
        if is_out or _conversations_of(account) >= CONVERSATIONS_MAX:
            return CannotBeAdded(state.name_of(person))
    return None


def _conversations_of(account: Account) -> int:
    return sum(room.conversation for room in account.rooms.values())


def among(account: Account, people: Iterable[int]) -> Room | None:
    """The conversation of exactly these people, one of whom is the account; the latest of several."""
    wanted = set(people)
    same = (room for room in account.rooms.values() if room.conversation and room.members.keys() == wanted)
    return max(same, key=lambda room: room.id, default=None)


def _free_name(state: State, event_id: int) -> RoomName:
    """A name of the form that no other room can be given (`names.is_conversation`), from an id that is used once.

    Rooms of this form from before there were conversations keep their names.
    """
    names = (RoomName.known(f"{CONVERSATION_PREFIX}{msgid(number)}") for number in count(event_id))
    return next(name for name in names if state.room_named(name) is None)


def _empty(number: int, name: RoomName, maker: int) -> Room:
    room = Room(number, name, Access.INVITATION, True, flags="n", history=History.SINCE_JOINING, kept=False)
    room.maker, room.conversation = maker, True
    return room


def _coming(ids: Iterator[int], state: State, room: Room, people: Iterable[int]) -> Iterator[Event]:
    """The events with which these people come in; each learns the metadata of those who come after them."""
    draft = replace(room, listeners=Listeners(room.listeners))
    for person in people:
        yield from put_in(ids, state, draft, person)
        if user := state.users.get(person):
            draft.listeners.update(user.sessions)


def begun(state: State, event: ConversationBegun) -> None:
    state.add_room(_empty(event.room, RoomName.known(event.room_name), event.maker))


def begun_audience(state: State, event: ConversationBegun) -> dict[int, Session]:
    return state.sessions_of(event.persons)


def added_audience(state: State, event: PeopleAdded) -> dict[int, Session]:
    return {**state.rooms[event.room].listeners, **state.sessions_of(event.persons)}


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    Converse: converse,
    AddPeople: add_people,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    ConversationBegun: EventRule(begun, begun_audience),
    PeopleAdded: EventRule(nothing_changes, added_audience),
}
