"""Threads: which ones people follow, and what there is to read of them."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final

from hubbub.engine.event import Event
from hubbub.engine.messages import MessageSaid
from hubbub.engine.state import Following, State
from hubbub.engine.threads import (
    NAMES_MAX,
    UNREAD_MAX,
    FollowedThread,
    FollowedThreads,
    FollowSet,
    Summary,
    Thread,
    ThreadMarks,
)

from ..statements import put
from ..subject import Writer
from . import messages

Connection = sqlite3.Connection

_COLUMNS: Final = ", ".join(f"message.{name}" for name in messages.MESSAGE_COLUMNS)

_AUTHORS_AMONG: Final = 100
"""Among how many of the last replies the authors of a summary are looked for."""


def _set(database: Connection, event: FollowSet) -> None:
    key = ("account", "root")
    database.execute(
        "DELETE FROM thread_follow WHERE account = ? AND root = ?", (event.account, event.forgotten)
    )
    row = (event.account, event.root, event.place, event.following, event.read, event.id)
    put(database, "thread_follow", key, ("place", "following", "read", "changed"), row)


def forget(database: Connection, account: int, place: int) -> None:
    """Forget what an account follows in a place."""
    database.execute("DELETE FROM thread_follow WHERE account = ? AND place = ?", (account, place))


def load(database: Connection, state: State) -> None:
    for account, root, place, following, read in database.execute(
        "SELECT account, root, place, following, read FROM thread_follow ORDER BY changed"
    ):
        state.keep_thread(state.accounts[account], root, Following(place, bool(following), read))


# Reading


def thread(database: Connection, message: int) -> Thread | None:
    """The thread that a message begins or belongs to."""
    row = database.execute(
        f"SELECT {_COLUMNS} FROM message "
        "WHERE id = (SELECT coalesce(root, id) FROM message WHERE id = ? AND kind != 'tags')",
        (message,),
    ).fetchone()
    if row is None:
        return None
    root = messages.message(row)
    recent = database.execute(
        "SELECT id, person FROM message WHERE root = ? AND redacted = 0 ORDER BY id DESC LIMIT ?",
        (root.id, UNREAD_MAX),
    ).fetchall()
    count, last = len(recent), recent[0][0] if recent else 0
    if count == UNREAD_MAX:
        count = _counts(database, [root.id])[root.id][0]
    return Thread(root, Summary(count, last, _authors(database, root.id)), tuple(map(tuple, recent)))


def replies(database: Connection, root: int, limit: int, before: int) -> tuple[MessageSaid, ...]:
    found = database.execute(
        f"SELECT {_COLUMNS} FROM message WHERE root = ? AND redacted = 0 AND id < ? ORDER BY id DESC LIMIT ?",
        (root, before, limit),
    ).fetchall()
    return tuple(messages.message(row) for row in reversed(found))


def marks(database: Connection, wanted: Sequence[int]) -> ThreadMarks:
    roots = database.execute(
        "SELECT id, root FROM message WHERE id IN (SELECT value FROM json_each(?)) AND root IS NOT NULL",
        (json.dumps(wanted),),
    ).fetchall()
    summaries = {
        root: Summary(count, last, _authors(database, root))
        for root, (count, last) in _counts(database, wanted).items()
    }
    return ThreadMarks(summaries, dict(roots))


def _counts(database: Connection, roots: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Root → the number of replies, and the id of the last."""
    found = database.execute(
        "SELECT root, count(*), max(id) FROM message "
        "WHERE root IN (SELECT value FROM json_each(?)) AND redacted = 0 GROUP BY root",
        (json.dumps(roots),),
    )
    return {root: (count, last) for root, count, last in found}


def _authors(database: Connection, root: int) -> tuple[tuple[int, str], ...]:
    found: dict[int, str] = {}
    for person, nick in database.execute(
        "SELECT person, nick FROM message WHERE root = ? AND redacted = 0 ORDER BY id DESC LIMIT ?",
        (root, _AUTHORS_AMONG),
    ):
        found.setdefault(person, nick)
        if len(found) == NAMES_MAX:
            break
    return tuple(found.items())


def followed(
    database: Connection, person: int, read: Mapping[int, int], limit: int, before: int
) -> FollowedThreads:
    """The threads with these roots, those with the newest replies first."""
    counted = database.execute(
        "SELECT message.root, count(*), max(message.id), "
        "sum(message.id > json_extract(wanted.value, '$[1]') AND message.person != ?) "
        "FROM json_each(?) AS wanted JOIN message ON message.root = json_extract(wanted.value, '$[0]') "
        "WHERE message.redacted = 0 GROUP BY message.root ORDER BY max(message.id) DESC",
        (person, json.dumps(list(read.items()))),
    ).fetchall()
    later = [row for row in counted if row[2] < before]
    page = [_followed(database, *row) for row in later[:limit]]
    return FollowedThreads(tuple(page), sum(bool(row[3]) for row in counted), len(later) <= limit)


def _followed(database: Connection, root: int, count: int, last: int, unread: int) -> FollowedThread:
    row = database.execute(f"SELECT {_COLUMNS} FROM message WHERE id = ?", (root,)).fetchone()
    summary = Summary(count, last, _authors(database, root))
    return FollowedThread(messages.message(row), summary, min(unread, UNREAD_MAX))


WRITERS: Final[dict[type[Event], Writer]] = {
    FollowSet: Writer(_set, takes_away=False),
}
