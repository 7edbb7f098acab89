"""Pictures are read in processes of their own: one that breaks its reader breaks nothing else."""

import asyncio
import contextlib
import json
import logging
import os
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final

from hubbub.bounded import Bounded
from hubbub.web.errors import Failure
from hubbub.web.fair_queue import FairLine

log = logging.getLogger("hubbub")

SECONDS_MAX: Final = 20
WAITING_MAX: Final = 50
"""The most jobs that wait for one process; an asker without any there is accepted all the same."""
WAITING_AN_ASKER_MAX: Final = 12
FAILED_MAX: Final = 1_000
"""The most pictures remembered of which no thumbnail can be made."""

MADE, BUSY, FAILED = "made", "busy", "failed"
"""FAILED is the picture's fault, and will be so the next time; BUSY is not."""


def require_made(answer: str, unreadable: str) -> None:
    """Return if a job made its picture. Raises Failure: try again later, or the sentence `unreadable`."""
    if answer == BUSY:
        sentence = "The server is processing too many pictures. Send this one again in a minute."
        raise Failure(HTTPStatus.SERVICE_UNAVAILABLE, sentence, {"Retry-After": "60"})
    if answer != MADE:
        raise Failure(HTTPStatus.UNPROCESSABLE_ENTITY, unreadable)


class _Process:
    """One process, asked through a socket; no thread waits for it, and its descriptors are all that it inherits."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._process, self._reader, self._writer = process, reader, writer
        self._asked = 0

    @classmethod
    async def start(cls, command: tuple[str, ...]) -> "_Process":
        process, ours = _spawn(command)
        try:
            reader, writer = await asyncio.open_unix_connection(sock=ours)
        except BaseException:
            ours.close()
            process.kill()
            process.wait()
            raise
        return cls(process, reader, writer)

    def is_alive(self) -> bool:
        return self._process.poll() is None

    async def ask(self, source: Path, target: Path) -> str:
        """The process's answer; empty where it has ended or answered something else."""
        self._asked += 1
        try:
            self._writer.write(json.dumps([self._asked, str(source), str(target)]).encode() + b"\n")
            line = await self._reader.readline()
        except (OSError, ValueError):
            return ""
        number, _, answer = line.decode("ascii", "replace").strip().partition(" ")
        return answer if number == str(self._asked) else ""

    async def end(self) -> None:
        """End the process."""
        self._process.kill()
        try:
            with contextlib.suppress(OSError):
                while await self._reader.read(4096):
                    pass
        finally:
            # Its end of the socket is closed, so it has ended but for what the system does about it.
            self._process.wait()
            self._writer.close()


def _spawn(command: tuple[str, ...]) -> "tuple[subprocess.Popen[bytes], socket.socket]":
    """Not by the event loop: uvloop lets the child inherit what is none of its business."""
    ours, theirs = socket.socketpair()
    # What an operator has set is no business of it either.
    env = {name: value for name, value in os.environ.items() if not name.startswith("HUBBUB_")}
    with theirs:
        try:
            fd = theirs.fileno()
            process = subprocess.Popen(command, stdin=fd, stdout=fd, stderr=subprocess.DEVNULL, env=env)
        except BaseException:
            ours.close()
            raise
    return process, ours


@dataclass(eq=False, slots=True)
class _Job:
    """One picture, for all who ask for it."""

    source: Path
    target: Path
    done: "asyncio.Future[str]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    askers: int = 0


