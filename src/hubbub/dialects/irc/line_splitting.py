"""Texts split into lines: at their line breaks, where their author split them, and where a line is full."""

from itertools import pairwise
from typing import Final

from msgspec import Struct

from hubbub.engine.messages import Joints
from hubbub.text import split
from hubbub.wire.message import BODY_BYTES_MAX

CONCAT: Final = "draft/multiline-concat"
"""multiline: the tag of a line that continues the one before it directly."""

_CTCP: Final = "\x01"
ACTION: Final = "\x01ACTION "


class Piece(Struct, frozen=True):
    """The text of one line; `joined` if it continues directly where the one before it ended."""

    text: str
    joined: bool = False


def room_after(head: str) -> int:
    """The bytes of text that a line has room for after its head, a space and a colon."""
    return BODY_BYTES_MAX - len(head.encode()) - 2


def fits(head: str, text: str) -> bool:
    """Whether the text is one line. Of most texts that is plain from their length."""
    if "\n" in text:
        return False
    return len(head) + 4 * len(text) < BODY_BYTES_MAX or len(text.encode()) <= room_after(head)


def pieces(text: str, line_breaks: Joints, room_bytes: int) -> list[Piece]:
    """The text in pieces of at most `room_bytes`.

    multiline: "Servers SHOULD maintain the line composition sent by the client instead of combining to a normalised
    form before re-splitting."
    """
    found: list[Piece] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        cuts = [start, *(joint for joint in line_breaks if start < joint < end), end]
        for place, (begin, stop) in enumerate(pairwise(cuts)):
            parts = split(text[begin:stop], room_bytes)
            found += (Piece(part, joined=place > 0 or number > 0) for number, part in enumerate(parts))
        start = end + 1
    return found


def plain_lines(text: str, line_breaks: Joints, room_bytes: int) -> list[str]:
    """The same for those who know no more than lines.

    multiline: "Servers MUST NOT send blank lines to clients that have not negotiated the multiline capability."
    """
    if text.startswith(_CTCP):
        return _ctcp_lines(text, room_bytes)
    return [piece.text for piece in pieces(text, line_breaks, room_bytes) if piece.text]


def _ctcp_lines(text: str, room_bytes: int) -> list[str]:
    """CTCP stands between two of its delimiters in every line by itself: each piece is one more of the same command."""
    command, _, rest = text.strip(_CTCP).partition(" ")
    opening = f"{_CTCP}{command} "
    found = [piece.text for piece in pieces(rest, (), room_bytes - len(opening.encode()) - 1) if piece.text]
    return [f"{opening}{piece}{_CTCP}" for piece in found]


def in_front(text: str, words: str) -> str:
    """Words in front of a text: of an action, in front of what is done."""
    opening = ACTION if text.startswith(ACTION) else ""
    return f"{opening}{words}{text[len(opening) :]}"
