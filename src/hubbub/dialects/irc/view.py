"""How IRC sessions with the same capabilities see events: each is written once for all of them."""

from typing import ClassVar, Final
from weakref import WeakValueDictionary

from hubbub.engine.event import Event, Origin
from hubbub.engine.ids import msgid
from hubbub.wire.capabilities import Capabilities
from hubbub.wire.message import escape_tag_value
from hubbub.wire.times import format_time

from .events import EVENTS

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

    def render_in(self, event: Event, batch: str) -> bytes:
        """The same within a batch, given by its reference; none for `""`."""
        writer = EVENTS.get(type(event))
        if writer is None:
            return _NOTHING
        bodies = writer(event, self.caps, self.server)
        if not bodies:
            return _NOTHING
        tags = self._tags(event, batch)
        if len(bodies) == 1:
            return f"{tags}{bodies[0]}\r\n".encode()
        # One message id is for one message: of several lines only the first carries it.
        rest = self._tags(event, batch, with_id=False)
        return "".join([f"{rest if place else tags}{body}\r\n" for place, body in enumerate(bodies)]).encode()

    def _tags(self, event: Event, batch: str, with_id: bool = True) -> str:
        caps = self.caps
        tags = [f"batch={batch}"] if batch else []
        if caps.time:
            tags.append(f"time={format_time(event.at)}")
        if caps.tags and with_id:
            tags.append(f"msgid={msgid(event.id)}")
        if caps.account_tag and (account := _account(event)):
            tags.append(f"account={account}")
        if caps.tags and with_id:
            for key, value in getattr(event, "tags", ()):
                tags.append(f"{key}={escape_tag_value(value)}" if value else key)
        return f"@{';'.join(tags)} " if tags else ""


def _account(event: Event) -> str | None:
    origin: Origin | None = getattr(event, "by", None) or getattr(event, "origin", None)
    return origin.account if origin else None
