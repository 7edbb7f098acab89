"""Nicknames: changed by their owners, and given up to whom they belong."""

from collections.abc import Iterator
from itertools import count
from typing import Final

from msgspec.structs import replace

from .event import Answer, Command, Event, Origin, Request
from .monitors import appeared, vanished
from .name_policy import free_nick
from .names import Nick
from .refusals import NotPresent, Refusal
from .rules import EventRule, Rule
from .state import Departure, Session, State, User


class ChangeNick(Command, frozen=True):
    nick: str


class NickChanged(Event, frozen=True):
    origin: Origin
    nick: str


def change_nick(state: State, request: Request, command: ChangeNick) -> Answer:
    user = state.user(request.session)
    if user is None:
        return NotPresent()
    nick = free_nick(state, command.nick, user.person, request.at)
    if isinstance(nick, Refusal):
        return nick
    if nick.text == user.nick.text:
        return []
    return list(renaming(state, count(request.id), user, nick))


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


def nick_changed(state: State, event: NickChanged) -> None:
    user = state.users[event.origin.person]
    state.departed.append(Departure(user.origin, event.at))
    del state.nicks[user.nick.key]
    state.nick_looks.leave(user.nick.text, user.person)
    user.nick = Nick.known(event.nick)
    user.origin = replace(user.origin, nick=event.nick)
    state.nicks[user.nick.key] = user.person
    state.nick_looks.enter(user.nick.text, user.person)


def neighbours_see(state: State, event: NickChanged) -> dict[int, Session]:
    return state.neighbours(state.users[event.origin.person])


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    ChangeNick: change_nick,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    NickChanged: EventRule(nick_changed, neighbours_see),
}
