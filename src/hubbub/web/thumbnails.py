"""Pictures are read in processes of their own: one that breaks its reader breaks nothing else."""

import asyncio
import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Final

log = logging.getLogger("hubbub")

SECONDS_MAX: Final = 20
WAITING_MAX: Final = 50
"""How many may wait for one process."""

MADE, BUSY, FAILED = "made", "busy", "failed"


class PictureProcess:
    """Asks one process for one picture after the other; it ends by itself when this one does."""

    MODULE = ""

    def __init__(self, command: tuple[str, ...] = ()) -> None:
        self._command = command or (sys.executable, "-m", self.MODULE)
        self._process: subprocess.Popen[str] | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def ask(self, source: Path, target: Path) -> str:
        """MADE if there is something at `target` now, BUSY if too many wait, and otherwise FAILED."""
        if self._waiting >= WAITING_MAX:
            return BUSY
        self._waiting += 1
        try:
            async with self._turn:
                return await asyncio.wait_for(asyncio.to_thread(self._ask, source, target), SECONDS_MAX)
        except TimeoutError:
            log.warning("A picture took its reader more than %d s, which was ended", SECONDS_MAX)
            self.stop()
            return FAILED
        finally:
            self._waiting -= 1

    def _ask(self, source: Path, target: Path) -> str:
        if target.exists():  # whoever waited before has asked for the same
            return MADE
        process = self._process
        if process is None:
            process = self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        assert process.stdin and process.stdout
        try:
            process.stdin.write(f"{json.dumps([str(source), str(target)])}\n")
            process.stdin.flush()
        except (OSError, ValueError):
            self.stop()
            return FAILED
        answer = process.stdout.readline()
        if not answer:
            self.stop()
            log.warning("A picture has ended the process that reads pictures")
        return MADE if answer == "made\n" else FAILED

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


class Thumbnails(PictureProcess):
    """Makes small forms; a picture of which none can be made is shown as it is."""

    MODULE = "hubbub.web.shrink"

    async def make(self, source: Path, target: Path) -> bool:
        """Whether there is a small form at `target` now."""
        return await self.ask(source, target) == MADE


class Cleaner(PictureProcess):
    """Takes the metadata out."""

    MODULE = "hubbub.web.clean"
