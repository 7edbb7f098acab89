"""A user's profile: the real name, and the modes that users set on themselves."""

from itertools import count
from typing import Final

from msgspec.structs import replace

from hubbub.text import clean, cut

from .event import Answer, Command, Event, Origin, Request
from .members import telling_rooms
from .names import NameRefused
from .refusals import NotPresent
from .rules import EventRule, Rule
from .state import BOT_MODE, SIGNED_IN_MODE, Role, Session, State

USER_MODES = f"{BOT_MODE}{SIGNED_IN_MODE}iw"
"""What a user may set on oneself: a bot (B), written to only by who is signed in (R), not listed to strangers (i), told
what operators are told (w)."""


class SetRealname(Command, frozen=True):
    realname: str


class SetUserModes(Command, frozen=True):
    adding: str
    removing: str


class RealnameSet(Event, frozen=True):
    origin: Origin
    realname: str


class UserModesSet(Event, frozen=True):
    person: int
    nick: str
    adding: str
    removing: str


def set_realname(state: State, request: Request, command: SetRealname) -> Answer:
    user = state.user(request.session)
    if user is None:
        return NotPresent()
    realname, was_cut = cut(clean(command.realname), state.rules.realname_bytes)
    if was_cut or not realname:
        return NameRefused(realname, f"1 to {state.rules.realname_bytes} bytes")
    return [RealnameSet(request.id, user.origin, realname)]


def set_user_modes(state: State, request: Request, command: SetUserModes) -> Answer:
    """Set the user's own modes; letters that no user may set are ignored; `-o` gives up OPER's role."""
    user = state.user(request.session)
    if user is None:
        return NotPresent()
    adding = "".join(c for c in dict.fromkeys(command.adding) if c in USER_MODES and c not in user.modes)
    removing = "".join(c for c in dict.fromkeys(command.removing) if c in user.modes)
    if not adding and not removing:
        return []
    ids = count(request.id)
    events: list[Event] = [UserModesSet(next(ids), user.person, user.nick.text, adding, removing)]
    if "o" in removing and user.granted:
        events += telling_rooms(state, ids, user.person, user.account.role if user.account else Role.MEMBER)
    return events


def realname_set(state: State, event: RealnameSet) -> None:
    user = state.users[event.origin.person]
    user.origin = replace(user.origin, realname=event.realname)


def user_modes_set(state: State, event: UserModesSet) -> None:
    user = state.users[event.person]
    state.set_modes(user, "".join(c for c in user.modes + event.adding if c not in event.removing))
    if "o" in event.removing:
        user.granted = Role.MEMBER


def acquaintances_see(state: State, event: RealnameSet) -> dict[int, Session]:
    return state.acquaintances(state.users[event.origin.person])


def own_see(state: State, event: UserModesSet) -> dict[int, Session]:
    return state.users[event.person].sessions


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    SetRealname: set_realname,
    SetUserModes: set_user_modes,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    RealnameSet: EventRule(realname_set, acquaintances_see),
    UserModesSet: EventRule(user_modes_set, own_see),
}
