"""Databases as earlier versions have left them."""

import sqlite3
from pathlib import Path

import pytest

from hubbub.storage import maintenance
from hubbub.storage.schema import MIGRATIONS


def database_of(path: Path, version: int) -> sqlite3.Connection:
    """An empty database with the tables of this version: the first so many steps have been taken."""
    database = sqlite3.connect(path, isolation_level=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(maintenance, "MIGRATIONS", MIGRATIONS[:version])
        maintenance.migrate(database, path)
    return database


def version_before(words: str) -> int:
    """The version whose next step has these words in it."""
    return next(number for number, step in enumerate(MIGRATIONS) if words in step)
