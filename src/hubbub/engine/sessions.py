"""Connections: opened, and ended for whatever cause."""

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Final

from hubbub.addresses import one_form

from .away import away_together
from .bans import address_kept_out
from .entering import SeenNoted
from .event import Answer, Command, Event, Origin, Request
from .membership import take_out, vanishing
from .monitors import vanished
from .refusals import NotPresent, Refusal
from .rules import EventRule, Rule
from .state import Departure, Session, State, User


class Connect(Command, frozen=True):
    """A connection was made; `face` is how it speaks: irc or netcat. The asking session is the new one's id.

    `fingerprint` is the SHA-256 of its client's certificate, in hexadecimal digits; empty for none.
    """

    address: str
    port: int
    secure: bool
    face: str
    fingerprint: str = ""


class Disconnect(Command, frozen=True):
    """A connection has ended or is to end. `seen` is the last id that surely reached it; 0 if all that was shown."""

    reason: str
    seen: int = 0


class ComeThrough(Command, frozen=True):
    """The session's client is really elsewhere, says the gateway through which it comes."""

    gateway: str
    address: str
    port: int
    secure: bool
    fingerprint: str = ""


class SessionOpened(Event, frozen=True):
    session: int
    address: str
    port: int
    secure: bool
    face: str
    fingerprint: str


class SessionMoved(Event, frozen=True):
    session: int
    address: str
    port: int
    secure: bool
    fingerprint: str
    face: str


class SessionEnded(Event, frozen=True):
    """Shown to the session itself as the last thing it gets; `by` is the moderator who ended it, if one did.

    `is_revoked` if it may not come back by itself: somebody has to sign in anew.
    """

    session: int
    name: str
    address: str
    reason: str
    by: Origin | None = None
    is_revoked: bool = False


class UserLeft(Event, frozen=True):
    """A user's last session is gone.

    `seen` is up to which id an account's user has been shown everything; 0 if that is not known from this session.
    """

    origin: Origin
    reason: str
    seen: int


class NotSecure(Refusal, frozen=True):
    """The connection is in clear and comes from another machine."""

    how: str

    def __str__(self) -> str:
        return f"This server accepts passwords and messages only over an encrypted connection. {self.how}"


def connect(state: State, request: Request, command: Connect) -> Answer:
    address = one_form(command.address)
    if refusal := address_kept_out(state, address, request.at):
        return refusal
    return [
        SessionOpened(
            request.id,
            request.session,
            address,
            command.port,
            command.secure,
            command.face,
            command.fingerprint,
        )
    ]


def disconnect(state: State, request: Request, command: Disconnect) -> Answer:
    session = state.sessions.get(request.session)
    if session is None:
        return []
    return list(end(state, count(request.id), [session], command.reason, command.seen))


def end(
    state: State,
    ids: Iterator[int],
    sessions: list[Session],
    reason: str,
    seen: int = 0,
    by: Origin | None = None,
    is_revoked: bool = False,
) -> Iterator[Event]:
    """The events that end these sessions of one user (or of none); the user leaves with the last one."""
    user = state.users.get(sessions[0].person) if sessions else None
    if user and len(sessions) == len(user.sessions):
        yield from departing(state, ids, user, reason, seen)
    elif user:
        yield from _fewer(ids, user, sessions, seen)
    for session in sessions:
        name = user.nick.text if user else ""
        yield SessionEnded(next(ids), session.id, name, session.address, reason, by, is_revoked)


def end_all(
    state: State, ids: Iterator[int], sessions: Iterable[Session], reason: str, is_revoked: bool = False
) -> Iterator[Event]:
    """The same for sessions of anybody: by user, so that each user leaves with the last of theirs."""
    by_person: dict[int, list[Session]] = {}
    for session in sessions:
        by_person.setdefault(session.person or -session.id, []).append(session)
    for together in by_person.values():
        yield from end(state, ids, together, reason, is_revoked=is_revoked)


