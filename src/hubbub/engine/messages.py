"""Messages: to a room, or privately to a person, connected or not."""

from enum import Enum
from typing import Any, Final

from msgspec import Struct

from hubbub.text import clean, cut, shows

from .event import SERVER, Answer, Command, Event, Origin, Request
from .ids import parse_msgid
from .names import fold
from .policy import RoomUnknown, may_know, may_say, may_write_to, rank
from .refusals import NotPresent, Refusal, UserUnknown
from .rules import EventRule, Rule
from .state import Role, Room, Session, State, User

Tags = tuple[tuple[str, str], ...]
"""Client-only tags (their names begin with `+`), in the order in which they came."""


REPLY_TAGS: Final = ("+reply", "+draft/reply")
REACTION_TAGS: Final = ("+draft/react", "+draft/unreact")

Joints = tuple[int, ...]
"""Offsets in a text, growing: where a line was split only because it was too long for one."""


NONCES_MAX: Final = 10_000
"""The number of latest messages known by their nonces; the history is asked about earlier ones."""


class Nonce(Struct, frozen=True):
    """A client's name for a message that must appear once, however often it is sent.

    `again` tells that it was sent before, on a connection that ended before an answer came.
    """

    text: str
    again: bool = False


class MessageKind(Enum):
    """What sort of message: said by a person, a notice that nothing answers, or tags alone."""

    MESSAGE = "message"
    NOTICE = "notice"
    TAGS = "tags"


class SayInRoom(Command, frozen=True):
    """`to_rank` is one of `qaohv` if only members of at least that rank shall see it.

    A text may have several lines; `line_breaks` are the places where the sender's client has split a long line.
    """

    room: str
    text: str
    kind: MessageKind = MessageKind.MESSAGE
    tags: Tags = ()
    to_rank: str = ""
    line_breaks: Joints = ()
    nonce: Nonce | None = None


class SayPrivately(Command, frozen=True):
    to: str
    text: str
    kind: MessageKind = MessageKind.MESSAGE
    tags: Tags = ()
    line_breaks: Joints = ()
    nonce: Nonce | None = None


class MessageSaid(Event, frozen=True):
    """`cut` tells that the text was longer than the limit and its end is lost.

    Read from the history, `edited` is the id of its last edit, and of one that was deleted (`redacted`) nothing is
    left but who said it and when.
    """

    by: Origin
    room: int
    room_name: str
    text: str
    kind: MessageKind = MessageKind.MESSAGE
    tags: Tags = ()
    to_rank: str = ""
    cut: bool = False
    line_breaks: Joints = ()
    edited: int = 0
    redacted: bool = False
    nonce: Nonce | None = None


class PrivateSaid(Event, frozen=True):
    """Said by one person to another; the rest is as in `MessageSaid`."""

    by: Origin
    to: int
    to_name: str
    text: str
    kind: MessageKind = MessageKind.MESSAGE
    tags: Tags = ()
    cut: bool = False
    line_breaks: Joints = ()
    edited: int = 0
    redacted: bool = False
    nonce: Nonce | None = None


class NothingSaid(Refusal, frozen=True):
    def __str__(self) -> str:
        return "The message is empty. Write some text."


SAID: Final = (MessageSaid, PrivateSaid)


def tell(event_id: int, person: int, name: str, text: str) -> PrivateSaid:
    """A notice from the server to a person; it waits if they are away."""
    return PrivateSaid(event_id, SERVER, person, name, text, MessageKind.NOTICE)


def say_in_room(state: State, request: Request, command: SayInRoom) -> Answer:
    actor = state.actor(request)
    if actor is None:
        return NotPresent()
    room = state.rooms.get(state.room_names.get(fold(command.room), 0))
    if room is None or not may_know(room, actor):
        return RoomUnknown(command.room)
    if refusal := may_say(room, actor, command.text):
        return refusal
    text, was_cut = written(state, command.text, command.line_breaks)
    if not text and command.kind is not MessageKind.TAGS:
        return NothingSaid()
    if _was_said(state, command.nonce):
        return []
    kind, tags, to_rank = command.kind, command.tags, command.to_rank
    line_breaks, nonce = command.line_breaks, command.nonce
    return [
        MessageSaid(
            *(
                request.id,
                actor.origin,
                room.id,
                room.name.text,
                text,
                kind,
                tags,
                to_rank,
                was_cut,
                line_breaks,
            ),
            nonce=nonce,
        )
    ]


