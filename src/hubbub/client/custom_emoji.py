"""Custom emoji: which the server has, and where they stand in a text."""

from collections.abc import Container
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubbub.client import events
from hubbub.client.formatting import EMOJI
from hubbub.wire.message import Message as Line

if TYPE_CHECKING:
    from hubbub.client.client import Client


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; `name` is the emoji's where it is one."""

    text: str
    name: str = ""


def pieces(text: str, known: Container[str]) -> list[Piece]:
    """A text in pieces: the emoji that are known, and what stands between them."""
    found: list[Piece] = []
    start = 0
    for emoji in EMOJI.finditer(text):
        if emoji[1] not in known:
            continue
        if emoji.start() > start:
            found.append(Piece(text[start : emoji.start()]))
        found.append(Piece(emoji[0], emoji[1]))
        start = emoji.end()
    if start < len(text):
        found.append(Piece(text[start:]))
    return found


class CustomEmoji:
    """The emoji of the place's own: name → the id of the picture."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self.known: dict[str, str] = {}
        self._listed: dict[str, str] = {}

    def ask(self) -> None:
        self._listed = {}
        if self._client.server.has("hubbub/emoji"):
            self._client.send("EMOJI")

    def told(self, line: Line) -> None:
        """`EMOJI LIST [*] :name=id …`, `ADD name id`, `RENAME name new`, or `DELETE name`."""
        verb, first, second = line.param(0).upper(), line.param(1), line.param(2)
        if verb == "LIST":
            is_part = len(line.params) > 2
            for word in (second if is_part else first).split(" "):
                name, equals, number = word.partition("=")
                if name and equals:
                    self._listed[name] = number
            if is_part:
                return
            self.known, self._listed = self._listed, {}
        else:
            known = dict(self.known)
            number = second if verb == "ADD" else known.pop(first, "")
            if verb == "ADD" and first:
                known[first] = number
            elif verb == "RENAME" and number and second:
                known[second] = number
            self.known = known
        self._client.happened(events.EmojiChanged())
