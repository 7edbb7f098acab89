"""Announcements: from the server to all users, or from an operator to those who subscribe."""

from typing import Final

from hubbub.text import clean, cut

from .audit import record
from .event import Answer, Command, Event, Origin, Request
from .messages import NothingSaid
from .policy import asked_as
from .refusals import Refusal
from .rules import EventRule, Rule, nothing_changes
from .state import Role, Session, State


class Announce(Command, frozen=True):
    """Send a text to all present users; `to_listeners`: only to those with the user mode w (IRC's WALLOPS)."""

    text: str
    to_listeners: bool = False


class Announced(Event, frozen=True):
    by: Origin
    text: str
    to_listeners: bool


def announce(state: State, request: Request, command: Announce) -> Answer:
    actor = asked_as(state, request, Role.MODERATOR if command.to_listeners else Role.ADMIN)
    if isinstance(actor, Refusal):
        return actor
    text, _ = cut(clean(command.text), state.rules.message_bytes)
    if not text:
        return NothingSaid()
    said = Announced(request.id, actor.origin, text, command.to_listeners)
    return [said] if command.to_listeners else [said, record(request.id + 1, actor, "announce", "everybody")]


def announced_audience(state: State, event: Announced) -> dict[int, Session]:
    listening = (
        user.person
        for user in state.users.values()
        if not event.to_listeners or "w" in user.modes or user.role >= Role.MODERATOR
    )
    return state.sessions_of(listening)


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    Announce: announce,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    Announced: EventRule(nothing_changes, announced_audience),
}
