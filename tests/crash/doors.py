"""Doors of a server that is killed: lines over TCP, TLS and WebSocket alike; what is read of them is noted at once."""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable
from typing import Protocol

from hubbub.connection.websocket import WebSocketWire
from tests.crash.ledger import Ledger
from tests.patience import PATIENCE_SECONDS
from tests.server_process import Line, ServerProcess

PLACE = "#Général"
CAPS = (
    "message-tags server-time batch echo-message draft/chathistory draft/event-playback draft/message-redaction "
    "hubbub/edit draft/read-marker hubbub/ticket draft/account-registration"
)
PASSWORD = "correct horse"
PRIVATE = "psst"
"""What is said privately, and nothing else."""


class Gone(Exception):
    """The server was killed."""


class Lines(Protocol):
    def type(self, *lines: str) -> None: ...

    async def read(self) -> str | None: ...

    async def close(self) -> None: ...


class WebSocketLines:
    """Lines of IRC in the messages of a WebSocket."""

    def __init__(self, wire: WebSocketWire, writer: asyncio.StreamWriter) -> None:
        self._wire = wire
        self._writer = writer
        self._waiting: list[bytes] = []

    def type(self, *lines: str) -> None:
        self._wire.write([line.encode() for line in lines])

    async def read(self) -> str | None:
        try:
            while not self._waiting:
                data = await self._wire.read()
                if not data:
                    return None
                self._waiting = data.split(b"\r\n")[:-1]
        except ConnectionError:
            return None
        return self._waiting.pop(0).decode()

    async def close(self) -> None:
        self._writer.transport.abort()


async def by_tcp(server: ServerProcess) -> Lines:
    return await server.connect()


async def by_tls(server: ServerProcess) -> Lines:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return Line(*await asyncio.open_connection("127.0.0.1", server.port, ssl=context, limit=1 << 20))


async def by_websocket(server: ServerProcess) -> Lines:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    wire = await WebSocketWire.open(reader, writer, f"127.0.0.1:{server.port}", "/irc")
    return WebSocketLines(wire, writer)


IRC_DOORS: dict[str, Callable[[ServerProcess], Awaitable[Lines]]] = {
    "tcp": by_tcp,
    "tls": by_tls,
    "web": by_websocket,
}
"""By the name of the account that uses the door."""

_IRC = re.compile(r"(?:@(?P<tags>\S+) )?:(?P<who>[^ !]+)\S* (?P<verb>[A-Z]+) (?P<rest>.*)")
_SENTENCES = (
    (re.compile(r"\w+ set the topic of (?P<what>\S+): (?P<value>.+)"), "topic"),
    (re.compile(r"You are in the room (?P<what>\S+)\."), "room"),
    (re.compile(r"(?:\w+: )?(?P<what>[a-z]+-\d+) (?P<value>.+)"), "message"),
)


class Chat:
    """Somebody's lines; every line that is read is a confirmation of what it tells."""

    def __init__(self, lines: Lines, ledger: Ledger) -> None:
        self.lines = lines
        self.ledger = ledger
        self.ids: dict[str, str] = {}
        """The messages' ids by the names with which their texts begin."""

    def type(self, *lines: str) -> None:
        self.lines.type(*lines)

    async def hear(self) -> str:
        """The next line. Raises Gone."""
        line = await self.lines.read()
        if line is None:
            raise Gone
        self._note(line)
        return line

    async def until(self, *parts: str) -> list[str]:
        """The lines up to the one that has all of these in it. Raises Gone."""
        return await self.until_any(parts)

    async def until_any(self, *choices: tuple[str, ...]) -> list[str]:
        """The lines up to the one that has all parts of one of the choices in it. Raises Gone."""
        heard: list[str] = []
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not heard or not any(all(part in heard[-1] for part in parts) for parts in choices):
                    heard.append(await self.hear())
        except TimeoutError:
            raise AssertionError(f"{choices} never came; what came was {heard[-20:]}") from None
        return heard

    def _note(self, line: str) -> None:
        if found := _IRC.fullmatch(line):
            tags = dict(tag.partition("=")[::2] for tag in (found["tags"] or "").split(";"))
            target, _, text = found["rest"].partition(" ")
            if note := _NOTES.get(found["verb"]):
                note(self, tags, found["who"], target, text.removeprefix(":"))
            return
        for pattern, kind in _SENTENCES:
            if found := pattern.fullmatch(line):
                parts = found.groupdict()
                self.ledger.confirmed((kind, parts["what"]), parts.get("value", "made"))

    def said(self, tags: dict[str, str], who: str, target: str, text: str) -> None:
        name, _, value = text.partition(" ")
        msgid = tags.get("msgid", "")
        if msgid:
            self.ids[name], self.ledger.names[msgid] = msgid, name
        self.ledger.confirmed(("private" if value == PRIVATE else "message", name), value)

    def edited(self, tags: dict[str, str], who: str, target: str, text: str) -> None:
        name, _, value = text.partition(" :")[2].partition(" ")
        self.ledger.confirmed(("message", name), value)

    def deleted(self, tags: dict[str, str], who: str, target: str, text: str) -> None:
        self.ledger.confirmed(("message", self.ledger.names.get(text.split(" ")[0], "")), "(deleted)")

    def reacted(self, tags: dict[str, str], who: str, target: str, text: str) -> None:
        name = self.ledger.names.get(tags.get("+draft/reply", ""), "")
        if reaction := tags.get("+draft/react"):
            self.ledger.confirmed(("reaction", name), reaction)

    def topic(self, tags: dict[str, str], who: str, target: str, text: str) -> None:
        self.ledger.confirmed(("topic", target.removeprefix("#")), text)

    def mode(self, tags: dict[str, str], who: str, target: str, text: str) -> None:
        if text.startswith("+l "):
            self.ledger.confirmed(("limit", target.removeprefix("#")), text.removeprefix("+l "))

    def marked(self, tags: dict[str, str], who: str, target: str, text: str) -> None:
        key, value = ("marker", target.removeprefix("#")), text.removeprefix("timestamp=")
        if value in self.ledger.possible(
            key
        ):  # Else it is the one of the room's making, which nobody has asked for.
            self.ledger.confirmed(key, value)

    def joined(self, tags: dict[str, str], who: str, target: str, text: str) -> None:
        self.ledger.confirmed(("room", target.removeprefix("#")), "made")

    def registered(self, tags: dict[str, str], who: str, target: str, text: str) -> None:
        self.ledger.confirmed(("account", text.split(" ")[0]), "made")


_NOTES = {
    "PRIVMSG": Chat.said,
    "EDIT": Chat.edited,
    "REDACT": Chat.deleted,
    "TAGMSG": Chat.reacted,
    "TOPIC": Chat.topic,
    "MODE": Chat.mode,
    "MARKREAD": Chat.marked,
    "JOIN": Chat.joined,
    "REGISTER": Chat.registered,
}


async def come_in(lines: Lines, ledger: Ledger, name: str, *after: str) -> Chat:
    """Sign in to an account by IRC."""
    chat = Chat(lines, ledger)
    chat.type(
        f"CAP REQ :{CAPS}", f"PASS :{name}:{PASSWORD}", f"NICK {name}", f"USER {name} 0 * :{name}", "CAP END"
    )
    chat.type(*after, "PING in")
    heard = await chat.until(" PONG ")
    assert any(f" JOIN {PLACE}" in line for line in heard), heard
    return chat
