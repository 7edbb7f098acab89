"""A transport of asyncio over a connection, so that a library's protocol can serve what the port hands on."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, Final

from hubbub.transports.base import JOINED, Connection, Form, Peer, Receiver
from hubbub.transports.stream_connection import WATCHED_BYTES_MIN

PIECE_BYTES: Final = 4_096
STALL_SECONDS: Final = 60.0
"""The time that a peer may take none of the bytes that wait for it."""
HALF_OPEN_SECONDS: Final = 30.0
"""The time that a half-closed peer stays without being sent anything: it may as well be gone."""


class Bridge(asyncio.Transport):
    """The connection's receiver, and its protocol's transport.

    `extra["peer"]` is the connection's `Peer`, `extra["gone"]` a future that is done as soon as the peer is gone, and
    `extra["settled"]` is called once it is proved who asks: an answer alone is as cheap as a word, and keeps no place.
    What comes before there is a protocol waits for it.
    """

    def __init__(self, connection: Connection) -> None:
        peer, self._gone = connection.peer, asyncio.get_running_loop().create_future()
        super().__init__(
            {
                "peer": peer,
                "gone": self._gone,
                "settled": connection.settled,
                "peername": (peer.address, peer.port),
                "sslcontext": peer.secure or None,
            }
        )
        self._connection = connection
        self._protocol: asyncio.Protocol | None = None
        self._successor: Receiver | None = None
        """The receiver that serves the connection after the protocol."""
        self._early = b""
        self._is_end_due = False
        """Whether the peer has sent its end of file, which the protocol still has to hear after the data before it."""
        self._patience: asyncio.TimerHandle | None = None
        """Runs from then on."""
        self._is_closing = False
        self._is_lost = False
        self._is_reading = True
        self._stall: asyncio.TimerHandle | None = None
        connection.watch(self._flow, WATCHED_BYTES_MIN)
        connection.half_open(self._ended)

    def carry(self, protocol: asyncio.Protocol) -> None:
        """Begin to serve."""
        if self._is_lost:
            return
        self._protocol = protocol
        protocol.connection_made(self)
        if self._early or self._is_end_due:
            self.resume_reading()

    def hand_on(self, serve: Callable[[Connection], Receiver], rest: bytes) -> None:
        """Give the connection to another receiver, with the `rest` first; for the protocol, the connection is lost."""
        if self._is_lost:
            return
        connection, protocol, is_last = self._connection, self._protocol, self._patience is not None
        # Whatever the protocol still does is for nobody.
        self._connection, self._protocol, self._is_closing = _Closed(connection.peer), None, True
        self._end_clocks()
        connection.watch(lambda takes: None)
        connection.half_open(None)
        if protocol is not None:
            protocol.connection_lost(None)
        self._successor = serve(connection)
        rest, self._early = rest + self._early, b""
        connection.resume_reading()
        if rest:
            self._successor.received(rest)
        if is_last:
            connection.close()

    # Receiver

    def received(self, data: bytes) -> None:
        if self._successor is not None:
            self._successor.received(data)
            return
        self._early += data
        if self._protocol is None:
            self.pause_reading()
        else:
            self._pass_on()

    def _pass_on(self) -> None:
        """In small pieces, so that a protocol that pauses has not taken a whole read's worth apart by then."""
        data, self._early, at = self._early, b"", 0
        while at < len(data) and self._is_reading and not self._is_closing and self._protocol is not None:
            piece, at = data[at : at + PIECE_BYTES], at + PIECE_BYTES
            self._protocol.data_received(piece)
        self._early = b"" if self._is_closing else data[at:] + self._early
        if self._is_end_due and self._is_reading and not self._early and self._protocol is not None:
            self._is_end_due = False
            self._protocol.eof_received()

    def _go_on(self) -> None:
        self._pass_on()
        if self._is_reading and not self._early:
            self._connection.resume_reading()

    def _ended(self) -> None:
        """The peer may wait for what it has asked."""
        self._is_end_due = True
        self._expect_an_answer()
        self._pass_on()

    def _expect_an_answer(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
        self._patience = asyncio.get_running_loop().call_later(HALF_OPEN_SECONDS, self._give_up)

    def _give_up(self) -> None:
        if self._connection.queued_bytes:
            self._expect_an_answer()
        else:
            self.abort()

    def lost(self, error: str | None) -> None:
        self._is_closing = self._is_lost = True
        self._end_clocks()
        self._gone.set_result(None)
        if self._successor is not None:
            self._successor.lost(error)
            return
        protocol, self._protocol = self._protocol, None
        if protocol is not None:
            protocol.connection_lost(ConnectionError(error) if error else None)

    def _flow(self, takes: bool) -> None:
        self._end_stall()
        if not takes:
            self._expect_less_than(self._connection.queued_bytes)
        if self._protocol is not None:
            (self._protocol.resume_writing if takes else self._protocol.pause_writing)()

    def _expect_less_than(self, queued_bytes: int) -> None:
        """Nothing is added while the peer is waited for, so that what waits gets less if it takes anything."""
        self._stall = asyncio.get_running_loop().call_later(STALL_SECONDS, self._insist, queued_bytes)

    def _insist(self, queued_bytes: int) -> None:
        if (left := self._connection.queued_bytes) < queued_bytes:
            self._expect_less_than(left)
        else:
            self.abort()

    def _end_stall(self) -> None:
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None

    def _end_clocks(self) -> None:
        self._end_stall()
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    # asyncio.Transport

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._connection.renewed()
        if self._patience is not None:
            self._expect_an_answer()
        self._connection.write(bytes(data))

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        self.write(b"".join(list_of_data))

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
        """Pass on what arrived before the pause, first and in a later step of the loop."""
        self._is_reading = True
        if self._early or self._is_end_due:
            asyncio.get_running_loop().call_soon(self._go_on)
        else:
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


class _Closed:
    """The connection of a bridge that has handed its own on: what is still written to it is dropped."""

    queued_bytes = 0
    form: Form = JOINED

    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    def write(self, data: bytes) -> None:
        """Drop the bytes."""

    def send(self, data: bytes) -> int:
        """Drop the bytes; none wait."""
        return 0

    def _do_nothing(self) -> None:
        """It is closed already."""

    close = abort = settled = renewed = pause_reading = resume_reading = _do_nothing

    def watch(self, flow: Callable[[bool], None], least_bytes: int = 0) -> None:
        """Never call `flow`: nothing ever waits."""

    def half_open(self, ended: Callable[[], None] | None) -> None:
        """Never call `ended`: the end has come."""
