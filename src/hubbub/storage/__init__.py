"""Lasting data: accounts, rooms, history; one interface, in one SQLite file by default."""

from .base import Storage, StorageError
from .integrity_check import check
from .restore import restore
from .sealing import Seal
from .sqlite import SqliteStorage

__all__ = ["Seal", "SqliteStorage", "Storage", "StorageError", "check", "open_storage", "restore"]

open_storage = SqliteStorage
"""Open the data in a file, which is made or brought up to date; raises StorageError."""
