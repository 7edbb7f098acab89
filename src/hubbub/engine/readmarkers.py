"""Read markers: the time up to which a person has read a room or conversation, shared by their clients."""

from typing import Final

from .event import Answer, Command, Event, Request
from .ids import time_of
from .refusals import NotPresent
from .rules import EventRule, Rule
from .state import Session, State, User

MARKERS_MAX: Final = 1000
"""The most markers of one person; the one of the conversation read longest ago makes room."""


class MarkRead(Command, frozen=True):
    """`place` is a room's id or a person's; `at` is the time of the last message read, milliseconds since the epoch."""

    place: int
    name: str
    at: int


class ReadMarked(Event, frozen=True):
    """Shown to the person's own sessions alone. `name` is the room's with `#`, or the other person's."""

    person: int
    place: int
    name: str
    until: int
    lasting: bool
    forgotten: int
    """The place whose marker makes way, if one has to."""


def read_until(state: State, user: User, place: int) -> int | None:
    """Up to when somebody has read: what was said in a room before they were in it is no news. None for a person
    with whom nothing was read yet.

    Whoever joined while the clock was ahead has read up to where it was set right.
    """
    if place in user.read or place not in user.rooms:
        return user.read.get(place)
    since = user.rooms[place].members[user.person].since
    return min(map(time_of, (since, *(first for first in state.eras if since < first))))


def mark_read(state: State, request: Request, command: MarkRead) -> Answer:
    """read-marker: "The last read timestamp of a target MUST only ever increase". Nothing is read before it is said."""
    user = state.user(request.session)
    if user is None:
        return NotPresent()
    until = min(command.at, max(request.at, time_of(request.id)))
    before = read_until(state, user, command.place)
    if before is not None and until <= before:
        return []
    lasting = user.account is not None
    return [
        ReadMarked(
            request.id,
            user.person,
            command.place,
            command.name,
            until,
            lasting,
            _forgotten(user, command.place),
        )
    ]


def _forgotten(user: User, place: int) -> int:
    is_full = len(user.read) >= MARKERS_MAX and place not in user.read
    return min(user.read, key=lambda other: (user.read[other], other)) if is_full else 0


def read_marked(state: State, event: ReadMarked) -> None:
    user = state.users[event.person]
    user.read.pop(event.forgotten, None)
    user.read[event.place] = event.until


def own_see(state: State, event: ReadMarked) -> dict[int, Session]:
    return state.users[event.person].sessions


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    MarkRead: mark_read,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    ReadMarked: EventRule(read_marked, own_see),
}
