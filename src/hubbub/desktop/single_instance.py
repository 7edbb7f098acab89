"""One desktop process per user: starting it again brings its windows to the front."""

import asyncio
import contextlib
import fcntl
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

from hubbub.sockets import short

WAIT_SECONDS: Final = 2.0
"""The time that a process just started may take to listen."""
WORDS_BYTES_MAX: Final = 4_096
SERVER: Final = "--server"
"""The request for the window that runs a server, before its folder; any other request is a link, or empty."""


class SingleInstance:
    """The one program for a folder of what is remembered: a lock says that it runs, a socket takes what is wanted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = folder / "desktop.sock"
        self._lock: IO[str] | None = None
        self._server: asyncio.Server | None = None

    def take(self) -> bool:
        """Be the one; whether no other is. The lock goes with the process, however that ends."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (self._folder / "desktop.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return False
        self._lock = lock
        return True

    def tell(self, words: str) -> bool:
        """Tell the one that runs; whether it was heard."""
        ends = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < ends:
            with (
                socket.socket(socket.AF_UNIX) as one,
                contextlib.suppress(OSError),
                short(self._socket) as path,
            ):
                one.settimeout(WAIT_SECONDS)
                one.connect(path)
                one.sendall(words.encode()[: WORDS_BYTES_MAX - 1] + b"\n")
                return True
            time.sleep(0.05)
        return False

    async def listen(self, wanted: Callable[[str], None]) -> None:
        """Take what later starts want; only its owner can say it."""

        async def heard(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError, ValueError):
                async with asyncio.timeout(WAIT_SECONDS):
                    line = await reader.readline()
                wanted(line.decode(errors="replace").strip())
            writer.close()

        self._socket.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            with short(self._socket) as path:
                self._server = await asyncio.start_unix_server(heard, path, limit=WORDS_BYTES_MAX)
        finally:
            os.umask(before)

    def end(self) -> None:
        if self._server is not None:
            self._server.close()
        self._socket.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()
