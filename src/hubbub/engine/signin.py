"""Signing in: before coming in, as a guest, or where the account is present already."""

from collections.abc import Iterator
from itertools import count
from typing import Final

from msgspec.structs import replace

from .away import away_together
from .entering import SessionEntered, SignedInAlready, may_sign_in
from .event import Answer, Command, Event, Origin, Request
from .membership import MemberAppeared
from .metadata import telling
from .nicks import making_way, renaming
from .refusals import NotPresent, Refusal
from .rules import EventRule, Rule
from .sessions import departing
from .state import PASSWORD, Account, Session, State, User


class SignIn(Command, frozen=True):
    """The asking session has proved that it may use this account: by the password, or a token with this digest."""

    account: int
    proof: str = PASSWORD


class SessionSignedIn(Event, frozen=True):
    """A session that has not come in yet is signed in to an account."""

    session: int
    account: int
    name: str
    proof: str = PASSWORD


class UserSignedIn(Event, frozen=True):
    """A guest has become an account's user.

    `memberships` are the guest's rooms, modes, and since when (an id); they last from now on.
    """

    before: Origin
    origin: Origin
    memberships: tuple[tuple[int, str, int], ...]
    proof: str = PASSWORD


class ServerPasswordNeeded(Refusal, frozen=True):
    def __str__(self) -> str:
        return "This server has a password. Log in to an account instead: login NAME PASSWORD"


class SignInFailed(Refusal, frozen=True):
    """Said alike for an unknown account and a wrong password: a stranger can't find out which accounts there are."""

    def __str__(self) -> str:
        return "The name or the password is wrong. Try again."


class TooManyAttempts(Refusal, frozen=True):
    wait_seconds: int

    def __str__(self) -> str:
        return f"Too many attempts. Try again in {self.wait_seconds} seconds."


class TooManyWaiting(Refusal, frozen=True):
    """Proving a password takes a while, and so many of them wait already that this one is not begun."""

    def __str__(self) -> str:
        return "Too many people are signing in at the moment. Try again in a few seconds."


def sign_in(state: State, request: Request, command: SignIn) -> Answer:
    """Three ways: before coming in; a guest becomes the account's user; or the session goes over to its user.

    Who is in can't change to another account; signing in to the same one again changes nothing.
    """
    session = state.sessions.get(request.session)
    account = state.accounts.get(command.account)
    if session is None or account is None:
        return NotPresent()
    if refusal := may_sign_in(state, account, request.at):
        return refusal
    if session.account == account.id:
        return []
    if session.account and session.person:
        return SignedInAlready(state.accounts[session.account].name.text)
    ids = count(request.id)
    guest = state.users.get(session.person)
    if guest is None:
        return [SessionSignedIn(request.id, session.id, account.id, account.name.text, command.proof)]
    if account.id in state.users:
        return list(_go_over(state, ids, session, guest, account, command.proof))
    return list(_become(state, ids, guest, account, command.proof))


def _go_over(
    state: State, ids: Iterator[int], session: Session, guest: User, account: Account, proof: str
) -> Iterator[Event]:
    left = tuple(room.name.text for room in guest.rooms.values() if room.id not in account.rooms)
    yield from departing(state, ids, guest, f"Signed in as {account.name}")
    user = state.users[account.id]
    yield SessionEntered(
        next(ids),
        session.id,
        account.id,
        user.nick.text,
        was=guest.origin,
        left=left,
        away=session.away,
        supports_read_marker=session.supports_read_marker,
        proof=proof,
    )
    yield from away_together(ids, user, [*(own.away for own in user.sessions.values()), session.away])


def _become(state: State, ids: Iterator[int], guest: User, account: Account, proof: str) -> Iterator[Event]:
    operator = guest.origin.operator or bool(account.role)
    origin = replace(guest.origin, person=account.id, account=account.name.text, operator=operator)
    kept = tuple(
        (room.id, _higher(guest_member.modes, account, room.id), guest_member.since)
        for room in guest.rooms.values()
        for guest_member in [room.members[guest.person]]
    )
    yield UserSignedIn(next(ids), guest.origin, origin, kept, proof)
    if guest.nick.text != account.name.text:
        if guest.nick.key != account.name.key:
            yield from making_way(state, ids, account.name)
        renamed = replace(guest, person=account.id, origin=origin)
        yield from renaming(state, ids, renamed, account.name)
        origin = replace(origin, nick=account.name.text)
    for room in account.rooms.values():
        if room.id not in guest.rooms:
            modes = room.members[account.id].modes
            yield MemberAppeared(next(ids), origin, room.id, room.name.text, modes)
            yield from telling(ids, account.id, account.metadata, room, origin.nick)


def _higher(modes: str, account: Account, room: int) -> str:
    """The higher of the account's and the guest's modes in a room."""
    if found := account.rooms.get(room):
        return found.members[account.id].modes or modes
    return modes


def session_signed_in(state: State, event: SessionSignedIn) -> None:
    session = state.sessions[event.session]
    session.account, session.proof = event.account, event.proof


def user_signed_in(state: State, event: UserSignedIn) -> None:
    user = state.users.pop(event.before.person)
    account = state.accounts[event.origin.person]
    state.users[account.id] = user
    state.nicks[user.nick.key] = account.id
    state.nick_looks.leave(user.nick.text, event.before.person)
    state.nick_looks.enter(user.nick.text, account.id)
    user.person, user.origin, user.account = account.id, event.origin, account
    state.set_modes(user, user.modes + ("o" if account.role and "o" not in user.modes else ""))
    modes_kept = {room: modes for room, modes, _ in event.memberships}
    for room in user.rooms.values():
        member = room.members.pop(event.before.person)
        member = room.members.get(account.id, member)
        member.person, member.modes = account.id, modes_kept.get(room.id, member.modes)
        room.members[account.id] = member
        account.rooms[room.id] = room
    user.rooms, user.read, user.metadata = account.rooms, account.read, account.metadata
    for session in user.sessions.values():
        session.person = session.account = account.id
        session.proof = event.proof


def signed_in_audience(state: State, event: UserSignedIn) -> dict[int, Session]:
    return state.acquaintances(state.users[event.origin.person])


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    SignIn: sign_in,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    SessionSignedIn: EventRule(session_signed_in),
    UserSignedIn: EventRule(user_signed_in, signed_in_audience),
}
