"""An ssh channel with bounds on both of its queues, which asyncssh alone lets grow without limit.

Nothing is read from a visitor who takes nothing, so that nobody makes the gateway owe them more by asking for more.
"""

import asyncio
from typing import Final, cast

import asyncssh

UNREAD_BYTES_MAX: Final = 65_536
"""The output queue, in bytes, above which no input is read."""
DEFERRED_MAX: Final = 2_000
"""So many packets may wait for the end of a key exchange; a visitor who does not bring it to its end is cut off."""
UNHANDLED_BYTES_MAX: Final = 1 << 20
"""The most bytes that may arrive while something, such as a password, is checked; more disconnects the visitor."""


class Backlog(asyncio.Protocol):
    """Stands between a connection and its transport from the beginning, when nothing is proved yet."""

    def __init__(self, connection: asyncssh.SSHServerConnection) -> None:
        self._connection = connection
        self._transport = cast(asyncio.Transport, connection._transport)
        self._transport.set_write_buffer_limits(UNREAD_BYTES_MAX)
        self._transport.set_protocol(self)

    def waiting_bytes(self) -> int:
        """Bytes that the connection's terminals have written and the peer has not taken."""
        deferred = sum(len(part) for _, parts in self._connection._deferred_packets for part in parts)
        return self._transport.get_write_buffer_size() + deferred

    def data_received(self, data: bytes) -> None:
        connection = self._connection
        connection.data_received(data)
        if len(connection._deferred_packets) > DEFERRED_MAX or len(connection._inpbuf) > UNHANDLED_BYTES_MAX:
            connection.abort()

    def pause_writing(self) -> None:
        """asyncssh would do nothing."""
        if not self._transport.is_closing():
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def eof_received(self) -> None:
        self._connection.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._connection.connection_lost(exc)
