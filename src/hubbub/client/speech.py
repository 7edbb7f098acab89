"""A line that its user has typed, understood: a message, a private one, or a command; and what is answered to it."""

from collections.abc import Sequence
from typing import Final, Protocol

from hubbub.client import events
from hubbub.client.client import Client
from hubbub.client.identity import Password
from hubbub.client.model import Action, Conversation, Delivery, Message, Outgoing
from hubbub.client.words import NICKSERV_SECRETS, SECRETS, WORDS

_LEAVES: Final = ("exit", "!exit", "/exit")
_ROOMS_SHOWN: Final = 200


def is_secret(text: str) -> bool:
    """Whether a password may stand in it, as a command or as what is written to a service: then it is kept nowhere."""
    words = text.lower().split(maxsplit=3)
    if words[:1] == ["/msg"]:
        words = [f"@{words[1]}", *words[2:]] if len(words) > 1 else []
    decisive = words[1:2] if words and words[0].startswith("@") else words[:1]
    if words[:1] == ["@nickserv"]:
        return any(word in NICKSERV_SECRETS for word in decisive)
    return any(word.lstrip("/") in SECRETS for word in decisive)


class Face(Protocol):
    """What a line may ask of the face around it."""

    @property
    def here(self) -> Conversation | None:
        """The conversation that is looked at."""
        ...

    def note(self, text: str, conversation: Conversation | None = None) -> None:
        """A word to its user alone."""
        ...

    def show(self, conversation: Conversation) -> None:
        """Look at this conversation."""
        ...

    def selected(self) -> Message | None:
        """The message that its user has chosen, if any."""
        ...

    def search(self, text: str) -> None:
        """Find messages with these words."""
        ...

    def read(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        """Something longer to read: names, and what each of them is."""
        ...

    def act(self, action: str, rest: str) -> None:
        """Something that only the face knows: `clear`, `send`, `set`."""
        ...

    def leave(self, reason: str) -> None:
        """Say goodbye, and end."""
        ...


class Speech:
    """Understands lines for one face, and puts what the server answers into words."""

    def __init__(self, client: Client, face: Face) -> None:
        self.client = client
        self.face = face
        self._whispers: dict[str, str] = {}
        self._awaited: set[str] = set()
        self._requests: dict[str, str] = {}
        self._proof: tuple[str, Password] | None = None

    @property
    def here(self) -> Conversation | None:
        return self.face.here

    def note(self, text: str) -> None:
        self.face.note(text)

    def say(self, text: str, reply_to: str = "") -> bool:
        """Do what a text says; whether it may be forgotten by the face. What can't be done is told, and kept."""
        try:
            return self._say(text, reply_to)
        except ValueError as error:
            self.note(str(error))
            return False

    def _say(self, text: str, reply_to: str) -> bool:
        line = text.strip()
        first, _, rest = line.partition(" ")
        if line in _LEAVES:
            self.face.leave("")
        elif line == "?list":
            WORDS["list"].do(self, "")
        elif first.startswith("@") and len(first) > 1:
            WORDS["msg"].do(self, line[1:])
        elif line == "@":
            self.note("Write: @NAME TEXT, for example: @ann hello")
        elif first.lower() in SECRETS:
            return self._command(first.lower(), rest.strip())
        elif line.startswith("/") and not line.startswith("//"):
            return self._command(first[1:].lower(), rest.strip())
        elif here := self.place():
            self.client.say(here, text[1:] if line.startswith("//") else text, reply_to=reply_to)
        return True

    def _command(self, name: str, rest: str) -> bool:
        word = WORDS.get(name) or WORDS.get({"identify": "login"}.get(name, ""))
        if word is None:
            self.note(
                f"There is no command /{name}. Write /help for all of them, // to begin a message with a slash."
            )
            return False
        if len(rest.split()) < word.needs:
            self.note(f"Write: {word.usage}")
            return False
        if not self.client.is_here and word.name not in _OFFLINE:
            self.note(
                "There is no connection now. Try again when it is back; messages are kept and sent then."
            )
            return False
        word.do(self, rest)
        return True

    # What words need

    def place(self) -> Conversation | None:
        """Where a message goes; where there is nowhere, its user is told."""
        if self.here is None:
            self.note("You are in no room. Write /join ROOM, or /rooms for which there are.")
        return self.here

    def room_name(self, text: str) -> str:
        """`tea` is the room `#tea`."""
        return text if not text or self.client.server.is_room(text) else f"#{text}"

    def room(self, name: str = "") -> Conversation | None:
        """The room of this name, or the one that is looked at; where there is none, its user is told."""
        found = self.client.find(self.room_name(name)) if name else self.here
        if found is None or not found.is_room:
            self.note("That is for rooms. Go to one first.")
            return None
        return found

    def message(self, own: bool = False) -> Message | None:
        """The selected message, or the last one; where there is none, its user is told."""
        chosen = self.face.selected()
        messages = self.here.timeline.messages if self.here else []
        last = (m for m in reversed(messages) if m.is_talk and not m.is_deleted and (m.is_own or not own))
        found = chosen or next(last, None)
        if found is None:
            self.note("There is no message for that here.")
        return found

    def may_prove(self, password: str, account: str) -> bool:
        """Whether a password may be sent; where not, its user is told. Once it is good, it is used from then on."""
        if not self.client.is_private:
            self.note("A password is sent only over TLS. Connect with TLS first.")
            return False
        self._proof = (account, Password(password))
        return True

    def _proved(self) -> None:
        """The server has taken what was given as a proof."""
        if self._proof is not None:
            account, password = self._proof
            self._proof = None
            self.client.prove_by(password, account)

    def go_when_joined(self, name: str, key: str) -> None:
        """Join a room, and look at it once one is in it."""
        found = self.client.find(name)
        if found is not None and found.is_joined:
            self.face.show(found)
        else:
            self._awaited.add(self.client.fold(name))
            self.client.join(name, key)

    def whisper(self, name: str, text: str) -> None:
        """Say something privately without going there."""
        entry = self.client.say(self.client.open(name), text)
        self._whispers[entry.nonce] = name

    def asked_for(self, nick: str) -> str:
        """The room that somebody has asked for last."""
        return self._requests.get(nick.casefold(), "")

    # What the server answers

    def heard(self, event: events.Event) -> None:
        """Put an event into words, where it answers or tells something that stands nowhere else."""
        if isinstance(event, events.OutboxChanged):
            self._sent(event.outgoing)
        elif isinstance(event, events.ConversationChanged) and event.conversation.is_joined:
            self._joined(event.conversation)
        elif isinstance(event, events.SignedIn):
            self._proved()
        elif isinstance(event, events.ServerSaid):
            if event.sender == "NickServ" and event.text.startswith("Your password is changed"):
                self._proved()
            sender = f"{event.sender}: " if event.sender and event.sender != self.client.server.name else ""
            self.face.note(f"{sender}{event.text}", event.conversation)
        elif isinstance(event, events.Refused):
            self.face.note(event.text, event.conversation)
        elif isinstance(event, events.PersonDescribed):
            facts = "\n".join(f"  {name}: {text or 'yes'}" for name, text in event.facts.items())
            self.note(f"{event.nick}\n{facts}")
        elif isinstance(event, events.PeopleListed):
            self.note(f"Connected ({len(event.nicks)}): {', '.join(event.nicks)}")
        elif isinstance(event, events.RoomsListed):
            self._listed(event)
        elif isinstance(event, events.Reported):
            self.note("It is reported. Somebody will look at it.")
        elif isinstance(event, events.RoomRequested):
            self._requests[event.nick.casefold()] = event.room
            self.note(
                f"{event.nick} asks for {event.room}. Write /accept {event.nick} or /deny {event.nick}."
            )
        elif isinstance(event, events.Invited):
            self.note(f"{event.by} invites you to {event.room}. Write /join {event.room} to go there.")
        elif isinstance(event, events.Registered):
            self.note(event.text)
        elif isinstance(event, events.RegistrationFailed | events.SignInFailed):
            self.note(event.reason)

    def _sent(self, entry: Outgoing) -> None:
        if entry.action is not Action.SAY:
            if entry.delivery is Delivery.FAILED:
                self.note(entry.error)
            return
        name = self._whispers.get(entry.nonce)
        if name is None:
            return
        if entry.delivery is Delivery.FAILED:
            del self._whispers[entry.nonce]
            is_unknown = entry.error.startswith("No such nick")
            self.note(f"User {name} not found" if is_unknown else entry.error)
            if is_unknown:
                self._forget(entry, name)
        elif entry not in self.client.outbox.entries:
            del self._whispers[entry.nonce]
            self.note(f"Private message sent to {name}")

    def _forget(self, entry: Outgoing, name: str) -> None:
        """There is nobody to talk with: nothing of it stays open."""
        conversation = self.client.open(name)
        self.client.outbox.drop(entry)
        if not conversation.timeline.messages and not conversation.pending:
            self.client.leave(conversation)

    def _joined(self, conversation: Conversation) -> None:
        key = self.client.fold(conversation.name)
        if key in self._awaited:
            self._awaited.discard(key)
            self.face.show(conversation)

    def _listed(self, event: events.RoomsListed) -> None:
        shown = event.rooms[:_ROOMS_SHOWN]
        width = max((len(row.name) for row in shown), default=0)
        rows = [f"{row.name:{width}}  {row.members:4}  {row.topic}".rstrip() for row in shown]
        more = [f"and {len(event.rooms) - len(shown)} more"] if len(event.rooms) > len(shown) else []
        self.note("\n".join(["Rooms, how many are in them, and their topics:", *rows, *more]))


_OFFLINE: Final = frozenset(
    {"help", "exit", "nick", "me", "reply", "react", "edit", "delete", "again", "drop", "users"}
    | {"query", "clear", "set", "msg"}
)
"""What makes sense without a connection."""
