"""Room events: what a room's history tells besides what was said, under names that stay for ever."""

import sqlite3
from typing import Any, Final

import msgspec

from hubbub.engine.edits import MessageEdited, MessageRedacted
from hubbub.engine.event import Event
from hubbub.engine.membership import MemberJoined, MemberKicked, MemberLeft
from hubbub.engine.modes import ModesChanged
from hubbub.engine.rooms import RoomRenamed
from hubbub.engine.topics import TopicSet

from ..statements import insert

Connection = sqlite3.Connection

HAPPENINGS: Final[dict[type[Event], str]] = {
    MemberJoined: "MemberJoined",
    MemberLeft: "MemberLeft",
    MemberKicked: "MemberKicked",
    TopicSet: "TopicSet",
    ModesChanged: "ModesChanged",
    RoomRenamed: "RoomRenamed",
}
"""The events in a room's history besides messages, by the stable names of their rows."""


AMENDMENTS: Final[dict[type[Event], str]] = {
    MessageEdited: "MessageEdited",
    MessageRedacted: "MessageRedacted",
}
"""The changes to messages, in the same way."""


_KINDS: Final = {name: kind for kind, name in (HAPPENINGS | AMENDMENTS).items()}


def happened(database: Connection, event: Any) -> None:
    row = (event.id, event.room, HAPPENINGS[type(event)], msgspec.json.encode(event).decode())
    insert(database, "happening", ("id", "room", "kind", "fields"), [row])


def room_event(kind: str, fields: str) -> Event:
    """The event of a row of `happening` or `amendment`."""
    event: Event = msgspec.json.decode(fields, type=_KINDS[kind])
    return event
