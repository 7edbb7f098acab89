"""The queue in which passwords are proved and hashed: bounded, and fair between addresses."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Container
from concurrent.futures import Executor
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, TypeVar

from hubbub.addresses import count_key
from hubbub.engine.signin import TooManyWaiting

T = TypeVar("T")

WAITING_MAX: Final = 1_000
"""In each lane."""
WAITING_AN_ADDRESS_MAX: Final = 30
"""The most that wait for one address in each lane: enough for a class; more are refused for now."""


class Lane(Enum):
    """A lane of the queue. Lanes take turns, so that a long one does not delay the others."""

    KNOWN = "signing in where the account's owner has before"
    SIGNING_IN = "signing in"
    MAKING = "making what is kept of a new password"
    RENEWING = "making it anew, as it is made today, for somebody who is in already"


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom a password is worked on. `is_wanted` tells whether they are still there; who is `exempt` from limits
    may have as much in the queue as they like, and waits in turn as everybody does.
    """

    lane: Lane = Lane.MAKING
    address: str = "here"
    is_wanted: Callable[[], bool] = lambda: True
    exempt: bool = False


CONSOLE: Final = Asker(exempt=True)
"""The administrators at the console."""
RENEWING: Final = Asker(Lane.RENEWING)
"""Rehashing, which nobody waits for; what finds no place is done at the next sign-in."""


class QueueFull(Exception):
    """The queue is full; `refusal` is the answer for the asker."""

    refusal: Final = TooManyWaiting()


class NotWanted(Exception):
    """The asker is gone, and the work was not done."""


@dataclass(eq=False, slots=True)
class _Job:
    asker: Asker
    work: Callable[[], Any]
    done: asyncio.Future[Any]


@dataclass(slots=True)
class _Line:
    """One lane: what waits for each address, and the addresses in the order in which it is their turn."""

    waiting: dict[str, deque[_Job]] = field(default_factory=dict)
    count: int = 0
    """The number that wait in all."""

    def put(self, key: str, job: _Job) -> None:
        self.waiting.setdefault(key, deque()).append(job)
        self.count += 1

    def take(self, besides: Container[str]) -> _Job | None:
        """The next one of any address besides these; its address goes behind the others. None where there is none."""
        key = next((key for key in self.waiting if key not in besides), None)
        if key is None:
            return None
        jobs = self.waiting.pop(key)
        job = jobs.popleft()
        self.count -= 1
        if jobs:
            self.waiting[key] = jobs
        return job

    def take_back(self, key: str) -> _Job:
        """The last one of an address."""
        jobs = self.waiting[key]
        job = jobs.pop()
        self.count -= 1
        if not jobs:
            del self.waiting[key]
        return job


class PasswordQueue:
    """At most `at_once` are worked on by the executor at a time; the others wait here, where order can be kept.

    The last of several threads takes nothing of an address for which another is at work in the same lane: however much
    one address asks for in a lane, somebody else's work begins at once.
    """

    def __init__(self, executor: Executor, at_once: int) -> None:
        self._executor = executor
        self._at_once = at_once
        self._running: dict[Lane, Counter[str]] = {lane: Counter() for lane in Lane}
        """The number that are worked on, by address."""
        self._lines = {lane: _Line() for lane in Lane}
        """The lane whose turn it is first."""

    async def run(self, asker: Asker, work: Callable[[], T]) -> T:
        """Do it in a thread when it is its turn. Raises QueueFull, or NotWanted."""
        loop = asyncio.get_running_loop()
        job = _Job(asker, work, loop.create_future())
        self._enter(job)
        self._begin(loop)
        result: T = await job.done
        return result

    def _enter(self, job: _Job) -> None:
        line, key = self._lines[job.asker.lane], count_key(job.asker.address)
        own = len(line.waiting.get(key, ()))
        if not job.asker.exempt:
            if own >= WAITING_AN_ADDRESS_MAX:
                raise QueueFull
            if line.count >= WAITING_MAX and not self._make_room(line, own):
                raise QueueFull
        line.put(key, job)

    def _make_room(self, line: _Line, own: int) -> bool:
        """Turn away the last one of the address for which most waits, if that is more than waits for the newcomer's.

        In the same lane: however many strangers wait, those who sign in where they have before find a place.
        """
        most, key = max((len(jobs), key) for key, jobs in line.waiting.items())
        if most <= own + 1:
            return False
        job = line.take_back(key)
        if not job.done.done():
            job.done.set_exception(QueueFull())
        return True

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        while job := self._next():
            if job.done.done():
                continue
            if not job.asker.is_wanted():
                job.done.set_exception(NotWanted())
                continue
            self._running[job.asker.lane][count_key(job.asker.address)] += 1
            running = loop.run_in_executor(self._executor, job.work)
            running.add_done_callback(lambda done, job=job: self._ended(loop, job, done))  # type: ignore[misc]

    def _next(self) -> _Job | None:
        """The next job, if a thread is free for it."""
        free = self._at_once - sum(running.total() for running in self._running.values())
        if not free:
            return None
        is_last = free == 1 < self._at_once
        for lane in list(self._lines):
            line = self._lines.pop(lane)
            self._lines[lane] = line
            if job := line.take(besides=self._running[lane] if is_last else ()):
                return job
        return None

    def _ended(self, loop: asyncio.AbstractEventLoop, job: _Job, running: asyncio.Future[Any]) -> None:
        self._running[job.asker.lane] -= Counter((count_key(job.asker.address),))
        if running.cancelled():
            job.done.cancel()
        elif error := running.exception():
            if not job.done.done():
                job.done.set_exception(error)
        elif not job.done.done():
            job.done.set_result(running.result())
        self._begin(loop)
