"""The outbox: what its user says waits here until the server has shown it, over any number of connections.

the user says «a» and «b»      entries: a b      both are sent, each under a nonce of its own
the server shows a             entries: b
the connection is cut          entries: b        it has arrived, or has not
connected again                entries: b        sent again under the same nonce, tagged hubbub/again
the server knows the nonce     it shows b as it was said before: said once, and nothing is left
… it knows no nonces           the history tells whether b is there; without one the user decides
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from hubbub.client import events
from hubbub.client.chat_model import TALK, Action, Conversation, Delivery, Kind, Message, Outgoing
from hubbub.client.message_parser import IN_THREAD
from hubbub.client.pending_requests import PendingRequest
from hubbub.text import split
from hubbub.wire.message import Message as Line
from hubbub.wire.message import room_bytes

if TYPE_CHECKING:
    from hubbub.client.client import Client

IN_FLIGHT_MAX: Final = 8
"""The most messages sent before the first of them is answered: servers punish flooding."""

BURST: Final = 6
LINES_A_SECOND: Final = 2
"""The pace toward a server that may disconnect a fast sender; a Hubbub server lets senders wait."""

PATIENCE_MS: Final = 90_000
"""The time that an answer may take."""

CLOCKS_DIFFER_MS: Final = 120_000
"""The most that the server's clock and this machine's may differ."""

NONCE_TAG: Final = "hubbub/nonce"
AGAIN_TAG: Final = "hubbub/again"
CONCAT_TAG: Final = "draft/multiline-concat"

_SOURCE_BYTES: Final = 110
"""The bytes that a server may put before a line when it shows it to others: `:nick!user@host `."""

UNCERTAIN: Final = "The connection ended before the server answered. The message may have arrived."


class Outbox:
    """Everything that is to be sent, in its order."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self.entries: list[Outgoing] = []
        self._requests: dict[PendingRequest, Outgoing] = {}
        self._breath = float(BURST)
        self._breath_ms = 0

    def add(self, entry: Outgoing) -> None:
        """Keep it until it is shown, and send it as soon as that is possible."""
        self.entries.append(entry)
        conversation = self._client.open(entry.target)
        if entry.action is Action.SAY:
            conversation.pending.append(entry)
        self._client.happened(events.OutboxChanged(conversation, entry))
        self.pump()

    def pump(self) -> None:
        """Send what may be sent now; what goes to one place keeps its order."""
        if not self._client.is_here:
            return
        in_flight = sum(entry.delivery is Delivery.SENT for entry in self.entries)
        held: set[str] = set()
        for entry in list(self.entries):
            key = self._client.fold(entry.target)
            if in_flight >= IN_FLIGHT_MAX:
                return
            if entry.delivery is not Delivery.WAITING or key in held:
                continue
            if self._must_wait(entry):
                held.add(key)
            elif entry.is_uncertain and not self._is_known_missing(entry):
                self.fail(entry, UNCERTAIN)
            elif len(pieces := self._pieces(entry)) > 1:
                self._replace(entry, pieces)
                self.pump()
                return
            elif self._may_speak():
                self._send(entry)
                in_flight += 1
            else:
                return

    def _may_speak(self) -> bool:
        """Whether one more line is no flood; then it is counted."""
        if self._client.server.has("hubbub/send-once"):
            return True
        now = self._client.now_ms
        gained = (now - self._breath_ms) / 1000 * LINES_A_SECOND
        self._breath, self._breath_ms = min(float(BURST), self._breath + gained), now
        if self._breath < 1:
            return False
        self._breath -= 1
        return True

    def _must_wait(self, entry: Outgoing) -> bool:
        """Until its room is entered again; and where only the history tells what has arrived, until that is known."""
        conversation = self._client.open(entry.target)
        if conversation.is_room and not conversation.is_joined and self._client.is_rejoining(conversation):
            return True
        by_history = entry.is_uncertain and not self._client.server.has("hubbub/send-once")
        return by_history and self._client.history.is_possible and not conversation.is_caught_up

    def _is_known_missing(self, entry: Outgoing) -> bool:
        """Whether sending it again can't double it."""
        is_harmless = entry.action is not Action.SAY
        return is_harmless or self._client.server.has("hubbub/send-once") or self._client.history.is_possible

    def _pieces(self, entry: Outgoing) -> list[str]:
        """The messages that an entry needs on this server; what was sent already is what it is."""
        if entry.action is not Action.SAY or entry.is_uncertain:
            return [entry.text]
        return parts(self._client.server.multiline, entry.target, entry.kind, entry.text)

    def _replace(self, entry: Outgoing, texts: Sequence[str]) -> None:
        """Several messages take the place of one; the first of them is the answer to what it answers.

        In a thread all of them are.
        """
        conversation = self._client.open(entry.target)
        parent = entry.message if entry.in_thread else ""
        new = [replace(entry, nonce=self._client.entropy(), text=text, message=parent) for text in texts]
        new[0].message = entry.message
        for entries in (self.entries, conversation.pending):
            at = entries.index(entry)
            entries[at : at + 1] = new
        for one in new:
            self._client.happened(events.OutboxChanged(conversation, one))

    def _send(self, entry: Outgoing) -> None:
        entry.delivery, entry.error = Delivery.SENT, ""
        conversation = self._client.open(entry.target)
        request = PendingRequest(_VERBS[entry.action], conversation, self._answered, quiet=True)
        self._requests[request] = entry
        self._client.requests.ask(request, *self._lines(entry))
        self._client.happened(events.OutboxChanged(conversation, entry))

    def _lines(self, entry: Outgoing) -> list[Line]:
        tags: dict[str, str] = {}
        server = self._client.server
        if server.has("hubbub/send-once") and entry.action is Action.SAY:
            tags[NONCE_TAG] = entry.nonce
            if entry.is_uncertain:
                tags[AGAIN_TAG] = ""
        if entry.action in (Action.REACT, Action.UNREACT):
            tags |= {f"+draft/{entry.action.value}": entry.text, "+reply": entry.message}
            return [Line("TAGMSG", (entry.target,), None, tags)]
        if entry.action is Action.DELETE:
            return [Line("REDACT", (entry.target, entry.message, *([entry.text] if entry.text else [])))]
        if entry.action is Action.EDIT:
            return self._batched(entry, "hubbub/edit", (entry.message,), tags, self._edit_room(entry)) or [
                Line("EDIT", (entry.target, entry.message, entry.text))
            ]
        if entry.message and server.has("message-tags"):
            tags["+reply"] = entry.message
            if entry.in_thread:
                tags[IN_THREAD] = ""
        return self._batched(entry, "draft/multiline", (), tags, say_room(entry.target)) or [
            Line(TALK[entry.kind].verb, (entry.target, wrapped(entry.kind, entry.text)), None, tags)
        ]

    def _edit_room(self, entry: Outgoing) -> int:
        return room_bytes("EDIT", entry.target, entry.message) - _SOURCE_BYTES

    def _batched(
        self, entry: Outgoing, batch: str, params: Sequence[str], tags: dict[str, str], room: int
    ) -> list[Line]:
        """The lines of a batch for a text that is more than one line; empty for one that is not."""
        if "\n" not in entry.text and len(entry.text.encode()) <= room:
            return []
        reference, verb = f"b{entry.nonce}", TALK[entry.kind].verb
        lines = [Line("BATCH", (f"+{reference}", batch, entry.target, *params), None, tags)]
        for text in entry.text.split("\n"):
            for place, piece in enumerate(split(text, room)):
                inside = {"batch": reference} | ({CONCAT_TAG: ""} if place else {})
                lines.append(Line(verb, (entry.target, piece), None, inside))
        return [*lines, Line("BATCH", (f"-{reference}",))]

    def _answered(self, request: PendingRequest) -> None:
        """The server has said all that it says about an entry."""
        entry = self._requests.pop(request, None)
        if entry in self.entries and request.is_refused:
            self.fail(entry, request.error)
        elif entry in self.entries:
            self.confirm(entry, None)
        self.pump()

    def tick(self) -> None:
        """Give unanswered messages back to the user, who knows whether they matter."""
        for request, entry in list(self._requests.items()):
            if self._client.now_ms - request.asked_ms > PATIENCE_MS:
                self._client.requests.drop(request)
                del self._requests[request]
                if entry in self.entries:
                    self.fail(entry, "The server did not answer. The message may have arrived.")
        self.pump()

    def fail(self, entry: Outgoing, error: str) -> None:
        """Keep what was said, for its user to send it again or to take it back; what was meant by it else is over."""
        entry.delivery, entry.error = Delivery.FAILED, error
        conversation = self._client.open(entry.target)
        if entry.action is not Action.SAY:
            self._remove(entry, conversation)
        self._client.happened(events.OutboxChanged(conversation, entry))

    def restore(self, entry: Outgoing) -> None:
        """Take up what an earlier run of the program had still to send."""
        if entry.delivery is Delivery.SENT:
            entry.delivery, entry.is_uncertain = Delivery.WAITING, True
        self.add(entry)

    def again(self, entry: Outgoing) -> None:
        """Send once more what has failed."""
        if entry in self.entries and entry.delivery is Delivery.FAILED:
            entry.delivery, entry.error, entry.is_uncertain = Delivery.WAITING, "", False
            self._client.happened(events.OutboxChanged(self._client.open(entry.target), entry))
            self.pump()

    def drop(self, entry: Outgoing) -> None:
        """Take back what was not sent, or has failed; ValueError for what is on its way."""
        if entry.delivery is Delivery.SENT:
            raise ValueError("The message is already being sent.")
        conversation = self._client.open(entry.target)
        self._remove(entry, conversation)
        self._client.happened(events.OutboxChanged(conversation, entry))

    def _remove(self, entry: Outgoing, conversation: Conversation) -> None:
        self.entries = [other for other in self.entries if other is not entry]
        conversation.pending = [other for other in conversation.pending if other is not entry]

    def confirm(self, entry: Outgoing, echo: Message | None) -> None:
        """It is there. Where the server has not shown it (no echo), it is put into the conversation here."""
        conversation = self._client.open(entry.target)
        if entry not in self.entries:
            return
        self._remove(entry, conversation)
        if echo is None and entry.action is Action.SAY and not self._client.server.has("echo-message"):
            client = self._client
            client.received_live(
                conversation,
                Message(
                    entry.kind, client.nick, entry.text, client.now_ms, is_own=True, reply_to=entry.message
                ),
            )
        self._client.happened(events.OutboxChanged(conversation, entry))

    def match(self, conversation: Conversation, message: Message) -> Outgoing | None:
        """The entry that a message of one's own shows: by its label, or by what it says.

        Without labels only what was sent is looked at, and the oldest of it: a server keeps the order.
        """
        said = conversation.pending
        current = self._client.requests.current
        if self._client.server.has("labeled-response"):
            labelled = self._requests.get(current) if current else None
            if labelled is not None:
                return labelled
        elif any(entry.delivery is Delivery.SENT for entry in said):
            said = [entry for entry in said if entry.delivery is Delivery.SENT]
            return next((entry for entry in said if entry.text == message.text), None)
        if self._client.server.has("hubbub/send-once"):
            return None
        uncertain = [entry for entry in said if entry.is_uncertain and entry.delivery is Delivery.WAITING]
        recent = [entry for entry in uncertain if message.time_ms > entry.created_ms - CLOCKS_DIFFER_MS]
        return next((entry for entry in recent if entry.text == message.text), None)

    def disconnected(self) -> None:
        """Mark messages sent and not answered: they may have arrived or not."""
        self._requests.clear()
        for entry in self.entries:
            if entry.delivery is Delivery.SENT:
                entry.delivery, entry.is_uncertain = Delivery.WAITING, True


