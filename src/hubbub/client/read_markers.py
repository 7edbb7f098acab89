"""Read markers: up to where its user has read, on all of their clients, and what is unread therefore."""

from typing import TYPE_CHECKING

from hubbub.client import events
from hubbub.client.chat_model import Conversation, Message
from hubbub.client.pending_requests import PendingRequest
from hubbub.wire.message import Message as Line
from hubbub.wire.times import format_time, parse_time

if TYPE_CHECKING:
    from hubbub.client.client import Client


class Markers:
    """Counts what is unread, and tells the other clients of the same user."""

    def __init__(self, client: "Client") -> None:
        self._client = client

    def ask(self, conversation: Conversation) -> None:
        if self._client.server.has("draft/read-marker"):
            request = PendingRequest("MARKREAD", conversation, quiet=True)
            self._client.requests.ask(request, Line("MARKREAD", (conversation.name,)))

    def marked(self, line: Line) -> None:
        """`MARKREAD <target> timestamp=<time>`, or `*` where there is none."""
        conversation = self._client.find(line.param(0))
        time_ms = parse_time(line.param(1).removeprefix("timestamp="))
        if conversation is not None and time_ms is not None and time_ms > conversation.read_ms:
            conversation.read_ms = time_ms
            conversation.is_marked = True
            self.recount(conversation)

    def mark_read(self, conversation: Conversation) -> None:
        """Everything that is shown here now has been read."""
        last = next((m for m in reversed(conversation.timeline.messages) if m.is_talk or m.id), None)
        if last is None or last.time_ms <= conversation.read_ms:
            return
        self._mark(conversation, last.time_ms)

    def mark_unread(self, conversation: Conversation, message: Message) -> None:
        """Begin what is unread with this message, in this client: markers only move forward for the others."""
        conversation.read_ms = message.time_ms - 1
        self.recount(conversation)

    def _mark(self, conversation: Conversation, time_ms: int) -> None:
        conversation.read_ms = time_ms
        conversation.is_marked = True
        if self._client.server.has("draft/read-marker") and self._client.is_here:
            self._client.send("MARKREAD", conversation.name, f"timestamp={format_time(time_ms)}")
        self.recount(conversation)

    def recount(self, conversation: Conversation) -> None:
        """Count again what is unread.

        A room in which nothing was ever marked begins as read: what was said before one came is not news.
        """
        if conversation.is_room and not conversation.is_marked:
            conversation.read_ms = max(conversation.read_ms, conversation.joined_ms)
        before = (conversation.unread, conversation.mentions)
        new = [m for m in conversation.timeline.since(conversation.read_ms) if counts(m)]
        conversation.unread, conversation.mentions = len(new), sum(message.is_mention for message in new)
        if before != (conversation.unread, conversation.mentions):
            self._client.happened(events.UnreadChanged(conversation))

    def received(self, conversation: Conversation, message: Message) -> None:
        """Count one more, which has come just now."""
        if counts(message) and message.time_ms > conversation.read_ms:
            conversation.unread += 1
            conversation.mentions += message.is_mention
            self._client.happened(events.UnreadChanged(conversation))


def counts(message: Message) -> bool:
    """Whether it is news of the conversation; a reply for its thread alone is so only to whom it mentions."""
    is_apart = message.is_in_thread and not message.is_mention
    return message.is_talk and not (message.is_own or message.is_deleted or is_apart)
