"""The tasks that run beside a node: held until they are done, and cancelled with it."""

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any


class Tasks:
    """Running tasks, held strongly: asyncio holds a task weakly, so one that is not held may vanish mid-work."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def __iter__(self) -> Iterator[asyncio.Task[None]]:
        return iter(self._tasks)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def cancel(self) -> None:
        for task in self._tasks:
            task.cancel()
