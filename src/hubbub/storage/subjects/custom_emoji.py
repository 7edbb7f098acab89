"""Custom emoji: their names and pictures."""

import sqlite3
from typing import Final

from hubbub.engine.custom_emoji import EmojiAdded, EmojiDeleted, EmojiRenamed
from hubbub.engine.event import Event
from hubbub.engine.state import Emoji, State

from ..statements import insert
from ..subject import Writer
from .files import drop_unless_used

Connection = sqlite3.Connection


def _emoji(database: Connection, event: EmojiAdded) -> None:
    made = event.emoji
    row = (made.name, made.number, made.file, made.maker, made.by)
    insert(database, "emoji", ("name", "number", "file", "maker", "by"), [row])
    database.execute("UPDATE file SET posted = 1 WHERE id = ?", (made.file,))


def _emoji_renamed(database: Connection, event: EmojiRenamed) -> None:
    database.execute("UPDATE emoji SET name = ? WHERE name = ?", (event.new, event.name))


def _no_emoji(database: Connection, event: EmojiDeleted) -> None:
    database.execute("DELETE FROM emoji WHERE name = ?", (event.name,))
    drop_unless_used(database, event.file)


def load(database: Connection, state: State) -> None:
    for row in database.execute("SELECT number, name, file, maker, by FROM emoji ORDER BY number"):
        emoji = Emoji(*row)
        state.emoji[emoji.name] = emoji


WRITERS: Final[dict[type[Event], Writer]] = {
    EmojiAdded: Writer(_emoji),
    EmojiRenamed: Writer(_emoji_renamed),
    EmojiDeleted: Writer(_no_emoji),
}
