"""Being present: coming in under a nickname, changing it, being away, and how one shows oneself."""

from collections.abc import Iterator
from itertools import count
from typing import Final

from hubbub.addresses import known_address
from hubbub.text import clean, cut

from .away import away_text, away_together, said_elsewhere, together
from .bans import name_kept_out
from .event import Answer, Command, Event, Origin, Request
from .membership import MemberAppeared
from .metadata import brought, telling
from .monitors import appeared
from .name_policy import free_nick, may_take_nick
from .names import Nick
from .nicks import making_way
from .refusals import NotPermitted, NotPresent, Refusal
from .rules import EventRule, Rule
from .state import Account, Session, State, User


class Enter(Command, frozen=True):
    """Come in. A guest needs a nickname; who is signed in gets the account's name where the wish can't be met.

    `supports_read_marker` is for a client that tells what was read; `metadata` is what it has set before.
    """

    nick: str = ""
    username: str = ""
    realname: str = ""
    client: str = ""
    away: str = ""
    supports_read_marker: bool = False
    metadata: tuple[tuple[str, str], ...] = ()


class NoteSeen(Command, frozen=True):
    """Asked by the shell from time to time, so that even a crash does not make it forget what was shown.

    Pairs of an account and the id up to which its user has surely been shown everything.
    """

    seen: tuple[tuple[int, int], ...]


class UserArrived(Event, frozen=True):
    """A user is present now; their first session follows as `SessionEntered`."""

    origin: Origin


class SessionEntered(Event, frozen=True):
    """A session belongs to a user from now on. If it was a guest's before, `was` tells whose, and `left` the rooms.

    With a `proof` it has just been signed in.
    """

    session: int
    person: int
    name: str
    client: str = ""
    was: Origin | None = None
    left: tuple[str, ...] = ()
    away: str | None = None
    supports_read_marker: bool = False
    proof: str = ""


class SeenNoted(Event, frozen=True):
    """Pairs of an account and the id up to which its user has surely been shown everything."""

    seen: tuple[tuple[int, int], ...]


