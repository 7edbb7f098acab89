"""A line that its user has typed, understood: a message, a private one, or a command; and what is answered to it."""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from hubbub.client import events
from hubbub.client.chat_model import Action, Conversation, Delivery, Message, Outgoing
from hubbub.client.client import Client
from hubbub.client.commands import BARE, NEEDS, WORDS, Word
from hubbub.client.identity import Password
from hubbub.client.names import is_name
from hubbub.client.profiles import role_of
from hubbub.client.typed_line import Asked, Said, TooShort, Typed, Unknown, read_line

_ROOMS_SHOWN: Final = 200
_NO_CONNECTION: Final = "You are offline. Try this again when the connection is back; messages are sent then."


class Face(Protocol):
    """The parts of a face that a typed line may use."""

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

    @property
    def asks_first(self) -> bool:
        """Whether its user wants to be asked before a room is made."""
        ...

    def ask(self, title: str, text: str, yes: str, then: Callable[[], None]) -> None:
        """A question; `then` is for the answer yes, which a button with these words gives. It may raise ValueError."""
        ...


class Speech:
    """Understands lines for one face, and puts what the server answers into words."""

    def __init__(self, client: Client, face: Face) -> None:
        self.client = client
        self.face = face
        self._whispers: dict[str, str] = {}
        self._awaited: set[str] = set()
        self._requests: dict[str, str] = {}
        self._invitations: set[str] = set()
        self._proof: tuple[str, Password] | None = None

    @property
    def here(self) -> Conversation | None:
        return self.face.here

    def note(self, text: str) -> None:
        self.face.note(text)

    def say(self, text: str, reply_to: str = "") -> str:
        """Do what a text says; else nothing is done, and why is given back: the face keeps the text, and shows this."""
        try:
            self._do(read_line(text, NEEDS, BARE), reply_to)
        except ValueError as error:
            return str(error)
        return ""

    def say_as_text(self, text: str, reply_to: str = "") -> str:
        """Say a text as it stands, whatever it begins with; as `say`."""
        try:
            self._do(Said(text), reply_to)
        except ValueError as error:
            return str(error)
        return ""

    def _do(self, typed: Typed, reply_to: str) -> None:
        if isinstance(typed, Said):
            self.client.say(self.place(), typed.text, reply_to=reply_to)
        elif isinstance(typed, Asked):
            self._command(WORDS[typed.name], typed.rest)
        elif isinstance(typed, Unknown):
            raise ValueError(f"There is no command /{typed.name}. To list all commands, write /help.")
        elif isinstance(typed, TooShort):
            raise ValueError(f"Write: {WORDS[typed.name].usage}")
        else:
            raise ValueError(
                "This text may contain a password. To send it only to NickServ, write /msg instead of @."
            )

    def _command(self, word: Word, rest: str) -> None:
        if not self.client.is_here and word.name not in _OFFLINE:
            raise ValueError(_NO_CONNECTION)
        word.do(self, rest)

    # What words need

    def place(self) -> Conversation:
        """The conversation that a message goes to."""
        if self.here is None:
            raise ValueError(
                "You are not in a room. Join one with /join ROOM, or list the rooms with /rooms."
            )
        return self.here

    def room_name(self, text: str) -> str:
        """`tea` is the room `#tea`."""
        return text if not text or self.client.server.is_room(text) else f"#{text}"

    def room(self, name: str = "") -> Conversation:
        """The room of this name, or the one that is looked at."""
        found = self.client.find(self.room_name(name)) if name else self.here
        if found is None or not found.is_room:
            raise ValueError("This command works only in a room. Open one first.")
        return found

    def message(self, own: bool = False) -> Message:
        """The selected message, or the last one."""
        chosen = self.face.selected()
        messages = self.here.timeline.messages if self.here else []
        last = (m for m in reversed(messages) if m.is_talk and not m.is_deleted and (m.is_own or not own))
        found = chosen or next(last, None)
        if found is None:
            raise ValueError("There is no message to do that with.")
        return found

    def must_prove(self, password: str, account: str) -> None:
        """Sign in with a password, over a secure connection only; an accepted one is used from then on."""
        if not self.client.is_private:
            raise ValueError("Passwords are sent only over TLS. Connect with TLS first.")
        self._proof = (account, Password(password))

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
        elif not self.client.is_here:
            raise ValueError(_NO_CONNECTION)
        elif key or not self.face.asks_first or self.client.fold(name) in self._invitations:
            self.make_or_join(name, key)
        elif not is_name(name):
            raise ValueError("A name can't contain spaces.")
        else:
            self.client.directory.look_up(name, lambda room, near: self._found(name, room, near))

    def make_or_join(self, name: str, key: str = "") -> None:
        """Join a room, or make it where there is none; look at it once one is in. ValueError where that can't be."""
        if not self.client.is_here:
            raise ValueError(_NO_CONNECTION)
        self.client.join(name, key)
        self._awaited.add(self.client.fold(name))

    def _found(self, name: str, room: events.RoomListed | None, near: str) -> None:
        """Suggest the command that an unknown name may have meant."""
        if room is not None:
            self.make_or_join(room.name)
            return
        meant = f"Did you mean {near}? " if near else ""
        text = f"{meant}You can create the room, or join it if it exists but is not listed."
        title = f"There is no room {name} in the list"
        self.face.ask(title, text, f"Create {name}", lambda: self.make_or_join(name))

    def whisper(self, name: str, text: str) -> None:
        """Say something privately without going there."""
        entry = self.client.say(self.client.open(name), text)
        self._whispers[entry.nonce] = name

    def asked_for(self, nick: str) -> str:
        """The room of the last request to join."""
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
            if event.sender == "NickServ" and event.text.startswith("Your password was changed"):
                self._proved()
            sender = f"{event.sender}: " if event.sender and event.sender != self.client.server.name else ""
            self.face.note(f"{sender}{event.text}", event.conversation)
        elif isinstance(event, events.Refused):
            self.face.note(event.text, event.conversation)
        elif isinstance(event, events.PersonDescribed):
            facts = {**event.facts, **role_of(self.client, event.nick)}
            words = "\n".join(f"  {name}: {text or 'yes'}" for name, text in facts.items())
            self.note(f"{event.nick}\n{words}")
        elif isinstance(event, events.PeopleListed):
            self.note(f"Connected ({len(event.nicks)}): {', '.join(event.nicks)}")
        elif isinstance(event, events.RoomsListed):
            self._listed(event)
        elif isinstance(event, events.Reported):
            self.note("The message was reported. A moderator will look at it.")
        elif isinstance(event, events.RoomRequested):
            self._requests[event.nick.casefold()] = event.room
            self.note(
                f"{event.nick} asks to join {event.room}. Write /accept {event.nick} or /deny {event.nick}."
            )
        elif isinstance(event, events.Invited):
            self._invitations.add(self.client.fold(event.room))
            self.note(f"{event.by} invites you to {event.room}. To accept, write /join {event.room}.")
        elif isinstance(event, events.Registered):
            self.note(event.text)
        elif isinstance(event, events.RegistrationFailed | events.SignInFailed):
            self.note(event.reason)

    def _sent(self, entry: Outgoing) -> None:
        if entry.action is not Action.SAY:
            if entry.delivery is Delivery.FAILED:
                lost = f"\nYou wrote: {entry.text}" if entry.action is Action.EDIT else ""
                self.note(f"{entry.error}{lost}")
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
        """Close a conversation with a person who does not exist."""
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
        self.note("\n".join(["Rooms, their members online, and their topics:", *rows, *more]))


_OFFLINE: Final = frozenset(
    {"help", "exit", "nick", "me", "reply", "react", "edit", "delete", "again", "drop", "users"}
    | {"query", "clear", "set", "msg"}
)
"""The commands that work without a connection."""
