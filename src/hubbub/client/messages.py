"""Messages in rooms, privately and from the server; who is typing; and where each message belongs."""

from typing import TYPE_CHECKING, Final

from hubbub.client import events
from hubbub.client.batches import Batch, Item
from hubbub.client.chat_model import Conversation, Kind, Message, Outgoing
from hubbub.client.message_parser import amend, apply, read
from hubbub.client.names import is_name
from hubbub.text import clean
from hubbub.wire.message import Message as Line
from hubbub.wire.source import split_source

if TYPE_CHECKING:
    from hubbub.client.client import Client

TYPING_MS: Final = 6_000
"""typing: without another word "the user is no longer typing" after so long."""
PAUSED_MS: Final = 30_000
TYPING_AGAIN_MS: Final = 3_000
"""typing: the notification is not sent more often than that."""

ORPHANS_MAX: Final = 2_000
"""The most unknown messages whose changes wait for them in one conversation."""


class Messages:
    """Puts what is said where it belongs."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._told_typing: dict[str, int] = {}

    def said(self, item: Item) -> None:
        """PRIVMSG, NOTICE, or several of them in a batch of the type multiline."""
        line = item.opening if isinstance(item, Batch) else item
        verb = item.lines()[0].verb if isinstance(item, Batch) and item.items else line.verb
        target = line.param(2) if isinstance(item, Batch) else line.param(0)
        conversation = self._place(line, verb, target)
        if conversation is None:
            nick = split_source(line.source or "")[0]
            text = line.last
            self._client.happened(events.ServerSaid(nick, clean(text)))
        elif message := read(self._client, conversation, item):
            entry = self.adopt(conversation, message)
            self._client.threads.took_message(conversation, message, is_live=True)
            if conversation.typing.pop(message.sender, None):
                self._client.happened(events.TypingChanged(conversation))
            self._client.received_live(conversation, message, is_late=bool(entry and entry.is_uncertain))

    def _place(self, line: Line, verb: str, target: str) -> Conversation | None:
        """The conversation that it belongs to; None for the server's own words."""
        nick, user, host = split_source(line.source or "")
        room = self._client.server.room_of(target)
        if not is_name(room):
            return None
        if self._client.server.is_room(room):
            return self._client.open(room) if self._client.find(room) or user else None
        other = target if self._client.is_me(nick) else nick
        if verb == "NOTICE" and not self._client.find(other):
            return None
        if (not user and not host) or not is_name(other) or self._client.is_service(other):
            return None
        return self._client.open(other)

    def adopt(self, conversation: Conversation, message: Message) -> Outgoing | None:
        """Apply the changes that waited for new messages, and remove the pending entries that they confirm."""
        for amendment in conversation.orphans.pop(message.id, ()):
            apply(message, amendment)
        if conversation.is_among_people and not message.is_own and message.is_talk:
            message.is_mention = True
        entry = (
            self._client.outbox.match(conversation, message) if message.is_own and message.is_talk else None
        )
        if entry is not None:
            self._client.outbox.confirm(entry, message)
        return entry

    def amended(self, item: Item) -> None:
        """TAGMSG, REDACT and EDIT, which may come as a batch."""
        line = item.opening if isinstance(item, Batch) else item
        nick = split_source(line.source or "")[0]
        target = self._client.server.room_of(line.param(2) if isinstance(item, Batch) else line.param(0))
        is_room = self._client.server.is_room(target)
        conversation = self._client.find(target if is_room or self._client.is_me(nick) else nick)
        if conversation is None:
            return
        if line.verb == "TAGMSG" and "+typing" in line.tags:
            self._typing(conversation, nick, line.tags["+typing"])
        amend(self._client, conversation, item)
        if len(conversation.orphans) > ORPHANS_MAX:
            del conversation.orphans[next(iter(conversation.orphans))]

    # Typing

    def _typing(self, conversation: Conversation, nick: str, state: str) -> None:
        if self._client.is_me(nick):
            return
        if state == "active":
            conversation.typing[nick] = self._client.now_ms + TYPING_MS
        elif state == "paused":
            conversation.typing[nick] = self._client.now_ms + PAUSED_MS
        else:
            conversation.typing.pop(nick, None)
        self._client.happened(events.TypingChanged(conversation))

    def tick(self) -> None:
        """Let typing notices expire."""
        for conversation in self._client.conversations.values():
            over = [nick for nick, until in conversation.typing.items() if until <= self._client.now_ms]
            for nick in over:
                del conversation.typing[nick]
            if over:
                self._client.happened(events.TypingChanged(conversation))

    def tell_typing(self, conversation: Conversation, active: bool) -> None:
        """Let the others know that one types, not too often, or that one has stopped."""
        if not self._client.server.has("message-tags") or not self._client.is_here:
            return
        last = self._told_typing.get(conversation.name, -TYPING_AGAIN_MS)
        if active and self._client.now_ms - last < TYPING_AGAIN_MS:
            return
        if active:
            self._told_typing[conversation.name] = self._client.now_ms
        elif self._told_typing.pop(conversation.name, None) is None:
            return
        state = "active" if active else "done"
        self._client.send("TAGMSG", conversation.name, tags={"+typing": state})

    def sent(self, conversation: Conversation) -> None:
        """A message says by itself that one has stopped typing."""
        self._told_typing.pop(conversation.name, None)

    def note(self, conversation: Conversation, text: str) -> Message:
        """A word to one's own user, shown in a conversation and kept nowhere."""
        message = Message(Kind.NOTE, "", text, self._client.now_ms)
        conversation.timeline.append(message, is_local=True)
        self._client.happened(events.MessageReceived(conversation, message))
        return message
