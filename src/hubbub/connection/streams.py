"""A wire: bytes of lines, both ways, on whatever carries them."""

import asyncio
from typing import Final, Protocol

READ_BYTES: Final = 65_536


class Wire(Protocol):
    """Bytes of lines, both ways."""

    async def read(self) -> bytes:
        """The next bytes of lines; none at the end. OSError when it breaks."""
        ...

    def write(self, lines: list[bytes]) -> None:
        """Send whole lines, each with CRLF."""
        ...

    async def close(self) -> None: ...


class PlainWire:
    """Lines on a stream."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self) -> bytes:
        return await self._reader.read(READ_BYTES)

    def write(self, lines: list[bytes]) -> None:
        self._writer.write(b"".join(lines))

    async def close(self) -> None:
        await hang_up(self._writer)


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close, without waiting for a peer that is not there any more."""
    try:
        writer.close()
        async with asyncio.timeout(2):
            await writer.wait_closed()
    except (OSError, TimeoutError):
        writer.transport.abort()
