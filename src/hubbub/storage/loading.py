"""The state read back from the tables, as it stood when the last server ended.

The large tables are read by their columns, each of which SQLite writes as a JSON array and msgspec reads: both do so
without the interpreter, to which a row as a tuple would cost as much as all that is made of it. SQLite is one table
ahead, in a thread of its own.
"""

import sqlite3
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, Final

from msgspec.json import Decoder

from hubbub.engine.ids import era_of, first_of_era
from hubbub.engine.state import State

from .subject import Bulk
from .subjects import SUBJECTS

Connection = sqlite3.Connection

LAST: Final = "SELECT max(last, (SELECT coalesce(max(id), 0) FROM message)) FROM progress"
"""The last id: a message that was written last is not noted beside it."""


def load(database: Connection) -> tuple[State, int]:
    """The state, and the last id of anything in it."""
    state = State()
    first, *others = SUBJECTS
    first.load(database, state)
    with ThreadPoolExecutor(1) as ahead:
        large = [subject.BULK for subject in others if hasattr(subject, "BULK")]
        for bulk, columns in [(bulk, _ahead(ahead, database, bulk)) for bulk in large]:
            bulk.enter(columns(), state)
    for subject in others:
        if hasattr(subject, "load"):
            subject.load(database, state)
    last: int = database.execute(LAST).fetchone()[0]
    state.eras = [_first_in(database, era, last) for era in range(1, era_of(last) + 1)]
    return state, last


def _ahead(executor: Executor, database: Connection, bulk: Bulk) -> Callable[[], Any]:
    """The columns of a large table, which are being read."""
    names = bulk.columns._fields
    wanted = ", ".join(f"json_group_array({name})" for name in names)
    query = f"SELECT {wanted} FROM (SELECT {', '.join(names)} FROM {bulk.source})"
    found = executor.submit(lambda: database.execute(query).fetchone())
    decoders = map(Decoder, bulk.columns.__annotations__.values())
    return lambda: bulk.columns(
        *(each.decode(text) for each, text in zip(decoders, found.result(), strict=True))
    )


def _first_in(database: Connection, era: int, last: int) -> int:
    """The first act of an era is that it has begun."""
    bounds = (first_of_era(era), first_of_era(era + 1) - 1)
    found = database.execute("SELECT min(id) FROM act WHERE id BETWEEN ? AND ?", bounds).fetchone()[0]
    return last if found is None else int(found)
