"""Metadata: what people let others know of themselves and of rooms."""

import sqlite3
from typing import Final

from hubbub.engine.event import Event
from hubbub.engine.files import AVATAR, files_in
from hubbub.engine.metadata import MetadataSet
from hubbub.engine.state import State

from ..statements import put
from ..subject import Writer
from .files import drop_unless_used

Connection = sqlite3.Connection


def _metadata(database: Connection, event: MetadataSet) -> None:
    where = (event.owner, event.key)
    is_avatar = event.key == AVATAR
    before = (
        database.execute("SELECT value FROM metadata WHERE owner = ? AND key = ?", where).fetchone()
        if is_avatar
        else None
    )
    if event.value is None:
        database.execute("DELETE FROM metadata WHERE owner = ? AND key = ?", where)
    else:
        put(database, "metadata", ("owner", "key"), ("value",), (*where, event.value))
    if is_avatar:
        for file in files_in(event.value or ""):
            database.execute("UPDATE file SET posted = 1 WHERE id = ? AND person = ?", (file, event.owner))
        for file in files_in(before[0]) if before else ():
            drop_unless_used(database, file)


def load(database: Connection, state: State) -> None:
    for owner, key, value in database.execute("SELECT owner, key, value FROM metadata ORDER BY owner, key"):
        holder = state.accounts.get(owner) or state.rooms.get(owner)
        if holder:
            holder.metadata[key] = value


WRITERS: Final[dict[type[Event], Writer]] = {
    MetadataSet: Writer(_metadata, kept_if=lambda event: event.lasting),
}