class PictureProcess:
    """Asks one process for one picture after the other; it ends by itself when this one does."""

    JOB = ""
    """As the process knows it."""

    def __init__(self, command: tuple[str, ...] = ()) -> None:
        self._command = command or (sys.executable, "-m", "hubbub.web.picture_worker", self.JOB)
        self._process: _Process | None = None
        self._line = FairLine[_Job](WAITING_AN_ASKER_MAX, WAITING_MAX)
        self._jobs: dict[Path, _Job] = {}
        """The awaited jobs by their target."""
        self._working: asyncio.Task[None] | None = None
        self._running: tuple[_Job, asyncio.Task[str]] | None = None

    async def ask(self, source: Path, target: Path, asker: str) -> str:
        """MADE if there is something at `target` now, BUSY if it could not be tried, and otherwise FAILED.

        Askers take turns, and whoever asks for the same waits for the same job. Where the last of those is cancelled,
        the job has ended as well: nothing comes to `target` any more.
        """
        job = self._jobs.get(target) or _Job(source, target)
        if not self._line.enter(asker, job):
            return BUSY
        self._jobs[target] = job
        job.askers += 1
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        try:
            return await asyncio.shield(job.done)
        finally:
            job.askers -= 1
            self._line.leave(asker, job)
            if not job.askers:
                await self._give_up(job)

    async def _give_up(self, job: _Job) -> None:
        """Cancel a job that no asker awaits, and wait for its end, whatever else is cancelled."""
        self._forget(job)
        if self._running is None or self._running[0] is not job:
            return
        self._running[1].cancel()
        while not job.done.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([job.done])

    async def _work(self) -> None:
        """As long as anybody waits."""
        while job := self._line.take():
            if job.done.done():
                continue
            task = asyncio.create_task(self._do(job.source, job.target))
            self._running = job, task
            await asyncio.wait([task])
            self._running = None
            self._forget(job)
            job.done.set_result(_result(task))
        self._working = None

    def _forget(self, job: _Job) -> None:
        # After one that was given up, the same may have been asked for anew.
        if self._jobs.get(job.target) is job:
            del self._jobs[job.target]

    async def _do(self, source: Path, target: Path) -> str:
        """One job: when it is over, its process waits for the next one, or has ended."""
        # Written beside, so that nothing is at the target that is not whole.
        part, answer = target.with_name(f"{target.name}.part"), ""
        if _is_made_already(part, target):
            return MADE
        try:
            async with asyncio.timeout(SECONDS_MAX):
                answer = await self._answer(source, part)
        except TimeoutError:
            log.warning("Reading a picture took more than %d s; the server ended the process", SECONDS_MAX)
        except OSError as error:
            log.error("The process that reads pictures failed to start: %s", error.strerror)
            return BUSY
        finally:
            if not answer:
                await self._end()
            is_whole = answer == "made"
            is_made = _put_in_place(part, target, is_whole, source)
        return MADE if is_made else BUSY if is_whole else FAILED

    async def _answer(self, source: Path, target: Path) -> str:
        if self._process is None or not self._process.is_alive():
            await self._end()
            self._process = await _Process.start(self._command)
        answer = await self._process.ask(source, target)
        if not answer:
            log.warning("A picture crashed the process that reads pictures")
        return answer

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            await process.end()

    async def stop(self) -> None:
        """Stop; waiting jobs are dropped."""
        if self._running:
            self._running[1].cancel()
        for job in self._jobs.values():
            if not (self._running and self._running[0] is job) and not job.done.done():
                job.done.set_result(BUSY)
        if self._working:
            await asyncio.wait([self._working])
        await self._end()


def _is_made_already(part: Path, target: Path) -> bool:
    """Whether an earlier job made the target; a half-made file of an earlier server is deleted."""
    part.unlink(missing_ok=True)
    return target.exists()


def _put_in_place(part: Path, target: Path, is_whole: bool, source: Path) -> bool:
    """Whether there is something at the target now. A picture that was deleted meanwhile has no small form."""
    is_made = is_whole and source.exists()
    if is_made:
        part.replace(target)
    part.unlink(missing_ok=True)
    return is_made


def _result(job: "asyncio.Task[str]") -> str:
    if job.cancelled():
        return BUSY
    if error := job.exception():
        log.error("A bug in reading a picture", exc_info=error)
        return FAILED
    return job.result()


class Thumbnails(PictureProcess):
    """Makes small forms; a picture of which none can be made is shown as it is, and not tried again."""

    JOB = "shrink"

    def __init__(self, command: tuple[str, ...] = ()) -> None:
        super().__init__(command)
        self._failed: Bounded[Path, None] = Bounded(FAILED_MAX)
        """The targets, which are named by the digests of the pictures; the oldest first."""

    async def make(self, source: Path, target: Path, asker: str) -> bool:
        """Whether there is a small form at `target` now."""
        if target in self._failed:
            return False
        answer = await self.ask(source, target, asker)
        if answer == FAILED:
            self._failed[target] = None
        return answer == MADE


class Cleaner(PictureProcess):
    """Takes the metadata out."""

    JOB = "clean"


class Drawer(PictureProcess):
    """Draws the pictures of custom emoji."""

    JOB = "emoji"
