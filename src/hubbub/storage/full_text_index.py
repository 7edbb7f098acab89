"""The full-text index: which words were said where.

Its rows are messages, and it keeps no text of its own.

It is made of parts, each for some thousand messages that follow each other, and each a table of FTS5. A row that is
deleted there stays with all its words, until it happens to be merged: so a part from which something was deleted is
merged at once, which rewrites it from what is left. That would take minutes for an index in one piece.

Words are compared without case, accents and formatting. In scripts that put no spaces between words each character
counts as one, and a word to look for as characters that follow each other. Beside the words stands the place: to look
in some rooms is to look for their names there.
"""

import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from hubbub.engine.message_kinds import has_text
from hubbub.engine.messages import MessageSaid, ToRoom
from hubbub.engine.names import fold
from hubbub.text import normal, plain

from .statements import insert

Connection = sqlite3.Connection

CREATE: Final = """
    CREATE VIRTUAL TABLE search USING fts5 (
        place, text, content = '', columnsize = 0,
        tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co So'"
    );
    INSERT INTO search (rowid, place, text)
        SELECT id, search_place(room, low, high, person, nick), search_text(text)
        FROM message WHERE kind != 'tags' AND NOT redacted;
    """

"""The index in one piece, as it was at first."""

CREATE_PARTS: Final = """
    DROP TABLE search;                      -- each of its messages finds its part when the server starts
    CREATE TABLE search_part (              -- the index for searching, in parts: the tables `search_1` and so on
        number INTEGER PRIMARY KEY,
        first INTEGER NOT NULL,             -- the id of its first message
        last INTEGER NOT NULL,              -- the id up to which every message is in it, or in one before it
        size INTEGER NOT NULL               -- how many messages it was given
    );
    """

_PART: Final = """
    CREATE VIRTUAL TABLE search_{} USING fts5 (
        place, text, content = '', columnsize = 0,
        tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co So'"
    )
    """

PART_MESSAGES: Final = 8_192
"""So many messages are in one part: merging it takes some 15 ms, and few parts have to be asked."""

_COLUMNS: Final = ("rowid", "place", "text")
# One row, so that the interpreter's lock is given up once, and not for each of them.
_GATHERED: Final = (
    "SELECT json_group_array(json_array(id, room, low, high, person, nick, iif({}, text, NULL))), max(id) "
    "FROM (SELECT id, room, low, high, person, nick, kind, text{} FROM {} ORDER BY id LIMIT {})"
)
_FRESH: Final = _GATHERED.format("kind != 'tags'", "", "fresh", -1)
_LATER: Final = _GATHERED.format(
    "kind != 'tags' AND NOT redacted", ", redacted", "message WHERE id > ?", PART_MESSAGES
)

_ALONE: Final = re.compile(
    "(["
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff"  # Thai, Lao, Tibetan, Burmese, Khmer
    "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Kana, Chinese
    "\uac00-\ud7af"  # Hangul, whose words have endings of every sort
    "\u2190-\u2bff\U0001f000-\U0001faff"  # symbols and emoji
    "])"
)
"""Characters that are words by themselves."""

_ACCENTS: Final = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]")
"""Accents, and the points and vowel signs of Hebrew and Arabic, which most people leave out."""

_ASKED: Final = re.compile(r'"([^"]*)"?|([^\s"]+)')
_WORDY: Final = ("L", "N", "M", "Co", "So")
"""The categories, or their beginnings, of what a word is made of."""


def prepare(database: Connection) -> None:
    """Let the index's SQL call what it needs of this module."""
    database.create_function("search_place", 5, place, deterministic=True)
    database.create_function("search_text", 1, words, deterministic=True)


def place(room: int | None, low: int | None, high: int | None, person: int, nick: str) -> str:
    """The place and author of a message, as words of the index."""
    where = f"r{room}" if room is not None else f"p{low}x{high} c{low} c{high}"
    return f"{where} u{person} {_nick(nick)}"


def _nick(nick: str) -> str:
    return f"n{fold(nick).encode().hex()}"


def words(text: str) -> str:
    """A text as it is given to the index."""
    if text.isascii():
        return plain(text)
    bare = _ACCENTS.sub("", normal("NFKD", plain(text)))
    return _ALONE.sub(r" \1 ", normal("NFKC", bare.casefold()))


def add_fresh(database: Connection) -> None:
    """Index the messages that were said last; within a transaction of the caller's."""
    _add(database, *database.execute(_FRESH).fetchone())


def complete(database: Connection) -> None:
    """Index the messages that are in no part yet, some at a time: those of a database that had other parts, or none."""
    last = database.execute("SELECT coalesce(max(last), 0) FROM search_part").fetchone()[0]
    while database.execute("SELECT 1 FROM message WHERE id > ?", (last,)).fetchone():
        database.execute("BEGIN IMMEDIATE")
        gathered, last = database.execute(_LATER, (last,)).fetchone()
        _add(database, gathered, last)
        database.execute("COMMIT")


