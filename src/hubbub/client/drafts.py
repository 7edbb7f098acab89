"""Drafts: what stands in the box of a conversation, kept the same on all devices of an account (hubbub/drafts)."""

from typing import TYPE_CHECKING, Final

from hubbub.client import events
from hubbub.client.names import is_name
from hubbub.client.outbox import CONCAT_TAG
from hubbub.client.pending_requests import PendingRequest
from hubbub.text import clean_lines, split
from hubbub.wire.message import Message as Line
from hubbub.wire.message import room_bytes

if TYPE_CHECKING:
    from hubbub.client.batches import Batch
    from hubbub.client.chat_model import Conversation
    from hubbub.client.client import Client

CAPABILITY: Final = "hubbub/drafts"
_NONE: Final = "*"
_SOURCE_BYTES: Final = 110
"""The bytes that a server may put before a line when it shows it again."""


class Drafts:
    """Tells the server of what stands in the boxes, and the boxes of what the server has."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._is_asked = self._is_listed = False
        self._told: set[str] = set()
        self._seen: dict[str, str] = {}
        """Folded name → what stood there a moment ago: only what stays the same is sent."""

    @property
    def are_shared(self) -> bool:
        client = self._client
        return client.is_here and bool(client.account) and client.server.has(CAPABILITY)

    @property
    def _may_send(self) -> bool:
        """Whether drafts may be sent: only after the server's own have arrived."""
        return self.are_shared and self._is_listed

    def come_in(self) -> None:
        """Ask for all drafts of one's account."""
        if self.are_shared and not self._is_asked:
            self._is_asked = True
            self._told.clear()
            request = PendingRequest("DRAFT", then=self._listed, quiet=True)
            self._client.requests.ask(request, Line("DRAFT"))

    def _listed(self, request: PendingRequest) -> None:
        self._is_listed = not request.is_refused
        for key, conversation in list(self._client.conversations.items()):
            if key not in self._told:
                conversation.drafting.absent()

    def took(self, line: Line, text: str) -> None:
        """`DRAFT <target> <version> <since> :<text>`, or the opening of a batch with the same."""
        start = 2 if line.verb == "BATCH" else 0
        target, version, since = (line.param(start + place) for place in range(3))
        if not is_name(target):
            return
        self._told.add(self._client.fold(target))
        conversation = self._client.find(target)
        if conversation is None and text and not self._client.server.is_room(target):
            conversation = self._client.open(target)
        if conversation is None:
            return
        request, draft = self._client.requests.current, conversation.drafting
        is_ours = request is not None and (request.command, request.conversation) == ("DRAFT", conversation)
        take = draft.answered if is_ours and draft.under_way is not None else draft.heard
        if take(version.replace(_NONE, ""), since.replace(_NONE, ""), clean_lines(text)):
            self._client.happened(events.DraftChanged(conversation))

    def took_batch(self, batch: "Batch") -> None:
        """One of several lines."""
        text = ""
        for place, line in enumerate(batch.lines()):
            text += ("\n" if place and CONCAT_TAG not in line.tags else "") + line.param(1)
        self.took(batch.opening, text)

    def tick(self) -> None:
        """Send what has stood there for a moment."""
        if not self._may_send:
            return
        for key, conversation in list(self._client.conversations.items()):
            text = conversation.draft
            is_paused, self._seen[key] = self._seen.get(key) == text, text
            if is_paused or not text:
                self.send(conversation)

    def send(self, conversation: "Conversation") -> None:
        """Send now what is not sent: its user leaves the conversation, or has sent the message."""
        draft = conversation.drafting
        if not self._may_send or (conversation.is_room and not conversation.is_joined):
            return
        if draft.show_waiting():
            self._client.happened(events.DraftChanged(conversation))
        change = draft.change()
        if change is not None:
            request = PendingRequest("DRAFT", conversation, self._answered, quiet=True)
            self._client.requests.ask(request, *self._lines(conversation.name, *change))

    def _answered(self, request: PendingRequest) -> None:
        draft = request.conversation and request.conversation.drafting
        if draft and draft.under_way is not None:
            draft.turned_down()

    def _lines(self, target: str, base: str, text: str) -> list[Line]:
        params = (target, base or _NONE)
        room = room_bytes("PRIVMSG", *params) - _SOURCE_BYTES
        if "\n" not in text and len(text.encode()) <= room:
            return [Line("DRAFT", (*params, text))]
        reference = f"d{self._client.entropy()}"
        lines = [Line("BATCH", (f"+{reference}", CAPABILITY, *params))]
        for written in text.split("\n"):
            for place, piece in enumerate(split(written, room)):
                tags = {"batch": reference} | ({CONCAT_TAG: ""} if place else {})
                lines.append(Line("PRIVMSG", (target, piece), None, tags))
        return [*lines, Line("BATCH", (f"-{reference}",))]

    def disconnected(self) -> None:
        self._is_asked = self._is_listed = False
        for conversation in self._client.conversations.values():
            conversation.drafting.cut()
