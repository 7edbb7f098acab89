"""The server of this computer as a process of its own: started so that it outlives its window."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

TOLD_BYTES_MAX: Final = 8_192


class ServerProcess:
    """A server on one data folder, as far as this program has started it."""

    def __init__(self, data: Path, told: Path) -> None:
        """`told` is the file into which the server says why it can't start."""
        self._data = data
        self._told = told
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, for_others: bool, port: int | None = None) -> None:
        """Begin; raises OSError where that can't be."""
        words = [sys.executable, "-m", "hubbub", "serve", "--data", str(self._data)]
        words += ["--lan"] if for_others else []
        words += ["--port", str(port)] if port is not None else []
        self._told.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # For nobody else's eyes: what it says may hold the link that makes its first administrator.
        self.forget()
        self._told.touch(0o600)
        with self._told.open("wb") as told:
            self._process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=subprocess.STDOUT,
                env={**os.environ, "HUBBUB_LOG_CONSOLE": "no"},
                # Away from this program's terminal, so that neither its end nor Ctrl-C there ends the server.
                start_new_session=True,
            )

    @property
    def has_ended(self) -> bool:
        """Whether it was started here and is over."""
        return self._process is not None and self._process.poll() is not None

    def let_go(self) -> None:
        """Detach the process: it goes on when the window closes."""
        if self._process is not None and self._process.poll() is None:
            self._process.returncode = 0

    def forget(self) -> None:
        """Take away what it has said: it is up."""
        self._told.unlink(missing_ok=True)

    def reason(self) -> str:
        """The last output before it ended."""
        try:
            with self._told.open("rb") as told:
                return told.read(TOLD_BYTES_MAX).decode("utf-8", "replace").strip()
        except OSError:
            return ""
