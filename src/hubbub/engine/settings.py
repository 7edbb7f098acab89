"""The settings that the engine follows, as they change."""

from typing import Final

from .audit import record
from .event import Answer, Command, Event, Request
from .policy import asked_as
from .refusals import NotPermitted, Refusal
from .rules import EventRule, Rule
from .state import Role, Rules, State


class ChangeRules(Command, frozen=True):
    """Asked by the shell alone, at the start and when the settings are read again."""

    rules: Rules


class RulesChanged(Event, frozen=True):
    rules: Rules


class NoteSetting(Command, frozen=True):
    """Note that an administrator changed a setting; its value stands in the file alone."""

    key: str


def note_setting(state: State, request: Request, command: NoteSetting) -> Answer:
    actor = asked_as(state, request, Role.ADMIN)
    return actor if isinstance(actor, Refusal) else [record(request.id, actor, "set setting", command.key)]


def change_rules(state: State, request: Request, command: ChangeRules) -> Answer:
    return [RulesChanged(request.id, command.rules)] if request.is_shell else NotPermitted("administrator")


def rules_changed(state: State, event: RulesChanged) -> None:
    state.rules = event.rules


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    ChangeRules: change_rules,
    NoteSetting: note_setting,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    RulesChanged: EventRule(rules_changed),
}
