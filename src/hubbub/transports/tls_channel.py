"""The facts of a TLS handshake that concern the peer."""

import asyncio
import hashlib
import ssl
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Credentials:
    """The protocol that was agreed on (RFC 7301), the name that was asked for (RFC 6066), the certificate."""

    alpn: str | None = None
    server_name: str | None = None
    fingerprint: str | None = None


class NamedTls(ssl.SSLObject):
    """One peer's TLS, which remembers the server name that it asked for."""

    server_name: str | None = None


def remember_names(context: ssl.SSLContext) -> None:
    """Let the context's connections keep the server name that their peers asked for."""
    context.sslobject_class = NamedTls
    context.sni_callback = _remember_name


def credentials(transport: asyncio.BaseTransport) -> Credentials:
    """Read what the handshake on a transport said."""
    tls = transport.get_extra_info("ssl_object")
    certificate = tls.getpeercert(binary_form=True)
    return Credentials(
        alpn=tls.selected_alpn_protocol(),
        server_name=tls.server_name if isinstance(tls, NamedTls) else None,
        fingerprint=hashlib.sha256(certificate).hexdigest() if certificate else None,
    )


def _remember_name(tls: ssl.SSLObject, name: str | None, context: ssl.SSLContext) -> None:
    if isinstance(tls, NamedTls):
        tls.server_name = name
