"""Somebody at a real server through our connection: what happens is waited for, never slept for."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar

from hubbub.client.chat_model import Conversation
from hubbub.client.client import Client
from hubbub.client.events import Event
from hubbub.client.identity import Identity
from hubbub.connection.address import parse_address
from hubbub.connection.connection import Connection, entropy
from hubbub.connection.known_servers import KnownServers
from tests.patience import PATIENCE_SECONDS

E = TypeVar("E", bound=Event)


class ConnectedClient:
    """A client that is kept connected while the block lasts."""

    def __init__(self, address: str, identity: Identity, folder: Path | None = None, **more: Any) -> None:
        self.client = Client(identity, entropy)
        self.events: list[Event] = []
        known = KnownServers(folder / "servers.json" if folder else None)
        self.connection = Connection(self.client, parse_address(address), self._heard, known=known, **more)
        self._changed = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self.connection.run())
        return self

    async def __aexit__(self, *error: object) -> None:
        self.client.quit()
        if self._running:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    @property
    def is_over(self) -> bool:
        """Nothing is tried again by itself."""
        return self._running is not None and self._running.done()

    def _heard(self, event: Event) -> None:
        self.events.append(event)
        self._changed.set()

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until this holds."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not holds():
                    if self._running and self._running.done() and self._running.exception():
                        await self._running
                    self._changed.clear()
                    with contextlib.suppress(TimeoutError):  # it may be about somebody else too
                        await asyncio.wait_for(self._changed.wait(), 0.1)
        except TimeoutError:
            raise AssertionError(f"it never came to that; what came was {self.events[-10:]}") from None

    async def event(self, kind: type[E], **fields: object) -> E:
        """Wait for an event of this kind, with these fields; it and what came before is forgotten."""

        def find() -> E | None:
            for event in self.events:
                if isinstance(event, kind) and all(getattr(event, k) == v for k, v in fields.items()):
                    return event
            return None

        await self.until(find)
        found = find()
        assert found
        del self.events[: self.events.index(found) + 1]
        return found

    def __getitem__(self, name: str) -> Conversation:
        found = self.client.find(name)
        assert found, f"{name} is not open"
        return found

    def texts(self, name: str) -> list[str]:
        """What is said in a conversation, as `nick: text`."""
        found = self.client.find(name)
        messages = found.timeline.messages if found else []
        return [f"{message.sender}: {message.text}" for message in messages if message.is_talk]
