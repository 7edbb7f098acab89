"""Notices: what an account wants to be told of while its user does not look, and the browsers through which."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from hubbub.internet import is_public_name, parse_web_address

from .event import Answer, Command, Event, Request
from .message_kinds import has_text, message_kind
from .messages import MessageSaid, ToPerson
from .refusals import NotSignedIn, Refusal
from .rules import EventRule, Rule
from .state import EVERYWHERE, Account, Level, Push, Session, State
from .threads import is_in_thread

PUSHES_AN_ACCOUNT_MAX: Final = 20
"""The most browsers of an account that receive notifications; the oldest makes room."""
ENDPOINT_BYTES_MAX: Final = 1000
PUSH_PORT: Final = 443
LEVELS_MAX: Final = 1000

_KEY: Final = re.compile(r"[A-Za-z0-9_-]{86,88}=?")
_AUTH: Final = re.compile(r"[A-Za-z0-9_-]{22}=?=?")


class SetLevel(Command, frozen=True):
    """`place` is a room's id or a person's, EVERYWHERE for all of them; without a `level` it is as usual again."""

    place: int
    name: str
    level: Level | None


class AddPush(Command, frozen=True):
    """Subscribe a browser: its push service's address, and the keys (base64url) that encrypt notifications."""

    endpoint: str
    key: str
    auth: str


class RemovePush(Command, frozen=True):
    """Unsubscribe a browser: by its owner, or by the shell when the push service says that it is gone."""

    endpoint: str


class LevelSet(Event, frozen=True):
    """Shown to the account's own sessions alone. `name` is the room's with `#`, the other person's, or `*`."""

    account: int
    place: int
    name: str
    level: Level | None


class PushAdded(Event, frozen=True):
    push: Push


class PushRemoved(Event, frozen=True):
    endpoint: str


class PushInvalid(Refusal, frozen=True):
    def __str__(self) -> str:
        return "The push keys are not valid. Reload the page and turn notifications on again."


class PushAddressRefused(Refusal, frozen=True):
    def __str__(self) -> str:
        return (
            "The address of a push service begins with https://, has a public host name and uses port 443. "
            "Nothing has changed."
        )


class TooManyPlaces(Refusal, frozen=True):
    limit: int

    def __str__(self) -> str:
        return f"You have notification settings for {self.limit} places already. Reset one of them first."


def set_level(state: State, request: Request, command: SetLevel) -> Answer:
    user = state.user(request.session)
    if user is None or user.account is None:
        return NotSignedIn()
    levels = user.account.levels
    if command.level is not None and command.place not in levels and len(levels) >= LEVELS_MAX:
        return TooManyPlaces(LEVELS_MAX)
    return [LevelSet(request.id, user.account.id, command.place, command.name, command.level)]


def add_push(state: State, request: Request, command: AddPush) -> Answer:
    """Decide on a subscription; a known browser may bring new keys, and leaves the account it had before."""
    user = state.user(request.session)
    if user is None or user.account is None:
        return NotSignedIn()
    if not is_endpoint(command.endpoint):
        return PushAddressRefused()
    if not _KEY.fullmatch(command.key) or not _AUTH.fullmatch(command.auth):
        return PushInvalid()
    proof = state.sessions[request.session].proof
    push = Push(command.endpoint, user.account.id, command.key, command.auth, proof)
    if state.pushes.get(command.endpoint) == push:
        return []
    events: list[Event] = [PushAdded(request.id, push)]
    own = user.account.pushes
    if command.endpoint not in own and len(own) >= PUSHES_AN_ACCOUNT_MAX:
        events.append(PushRemoved(request.id + 1, next(iter(own))))
    return events


def is_endpoint(text: str) -> bool:
    """Whether it could be an address of a push service: by https, at its port, under a name of the public DNS."""
    try:
        where = parse_web_address(text)
    except ValueError:
        return False
    is_short = len(text) <= ENDPOINT_BYTES_MAX
    is_service = (where.scheme, where.port, where.user) == ("https", PUSH_PORT, False)
    return is_short and is_service and is_public_name(where.host)


def remove_push(state: State, request: Request, command: RemovePush) -> Answer:
    push = state.pushes.get(command.endpoint)
    user = state.user(request.session)
    is_own = push is not None and user is not None and user.person == push.account
    return [PushRemoved(request.id, command.endpoint)] if push and (is_own or request.is_shell) else []


def told_of(state: State, event: MessageSaid) -> Iterator[Account]:
    """The accounts with browsers that are to be told of a message, as each of them wants it."""
    if not state.pushes or not has_text(event.kind):
        return
    if isinstance(event.to, ToPerson):
        persons: Iterable[int] = (event.to.person,)
    else:
        room = state.rooms.get(event.to.room)
        persons = room.members if room else ()
    for person in persons:
        account = state.accounts.get(person)
        if account and account.pushes and person != event.by.person and _is_told(state, account, event):
            yield account


def _is_told(state: State, account: Account, event: MessageSaid) -> bool:
    if account.levels.get(EVERYWHERE) is Level.NONE:
        return False
    to = event.to
    if isinstance(to, ToPerson):
        return account.levels.get(event.by.person) is not Level.NONE
    if to.to_rank or not message_kind(event.kind).notifies:
        return False
    room = state.rooms.get(to.room)
    usual = Level.ALL if room and room.conversation else Level.MENTIONS
    level = account.levels.get(to.room, usual)
    if level is Level.ALL and not is_in_thread(event.tags):
        return True
    return level is not Level.NONE and account.id in event.concerned


def is_read(state: State, account: Account, event: MessageSaid) -> bool:
    """Whether its user has read a message by now, in whatever client."""
    place = event.by.person if isinstance(event.to, ToPerson) else event.to.room
    return account.read.get(place, -1) >= event.at


def level_set(state: State, event: LevelSet) -> None:
    levels = state.accounts[event.account].levels
    levels.pop(event.place, None)
    if event.level is not None:
        levels[event.place] = event.level


def push_added(state: State, event: PushAdded) -> None:
    keep_push(state, event.push)


def keep_push(state: State, push: Push) -> None:
    """Apply a subscription; a browser belongs to one account at most."""
    before = state.pushes.get(push.endpoint)
    if before is not None:
        del state.accounts[before.account].pushes[push.endpoint]
    state.pushes[push.endpoint] = state.accounts[push.account].pushes[push.endpoint] = push


def push_removed(state: State, event: PushRemoved) -> None:
    push = state.pushes.pop(event.endpoint)
    del state.accounts[push.account].pushes[event.endpoint]


def level_audience(state: State, event: LevelSet) -> dict[int, Session]:
    return state.sessions_of([event.account])


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    SetLevel: set_level,
    AddPush: add_push,
    RemovePush: remove_push,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    LevelSet: EventRule(level_set, level_audience),
    PushAdded: EventRule(push_added),
    PushRemoved: EventRule(push_removed),
}
