"""A chat for programs: come in, hear what happens, and answer."""

import asyncio
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self

from hubbub.client.chat_model import Conversation, Kind, Message
from hubbub.client.client import Client
from hubbub.client.events import (
    CertificateChanged,
    Disconnected,
    Event,
    MessageReceived,
    NicknameRefused,
    RegistrationFailed,
    SignInFailed,
    Welcomed,
)
from hubbub.client.identity import Certificate, Identity, Password, Token
from hubbub.connection.address import Address, parse_address
from hubbub.connection.connection import Connection, entropy, trust_all
from hubbub.connection.dialling import ClientCertificate, Trust
from hubbub.connection.json_files import client_folder
from hubbub.connection.known_servers import KnownServers


class ChatError(Exception):
    """One could not come in; the text says why."""


class Chat:
    """A place on a server, to be used with `async with`: within it one is in, and comes back after any cut.

    Everything that is known stands in `client`: conversations, messages, people. Raises ChatError on entering where the
    server can't be reached or does not let one in.
    """

    def __init__(
        self,
        identity: Identity,
        address: Address,
        *,
        certificate: ClientCertificate | None = None,
        known: KnownServers | None = None,
        trust: Trust = trust_all,
    ) -> None:
        self.client = Client(identity, entropy)
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._welcome: asyncio.Future[None] | None = None
        self._running: asyncio.Task[None] | None = None
        known = known if known is not None else KnownServers(client_folder() / "servers.json")
        self._connection = Connection(
            self.client, address, self._heard, known=known, trust=trust, certificate=certificate
        )

    async def __aenter__(self) -> Self:
        self._welcome = asyncio.get_running_loop().create_future()
        self._running = asyncio.create_task(self._run())
        try:
            await self._welcome
        except BaseException:
            await self._end()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.quit()
        await self._end()

    async def _end(self) -> None:
        if self._running:
            try:
                async with asyncio.timeout(2):
                    await asyncio.shield(self._running)
            except TimeoutError:
                self._running.cancel()
                await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self) -> None:
        try:
            await self._connection.run()
        finally:
            self._events.put_nowait(None)

    def _heard(self, event: Event) -> None:
        self._events.put_nowait(event)
        if self._welcome is None or self._welcome.done():
            return
        if isinstance(event, Welcomed):
            self._welcome.set_result(None)
        elif isinstance(event, Disconnected | SignInFailed | RegistrationFailed):
            self.client.quit()
            self._welcome.set_exception(ChatError(event.reason))
        elif isinstance(event, NicknameRefused):
            self.client.quit()
            self._welcome.set_exception(ChatError(f"{event.nick}: {event.reason}"))
        elif isinstance(event, CertificateChanged):
            self._welcome.set_exception(
                ChatError(
                    "The server's certificate has changed. If that is right, take the server out of "
                    f"{client_folder() / 'servers.json'}."
                )
            )

    async def events(self) -> AsyncIterator[Event]:
        """Everything that happens, until one leaves."""
        while (event := await self._events.get()) is not None:
            yield event

    async def messages(self) -> AsyncIterator[MessageReceived]:
        """Others' messages as they arrive: neither the program's own nor the history."""
        async for event in self.events():
            if isinstance(event, MessageReceived) and event.message.is_talk and not event.message.is_own:
                yield event

    def say(self, where: str | Conversation, text: str) -> None:
        """Send a message to a room or a person: as soon as there is a connection, and exactly once."""
        self.client.say(self._place(where), text)

    def notice(self, where: str | Conversation, text: str) -> None:
        """Send a notice, which programs never answer: right for text that no user has asked for."""
        self.client.say(self._place(where), text, kind=Kind.NOTICE)

    def reply(self, event: MessageReceived, text: str) -> None:
        """Answer a message where it was said."""
        self.client.say(event.conversation, text, reply_to=event.message.id)

    def react(self, event: MessageReceived, reaction: str) -> None:
        """Give a message a reaction, such as 👍. ValueError where the server passes on none."""
        self.client.react(event.conversation, event.message, reaction)

    def join(self, room: str, key: str = "") -> None:
        """Go into a room, or ask for it."""
        self.client.join(room, key)

    def leave(self, room: str) -> None:
        if conversation := self.client.find(room):
            self.client.leave(conversation)

    async def older(self, room: str) -> list[Message]:
        """Read one page more of a room's history; everything that is known of it then, the oldest first."""
        conversation = self.client.open(room)
        done = asyncio.Event()
        if self.client.history.older(conversation, done.set):
            await done.wait()
        return list(conversation.timeline.messages)

    def _place(self, where: str | Conversation) -> Conversation:
        return where if isinstance(where, Conversation) else self.client.open(where)


def connect(
    address: str,
    nick: str,
    *,
    password: str = "",
    token: str = "",
    certificate: ClientCertificate | None = None,
    account: str = "",
    rooms: tuple[str, ...] = (),
    real_name: str = "",
    is_bot: bool = True,
) -> Chat:
    """A chat at an address such as `chat.example.org`, as a guest or signed in by what is given.

    A nickname that is taken gets an underscore. The server's certificate, where no authority has signed it, is trusted
    when it is first seen, and no other one afterwards. AddressError where the address is none.
    """
    secret = (
        Password(password) if password else Token(token) if token else Certificate() if certificate else None
    )
    identity = Identity(nick, secret, account, real_name=real_name, is_bot=is_bot, varies=True, rooms=rooms)
    return Chat(identity, parse_address(address), certificate=certificate)
