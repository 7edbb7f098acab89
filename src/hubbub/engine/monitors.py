"""Monitors: sessions that are notified when a nickname comes online or goes offline."""

from collections.abc import Iterator
from typing import Final

from .event import Answer, Command, Event, Origin, Request
from .names import Nick, fold
from .refusals import NotPresent, Refusal
from .rules import EventRule, Rule, nothing_changes
from .state import Session, State


class Watch(Command, frozen=True):
    names: tuple[str, ...]


class Unwatch(Command, frozen=True):
    """Stop watching these names; all of them if none is given."""

    names: tuple[str, ...] = ()


class WatchMore(Command, frozen=True):
    """Whether the session wants to be told also what those whom it watches change of themselves."""

    wanted: bool


class Watched(Event, frozen=True):
    session: int
    names: tuple[str, ...]


class Unwatched(Event, frozen=True):
    session: int
    names: tuple[str, ...]


class WatchingMore(Event, frozen=True):
    session: int
    wanted: bool


class NickAppeared(Event, frozen=True):
    origin: Origin


class NickVanished(Event, frozen=True):
    nick: str


class ListTooLong(Refusal, frozen=True):
    """A list of one's own, such as the names one watches."""

    limit: int
    rest: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"This list can hold {self.limit} names. Remove some first."


def watch(state: State, request: Request, command: Watch) -> Answer:
    """As many as the limit allows are watched; the rest come back in the refusal, and then none is."""
    limit = state.rules.monitored_names
    mine = state.watched.get(request.session, {})
    wanted = {fold(name): name for name in command.names if name}
    new = [name for key, name in wanted.items() if key not in mine]
    if limit and len(mine) + len(new) > limit:
        return ListTooLong(limit, tuple(new[max(limit - len(mine), 0) :]))
    return [Watched(request.id, request.session, tuple(new))] if new else []


def unwatch(state: State, request: Request, command: Unwatch) -> Answer:
    mine = state.watched.get(request.session, {})
    keys = [fold(name) for name in command.names] or list(mine)
    gone = tuple(dict.fromkeys(key for key in keys if key in mine))
    return [Unwatched(request.id, request.session, gone)] if gone else []


def watch_more(state: State, request: Request, command: WatchMore) -> Answer:
    session = state.sessions.get(request.session)
    if session is None:
        return NotPresent()
    is_new = session.watches_more is not command.wanted
    return [WatchingMore(request.id, session.id, command.wanted)] if is_new else []


def watching_more(state: State, event: WatchingMore) -> None:
    state.sessions[event.session].watches_more = event.wanted


def watched(state: State, event: Watched) -> None:
    session = state.sessions[event.session]
    mine = state.watched.setdefault(session.id, {})
    for name in event.names:
        mine[fold(name)] = name
        state.watchers.setdefault(fold(name), {})[session.id] = session


def unwatched(state: State, event: Unwatched) -> None:
    for name in event.names:
        stop_watching(state, event.session, fold(name))


def stop_watching(state: State, session: int, key: str) -> None:
    del state.watched[session][key]
    watchers = state.watchers[key]
    del watchers[session]
    if not watchers:
        del state.watchers[key]


def appeared(state: State, ids: Iterator[int], origin: Origin) -> Iterator[Event]:
    """The event for those who watch this name, if anybody does."""
    if fold(origin.nick) in state.watchers:
        yield NickAppeared(next(ids), origin)


def vanished(state: State, ids: Iterator[int], nick: Nick) -> Iterator[Event]:
    if nick.key in state.watchers:
        yield NickVanished(next(ids), nick.text)


def appeared_audience(state: State, event: NickAppeared) -> dict[int, Session]:
    return state.watchers.get(fold(event.origin.nick), {})


def vanished_audience(state: State, event: NickVanished) -> dict[int, Session]:
    return state.watchers.get(fold(event.nick), {})


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    Watch: watch,
    Unwatch: unwatch,
    WatchMore: watch_more,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    Watched: EventRule(watched),
    Unwatched: EventRule(unwatched),
    WatchingMore: EventRule(watching_more),
    NickAppeared: EventRule(nothing_changes, appeared_audience),
    NickVanished: EventRule(nothing_changes, vanished_audience),
}
