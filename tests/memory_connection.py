"""A connection without a network: what is written is kept until it is taken."""

from collections.abc import Callable

from hubbub.transports.base import JOINED, Form, Peer


class MemoryConnection:
    """Stands in for a peer; bytes come in by calling the receiver's `received` by hand.

    While `stalled`, the peer takes nothing: what was written and not taken counts as queued. The receiver's
    `lost` is for the caller to call, too: here closing only sets `closed` (and `aborted`).
    """

    __slots__ = ("_ended", "_flow", "_stalled", "_written", "aborted", "closed", "peer", "reading")

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self._stalled = False
        self._flow: Callable[[bool], None] = lambda takes: None
        self._ended: Callable[[], None] | None = None
        self.closed = False
        self.aborted = False
        self.reading = True
        self._written = bytearray()

    @property
    def stalled(self) -> bool:
        """Whether the peer takes nothing for now."""
        return self._stalled

    @stalled.setter
    def stalled(self, stalled: bool) -> None:
        self._stalled = stalled
        self._flow(not stalled)

    @property
    def queued_bytes(self) -> int:
        """The bytes that a stalled peer has not taken."""
        return len(self._written) if self.stalled else 0

    @property
    def form(self) -> Form:
        """Plain: one after the other."""
        return JOINED

    def write(self, data: bytes) -> None:
        """Keep the bytes for `take`; dropped once closed."""
        if not self.closed:
            self._written += data

    def send(self, data: bytes) -> int:
        """Keep them."""
        self.write(data)
        return self.queued_bytes

    def take(self) -> bytes:
        """Give what the peer got since the last call: nothing while it is stalled."""
        if self.stalled:
            return b""
        data = bytes(self._written)
        self._written.clear()
        return data

    def close(self) -> None:
        """Close in order: what is queued can still be taken."""
        self.closed = True

    def abort(self) -> None:
        """Close at once and drop what is queued."""
        self.closed = self.aborted = True
        self._written.clear()

    def settled(self) -> None:
        """There is room enough in memory."""

    def renewed(self) -> None:
        """There is room enough in memory."""

    def pause_reading(self) -> None:
        """Say that the receiver wants no bytes for now."""
        self.reading = False

    def resume_reading(self) -> None:
        """Say that the receiver wants bytes again."""
        self.reading = True

    def watch(self, flow: Callable[[bool], None], least_bytes: int = 0) -> None:
        """Tell when the peer is stalled, and when no more."""
        self._flow = flow

    def half_open(self, ended: Callable[[], None] | None) -> None:
        """Tell when `end_side` is called by hand."""
        self._ended = ended

    def end_side(self) -> bool:
        """The peer sends nothing more, but takes what it is sent; False where that is the connection's end."""
        if self._ended is None or self.closed:
            return False
        self._ended()
        return True
