"""A server with 200 accounts in 40 rooms, nobody of them connected, for tests of what clients show of the absent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.server_harness import ServerHarness
from tools.sample_place import fill


@asynccontextmanager
async def filled_place(folder: Path) -> AsyncIterator[ServerHarness]:
    """The server, with few messages; `ann` is in all rooms, and its administrator."""
    fill(folder, messages=500)
    async with ServerHarness(folder) as harness:
        yield harness
