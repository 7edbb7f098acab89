"""The socket between the gateway and the server: visitors come over it, and a few questions go back."""

import asyncio
import json
import socket
from collections.abc import Callable
from typing import Any, Final

MESSAGE_BYTES_MAX: Final = 65_536
SOCKETS_MAX: Final = 16


class Control:
    """Tells of each visitor with their socket; `ended` is called when the server is gone."""

    def __init__(
        self,
        sock: socket.socket,
        visited: Callable[[int, str, int, socket.socket], None],
        ended: Callable[[], None],
    ) -> None:
        self._socket = sock
        self._visited = visited
        self._ended = ended
        self._held = b""
        self._fds: list[int] = []
        self._answers: dict[int, asyncio.Future[tuple[dict[str, Any], list[socket.socket]]]] = {}
        sock.setblocking(False)
        asyncio.get_running_loop().add_reader(sock, self._readable)

    def _readable(self) -> None:
        try:
            data, fds, _, _ = socket.recv_fds(self._socket, MESSAGE_BYTES_MAX, SOCKETS_MAX)
        except BlockingIOError:
            return
        except OSError:
            data, fds = b"", []
        if not data:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._ended()
            return
        self._fds += fds
        *lines, self._held = (self._held + data).split(b"\n")
        for line in lines:
            self._told(json.loads(line))

    def _told(self, message: dict[str, Any]) -> None:
        count = message["sockets"]
        socks = [socket.socket(fileno=fd) for fd in self._fds[:count]]
        del self._fds[:count]
        if "address" in message:
            self._visited(message["visit"], message["address"], message["port"], socks[0])
            return
        waiting = self._answers.pop(message["visit"], None)
        if waiting is not None and not waiting.done():
            waiting.set_result((message, socks))
            return
        for sock in socks:
            sock.close()

    def tell(self, visit: int, ask: str, **more: str) -> None:
        """Say something that is not answered; the server being gone is told by `ended`."""
        try:
            self._socket.send(json.dumps({"visit": visit, "ask": ask, **more}).encode() + b"\n")
        except OSError:
            self._ended()

    async def ask(self, visit: int, ask: str, **more: str) -> tuple[dict[str, Any], list[socket.socket]]:
        """Ask one thing at a time for a visitor, and wait for the answer."""
        answer: asyncio.Future[tuple[dict[str, Any], list[socket.socket]]] = (
            asyncio.get_running_loop().create_future()
        )
        self._answers[visit] = answer
        self.tell(visit, ask, **more)
        return await answer
