"""Reaching a server: a socket, TLS with a certificate that is trusted, and WebSocket where it is wanted."""

import asyncio
import hashlib
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hubbub.connection.address import Address
from hubbub.connection.known_servers import CertificateAlarm, KnownServers
from hubbub.connection.line_stream import PlainWire, Wire
from hubbub.connection.websocket import WebSocketWire

CONNECT_SECONDS: Final = 20

Trust = Callable[[str], Awaitable[bool]]
"""Asked once about a certificate that no authority has signed: its fingerprint → whether it is trusted."""

BY_AUTHORITY: Final = "one signed by a certificate authority"


class NotTrusted(ConnectionError):
    """Its user does not trust the certificate that the server shows."""


class NoTls(ConnectionError):
    """The server does not speak TLS at this port."""


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """The files of a client certificate."""

    certificate: Path
    key: Path


async def dial(
    address: Address,
    known: KnownServers,
    trust: Trust,
    certificate: ClientCertificate | None = None,
) -> Wire:
    """Connect. Raises OSError if no server answers, and its subclasses NoTls, NotTrusted and CertificateAlarm."""
    async with asyncio.timeout(CONNECT_SECONDS):
        if not address.is_secure:
            reader, writer = await asyncio.open_connection(address.host, address.port)
        else:
            reader, writer = await _dial_securely(address, known, certificate)
    try:
        if address.is_secure:
            await _check(address, known, trust, writer)
        if not address.websocket:
            return PlainWire(reader, writer)
        async with asyncio.timeout(CONNECT_SECONDS):
            return await WebSocketWire.open(reader, writer, address.host, address.path)
    except BaseException:
        writer.transport.abort()
        raise


async def _dial_securely(
    address: Address, known: KnownServers, certificate: ClientCertificate | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Over TLS: checked by authorities, or, where a certificate was trusted before, to be compared with that."""
    pinned = known.find(address).fingerprint
    try:
        context = _context(certificate, checks=not pinned)
        return await _open(address, context)
    except ssl.SSLCertVerificationError:
        return await _open(address, _context(certificate, checks=False))
    except ssl.SSLError as error:
        if error.reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "UNEXPECTED_EOF_WHILE_READING"):
            raise NoTls("The server does not offer TLS on this port.") from None
        raise


async def _open(
    address: Address, context: ssl.SSLContext
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(
        address.host,
        address.port,
        ssl=context,
        server_hostname=address.host,
        ssl_handshake_timeout=CONNECT_SECONDS,
    )


def _context(certificate: ClientCertificate | None, checks: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not checks:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if certificate:
        context.load_cert_chain(certificate.certificate, certificate.key)
    return context


async def _check(address: Address, known: KnownServers, trust: Trust, writer: asyncio.StreamWriter) -> None:
    """Before a word is said: whether this is who it was the last time."""
    connection: ssl.SSLObject = writer.get_extra_info("ssl_object")
    shown = hashlib.sha256(connection.getpeercert(binary_form=True) or b"").hexdigest()
    before = known.find(address)
    if connection.context.verify_mode is ssl.CERT_REQUIRED:
        known.trust_authority(address)
    elif before.by_authority:
        raise CertificateAlarm(BY_AUTHORITY, shown)
    elif before.fingerprint and before.fingerprint != shown:
        raise CertificateAlarm(before.fingerprint, shown)
    elif not before.fingerprint:
        if not await trust(shown):
            raise NotTrusted("The server's certificate is not trusted.")
        known.trust(address, shown)
