"""A transport of asyncio over a connection, so that a library's protocol can serve what the port hands on."""

import asyncio
from collections.abc import Iterable
from typing import Any

from hubbub.transports.base import Connection


class Bridge(asyncio.Transport):
    """The connection's receiver, and its protocol's transport; `extra["peer"]` is the connection's `Peer`.

    What comes before there is a protocol waits for it.
    """

    def __init__(self, connection: Connection) -> None:
        peer = connection.peer
        super().__init__(
            {"peer": peer, "peername": (peer.address, peer.port), "sslcontext": peer.secure or None}
        )
        self._connection = connection
        self._protocol: asyncio.Protocol | None = None
        self._early = b""
        self._is_closing = False
        self._is_lost = False
        self._is_reading = True
        connection.watch(self._flow)

    def carry(self, protocol: asyncio.Protocol) -> None:
        """Begin to serve."""
        if self._is_lost:
            return
        self._protocol = protocol
        protocol.connection_made(self)
        early, self._early = self._early, b""
        if early:
            protocol.data_received(early)
            self.resume_reading()

    # Receiver

    def received(self, data: bytes) -> None:
        if self._protocol is None:
            self._early += data
            self.pause_reading()
        else:
            self._protocol.data_received(data)

    def lost(self, error: str | None) -> None:
        self._is_closing = self._is_lost = True
        protocol, self._protocol = self._protocol, None
        if protocol is not None:
            protocol.connection_lost(ConnectionError(error) if error else None)

    def _flow(self, takes: bool) -> None:
        if self._protocol is not None:
            (self._protocol.resume_writing if takes else self._protocol.pause_writing)()

    # asyncio.Transport

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._connection.write(bytes(data))

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        self._connection.write(b"".join(list_of_data))

    def can_write_eof(self) -> bool:
        return False

    def is_closing(self) -> bool:
        return self._is_closing

    def close(self) -> None:
        self._is_closing = True
        self._connection.close()

    def abort(self) -> None:
        self._is_closing = True
        self._connection.abort()

    def is_reading(self) -> bool:
        return self._is_reading

    def pause_reading(self) -> None:
        self._is_reading = False
        self._connection.pause_reading()

    def resume_reading(self) -> None:
        self._is_reading = True
        self._connection.resume_reading()

    def get_write_buffer_size(self) -> int:
        return self._connection.queued_bytes

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._protocol or asyncio.Protocol()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Let another protocol of the library's go on."""
        assert isinstance(protocol, asyncio.Protocol)
        self._protocol = protocol

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        found = super().get_extra_info(name, default)
        return default if found is None else found
