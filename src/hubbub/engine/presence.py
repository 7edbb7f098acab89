"""Being present: coming in under a nickname, changing it, being away, and how one shows oneself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from .event import Answer, Ask, Command, Event, Origin
from .membership import MemberAppeared
from .metadata import brought, telling
from .monitors import appeared, vanished
from .names import Nick
from .policy import may_take_nick, name_kept_out
from .refusals import (
    GuestsNotAllowed,
    NameRefused,
    NotApproved,
    NotPermitted,
    NotPresent,
    Refusal,
    SignedInAlready,
    TooManySessions,
)
from .state import BOT_MODE, Account, Departure, Role, Session, State, User
from .text import clean, cut

USER_MODES = f"{BOT_MODE}iw"
"""What a user may set on oneself: a bot (B), not listed to strangers (i), told what operators are told (w)."""

NOBODY_THERE: Final = "*"
"""pre-away: what a session says that nobody sits at: "the user is not present for an unspecified reason"."""

NOT_HERE: Final = "Not here at the moment"
"""What others read of somebody none of whose clients has a person before it."""


@dataclass(frozen=True, slots=True)
class Enter(Command):
    """Come in. A guest needs a nickname; who is signed in gets the account's name where the wish can't be met.

    `marks_reads` is for a client that tells what was read; `metadata` is what it has set before.
    """

    nick: str = ""
    username: str = ""
    realname: str = ""
    client: str = ""
    away: str = ""
    marks_reads: bool = False
    metadata: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeNick(Command):
    nick: str


@dataclass(frozen=True, slots=True)
class SetAway(Command):
    """Away with this text on the asking session, or here again if it is empty.

    The user is away when all sessions are.
    """

    text: str = ""


@dataclass(frozen=True, slots=True)
class SetRealname(Command):
    realname: str


@dataclass(frozen=True, slots=True)
class SetUserModes(Command):
    adding: str
    removing: str


@dataclass(frozen=True, slots=True)
class NoteSeen(Command):
    """Asked by the shell from time to time, so that even a crash does not make it forget what was shown.

    Pairs of an account and the id up to which its user has surely been shown everything.
    """

    seen: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class UserArrived(Event):
    """Somebody is present now; their first session follows as `SessionEntered`."""

    origin: Origin


@dataclass(frozen=True, slots=True)
class SessionEntered(Event):
    """A session belongs to a user from now on. If it was a guest's before, `was` tells whose, and `left` the rooms."""

    session: int
    person: int
    name: str
    client: str = ""
    was: Origin | None = None
    left: tuple[str, ...] = ()
    away: str | None = None
    marks_reads: bool = False


@dataclass(frozen=True, slots=True)
class NickChanged(Event):
    origin: Origin
    nick: str


@dataclass(frozen=True, slots=True)
class SessionAwaySet(Event):
    """`text` is None for a session at which somebody is here again."""

    session: int
    text: str | None


@dataclass(frozen=True, slots=True)
class AwaySet(Event):
    """`text` is None for somebody who is here again."""

    origin: Origin
    text: str | None


@dataclass(frozen=True, slots=True)
class RealnameSet(Event):
    origin: Origin
    realname: str


@dataclass(frozen=True, slots=True)
class UserModesSet(Event):
    person: int
    nick: str
    adding: str
    removing: str


@dataclass(frozen=True, slots=True)
class SeenNoted(Event):
    """Pairs of an account and the id up to which its user has surely been shown everything."""

    seen: tuple[tuple[int, int], ...]


def enter(state: State, ask: Ask, command: Enter) -> Answer:
    session = state.sessions.get(ask.session)
    if session is None:
        return NotPresent()
    if user := state.users.get(session.person):
        return SignedInAlready(user.nick.text)
    if account := state.accounts.get(session.account):
        return _enter_account(state, ask, command, session, account)
    return _enter_guest(state, ask, command, session)


def _enter_account(state: State, ask: Ask, command: Enter, session: Session, account: Account) -> Answer:
    if refusal := may_sign_in(state, account, ask.at):
        return refusal
    ids = count(ask.id)
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
        *brought(ids, session.id, origin, dict(command.metadata), account.metadata),
        _entered(next(ids), state, command, session, account.id, nick.text),
    ]
    events += returning(state, ids, account, origin)
    return [*events, *appeared(state, ids, origin)]


