"""The form of a subject's tables: how an event is written, and how a large table is read."""

import sqlite3
from collections.abc import Callable
from typing import Any, NamedTuple

from hubbub.engine.state import State


class Writer(NamedTuple):
    """The writing of an event, within the caller's transaction."""

    write: Callable[[sqlite3.Connection, Any], None]
    kept_if: Callable[[Any], bool] | None = None
    """The test for events of the kind that are stored; None for all."""
    takes_away: bool = True
    """Whether it may delete data, so that traces have to be scrubbed; frequent events should not."""
    deletes: bool = False
    """Whether it is asked for so that something is gone: it is shown once that is gone from every file."""


class Bulk(NamedTuple):
    """A large table: a named tuple of lists, one for each column; what is read, in which order; and what enters it."""

    columns: Any
    source: str
    enter: Callable[[Any, State], None]
