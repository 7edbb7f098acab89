"""The administrator's socket of a server on this computer: one question at a time, by the owner of its data."""

import asyncio
import contextlib
import getpass
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from hubbub.sockets import short

SOCKET: Final = "admin.sock"
ANSWER_BYTES_MAX: Final = 64 << 20
ANSWER_SECONDS: Final = 60


class NoServer(Exception):
    """No server answers on the data folder's socket."""


class Console:
    """Asks the server that runs on a data folder; the connection is made when it is needed."""

    def __init__(self, data: Path, answer_seconds: float = ANSWER_SECONDS) -> None:
        """After `answer_seconds` without an answer the server counts as gone."""
        self.data = data
        self._answer_seconds = answer_seconds
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._turn = asyncio.Lock()

    async def ask(self, **asked: Any) -> Mapping[str, Any]:
        """Send one command and return the server's answer. Raises NoServer, also when the server ends meanwhile."""
        question = {"operator": f"Window ({getpass.getuser()})", **asked}
        async with self._turn:
            try:
                async with asyncio.timeout(self._answer_seconds):
                    reader, writer = await self._connected()
                    writer.write(json.dumps(question).encode() + b"\n")
                    line = await reader.readline()
                found: Mapping[str, Any] = json.loads(line)
            except (OSError, ValueError, TimeoutError):
                await self._drop()
                raise NoServer(f"No server runs on {self.data}.") from None
            except asyncio.CancelledError:
                # The answer to it may still come: it is nobody's.
                await self._drop()
                raise
            return found

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            with short(self.data / SOCKET) as path:
                self._streams = await asyncio.open_unix_connection(path, limit=ANSWER_BYTES_MAX)
        return self._streams

    async def _drop(self) -> None:
        streams, self._streams = self._streams, None
        if streams is not None:
            streams[1].close()
            with contextlib.suppress(OSError):
                await streams[1].wait_closed()

    async def close(self) -> None:
        """Let go of the connection."""
        await self._drop()


def quoted(word: str) -> str:
    """A word of a command that is never taken for part of the command's name."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
