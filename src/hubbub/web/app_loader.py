"""The website as the node sees it: it takes connections at once, and what answers them is loaded beside the chat."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from hubbub.transports.asyncio_bridge import Bridge
from hubbub.transports.base import Connection
from hubbub.web.chat import Chat

if TYPE_CHECKING:
    from aiohttp import web

log = logging.getLogger("hubbub")


class LazyWebsite:
    """Serves HTTP on connections that the node hands on. aiohttp takes longer to load than all the rest to start."""

    def __init__(self, node: Chat) -> None:
        self._node = node
        self._waiting: list[Bridge] = []
        self._protocol: Callable[[], asyncio.Protocol] | None = None
        self._has_failed = False
        self._runner: web.AppRunner | None = None
        self._starting: asyncio.Task[None] | None = None

    def serve(self, connection: Connection) -> Bridge:
        bridge = Bridge(connection)
        if self._protocol:
            bridge.carry(self._protocol())
        elif self._has_failed:
            bridge.close()
        else:
            self._waiting.append(bridge)
        return bridge

    def start(self) -> None:
        """Load beside whatever else happens; who comes meanwhile waits."""
        self._starting = asyncio.get_running_loop().create_task(self._start())

    async def ready(self) -> None:
        """Wait until requests are answered."""
        if self._starting:
            await self._starting

    async def _start(self) -> None:
        try:
            site = await asyncio.to_thread(_load)
            self._runner, make = await site(self._node)
        except Exception:
            log.exception("The website failed to start; the chat continues without it")
            self._has_failed = True
            for bridge in self._take_waiting():
                bridge.close()
            return
        self._protocol = make
        for bridge in self._take_waiting():
            bridge.carry(make())

    def _take_waiting(self) -> list[Bridge]:
        waiting, self._waiting = self._waiting, []
        return waiting

    async def stop(self) -> None:
        if self._starting:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        self._protocol = None
        if self._runner:
            await self._runner.cleanup()


def _load() -> "Callable[[Chat], Awaitable[tuple[web.AppRunner, Callable[[], asyncio.Protocol]]]]":
    from hubbub.web import app, safe_http_client

    safe_http_client.trusting()
    return app.run
