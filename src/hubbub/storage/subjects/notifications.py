"""Notifications: browsers' push subscriptions, and the levels of conversations."""

import sqlite3
from typing import Final

from msgspec.structs import astuple

from hubbub.engine.event import Event
from hubbub.engine.notifications import LevelSet, PushAdded, PushRemoved, keep_push
from hubbub.engine.state import Level, Push, State

from ..statements import put
from ..subject import Writer

Connection = sqlite3.Connection


def _push(database: Connection, event: PushAdded) -> None:
    put(database, "push", ("endpoint",), ("account", "key", "auth", "proof"), astuple(event.push))


def _no_push(database: Connection, event: PushRemoved) -> None:
    database.execute("DELETE FROM push WHERE endpoint = ?", (event.endpoint,))


def _level(database: Connection, event: LevelSet) -> None:
    if event.level is None:
        where = (event.account, event.place)
        database.execute("DELETE FROM level WHERE account = ? AND place = ?", where)
    else:
        row = (event.account, event.place, event.level.value)
        put(database, "level", ("account", "place"), ("level",), row)


def load(database: Connection, state: State) -> None:
    for row in database.execute("SELECT endpoint, account, key, auth, proof FROM push ORDER BY endpoint"):
        keep_push(state, Push(*row))
    for account, place, level in database.execute(
        "SELECT account, place, level FROM level ORDER BY account, place"
    ):
        state.accounts[account].levels[place] = Level(level)


WRITERS: Final[dict[type[Event], Writer]] = {
    LevelSet: Writer(_level),
    PushAdded: Writer(_push),
    PushRemoved: Writer(_no_push),
}
