"""A peer of whom it is not known yet what it speaks: perhaps greeted, then handed on; also inside TLS."""

import abc
import asyncio

from hubbub.transports.base import Peer, WireProtocol
from hubbub.transports.listener_policy import ListenerPolicy
from hubbub.transports.protocol_signatures import Opening, recognise
from hubbub.transports.stream_connection import Channel, StreamConnection
from hubbub.transports.tls_channel import Credentials, credentials


class PendingConnection(abc.ABC):
    """The base of undecided connections: the wait in silence, the guess that follows it, and its end."""

    __slots__ = ("_address", "_connection", "_gate", "_is_secure", "_port", "_silence")

    def __init__(self, gate: ListenerPolicy, address: str, port: int) -> None:
        self._gate = gate
        self._address = address
        self._port = port
        self._is_secure = False
        """Whether a proxy says that the peer came to it over TLS."""
        self._connection: StreamConnection | None = None
        self._silence: asyncio.TimerHandle | None = None

    def _listen(self, channel: Channel, who: Credentials | None) -> None:
        loop = asyncio.get_running_loop()
        seconds = self._gate.admission.limits.silence_seconds
        self._silence = loop.call_later(seconds, self._presume, channel, who)

    def _presume(self, channel: Channel, who: Credentials | None) -> None:
        """After a silence, serve the peer on a guess; its first bytes may still prove it wrong.

        A browser could not make anything of a greeting, on a connection that it keeps for later.
        """
        loop, admission = asyncio.get_running_loop(), self._gate.admission
        if admission.has_browser(self._address, loop.time()):
            self._silence = loop.call_later(admission.limits.browser_seconds, self._greet, channel, who)
        else:
            self._greet(channel, who)

    def _greet(self, channel: Channel, who: Credentials | None) -> None:
        self._connection = self._introduce(self._gate.fallback, channel, who)

    def _conclude(self, kind: WireProtocol, channel: Channel, who: Credentials | None) -> StreamConnection:
        """Serve the peer's protocol on this channel; the present receiver stays if the guess was right."""
        self._stop_listening()
        if kind is WireProtocol.HTTP:
            self._gate.admission.note_browser(self._address, asyncio.get_running_loop().time())
        connection = self._connection
        if connection is None or connection.peer.kind is not kind:
            self._discard_guess()
            return self._introduce(kind, channel, who)
        connection.carry_on(channel)
        return connection

    def _introduce(self, kind: WireProtocol, channel: Channel, who: Credentials | None) -> StreamConnection:
        peer = Peer(
            address=self._address,
            port=self._port,
            secure=who is not None or self._is_secure,
            kind=kind,
            listener=self._gate.name,
            fingerprint=who.fingerprint if who else None,
            server_name=who.server_name if who else None,
        )
        connection = StreamConnection(peer, channel, self._gate.admission)
        connection.serve(self._gate.accept_as(kind))
        return connection

    def _discard_guess(self) -> None:
        if self._connection is not None:
            self._connection.supersede()
            self._connection = None

    def _stop_listening(self) -> None:
        self._gate.admission.recognise(self._address, self)
        self._stop_clock()

    def _stop_clock(self) -> None:
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None

    def _gone(self, error: Exception | None) -> None:
        """End it all before the peer said what it is."""
        self._stop_listening()
        if self._connection is None:
            self._gate.admission.leave(self._address)
        else:
            self._connection.connection_lost(error)

    def drop(self, reason: str) -> None:
        """Close at once."""
        if self._connection is not None:
            self._connection.fail(reason)
        else:
            self.abort()

    @abc.abstractmethod
    def abort(self) -> None:
        """Close at once."""


class PendingTls(PendingConnection, asyncio.Protocol):
    """A peer inside TLS: its handshake may have said what it speaks, else its first bytes do."""

    __slots__ = ("_beginning", "_transport", "_who")

    def __init__(self, gate: ListenerPolicy, address: str, port: int) -> None:
        super().__init__(gate, address, port)
        self._beginning = b""
        self._transport: asyncio.Transport | None = None
        self._who = Credentials()

    def begin(self, transport: asyncio.Transport) -> None:
        """Take over the transport after the handshake."""
        self._gate.admission.await_words(self._address, self)
        transport.set_protocol(self)
        self._transport = transport
        self._who = credentials(transport)
        kind = self._gate.alpn_kind(self._who.alpn)
        if kind is not None:
            self._hand_on(kind)
        elif len(self._gate.kinds) == 1:
            self._greet(transport, self._who)
        else:
            self._listen(transport, self._who)

    def data_received(self, data: bytes) -> None:
        """Look whether this is enough to know."""
        if self._transport is None or self._transport.is_closing():
            return
        self._beginning += data
        opening = recognise(self._beginning)
        if opening is not Opening.UNDECIDED:
            self._hand_on(self._gate.kind(opening))

    def eof_received(self) -> None:
        """Take what there was for all there is."""
        if self._beginning:
            self._hand_on(self._gate.fallback).eof_received()

    def pause_writing(self) -> None:
        """Close: what was said so far is not that much, so it answers the peer's own records."""
        self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """End before anything was said."""
        self._gone(exc)

    def abort(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()

    def _hand_on(self, kind: WireProtocol) -> StreamConnection:
        assert self._transport is not None
        connection = self._conclude(kind, self._transport, self._who)
        self._transport.set_protocol(connection)
        if self._beginning:
            connection.data_received(self._beginning)
        return connection
