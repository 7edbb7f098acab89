"""The form of a subject's tables: the rule that answers a command, and what an event changes and whom it is shown."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from .event import Answer, Event, Request
from .state import Session, State

Rule = Callable[[State, Request, Any], Answer]
Sessions = dict[int, Session]


class EventRule(Struct, frozen=True):
    """An event's effect on the state, and its audience, found `before` the change (for leaving) or after it."""

    change: Callable[[State, Any], None]
    audience: Callable[[State, Any], Sessions] | None = None
    before: bool = False


def nothing_changes(state: State, event: Event) -> None:
    """Apply an event that does not change the state."""
