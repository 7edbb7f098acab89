"""Certificates of clients: asked for and taken, whoever has signed them, and nobody else is bothered."""

import datetime
import hashlib
import ssl
from math import gcd
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from hubbub.transports.client_certificates import CHAIN_BYTES_MAX, EXPONENT_BITS_MAX, ask_for_certificates
from hubbub.transports.tls_channel import remember_names
from tests.transports.listener_harness import call, open_listener


def _server(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    context.set_alpn_protocols(["irc", "http/1.1"])
    remember_names(context)
    assert ask_for_certificates(context)
    return context


def _client(authority: trustme.CA, tmp_path: Path, version: ssl.TLSVersion) -> tuple[ssl.SSLContext, str]:
    """A client with a certificate that nobody here knows, and its fingerprint."""
    context = ssl.create_default_context()
    context.maximum_version = version
    authority.configure_trust(context)
    own = trustme.CA().issue_cert("nobody@example.org")
    file = tmp_path / "client.pem"
    own.private_key_and_cert_chain_pem.write_to_path(str(file))
    context.load_cert_chain(file)
    der = ssl.PEM_cert_to_DER_cert(own.cert_chain_pems[0].bytes().decode())
    return context, hashlib.sha256(der).hexdigest()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("protocols", [[], ["irc"]])
async def test_a_certificate_of_ones_own_is_taken(
    tmp_path: Path, version: ssl.TLSVersion, protocols: list[str]
) -> None:
    authority = trustme.CA()
    server = _server(authority)
    client, fingerprint = _client(authority, tmp_path, version)
    if protocols:
        client.set_alpn_protocols(protocols)
    async with open_listener(tls="auto", context=lambda: server) as harness, call(harness, client) as caller:
        caller.say(b"NICK ann\r\n")
        receiver = await harness.receiver()
        assert receiver.connection.peer.fingerprint == fingerprint


async def test_browsers_are_not_asked(tmp_path: Path) -> None:
    authority = trustme.CA()
    server = _server(authority)
    client, _ = _client(authority, tmp_path, ssl.TLSVersion.TLSv1_3)
    client.set_alpn_protocols(["h2", "http/1.1"])
    async with open_listener(tls="auto", context=lambda: server) as harness, call(harness, client) as caller:
        caller.say(b"GET / HTTP/1.1\r\n")
        receiver = await harness.receiver()
        assert receiver.connection.peer.fingerprint is None


async def test_who_has_none_comes_in_all_the_same() -> None:
    authority = trustme.CA()
    server = _server(authority)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    async with open_listener(tls="auto", context=lambda: server) as harness:
        async with call(harness, client) as one, call(harness, client) as other:
            for caller in (one, other):
                caller.say(b"NICK ann\r\n")
            await harness.receiver(2)
        assert [receiver.connection.peer.fingerprint for receiver in harness.receivers] == [None, None]


def _certificate(key: CertificateIssuerPrivateKeyTypes, issuer: str, subject: str) -> bytes:
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in (issuer, subject)]
    builder = x509.CertificateBuilder(names[0], names[1], key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)


def _bringing(
    authority: trustme.CA, folder: Path, key: CertificateIssuerPrivateKeyTypes, length: int = 1
) -> ssl.SSLContext:
    """A client with a chain of so many certificates, each signed by the next one."""
    chain = [_certificate(key, f"{number + 1}", f"{number}") for number in range(length)]
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    (folder / "chain.pem").write_bytes(b"".join([private, *chain]))
    context = ssl.create_default_context()
    authority.configure_trust(context)
    context.load_cert_chain(folder / "chain.pem")
    return context


def _costly_key(bits: int) -> rsa.RSAPrivateKey:
    """An RSA key whose public exponent has so many bits."""
    plain = rsa.generate_private_key(65537, 2048).private_numbers()
    p, q = plain.p, plain.q
    e = next(e for e in range((1 << (bits - 1)) + 1, 1 << bits, 2) if gcd(e, (p - 1) * (q - 1)) == 1)
    d = pow(e, -1, (p - 1) * (q - 1))
    numbers = rsa.RSAPublicNumbers(e, p * q)
    return rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), numbers).private_key()


async def test_no_signature_in_a_chain_is_verified(tmp_path: Path) -> None:
    """It would cost the event loop as much as the stranger likes; OpenSSL keeps the chain that it has verified."""
    authority = trustme.CA()
    server = _server(authority)
    client = _bringing(authority, tmp_path, ec.generate_private_key(ec.SECP256R1()), 5)
    seen: list[ssl.SSLObject] = []
    server.sni_callback = lambda tls, name, context: seen.append(tls)
    async with open_listener(tls="auto", context=lambda: server) as harness, call(harness, client) as caller:
        caller.say(b"NICK ann\r\n")
        assert (await harness.receiver()).connection.peer.fingerprint
        connection = seen[0]._sslobj  # type: ignore[attr-defined]
        assert len(connection.get_unverified_chain()) == 5
        assert not connection.get_verified_chain()


@pytest.mark.parametrize("length", [2, 60])
async def test_a_chain_has_a_limit(tmp_path: Path, length: int) -> None:
    authority = trustme.CA()
    server = _server(authority)
    client = _bringing(authority, tmp_path, ec.generate_private_key(ec.SECP256R1()), length)
    client.maximum_version = (
        ssl.TLSVersion.TLSv1_2
    )  # A client of a later one would be told only as it reads on.
    is_long = length * 330 > CHAIN_BYTES_MAX
    async with open_listener(tls="auto", context=lambda: server) as harness:
        if is_long:
            with pytest.raises((ssl.SSLError, ConnectionError)):
                async with call(harness, client):
                    """It gets no further."""
            return
        async with call(harness, client) as caller:
            caller.say(b"NICK ann\r\n")
            assert (await harness.receiver()).connection.peer.fingerprint


@pytest.mark.parametrize("more", [0, 1])
async def test_an_rsa_key_has_a_short_exponent(tmp_path: Path, more: int) -> None:
    authority = trustme.CA()
    server = _server(authority)
    client = _bringing(authority, tmp_path, _costly_key(EXPONENT_BITS_MAX + more))
    client.maximum_version = ssl.TLSVersion.TLSv1_2
    async with open_listener(tls="auto", context=lambda: server) as harness:
        if more:
            with pytest.raises((ssl.SSLError, ConnectionError)):
                async with call(harness, client):
                    """It gets no further."""
            return
        async with call(harness, client) as caller:
            caller.say(b"NICK ann\r\n")
            assert (await harness.receiver()).connection.peer.fingerprint
