"""Targets of a line, rooms and people: read by the one parser, and answered as the client wrote them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from hubbub.engine.names import RoomName, fold
from hubbub.engine.refusals import Refusal
from hubbub.wire import numerics

if TYPE_CHECKING:
    from .session import IrcSession


def room_name(talk: "IrcSession", text: str) -> RoomName | None:
    """The valid name in a channel's name; anything else is answered."""
    if not text.startswith("#"):
        talk.numeric(numerics.ERR_NOSUCHCHANNEL, text)
        return None
    name = RoomName.parse(text)
    if isinstance(name, Refusal):
        talk.numeric(numerics.ERR_BADCHANMASK, text, text=str(name))
        return None
    return name


def each_once(names: Iterable[str]) -> list[str]:
    """The first of those that are the same name, in their order."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(fold(name), name)
    return list(found.values())
