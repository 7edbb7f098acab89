"""A client in memory at a server in memory, over a wire that may be slow, cut or dead."""

import itertools
import random
from collections.abc import Callable

from hubbub.client import events
from hubbub.client.chat_model import Conversation, Kind
from hubbub.client.client import Client
from hubbub.client.identity import Identity, Password
from tests.server_harness import Person, ServerHarness

_numbers = itertools.count()


class ClientHarness:
    """A user's client: the harness carries its output to the server, and the server's output to it."""

    def __init__(self, harness: ServerHarness, identity: Identity, seed: int = 0) -> None:
        self.harness = harness
        self.name = identity.nick
        self.chance = random.Random(f"{identity.nick} {seed}")
        self.client = Client(identity, self._entropy)
        self.events: list[events.Event] = []
        self.person: Person | None = None
        self.to_server = bytearray()
        self.to_client = bytearray()

    def _entropy(self) -> str:
        return f"{self.harness.now_ms:012x}-{self.chance.getrandbits(64):016x}"

    def connect(self, is_secure: bool = True) -> None:
        self.person = self.harness.connect(f"{self.name}-{next(_numbers)}", secure=is_secure)
        self.client.opened(self.harness.now_ms, is_secure=is_secure, is_private=True)
        self.collect()

    def collect(self) -> None:
        self.to_server += b"".join(self.client.take_output())
        self.events += self.client.take_events()

    def deliver_up(self, size: int | None = None) -> None:
        """Bring bytes to the server, all or so many."""
        data, self.to_server = bytes(self.to_server[:size]), self.to_server[len(self.to_server[:size]) :]
        if data and self.person and self.person.receiver:
            self.person.receiver.received(data)

    def deliver_down(self, size: int | None = None) -> None:
        """Bring bytes to the client, all or so many."""
        data, self.to_client = bytes(self.to_client[:size]), self.to_client[len(self.to_client[:size]) :]
        if data:
            self.client.received(data, self.harness.now_ms)
        self.collect()

    def fetch(self) -> None:
        """Take what the server has said."""
        if self.person:
            self.to_client += self.person.connection.take()

    def cut(self, reaches_server: bool = True) -> None:
        """The connection is gone for the client; the server may or may not notice."""
        person, self.person = self.person, None
        self.to_server.clear()
        self.to_client.clear()
        if reaches_server and person:
            person.hang_up()
        self.client.closed(self.harness.now_ms)
        self.collect()

    async def settle(self) -> None:
        """Until nothing is under way on the wire any more."""
        while True:
            self.collect()
            self.deliver_up()
            await self.harness.settle()
            self.fetch()
            if not self.to_client:
                return
            self.deliver_down()

    def seen(self, *kinds: type[events.Event]) -> list[events.Event]:
        """What has happened since the last look, of these kinds or all."""
        found, self.events = self.events, []
        return [event for event in found if not kinds or isinstance(event, kinds)]

    def __getitem__(self, name: str) -> Conversation:
        conversation = self.client.find(name)
        assert conversation, f"{name} is not open"
        return conversation

    def texts(self, name: str) -> list[str]:
        """What is said in a conversation, as `nick: text`."""
        messages = self[name].timeline.messages
        return [f"{message.sender}: {message.text}" for message in messages if message.is_talk]


async def settle(*users: ClientHarness) -> None:
    """Until nothing is under way at any of them."""
    busy = True
    while busy:
        busy = False
        for user in users:
            user.collect()
            user.fetch()
            busy = busy or bool(user.to_server or user.to_client)
            await user.settle()


async def come(
    harness: ServerHarness, nick: str, password: str = "", seed: int = 0, **more: object
) -> ClientHarness:
    """Somebody comes in with a client of ours."""
    identity = Identity(nick, Password(password) if password else None, **more)  # type: ignore[arg-type]
    user = ClientHarness(harness, identity, seed)
    user.connect()
    await user.settle()
    return user


Wait = Callable[[], bool]
__all__ = ["ClientHarness", "Kind", "come", "settle"]
