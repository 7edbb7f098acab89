"""A listener's policy: the protocols that it lets in, and where it sends them."""

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Literal

from hubbub.transports.admission import Admission, Place
from hubbub.transports.base import Accept, Connection, WireProtocol
from hubbub.transports.protocol_signatures import Opening
from hubbub.transports.request_head import response

TlsMode = Literal["auto", "only", "never"]

_KINDS: Final = {
    Opening.SSH: WireProtocol.SSH,
    Opening.HTTP: WireProtocol.HTTP,
    Opening.IRC: WireProtocol.IRC,
}


@dataclass(frozen=True, slots=True)
class ListenerPolicy:
    """The rules of one port.

    `kinds` are those it serves; what is none of them is taken for NETCAT where that is served, else for the
    first. But HTTP is never taken for anything else: any page could make a browser speak it to this port, and what
    it posts would be lines. `context` is asked at each handshake, so that certificates can be renewed. `apology` is
    sent in clear to a peer for which there is no place. `report` takes a sentence for the log. `is_proxy` tells
    whether an address is a proxy's, which says first who comes through it.
    """

    name: str
    accept: Accept
    admission: Admission
    kinds: tuple[WireProtocol, ...] = (
        WireProtocol.NETCAT,
        WireProtocol.IRC,
        WireProtocol.HTTP,
        WireProtocol.SSH,
    )
    tls: TlsMode = "never"
    context: Callable[[], ssl.SSLContext] | None = None
    apology: bytes = b""
    report: Callable[[str], None] = lambda sentence: None
    is_proxy: Callable[[str], bool] = lambda address: False
    hand_over: Callable[[socket.socket, str, int, Place], None] | None = None
    """Takes the socket of a peer that speaks ssh, with its address and port, and its place, to be given back."""

    def __post_init__(self) -> None:
        if not self.kinds:
            raise ValueError("A listener must serve at least one kind.")
        if self.tls != "never" and self.context is None:
            raise ValueError("A listener with TLS needs a certificate.")

    @property
    def fallback(self) -> WireProtocol:
        """The protocol assumed of a peer that sends nothing, or nothing recognizable."""
        return WireProtocol.NETCAT if WireProtocol.NETCAT in self.kinds else self.kinds[0]

    def kind(self, opening: Opening) -> WireProtocol:
        """Say what a peer that began like this is served as; HTTP may not be served here."""
        kind = _KINDS.get(opening, self.fallback)
        return kind if kind in (*self.kinds, WireProtocol.HTTP) else self.fallback

    def accept_as(self, kind: WireProtocol) -> Accept:
        """The acceptor of a protocol that `kind` or `alpn_kind` returned."""
        return self.accept if kind in self.kinds else _refuse_http

    def alpn_kind(self, protocol: str | None) -> WireProtocol | None:
        """Say what a peer chose in its handshake (RFC 7301), if it did and it is served here, or is HTTP."""
        kind = {"irc": WireProtocol.IRC, "http/1.1": WireProtocol.HTTP}.get(protocol or "")
        return kind if kind in (*self.kinds, WireProtocol.HTTP) else None


def _refuse_http(connection: Connection) -> None:
    sentence = b"No pages are served at this port. Come here with another program, or to another port.\n"
    headers = {"Connection": "close", "Content-Type": "text/plain; charset=utf-8"}
    connection.write(response(HTTPStatus.MISDIRECTED_REQUEST, headers, sentence))
    connection.close()
