"""Files: what people have sent, and which messages name it."""

import sqlite3
from typing import Final

from hubbub.engine.event import Event
from hubbub.engine.files import AVATAR, FileRemoved, FileStored, files_in
from hubbub.engine.state import State

from ..statements import insert
from ..subject import Writer

Connection = sqlite3.Connection


def posted(database: Connection, message: int, text: str) -> None:
    """Note which files a message names, of those that there are."""
    for file in files_in(text):
        known = database.execute("UPDATE file SET posted = 1 WHERE id = ?", (file,))
        if known.rowcount:
            insert(
                database, "posting", ("file", "message"), [(file, message)], ending="ON CONFLICT DO NOTHING"
            )


def not_posted(database: Connection, message: int) -> None:
    """The message names nothing any more; what no other one names is not used any more."""
    files = database.execute("DELETE FROM posting WHERE message = ? RETURNING file", (message,)).fetchall()
    for (file,) in files:
        drop_unless_used(database, file)


def drop_unless_used(database: Connection, file: str) -> None:
    """A file that no message names, and that is neither its sender's picture nor an emoji, may go."""
    database.execute(
        "UPDATE file SET posted = 2 WHERE id = ?1"
        " AND NOT EXISTS (SELECT 1 FROM posting WHERE file = ?1)"
        " AND NOT EXISTS (SELECT 1 FROM emoji WHERE file = ?1)"
        " AND NOT EXISTS (SELECT 1 FROM metadata WHERE owner = file.person AND key = ?2 AND instr(value, ?1))",
        (file, AVATAR),
    )


def _file(database: Connection, event: FileStored) -> None:
    row = (event.file, event.person, event.digest, event.name, event.kind, event.size, event.id)
    insert(database, "file", ("id", "person", "digest", "name", "kind", "size", "event"), [row])


def _no_file(database: Connection, event: FileRemoved) -> None:
    database.execute("DELETE FROM posting WHERE file = ?", (event.file,))
    database.execute("DELETE FROM file WHERE id = ?", (event.file,))


def load(database: Connection, state: State) -> None:
    for person, size in database.execute(
        "SELECT person, sum(size) FROM file GROUP BY person ORDER BY person"
    ):
        state.file_bytes[person] = size


WRITERS: Final[dict[type[Event], Writer]] = {
    FileStored: Writer(_file),
    FileRemoved: Writer(_no_file, deletes=True),
}
