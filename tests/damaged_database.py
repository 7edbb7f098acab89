"""Pages of a database that can't be read any more."""

import threading

from hubbub.storage import SqliteStorage
from tests.server_harness import ServerHarness

PAGE_BYTES = 4096


def damage(harness: ServerHarness) -> None:
    """All pages but the first one are junk, for whoever opens the database from now on: as every reader does then."""
    storage = harness.storage
    assert isinstance(storage, SqliteStorage)
    storage.checkpoint()
    with storage.path.open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(PAGE_BYTES)
        file.write(b"\x42" * (size - PAGE_BYTES))
    storage._readers = threading.local()
