"""Eras of ids: what is set right where the clock was ahead."""

import sqlite3
from typing import Final

from hubbub.engine.event import Event
from hubbub.engine.id_eras import EraBegun

from ..subject import Writer

Connection = sqlite3.Connection

_SET_RIGHT: Final = (
    "UPDATE sanction SET until = :now + until - at, at = :now WHERE at > :now",
    (
        "UPDATE invitation SET until = :now + until - (number >> 12 & 4398046511103) "
        "WHERE number >> 12 & 4398046511103 BETWEEN :now + 1 AND until - 1"
    ),
    "UPDATE marker SET until = :now WHERE until > :now",
    "UPDATE room SET emptied = :now WHERE emptied > :now",
    "UPDATE account SET left_at = :now WHERE left_at > :now",
)
"""What was made while the clock was ahead, as `EraBegun` says; where an id is shifted and masked, that is `time_of`."""


def _era(database: Connection, event: EraBegun) -> None:
    for statement in _SET_RIGHT:
        database.execute(statement, {"now": event.now})


WRITERS: Final[dict[type[Event], Writer]] = {
    EraBegun: Writer(_era),
}
