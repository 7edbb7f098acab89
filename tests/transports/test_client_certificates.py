"""Certificates of clients: asked for and taken, whoever has signed them, and nobody else is bothered."""

import hashlib
import ssl
from pathlib import Path

import pytest
import trustme

from hubbub.transports.client_certificates import ask_for_certificates
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
