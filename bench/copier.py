"""The baseline: a bare server that copies each line to everyone, writing once a turn for each connection."""

import asyncio
import sys
from typing import ClassVar, cast

import uvloop


class Copier(asyncio.Protocol):
    """One connection; what any of them sends goes to all of them at the end of the turn."""

    everyone: ClassVar[list["Copier"]] = []
    pending: ClassVar[list[bytes]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.everyone.append(self)
        self.transport.write(b"ready\n")

    def data_received(self, data: bytes) -> None:
        if not self.pending:
            asyncio.get_running_loop().call_soon(self.flush)
        self.pending.append(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.everyone.remove(self)

    @classmethod
    def flush(cls) -> None:
        data = b"".join(cls.pending)
        cls.pending.clear()
        for one in cls.everyone:
            one.transport.write(data)


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Copier, "127.0.0.1", 0)
    print(f"port {server.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    uvloop.run(main())
