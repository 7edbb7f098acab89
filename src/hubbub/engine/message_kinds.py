"""Kinds of messages: a table with what each is and the rules that it follows.

Every message has a text that says it all to whoever knows no more: a kind that a reader's dialect or client does not
know reads as its text. Events and rows call a kind by its name, which stays for ever.
"""

from typing import Final

import msgspec
from msgspec import Struct

MESSAGE: Final = "message"
"""Said by a person."""
NOTICE: Final = "notice"
"""Said by a program; nothing answers it."""
TAGS: Final = "tags"
"""Tags alone, such as a reaction, without a text."""

CONTENT_BYTES_MAX: Final = 4_000
"""The longest content of a message, as JSON."""


class MessageKind(Struct, frozen=True):
    """The row of a kind of message.

    `content_type` is the media type of what it says, and `content` the type of the JSON value that it has beside its
    text, None where its text is all. One without a text is not found, reported, edited or told of outside the chat. Of
    a kind that `notifies` people may be told while they look elsewhere, also in rooms.
    """

    content_type: str = "text/plain"
    content: type | None = None
    has_text: bool = True
    notifies: bool = True

    def takes(self, content: str | None) -> bool:
        """Whether this JSON, or none, is what stands beside the text of such a message."""
        if self.content is None or content is None or len(content.encode()) > CONTENT_BYTES_MAX:
            return self.content is None and content is None
        try:
            msgspec.json.decode(content, type=self.content)
        except (msgspec.DecodeError, RecursionError):
            return False
        return True


KINDS: Final[dict[str, MessageKind]] = {
    MESSAGE: MessageKind(),
    NOTICE: MessageKind(notifies=False),
    TAGS: MessageKind(has_text=False),
}

_UNKNOWN: Final = MessageKind("application/json")


def message_kind(name: str) -> MessageKind:
    """The row of a kind; of one that is not known, as another version has stored it, the row of what has a text."""
    return KINDS.get(name, _UNKNOWN)


def has_text(name: str) -> bool:
    """Whether a message of this kind says something in words."""
    row = KINDS.get(name)
    return row is None or row.has_text


def may_be_edited(name: str) -> bool:
    """Whether another text makes it another message: where there is more than a text, the two would contradict."""
    kind = message_kind(name)
    return kind.has_text and kind.content_type == "text/plain"
