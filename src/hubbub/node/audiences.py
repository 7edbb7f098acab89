"""The audiences of rooms, grouped by view: put together once, until something about them changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hubbub.bounded import Bounded
from hubbub.dialects.session_api import View
from hubbub.engine.state import Listeners
from hubbub.transports.base import Form

from .commit_gate import Outlet, SessionGroup

if TYPE_CHECKING:
    from .session import LiveSession

ROOMS_MAX: Final = 10_000
"""For how many rooms it is remembered."""

Audience = Sequence[tuple[View, SessionGroup]]


@dataclass(frozen=True, slots=True)
class _Known:
    listeners: Listeners
    changes: int
    audience: Audience


class Audiences:
    """Of all rooms; `live` are the sessions as they are at any time."""

    def __init__(self, live: Mapping[int, "LiveSession"]) -> None:
        self._live = live
        self._known: Bounded[int, _Known] = Bounded(ROOMS_MAX)

    def of(self, room: int, listeners: Listeners) -> Audience:
        """Those who listen in a room: a group for each view and form. Those of one view stand together."""
        known = self._known.get(room)
        if known is None or known.changes != listeners.changes or known.listeners is not listeners:
            known = self._known[room] = _Known(listeners, listeners.changes, self._gather(listeners))
        return known.audience

    def forget(self, room: int) -> None:
        """The room is gone."""
        self._known.pop(room, None)

    def __len__(self) -> int:
        """Of how many rooms it is known."""
        return len(self._known)

    def forget_views(self) -> None:
        """A session sees what happens in another way from now on."""
        self._known.clear()

    def _gather(self, listeners: Listeners) -> Audience:
        found: dict[View, dict[Form, list[Outlet]]] = {}
        for number in listeners:
            if session := self._live.get(number):
                outlet = session.outlet
                found.setdefault(session.talk.view, {}).setdefault(outlet.form, []).append(outlet)
        return [
            (view, SessionGroup(outlets, form))
            for view, forms in found.items()
            for form, outlets in forms.items()
        ]
