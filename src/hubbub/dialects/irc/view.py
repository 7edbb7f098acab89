"""The view that IRC sessions with the same capabilities share: each event is written once for all of them."""

from typing import Any, ClassVar, Final
from weakref import WeakValueDictionary

from hubbub.engine.drafts import DraftSet
from hubbub.engine.edits import MessageEdited
from hubbub.engine.event import Event, Origin
from hubbub.engine.ids import msgid, time_of
from hubbub.engine.message_kinds import has_text
from hubbub.engine.messages import Joints, MessageSaid
from hubbub.wire.capabilities import Capabilities
from hubbub.wire.message import escape_tag_value
from hubbub.wire.times import format_time

from .drafts import draft_words
from .edits import edit_head
from .events import EVENTS
from .line_splitting import CONCAT, fits, pieces, room_after
from .message_kinds import irc_kind
from .messages import head_of, target_of

_NOTHING: Final = b""


class IrcView:
    """Interned: one for each set of capabilities and server's name."""

    __slots__ = ("__weakref__", "caps", "echo", "server")

    _known: ClassVar[WeakValueDictionary[tuple[Capabilities, str], "IrcView"]] = WeakValueDictionary()

    def __init__(self, caps: Capabilities, server: str) -> None:
        """For `of` alone."""
        self.caps = caps
        self.server = server
        self.echo = caps.echo

    @classmethod
    def of(cls, caps: Capabilities, server: str) -> "IrcView":
        found = cls._known.get((caps, server))
        if found is None:
            found = cls._known[caps, server] = cls(caps, server)
        return found

    def render(self, event: Event) -> bytes:
        return self.render_in(event, "")

    def render_in(self, event: Event, batch: str, context: bool = False) -> bytes:
        """The same within a batch, given by its reference; with `context` it only goes with the message before it."""
        renderer = EVENTS.get(type(event))
        if renderer is None:
            return self._draft(event, batch) if isinstance(event, DraftSet) else _NOTHING
        if self.caps.multiline and (opening := self._batch_for(event)):
            return self._in_batch(event, opening, batch)
        bodies = renderer(event, self.caps, self.server)
        if not bodies:
            return _NOTHING
        tags = self._tags(event, batch, context)
        if len(bodies) == 1:
            return f"{tags}{bodies[0]}\r\n".encode()
        # One message id is for one message: of several lines only the first carries it.
        rest = self._tags(event, batch, context, with_id=False)
        return "".join([f"{rest if place else tags}{body}\r\n" for place, body in enumerate(bodies)]).encode()

    def tagged(self, event: Event, body: str) -> bytes:
        """A line of one's own choice for an event, with the event's tags."""
        return f"{self._tags(event, '')}{body}\r\n".encode()

    def _batch_for(self, event: Event) -> str:
        """The type and parameters of the batch in which an event goes that is too much for a line; else empty."""
        if isinstance(event, MessageSaid):
            if event.redacted or not has_text(event.kind) or fits(head_of(event), event.text):
                return ""
            return f"draft/multiline {target_of(event)}"
        if isinstance(event, MessageEdited) and self.caps.edits and not fits(edit_head(event), event.text):
            return f"hubbub/edit {target_of(event)} {msgid(event.message)}"
        return ""

    def _in_batch(self, event: Any, opening: str, outer: str) -> bytes:
        """multiline: a message of several lines, or of one that is longer than a line may be.

        The opening carries the tags; the end of a batch within another belongs to that one.
        """
        return self._batched(event, f":{event.by.mask}", opening, head_of(event), event.line_breaks, outer)

    def _draft(self, event: DraftSet, outer: str) -> bytes:
        """A draft goes in its line, or as a message of several lines would."""
        if "hubbub/drafts" not in self.caps:
            return _NOTHING
        source, words = f":{self.server}", draft_words(event)
        if fits(f"{source} DRAFT {words}", event.text):
            return f"{self._tags(event, outer)}{source} DRAFT {words} :{event.text}\r\n".encode()
        head = f"{source} PRIVMSG {event.name}"
        return self._batched(event, source, f"hubbub/drafts {words}", head, (), outer)

    def _batched(
        self, event: Any, source: str, opening: str, head: str, line_breaks: Joints, outer: str
    ) -> bytes:
        reference = f"m{msgid(event.id)}"
        lines = [f"{self._tags(event, outer)}{source} BATCH +{reference} {opening}"]
        for piece in pieces(event.text, line_breaks, room_after(head)):
            concat = f";{CONCAT}" if piece.joined else ""
            lines.append(f"@batch={reference}{concat} {head} :{piece.text}")
        inside = f"@batch={outer} " if outer else ""
        lines.append(f"{inside}:{self.server} BATCH -{reference}")
        return "".join([f"{line}\r\n" for line in lines]).encode()

    def _tags(self, event: Event, batch: str, context: bool = False, with_id: bool = True) -> str:
        caps = self.caps
        tags = [f"batch={batch}"] if batch else []
        if caps.time:
            tags.append(f"time={format_time(event.at)}")
        if caps.tags and with_id and (caps.edits or not isinstance(event, MessageEdited)):
            tags.append(f"msgid={msgid(event.id)}")
        origin: Origin | None = getattr(event, "by", None) or getattr(event, "origin", None)
        if origin:
            if caps.account_tag and origin.account:
                tags.append(f"account={origin.account}")
            if origin.bot and caps.tags:
                # bot-mode: "Servers MUST NOT send this tag with a value"
                tags.append("bot")
            if origin.operator and caps.oper_tag:
                # oper-tag: "The value of the tag, if specified, MUST identify the operator."
                tags.append(f"draft/oper={origin.account}" if origin.account else "draft/oper")
        if context:
            tags.append("draft/chathistory-context")
        if caps.edits and (edited := getattr(event, "edited", 0)):
            tags.append(f"hubbub/edited={format_time(time_of(edited))}")
        if caps.activity and with_id and (names := getattr(event, "mentions", ())):
            tags.append(f"hubbub/mentions={escape_tag_value(','.join(names))}")
        if caps.tags and with_id:
            for key, value in getattr(event, "tags", ()):
                tags.append(f"{key}={escape_tag_value(value)}" if value else key)
            if isinstance(event, MessageSaid) and event.content is not None:
                tags += _content_tag(event.kind, event.content)
        return f"@{';'.join(tags)} " if tags else ""


def _content_tag(kind: str, content: str) -> list[str]:
    """The tag in which the content of a kind goes, if it has one on IRC."""
    tag = irc_kind(kind).content_tag
    return [f"{tag}={escape_tag_value(content)}"] if tag else []
