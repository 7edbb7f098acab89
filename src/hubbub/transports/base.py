"""The Connection protocol: who the peer is, how to write to it, and when it is gone."""

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

SUPERSEDED: Final = "The peer turned out to speak something else."
"""The error of `Receiver.lost` when a silent peer was taken for one kind and then began as another."""


GATEWAY: Final = "the gateway for ssh"
"""The listener of those whose ssh is spoken by our gateway: what comes from there is IRC."""


class WireProtocol(enum.Enum):
    """The protocol that a peer speaks."""

    IRC = "irc"
    NETCAT = "netcat"
    HTTP = "http"
    SSH = "ssh"
    WEBSOCKET = "websocket"


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is at the other end.

    `address` is an IP address without zone, `listener` the name of the port, `fingerprint` the SHA-256
    (lower-case hex) of the certificate that the peer showed, `server_name` the one it asked for in TLS.
    """

    address: str
    port: int
    secure: bool
    kind: WireProtocol
    listener: str
    fingerprint: str | None = None
    server_name: str | None = None


Form = Callable[[Sequence[bytes]], bytes]
"""The encoding of pieces, each of whole lines, into the bytes that a connection carries."""

JOINED: Final[Form] = b"".join


class Connection(Protocol):
    """One peer, as long as it is there; every method may be called at any time, also after the end."""

    @property
    def peer(self) -> Peer:
        """Who is at the other end."""

    @property
    def queued_bytes(self) -> int:
        """Bytes that were written and the peer has not taken yet."""

    def write(self, data: bytes) -> None:
        """Send after everything written before; dropped once the connection is closing."""

    @property
    def form(self) -> Form:
        """Equal wherever it is the same, so that bytes for many are made once."""

    def send(self, data: bytes) -> int:
        """Send what `form` has made, as `write` does. Gives what waits for a peer that had time to read it.

        One long write before which little waited is not among it: no peer can read that as fast as it is written.
        """
        ...

    def close(self) -> None:
        """Send what is queued, then close; a peer that does not take it in time is aborted."""

    def abort(self) -> None:
        """Close at once; what is queued is dropped."""

    def settled(self) -> None:
        """Keep the place: this connection has registered. Until then it may have to make room for others."""

    def renewed(self) -> None:
        """Make room later than other unregistered connections: this one was answered just now."""

    def pause_reading(self) -> None:
        """Let the peer wait: `Receiver.received` is not called until `resume_reading`."""

    def resume_reading(self) -> None:
        """Undo `pause_reading`."""

    def watch(self, flow: Callable[[bool], None], least_bytes: int = 0) -> None:
        """Have `flow` called with False when the peer's side takes nothing more for now, with True afterwards.

        `least_bytes` may be queued in any case, for a writer that stops only when `flow` is called.
        """

    def half_open(self, ended: Callable[[], None] | None) -> None:
        """Stay when the peer ends its side (RFC 9293, 3.6), where that can be, and call `ended` instead of `lost`.

        The receiver then closes it, once every request is answered. None undoes it.
        """


class Receiver(Protocol):
    """The receiver of one connection's bytes."""

    def received(self, data: bytes) -> None:
        """Take the next bytes, cut anywhere; not called after `close`, `abort` or `lost`."""

    def lost(self, error: str | None) -> None:
        """Learn, exactly once, that the connection is over: None when it ended in order, else why.

        SUPERSEDED is no failure: the peer is being accepted anew under another protocol.
        """


class LineReceiver(Receiver, Protocol):
    """The receiver of a connection that carries lines in frames."""

    def framed(self) -> None:
        """Learn of a frame that has completed no line: it costs its sender as much as a line."""


Accept = Callable[[Connection], Receiver | None]
"""Called for each new peer; None refuses it: write the reason and close before returning."""
