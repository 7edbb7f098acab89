"""A wire: bytes of lines, both ways, on whatever carries them."""

import asyncio
from typing import Final, Protocol

READ_BYTES: Final = 65_536
HANG_UP_SECONDS: Final = 2.0
"""The time that a peer may take to close its side."""


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
    """Close, and wait for the peer no longer than HANG_UP_SECONDS; may be called again, also meanwhile.

    The stream's own future of its end is waited for beside this, never within a time limit: the limit would cancel it,
    and whoever waits for it next. A transport of TLS is closed once: closed again, it forgets what to abort.
    """
    if not writer.is_closing():
        writer.close()
    ending = asyncio.ensure_future(writer.wait_closed())
    ending.add_done_callback(_take_failure)
    if not (await asyncio.wait([ending], timeout=HANG_UP_SECONDS))[0]:
        writer.transport.abort()


def _take_failure(ended: asyncio.Future[None]) -> None:
    """However it ended, it has ended."""
    if not ended.cancelled():
        ended.exception()
