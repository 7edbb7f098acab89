"""The audit trail: every administrative act, by whom, to whom, and with which reason."""

from typing import Final

from .event import Event
from .rules import EventRule, nothing_changes
from .state import Actor


class ActRecorded(Event, frozen=True):
    """`act` is one word such as `ban`; `detail` a sentence's worth; neither ever holds a secret."""

    by: str
    act: str
    subject: str
    detail: str = ""


def record(event_id: int, actor: Actor, act: str, subject: str, detail: str = "") -> ActRecorded:
    return ActRecorded(event_id, actor.name, act, subject, detail)


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    ActRecorded: EventRule(nothing_changes),
}
