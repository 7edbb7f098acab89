"""Many rows by one statement: each step of another would give up the interpreter's lock, and wait to get it back."""

import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Final

ROWS_MAX: Final = 64
"""So many rows go into one statement; there is one for each number of them."""


def insert(
    database: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    verb: str = "INSERT",
) -> None:
    """Write rows, each of which has a value for every column."""
    for place in range(0, len(rows), ROWS_MAX):
        chunk = rows[place : place + ROWS_MAX]
        database.execute(
            _statement(verb, table, tuple(columns), len(chunk)), tuple(chain.from_iterable(chunk))
        )


@lru_cache(maxsize=4 * ROWS_MAX)
def _statement(verb: str, table: str, columns: tuple[str, ...], rows: int) -> str:
    row = f"({', '.join('?' * len(columns))})"
    return f"{verb} INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)}"
