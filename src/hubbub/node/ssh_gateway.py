"""The gateway for ssh: a process of its own, started for the first visitor, that is handed their sockets."""

import asyncio
import contextlib
import importlib.util
import json
import logging
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from hubbub.config.sections import Settings
from hubbub.engine.state import State
from hubbub.engine.tokens import key_of
from hubbub.socket_handover import Outbox
from hubbub.sockets import short
from hubbub.transports.admission import Admission, AdmissionLimits, Place
from hubbub.transports.base import GATEWAY, Peer, WireProtocol
from hubbub.transports.stream_connection import Channel, StreamConnection

if TYPE_CHECKING:
    from .entrance import Entrance
    from .id_clock import IdClock
    from .proofs import Proofs
    from .tasks import Tasks

log = logging.getLogger("hubbub")

MESSAGE_BYTES_MAX: Final = 65_536
UNTAKEN_MAX: Final = 50
"""So many visitors are on their way to the gateway at once."""
WAITING_MAX: Final = 500
"""So many more wait for that; who comes then is turned away."""
WAITING_SECONDS: Final = 20.0
"""For so long; then they are turned away as well."""
TOO_MANY: Final = b"There are too many visitors by ssh at the moment. Come again later.\r\n"
"""RFC 4253, 4.2: lines before the version are shown to the user, or at least let the client go on to the end."""
TRIES_MAX: Final = 2
"""To how many gateways a visitor is handed, where one dies before it has them."""
STOP_SECONDS: Final = 3.0
"""The time that the gateway has to tell visitors that the server stops."""


def is_possible() -> bool:
    """Whether what speaks ssh is installed: the extra `ssh`."""
    return importlib.util.find_spec("asyncssh") is not None


@dataclass(slots=True, eq=False)
class Visit:
    """One ssh connection in the gateway. It makes room for others until it has registered.

    `place` is None for a visitor whom this server has not let in itself. `sock` is kept until the gateway says that it
    has it: one that dies before is no reason to lose a visitor.
    """

    gateway: "SshGateway"
    address: str
    port: int
    place: Place | None = None
    sock: socket.socket | None = None
    number: int = 0
    tries: int = 0
    came_at: float = 0.0

    def settled(self) -> None:
        """Keep the place: the visitor has signed in."""
        if self.place is not None:
            self.place.settle(self)

    def done(self) -> None:
        """It is over."""
        if self.place is not None:
            self.place.leave(self)

    def drop(self, reason: str) -> None:
        """Close at once, to make room."""
        self.gateway.drop(self)

    def turn_away(self) -> None:
        """Say that there is no place, and give theirs back."""
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.send(TOO_MANY)
            self.sock.close()
            self.sock = None
        self.done()


class Hosting(Protocol):
    """What the gateway needs of the server."""

    @property
    def state(self) -> State: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def clock(self) -> "IdClock": ...
    @property
    def proofs(self) -> "Proofs": ...
    @property
    def tasks(self) -> "Tasks": ...
    @property
    def entrance(self) -> "Entrance": ...


