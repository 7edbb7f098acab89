"""A real server in a process of its own, on a free port of the loopback."""

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from tests.patience import PATIENCE_SECONDS

USUAL = {"HUBBUB_LOG_CONSOLE": "no", "HUBBUB_ACCOUNTS_SCRAM_ITERATIONS": "4096"}
"""So that a test does not spend its time on hashing."""


class ServerProcess:
    """`hubbub serve` on a data folder; `port` is known once it is up."""

    def __init__(
        self,
        data: Path,
        *options: str,
        settings: Mapping[str, str] | None = None,
        stdin: int = asyncio.subprocess.DEVNULL,
    ) -> None:
        self.data = data
        self.stdin = stdin
        self.options = options
        self.environment = {**os.environ, **USUAL, **(settings or {})}
        self.port = 0
        self.greeting = ""
        self._process: asyncio.subprocess.Process | None = None
        self._lines: list[Line] = []

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._process and self._process.returncode is None:
            self.kill()
            await self.ended()
        for line in self._lines:
            await line.close()

    async def connect(self) -> "Line":
        """Somebody comes; they are gone when the test is over."""
        line = Line(*await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20))
        self._lines.append(line)
        return line

    @property
    def process(self) -> asyncio.subprocess.Process:
        assert self._process is not None, "the server has not been started"
        return self._process

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "hubbub", "serve", "--data", str(self.data), "-p", "0", *self.options),
            stdin=self.stdin,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=self.environment,
        )
        assert self._process.stdout is not None
        lines = []
        async with asyncio.timeout(PATIENCE_SECONDS):
            while line := (await self._process.stdout.readline()).decode():
                lines.append(line)
                if "Stop it with" in line:
                    break
        self.greeting = "".join(lines)
        found = re.search(r"port (\d+)", self.greeting)
        assert found, f"The server did not come up:\n{self.greeting}"
        self.port = int(found[1])

    def kill(self) -> None:
        """As a power cut does it."""
        self.process.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    async def ended(self) -> int:
        """Wait for its end; the status it ended with."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.process.wait()


class Line:
    """Somebody at the other end of a socket, line by line."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def type(self, *lines: str) -> None:
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode())

    async def read(self) -> str | None:
        """The next whole line; None at the end, also when the connection was reset."""
        try:
            line = await self.reader.readline()
        except ConnectionError:
            return None
        return line.decode().rstrip("\r\n") if line.endswith(b"\n") else None

    async def until(self, part: str) -> list[str]:
        """Read up to the line that has this in it; the lines read."""
        lines = []
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (line := await self.read()) is not None:
                lines.append(line)
                if part in line:
                    return lines
        raise AssertionError(f"{part!r} never came; what came was {lines[-20:]}")

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()
