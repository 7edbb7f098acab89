"""The engine's contents page: its subjects, whose tables say which rule answers a command and what an event changes.

The same commands in the same order give the same events, on any machine. `decide` reads the state and gives events
or a refusal; `apply` changes the state and can't refuse.
"""

from collections.abc import Callable
from typing import Any, Final

from . import (
    access_lists,
    accounts,
    announcements,
    audit,
    away,
    conversations,
    custom_emoji,
    drafts,
    edits,
    entering,
    files,
    id_eras,
    invitations,
    joining_and_inviting,
    known_addresses,
    members,
    membership,
    messages,
    metadata,
    moderation,
    modes,
    monitors,
    nicks,
    notifications,
    readmarkers,
    reports,
    revocation,
    room_requests,
    rooms,
    sessions,
    settings,
    signin,
    threads,
    tokens,
    topics,
    unused_rooms,
    user_profile,
    webhooks,
)
from .event import Answer, Command, Event, Request
from .rules import EventRule, Rule, Sessions
from .state import State

SUBJECTS: Final = (
    access_lists,
    accounts,
    announcements,
    audit,
    away,
    conversations,
    custom_emoji,
    drafts,
    edits,
    entering,
    files,
    id_eras,
    invitations,
    joining_and_inviting,
    known_addresses,
    members,
    membership,
    messages,
    metadata,
    moderation,
    modes,
    monitors,
    nicks,
    notifications,
    readmarkers,
    reports,
    revocation,
    room_requests,
    rooms,
    sessions,
    settings,
    signin,
    threads,
    tokens,
    topics,
    unused_rooms,
    user_profile,
    webhooks,
)
"""The modules that have commands or events; each ends with its tables, `COMMAND_RULES` and `EVENT_RULES`."""


def _together(table: str) -> dict[Any, Any]:
    """The rows of all subjects. Raises ValueError where two have one for the same command or event."""
    rows = [row for subject in SUBJECTS for row in getattr(subject, table, {}).items()]
    found = dict(rows)
    if len(found) < len(rows):
        raise ValueError(f"two subjects have a row of {table}")
    return found


COMMAND_RULES: Final[dict[type[Command], Rule]] = _together("COMMAND_RULES")
EVENT_RULES: Final[dict[type[Event], EventRule]] = _together("EVENT_RULES")

_NOBODY: Final[Sessions] = {}


def decide(state: State, request: Request) -> Answer:
    """The events that a command leads to, without applying them."""
    return COMMAND_RULES[type(request.command)](state, request, request.command)


def apply(state: State, event: Event, failed: Callable[[], None] | None = None) -> Sessions:
    """Apply an event and return the ids of its audience's sessions. Read them before the next event is applied.

    A bug in finding who is shown it does not keep it from being so: `failed` is called in its handler, and it is shown
    to nobody. Without `failed` it is raised.
    """
    effect = EVENT_RULES[type(event)]
    if effect.audience is None:
        effect.change(state, event)
        return _NOBODY
    if not effect.before:
        effect.change(state, event)
        return _shown(effect.audience, state, event, failed)
    shown = dict(_shown(effect.audience, state, event, failed))
    effect.change(state, event)
    return shown


def _shown(
    audience: Callable[[State, Any], Sessions], state: State, event: Event, failed: Callable[[], None] | None
) -> Sessions:
    try:
        return audience(state, event)
    except Exception:
        if failed is None:
            raise
        failed()
        return _NOBODY