_VERBS: Final = {
    Action.SAY: "PRIVMSG",
    Action.EDIT: "EDIT",
    Action.DELETE: "REDACT",
    Action.REACT: "TAGMSG",
    Action.UNREACT: "TAGMSG",
}


def wrapped(kind: Kind, text: str) -> str:
    """The text as the wire has it: an action is a CTCP."""
    ctcp = TALK[kind].ctcp
    return f"\x01{ctcp} {text}\x01" if ctcp else text


def say_room(target: str) -> int:
    """The bytes of text that fit in one line to a target, however it is relayed."""
    return room_bytes("PRIVMSG", target) - _SOURCE_BYTES


def parts(server_multiline: tuple[int, int] | None, target: str, kind: Kind, text: str) -> list[str]:
    """The messages that a text becomes: one, where the server takes it so; else one for each line that it needs."""
    room = say_room(target) - len(wrapped(kind, ""))
    lines = text.split("\n")
    if len(lines) == 1 and len(text.encode()) <= room:
        return [text]
    if server_multiline is None or TALK[kind].ctcp:
        return [piece for line in lines for piece in split(line, room) if piece.strip()]
    most_bytes, most_lines = server_multiline
    found: list[str] = []
    for line in lines:
        for piece in split(line, most_bytes):
            longer = f"{found[-1]}\n{piece}" if found else piece
            needed = sum(len(split(row, room)) for row in longer.split("\n"))
            if found and len(longer.encode()) <= most_bytes and needed <= most_lines:
                found[-1] = longer
            else:
                found.append(piece)
    return [part for part in found if part.strip()]