def _was_said(state: State, nonce: Nonce | None) -> bool:
    """Whether it came before, over whatever connection: then nothing happens."""
    return nonce is not None and nonce.text in state.nonces


def written(state: State, text: str, line_breaks: Joints = ()) -> tuple[str, bool]:
    """The text as others may see it, line by line, and whether its end had to be cut off; empty if it says nothing."""
    if not line_breaks and "\n" not in text:
        line = clean(text)
        return cut(line, state.rules.message_bytes) if shows(line) else ("", False)
    lines = [clean(line) for line in text.split("\n")]
    kept = lines[: state.rules.multiline_lines]
    if not any(map(shows, kept)):
        return "", False
    whole, was_cut = cut("\n".join(kept), state.rules.multiline_bytes)
    return whole, was_cut or len(kept) < len(lines)


def say_privately(state: State, request: Request, command: SayPrivately) -> Answer:
    actor = state.actor(request)
    if actor is None:
        return NotPresent()
    person = state.person_named(command.to)
    if person is None:
        return UserUnknown(command.to)
    if refusal := may_write_to(state, actor, person):
        return refusal
    text, was_cut = written(state, command.text, command.line_breaks)
    if not text and command.kind is not MessageKind.TAGS:
        return NothingSaid()
    if _was_said(state, command.nonce):
        return []
    name, kind, tags = state.name_of(person), command.kind, command.tags
    line_breaks, nonce = command.line_breaks, command.nonce
    return [
        PrivateSaid(
            request.id, actor.origin, person, name, text, kind, tags, was_cut, line_breaks, nonce=nonce
        )
    ]


def parent_of(tags: Tags) -> int | None:
    """The id of the message that another one with these tags answers, if it does."""
    return next((parse_msgid(value) for key, value in tags if key in REPLY_TAGS), None)


def reaction_of(tags: Tags) -> tuple[str, str] | None:
    """The tag and value of a reaction, or of its removal."""
    return next(((key, value) for key, value in tags if key in REACTION_TAGS), None)


def may_reread(state: State, user: User, event: Event) -> bool:
    """Whether a message from the history is for this user: what was said to operators alone is so later too.

    In a guests' room, which anybody may come to look after, it is for those of them who were in it then.
    """
    to_rank = getattr(event, "to_rank", "")
    if not to_rank:
        return True
    happened: Any = event
    if user.role >= Role.ADMIN or happened.by.person == user.person:
        return True
    room = state.rooms.get(happened.room)
    return room is not None and has_rank_since(room, user.person, happened.id, to_rank)


def has_rank_since(room: Room, person: int, message: int, to_rank: str) -> bool:
    """Whether a member of a room has the rank for which a message was; of a guests' room, one who was in it then."""
    member = room.members.get(person)
    if member is None or (not room.kept and message < member.since):
        return False
    return rank(member.modes) >= rank(to_rank)


def remember_nonce(state: State, event: MessageSaid | PrivateSaid) -> None:
    """Apply a message, which changes only the nonces."""
    if event.nonce is not None:
        state.nonces[event.nonce.text] = event.id
        if len(state.nonces) > NONCES_MAX:
            del state.nonces[next(iter(state.nonces))]


def said_audience(state: State, event: MessageSaid) -> dict[int, Session]:
    room = state.rooms[event.room]
    return room.listeners if not event.to_rank else of_rank(state, room, event.to_rank, event.by)


def of_rank(state: State, room: Room, to_rank: str, by: Origin) -> dict[int, Session]:
    """The sessions of the members of at least this rank, and of the author."""
    least = rank(to_rank)
    high = [member.person for member in room.members.values() if rank(member.modes) >= least]
    return state.sessions_of([*high, by.person])


def private_audience(state: State, event: PrivateSaid) -> dict[int, Session]:
    """The one it is for, and the sender's own sessions."""
    return state.sessions_of([event.to, event.by.person])


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    SayInRoom: say_in_room,
    SayPrivately: say_privately,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    MessageSaid: EventRule(remember_nonce, said_audience),
    PrivateSaid: EventRule(remember_nonce, private_audience),
}