class SshGateway:
    """Starts the process, hands visitors to it, and answers what it asks of the server: nothing but the table below.

    The sessions of its visitors are ordinary IRC connections over a pair of sockets. When the process dies, its
    visitors are gone and nobody else; the next visitor starts it again.
    """

    def __init__(self, node: Hosting, folder: Path) -> None:
        self._node = node
        self._folder = folder
        queue_bytes = node.settings.limits.send_queue_bytes
        self.admission = Admission(AdmissionLimits(1 << 30, 1 << 30, 1 << 30, queue_bytes=queue_bytes))
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._outbox: Outbox | None = None
        self._waiting: deque[Visit] = deque()
        """Those for whom there is no place on the way to the gateway yet, in the order in which they came."""
        self._watching: asyncio.Task[None] | None = None
        self._visits: dict[int, Visit] = {}
        self._last = 0
        self._held = b""
        self._is_stopping = False

    def adopt(self) -> bool:
        """Take over a gateway that has outlived the server before this one, with its visitors; whether there is one."""
        sock = socket.socket(socket.AF_UNIX)
        try:
            with short(self._folder / "gateway.sock") as path:
                sock.connect(path)
        except OSError:
            sock.close()
            return False
        self._begin(sock)
        log.info("The ssh gateway waited for the server")
        return True

    def take(self, sock: socket.socket, address: str, port: int, place: Place) -> None:
        """Hand over the socket of an ssh client, from which nothing was read."""
        visit = Visit(self, address, port, place, sock, came_at=self._node.clock.monotonic())
        place.await_entry(visit)
        if len(self._waiting) >= WAITING_MAX:
            visit.turn_away()
            return
        self._waiting.append(visit)
        if self._socket is None:
            self._start()
        self._hand_on()

    def _hand_on(self) -> None:
        """Hand over those who wait, as far as there is a place on the way."""
        untaken = sum(visit.sock is not None for visit in self._visits.values())
        while self._waiting and untaken < UNTAKEN_MAX and self._socket is not None:
            self._last += 1
            untaken += 1
            visit = self._visits[self._last] = self._waiting.popleft()
            visit.number = self._last
            self._hand_over(visit)

    def drop(self, visit: Visit) -> None:
        """Let go of a visitor who has not come in. The gateway tells when it has done so."""
        if visit.number:
            self._send({"drop": visit.number})
        else:
            self._waiting.remove(visit)
            visit.turn_away()

    def look(self) -> None:
        """Check the gateway about once a second: end waits that are too long, and a gateway that takes nothing."""
        now = self._node.clock.monotonic()
        while self._waiting and now - self._waiting[0].came_at > WAITING_SECONDS:
            self._waiting.popleft().turn_away()
        if self._outbox is None:
            return
        self._outbox.send()
        if self._outbox.is_stuck():
            log.warning("The ssh gateway does not respond; the server ends it")
            self._outbox.close()
            if self._process is not None:
                self._process.kill()
            else:
                self._ended()

    def _hand_over(self, visit: Visit) -> None:
        assert visit.sock is not None
        visit.tries += 1
        self._send({"visit": visit.number, "address": visit.address, "port": visit.port}, visit.sock)

    def _got(self, asked: dict[str, Any], visit: Visit) -> None:
        if visit.sock is not None:
            visit.sock.close()
            visit.sock = None
        self._hand_on()

    # The process

    def _start(self) -> None:
        own, its = socket.socketpair()
        self._begin(own)
        self._watching = asyncio.create_task(self._run(own, its))

    def _begin(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._socket, self._held = sock, b""
        self._outbox = Outbox(sock, self._node.clock.monotonic)
        asyncio.get_running_loop().add_reader(sock, self._readable)

    def _spawn(self, fd: int) -> subprocess.Popen[bytes]:
        """Not by the event loop: uvloop lets the child inherit what is none of its business."""
        return subprocess.Popen(
            [sys.executable, "-m", "hubbub.ssh", str(fd), str(self._folder)],
            pass_fds=(fd,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if not name.startswith("HUBBUB_")},
        )

    async def _run(self, own: socket.socket, its: socket.socket) -> None:
        """From its start to its end; what it complains of goes into the log."""
        loop = asyncio.get_running_loop()
        with its:
            process = self._process = self._spawn(its.fileno())
        log.info("The ssh gateway is running (process %d)", process.pid)
        reader = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), process.stderr)
        while line := await reader.readline():
            log.warning("The ssh gateway: %s", line.decode(errors="replace").rstrip())
        status = await loop.run_in_executor(None, process.wait)
        log.log(logging.INFO if status == 0 else logging.WARNING, "The ssh gateway ended (%d)", status)
        # Its socket may have told before, and the next one may run already.
        if self._socket is own:
            self._ended()

    def _ended(self) -> None:
        """The gateway is gone, and its visitors with it; those whom it had not taken yet wait for the next one."""
        if self._socket is not None:
            if self._outbox is not None:
                self._outbox.close()
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
        self._socket = self._outbox = None
        visits, self._visits = self._visits, {}
        for number, visit in visits.items():
            if visit.sock is not None and visit.tries < TRIES_MAX and not self._is_stopping:
                self._visits[number] = visit
            else:
                if visit.sock is not None:
                    visit.sock.close()
                visit.done()
        if self._is_stopping:
            while self._waiting:
                self._waiting.popleft().turn_away()
        if self._visits or self._waiting:
            self._start()
            for visit in self._visits.values():
                self._hand_over(visit)
            self._hand_on()

    async def stop(self, reason: str) -> None:
        """Stop the gateway, which tells its visitors why and ends by itself."""
        self._is_stopping = True
        watching = self._watching
        self._send({"stop": reason or "The server is stopping."})
        if watching is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(watching), STOP_SECONDS)
            if self._process is not None:
                self._process.kill()
            watching.cancel()
        self._ended()

    # What is said

    def _send(
        self, message: dict[str, Any], *socks: socket.socket, over: Callable[[], None] = lambda: None
    ) -> None:
        """`over` is called when the sockets are sent, or never will be."""
        if self._outbox is None:
            over()
            return
        self._outbox.put(json.dumps({**message, "sockets": len(socks)}).encode() + b"\n", socks, over)

    def _answer(
        self,
        asked: dict[str, Any],
        facts: dict[str, Any],
        *socks: socket.socket,
        over: Callable[[], None] = lambda: None,
    ) -> None:
        """To this question of a visitor, who may have asked another one meanwhile."""
        self._send({"visit": asked["visit"], "number": asked.get("number", 0), **facts}, *socks, over=over)

    def _readable(self) -> None:
        assert self._socket is not None
        try:
            data = self._socket.recv(MESSAGE_BYTES_MAX)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._ended()
            return
        *lines, self._held = (self._held + data).split(b"\n")
        for line in lines:
            asked = json.loads(line)
            for number, address, port in asked.get("visits", ()):
                self._visits[number] = Visit(self, address, port, number=number)
                self._last = max(self._last, number)
            visit = self._visits.get(asked.get("visit", 0))
            if visit is not None:
                _ANSWERS[asked["ask"]](self, asked, visit)

    def _done(self, asked: dict[str, Any], visit: Visit) -> None:
        del self._visits[asked["visit"]]
        if visit.sock is not None:
            visit.sock.close()
        visit.done()
        self._hand_on()

    def _who(self, asked: dict[str, Any], visit: Visit) -> None:
        """The facts about a name before authentication: no more than any client could find out."""
        settings = self._node.settings.accounts
        known = self._node.state.account_named(asked["name"]) is not None
        facts = {
            "account": known,
            "guests": settings.guests,
            "registers": settings.registration in ("open", "approval"),
        }
        self._answer(asked, {**facts, "network": self._node.settings.server.network})

    def _known(self, asked: dict[str, Any], visit: Visit) -> None:
        """Whether an account has a key, which alone does not sign in."""
        account = self._node.state.account_named(asked["name"])
        is_known = account is not None and key_of(self._node.state, account, asked["key"]) is not None
        self._answer(asked, {"known": is_known})

    def _key(self, asked: dict[str, Any], visit: Visit) -> None:
        """A pass with which the owner of a key that was proved signs in once; none if it is an account's no more."""
        node = self._node
        account = node.state.account_named(asked["name"])
        token = key_of(node.state, account, asked["key"]) if account else None
        secret = node.proofs.give_pass(token.digest) if token else ""
        self._answer(asked, {"pass": secret})

    def _open(self, asked: dict[str, Any], visit: Visit) -> None:
        """An IRC connection for the visitor, as from where they are."""
        own, its = socket.socketpair()
        own.setblocking(False)
        peer = Peer(visit.address, visit.port, True, WireProtocol.SSH, GATEWAY)
        self.admission.enter(visit.address, _NOBODY)
        self.admission.recognise(visit.address, _NOBODY)
        self._node.tasks.start(self._serve(own, peer, visit))
        self._answer(asked, {}, its, over=its.close)

    async def _serve(self, own: socket.socket, peer: Peer, visit: Visit) -> None:
        await asyncio.get_running_loop().connect_accepted_socket(
            lambda: _Door(peer, self.admission, visit, self._node), own
        )


