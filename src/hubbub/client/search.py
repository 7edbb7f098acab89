"""Searching: by the server's index (soju.im/search)."""

from typing import TYPE_CHECKING

from hubbub.client import events
from hubbub.client.batches import Batch
from hubbub.client.chat_model import Conversation, Message
from hubbub.client.history import opening_of
from hubbub.client.message_parser import read
from hubbub.client.pending_requests import PendingRequest
from hubbub.wire.message import Message as Line
from hubbub.wire.message import escape_tag_value
from hubbub.wire.source import split_source

if TYPE_CHECKING:
    from hubbub.client.client import Client


class Search:
    """One search at a time: the answer to an earlier one is dropped."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._query = ""
        self._request: PendingRequest | None = None
        self._found: list[tuple[str, Message]] = []

    def clear(self) -> None:
        self._request = None

    def find(self, text: str, where: Conversation | None = None, by: str = "", limit: int = 50) -> None:
        """Ask for the newest messages with these words; ValueError where the server can't search."""
        if not self._client.server.has("soju.im/search"):
            raise ValueError("This server can't search.")
        attributes = {"text": text, "in": where.name if where else "", "from": by, "limit": str(limit)}
        line = ";".join(f"{key}={escape_tag_value(value)}" for key, value in attributes.items() if value)
        self._query, self._found = text, []
        self._request = PendingRequest("SEARCH", where, self._answered, quiet=True)
        self._client.requests.ask(self._request, Line("SEARCH", (line,)))

    def took(self, batch: Batch) -> None:
        """A batch of what was found."""
        for item in batch.items:
            line = opening_of(item)
            target = line.param(2) if line.verb == "BATCH" else line.param(0)
            nick = split_source(line.source or "")[0]
            room = self._client.server.room_of(target)
            is_direct = not self._client.server.is_room(room)
            name = nick if is_direct and not self._client.is_me(nick) else room
            message = read(self._client, Conversation(name, not is_direct), item)
            if message is not None:
                self._found.append((name, message))

    def _answered(self, request: PendingRequest) -> None:
        if request is self._request:
            self._request = None
            self._client.happened(events.SearchFinished(self._query, tuple(self._found), request.error))
