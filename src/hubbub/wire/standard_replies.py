"""Standard replies: FAIL, WARN and NOTE, as the parameters of a message."""

from collections.abc import Mapping
from typing import Literal

from .message import line

Kind = Literal["FAIL", "WARN", "NOTE"]


def standard_reply(
    kind: Kind,
    command: str,
    code: str,
    *context: str,
    text: str,
    source: str | None = None,
    tags: Mapping[str, str] | None = None,
) -> bytes:
    """`<kind> <command> <code> [<context>...] :<text>`; no command is `*`.

    Context comes from what a peer sent: a word that could not stand in a middle parameter is left out.
    """
    words = [word for word in context if word and " " not in word and word[0] != ":"]
    return line(kind, command or "*", code, *words, text, source=source, tags=tags)
