"""An IRC client for benchmarks that measure the server's answers."""

import asyncio
import base64
from typing import Self

SECONDS_MAX = 60


class IrcClient:
    """One IRC session, line by line."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def come(cls, port: int, nick: str, *caps: str, token: str = "") -> Self:
        """In and greeted; with a token as whom it belongs to, and then in all their rooms."""
        client = cls(*await asyncio.open_connection("127.0.0.1", port, limit=1 << 20))
        client.send(*(f"CAP REQ :{cap}" for cap in caps))
        if token:
            response = base64.b64encode(f"n,,\1auth=Bearer {token}\1\1".encode()).decode()
            client.send("AUTHENTICATE OAUTHBEARER", f"AUTHENTICATE {response}")
        client.send(f"NICK {nick}", f"USER {nick} 0 * :{nick}", "CAP END")
        await client.count("PING in", " 001 ")
        return client

    def send(self, *lines: str) -> None:
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode())

    async def count(self, line: str, part: str) -> int:
        """Send a line, and count those of the answer that have `part` in them."""
        self.send(line, "PING done")
        found = 0
        async with asyncio.timeout(SECONDS_MAX):
            while not (answer := await self._reader.readline()).rstrip().endswith(b"done"):
                if not answer:
                    raise ConnectionError("The server has closed the connection.")
                found += part.encode() in answer
        return found

    async def until(self, part: str) -> None:
        """Read up to a line that has `part` in it."""
        async with asyncio.timeout(SECONDS_MAX):
            while part.encode() not in (line := await self._reader.readline()):
                if not line:
                    raise ConnectionError("The server has closed the connection.")

    async def leave(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()
