"""Pictures are read in processes of their own: one that breaks its reader breaks nothing else."""

import asyncio
import contextlib
import json
import logging
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final

log = logging.getLogger("hubbub")

SECONDS_MAX: Final = 20
WAITING_MAX: Final = 50
"""How many may wait for one process."""

MADE, BUSY, FAILED = "made", "busy", "failed"


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
        """What it answers; empty where it has ended, or answers something else."""
        self._asked += 1
        try:
            self._writer.write(json.dumps([self._asked, str(source), str(target)]).encode() + b"\n")
            line = await self._reader.readline()
        except (OSError, ValueError):
            return ""
        number, _, answer = line.decode("ascii", "replace").strip().partition(" ")
        return answer if number == str(self._asked) else ""

    async def end(self) -> None:
        """It does nothing more from here on."""
        self._process.kill()
        with contextlib.suppress(OSError):
            while await self._reader.read(4096):
                pass
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


class PictureProcess:
    """Asks one process for one picture after the other; it ends by itself when this one does."""

    JOB = ""
    """As the process knows it."""

    def __init__(self, command: tuple[str, ...] = ()) -> None:
        self._command = command or (sys.executable, "-m", "hubbub.web.picture_process", self.JOB)
        self._process: _Process | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._running: asyncio.Task[str] | None = None

    async def ask(self, source: Path, target: Path) -> str:
        """MADE if there is something at `target` now, BUSY if too many wait, and otherwise FAILED.

        Where this is cancelled, the job has ended as well: nothing comes to `target` any more.
        """
        if self._waiting >= WAITING_MAX:
            return BUSY
        self._waiting += 1
        try:
            async with self._turn:
                self._running = asyncio.create_task(self._do(source, target))
                try:
                    return await asyncio.shield(self._running)
                finally:
                    await _ended(self._running)
        finally:
            self._waiting -= 1

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
            log.warning("A picture took its reader more than %d s, which was ended", SECONDS_MAX)
        finally:
            if not answer:
                await self.stop()
            is_made = _put_in_place(part, target, answer == "made", source)
        return MADE if is_made else FAILED

    async def _answer(self, source: Path, target: Path) -> str:
        if self._process is None or not self._process.is_alive():
            await self.stop()
            try:
                self._process = await _Process.start(self._command)
            except OSError as error:
                log.error("The process that reads pictures can't be started: %s", error.strerror)
                return ""
        answer = await self._process.ask(source, target)
        if not answer:
            log.warning("A picture has ended the process that reads pictures")
        return answer

    async def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            await process.end()


def _is_made_already(part: Path, target: Path) -> bool:
    """Whoever waited before has asked for the same; what an earlier server left half done is thrown away."""
    part.unlink(missing_ok=True)
    return target.exists()


def _put_in_place(part: Path, target: Path, is_whole: bool, source: Path) -> bool:
    """Whether there is something at the target now. A picture that was deleted meanwhile has no small form."""
    is_made = is_whole and source.exists()
    if is_made:
        part.replace(target)
    part.unlink(missing_ok=True)
    return is_made


async def _ended(job: "asyncio.Task[str]") -> None:
    """A job that nobody waits for any more is cancelled, and waited for whatever else is cancelled."""
    job.cancel()
    while not job.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([job])


class Thumbnails(PictureProcess):
    """Makes small forms; a picture of which none can be made is shown as it is."""

    JOB = "shrink"

    async def make(self, source: Path, target: Path) -> bool:
        """Whether there is a small form at `target` now."""
        return await self.ask(source, target) == MADE


class Cleaner(PictureProcess):
    """Takes the metadata out."""

    JOB = "clean"
