"""The socket between the gateway and the server: visitors come over it, and a few questions go back."""

import asyncio
import json
import socket
import time
from collections.abc import Callable
from typing import Any, Final

from hubbub.socket_handover import Outbox

MESSAGE_BYTES_MAX: Final = 65_536
SOCKETS_MAX: Final = 16

Answer = tuple[dict[str, Any], list[socket.socket]]


class NoServer(ConnectionError):
    """The server is gone; it may come back."""


class Control:
    """Tells of each visitor with their socket; `told` gets what else the server says, `ended` that it is gone."""

    def __init__(
        self,
        sock: socket.socket,
        visited: Callable[[int, str, int, socket.socket], None],
        told: Callable[[dict[str, Any]], None],
        ended: Callable[[], None],
    ) -> None:
        self._socket = sock
        self._visited = visited
        self._told = told
        self._ended = ended
        self._held = b""
        self._fds: list[int] = []
        self._answers: dict[int, asyncio.Future[Answer]] = {}
        """The number of a question → who waits for its answer."""
        self._last = 0
        sock.setblocking(False)
        self._outbox = Outbox(sock, time.monotonic)
        asyncio.get_running_loop().add_reader(sock, self._readable)

    def _readable(self) -> None:
        try:
            data, fds, _, _ = socket.recv_fds(self._socket, MESSAGE_BYTES_MAX, SOCKETS_MAX)
        except BlockingIOError:
            return
        except OSError:
            data, fds = b"", []
        if not data:
            self._end()
            return
        self._fds += fds
        *lines, self._held = (self._held + data).split(b"\n")
        for line in lines:
            self._take(json.loads(line))

    def _end(self) -> None:
        self._outbox.close()
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        for waiting in self._answers.values():
            if not waiting.done():
                waiting.set_exception(NoServer("The server disconnected."))
        self._answers.clear()
        self._ended()

    def _take(self, message: dict[str, Any]) -> None:
        count = message.get("sockets", 0)
        socks = [socket.socket(fileno=fd) for fd in self._fds[:count]]
        del self._fds[:count]
        if "address" in message:
            self._visited(message["visit"], message["address"], message["port"], socks[0])
        elif "visit" not in message:
            self._told(message)
        elif (waiting := self._answers.pop(message["number"], None)) and not waiting.done():
            waiting.set_result((message, socks))
        else:
            for sock in socks:
                sock.close()

    def say(self, message: dict[str, Any]) -> None:
        """Send a message; a busy server takes it in its turn. Raises NoServer if there is no server."""
        if not self._outbox.put(json.dumps(message).encode() + b"\n"):
            raise NoServer("The server disconnected.")

    async def ask(self, visit: int, ask: str, **more: str) -> Answer:
        """Ask for a visitor, and wait for the answer; several may be asked at once. Raises NoServer."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._last += 1
        number = self._last
        self._answers[number] = answer
        try:
            self.say({"visit": visit, "ask": ask, "number": number, **more})
            return await answer
        finally:
            self._answers.pop(number, None)
