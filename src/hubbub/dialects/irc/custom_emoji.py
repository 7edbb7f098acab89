"""EMOJI: which emoji the place has of its own (hubbub/emoji)."""

from typing import TYPE_CHECKING, Final

from hubbub.wire.message import Message, joined

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


VERBS: Final = {
    "EMOJI": Verb(
        list_emoji,
        (
            "EMOJI",
            "Lists the emoji that this place has of its own, with their pictures.",
            "For clients that enable hubbub/emoji.",
        ),
    ),
}
