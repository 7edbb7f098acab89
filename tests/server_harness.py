"""A whole server in memory and its users: tests read as conversations."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Self

import msgspec

from hubbub import config
from hubbub.node.node import Node
from hubbub.node.sealing_keys import seal_of
from hubbub.storage import open_storage
from hubbub.transports.base import Peer, Receiver, WireProtocol
from tests.memory_connection import MemoryConnection

START_MS = 1_795_000_000_000
FAST = {
    "accounts.hash_memory_kib": 8192,
    "accounts.hash_passes": 1,
    "accounts.scram_iterations": 4096,
}
"""So that a test does not spend its time on hashing."""
NAMES = {"tls.extra_names": ("chat.test", "x")}
"""By which tests ask its website."""


class Person:
    """Somebody at the other end of one connection."""

    def __init__(self, harness: "ServerHarness", name: str, connection: MemoryConnection) -> None:
        self.harness = harness
        self.name = name
        self.connection = connection
        self.receiver: Receiver | None = None

    def type(self, text: str) -> None:
        """Send lines, without waiting for what comes of them."""
        assert self.receiver is not None
        self.receiver.received(text.replace("\n", "\r\n").encode() + b"\r\n")

    def seen(self) -> list[str]:
        """The lines that have come since the last look."""
        return self.connection.take().decode().splitlines()

    def hang_up(self, error: str | None = None) -> None:
        assert self.receiver is not None
        self.receiver.lost(error)


def told(lines: list[str], name: str) -> list[str]:
    """What one of them was shown, of what `ServerHarness.look` gave."""
    return [line.removeprefix(f"{name} < ") for line in lines if line.startswith(f"{name} < ")]


class ServerHarness:
    """A server with its data in a folder, a clock that stands still until it is moved, and the people in it."""

    def __init__(self, data: Path, settings: Mapping[str, object] | None = None) -> None:
        self.data = data
        self.loaded = config.load(data, {}, {"server.name": "hubbub", **NAMES, **FAST, **(settings or {})})
        self.now_ms = START_MS
        self.people: dict[str, Person] = {}
        self.stopped_for: list[str] = []
        self._open()

    def _open(self) -> None:
        self.storage = open_storage(self.data / "hubbub.db", seal_of(self.loaded)[0])
        self.node = Node(
            self.loaded,
            self.storage,
            lambda: self.now_ms,
            lambda: self.now_ms / 1000,
            self.stopped_for.append,
        )
        self.node.disk.free_bytes = lambda: 10**12

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def close(self) -> None:
        try:
            await self.node.stop("")
        finally:
            self.storage.close()

    async def restart(self) -> None:
        """Stop, and start again on the same data; everybody is gone."""
        await self.close()
        self.people.clear()
        self._open()

    def change(self, section: str, **values: object) -> None:
        """Let settings be others from now on, as when they are read again."""
        settings = self.loaded.settings
        changed = msgspec.structs.replace(getattr(settings, section), **values)
        self.loaded = replace(self.loaded, settings=msgspec.structs.replace(settings, **{section: changed}))
        self.node.follow(self.loaded)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now_ms += int(seconds * 1000)
        self.node.sweep()

    async def settle(self) -> None:
        """Until everything that was asked is done, on disk and shown."""
        while True:
            await asyncio.sleep(0)
            await self.node.gate.settled()
            tasks = list(self.node.tasks)
            if not tasks:
                return
            await asyncio.wait(tasks)

    def connect(
        self,
        name: str,
        kind: WireProtocol = WireProtocol.IRC,
        address: str = "127.0.0.1",
        secure: bool = False,
        fingerprint: str | None = None,
        server_name: str | None = None,
    ) -> Person:
        peer = Peer(address, 40000, secure, kind, "main", fingerprint, server_name)
        person = Person(self, name, MemoryConnection(peer))
        person.receiver = self.node.entrance.accept(person.connection)
        self.people[name] = person
        return person

    async def irc(self, name: str, caps: str = "", address: str = "127.0.0.1", nick: str = "") -> Person:
        """Somebody comes in with an IRC client; the greeting is not looked at."""
        person = self.connect(name, address=address)
        if caps:
            person.type(f"CAP REQ :{caps}")
        person.type(f"NICK {nick or name}\nUSER {name} 0 * :{name.title()}")
        if caps:
            person.type("CAP END")
        await self.look()
        return person

    async def netcat(self, name: str, first: str = "", address: str = "127.0.0.1") -> Person:
        """Somebody comes in with netcat, by a nickname or by what else they type first; greetings are not looked at."""
        person = self.connect(name, WireProtocol.NETCAT, address)
        person.type(first or name)
        await self.look()
        return person

    async def account(self, name: str, password: str = "correct horse", role: str = "") -> None:
        """An account is there, as an administrator would make it."""
        from hubbub.engine.accounts import RegisterAccount
        from hubbub.engine.refusals import Refusal
        from hubbub.engine.state import Role

        credential = self.node.proofs.passwords.make(password)
        answer = self.node.ask(RegisterAccount(name, credential, Role[(role or "member").upper()]))
        assert not isinstance(answer, Refusal), answer
        await self.settle()

    async def look(self) -> list[str]:
        """Who sees which line, since the last look: `ann < :bob PRIVMSG …`."""
        await self.settle()
        return [f"{person.name} < {line}" for person in self.people.values() for line in person.seen()]

    async def ask(self, name: str, text: str) -> list[str]:
        """Somebody types; who sees which line of it."""
        await self.look()
        self.people[name].type(text)
        return await self.look()