def _fewer(ids: Iterator[int], user: User, ended: list[Session], seen: int) -> Iterator[Event]:
    """The events for a user of whom some sessions end and others stay."""
    gone = {session.id for session in ended}
    if user.account and not all(session.supports_read_marker for session in ended):
        here = next(ids)
        yield SeenNoted(here, ((user.account.id, max(user.account.seen, seen or here)),))
    yield from away_together(ids, user, [own.away for own in user.sessions.values() if own.id not in gone])


def departing(state: State, ids: Iterator[int], user: User, reason: str, seen: int = 0) -> Iterator[Event]:
    """The events of a user leaving, and with a guest the rooms left empty."""
    here = next(ids)
    # What a client has shown that tells what was read, its person need not have read.
    all_mark = all(session.supports_read_marker for session in user.sessions.values())
    yield UserLeft(here, user.origin, reason, 0 if all_mark else seen or here)
    if user.account is None:
        for room in user.rooms.values():
            yield from vanishing(ids, state, room)
    yield from vanished(state, ids, user.nick)


def opened(state: State, event: SessionOpened) -> None:
    state.sessions[event.session] = Session(
        event.session,
        event.address,
        event.port,
        event.secure,
        event.face,
        since=event.at,
        fingerprint=event.fingerprint,
    )


def move(state: State, request: Request, command: ComeThrough) -> Answer:
    """Change a session's address, before registration only: others may already have seen it later."""
    session = state.sessions.get(request.session)
    if session is None or session.person:
        return NotPresent()
    address = one_form(command.address)
    if refusal := address_kept_out(state, address, request.at):
        return refusal
    where = (address, command.port, command.secure, command.fingerprint)
    return [SessionMoved(request.id, session.id, *where, f"{session.face} through {command.gateway}")]


def moved(state: State, event: SessionMoved) -> None:
    session = state.sessions[event.session]
    session.address, session.port, session.secure = event.address, event.port, event.secure
    session.fingerprint, session.face = event.fingerprint, event.face


def ended(state: State, event: SessionEnded) -> None:
    session = state.sessions.pop(event.session, None)
    if session is None:
        return
    for key in state.watched.pop(session.id, {}):
        watchers = state.watchers[key]
        del watchers[session.id]
        if not watchers:
            del state.watchers[key]
    if user := state.users.get(session.person):
        state.census.clients -= user.sessions.pop(session.id, None) is not None
        for room in user.rooms.values():
            room.listeners.leave((session.id,))


def left(state: State, event: UserLeft) -> None:
    user = state.users.pop(event.origin.person)
    del state.nicks[user.nick.key]
    state.nick_looks.leave(user.nick.text, user.person)
    state.departed.append(Departure(user.origin, event.at))
    state.census.clients -= len(user.sessions)
    state.census.modes.subtract(user.modes)
    for room in list(user.rooms.values()):
        room.listeners.leave(user.sessions)
        if user.account is None:
            take_out(state, room, user.person, event.at)
    for own in user.sessions.values():
        own.person = 0
    if user.account:
        user.account.seen = max(user.account.seen, event.seen)
        user.account.left_at = event.at


def ended_audience(state: State, event: SessionEnded) -> dict[int, Session]:
    session = state.sessions.get(event.session)
    return {session.id: session} if session else {}


def left_audience(state: State, event: UserLeft) -> dict[int, Session]:
    """Everyone who shared a room, but not the user: their own sessions are told by `SessionEnded`."""
    user = state.users[event.origin.person]
    found = state.neighbours(user)
    for session in user.sessions:
        del found[session]
    return found


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    Connect: connect,
    ComeThrough: move,
    Disconnect: disconnect,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    SessionOpened: EventRule(opened),
    SessionMoved: EventRule(moved),
    SessionEnded: EventRule(ended, ended_audience, before=True),
    UserLeft: EventRule(left, left_audience, before=True),
}
