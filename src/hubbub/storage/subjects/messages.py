"""Messages: what was said, how it was changed afterwards, and the rows of both."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from hubbub.engine.edits import Amended, MessageEdited, MessageRedacted
from hubbub.engine.event import Event, Origin
from hubbub.engine.messages import MessageSaid, Tags, ToPerson, ToRoom, parent_of, reaction_of
from hubbub.engine.threads import is_in_thread

from .. import full_text_index
from ..statements import insert
from ..subject import Writer
from .files import not_posted, posted
from .room_events import AMENDMENTS

Connection = sqlite3.Connection

MESSAGE_COLUMNS: Final = (
    *("id", "room", "low", "high", "kind", "person", "nick", "username", "host", "account", "to_name"),
    *("to_rank", "text", "tags", "cut", "joints", "bot", "content", "mentions", "edited", "redacted"),
)


_SAID_COLUMNS: Final = (*MESSAGE_COLUMNS[:-2], "parent")
"""The columns written for a new message."""


_NONE: Final = "[]"
"""No tags, or no line breaks: of most messages."""


_SETTLE: Final = (
    f"INSERT INTO message ({', '.join(_SAID_COLUMNS)}) "
    f"SELECT {', '.join(_SAID_COLUMNS)} FROM fresh ORDER BY room, low, high, id"
)


def settle(database: Connection) -> None:
    """Move new messages from `fresh` to `message` and the index; within the caller's transaction.

    A message said in one of many rooms changes pages all over the indexes, and each page that has changed is written
    whole. So messages are only appended at first, and many of them find their places at once: at the latest when
    somebody wants to read.

        commit: «a» in #tea, «b» in #gin    fresh: a b      message: nothing
        commit: «c» in #tea                 fresh: a b c    message: nothing
        somebody reads #gin                 fresh: nothing  message: b | a c, by rooms; then it is read
        commit: «d» in #gin                 fresh: d        message: b | a c
        #gin is read, but the disk takes    the transaction that settles is read in, and rolled back:
        nothing                             b and d are read, and fresh has d still
    """
    full_text_index.add_fresh(database)
    database.execute(_SETTLE)
    _join_threads(database)
    database.execute("DELETE FROM fresh")


_JOIN_THREAD: Final = """
UPDATE message SET apart = ?, root = (
    SELECT coalesce(above.root, above.id) FROM message AS above
    WHERE above.id = message.parent AND above.id < message.id AND above.kind != 'tags' AND above.room IS message.room
        AND above.low IS message.low AND above.high IS message.high AND above.to_rank = message.to_rank
) WHERE id = ?
"""


def _join_threads(database: Connection) -> None:
    """Note the threads of the replies that are settling: in their order, since one may answer another."""
    replies = database.execute(
        "SELECT id, tags FROM fresh WHERE parent IS NOT NULL AND kind != 'tags' ORDER BY id"
    ).fetchall()
    for number, tags in replies:
        database.execute(_JOIN_THREAD, (is_in_thread(_tags(tags)), number))


def add(database: Connection, messages: Sequence[MessageSaid]) -> None:
    insert(database, "fresh", _SAID_COLUMNS, [_message(event) for event in messages])
    for event in messages:
        posted(database, event.id, event.text)
    nonces = [(event.id, event.nonce.text) for event in messages if event.nonce]
    insert(database, "nonce", ("message", "text"), nonces, ending="ON CONFLICT DO NOTHING")


def is_reaction(event: MessageSaid) -> bool:
    return reaction_of(event.tags) is not None and parent_of(event.tags) is not None


def _message(event: MessageSaid) -> tuple[Any, ...]:
    by, tags, line_breaks = event.by, event.tags, event.line_breaks
    who = (event.kind, by.person, by.nick, by.username, by.host, by.account)
    parent = parent_of(tags) if tags else None
    more = (
        json.dumps(line_breaks) if line_breaks else _NONE,
        by.bot,
        event.content,
        _joined(event.mentions),
        parent,
    )
    what = (event.text, json.dumps(tags) if tags else _NONE, event.cut, *more)
    to = event.to
    if isinstance(to, ToRoom):
        return (event.id, to.room, None, None, *who, to.name, to.to_rank, *what)
    low, high = sorted((by.person, to.person))
    return (event.id, None, low, high, *who, to.name, "", *what)


def message(row: Sequence[Any]) -> MessageSaid:
    """The event of a row of `MESSAGE_COLUMNS`."""
    (
        number,
        room,
        low,
        high,
        kind,
        person,
        nick,
        username,
        host,
        account,
        to_name,
        to_rank,
        text,
        tags,
        cut,
        line_breaks,
        bot,
        content,
        mentions,
        edited,
        redacted,
    ) = row
    by = Origin(person, nick, username, host, account, bot=bool(bot))
    more = (bool(cut), () if line_breaks == _NONE else tuple(json.loads(line_breaks)), edited, bool(redacted))
    other = high if person == low else low
    to = ToRoom(room, to_name, to_rank) if room is not None else ToPerson(other, to_name)
    return MessageSaid(
        number, by, to, text, kind, content, _tags(tags), *more, mentions=mentions_of(mentions)
    )


def _joined(mentions: tuple[str, ...]) -> str:
    return ",".join(mentions) if mentions else ""


def mentions_of(text: str) -> tuple[str, ...]:
    """The names of a row; no name has a comma."""
    return tuple(text.split(",")) if text else ()


def _tags(stored: str) -> Tags:
    return () if stored == _NONE else tuple((key, value) for key, value in json.loads(stored))


def _edited(database: Connection, event: MessageEdited) -> None:
    """Replace a message's text by the new one."""
    said = _said(database, event.message)
    if said is None:
        return
    new = (
        event.text,
        json.dumps(event.line_breaks),
        event.cut,
        event.id,
        _joined(event.mentions),
        event.message,
    )
    database.execute(
        "UPDATE message SET text = ?, joints = ?, cut = ?, edited = ?, mentions = ? WHERE id = ?", new
    )
    full_text_index.edit(database, said, event.text)
    not_posted(database, event.message)
    posted(database, event.message, event.text)
    _amended(database, replace(event, text="", line_breaks=(), mentions=(), concerned=()))


def _redacted(database: Connection, event: MessageRedacted) -> None:
    """Nothing of it is left but who said it, and when."""
    said = _said(database, event.message)
    if said is None:
        return
    full_text_index.remove(database, said)
    not_posted(database, event.message)
    database.execute(
        "UPDATE message SET text = '', content = NULL, tags = '[]', joints = '[]', mentions = '', redacted = ? "
        "WHERE id = ?",
        (event.id, event.message),
    )
    _amended(database, event)


def _said(database: Connection, number: int) -> MessageSaid | None:
    """A message as it is stored; None if it was deleted meanwhile."""
    query = f"SELECT {', '.join(MESSAGE_COLUMNS)} FROM message WHERE id = ? AND NOT redacted"
    row = database.execute(query, (number,)).fetchone()
    return message(row) if row else None


def _amended(database: Connection, event: Amended) -> None:
    low, high = (None, None) if event.room else sorted((event.by.person, event.to))
    fields = msgspec.json.encode(event).decode()
    row = (event.id, event.message, event.room or None, low, high, AMENDMENTS[type(event)], fields)
    insert(database, "amendment", ("id", "message", "room", "low", "high", "kind", "fields"), [row])


WRITERS: Final[dict[type[Event], Writer]] = {
    MessageEdited: Writer(_edited, deletes=True),
    MessageRedacted: Writer(_redacted, deletes=True),
}
