"""Kinds of messages on IRC: the verb and the tags of each."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from hubbub.engine.message_kinds import MESSAGE, NOTICE, TAGS, has_text


class IrcKind(Struct, frozen=True):
    """The row of a kind on IRC.

    `is_answered` is False where "automatic replies must never be sent". The JSON that a kind has beside its text comes
    and goes in the client-only tag `content_tag`; clients that do not know the tag show the text.
    """

    verb: str
    is_answered: bool = True
    content_tag: str = ""


KINDS: Final[dict[str, IrcKind]] = {
    MESSAGE: IrcKind("PRIVMSG"),
    NOTICE: IrcKind("NOTICE", is_answered=False),
    TAGS: IrcKind("TAGMSG"),
}


_PLAIN: Final = {row.verb: name for name, row in KINDS.items() if not row.content_tag}
"""Verb → the kind that it says where no tag tells of another one."""


def irc_kind(name: str) -> IrcKind:
    """The row of a kind; what has none of its own is said as a message."""
    return KINDS.get(name, KINDS[MESSAGE])


def kind_of(verb: str, tags: Mapping[str, str]) -> tuple[str, str | None]:
    """The kind that a client's line is of, and the content that comes in its tags."""
    if tags:
        for name, row in KINDS.items():
            if row.content_tag in tags and row.verb == verb:
                return name, tags[row.content_tag]
    return _PLAIN[verb], None


def is_text_verb(verb: str) -> bool:
    """Whether a verb says a text, of which a batch may have the lines."""
    return verb in _PLAIN and has_text(_PLAIN[verb])


def content_tags() -> list[str]:
    """The tags that belong to a kind's content, and are no client's own."""
    return [row.content_tag for row in KINDS.values()]
