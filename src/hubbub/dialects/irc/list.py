"""LIST: the rooms that the asker may see, filtered as they wish."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from hubbub.engine.ids import time_of
from hubbub.engine.masks import matches
from hubbub.engine.names import fold
from hubbub.engine.policy import may_list
from hubbub.engine.state import Room
from hubbub.wire import numerics
from hubbub.wire.message import Message

from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession

MINUTE_MS: Final = 60_000

CONDITIONS_MAX: Final = 10
"""The most masks and conditions in one query: each is tested for each room. Names may be as many as fit."""

_CONDITION: Final = re.compile(r"([ct]?)([<>])([0-9]{1,9})", re.IGNORECASE | re.ASCII)


class Shown(Struct, frozen=True):
    """A room as it is listed: how many of its members are here, and how many milliseconds ago what happened."""

    room: Room
    count: int
    made_ago: int
    topic_ago: int | None
    """None if there is no topic."""


Condition = Callable[[Shown], bool]


@dataclass(slots=True)
class Filter:
    """The filter of a LIST: any of the names and masks, none of the excluded masks, and all of the conditions."""

    names: dict[str, None] = field(default_factory=dict)
    masks: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)

    @property
    def size(self) -> int:
        """The number of masks and conditions."""
        return len(self.masks) + len(self.excluded) + len(self.conditions)

    def names_it(self, name: str) -> bool:
        if any(matches(mask, name) for mask in self.excluded):
            return False
        if not self.names and not self.masks:
            return True
        return fold(name) in self.names or any(matches(mask, name) for mask in self.masks)

    def lets_through(self, shown: Shown) -> bool:
        return all(holds(shown) for holds in self.conditions)


def list_rooms(talk: "IrcSession", message: Message) -> None:
    """Counts the members who are present."""
    wanted = Filter()
    for text in (word for param in message.params for word in param.split(",") if word):
        if not _add(wanted, text):
            why = f"{text[:60]} is not a condition. Write >3, <10, C<60, T>60, a room's name or a mask."
            talk.numeric(numerics.ERR_UNKNOWNERROR, "LIST", text=why)
            return
    if wanted.size > CONDITIONS_MAX:
        why = f"LIST accepts at most {CONDITIONS_MAX} masks and conditions. Write fewer."
        talk.numeric(numerics.ERR_UNKNOWNERROR, "LIST", text=why)
        return
    talk.numeric(numerics.RPL_LISTSTART, "Channel")
    for room in talk.host.state.rooms.values():
        if may_list(room, talk.user) and wanted.names_it(f"#{room.name}"):
            shown = _shown(talk, room)
            if wanted.lets_through(shown):
                topic = room.topic.text if room.topic else ""
                talk.numeric(numerics.RPL_LIST, f"#{room.name}", str(shown.count), text=topic)
    talk.numeric(numerics.RPL_LISTEND)


def _shown(talk: "IrcSession", room: Room) -> Shown:
    now = talk.host.now()
    topic_ago = now - room.topic.at if room.topic else None
    return Shown(room, sum(1 for _ in talk.host.state.present(room)), now - time_of(room.id), topic_ago)


def _add(wanted: Filter, text: str) -> bool:
    """Whether it is a name, a mask or a condition that can be read (ELIST=CMNTU)."""
    if found := _CONDITION.fullmatch(text):
        wanted.conditions.append(_condition(found[1].upper(), found[2] == "<", int(found[3])))
    elif text[0] in "<>" or text[1:2] in ("<", ">"):
        return False
    elif text[0] == "!":
        wanted.excluded.append(text[1:])
    elif "*" in text or "?" in text:
        wanted.masks.append(text)
    else:
        wanted.names[fold(text)] = None
    return True


def _condition(subject: str, is_less: bool, value: int) -> Condition:
    """ "created either less than `val` minutes ago, or more than `val` minutes ago", and so on for topic and count."""
    measure = _MEASURES[subject]

    def holds(shown: Shown) -> bool:
        measured = measure(shown)
        if measured is None:
            return False
        return measured < value if is_less else measured > value

    return holds


_MEASURES: Final[dict[str, Callable[[Shown], float | None]]] = {
    "": lambda shown: shown.count,
    "C": lambda shown: shown.made_ago / MINUTE_MS,
    "T": lambda shown: None if shown.topic_ago is None else shown.topic_ago / MINUTE_MS,
}


VERBS: Final = {
    "LIST": Verb(
        list_rooms,
        (
            "LIST [<room or mask>{,<room or mask>}] [<condition>{,<condition>}]",
            "Lists rooms with their number of online members and their topics. Only members see secret rooms.",
            "Conditions: >3 or <10 people; C<60 or C>60, created less or more than 60 minutes ago; T<60 or T>60, topic",
            "set less or more than 60 minutes ago; !*mask*, all except these.",
        ),
    ),
}
