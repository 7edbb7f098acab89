"""The client: lines of a server in, its state and typed events out, and what to send; no socket, no clock."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from hubbub.client import events
from hubbub.client.batches import Batches
from hubbub.client.chat_model import Action, Conversation, Kind, Message, Outgoing
from hubbub.client.custom_emoji import CustomEmoji
from hubbub.client.directory import Directory
from hubbub.client.drafts import Drafts
from hubbub.client.history import History
from hubbub.client.identity import Identity, Secret, Token
from hubbub.client.members import Members
from hubbub.client.messages import Messages
from hubbub.client.names import harmless, is_name
from hubbub.client.outbox import Outbox
from hubbub.client.pending_requests import PendingRequest, Requests
from hubbub.client.people import People
from hubbub.client.read_markers import Markers
from hubbub.client.registration import Registration, Stage
from hubbub.client.search import Search
from hubbub.client.server_features import Server
from hubbub.client.threads import Threads
from hubbub.client.verb_table import handle
from hubbub.text import clean_lines
from hubbub.wire.line_reader import LineReader
from hubbub.wire.message import SERVER_TAG_DATA_BYTES_MAX, WireError, parse
from hubbub.wire.message import Message as Line

LINE_BYTES_MAX: Final = 65_536
"""The longest line that is read; a server that sends a longer one is not heard."""
SILENCE_MS: Final = 60_000
"""After how long without a word the server is asked whether it is there."""
ANSWER_MS: Final = 30_000
"""And how long it then has to answer, before the connection counts as dead."""
REJOINING_MS: Final = 15_000
"""The time that a message to a room waits until the user is in it again."""

SERVICES: Final = frozenset({"nickserv", "chanserv", "hubbub", "operserv", "memoserv", "*playback"})
"""The services. Lines to them are no conversation and may be secrets: they are stored nowhere."""


class Client:
    """One user's place on one server, over any number of connections one after the other.

    The connection calls `opened`, `received`, `closed` and, about once a second, `tick`, each with the time
    in milliseconds; takes what is to be sent with `take_output`, and what has happened with `take_events`; and closes
    the connection when `is_closing`. `entropy` gives a different text of letters and digits each time.
    """

    def __init__(self, identity: Identity, entropy: Callable[[], str]) -> None:
        self.entropy = entropy
        self.now_ms = 0
        self.nick = identity.nick
        self.account = ""
        self.server = Server()
        self.conversations: dict[str, Conversation] = {}
        """Folded name → room or private conversation, in the order in which they were opened."""
        self.is_secure = False
        """The connection is by TLS."""
        self.is_private = False
        """Whether the connection cannot be overheard: by TLS, or within one machine."""
        self.is_closing = False
        self.wake: Callable[[], None] = _nothing
        """Called whenever there is output or an event to take; the connection sets it."""
        self.ticket = ""
        """Proves this session to the server's website (hubbub/ticket)."""
        self.listed: list[events.RoomListed] = []
        """The rows of a list of rooms that is being told."""
        self.described: dict[str, dict[str, str]] = {}
        """Nickname → the WHOIS answer being received."""
        self.people: People = People(self)
        self.members: Members = Members(self)
        self.requests: Requests = Requests(self)
        self.outbox: Outbox = Outbox(self)
        self.history: History = History(self)
        self.markers: Markers = Markers(self)
        self.drafts: Drafts = Drafts(self)
        self.messages: Messages = Messages(self)
        self.search: Search = Search(self)
        self.threads: Threads = Threads(self)
        self.directory: Directory = Directory(self)
        self.emoji: CustomEmoji = CustomEmoji(self)
        self.registration: Registration = Registration(self, identity)
        self._batches = Batches()
        self._reader = LineReader(LINE_BYTES_MAX)
        self._output: list[bytes] = []
        self._events: list[events.Event] = []
        self._rejoining: dict[str, int] = {}
        self._looked_at: Conversation | None = None
        self._is_arriving = False
        self._was_here = False
        self._has_left = False
        self._heard_ms = 0
        self._asked_ms = 0
        self._name = re.compile("")
        self._set_nick(identity.nick)

    # The connection

    def opened(self, now_ms: int, *, is_secure: bool, is_private: bool) -> None:
        """A connection to the server is there; come in through it."""
        self.now_ms = self._heard_ms = now_ms
        self._asked_ms = 0
        self.is_secure, self.is_private = is_secure, is_private
        self.is_closing = self._has_left = False
        self.server = Server()
        self.account = ""
        self.registration.begin()

    def received(self, data: bytes, now_ms: int) -> None:
        """Bytes from the server, cut anyhow."""
        self.now_ms = self._heard_ms = now_ms
        self._asked_ms = 0
        for raw in self._reader.feed(data):
            if self.is_closing:
                return  # why it is left is known, and what comes behind that says it less well
            if isinstance(raw, bytes) and (line := _parse(raw)):
                self._take(line)

    def closed(self, now_ms: int) -> None:
        """The connection has ended, however: what is under way waits for the next one."""
        self.now_ms = now_ms
        self.ticket = ""
        self._reader = LineReader(LINE_BYTES_MAX)
        self._batches.clear()
        self._output.clear()
        self.history.clear()
        self.search.clear()
        self.listed.clear()
        self.directory.clear()
        self.members.clear()
        self.described.clear()
        self.requests.clear()
        self.outbox.disconnected()
        self.drafts.disconnected()
        self.threads.disconnected()
        self.registration.end()
        for conversation in self.conversations.values():
            if conversation.is_joined:
                self._rejoining[self.fold(conversation.name)] = 0
            conversation.is_awaited = conversation.is_awaited or conversation.is_joined
            conversation.is_joined = False
            conversation.is_caught_up = False
            conversation.has_resumed = False
            conversation.seam = conversation.seam or conversation.timeline.newest_known()
            conversation.typing.clear()
        self.people.disconnected()

    def tick(self, now_ms: int) -> None:
        """Let time pass: ping a silent server, and give up what takes too long."""
        self.now_ms = now_ms
        self.history.tick()
        self.messages.tick()
        self.outbox.tick()
        self.drafts.tick()
        if self._rejoining and self.is_here and self._rejoining_since(now_ms) > REJOINING_MS:
            rooms, self._rejoining = self._rejoining, {}
            for room in rooms:
                self._given_up(room)
            self.outbox.pump()
        if self.registration.stage is Stage.OFFLINE or self.is_closing:
            return
        if self._asked_ms and now_ms - self._asked_ms > ANSWER_MS:
            self.is_closing = True
        elif not self._asked_ms and now_ms - self._heard_ms > SILENCE_MS:
            self._asked_ms = now_ms
            if self.is_here:
                self.send("PING", "hubbub")

    def _rejoining_since(self, now_ms: int) -> int:
        return now_ms - max(self._rejoining.values())

    def take_output(self) -> list[bytes]:
        """Lines to be sent, each with CRLF; they are given once."""
        output, self._output = self._output, []
        return output

    def take_events(self) -> list[events.Event]:
        """Take the events since the last call."""
        happened, self._events = self._events, []
        return happened

    def close(self) -> None:
        """Ask the connection to close."""
        self.is_closing = True
        self.wake()

    @property
    def has_left(self) -> bool:
        """Its user has said goodbye: nothing connects again by itself."""
        return self._has_left

    @property
    def is_here(self) -> bool:
        """One is in, and may talk."""
        return self.registration.is_here

    # For the parts of the client

    def happened(self, event: events.Event) -> None:
        self._events.append(event)
        self.wake()

    def send(self, verb: str, *params: str, tags: dict[str, str] | None = None) -> None:
        """Send one line that nothing answers, or whose answer is read like any line."""
        self.write(Line(verb, params, None, tags or {}).encode())

    def write(self, *lines: bytes) -> None:
        if not self.is_closing and self.registration.stage is not Stage.OFFLINE:
            self._output.extend(lines)
            self.wake()

    def _take(self, line: Line) -> None:
        item = self._batches.take(line)
        if item is None:
            return
        label = (item if isinstance(item, Line) else item.opening).tags.get("label", "")
        request = self.requests.labelled(label) if label else None
        handle(self, item)
        if request is not None:
            self.requests.answered()

    def fold(self, name: str) -> str:
        return self.server.fold(name)

    def is_me(self, nick: str) -> bool:
        return self.fold(nick) == self.fold(self.nick)

    def is_service(self, nick: str) -> bool:
        return nick.casefold() in SERVICES

    def mentions_me(self, text: str) -> bool:
        return self._name.search(text) is not None

    def _set_nick(self, nick: str) -> None:
        self.nick = nick
        self._name = re.compile(rf"(?<!\w){re.escape(nick)}(?!\w)", re.IGNORECASE)

    def nick_changed(self, nick: str) -> None:
        if is_name(nick):
            self._set_nick(nick)

    def find(self, name: str) -> Conversation | None:
        """The conversation of this name, if it is open."""
        return self.conversations.get(self.fold(name))

    def open(self, name: str) -> Conversation:
        """The conversation of this name; it is opened where it is not. ValueError where it can be no name."""
        key = self.fold(name)
        conversation = self.conversations.get(key)
        if conversation is None:
            _one_word(name)
            conversation = Conversation(name, self.server.is_room(name))
            self.conversations[key] = conversation
            self.happened(events.ConversationOpened(conversation))
            if not conversation.is_room:
                self._watch(name)
        return conversation

    def _watch(self, nick: str) -> None:
        if self.is_here and "MONITOR" in self.server.support:
            self.send("MONITOR", "+", nick)

    def rename(self, conversation: Conversation, name: str) -> None:
        """Rename a conversation: the room has another name, or the person another nickname."""
        if not is_name(name):
            return
        self.conversations.pop(self.fold(conversation.name), None)
        conversation.name = name
        self.conversations[self.fold(name)] = conversation
        self.happened(events.ConversationChanged(conversation))

    def received_live(self, conversation: Conversation, message: Message, is_late: bool = False) -> None:
        """Something has just happened in a conversation; what is `late` had happened before, and is shown only now."""
        resumes = conversation.seam is not None and not conversation.has_resumed
        if is_late and conversation.timeline.messages:
            is_new = bool(conversation.timeline.merge([message]))
        else:
            is_new = conversation.timeline.append(message)
            if is_new and resumes:
                message.follows_gap = conversation.has_resumed = True
        if is_new:
            self.markers.received(conversation, message)
            self.happened(events.MessageReceived(conversation, message))

    def welcomed(self) -> None:
        """The greeting is over: what was there before is taken up again."""
        if self.is_here:
            return
        if not self.registration.welcome():
            return
        self._rejoining = dict.fromkeys(self._rejoining, self.now_ms)
        for room in () if self._was_here else self.registration.identity.rooms:
            self._rejoining[self.fold(room)] = self.now_ms
        again, self._was_here = self._was_here, True
        self.happened(events.Welcomed(self.nick, again))
        self.people.listen()
        self.drafts.come_in()
        if self.server.has("hubbub/ticket") and self.is_private:
            self.send("TICKET")
        self.emoji.ask()
        directs = [c for c in self.conversations.values() if not c.is_room]
        for conversation in directs:
            self._watch(conversation.name)
            self.history.catch_up(conversation)
        self.history.find_conversations()
        if self.registration.identity.is_bot and (mode := self.server.support.get("BOT")):
            self.send("MODE", self.nick, f"+{mode}")
        self._is_arriving = not again
        self.requests.ask(PendingRequest("PING", then=self._rejoin, quiet=True), Line("PING", ("rejoin",)))
        self.outbox.pump()

    def _rejoin(self, request: PendingRequest) -> None:
        """A server that puts its accounts into their rooms by itself has done so by now; others are asked."""
        missing = [name for name in self._rejoining if not self._is_joined(name)]
        if self.account and len(missing) < len(self._rejoining):
            wanted = {self.fold(room) for room in self.registration.identity.rooms}
            for name in missing:
                if name not in wanted:
                    self._given_up(name)
            missing = [name for name in missing if name in wanted]
            self._rejoining = {name: at for name, at in self._rejoining.items() if name in missing}
        for name in missing:
            conversation = self.find(name)
            self.join(conversation.name if conversation else name, conversation.key if conversation else "")
        if not missing:
            self._begin_somewhere()
        self.outbox.pump()

    def _begin_somewhere(self) -> None:
        """Guests are in no room when they come; an account that has left all its rooms stays where it is."""
        welcome = self.server.support.get("hubbub/WELCOME")
        is_guest = self.registration.identity.begins_somewhere and not self.account
        is_in = any(one.is_joined for one in self.conversations.values())
        if self._is_arriving and is_guest and welcome and not is_in:
            self.join(welcome)

    def _is_joined(self, name: str) -> bool:
        conversation = self.find(name)
        return conversation is not None and conversation.is_joined

    def rejoined(self, conversation: Conversation) -> None:
        """One is in a room; what waited for that goes on."""
        self._rejoining.pop(self.fold(conversation.name), None)
        if conversation is self._looked_at:
            self.people.ask_who(conversation.name)
        self.outbox.pump()

    def is_rejoining(self, conversation: Conversation) -> bool:
        return self.fold(conversation.name) in self._rejoining

    def not_joined(self, name: str) -> None:
        """The server does not let one in."""
        self._given_up(name)
        if self._rejoining.pop(self.fold(name), None) is not None:
            self.outbox.pump()

    def _given_up(self, name: str) -> None:
        """One is in a room no more, which one was in when the connection ended."""
        conversation = self.find(name)
        if conversation is not None and conversation.is_awaited:
            conversation.is_awaited = False
            conversation.members.clear()
            self.happened(events.ConversationChanged(conversation))
            self.happened(events.MembersChanged(conversation))

    def left(self, conversation: Conversation) -> None:
        """One has left a room by oneself, here or in another client: it is closed."""
        self._rejoining.pop(self.fold(conversation.name), None)
        self.conversations.pop(self.fold(conversation.name), None)
        self.happened(events.ConversationClosed(conversation))

    # What its user does

    def say(
        self,
        conversation: Conversation,
        text: str,
        *,
        kind: Kind = Kind.SAID,
        reply_to: str = "",
        in_thread: bool = False,
    ) -> Outgoing:
        """Say something; what the server can't take as one message becomes several. ValueError for only spaces.

        With `in_thread` an answer is shown in its thread alone.
        """
        text = _writable(text)
        if not text.strip():
            raise ValueError("The message is empty. Write some text.")
        entry = Outgoing(self.entropy(), conversation.name, text, self.now_ms, kind=kind, message=reply_to)
        entry.in_thread = in_thread
        self.outbox.add(entry)
        self.messages.sent(conversation)
        return entry

    def report(self, conversation: Conversation, message: Message, reason: str = "") -> None:
        """Let those who look after the server look at a message. ValueError where it has no such way."""
        if not self.server.has("hubbub/report"):
            raise ValueError("This server does not accept reports. Write to one of its operators.")
        self.ask("REPORT", conversation.name, message.id, *([reason] if reason else []))

    def edit(self, conversation: Conversation, message: Message, text: str) -> None:
        """Give a message of one's own another text. ValueError where that can't be."""
        self._amend(conversation, message, Action.EDIT, "hubbub/edit", text)

    def delete(self, conversation: Conversation, message: Message, reason: str = "") -> None:
        """Delete a message. ValueError where the server knows nothing of deleting."""
        self._amend(conversation, message, Action.DELETE, "draft/message-redaction", reason)

    def react(self, conversation: Conversation, message: Message, reaction: str, given: bool = True) -> None:
        """Give a reaction or take it back. ValueError where the server passes on no tags."""
        self._amend(
            conversation, message, Action.REACT if given else Action.UNREACT, "message-tags", reaction
        )

    def _amend(
        self, conversation: Conversation, message: Message, action: Action, capability: str, text: str
    ) -> None:
        if not message.id or (self.is_here and not self.server.has(capability)):
            raise ValueError(f"This server can't {action.value} messages.")
        if action is Action.EDIT and (not message.is_own or not text.strip()):
            raise ValueError("You can edit only your own messages, and the new text can't be empty.")
        text = _writable(text)
        entry = Outgoing(self.entropy(), conversation.name, text, self.now_ms, action, message=message.id)
        self.outbox.add(entry)

    def join(self, room: str, key: str = "") -> None:
        """Go into a room, or ask for it. ValueError where the name is none."""
        _one_word(room)
        if key:
            self.open(room).key = key
        self.ask("JOIN", room, *([key] if key else []))

    def leave(self, conversation: Conversation, reason: str = "") -> None:
        """Leave a room, or close a private conversation; what was said stays with the server."""
        if conversation.is_room and conversation.is_joined:
            self.ask("PART", conversation.name, *([reason] if reason else []))
        else:
            if not conversation.is_room and self.is_here and "MONITOR" in self.server.support:
                self.send("MONITOR", "-", conversation.name)
            self.left(conversation)

    def take_nick(self, nick: str) -> None:
        """Take another nickname, also while coming in."""
        _one_word(nick)
        if self.is_here:
            self.ask("NICK", nick)
        else:
            self.registration.take_nick(nick)

    def ask(self, verb: str, *params: str, conversation: Conversation | None = None) -> None:
        """Send a command; a refusal comes as an event, and what else it answers as it is."""
        self.requests.ask(PendingRequest(verb, conversation), Line(verb, params))

    @property
    def web_identity(self) -> Identity:
        """The credentials for the server's website, for files: a ticket where it gives one."""
        identity = self.registration.identity
        return replace(identity, secret=Token(self.ticket)) if self.ticket else identity

    def prove_by(self, secret: Secret, account: str) -> None:
        """Sign in so from now on, at each further connection."""
        identity = self.registration.identity
        self.registration.identity = replace(identity, secret=secret, account=account, registers=False)

    def look_at(self, conversation: Conversation) -> None:
        """Note the conversation that the user looks at: its missing messages are requested first."""
        self._looked_at = conversation
        self.history.first(conversation)
        self.members.look_at(conversation)
        if conversation.is_joined and self.is_here:
            self.people.ask_who(conversation.name)

    def quit(self, reason: str = "") -> None:
        """Say goodbye; nothing connects again by itself."""
        self._has_left = True
        self.send("QUIT", *([reason] if reason else []))
        self.close()

    def saved(self) -> list[Outgoing]:
        """The unsent messages, to be stored for the next run."""
        return list(self.outbox.entries)

    def restore(self, entries: Iterable[Outgoing]) -> None:
        """Take up what an earlier run had still to send: what was on its way may have arrived."""
        for entry in entries:
            self.outbox.restore(entry)


def _writable(text: str) -> str:
    """The text as it may be sent: with one kind of line end, and without control characters."""
    return clean_lines(text.replace("\r\n", "\n").replace("\r", "\n"))


def _nothing() -> None:
    """The default listener, which does nothing."""


def _one_word(text: str) -> None:
    if not is_name(text):
        raise ValueError("A name can't contain spaces.")


def _parse(raw: bytes) -> Line | None:
    """A line of the server's, or None for what is none; one that is not UTF-8 is read as Latin-1, as it mostly is."""
    for data in (raw, raw.decode("latin-1").encode()):
        try:
            limits = (SERVER_TAG_DATA_BYTES_MAX, LINE_BYTES_MAX * 2)
            return harmless(parse(data, tag_data_bytes_max=limits[0], body_bytes_max=limits[1]))
        except WireError:
            continue
    return None
