"""Metadata: what people let others know of themselves and of rooms, under keys, and who wants to hear of which."""

import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Final

from hubbub.text import clean, plain

from .event import Answer, Command, Event, Origin, Request
from .name_policy import may_be_shown_as
from .policy import OPERATOR, rank_in
from .refusals import NotPresent, Refusal
from .rules import EventRule, Rule, nothing_changes
from .state import Account, Actor, Role, Room, Session, State, User

KEYS_MAX: Final = 50
KEY_BYTES_MAX: Final = 64
VALUE_BYTES_MAX: Final = 300
SUBSCRIPTIONS_MAX: Final = 100

SHOWN_NAME: Final = "display-name"
"""By which clients show a user in the place of the nickname."""

_KEY: Final = re.compile(r"[a-z0-9_./-]+")


class SetMetadata(Command, frozen=True):
    """`owner` is a room's id or a person's; without a value the key is removed."""

    owner: int
    key: str
    value: str | None


class ClearMetadata(Command, frozen=True):
    owner: int


class Subscribe(Command, frozen=True):
    """Subscribe a session to keys; allowed before registration."""

    keys: tuple[str, ...]


class Unsubscribe(Command, frozen=True):
    keys: tuple[str, ...]


class MetadataSet(Event, frozen=True):
    """`value` is None for a key that was removed. `session` has asked for it and is answered in its own way."""

    by: Origin
    session: int
    owner: int
    name: str
    key: str
    value: str | None
    lasting: bool
    is_absent: bool = False
    """The owner is an account that is not connected."""


class MetadataTold(Event, frozen=True):
    """The metadata of a user who joins a room, for its members."""

    person: int
    nick: str
    room: int
    key: str
    value: str


class Subscribed(Event, frozen=True):
    session: int
    keys: tuple[str, ...]


class Unsubscribed(Event, frozen=True):
    session: int
    keys: tuple[str, ...]


class MetadataKeyInvalid(Refusal, frozen=True):
    key: str

    def __str__(self) -> str:
        return "This key is not valid. A key consists of a-z, 0-9 and _ . / -"


class MetadataNotPermitted(Refusal, frozen=True):
    target: str
    key: str

    def __str__(self) -> str:
        return "You can set this only for yourself and for rooms of which you are an operator."


class MetadataNotSet(Refusal, frozen=True):
    target: str
    key: str

    def __str__(self) -> str:
        return "This key is not set."


class MetadataFull(Refusal, frozen=True):
    target: str
    limit: int

    def __str__(self) -> str:
        return f"You can set at most {self.limit} keys. Remove some first."


class MetadataNameOfAnother(Refusal, frozen=True):
    """A name to be shown by that is somebody else's, or speaks for the server, or looks as if."""

    key: str

    def __str__(self) -> str:
        return "This display name is taken or reserved. Choose another one."


class MetadataValueTooLong(Refusal, frozen=True):
    key: str
    bytes_max: int

    def __str__(self) -> str:
        return f"A value may have at most {self.bytes_max} bytes. Send a shorter one."


def is_key(text: str) -> bool:
    """metadata: "Key names are restricted to the ranges `a-z`, `0-9`, and `_./-`. The empty string is" none."""
    return len(text) <= KEY_BYTES_MAX and _KEY.fullmatch(text) is not None


def values_of(state: State, owner: int) -> Mapping[str, str] | None:
    """The metadata of a room or a person; None if there is neither."""
    holder = _holder(state, owner)
    return None if holder is None else holder.metadata


def name_of(state: State, owner: int) -> str:
    """The IRC name of a room or a person."""
    room = state.rooms.get(owner)
    return f"#{room.name}" if room else state.name_of(owner)


def _holder(state: State, owner: int) -> Room | User | Account | None:
    return state.rooms.get(owner) or state.users.get(owner) or state.accounts.get(owner)


def fault(key: str, value: str | None, held: Mapping[str, str], target: str) -> Refusal | None:
    """The refusal of a value beside those already set, whoever the target is."""
    if not is_key(key):
        return MetadataKeyInvalid(key)
    if value is None:
        return None if key in held else MetadataNotSet(target, key)
    if len(value.encode()) > VALUE_BYTES_MAX:
        return MetadataValueTooLong(key, VALUE_BYTES_MAX)
    return MetadataFull(target, KEYS_MAX) if key not in held and len(held) >= KEYS_MAX else None


def written(key: str, value: str) -> str:
    """A value as others may see it; a name to be shown has nothing in it, nor around it, that is not seen."""
    return plain(value).strip() if key == SHOWN_NAME else clean(value)


def set_metadata(state: State, request: Request, command: SetMetadata) -> Answer:
    if not is_key(command.key):
        return MetadataKeyInvalid(command.key)
    found = _settable(state, request, command.owner, command.key)
    if isinstance(found, Refusal):
        return found
    actor, holder = found
    name = name_of(state, command.owner)
    if refusal := fault(command.key, command.value, holder.metadata, name):
        return refusal
    value = None if command.value is None else written(command.key, command.value)
    if _shows_another(state, command.owner, command.key, value, gives_titles=actor.role >= Role.ADMIN):
        return MetadataNameOfAnother(command.key)
    return [_set(request.id, request.session, actor.origin, state, command.owner, command.key, value)]