def _enter_beside(
    state: State, ids: Iterator[int], command: Enter, session: Session, user: User
) -> Iterator[Event]:
    """One more session of somebody who is present."""
    yield from brought(ids, session.id, user.origin, dict(command.metadata), user.metadata)
    entered = _entered(next(ids), state, command, session, user.person, user.nick.text)
    yield entered
    yield from away_together(ids, user, [*_away(user, session.id), entered.away])


def _entered(
    event_id: int, state: State, command: Enter, session: Session, person: int, nick: str
) -> SessionEntered:
    client, _ = cut(clean(command.client), 100)
    away = _away_text(state, command.away)
    return SessionEntered(
        event_id, session.id, person, nick, client, away=away, marks_reads=command.marks_reads
    )


def _away_text(state: State, text: str) -> str | None:
    return cut(clean(text), state.rules.reason_bytes)[0] or None


def _away(user: User, but: int) -> list[str | None]:
    """What a user's sessions say of their absence, but for one."""
    return [session.away for session in user.sessions.values() if session.id != but]


def together(said: Sequence[str | None], newest: str | None = None) -> str | None:
    """Why a user is away whose sessions say this, `newest` last of all; None if somebody sits at one of them.

    pre-away: "an away message of `*` should be treated as though the connection did not exist at all".
    """
    if None in said or not said:
        return None
    reasons = [text for text in said if text is not None and text != NOBODY_THERE]
    if newest in reasons:
        return newest
    return reasons[-1] if reasons else NOT_HERE


def away_together(
    ids: Iterator[int], user: User, said: Sequence[str | None], newest: str | None = None
) -> Iterator[Event]:
    """The event with which a user goes away or is here again, if that follows from what all sessions say."""
    text = together(said, newest or user.origin.away)
    if text != user.origin.away:
        yield AwaySet(next(ids), user.origin, text)


def _enter_guest(state: State, ask: Ask, command: Enter, session: Session) -> Answer:
    if not state.rules.guests:
        return GuestsNotAllowed()
    nick = Nick.parse(command.nick, state.rules.names)
    if isinstance(nick, Refusal):
        return nick
    if refusal := may_take_nick(state, nick, ask.id) or name_kept_out(state, nick.text, ask.at):
        return refusal
    ids = count(ask.id)
    origin = _origin(state, command, ask.id, nick, session, None)
    return [
        UserArrived(next(ids), origin),
        *brought(ids, session.id, origin, dict(command.metadata), {}),
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
        together([_away_text(state, command.away)]),
        operator=bool(account and account.role),
    )


def cloak(address: str) -> str:
    """What others see as somebody's host. An address is nobody's business but the moderators'."""
    return "local" if address.startswith("127.") or address == "::1" else "user.hubbub"


def change_nick(state: State, ask: Ask, command: ChangeNick) -> Answer:
    user = state.user(ask.session)
    if user is None:
        return NotPresent()
    nick = Nick.parse(command.nick, state.rules.names)
    if isinstance(nick, Refusal):
        return nick
    if refusal := may_take_nick(state, nick, user.person) or name_kept_out(state, nick.text, ask.at):
        return refusal
    if nick.text == user.nick.text:
        return []
    return list(renaming(state, count(ask.id), user, nick))


def renaming(state: State, ids: Iterator[int], user: User, nick: Nick) -> Iterator[Event]:
    """The events with which a user takes another nickname."""
    yield NickChanged(next(ids), user.origin, nick.text)
    if nick.key != user.nick.key:
        yield from vanished(state, ids, user.nick)
        yield from appeared(state, ids, replace(user.origin, nick=nick.text))


def making_way(state: State, ids: Iterator[int], nick: Nick) -> Iterator[Event]:
    """A guest who holds the name of an account takes another one when the account's owner comes."""
    guest = state.users.get(state.nicks.get(nick.key, 0))
    if guest is not None:
        number = guest.person % 1_000_000
        while f"guest{number}" in state.nicks or f"guest{number}" in state.account_names:
            number += 1
        yield from renaming(state, ids, guest, Nick.known(f"guest{number}"))


def set_away(state: State, ask: Ask, command: SetAway) -> Answer:
    user = state.user(ask.session)
    if user is None:
        return NotPresent()
    text = _away_text(state, command.text)
    ids = count(ask.id)
    events: list[Event] = []
    if text != state.sessions[ask.session].away:
        events.append(SessionAwaySet(next(ids), ask.session, text))
    return [*events, *away_together(ids, user, [*_away(user, ask.session), text], newest=text)]


