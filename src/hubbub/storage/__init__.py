"""What lasts: accounts, rooms, history; one interface, in one SQLite file by default."""

from .base import Storage, StorageError
from .sealing import Seal
from .sqlite import SqliteStorage
from .upkeep import restore

__all__ = ["Seal", "SqliteStorage", "Storage", "StorageError", "open_storage", "restore"]

open_storage = SqliteStorage
"""Open the data in a file, which is made or brought up to date; raises StorageError."""
