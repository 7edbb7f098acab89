"""The client's side of WebSocket (RFC 6455): a line in each message."""

import asyncio
import contextlib
from typing import Final

from wsproto import ConnectionType, WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)
from wsproto.utilities import ProtocolError

from hubbub.connection.line_stream import READ_BYTES, hang_up

_SUBPROTOCOL: Final = "text.ircv3.net"
_MESSAGE_BYTES_MAX: Final = 1 << 20


class WebSocketWire:
    """Lines in the messages of a WebSocket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._frames = WSConnection(ConnectionType.CLIENT)
        self._message = bytearray()
        self._has_ended = False

    @classmethod
    async def open(
        cls, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, path: str
    ) -> "WebSocketWire":
        """Ask for it on a connection; OSError where the server does not grant it."""
        wire = cls(reader, writer)
        wire._send(Request(host=host, target=path, subprotocols=[_SUBPROTOCOL]))
        while wire._frames.state is not ConnectionState.OPEN:
            await wire._receive()
            for event in wire._frames.events():
                if isinstance(event, RejectConnection):
                    raise ConnectionRefusedError("The server offers no WebSocket at this address.")
                if isinstance(event, AcceptConnection):
                    return wire
        return wire

    def _send(self, event: Request | TextMessage | Ping | CloseConnection) -> None:
        self._writer.write(self._frames.send(event))

    async def _receive(self) -> None:
        data = await self._reader.read(READ_BYTES)
        try:
            self._frames.receive_data(data or None)
        except ProtocolError as error:
            self._writer.transport.abort()
            raise ConnectionResetError(f"The server broke the WebSocket protocol: {error}") from None

    async def read(self) -> bytes:
        lines = bytearray()
        while not lines and not self._has_ended:
            await self._receive()
            for event in self._frames.events():
                self._take(event, lines)
        return bytes(lines)

    def _take(self, event: object, lines: bytearray) -> None:
        if isinstance(event, TextMessage | BytesMessage):
            data = event.data
            self._message += data.encode() if isinstance(data, str) else bytes(data)
            if len(self._message) > _MESSAGE_BYTES_MAX:
                raise ConnectionResetError("The server's message is too long.")
            if event.message_finished:
                lines += self._message + b"\r\n"
                self._message.clear()
        elif isinstance(event, Ping):
            self._writer.write(self._frames.send(event.response()))
        elif isinstance(event, CloseConnection):
            self._has_ended = True

    def write(self, lines: list[bytes]) -> None:
        for line in lines:
            self._send(TextMessage(line.rstrip(b"\r\n").decode()))

    async def close(self) -> None:
        with contextlib.suppress(ProtocolError):
            self._send(CloseConnection(1000))
        await hang_up(self._writer)
