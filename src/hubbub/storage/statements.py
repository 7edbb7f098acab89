"""Statements that write rows: each names its table and its columns."""

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
    ending: str = "",
) -> None:
    """Write rows, each of which has a value for every column.

    Many go into one statement: each step of another would give up the interpreter's lock, and wait to get it back.
    """
    for place in range(0, len(rows), ROWS_MAX):
        chunk = rows[place : place + ROWS_MAX]
        database.execute(
            _statement(table, tuple(columns), len(chunk), ending), tuple(chain.from_iterable(chunk))
        )


@lru_cache(maxsize=4 * ROWS_MAX)
def _statement(table: str, columns: tuple[str, ...], rows: int, ending: str) -> str:
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)} {ending}"


def put(
    database: sqlite3.Connection, table: str, key: Sequence[str], columns: Sequence[str], row: Sequence[Any]
) -> None:
    """Write a row in place of the one with the same key; `row` has the values of the key, then of the columns."""
    database.execute(_upsert(table, tuple(key), tuple(columns)), row)


@lru_cache
def _upsert(table: str, key: tuple[str, ...], columns: tuple[str, ...]) -> str:
    names = (*key, *columns)
    new = ", ".join(f"{name} = excluded.{name}" for name in columns)
    return (
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) "
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {new}"
    )
