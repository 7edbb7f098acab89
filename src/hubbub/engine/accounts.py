"""Accounts: registered, signed in to, approved, with a credential and a role."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from .audit import record
from .event import Answer, Ask, Command, Event, Origin
from .membership import MemberAdded, MemberAppeared
from .metadata import telling
from .names import Nick
from .policy import may_take_nick, must_be
from .presence import SessionEntered, away_together, making_way, may_sign_in, renaming
from .refusals import (
    AccountExists,
    AccountUnknown,
    LastAdministrator,
    NotPresent,
    Refusal,
    RegistrationClosed,
    SignedInAlready,
)
from .sessions import departing
from .state import Account, Actor, Credential, Role, Session, State, User


@dataclass(frozen=True, slots=True)
class RegisterAccount(Command):
    """Make an account. From the console it is made whatever the policy, approved, and with the role given."""

    name: str
    credential: Credential
    role: Role = Role.MEMBER


@dataclass(frozen=True, slots=True)
class SignIn(Command):
    """The asking session has proved that it may use this account."""

    account: int


@dataclass(frozen=True, slots=True)
class SetCredential(Command):
    """A new password: one's own, or an administrator's act."""

    name: str
    credential: Credential


@dataclass(frozen=True, slots=True)
class ChangeRole(Command):
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class ApproveAccount(Command):
    """Let an account be used that waits for it (`registration = approval`)."""

    name: str


@dataclass(frozen=True, slots=True)
class GrantRole(Command):
    """The asking session has proved to be an operator of the settings (IRC's OPER): a role until the user leaves."""

    operator: str
    role: Role


@dataclass(frozen=True, slots=True)
class AccountRegistered(Event):
    account: int
    name: str
    credential: Credential
    role: Role
    approved: bool


@dataclass(frozen=True, slots=True)
class SessionSignedIn(Event):
    """A session that has not come in yet is signed in to an account."""

    session: int
    account: int
    name: str


@dataclass(frozen=True, slots=True)
class UserSignedIn(Event):
    """A guest has become an account's user.

    `memberships` are the guest's rooms, modes, and since when (an id); they last from now on.
    """

    before: Origin
    origin: Origin
    memberships: tuple[tuple[int, str, int], ...]


@dataclass(frozen=True, slots=True)
class CredentialSet(Event):
    account: int
    credential: Credential


@dataclass(frozen=True, slots=True)
class RoleChanged(Event):
    account: int
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class AccountApproved(Event):
    account: int
    name: str


@dataclass(frozen=True, slots=True)
class RoleGranted(Event):
    person: int
    nick: str
    role: Role


def may_register(state: State, ask: Ask, name: str) -> Nick | Refusal:
    """The name as it would be registered, or why not; asked before the slow hashing, and again after it."""
    policy = state.rules.registration
    actor = state.actor(ask)
    if policy in ("closed", "invitation") and not (actor and actor.role is Role.ADMIN):
        return RegistrationClosed(policy)
    nick = Nick.parse(name, state.rules.names)
    if isinstance(nick, Refusal):
        return nick
    if nick.key in state.account_names:
        return AccountExists(nick.text)
    user = state.user(ask.session)
    refusal = may_take_nick(state, nick, user.person if user else 0)
    return nick if refusal is None else refusal


def register(state: State, ask: Ask, command: RegisterAccount) -> Answer:
    nick = may_register(state, ask, command.name)
    if isinstance(nick, Refusal):
        return nick
    actor = state.actor(ask)
    by_staff = actor is not None and actor.role is Role.ADMIN
    approved = by_staff or state.rules.registration != "approval"
    role = command.role if by_staff else Role.MEMBER
    ids = count(ask.id)
    number = next(ids)
    events: list[Event] = [AccountRegistered(number, number, nick.text, command.credential, role, approved)]
    if welcome := state.room_named(state.rules.welcome_room):
        events.append(MemberAdded(next(ids), number, welcome.id, welcome.name.text, ""))
    if actor and by_staff:
        events.append(record(next(ids), actor, "register", nick.text, role.word))
    return events


def sign_in(state: State, ask: Ask, command: SignIn) -> Answer:
    """Three ways: before coming in; a guest becomes the account's user; or the session goes over to its user.

    Who is in can't change to another account; signing in to the same one again changes nothing.
    """
    session = state.sessions.get(ask.session)
    account = state.accounts.get(command.account)
    if session is None or account is None:
        return NotPresent()
    if refusal := may_sign_in(state, account, ask.at):
        return refusal
    if session.account == account.id:
        return []
    if session.account and session.person:
        return SignedInAlready(state.accounts[session.account].name.text)
    ids = count(ask.id)
    guest = state.users.get(session.person)
    if guest is None:
        return [SessionSignedIn(ask.id, session.id, account.id, account.name.text)]
    if account.id in state.users:
        return list(_go_over(state, ids, session, guest, account))
    return list(_become(state, ids, guest, account))


def _go_over(
    state: State, ids: Iterator[int], session: Session, guest: User, account: Account
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
        marks_reads=session.marks_reads,
    )
    yield from away_together(ids, user, [*(own.away for own in user.sessions.values()), session.away])


def _become(state: State, ids: Iterator[int], guest: User, account: Account) -> Iterator[Event]:
    operator = guest.origin.operator or bool(account.role)
    origin = replace(guest.origin, person=account.id, account=account.name.text, operator=operator)
    kept = tuple(
        (room.id, _higher(guest_member.modes, account, room.id), guest_member.since)
        for room in guest.rooms.values()
        for guest_member in [room.members[guest.person]]
    )
    yield UserSignedIn(next(ids), guest.origin, origin, kept)
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
    """What the account has in a room, else what the guest had."""
    if found := account.rooms.get(room):
        return found.members[account.id].modes or modes
    return modes


def set_credential(state: State, ask: Ask, command: SetCredential) -> Answer:
    actor = state.actor(ask)
    account = state.account_named(command.name)
    if actor is None:
        return NotPresent()
    own = actor.user is not None and account is not None and actor.user.account is account
    if not own and (refusal := must_be(actor, Role.ADMIN)):
        return refusal
    if account is None:
        return AccountUnknown(command.name)
    changed = CredentialSet(ask.id, account.id, command.credential)
    return [changed] if own else [changed, record(ask.id + 1, actor, "reset password", account.name.text)]


def change_role(state: State, ask: Ask, command: ChangeRole) -> Answer:
    found = _administered(state, ask, command.name)
    if isinstance(found, Refusal):
        return found
    actor, account = found
    admins = [other for other in state.accounts.values() if other.role is Role.ADMIN]
    if admins == [account] and command.role is not Role.ADMIN:
        return LastAdministrator()
    return [
        RoleChanged(ask.id, account.id, account.name.text, command.role),
        record(ask.id + 1, actor, "role", account.name.text, command.role.word),
    ]


def approve(state: State, ask: Ask, command: ApproveAccount) -> Answer:
    found = _administered(state, ask, command.name)
    if isinstance(found, Refusal):
        return found
    actor, account = found
    if account.approved:
        return []
    return [
        AccountApproved(ask.id, account.id, account.name.text),
        record(ask.id + 1, actor, "approve", account.name.text),
    ]


def _administered(state: State, ask: Ask, name: str) -> tuple[Actor, Account] | Refusal:
    actor = state.actor(ask)
    account = state.account_named(name)
    if actor is None:
        return NotPresent()
    if refusal := must_be(actor, Role.ADMIN):
        return refusal
    return (actor, account) if account else AccountUnknown(name)


def grant_role(state: State, ask: Ask, command: GrantRole) -> Answer:
    user = state.user(ask.session)
    if user is None:
        return NotPresent()
    actor = Actor(user.nick.text, user.role, user.origin, user)
    return [
        RoleGranted(ask.id, user.person, user.nick.text, command.role),
        record(ask.id + 1, actor, "oper", command.operator, command.role.word),
    ]


def registered(state: State, event: AccountRegistered) -> None:
    account = Account(
        event.account,
        Nick.known(event.name),
        event.credential,
        event.role,
        event.approved,
        seen=event.id,
    )
    state.accounts[account.id] = account
    state.account_names[account.name.key] = account.id


def session_signed_in(state: State, event: SessionSignedIn) -> None:
    state.sessions[event.session].account = event.account


def user_signed_in(state: State, event: UserSignedIn) -> None:
    user = state.users.pop(event.before.person)
    account = state.accounts[event.origin.person]
    state.users[account.id] = user
    state.nicks[user.nick.key] = account.id
    user.person, user.origin, user.account = account.id, event.origin, account
    user.set_modes(user.modes + ("o" if account.role and "o" not in user.modes else ""))
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


def credential_set(state: State, event: CredentialSet) -> None:
    state.accounts[event.account].credential = event.credential


def role_changed(state: State, event: RoleChanged) -> None:
    state.accounts[event.account].role = event.role
    if user := state.users.get(event.account):
        user.set_modes(user.modes.replace("o", "") + ("o" if user.role else ""))


def account_approved(state: State, event: AccountApproved) -> None:
    state.accounts[event.account].approved = True


def role_granted(state: State, event: RoleGranted) -> None:
    user = state.users[event.person]
    user.granted = event.role
    user.set_modes(user.modes.replace("o", "") + "o")


def signed_in_sees(state: State, event: UserSignedIn) -> dict[int, Session]:
    return state.acquaintances(state.users[event.origin.person])


def role_sees(state: State, event: RoleChanged) -> dict[int, Session]:
    return state.sessions_of([event.account])


def granted_sees(state: State, event: RoleGranted) -> dict[int, Session]:
    return state.sessions_of([event.person])
