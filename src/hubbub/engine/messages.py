"""Messages: said in a room, or privately to somebody, whether present or away."""

from dataclasses import dataclass
from enum import Enum

from .event import SERVER, Answer, Ask, Command, Event, Origin
from .names import fold
from .policy import RANKS, may_speak, rank
from .refusals import NothingSaid, NotPresent, RoomUnknown, UserUnknown
from .state import Role, Session, State, User
from .text import clean, cut

Tags = tuple[tuple[str, str], ...]
"""Client-only tags (their names begin with `+`), in the order in which they came."""


class Kind(Enum):
    """What sort of message: said by a person, a notice that nothing answers, or tags alone."""

    MESSAGE = "message"
    NOTICE = "notice"
    TAGS = "tags"


@dataclass(frozen=True, slots=True)
class SayInRoom(Command):
    """`to_rank` is one of `qaohv` if only members of at least that rank shall see it."""

    room: str
    text: str
    kind: Kind = Kind.MESSAGE
    tags: Tags = ()
    to_rank: str = ""


@dataclass(frozen=True, slots=True)
class SayPrivately(Command):
    to: str
    text: str
    kind: Kind = Kind.MESSAGE
    tags: Tags = ()


@dataclass(frozen=True, slots=True)
class MessageSaid(Event):
    """`cut` tells that the text was longer than the limit and its end is lost."""

    by: Origin
    room: int
    room_name: str
    text: str
    kind: Kind = Kind.MESSAGE
    tags: Tags = ()
    to_rank: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class PrivateSaid(Event):
    by: Origin
    to: int
    to_name: str
    text: str
    kind: Kind = Kind.MESSAGE
    tags: Tags = ()
    cut: bool = False


def tell(event_id: int, person: int, name: str, text: str) -> PrivateSaid:
    """The server's word to somebody; it is there when they come back if they are away."""
    return PrivateSaid(event_id, SERVER, person, name, text, Kind.NOTICE)


def say_in_room(state: State, ask: Ask, command: SayInRoom) -> Answer:
    room = state.rooms.get(state.room_names.get(fold(command.room), 0))
    actor = state.actor(ask)
    if actor is None:
        return NotPresent()
    if room is None:
        return RoomUnknown(command.room)
    if refusal := may_speak(room, actor):
        return refusal
    text, was_cut = cut(clean(command.text), state.rules.message_bytes)
    if not text and command.kind is not Kind.TAGS:
        return NothingSaid()
    name = room.name.text
    return [
        MessageSaid(
            ask.id, actor.origin, room.id, name, text, command.kind, command.tags, command.to_rank, was_cut
        )
    ]


def say_privately(state: State, ask: Ask, command: SayPrivately) -> Answer:
    actor = state.actor(ask)
    if actor is None:
        return NotPresent()
    person = state.person_named(command.to)
    if person is None:
        return UserUnknown(command.to)
    text, was_cut = cut(clean(command.text), state.rules.message_bytes)
    if not text and command.kind is not Kind.TAGS:
        return NothingSaid()
    name = state.name_of(person)
    return [PrivateSaid(ask.id, actor.origin, person, name, text, command.kind, command.tags, was_cut)]


def may_reread(state: State, user: User, event: Event) -> bool:
    """Whether a message from the history is for this user: what was said to operators alone is so later too."""
    if not isinstance(event, MessageSaid) or not event.to_rank:
        return True
    if user.role >= Role.ADMIN or event.by.person == user.person:
        return True
    room = state.rooms.get(event.room)
    member = room.members.get(user.person) if room else None
    return member is not None and rank(member.modes) >= rank(event.to_rank)


def nothing_changes(state: State, event: Event) -> None:
    """What is said leaves the state as it is."""


def said_sees(state: State, event: MessageSaid) -> dict[int, Session]:
    room = state.rooms[event.room]
    if not event.to_rank:
        return room.listeners
    least = len(RANKS) - RANKS.index(event.to_rank)
    high = [member.person for member in room.members.values() if rank(member.modes) >= least]
    return state.sessions_of([*high, event.by.person])


def private_sees(state: State, event: PrivateSaid) -> dict[int, Session]:
    """The one it is for, and the sender's own sessions."""
    return state.sessions_of([event.to, event.by.person])
