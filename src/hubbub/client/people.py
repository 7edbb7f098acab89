"""People as the server tells of them: accounts, presence, and what they let others know of themselves."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from hubbub.client import events
from hubbub.client.chat_model import Person
from hubbub.client.pending_requests import PendingRequest
from hubbub.text import clean
from hubbub.wire.message import Message as Line
from hubbub.wire.source import split_source

if TYPE_CHECKING:
    from hubbub.client.client import Client

KEYS: Final = ("display-name", "avatar", "status", "pronouns", "color", "homepage", "bot")
"""The metadata that is shown, where the server has it."""

_TOKEN: Final = "701"
_FIELDS: Final = f"%tcuhnfar,{_TOKEN}"


class People:
    """The known people: one value for each nickname."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._known: dict[str, Person] = {}
        self._accounts: dict[str, str] = {}
        """Folded name of an account → the folded nickname under which its user is known."""
        self._listings: dict[PendingRequest, list[str]] = {}
        """The people named so far in each answer about a whole room."""

    def find(self, nick: str) -> Person | None:
        """The person with this nickname, or else with an account of this name: so people keep their names and pictures
        in what they wrote under the other one.
        """
        key = self._client.fold(nick)
        return self._known.get(key) or self._of_account(key)

    def _of_account(self, key: str) -> Person | None:
        person = self._known.get(self._accounts.get(key, ""))
        return person if person and self._client.fold(person.account) == key else None

    def identify(self, person: Person, account: str) -> None:
        """Note whose account a person has. A row of that account as an offline member was the same person."""
        person.account = account
        name, key = self._client.fold(person.nick), self._client.fold(account)
        if not account:
            return
        self._accounts[key] = name
        other = self._known.get(key)
        if key == name or other is None or other.is_online is not False:
            return
        for conversation in self._client.conversations.values():
            if conversation.members.pop(key, None):
                self._client.happened(events.MembersChanged(conversation))
        person.metadata = other.metadata | person.metadata
        self._known.pop(key)

    def get(self, nick: str) -> Person:
        """The person with this nickname; a new one if none is known, or only from a connection that has ended."""
        key = self._client.fold(nick)
        person = self._known.get(key)
        if person is None or person.is_outdated:
            person = self._known[key] = Person(nick)
        return person

    def rename(self, old: str, new: str) -> Person:
        person = self._known.pop(self._client.fold(old), None) or Person(new)
        person.nick = new
        self._known[self._client.fold(new)] = person
        if person.account:
            self._accounts[self._client.fold(person.account)] = self._client.fold(new)
        return person

    def gone(self, nick: str, name: str) -> Person:
        """Note that a person is offline, and known by `name` from now on; a private conversation keeps the nickname."""
        person = self.get(nick)
        if self._client.fold(name) != self._client.fold(nick):
            person = self.rename(nick, name)
            if self._client.find(nick) is not None:
                kept = self.get(nick)
                kept.metadata.update(person.metadata)
                kept.is_online = False
        person.is_online, person.is_away, person.away_text = False, False, ""
        return person

    def forget(self, nick: str) -> None:
        """Forget a person who shares no room and no conversation with the user."""
        key = self._client.fold(nick)
        conversations = self._client.conversations.values()
        if key not in self._client.conversations and not any(key in c.members for c in conversations):
            self._known.pop(key, None)

    def disconnected(self) -> None:
        """Keep the people in conversations visible until the server names them again; whether those who were online
        still are is unknown now.
        """
        for nick in [person.nick for person in self._known.values()]:
            self.forget(nick)
        for person in self._known.values():
            person.is_outdated = True
            person.is_online = False if person.is_online is False else None
        self._listings.clear()
        kept = self._known
        self._accounts = {account: nick for account, nick in self._accounts.items() if nick in kept}

    def changed(self, person: Person) -> None:
        self._client.happened(events.PersonChanged(person))

    # What lines tell

    def away(self, line: Line) -> None:
        """AWAY (away-notify): with a text one is away, without one is here."""
        person = self.get(split_source(line.source or "")[0])
        person.away_text, person.is_away = clean(line.param(0)), bool(line.param(0))
        self.changed(person)

    def away_told(self, line: Line) -> None:
        """301: whom one writes to is away."""
        person = self.get(line.param(1))
        person.away_text, person.is_away = clean(line.param(2)), True
        self.changed(person)

    def own_away(self, line: Line) -> None:
        """305 and 306."""
        person = self.get(self._client.nick)
        person.is_away = line.verb == "306"
        self.changed(person)

    def account(self, line: Line) -> None:
        """ACCOUNT (account-notify)."""
        person = self.get(split_source(line.source or "")[0])
        self.identify(person, "" if line.param(0) == "*" else line.param(0))
        self.changed(person)

    def host(self, line: Line) -> None:
        """CHGHOST."""
        person = self.get(split_source(line.source or "")[0])
        person.user, person.host = line.param(0), line.param(1)
        self.changed(person)

    def real_name(self, line: Line) -> None:
        """SETNAME."""
        person = self.get(split_source(line.source or "")[0])
        person.real_name = clean(line.param(0))
        self.changed(person)

    def online(self, line: Line) -> None:
        """730 and 731: whom one watches comes and goes."""
        for word in line.last.split(","):
            person = self.get(split_source(word)[0])
            person.is_online = line.verb == "730"
            self.changed(person)

    def who(self, line: Line) -> None:
        """354: one of a room's members, with the fields that were asked for."""
        if line.param(1) != _TOKEN or len(line.params) < 9:
            return
        _, _, _, user, host, nick, flags, account, real_name = line.params[:9]
        self._take(nick, user, host, flags, real_name)
        person = self.get(nick)
        self.identify(person, "" if account == "0" else account)
        self.changed(person)

    def who_plain(self, line: Line) -> None:
        """352."""
        if len(line.params) >= 8:
            _, _, user, host, _, nick, flags, last = line.params[:8]
            self._take(nick, user, host, flags, last.partition(" ")[2])
            self.changed(self.get(nick))

    def _take(self, nick: str, user: str, host: str, flags: str, real_name: str) -> None:
        current = self._client.requests.current
        if current in self._listings:
            self._listings[current].append(nick)
        person = self.get(nick)
        person.user, person.host, person.real_name = user, host, clean(real_name)
        person.is_away, person.is_operator = flags.startswith("G"), "*" in flags
        bot = self._client.server.support.get("BOT", "")
        person.is_bot = bool(bot) and bot in flags
        person.is_online = True

    def ask_who(self, room: str) -> None:
        """Request a room's members with WHO: who is away, and whose account each has."""
        fields = [_FIELDS] if "WHOX" in self._client.server.support else []
        line = Line("WHO", (room, *fields))
        self._client.requests.ask(PendingRequest("WHO", self._client.find(room), quiet=True), line)

    def ask_everybody(self, then: Callable[[Sequence[str]], None]) -> None:
        """Ask who is connected, as far as the server tells; `then` gets their nicknames in order."""

        def answered(request: PendingRequest) -> None:
            listed = self._listings.pop(request, [])
            for nick in listed:
                self.forget(nick)
            then(tuple(sorted(set(listed), key=str.casefold)))

        request = PendingRequest("WHO", then=answered, quiet=True)
        self._listings[request] = []
        self._client.requests.ask(request, Line("WHO", ("*",)))

    # Metadata

    def listen(self) -> None:
        """Ask to be told of what people let others know."""
        if self._client.server.keeps_metadata:
            request = PendingRequest("METADATA", quiet=True)
            self._client.requests.ask(request, Line("METADATA", ("*", "SUB", *KEYS)))

    def metadata(self, line: Line) -> None:
        """`METADATA <target> <key> <visibility> [<value>]`; without a value it is not set any more."""
        self._set(line.param(0), line.param(1), line.param(3) if len(line.params) > 3 else "")

    def metadata_told(self, line: Line) -> None:
        """761 and 766: `<target> <key> <visibility> <value>`, or that a key is not set."""
        value = line.param(4) if line.verb == "761" else ""
        self._set(line.param(1), line.param(2), value)

    def sync_later(self, line: Line) -> None:
        """774: the server wants to be asked again for a room's metadata."""
        conversation = self._client.find(line.param(1))
        if conversation is not None:
            request = PendingRequest("METADATA", conversation, quiet=True)
            self._client.requests.ask(request, Line("METADATA", (conversation.name, "SYNC")))

    def _set(self, target: str, key: str, value: str) -> None:
        if target == "*":
            target = self._client.nick
        if self._client.server.is_room(target):
            conversation = self._client.find(target)
            if conversation is None:
                return
            kept = conversation.metadata
        else:
            kept = self.get(target).metadata
        if value:
            kept[key] = clean(value)
        else:
            kept.pop(key, None)
        if self._client.server.is_room(target):
            conversation = self._client.find(target)
            assert conversation is not None
            self._client.happened(events.ConversationChanged(conversation))
        else:
            self.changed(self.get(target))
