"""The settings that the engine follows, as they change."""

from dataclasses import dataclass

from .event import Answer, Ask, Command, Event
from .refusals import NotPermitted
from .state import Rules, State


@dataclass(frozen=True, slots=True)
class ChangeRules(Command):
    """Asked by the shell alone, at the start and when the settings are read again."""

    rules: Rules


@dataclass(frozen=True, slots=True)
class RulesChanged(Event):
    rules: Rules


def change_rules(state: State, ask: Ask, command: ChangeRules) -> Answer:
    return NotPermitted("administrator") if ask.session else [RulesChanged(ask.id, command.rules)]


def rules_changed(state: State, event: RulesChanged) -> None:
    state.rules = event.rules
