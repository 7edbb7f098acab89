"""The errors that SQLite's library raises here where data can't be read or written."""

import sqlite3
from typing import Final

SQLITE_ERRORS: Final = (sqlite3.Error, UnicodeDecodeError)
"""Its message quotes what stands in a damaged file: where that is no UTF-8, the message itself can't be read."""
