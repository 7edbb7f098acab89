"""EMOJI: the list of custom emoji and its changes (hubbub/emoji)."""

from typing import TYPE_CHECKING, Final

from hubbub.engine.custom_emoji import EmojiAdded, EmojiDeleted, EmojiRenamed
from hubbub.wire.capabilities import Capabilities
from hubbub.wire.message import Message, joined

from .event_renderer import Bodies, EventRenderers
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession

LIST_BYTES: Final = 400
"""Of the last parameter of one line."""


def list_emoji(talk: "IrcSession", message: Message) -> None:
    """All lines but the last have a `*` before the names, as those of CAP LS have."""
    if "hubbub/emoji" not in talk.caps:
        talk.unknown(message.verb)
        return
    words = [f"{one.name}={one.file}" for one in talk.host.state.emoji.values()]
    *rest, last = list(joined(words, " ", LIST_BYTES)) or [""]
    for text in rest:
        talk.send("EMOJI", "LIST", "*", text)
    talk.send("EMOJI", "LIST", last)


def _render_added(event: EmojiAdded, caps: Capabilities, server: str) -> Bodies:
    return _emoji(caps, f":{server} EMOJI ADD {event.emoji.name} {event.emoji.file}")


def _render_renamed(event: EmojiRenamed, caps: Capabilities, server: str) -> Bodies:
    return _emoji(caps, f":{server} EMOJI RENAME {event.name} {event.new}")


def _render_deleted(event: EmojiDeleted, caps: Capabilities, server: str) -> Bodies:
    return _emoji(caps, f":{server} EMOJI DELETE {event.name}")


def _emoji(caps: Capabilities, body: str) -> Bodies:
    return (body,) if "hubbub/emoji" in caps else ()


VERBS: Final = {
    "EMOJI": Verb(
        list_emoji,
        (
            "EMOJI",
            "Lists the emoji that this place has of its own, with their pictures.",
            "For clients that enable hubbub/emoji.",
        ),
        specification="hubbub/emoji",
    ),
}

EVENTS: Final[EventRenderers] = {
    EmojiAdded: _render_added,
    EmojiRenamed: _render_renamed,
    EmojiDeleted: _render_deleted,
}
