"""The full-text index: which words were said where.

Its rows are messages, and it keeps no text of its own.

Words are compared without case, accents and formatting. In scripts that put no spaces between words each character
counts as one, and a word to look for as characters that follow each other. Beside the words stands the place: to look
in some rooms is to look for their names there.
"""

import json
import re
import sqlite3
import unicodedata
from collections.abc import Sequence
from typing import Final

from hubbub.engine.messages import Kind, MessageSaid, PrivateSaid
from hubbub.engine.names import fold
from hubbub.text import plain

from .inserting import insert

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

_COLUMNS: Final = ("rowid", "place", "text")
# One row, so that the interpreter's lock is given up once, and not for each of them.
_FRESH: Final = (
    "SELECT json_group_array(json_array(id, room, low, high, person, nick, text)) "
    "FROM (SELECT * FROM fresh WHERE kind != 'tags' ORDER BY id)"
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
    """Where a message was said and by whom, as words of the index."""
    where = f"r{room}" if room is not None else f"p{low}x{high} c{low} c{high}"
    return f"{where} u{person} {_nick(nick)}"


def _nick(nick: str) -> str:
    return f"n{fold(nick).encode().hex()}"


def words(text: str) -> str:
    """A text as it is given to the index."""
    if text.isascii():
        return plain(text)
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", plain(text)))
    return _ALONE.sub(r" \1 ", unicodedata.normalize("NFKC", bare.casefold()))


def add_fresh(database: Connection) -> None:
    """Index the messages that were said last; within a transaction of the caller's."""
    found = json.loads(database.execute(_FRESH).fetchone()[0])
    rows = [(number, place(*where), words(text)) for number, *where, text in found]
    insert(database, "search", _COLUMNS, rows)


def edit(database: Connection, said: MessageSaid | PrivateSaid, text: str) -> None:
    """Give a message another text; the index has to be told what it was."""
    remove(database, said)
    if said.kind is not Kind.TAGS:
        insert(database, "search", _COLUMNS, [(said.id, _place_of(said), words(text))])


def remove(database: Connection, said: MessageSaid | PrivateSaid) -> None:
    """Take a message out again; the index has to be told what it was."""
    if said.kind is not Kind.TAGS:
        row = (said.id, _place_of(said), words(said.text))
        database.execute("INSERT INTO search (search, rowid, place, text) VALUES ('delete', ?, ?, ?)", row)


def _place_of(event: MessageSaid | PrivateSaid) -> str:
    if isinstance(event, MessageSaid):
        return place(event.room, None, None, event.by.person, event.by.nick)
    low, high = sorted((event.by.person, event.to))
    return place(None, low, high, event.by.person, event.by.nick)


def expression(
    text: str,
    rooms: Sequence[int],
    person: int = 0,
    other: int = 0,
    sender: str = "",
    sender_id: int = 0,
) -> str:
    """What the index is asked: all the words, in any of the places; empty if there is nothing that it could find.

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
