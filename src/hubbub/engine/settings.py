"""The settings that the engine follows, as they change."""

from dataclasses import dataclass

from .audit import record
from .event import Answer, Ask, Command, Event
from .policy import asked_as
from .refusals import NotPermitted, Refusal
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
    actor = asked_as(state, ask, Role.ADMIN)
    return actor if isinstance(actor, Refusal) else [record(ask.id, actor, "set setting", command.key)]


def change_rules(state: State, ask: Ask, command: ChangeRules) -> Answer:
    return [RulesChanged(ask.id, command.rules)] if ask.is_shell else NotPermitted("administrator")


def rules_changed(state: State, event: RulesChanged) -> None:
    state.rules = event.rules
