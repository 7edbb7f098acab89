"""The entrance: a peer that has connected gets a session with the dialect that it speaks, or is turned away."""

from typing import TYPE_CHECKING

from hubbub.engine.refusals import Refusal
from hubbub.engine.sessions import Connect, NotSecure
from hubbub.transports.base import GATEWAY, Connection, Receiver, WireProtocol
from hubbub.transports.request_head import RequestHead

from .dialect_by_protocol import DIALECTS
from .http_upgrade import HttpUpgrade, Nowhere, Website
from .session import LiveSession

if TYPE_CHECKING:
    from .node import Node


class Entrance:
    """`website` serves what comes by HTTP and is no WebSocket."""

    def __init__(self, node: "Node") -> None:
        self._node = node
        self.website: Website = Nowhere

    def accept(self, connection: Connection) -> Receiver | None:
        """A peer has come: let its dialect serve it."""
        if connection.peer.kind is WireProtocol.HTTP:
            return HttpUpgrade(connection, self._node.endpoint.sites, self.accept_websocket, self.website)
        if connection.peer.kind is WireProtocol.SSH and connection.peer.listener != GATEWAY:
            connection.write(
                b"This server does not speak ssh here. Come with a browser, netcat or an IRC client.\r\n"
            )
            connection.close()
            return None
        return self._open(connection)

    def accept_websocket(self, connection: Connection, request: RequestHead) -> Receiver:
        """Serve a peer whose request for WebSocket was found good."""
        # Its library is loaded when the first browser comes.
        from hubbub.transports.websocket import WebSocket

        websocket = WebSocket(connection, request)
        websocket.serve(self._open)
        return websocket

    def _open(self, connection: Connection) -> LiveSession:
        node, peer = self._node, connection.peer
        dialect = DIALECTS[peer.kind]
        line_bytes = dialect.line_bytes(node.settings.limits)
        session = LiveSession(node, connection, node.live.next_number(), line_bytes)
        session.talk = dialect.make(session)
        node.live[session.session] = session
        result = node.ask(
            Connect(peer.address, peer.port, peer.secure, peer.kind.value, peer.fingerprint or ""), session
        )
        if isinstance(result, Refusal):
            self._turn_away(session, result)
        elif not session.private and not dialect.serves_in_clear:
            self._turn_away(session, NotSecure(node.endpoint.how_to_encrypt(peer)))
        else:
            session.open()
        return session

    def _turn_away(self, session: LiveSession, refusal: Refusal) -> None:
        session.talk.refused(refusal)
        if session.session in self._node.state.sessions:
            self._node.end(session, "Turned away")
        else:
            del self._node.live[session.session]
            session.close()
