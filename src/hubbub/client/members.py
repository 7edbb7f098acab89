"""Members and accounts, connected or not, as a server with hubbub/members lists them: page by page, when wanted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hubbub.client import events
from hubbub.client.batches import Batch
from hubbub.client.chat_model import Conversation, Member, Person
from hubbub.client.pending_requests import PendingRequest
from hubbub.client.server_features import number
from hubbub.text import clean
from hubbub.wire.message import Message as Line
from hubbub.wire.times import parse_time

if TYPE_CHECKING:
    from hubbub.client.client import Client

CAPABILITY: Final = "hubbub/members"
MEMBERS_MAX: Final = 20_000
"""A room with more members is not listed further."""
NONE: Final = "*"
SHOWN_NAME: Final = "display-name"
STAFF: Final = ("moderator", "admin")


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of the accounts in which a text was found; `following` is the cursor of the next one, empty for none."""

    people: Sequence[Person] = ()
    total: int = 0
    following: str = ""
    error: str = ""


class Members:
    """The requests for members and accounts, and the rows that answer them."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._looked_at: Conversation | None = None
        self._pages: dict[PendingRequest, PeoplePage] = {}

    @property
    def is_possible(self) -> bool:
        """Whether the server lists people who are not connected."""
        return self._client.server.has(CAPABILITY)

    def clear(self) -> None:
        self._pages.clear()

    def look_at(self, conversation: Conversation) -> None:
        """The user looks at a conversation: request the members, now or once the room is joined."""
        self._looked_at = conversation
        self.ask(conversation)

    def entered(self, conversation: Conversation) -> None:
        """The room is joined (again): the members of before are not known to be members any more."""
        conversation.has_asked_members = conversation.has_all_members = False
        if conversation is self._looked_at:
            self.ask(conversation)

    def ask(self, conversation: Conversation) -> None:
        """Request all members of a room, one page after the other; only the first time after joining."""
        may_ask = self.is_possible and self._client.is_here and conversation.is_joined
        if may_ask and conversation.is_room and not conversation.has_asked_members:
            conversation.has_asked_members = True
            self._ask_page(conversation)

    def _ask_page(self, conversation: Conversation, *cursor: str) -> None:
        request = PendingRequest("MEMBERS", conversation, quiet=True)
        self._client.requests.ask(request, Line("MEMBERS", (conversation.name, *cursor)))

    def took(self, batch: Batch) -> None:
        """`hubbub/members <room> <total> <next>`."""
        name, _, following = (*batch.params, "", "", "")[:3]
        self._take_each(batch)
        conversation = self._client.find(name)
        if conversation is None or not conversation.is_joined:
            return
        if following == NONE or not following:
            conversation.has_all_members = True
        elif len(conversation.members) < MEMBERS_MAX:
            self._ask_page(conversation, following)
        self._client.happened(events.MembersChanged(conversation))

    def told(self, line: Line) -> None:
        """MEMBER outside of a batch: a row is new or has changed."""
        conversation, person = self._client.find(line.param(0)), self.row(line)
        if conversation is not None and person is not None:
            self._client.people.changed(person)
            self._client.happened(events.MembersChanged(conversation))

    def row(self, line: Line) -> Person | None:
        """`MEMBER <room> <name> <ranks> <presence> <role> <last seen> :<display name>`."""
        conversation = self._client.find(line.param(0))
        if conversation is None or not conversation.is_joined or len(line.params) < 7:
            return None
        person = self._person(line, line.params[1], *line.params[3:7])
        ranks = line.param(2).replace(NONE, "")
        conversation.members[self._client.fold(person.nick)] = Member(person, ranks)
        return person

    def _person(
        self, line: Line, name: str, presence: str, role: str, seen: str, display_name: str
    ) -> Person:
        people = self._client.people
        person = people.get(name)
        person.is_online, person.is_away = presence != "offline", presence == "away"
        person.away_text = person.away_text if person.is_away else ""
        person.role, person.is_operator = role, role in STAFF
        person.last_seen_ms = parse_time(seen) or 0
        if display_name:
            person.metadata[SHOWN_NAME] = clean(display_name)
        else:
            person.metadata.pop(SHOWN_NAME, None)
        people.identify(person, line.tags.get("account", ""))
        return person

    def _take_each(self, batch: Batch) -> list[Person]:
        """The people of a page's rows; between them are lines of metadata, which mean what they do elsewhere."""
        from hubbub.client.verb_table import handle

        found: list[Person] = []
        for item in batch.items:
            person = None
            if isinstance(item, Line) and item.verb == "MEMBER":
                person = self.row(item)
            elif isinstance(item, Line) and item.verb == "PERSON" and len(item.params) >= 5:
                person = self._person(item, *item.params[:5])
            else:
                handle(self._client, item)
            if person is not None:
                found.append(person)
        return found

    # The directory

    def look_for(self, text: str, then: Callable[[PeoplePage], None], cursor: str = "") -> None:
        """Request the accounts with a text in their names; `then` gets the page that begins behind the cursor."""
        if not self.is_possible:
            then(PeoplePage())
            return

        def answered(request: PendingRequest) -> None:
            then(self._pages.pop(request, PeoplePage(error=request.error)))

        request = PendingRequest("PEOPLE", then=answered, quiet=True)
        params = (cursor or NONE, text) if text else (cursor or NONE,)
        self._client.requests.ask(request, Line("PEOPLE", params))

    def took_people(self, batch: Batch) -> None:
        """`hubbub/people <total> <next>`."""
        people = tuple(self._take_each(batch))
        request = self._client.requests.current
        if request is not None and request.command == "PEOPLE":
            total, following = (*batch.params, "", "")[:2]
            self._pages[request] = PeoplePage(people, number(total, 0), following.replace(NONE, ""))
