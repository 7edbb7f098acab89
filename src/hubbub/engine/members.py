"""Profiles of members and accounts, connected or not, and the rule for who may use the directory of accounts."""

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from hubbub.text import sought

from .event import Event, Origin
from .metadata import SHOWN_NAME
from .names import Nick, fold
from .policy import rank
from .refusals import NotPermitted, NotSignedIn, Refusal
from .rules import EventRule, nothing_changes
from .state import Account, Member, Role, Room, Session, State, User

LAST_SEEN: Final = "hubbub/last-seen"
"""The key of metadata by which a person lets others know when they were last connected."""
TELLS: Final = "yes"
"""Its value; every other one, and none, means no."""

Presence = Literal["here", "away", "offline"]
GUEST: Final = "guest"


class Profile(Struct, frozen=True):
    """What others read of a person.

    `nick` is the nickname of a connected user, otherwise the account's name. `left_at` is when they were last connected
    (milliseconds since the epoch); 0 if that is not told, or while they are connected.
    """

    person: int
    nick: str
    account: str | None
    presence: Presence
    role: str
    left_at: int
    metadata: Mapping[str, str]

    @property
    def display_name(self) -> str:
        return self.metadata.get(SHOWN_NAME, "")


class MemberTold(Event, frozen=True):
    """A member's row changed, and no other event that the room is shown says so."""

    origin: Origin
    room: int
    room_name: str
    modes: str
    presence: Presence
    role: str
    left_at: int
    display_name: str


def profile(state: State, person: int, asker: Role = Role.MEMBER) -> Profile | None:
    """The profile as somebody with this role reads it; None if there is no such person (any more)."""
    account, user = state.accounts.get(person), state.users.get(person)
    if user is not None:
        return _of_user(user)
    if account is None:
        return None
    name = account.name.text
    role = account.role.word
    return Profile(person, name, name, "offline", role, _left_at(account, asker), account.metadata)


def _of_user(user: User) -> Profile:
    origin = user.origin
    presence: Presence = "here" if origin.away is None else "away"
    role = user.role.word if user.role or user.account else GUEST
    return Profile(user.person, origin.nick, origin.account, presence, role, 0, user.metadata)


def _left_at(account: Account, asker: Role) -> int:
    is_told = asker >= Role.ADMIN or account.metadata.get(LAST_SEEN) == TELLS
    return account.left_at if is_told else 0


# The members of a room


def is_shown(state: State, person: int, asker: Role) -> bool:
    """Whether a member is listed: an account that waits for approval is shown to moderators alone."""
    account = state.accounts.get(person)
    return account is None or account.approved or asker >= Role.MODERATOR


def ordered(state: State, room: Room, asker: Role) -> list[tuple[str, Member]]:
    """The members by rank, then by name, each with a key that sorts so."""
    found = (
        (f"{rank('q') - rank(member.modes)}{fold(state.name_of(member.person))}", member)
        for member in room.members.values()
        if is_shown(state, member.person, asker)
    )
    return sorted(found, key=lambda row: row[0])


def telling_rooms(
    state: State, ids: Iterator[int], person: int, role: Role | None = None
) -> Iterator[MemberTold]:
    """The events that tell all rooms of a member's new row; with a `role`, that which the person is about to have."""
    shown = profile(state, person)
    holder = state.users.get(person) or state.accounts.get(person)
    if shown is None or holder is None:
        return
    if role is not None:
        shown = replace(shown, role=role.word if role or shown.account else GUEST)
    for room in holder.rooms.values():
        yield from telling_room(ids, room, room.members[person].modes, shown)


def telling_room(ids: Iterator[int], room: Room, modes: str, shown: Profile) -> Iterator[MemberTold]:
    """The event that tells one room, if somebody in it is connected."""
    if room.listeners:
        facts = (modes, shown.presence, shown.role, shown.left_at, shown.display_name)
        origin = Origin(shown.person, shown.nick, account=shown.account)
        yield MemberTold(next(ids), origin, room.id, room.name.text, *facts)


def newcomer(account: int, name: Nick, role: Role) -> Profile:
    """The profile of an account that is being made."""
    return Profile(account, name.text, name.text, "offline", role.word, 0, {})


def told_audience(state: State, event: MemberTold) -> dict[int, Session]:
    return state.rooms[event.room].listeners


# The directory

_LEAST: Final = {"members": Role.MEMBER, "moderators": Role.MODERATOR, "administrators": Role.ADMIN}


def may_use_directory(state: State, user: User) -> Refusal | None:
    """Whether a user may list the accounts (the setting `accounts.directory`)."""
    least = _LEAST.get(state.rules.directory)
    if least is None or user.role >= Role.ADMIN:
        return None
    if user.account is None and user.role < max(least, Role.MODERATOR):
        return NotSignedIn()
    return (
        None if user.role >= least else NotPermitted("administrator" if least is Role.ADMIN else least.word)
    )


def may_read_profile(state: State, user: User, account: Account) -> bool:
    """Whether a user may read what an absent account lets others know."""
    if not account.rooms.keys().isdisjoint(user.rooms):
        return True
    return may_use_directory(state, user) is None


def directory(state: State, text: str, asker: Role, now: int) -> Iterator[tuple[str, int]]:
    """The accounts in whose name or display name a text is found: folded name and id, in no order.

    Those that wait for approval, and those that are suspended or banned, are shown to moderators alone.
    """
    wanted, sees_all = sought(text), asker >= Role.MODERATOR
    kept_out = state.names_kept_out
    for key, number in state.account_names.items():
        account = state.accounts[number]
        if not sees_all and (not account.approved or (key in kept_out and kept_out[key].holds(now))):
            continue
        if not wanted or wanted in sought(key) or wanted in sought(account.metadata.get(SHOWN_NAME, "")):
            yield key, number


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    MemberTold: EventRule(nothing_changes, told_audience),
}
