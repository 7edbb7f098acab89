"""Rooms: their settings, topics, modes and lists, and what they were called before."""

import sqlite3
from typing import Final

from hubbub.engine.access_lists import RoomKept
from hubbub.engine.conversations import ConversationBegun, begun
from hubbub.engine.event import Event
from hubbub.engine.modes import LISTS, ModeChange, ModesChanged
from hubbub.engine.names import RoomName, fold
from hubbub.engine.policy import RANKS
from hubbub.engine.rooms import RoomConfigured, RoomCreated, RoomDeleted, RoomRenamed, remember_name
from hubbub.engine.state import Access, History, ListEntry, Room, State, Topic
from hubbub.engine.topics import TopicSet

from ..statements import insert, put
from ..subject import Writer

Connection = sqlite3.Connection


def _created(database: Connection, event: RoomCreated) -> None:
    columns = ("id", "name", "access", "secret", "history", "kept", "maker")
    settings = (event.access.value, event.secret, event.history.value, event.kept, event.maker)
    insert(database, "room", columns, [(event.room, event.name.text, *settings)])


def _begun(database: Connection, event: ConversationBegun) -> None:
    """Write the room as the engine makes it."""
    state = State()
    begun(state, event)
    room = state.rooms[event.room]
    columns = ("id", "name", "access", "secret", "history", "kept", "maker", "flags", "conversation")
    settings = (room.access.value, room.secret, room.history.value, room.kept, room.maker, room.flags, 1)
    insert(database, "room", columns, [(room.id, room.name.text, *settings)])


def _deleted(database: Connection, event: RoomDeleted) -> None:
    """Write a room's deletion; its messages stay, unreadable."""
    for table in ("member", "admitted", "request", "mask", "webhook"):
        database.execute(f"DELETE FROM {table} WHERE room = ?", (event.room,))
    database.execute("DELETE FROM metadata WHERE owner = ?", (event.room,))
    for table in ("draft", "thread_follow"):
        database.execute(f"DELETE FROM {table} WHERE place = ?", (event.room,))
    database.execute("UPDATE room SET deleted = ? WHERE id = ?", (event.id, event.room))


def _renamed(database: Connection, event: RoomRenamed) -> None:
    database.execute("UPDATE room SET name = ? WHERE id = ?", (event.new.text, event.room))


def _configured(database: Connection, event: RoomConfigured) -> None:
    database.execute(
        "UPDATE room SET access = ?, secret = ?, history = ? WHERE id = ?",
        (event.access.value, event.secret, event.history.value, event.room),
    )


def _kept(database: Connection, event: RoomKept) -> None:
    database.execute("UPDATE room SET kept = ? WHERE id = ?", (event.kept, event.room))
    if event.maker:
        database.execute("UPDATE room SET maker = ? WHERE id = ?", (event.maker, event.room))


def _topic(database: Connection, event: TopicSet) -> None:
    topic = (event.text, event.by.mask, event.at) if event.text else (None, None, None)
    database.execute(
        "UPDATE room SET topic = ?, topic_by = ?, topic_at = ? WHERE id = ?", (*topic, event.room)
    )


def _modes(database: Connection, event: ModesChanged) -> None:
    for change in event.changes:
        if change.letter in LISTS:
            _mask(database, event, change)
        elif change.letter in RANKS:
            _rank(database, event.room, change)
        else:
            _setting(database, event.room, change)


def _mask(database: Connection, event: ModesChanged, change: ModeChange) -> None:
    key = (event.room, change.letter, change.argument)
    if change.adding:
        put(database, "mask", ("room", "letter", "mask"), ("by", "at"), (*key, event.by.mask, event.at))
    else:
        database.execute("DELETE FROM mask WHERE room = ? AND letter = ? AND mask = ?", key)


def _rank(database: Connection, room: int, change: ModeChange) -> None:
    where = (room, change.person)
    row = database.execute("SELECT modes FROM member WHERE room = ? AND account = ?", where).fetchone()
    if row:
        letters = row[0] + change.letter if change.adding else row[0].replace(change.letter, "")
        modes = "".join(letter for letter in RANKS if letter in letters)
        database.execute("UPDATE member SET modes = ? WHERE room = ? AND account = ?", (modes, *where))


def _setting(database: Connection, room: int, change: ModeChange) -> None:
    letter, adding = change.letter, change.adding
    if letter in _ACCESS:
        other = _ACCESS[letter]
        new, old = (other, "%") if adding else ("open", other)
        database.execute("UPDATE room SET access = ? WHERE id = ? AND access LIKE ?", (new, room, old))
    elif letter in _COLUMNS:
        column, unset = _COLUMNS[letter]
        value = (change.argument or 1) if adding else unset
        database.execute(f"UPDATE room SET {column} = ? WHERE id = ?", (value, room))
    elif adding:
        database.execute("UPDATE room SET flags = flags || ? WHERE id = ?", (letter, room))
    else:
        database.execute("UPDATE room SET flags = replace(flags, ?, '') WHERE id = ?", (letter, room))


_ACCESS: Final = {"A": "approval", "i": "invitation"}


_COLUMNS: Final[dict[str, tuple[str, object]]] = {"k": ("key", None), "l": ("size", None), "s": ("secret", 0)}


def _rooms(database: Connection, state: State) -> None:
    rows = database.execute(
        "SELECT id, name, access, secret, history, kept, flags, key, size, topic, topic_by, topic_at, "
        "maker, emptied, conversation "
        "FROM room WHERE deleted IS NULL ORDER BY id"
    )
    for number, name, access, secret, history, kept, flags, key, size, topic, by, at, *made in rows:
        room = Room(
            number,
            RoomName.known(name),
            Access(access),
            bool(secret),
            flags,
            key,
            size,
            Topic(topic, by, at) if topic else None,
            History(history),
            bool(kept),
        )
        room.maker, room.emptied, conversation = made
        room.conversation = bool(conversation)
        state.add_room(room)


def _lists(database: Connection, state: State) -> None:
    rows = database.execute("SELECT room, letter, mask, by, at FROM mask ORDER BY room, letter, at, mask")
    for number, letter, mask, by, at in rows:
        state.rooms[number].lists[letter][mask] = ListEntry(mask, by, at)


def load(database: Connection, state: State) -> None:
    _rooms(database, state)
    _lists(database, state)
    for number, name in database.execute(
        "SELECT room, json_extract(fields, '$.room_name') FROM happening WHERE kind = 'RoomRenamed' ORDER BY id"
    ):
        if number in state.rooms:
            remember_name(state, fold(name), number)


WRITERS: Final[dict[type[Event], Writer]] = {
    RoomCreated: Writer(_created, takes_away=False),
    ConversationBegun: Writer(_begun, takes_away=False),
    RoomDeleted: Writer(_deleted),
    RoomRenamed: Writer(_renamed),
    RoomConfigured: Writer(_configured),
    RoomKept: Writer(_kept),
    TopicSet: Writer(_topic),
    ModesChanged: Writer(_modes),
}