def _add(database: Connection, gathered: str, last: int | None) -> None:
    """Give messages, the later ones last, to the newest part, and to new ones where it is full."""
    rows = json.loads(gathered)
    while rows:
        number, size = _newest(database, rows[0][0])
        taken, rows = rows[: PART_MESSAGES - size], rows[PART_MESSAGES - size :]
        indexed = [
            (message, place(*where), words(text)) for message, *where, text in taken if text is not None
        ]
        insert(database, table(number), _COLUMNS, indexed)
        known = (last if not rows else taken[-1][0], len(taken), number)
        database.execute("UPDATE search_part SET last = ?, size = size + ? WHERE number = ?", known)


def _newest(database: Connection, first: int) -> tuple[int, int]:
    """The part that takes a message with this id, and its size."""
    number, size = database.execute("SELECT max(number), size FROM search_part").fetchone()
    if number is None or size >= PART_MESSAGES:
        number, size = (number or 0) + 1, 0
        database.execute(_PART.format(number))
        insert(database, "search_part", ("number", "first", "last", "size"), [(number, first, first - 1, 0)])
    return number, size


def table(number: int) -> str:
    """The table of a part."""
    return f"search_{number}"


def parts(database: Connection, after: int = 0, before: int = (1 << 63) - 1) -> list[tuple[int, int]]:
    """The parts with messages between two ids, the newest first: the number of each, and up to which id it goes."""
    found = database.execute(
        "SELECT number, last FROM search_part WHERE last > ? AND first < ? ORDER BY number DESC",
        (after, before),
    )
    return found.fetchall()


_KEPT_IN: Final = {"config": ("k", "v"), "data": ("id", "block"), "idx": ("segid", "term", "pgno")}
"""The tables in which FTS5 keeps an index, with their columns."""


def copy_part(database: Connection, copy: Connection, number: int) -> None:
    """Make a part anew in another database, of the tables in which FTS5 keeps it."""
    part = table(number)
    copy.execute(_PART.format(number))
    for end, columns in _KEPT_IN.items():
        copy.execute(f"DELETE FROM {part}_{end}")
        for row in database.execute(f"SELECT {', '.join(columns)} FROM {part}_{end}"):
            insert(copy, f"{part}_{end}", columns, [row])


def _part_of(database: Connection, message: int) -> str:
    """The table of a message's part; empty where there is no message that could be in one."""
    found = database.execute(
        "SELECT number FROM search_part WHERE first <= ? ORDER BY first DESC LIMIT 1", (message,)
    )
    row = found.fetchone()
    return table(row[0]) if row else ""


def edit(database: Connection, said: MessageSaid, text: str) -> None:
    """Give a message another text; the index has to be told what it was."""
    remove(database, said)
    if has_text(said.kind):
        row = (said.id, _place_of(said), words(text))
        insert(database, _part_of(database, said.id), _COLUMNS, [row])


def remove(database: Connection, said: MessageSaid) -> None:
    """Take a message out again; the index has to be told what it was, and to `forget` it in the end."""
    if has_text(said.kind):
        part = _part_of(database, said.id)
        row = (said.id, _place_of(said), words(said.text))
        database.execute(f"INSERT INTO {part} ({part}, rowid, place, text) VALUES ('delete', ?, ?, ?)", row)


def forget(database: Connection, messages: Iterable[int]) -> None:
    """Let nothing be left of what was taken out of these messages: their parts are written anew without it."""
    for part in dict.fromkeys(_part_of(database, message) for message in messages):
        if part:
            database.execute(f"INSERT INTO {part} ({part}) VALUES ('optimize')")


def _place_of(event: MessageSaid) -> str:
    if isinstance(event.to, ToRoom):
        return place(event.to.room, None, None, event.by.person, event.by.nick)
    low, high = sorted((event.by.person, event.to.person))
    return place(None, low, high, event.by.person, event.by.nick)


def expression(
    text: str,
    rooms: Sequence[int],
    person: int = 0,
    other: int = 0,
    sender: str = "",
    sender_id: int = 0,
) -> str:
    """The index's query: all the words, in any of the places; empty if it could find nothing.

    Words in double quotes stand together. `sender` is a nickname, `sender_id` who has it now.
    """
    places = [f"r{room}" for room in rooms]
    if person and other:
        low, high = sorted((person, other))
        places.append(f"p{low}x{high}")
    elif person:
        places.append(f"c{person}")
    asked = [words(quoted or bare).replace('"', " ") for quoted, bare in _ASKED.findall(text)]
    wanted = [word for word in asked if any(map(_is_wordy, word))]
    if not places or (asked and not wanted):
        return ""
    parts = [f"place : ({' OR '.join(places)})"]
    if sender:
        parts.append(f"place : ({_nick(sender)}{f' OR u{sender_id}' if sender_id else ''})")
    parts += (f'text : "{word}"' for word in wanted)
    return " AND ".join(parts)


def _is_wordy(letter: str) -> bool:
    return unicodedata.category(letter).startswith(_WORDY)
