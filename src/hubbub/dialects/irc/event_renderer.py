"""The types of renderers of events, which a subject's tables `EVENTS` and `PERSONAL_EVENTS` have."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hubbub.engine.event import Event
from hubbub.wire.capabilities import Capabilities

if TYPE_CHECKING:
    from .session import IrcSession

Bodies = tuple[str, ...] | list[str]
"""The lines of an event without tags and line ends; none if these capabilities show nothing of it."""

EventRenderer = Callable[[Any, Capabilities, str], Bodies]
"""Renders an event once for all sessions with the same capabilities; the last argument is the server's name."""

EventRenderers = dict[type[Event], EventRenderer]

PersonalRenderers = dict[type[Event], Callable[["IrcSession", Any], None]]
"""Kind of event → what sends the session that it concerns more than the other sessions see."""


def trailing(text: str) -> str:
    """The last parameter of a line, with what precedes it; nothing for an empty text."""
    return f" :{text}" if text else ""
