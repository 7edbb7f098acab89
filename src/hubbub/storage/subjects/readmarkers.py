"""Read markers: up to where each account has read."""

import sqlite3
from typing import Final, NamedTuple

from hubbub.engine.event import Event
from hubbub.engine.readmarkers import ReadMarked
from hubbub.engine.state import State

from ..statements import put
from ..subject import Bulk, Writer

Connection = sqlite3.Connection


def _marked(database: Connection, event: ReadMarked) -> None:
    database.execute("DELETE FROM marker WHERE account = ? AND place = ?", (event.person, event.forgotten))
    row = (event.person, event.place, event.until)
    put(database, "marker", ("account", "place"), ("until",), row)


class _Markers(NamedTuple):
    account: list[int]
    place: list[int]
    until: list[int]


def _markers(found: _Markers, state: State) -> None:
    for account, place, until in zip(found.account, found.place, found.until, strict=True):
        state.accounts[account].read[place] = until


BULK: Final = Bulk(_Markers, "marker ORDER BY account, until, place", _markers)


WRITERS: Final[dict[type[Event], Writer]] = {
    ReadMarked: Writer(_marked, kept_if=lambda event: event.lasting, takes_away=False),
}