class _Connection(StreamConnection):
    """A visitor's connection to the chat: who comes in by it keeps the place of the visit."""

    __slots__ = ("_visit",)

    def __init__(self, peer: Peer, channel: Channel, admission: Admission, visit: Visit) -> None:
        super().__init__(peer, channel, admission)
        self._visit = visit

    def settled(self) -> None:
        super().settled()
        self._visit.settled()


class _Door(asyncio.Protocol):
    """The moment in which a socket becomes a connection."""

    def __init__(self, peer: Peer, admission: Admission, visit: Visit, node: Hosting) -> None:
        self._peer = peer
        self._admission = admission
        self._visit = visit
        self._node = node

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        channel = cast(asyncio.Transport, transport)
        connection = _Connection(self._peer, channel, self._admission, self._visit)
        channel.set_protocol(connection)
        connection.serve(self._node.entrance.accept)


class _Nobody:
    """The receiver for a visitor whom the gateway has authenticated."""

    def drop(self, reason: str) -> None:
        """Never called: it is recognised at once."""


_NOBODY: Final = _Nobody()

_ANSWERS: Final[dict[str, Callable[[SshGateway, dict[str, Any], Visit], None]]] = {
    "got": SshGateway._got,
    "done": SshGateway._done,
    "who": SshGateway._who,
    "known": SshGateway._known,
    "key": SshGateway._key,
    "open": SshGateway._open,
}
