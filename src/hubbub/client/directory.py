"""The directory: rooms that the server lists, and people, asked for when wanted.

A server with hubbub/members lists its accounts, connected or not; of others the connected people are known.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hubbub.client import events
from hubbub.client.chat_model import Person
from hubbub.client.members import PeoplePage
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
        self.people: Sequence[Person] = ()
        self.refusal = ""
        """Why only people who are online are listed, where the server has more to list."""
        self._wanted = ""
        self._answered: str | None = None
        """The text of the last answer about people."""
        self._is_seeking = False
        self._first: PeoplePage | None = None
        """The beginning of the directory; all of it, unless another page follows."""

    def clear(self) -> None:
        self._asked.clear()
        self.rooms = self.people = ()
        self.refusal, self._wanted, self._answered = "", "", None
        self._is_seeking, self._first = False, None

    @property
    def _is_ours(self) -> bool:
        return self._client.server.has("hubbub/send-once")

    def refresh(self) -> None:
        """Ask for everything; an event tells when it is there."""
        if self._client.is_here and self._is_ours:
            self._ask((), lambda rooms: None)
            self.refusal, self._answered, self._first = "", None, None
            if self._client.members.is_possible:
                self.seek("")
            else:
                self._client.people.ask_everybody(self._take_connected)

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

    # People

    def seek(self, text: str) -> None:
        """Look for people with a text in their names, if not all are known; an event tells when they are there."""
        self._wanted = text
        if self._is_seeking or not self._client.is_here or not self._client.members.is_possible:
            return
        if self.refusal or text == self._answered or (self._first and not self._first.following):
            return
        self._is_seeking = True
        asked = text if self._first else ""
        self._client.members.look_for(asked, lambda page: self._take_page(asked, page))

    def learn(self, nick: str) -> None:
        """Request the profile of the person in a private conversation, if it is not known."""
        person = self._client.people.find(nick)
        if self._client.account and self._client.is_here and (person is None or not person.role):
            self._client.members.look_for(nick, self._learned)

    def _learned(self, page: PeoplePage) -> None:
        for person in page.people:
            self._client.people.changed(person)

    def _take_page(self, text: str, page: PeoplePage) -> None:
        self._is_seeking = False
        if page.error:
            self.refusal = page.error
            self._client.people.ask_everybody(self._take_connected)
            return
        self._answered = text
        self._first = self._first if text else page
        first = self._first.people if self._first else ()
        found = {person.nick: person for person in (*first, *page.people)}
        self._tell([person for nick, person in found.items() if not self._client.is_me(nick)])
        if self._wanted != text:
            self.seek(self._wanted)

    def _take_connected(self, nicks: Sequence[str]) -> None:
        known = self._client.people.find
        others = [nick for nick in nicks if not self._client.is_me(nick)]
        self._tell([known(nick) or Person(nick, is_online=True) for nick in others])

    def _tell(self, people: Sequence[Person]) -> None:
        self.people = people
        self._client.happened(events.DirectoryChanged())
