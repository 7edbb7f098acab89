"""Drafts: what people have begun to write and not sent."""

import sqlite3
from collections.abc import Sequence
from typing import Final

from hubbub.engine.drafts import DraftSet
from hubbub.engine.event import Event
from hubbub.engine.state import Draft, State

from ..statements import put
from ..subject import Writer

Connection = sqlite3.Connection


def _draft(database: Connection, event: DraftSet) -> None:
    forget(database, [(event.account, place) for place in event.forgotten])
    row = (event.account, event.place, event.id, event.since, event.text)
    put(database, "draft", ("account", "place"), ("version", "since", "text"), row)


def forget(database: Connection, found: Sequence[tuple[int, int]]) -> None:
    """Forget the drafts of these accounts for these places."""
    database.executemany("DELETE FROM draft WHERE account = ? AND place = ?", found)


def load(database: Connection, state: State) -> None:
    for account, place, *draft in database.execute(
        "SELECT account, place, version, since, text FROM draft ORDER BY version"
    ):
        state.accounts[account].drafts[place] = Draft(*draft)


WRITERS: Final[dict[type[Event], Writer]] = {
    DraftSet: Writer(_draft),
}