def _shows_another(state: State, owner: int, key: str, value: str | None, gives_titles: bool = False) -> bool:
    """Whether a value would show a person under another's name."""
    if key != SHOWN_NAME or not value or owner in state.rooms:
        return False
    # Spaces may be as narrow as one likes: names are compared without any.
    return not may_be_shown_as(state, "".join(value.split()), owner, gives_titles)


def _set(
    event_id: int, session: int, by: Origin, state: State, owner: int, key: str, value: str | None
) -> MetadataSet:
    lasting = owner in state.rooms or owner in state.accounts
    is_absent = owner in state.accounts and owner not in state.users
    return MetadataSet(event_id, by, session, owner, name_of(state, owner), key, value, lasting, is_absent)


def clear_metadata(state: State, request: Request, command: ClearMetadata) -> Answer:
    found = _settable(state, request, command.owner, "*")
    if isinstance(found, Refusal):
        return found
    actor, holder = found
    ids = count(request.id)
    return [
        _set(next(ids), request.session, actor.origin, state, command.owner, key, None)
        for key in holder.metadata
    ]


def _settable(
    state: State, request: Request, owner: int, key: str
) -> tuple[Actor, Room | User | Account] | Refusal:
    actor = state.actor(request)
    holder = _holder(state, owner)
    if actor is None or holder is None:
        return NotPresent()
    if isinstance(holder, Room) and holder.conversation:
        is_in = actor.origin.person in holder.members
        return (actor, holder) if is_in else MetadataNotPermitted(name_of(state, owner), key)
    if actor.role >= Role.ADMIN or owner == actor.origin.person:
        return actor, holder
    if isinstance(holder, Room) and rank_in(holder, actor) >= OPERATOR:
        return actor, holder
    return MetadataNotPermitted(name_of(state, owner), key)


def brought(
    state: State,
    ids: Iterator[int],
    session: int,
    origin: Origin,
    wanted: Mapping[str, str],
    held: Mapping[str, str],
) -> Iterator[MetadataSet]:
    """The metadata that a client set before registration, as far as it fits."""
    room = KEYS_MAX - len(held)
    for key, text in wanted.items():
        value = written(key, text)
        if key not in held:
            room -= 1
        if (
            room >= 0
            and not fault(key, value, {}, "")
            and not _shows_another(state, origin.person, key, value)
        ):
            lasting = origin.account is not None
            yield MetadataSet(next(ids), origin, session, origin.person, origin.nick, key, value, lasting)


def telling(
    ids: Iterator[int], person: int, held: Mapping[str, str], room: Room, nick: str
) -> Iterator[MetadataTold]:
    """The event about a joining user's metadata, if any member subscribes to it."""
    for key, value in held.items():
        if any(key in session.subscriptions for session in room.listeners.values()):
            yield MetadataTold(next(ids), person, nick, room.id, key, value)


def subscribe(state: State, request: Request, command: Subscribe) -> Answer:
    """As many as there is place for; which ones is known from the event."""
    session = state.sessions.get(request.session)
    if session is None:
        return NotPresent()
    room = SUBSCRIPTIONS_MAX - len(session.subscriptions)
    new = [key for key in dict.fromkeys(command.keys) if is_key(key) and key not in session.subscriptions]
    return [Subscribed(request.id, session.id, tuple(new[:room]))] if new[:room] else []


def unsubscribe(state: State, request: Request, command: Unsubscribe) -> Answer:
    session = state.sessions.get(request.session)
    if session is None:
        return NotPresent()
    gone = tuple(key for key in dict.fromkeys(command.keys) if key in session.subscriptions)
    return [Unsubscribed(request.id, session.id, gone)] if gone else []


def metadata_set(state: State, event: MetadataSet) -> None:
    holder = _holder(state, event.owner)
    assert holder is not None, "it was there when it was decided"
    if event.value is None:
        holder.metadata.pop(event.key, None)
    else:
        holder.metadata[event.key] = event.value


def subscribed(state: State, event: Subscribed) -> None:
    state.sessions[event.session].subscriptions.update(dict.fromkeys(event.keys))


def unsubscribed(state: State, event: Unsubscribed) -> None:
    for key in event.keys:
        del state.sessions[event.session].subscriptions[key]


def set_audience(state: State, event: MetadataSet) -> dict[int, Session]:
    """The subscribers of a key among those who share a room with the person, monitor them, or are in the room."""
    holder = _holder(state, event.owner)
    if isinstance(holder, User):
        near = {**state.neighbours(holder), **state.watchers.get(holder.nick.key, {})}
    elif isinstance(holder, Account):
        near = state.neighbours(state.absent(holder))
    else:
        near = holder.listeners if holder else {}
    return _listening(near, event.key, event.session)


def told_audience(state: State, event: MetadataTold) -> dict[int, Session]:
    own = state.users[event.person].sessions
    near = state.rooms[event.room].listeners
    return _listening({number: near[number] for number in near if number not in own}, event.key, 0)


def _listening(near: Mapping[int, Session], key: str, but: int) -> dict[int, Session]:
    return {
        number: session for number, session in near.items() if number != but and key in session.subscriptions
    }


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    SetMetadata: set_metadata,
    ClearMetadata: clear_metadata,
    Subscribe: subscribe,
    Unsubscribe: unsubscribe,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    MetadataSet: EventRule(metadata_set, set_audience),
    MetadataTold: EventRule(nothing_changes, told_audience),
    Subscribed: EventRule(subscribed),
    Unsubscribed: EventRule(unsubscribed),
}
