"""The server's description for dialects, put together from the settings."""

from typing import TYPE_CHECKING, Final

import hubbub
from hubbub.config.checks import is_host
from hubbub.dialects.session_api import ServerInfo
from hubbub.transports.base import Peer

if TYPE_CHECKING:
    from .node import Node


HOST_LENGTH_MAX: Final = 253
"""RFC 1035, 2.3.4: the longest name of a host."""


def host_of(peer: Peer) -> str:
    """The server's name by which a peer has come; empty if it has told none that is one."""
    host = peer.server_name or ""
    return host if host and len(host) <= HOST_LENGTH_MAX and is_host(host) else ""


def facts(node: "Node", secure: bool, trusted: bool, host: str) -> ServerInfo:
    """The server's facts for a session: over TLS or not, trusted in clear or not, by the host name it used."""
    server, limits = node.settings.server, node.settings.limits
    return ServerInfo(
        name=server.name,
        network=server.network,
        version=f"hubbub-{hubbub.__version__}",
        started=node.clock.started_at,
        motd=node.loaded.motd,
        admin=(server.admin_location, server.admin_name, server.admin_email),
        icon=server.icon,
        files=_files(node, secure, trusted, host),
        vapid=_vapid(node),
        sts=_sts(node, secure, trusted, bool(host)),
        scram=node.settings.accounts.scram,
        history_limit=limits.history_a_request,
        targets_limit=limits.targets_a_message,
        counters=node.health.counters,
    )


def _vapid(node: "Node") -> str:
    if not node.settings.web.push:
        return ""
    # What it computes with is loaded when the first client asks: a server starts sooner than that.
    from .vapid import public_key

    return public_key(node.proofs.secret)


def _sts(node: "Node", secure: bool, trusted: bool, named: bool) -> str | None:
    """sts: in clear the port to come to with TLS, over TLS for how long that holds.

    "If no hostname has been provided for the connection, an STS persistence policy SHOULD NOT be advertised": 0 is
    none.
    """
    if secure:
        return f"duration={node.settings.tls.sts_seconds if named else 0}"
    if node.endpoint.tls_port and (not trusted or node.settings.tls.sts_seconds):
        return f"port={node.endpoint.tls_port}"
    return None


def _files(node: "Node", secure: bool, trusted: bool, host: str) -> str:
    """The address for uploads: this port, by the host name that the client used."""
    settings = node.settings
    if not settings.files.max_bytes or not (secure or trusted):
        return ""
    if settings.server.web_address:
        return f"{settings.server.web_address.rstrip('/')}/files"
    place = host or (settings.server.name if secure else "localhost")
    return f"{'https' if secure else 'http'}://{place}:{node.endpoint.port}/files"