def set_realname(state: State, ask: Ask, command: SetRealname) -> Answer:
    user = state.user(ask.session)
    if user is None:
        return NotPresent()
    realname, was_cut = cut(clean(command.realname), state.rules.realname_bytes)
    if was_cut or not realname:
        return NameRefused(realname, f"1 to {state.rules.realname_bytes} bytes here")
    return [RealnameSet(ask.id, user.origin, realname)]


def set_user_modes(state: State, ask: Ask, command: SetUserModes) -> Answer:
    """Letters that nobody may set on oneself are left out; `-o` gives up what OPER gave."""
    user = state.user(ask.session)
    if user is None:
        return NotPresent()
    adding = "".join(c for c in dict.fromkeys(command.adding) if c in USER_MODES and c not in user.modes)
    removing = "".join(c for c in dict.fromkeys(command.removing) if c in user.modes)
    return [UserModesSet(ask.id, user.person, user.nick.text, adding, removing)] if adding or removing else []


def note_seen(state: State, ask: Ask, command: NoteSeen) -> Answer:
    if ask.session:
        return NotPermitted("administrator")
    new = tuple(
        (number, seen)
        for number, seen in command.seen
        if (account := state.accounts.get(number)) and seen > account.seen
    )
    return [SeenNoted(ask.id, new)] if new else []


def arrived(state: State, event: UserArrived) -> None:
    origin = event.origin
    account = state.accounts.get(origin.person)
    nick = Nick.known(origin.nick)
    user = User(origin.person, origin, nick, event.at, account)
    if account:
        user.rooms, user.read, user.metadata = account.rooms, account.read, account.metadata
        user.set_modes("o" if account.role else "")
    state.users[user.person] = user
    state.nicks[nick.key] = user.person


def session_entered(state: State, event: SessionEntered) -> None:
    session = state.sessions[event.session]
    user = state.users[event.person]
    session.person = user.person
    session.client = event.client or session.client
    session.account = user.account.id if user.account else 0
    session.away, session.marks_reads = event.away, event.marks_reads
    user.sessions[session.id] = session
    for room in user.rooms.values():
        room.listeners[session.id] = session


def nick_changed(state: State, event: NickChanged) -> None:
    user = state.users[event.origin.person]
    state.departed.append(Departure(user.origin, event.at))
    del state.nicks[user.nick.key]
    user.nick = Nick.known(event.nick)
    user.origin = replace(user.origin, nick=event.nick)
    state.nicks[user.nick.key] = user.person
    for room in user.rooms.values():
        room.members[user.person].name = event.nick


def session_away_set(state: State, event: SessionAwaySet) -> None:
    state.sessions[event.session].away = event.text


def away_set(state: State, event: AwaySet) -> None:
    user = state.users[event.origin.person]
    user.origin = replace(user.origin, away=event.text)


def realname_set(state: State, event: RealnameSet) -> None:
    user = state.users[event.origin.person]
    user.origin = replace(user.origin, realname=event.realname)


def user_modes_set(state: State, event: UserModesSet) -> None:
    user = state.users[event.person]
    user.set_modes("".join(c for c in user.modes + event.adding if c not in event.removing))
    if "o" in event.removing:
        user.granted = Role.MEMBER


def seen_noted(state: State, event: SeenNoted) -> None:
    for number, seen in event.seen:
        state.accounts[number].seen = seen


def neighbours_see(state: State, event: NickChanged) -> dict[int, Session]:
    return state.neighbours(state.users[event.origin.person])


def acquaintances_see(state: State, event: RealnameSet) -> dict[int, Session]:
    return state.acquaintances(state.users[event.origin.person])


def others_see(state: State, event: AwaySet) -> dict[int, Session]:
    """One knows oneself whether one is away."""
    user = state.users[event.origin.person]
    known = state.acquaintances(user)
    return {number: known[number] for number in known if number not in user.sessions}


def entered_sees(state: State, event: SessionEntered) -> dict[int, Session]:
    session = state.sessions[event.session]
    return {session.id: session}


def own_see(state: State, event: UserModesSet) -> dict[int, Session]:
    return state.users[event.person].sessions
