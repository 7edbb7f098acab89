"""A socket that is looked at without taking anything from it, until it is known what its peer speaks."""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import Final, cast

from hubbub.transports.admission import Place
from hubbub.transports.base import WireProtocol
from hubbub.transports.listener_policy import ListenerPolicy
from hubbub.transports.pending_connection import PendingConnection, PendingTls
from hubbub.transports.protocol_signatures import LOOK_BYTES, Opening, recognise
from hubbub.transports.proxy_protocol import HEADER_BYTES_MAX, NoProxyHeader, read_header
from hubbub.transports.stream_connection import Channel
from hubbub.transports.tls_channel import Credentials

_FIRST_PAUSE_SECONDS: Final = 0.005


class ProtocolSniffer(PendingConnection, asyncio.Protocol):
    """A peer on a socket from which nothing was read, so that TLS can still begin on it.

    It is the channel of a connection that is served on a guess, and then the protocol for the moment in
    which the socket becomes a transport.
    """

    __slots__ = (
        "_closing",
        "_handed_on",
        "_opening",
        "_pending",
        "_retry",
        "_socket",
        "_task",
        "_wait",
    )

    def __init__(self, gate: ListenerPolicy, sock: socket.socket, address: str, port: int) -> None:
        super().__init__(gate, address, port)
        self._socket = sock
        self._pending = bytearray()
        self._opening = Opening.UNDECIDED
        self._wait = _FIRST_PAUSE_SECONDS
        self._retry: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self._handed_on = False

    def begin(self) -> None:
        """Let a proxy say first who comes through it."""
        if not self._gate.is_proxy(self._address):
            self._begin()
            return
        loop = asyncio.get_running_loop()
        self._silence = loop.call_later(self._gate.admission.limits.handshake_seconds, self.abort)
        loop.add_reader(self._socket, self._look_at_header)

    def _look_at_header(self) -> None:
        try:
            beginning = self._socket.recv(HEADER_BYTES_MAX, socket.MSG_PEEK)
            header = read_header(beginning)
        except (BlockingIOError, InterruptedError):
            return
        except NoProxyHeader:
            self._gate.report(
                f"The proxy {self._address} does not speak the PROXY protocol. Configure it to."
            )
            self._end(None)
            return
        except OSError as error:
            self._end(error)
            return
        if header is None:
            if beginning:
                self._look_later(self._look_at_header)
            else:
                self._end(None)
            return
        self._stop_watching()
        self._stop_clock()
        self._wait = _FIRST_PAUSE_SECONDS
        self._socket.recv(header.length)
        if not header.address:
            self._begin()
        elif self._gate.admission.move(self._address, header.address, self):
            self._address, self._port, self._is_secure = header.address, header.port, header.secure
            self._begin()
        else:
            self._gate.report(f"A connection from {header.address} was refused: too many connections.")
            with contextlib.suppress(OSError):
                self._socket.send(self._gate.apology)
            self._socket.close()

    def _begin(self) -> None:
        """Look at the peer, which is greeted at once where this port serves one thing only."""
        if self._gate.tls == "only":
            self._settle(Opening.TLS)
        elif self._gate.tls == "never" and len(self._gate.kinds) == 1:
            self._watch()
            self._greet(self, None)
        else:
            self._listen(self, None)
            if not self._look():
                self._watch()

    def _watch(self) -> None:
        asyncio.get_running_loop().add_reader(self._socket, self._look)

    def _stop_watching(self) -> None:
        asyncio.get_running_loop().remove_reader(self._socket)
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None

    def _look(self) -> bool:
        """Whether there was anything to see."""
        try:
            beginning = self._socket.recv(LOOK_BYTES, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError as error:
            self._end(error)
            return True
        if not beginning:
            self._end(None)
            return True
        opening = recognise(beginning)
        if opening is not Opening.UNDECIDED:
            self._settle(opening)
        elif self._wait > self._gate.admission.limits.guessing_seconds:
            self._settle(Opening.OTHER)
        else:
            self._look_later(self._look)
        return True

    def _greet(self, channel: Channel, who: Credentials | None) -> None:
        """Not before one more look: where very many come at once, what this one says may be there already."""
        if self._retry is not None or not self._look():
            super()._greet(channel, who)

    def _look_later(self, look: Callable[[], object]) -> None:
        """Look again by the clock: a socket with half a word in it is readable all the time."""
        self._stop_watching()
        self._retry = asyncio.get_running_loop().call_later(self._wait, look)
        self._wait *= 2

    def _settle(self, opening: Opening) -> None:
        """Make the socket a transport, now that it is known what the peer speaks."""
        if opening is Opening.TLS and self._gate.tls == "never":
            opening = Opening.OTHER
        self._opening = opening
        self._stop_watching()
        self._stop_clock()
        if opening is Opening.TLS:
            self._discard_guess()
        else:
            self._gate.admission.recognise(self._address, self)
        if opening is Opening.SSH and self._gate.hand_over and self._gate.kind(opening) is WireProtocol.SSH:
            self._discard_guess()
            place = Place(self._gate.admission, self._address)
            self._gate.hand_over(self._socket, self._address, self._port, place)
            return
        self._task = asyncio.get_running_loop().create_task(self._connect())
        self._task.add_done_callback(self._connected)

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        if self._opening is not Opening.TLS:
            await loop.connect_accepted_socket(lambda: self, self._socket)
            return
        assert self._gate.context is not None
        limits = self._gate.admission.limits
        await loop.connect_accepted_socket(
            lambda: self,
            self._socket,
            ssl=self._gate.context(),
            ssl_handshake_timeout=limits.handshake_seconds,
            # Later than the connection itself gives up, which says why.
            ssl_shutdown_timeout=2 * limits.close_seconds,
        )

    def _connected(self, task: asyncio.Task[None]) -> None:
        """Clean up when the handshake failed, or was cut short."""
        error = None if task.cancelled() else task.exception()
        if not self._handed_on:
            self._socket.close()
            self._gone(error if isinstance(error, Exception) else None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Hand the transport on."""
        self._handed_on = True
        transport = cast(asyncio.Transport, transport)
        if self._opening is Opening.TLS:
            self._stop_listening()
            PendingTls(self._gate, self._address, self._port).begin(transport)
            return
        if self._pending:
            transport.write(bytes(self._pending))
        connection = self._conclude(self._gate.kind(self._opening), transport, None)
        transport.set_protocol(connection)
        if self._closing:
            transport.close()

    def _end(self, error: Exception | None) -> None:
        if self._socket.fileno() >= 0 and self._task is None:
            self._stop_watching()
            self._socket.close()
            self._gone(error)

    # The channel of a connection that is served on a guess

    def write(self, data: bytes) -> None:
        """Send at once; a peer that does not take it gets the rest by a transport."""
        sent = 0
        if self._task is None:
            try:
                sent = self._socket.send(data)
            except (BlockingIOError, InterruptedError):
                pass
            except OSError as error:
                asyncio.get_running_loop().call_soon(self._end, error)
                return
        self._pending += data[sent:]
        if self._pending and self._task is None:
            self._settle(Opening.OTHER)

    def get_write_buffer_size(self) -> int:
        """Count what the peer's side has not taken."""
        return len(self._pending)

    def can_write_eof(self) -> bool:
        """Say no: nothing was read from the socket, so it can be closed as it is."""
        return False

    def write_eof(self) -> None:
        """Never called."""

    def close(self) -> None:
        """Close, when what is queued is sent."""
        if self._task is None:
            self.abort()
        self._closing = True

    def abort(self) -> None:
        """Close at once."""
        if self._task is None:
            self._stop_watching()
            self._stop_clock()
            asyncio.get_running_loop().call_soon(self._end, None)
        else:
            self._task.cancel()

    def pause_reading(self) -> None:
        """Look no more for now."""
        if self._task is None:
            self._stop_watching()

    def resume_reading(self) -> None:
        """Look again."""
        if self._task is None:
            self._watch()
