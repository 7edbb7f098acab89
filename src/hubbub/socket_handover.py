"""Messages with sockets for another process of ours: they wait here until it takes them."""

import asyncio
import errno
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

STUCK_SECONDS: Final = 10.0
"""A process that takes nothing for so long, while something waits, is given up."""

_LATER: Final = (errno.EAGAIN, errno.EINTR, errno.ENOBUFS, errno.ENOMEM, errno.ETOOMANYREFS)
"""Errors that mean waiting, not the other end's failure: it, or the system, has much to take."""


@dataclass(slots=True)
class _Letter:
    data: bytes
    socks: tuple[socket.socket, ...]
    over: Callable[[], None]


class Outbox:
    """Sends what is put into it in order, as fast as the other end takes it."""

    def __init__(self, sock: socket.socket, clock: Callable[[], float]) -> None:
        self._socket = sock
        self._clock = clock
        self._letters: deque[_Letter] = deque()
        self._progress_at = clock()
        self._is_watching = False
        self._is_closed = False

    def put(
        self, data: bytes, socks: tuple[socket.socket, ...] = (), over: Callable[[], None] = lambda: None
    ) -> bool:
        """Whether it may still arrive. `over` is called when the sockets are sent, or never will be."""
        if self._is_closed:
            over()
            return False
        if not self._letters:
            self._progress_at = self._clock()
        self._letters.append(_Letter(data, socks, over))
        if len(self._letters) == 1:
            self.send()
        return not self._is_closed

    @property
    def waiting(self) -> int:
        """The number of messages that are not sent yet."""
        return len(self._letters)

    def is_stuck(self) -> bool:
        """Whether the other end has taken nothing for long, though there is something."""
        return bool(self._letters) and self._clock() - self._progress_at > STUCK_SECONDS

    def send(self) -> None:
        """As much as goes now; the rest when there is room."""
        while self._letters:
            try:
                self._send_some(self._letters[0])
            except OSError as error:
                if error.errno not in _LATER:
                    self.close()
                    return
                # Of what the system lacks the socket does not tell: then it is tried again with the next message.
                self._watch(error.errno in (errno.EAGAIN, errno.EINTR))
                return
            self._progress_at = self._clock()
        self._watch(False)

    def _send_some(self, letter: _Letter) -> None:
        sent = socket.send_fds(self._socket, [letter.data], [sock.fileno() for sock in letter.socks])
        # Sockets go with the first byte.
        letter.data, letter.socks = letter.data[sent:], ()
        if not letter.data:
            self._letters.popleft().over()

    def _watch(self, is_wanted: bool) -> None:
        if is_wanted != self._is_watching:
            self._is_watching = is_wanted
            loop = asyncio.get_running_loop()
            if is_wanted:
                loop.add_writer(self._socket, self.send)
            else:
                loop.remove_writer(self._socket)

    def close(self) -> None:
        """Nothing is sent any more."""
        self._is_closed = True
        self._watch(False)
        while self._letters:
            self._letters.popleft().over()
