"""Delivery: what happened, written once for each way of seeing it and given to the sessions that it concerns."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from hubbub.dialects.session_api import PERSONAL, View
from hubbub.engine.entering import SessionEntered
from hubbub.engine.event import Event
from hubbub.engine.messages import MessageSaid, ToPerson, ToRoom
from hubbub.engine.rules import Sessions
from hubbub.engine.sessions import SessionEnded
from hubbub.engine.signin import UserSignedIn
from hubbub.engine.state import Listeners

from .audiences import Audiences
from .commit_gate import CommitGate

if TYPE_CHECKING:
    from .session import LiveSession

log = logging.getLogger("hubbub")

BUG: Final = "A bug in %s %s; the server continues"


class Delivery:
    """Shows events to the `live` sessions, through the `gate` that holds them back until they are on disk.

    `sessions_of` gives the sessions of a person, none while they are not here.

    A view that fails to render ends the sessions that share it, and nobody else's:

        room of four: two by netcat, two by IRC with the same capabilities
        IRC's view raises → its two sessions are disconnected, and come back to a whole history
                          → the two by netcat are shown the event as ever
    """

    def __init__(
        self, live: dict[int, "LiveSession"], gate: CommitGate, sessions_of: Callable[[int], list[int]]
    ) -> None:
        self.audiences = Audiences(live)
        self.holding = 0
        """The number of sessions that wait for a slow answer, and see others' events after it."""
        self.is_stopping = False
        """Whether the ends of sessions are all that is shown any more."""
        self._live = live
        self._gate = gate
        self._sessions_of = sessions_of

    def show(self, event: Event, shown: Sessions, asking: "LiveSession | None") -> None:
        """Show an event to the sessions in `shown`; `asking` is the one whose line led to it. Never raises."""
        if not shown or (self.is_stopping and not isinstance(event, SessionEnded)):
            return
        try:
            to = event.to if isinstance(event, MessageSaid) else None
            if isinstance(to, ToRoom) and isinstance(shown, Listeners) and not self.holding:
                self._show_to_room(event, to.room, shown, asking)
            else:
                self._show_to_each(event, shown, asking)
        except Exception:
            self._end_who_missed(event, shown)

    def _show_to_each(self, event: Event, shown: Sessions, asking: "LiveSession | None") -> None:
        live = self._live
        written: dict[View, bytes] = {}
        for number in shown:
            session = live.get(number)
            if session is None:
                continue
            view = session.talk.view
            data = written.get(view)
            if data is None:
                data = written[view] = self._rendered(view, event, shown)
            if not data:
                continue
            if session is not asking:
                session.show(data)
                continue
            if view.echo or not isinstance(event, MessageSaid):
                session.show_happened(data)
            if isinstance(event, MessageSaid) and _is_to_oneself(event):
                session.show_behind(data)
        if type(event) in PERSONAL:
            self._show_personal(event, shown, asking)

    def _show_to_room(
        self, event: Event, room: int, listeners: Listeners, asking: "LiveSession | None"
    ) -> None:
        """The same for a room's message while no session waits for a slow answer."""
        own = asking.outlet if asking else None
        written: dict[View, bytes] = {}
        for view, group in self.audiences.of(room, listeners):
            data = written.get(view)
            if data is None:
                data = written[view] = self._rendered(view, event, listeners)
            if data:
                self._gate.show_all(group, data, own)
        if asking and asking.talk.view.echo and asking.session in listeners and written[asking.talk.view]:
            asking.show_happened(written[asking.talk.view])

    def _show_personal(self, event: Event, shown: Sessions, asking: "LiveSession | None") -> None:
        if asking and isinstance(event, SessionEntered | UserSignedIn):
            asking.connection.settled()
            asking.expect_missed()
        whose = PERSONAL[type(event)]
        for number in shown if whose is None else self._sessions_of(whose(event)):
            session = self._live.get(number)
            if session and type(event) in session.talk.personal_events:
                session.show_personal(event, asking)

    def _rendered(self, view: View, event: Event, shown: Sessions) -> bytes:
        try:
            return view.render(event)
        except Exception:
            self._end_who_missed(event, shown, view)
            return b""

    def _end_who_missed(self, event: Event, shown: Sessions, view: View | None = None) -> None:
        """Called where a bug is handled: end the sessions that could not be shown an event, all or those of a view."""
        log.exception(
            "A bug in delivering %s; the server disconnects the sessions that missed it", event_kind(event)
        )
        for number in list(shown):
            session = self._live.get(number)
            if session and (view is None or session.talk.view is view):
                session.fail()


def _is_to_oneself(event: MessageSaid) -> bool:
    return isinstance(event.to, ToPerson) and event.to.person == event.by.person


def event_kind(event: Event) -> str:
    """All that a log says of an event that has met a bug."""
    return type(event).__name__
