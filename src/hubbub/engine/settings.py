"""The settings that the engine follows, as they change."""

from dataclasses import dataclass

from .audit import record
from .event import Answer, Ask, Command, Event
from .policy import must_be
from .refusals import NotPermitted, NotPresent
from .state import Role, Rules, State


@dataclass(frozen=True, slots=True)
class ChangeRules(Command):
    """Asked by the shell alone, at the start and when the settings are read again."""

    rules: Rules


@dataclass(frozen=True, slots=True)
class RulesChanged(Event):
    rules: Rules


@dataclass(frozen=True, slots=True)
class NoteSetting(Command):
    """An administrator has given a setting another value; which one is nobody's business but the file's."""

    key: str


def note_setting(state: State, ask: Ask, command: NoteSetting) -> Answer:
    actor = state.actor(ask)
    if actor is None:
        return NotPresent()
    return must_be(actor, Role.ADMIN) or [record(ask.id, actor, "set setting", command.key)]


def change_rules(state: State, ask: Ask, command: ChangeRules) -> Answer:
    return NotPermitted("administrator") if ask.session else [RulesChanged(ask.id, command.rules)]


def rules_changed(state: State, event: RulesChanged) -> None:
    state.rules = event.rules