class NotApproved(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"An administrator has not approved the account {self.name} yet. Try again later."


class GuestsNotAllowed(Refusal, frozen=True):
    def __str__(self) -> str:
        return "This server doesn't admit guests. Register an account, or log in to yours."


class SignedInAlready(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"You are already logged in as {self.name}."


class TooManySessions(Refusal, frozen=True):
    limit: int

    def __str__(self) -> str:
        return f"This account already has {self.limit} sessions. Close one of them first."


def enter(state: State, request: Request, command: Enter) -> Answer:
    session = state.sessions.get(request.session)
    if session is None:
        return NotPresent()
    if user := state.users.get(session.person):
        return SignedInAlready(user.nick.text)
    if account := state.accounts.get(session.account):
        return _enter_account(state, request, command, session, account)
    return _enter_guest(state, request, command, session)


def _enter_account(
    state: State, request: Request, command: Enter, session: Session, account: Account
) -> Answer:
    if refusal := may_sign_in(state, account, request.at):
        return refusal
    ids = count(request.id)
    if user := state.users.get(account.id):
        return list(_enter_beside(state, ids, command, session, user))
    nick = Nick.parse(command.nick, state.rules.names)
    if isinstance(nick, Refusal) or may_take_nick(state, nick, account.id):
        nick = account.name
    way = list(making_way(state, ids, nick))
    origin = _origin(state, command, account.id, nick, session, account)
    events: list[Event] = [
        *way,
        UserArrived(next(ids), origin),
        *brought(state, ids, session.id, origin, dict(command.metadata), account.metadata),
        _entered(next(ids), state, command, session, account.id, nick.text),
    ]
    events += returning(state, ids, account, origin)
    return [*events, *appeared(state, ids, origin)]


def _enter_beside(
    state: State, ids: Iterator[int], command: Enter, session: Session, user: User
) -> Iterator[Event]:
    """Decide on one more session of a present user."""
    yield from brought(state, ids, session.id, user.origin, dict(command.metadata), user.metadata)
    entered = _entered(next(ids), state, command, session, user.person, user.nick.text)
    yield entered
    yield from away_together(ids, user, [*said_elsewhere(user, session.id), entered.away])


def _entered(
    event_id: int, state: State, command: Enter, session: Session, person: int, nick: str
) -> SessionEntered:
    client, _ = cut(clean(command.client), 100)
    away = away_text(state, command.away)
    return SessionEntered(
        event_id,
        session.id,
        person,
        nick,
        client,
        away=away,
        supports_read_marker=command.supports_read_marker,
    )


def _enter_guest(state: State, request: Request, command: Enter, session: Session) -> Answer:
    if not state.rules.guests:
        return GuestsNotAllowed()
    nick = free_nick(state, command.nick, request.id, request.at)
    if isinstance(nick, Refusal):
        return nick
    ids = count(request.id)
    origin = _origin(state, command, request.id, nick, session, None)
    return [
        UserArrived(next(ids), origin),
        *brought(state, ids, session.id, origin, dict(command.metadata), {}),
        _entered(next(ids), state, command, session, origin.person, nick.text),
        *appeared(state, ids, origin),
    ]


def may_sign_in(state: State, account: Account, now: int) -> Refusal | None:
    if not account.approved:
        return NotApproved(account.name.text)
    if refusal := name_kept_out(state, account.name.text, now):
        return refusal
    user = state.users.get(account.id)
    limit = state.rules.sessions_an_account
    if user and limit and len(user.sessions) >= limit:
        return TooManySessions(limit)
    return None


def returning(state: State, ids: Iterator[int], account: Account, origin: Origin) -> Iterator[Event]:
    """A member who comes back is in their rooms again."""
    for room in account.rooms.values():
        modes = room.members[account.id].modes
        yield MemberAppeared(next(ids), origin, room.id, room.name.text, modes)
        yield from telling(ids, account.id, account.metadata, room, origin.nick)


def _origin(
    state: State, command: Enter, person: int, nick: Nick, session: Session, account: Account | None
) -> Origin:
    username = "".join(letter for letter in command.username if letter.isascii() and letter.isalnum())[:10]
    realname, _ = cut(clean(command.realname), state.rules.realname_bytes)
    return Origin(
        person,
        nick.text,
        username or "user",
        cloak(session.address),
        account.name.text if account else None,
        realname or nick.text,
        together([away_text(state, command.away)]),
        operator=bool(account and account.role),
    )


def cloak(address: str) -> str:
    """The host that others see of a user. Only moderators see addresses."""
    where = known_address(address)
    return "local" if where is not None and where.is_loopback else "user.hubbub"


def note_seen(state: State, request: Request, command: NoteSeen) -> Answer:
    if not request.is_shell:
        return NotPermitted("administrator")
    new = tuple(
        (number, seen)
        for number, seen in command.seen
        if (account := state.accounts.get(number)) and seen > account.seen
    )
    return [SeenNoted(request.id, new)] if new else []


def arrived(state: State, event: UserArrived) -> None:
    origin = event.origin
    account = state.accounts.get(origin.person)
    nick = Nick.known(origin.nick)
    user = User(origin.person, origin, nick, event.at, account)
    if account:
        user.rooms, user.read, user.metadata = account.rooms, account.read, account.metadata
        state.set_modes(user, "o" if account.role else "")
    state.users[user.person] = user
    state.nicks[nick.key] = user.person
    state.nick_looks.enter(nick.text, user.person)


def session_entered(state: State, event: SessionEntered) -> None:
    session = state.sessions[event.session]
    user = state.users[event.person]
    session.person = user.person
    session.client = event.client or session.client
    session.account = user.account.id if user.account else 0
    session.proof = event.proof or session.proof
    session.away, session.supports_read_marker = event.away, event.supports_read_marker
    state.census.clients += session.id not in user.sessions
    user.sessions[session.id] = session
    for room in user.rooms.values():
        room.listeners.enter({session.id: session})


def seen_noted(state: State, event: SeenNoted) -> None:
    for number, seen in event.seen:
        state.accounts[number].seen = seen


def entered_audience(state: State, event: SessionEntered) -> dict[int, Session]:
    session = state.sessions[event.session]
    return {session.id: session}


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    Enter: enter,
    NoteSeen: note_seen,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    UserArrived: EventRule(arrived),
    SessionEntered: EventRule(session_entered, entered_audience),
    SeenNoted: EventRule(seen_noted),
}
