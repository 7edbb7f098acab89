"""A connection over a socket, with or without TLS."""

import asyncio
import os
from collections.abc import Callable
from typing import Final, Protocol

from hubbub.transports.admission import Admission
from hubbub.transports.base import JOINED, SUPERSEDED, Accept, Form, Peer, Receiver

TOO_SLOW: Final = "The peer did not read its data."

WATCHED_BYTES_MIN: Final = 1 << 18
"""The least queue limit for a writer that stops only when asked: it is asked when more than 64 KiB wait."""

LITTLE_BYTES: Final = 1 << 16
"""While no more than this waits, one write may be as long as it has to be: who is sent it had no time to read it."""

WRITE_BYTES_MAX: Final = 1 << 24
"""The longest single write."""


class Channel(Protocol):
    """The carrier of the bytes: a transport of the event loop, or a socket whose protocol is still being detected."""

    def write(self, data: bytes) -> None: ...
    def can_write_eof(self) -> bool: ...
    def write_eof(self) -> None: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...
    def get_write_buffer_size(self) -> int: ...
    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...


class StreamConnection(asyncio.Protocol):
    """Passes bytes between a channel and a receiver; holds its place in the admission until it is over."""

    __slots__ = (
        "_admission",
        "_channel",
        "_closing",
        "_deadline",
        "_ended",
        "_error",
        "_flow",
        "_granted",
        "_has_ended",
        "_held",
        "_is_full",
        "_least_bytes",
        "_paused",
        "_receiver",
        "peer",
    )

    def __init__(self, peer: Peer, channel: Channel, admission: Admission) -> None:
        self.peer = peer
        self._channel: Channel | None = channel
        self._admission = admission
        self._receiver: Receiver | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._error: str | None = None
        self._closing = False
        self._paused = False
        self._is_full = False
        """While the peer does not take what is sent to it."""
        self._held = b""
        self._flow: Callable[[bool], None] | None = None
        self._ended: Callable[[], None] | None = None
        """Hears that the peer has ended its side, where that is not the end."""
        self._has_ended = False
        """Whether it has."""
        self._least_bytes = 0
        """The bytes that the watching writer may queue, whatever the limit."""
        self._granted = 0
        """The length of a long write before which little waited: it does not count against the limit."""

    def serve(self, accept: Accept) -> None:
        """Offer the connection; closed when it is refused."""
        self._admission.await_entry(self.peer.address, self)
        try:
            self._receiver = accept(self)
        except Exception as error:  # A bug there costs this peer only.
            self.fail("The connection failed.")
            _tell_loop("accept failed", error)
        if self._receiver is None:
            self.close()

    def carry_on(self, channel: Channel) -> None:
        """Use another channel from now on."""
        self._channel = channel
        if self._paused:
            channel.pause_reading()

    def supersede(self) -> None:
        """End this connection without its channel, which another one takes over."""
        self._let_go()
        self._finish(SUPERSEDED)

    def settled(self) -> None:
        """Make no room for others any more."""
        self._admission.settle(self.peer.address, self)

    def renewed(self) -> None:
        """Be the last to make room of those from the same address."""
        self._admission.renew(self.peer.address, self)

    def drop(self, reason: str) -> None:
        """Close at once, to make room."""
        self.fail(reason)

    def fail(self, reason: str) -> None:
        """Abort, and let the receiver know why."""
        self._error = self._error or reason
        self.abort()

    # Connection

    @property
    def queued_bytes(self) -> int:
        """Bytes that the peer has not taken yet (with TLS up to 64 KiB more, encrypted already)."""
        return 0 if self._channel is None else self._channel.get_write_buffer_size()

    @property
    def form(self) -> Form:
        """Plain: one after the other."""
        return JOINED

    def write(self, data: bytes) -> None:
        """Send after everything written before, unless that is more already than may wait."""
        if self._channel is None or self._closing:
            return
        if self._is_too_much(self._channel.get_write_buffer_size() - self._granted):
            self.fail(TOO_SLOW)
        else:
            self._channel.write(data)

    def send(self, data: bytes) -> int:
        """Send after everything written before; what waits too long already, which may be the end.

        A page of history is one write: it is no fault of its reader that it is longer than what may wait. So a long
        write before which little waited does not count, up to WRITE_BYTES_MAX, and as long as not too much of the kind
        waits for others; all that follows it does.
        """
        channel = self._channel
        if channel is None:
            return 0
        if self._closing:
            return max(0, channel.get_write_buffer_size() - self._granted)
        if len(data) <= LITTLE_BYTES:
            channel.write(data)
        elif len(data) > WRITE_BYTES_MAX and self._admission.limits.queue_bytes:
            self.fail(TOO_SLOW)
            return len(data)
        else:
            self._write_long(channel, data)
        waiting = channel.get_write_buffer_size()
        # Nearly always the kernel has taken it all, and this is done for each recipient of each message.
        return self._judge(waiting, len(data)) if waiting or self._is_full else 0

    def _write_long(self, channel: Channel, data: bytes) -> None:
        """Piece by piece TLS tells what waits; of one long write it takes all, and tells of nothing."""
        step = LITTLE_BYTES if self.peer.secure else len(data)
        for at in range(0, len(data), step):
            channel.write(data[at : at + step])

    def _judge(self, waiting_bytes: int, written_bytes: int) -> int:
        """Judge the queue behind one long write that found it short; a queue that is too long ends the connection."""
        if waiting_bytes - written_bytes <= LITTLE_BYTES:
            wanted = written_bytes if written_bytes > LITTLE_BYTES and self._is_full else 0
            self._grant(wanted)
            waiting_bytes = waiting_bytes if self._granted == wanted else max(waiting_bytes, written_bytes)
        beyond = max(0, waiting_bytes - self._granted)
        if self._is_too_much(beyond):
            self.fail(TOO_SLOW)
        return beyond

    def _grant(self, bytes_wanted: int) -> None:
        if bytes_wanted or self._granted:
            self._granted = self._admission.grant(self.peer.address, self._granted, bytes_wanted)

    def _is_too_much(self, waiting_bytes: int) -> bool:
        limit = self._admission.limits.queue_bytes
        return limit > 0 and max(limit, self._least_bytes) < waiting_bytes

    def close(self) -> None:
        """Send what is queued, then close; abort when the peer takes too long.

        What the peer still sends is read and dropped: closing a socket with words in it would take back
        what the peer has not read yet, such as the reason why it is sent away.
        """
        if self._channel is None or self._closing:
            return
        self._begin_closing()
        try:
            if self._channel.can_write_eof() and not self._has_ended:
                self._channel.resume_reading()
                self._channel.write_eof()
                return
        except OSError:  # The peer is gone already.
            pass
        self._channel.close()

    def abort(self) -> None:
        """Close at once."""
        self._closing = True
        if self._channel is not None:
            self._channel.abort()

    def pause_reading(self) -> None:
        """Let the peer wait."""
        self._paused = True
        if self._channel is not None and not self._closing:
            self._channel.pause_reading()

    def resume_reading(self) -> None:
        """Undo `pause_reading`."""
        self._paused = False
        self._read_on()

    def _read_on(self) -> None:
        if self._channel is None or self._closing or self._paused or self._is_full:
            return
        self._channel.resume_reading()
        if self._held:
            asyncio.get_running_loop().call_soon(self.data_received, b"")

    def watch(self, flow: Callable[[bool], None], least_bytes: int = 0) -> None:
        """Tell of the transport's flow control."""
        self._flow, self._least_bytes = flow, least_bytes

    def half_open(self, ended: Callable[[], None] | None) -> None:
        """Tell of the peer's end of its side; inside TLS the channel ends both at once."""
        self._ended = ended

    # asyncio.Protocol

    def pause_writing(self) -> None:
        """Hear nothing more of a peer that takes nothing: it can't go on asking for what would have to wait.

        Not all that it is sent comes from here: TLS answers some of its records by itself.
        """
        self._is_full = True
        if self._channel is not None and not self._closing:
            self._channel.pause_reading()
        if self._flow is not None:
            self._flow(False)

    def resume_writing(self) -> None:
        """The transport's buffer has emptied."""
        self._is_full = False
        self._grant(0)
        self._read_on()
        if self._flow is not None:
            self._flow(True)

    def data_received(self, data: bytes) -> None:
        """Pass on, unless this side is closing."""
        if self._closing:
            return
        if self._paused or self._is_full:
            self._hold(data)
            return
        if self._held:
            data, self._held = self._held + data, b""
        if data and self._receiver is not None:
            self._receiver.received(data)
        if self._has_ended:
            self._tell_end()

    def eof_received(self) -> bool:
        """Take the peer's last word for its end, unless it has still to be answered.

        Where it is the end, the channel closes itself when it has sent what is queued.
        """
        if self._ended is not None and self._channel is not None and not self._closing:
            self._has_ended = self._channel.can_write_eof()
            if self._has_ended and not self._held:
                self._tell_end()
        if not self._has_ended:
            self._begin_closing()
            self._finish(None)
        return self._has_ended

    def _tell_end(self) -> None:
        """Once, after all that came before it."""
        ended, self._ended = self._ended, None
        if ended is not None:
            ended()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place free, and let the receiver know."""
        self._let_go()
        self._admission.leave(self.peer.address)
        self._finish(self._error or _reason(exc))

    def _hold(self, data: bytes) -> None:
        """A transport of uvloop begins to read after `connection_made`, though it was paused in there."""
        self._held += data
        if self._channel is not None:
            self._channel.pause_reading()

    def _finish(self, error: str | None) -> None:
        receiver, self._receiver = self._receiver, None
        if receiver is not None:
            receiver.lost(error)

    def _begin_closing(self) -> None:
        if not self._closing:
            self._closing = True
            limits = self._admission.limits
            self._await_end(limits.close_seconds, min(limits.close_seconds, limits.linger_seconds))

    def _await_end(self, seconds: float, step_seconds: float) -> None:
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(step_seconds, self._insist, seconds - step_seconds, step_seconds)

    def _insist(self, seconds: float, step_seconds: float) -> None:
        """Close whether the peer does or not, once it has taken everything or its time is up."""
        if self._channel is None:
            return
        if self.queued_bytes and seconds > 0:
            self._await_end(seconds, step_seconds)
        elif self.queued_bytes:
            self.fail("The peer did not accept its data.")
        else:
            self._channel.abort()

    def _let_go(self) -> None:
        self._admission.settle(self.peer.address, self)
        self._grant(0)
        self._closing = True
        self._channel = None
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def _reason(error: Exception | None) -> str | None:
    if error is None:
        return None
    if isinstance(error, (ConnectionError, TimeoutError)) and error.errno:
        return f"{os.strerror(error.errno)}."
    # Whatever it is, it is nothing for the people who hear that a peer is gone.
    return "The connection failed."


def _tell_loop(what: str, error: Exception) -> None:
    loop = asyncio.get_running_loop()
    loop.call_exception_handler({"message": what, "exception": error})
