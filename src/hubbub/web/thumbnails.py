"""Small forms of pictures, made in a process of its own: a picture that breaks the reader breaks nothing else."""

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
"""How many may wait to be made; more are shown as they are."""


class Thumbnails:
    """Asks one process for one picture after the other; it ends by itself when this one does."""

    def __init__(self, command: tuple[str, ...] = (sys.executable, "-m", "hubbub.web.shrink")) -> None:
        self._command = command
        self._process: subprocess.Popen[str] | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def make(self, source: Path, target: Path) -> bool:
        """Whether there is a small form at `target` now."""
        if self._waiting >= WAITING_MAX:
            return False
        self._waiting += 1
        try:
            async with self._turn:
                return await asyncio.wait_for(asyncio.to_thread(self._ask, source, target), SECONDS_MAX)
        except TimeoutError:
            log.warning("A picture could not be made small in %d s; it is shown as it is", SECONDS_MAX)
            self.stop()
            return False
        finally:
            self._waiting -= 1

    def _ask(self, source: Path, target: Path) -> bool:
        if target.exists():  # whoever waited before has asked for the same
            return True
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
            return False
        answer = process.stdout.readline()
        if not answer:
            self.stop()
            log.warning("A picture has ended the process that makes pictures small; it is shown as it is")
        return answer == "made\n"

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()
