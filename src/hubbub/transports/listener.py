"""A port that people come to: it accepts them, whatever happens, and hands them to its gate."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Sequence
from typing import Final

from hubbub.addresses import one_form
from hubbub.transports.listener_policy import ListenerPolicy
from hubbub.transports.ports import bind
from hubbub.transports.protocol_sniffer import ProtocolSniffer

_ACCEPTS_A_TURN: Final = 100
BREATH_SECONDS: Final = 0.5
_EXHAUSTED: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_VANISHING: Final = (
    ("TCP_KEEPIDLE", 60),
    ("TCP_KEEPINTVL", 15),
    ("TCP_KEEPCNT", 4),
    ("TCP_USER_TIMEOUT", 120_000),
)
"""A peer that vanished without a word is noticed after two minutes: by the keep-alive where nothing is said, and by the
last one (milliseconds, RFC 5482) where something is. Unanswered words stop the keep-alive, and would be repeated for a
quarter of an hour.
"""


class Listener:
    """Accepts on each address of one port.

    A host is an address or a name; "*" is every address of the machine, of both families. Port 0 takes a
    free one; `port` is the real one once started.
    """

    def __init__(self, gate: ListenerPolicy, hosts: Sequence[str], port: int) -> None:
        self.gate = gate
        self.hosts = tuple(hosts)
        self.port = port
        self._sockets: list[socket.socket] = []
        self._breaths: dict[socket.socket, asyncio.TimerHandle] = {}
        self._exhausted = False

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """The addresses and ports that are listened on."""
        return [sock.getsockname()[:2] for sock in self._sockets]

    async def start(self) -> None:
        """Begin to accept; raises PortUnavailable with a sentence that says what to do."""
        self._sockets = await bind(self.hosts, self.port)
        self.port = self._sockets[0].getsockname()[1]
        for sock in self._sockets:
            _prepare(sock)
            self._watch(sock)

    def stop(self) -> None:
        """Stop accepting at once; the connections stay."""
        loop = asyncio.get_running_loop()
        for sock in self._sockets:
            loop.remove_reader(sock)
            sock.close()
        for breath in self._breaths.values():
            breath.cancel()
        self._sockets.clear()
        self._breaths.clear()

    def _watch(self, sock: socket.socket) -> None:
        self._breaths.pop(sock, None)
        asyncio.get_running_loop().add_reader(sock, self._accept_waiting, sock)

    def _accept_waiting(self, sock: socket.socket) -> None:
        for _ in range(_ACCEPTS_A_TURN):
            try:
                accepted, address = sock.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno in _EXHAUSTED:
                    self._take_breath(sock, error)
                    return
                continue  # The peer gave up before it was accepted.
            self._exhausted = False
            self._admit(accepted, one_form(address[0]), address[1])

    def _take_breath(self, sock: socket.socket, error: OSError) -> None:
        """Without this a waiting peer would keep the loop busy for nothing."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(sock)
        self._breaths[sock] = loop.call_later(BREATH_SECONDS, self._watch, sock)
        self.gate.admission.drop_from_crowd()
        if not self._exhausted:
            self._exhausted = True
            self.gate.report(
                f"The server can't accept new connections: {error.strerror}. Existing connections stay "
                "open. Raise the limit of open files, or lower limits.connections."
            )

    def _admit(self, sock: socket.socket, address: str, port: int) -> None:
        sock.setblocking(False)
        arrival = ProtocolSniffer(self.gate, sock, address, port)
        if self.gate.admission.enter(address, arrival):
            arrival.begin()
            return
        self.gate.report(f"A connection from {address} was refused: too many connections.")
        with contextlib.suppress(OSError):
            sock.send(self.gate.apology)
        sock.close()


def _prepare(sock: socket.socket) -> None:
    """Set options on the listening socket; accepted sockets inherit them."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in _VANISHING:
        if hasattr(socket, option):  # Not every system has them.
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
