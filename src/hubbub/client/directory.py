"""The directory: rooms that the server lists and people who are connected, asked for when wanted."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hubbub.client import events
from hubbub.client.pending_requests import PendingRequest
from hubbub.spelling import meant
from hubbub.wire.message import Message as Line

if TYPE_CHECKING:
    from hubbub.client.client import Client

Rooms = Sequence[events.RoomListed]


class Directory:
    """As it was when it was asked for last. A server that is not ours may have very much: it is asked for one room."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._asked: dict[PendingRequest, Callable[[Rooms], None]] = {}
        self.rooms: Rooms = ()
        self.people: Sequence[str] = ()
        """Nicknames."""

    def clear(self) -> None:
        self._asked.clear()
        self.rooms = self.people = ()

    @property
    def _is_ours(self) -> bool:
        return self._client.server.has("hubbub/send-once")

    def refresh(self) -> None:
        """Ask for everything; an event tells when it is there."""
        if self._client.is_here and self._is_ours:
            self._ask((), lambda rooms: None)
            self._client.people.ask_everybody(self._take_people)

    def look_up(self, name: str, then: Callable[[events.RoomListed | None, str], None]) -> None:
        """Ask whether there is a room of this name: `then` gets it, or nothing and a name that is much like it."""
        wanted = self._client.fold(name)

        def answered(rooms: Rooms) -> None:
            names = {self._client.fold(row.name): row for row in rooms}
            near = meant(wanted, names)
            then(names.get(wanted), names[near].name if near else "")

        self._ask(() if self._is_ours else (name,), answered)

    def _ask(self, which: tuple[str, ...], then: Callable[[Rooms], None]) -> None:
        request = PendingRequest("LIST", then=self._unanswered, quiet=True)
        self._asked[request] = then
        self._client.requests.ask(request, Line("LIST", which))

    def took(self, request: PendingRequest | None, rooms: Rooms) -> bool:
        """Take a list of rooms; whether it was asked for here."""
        then = self._asked.pop(request, None) if request else None
        if then is None:
            return False
        if self._is_ours:
            self.rooms = rooms
            self._client.happened(events.DirectoryChanged())
        then(rooms)
        return True

    def _unanswered(self, request: PendingRequest) -> None:
        """The answer is over; one without a list is no room."""
        if then := self._asked.pop(request, None):
            then(())

    def _take_people(self, nicks: Sequence[str]) -> None:
        self.people = [nick for nick in nicks if not self._client.is_me(nick)]
        self._client.happened(events.DirectoryChanged())
