"""Key exchanges: over elliptic curves, and over nothing that lets the event loop calculate for long."""

import ssl
from pathlib import Path

import pytest
import trustme

from hubbub.transports import key_exchange
from hubbub.transports.certificates import Certificates
from hubbub.transports.key_exchange import keep_to_curves, set_groups
from tests.transports.listener_harness import call, open_listener
from tests.transports.test_certificates import given

FINITE_FIELDS = (b"ffdhe2048", b"ffdhe8192")


def _client(*groups: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    assert not groups or set_groups(context, b":".join(groups))
    return context


@pytest.mark.parametrize("group", FINITE_FIELDS)
async def test_the_server_agrees_on_no_key_over_a_finite_field(tmp_path: Path, group: bytes) -> None:
    certificates = Certificates(given(tmp_path, "localhost"))
    async with open_listener(tls="auto", context=certificates.context) as harness:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            async with call(harness, _client(group)):
                """It gets no further."""
        async with call(harness, _client(group, b"P-256")) as caller:
            caller.say(b"NICK ann\r\n")
            assert (await harness.receiver()).connection.peer.secure


@pytest.mark.parametrize("group", [b"X25519", b"P-256", b"P-384", b"P-521"])
async def test_every_usual_curve_is_spoken(tmp_path: Path, group: bytes) -> None:
    certificates = Certificates(given(tmp_path, "localhost"))
    async with (
        open_listener(tls="auto", context=certificates.context) as harness,
        call(harness, _client(group)) as caller,
    ):
        caller.say(b"NICK ann\r\n")
        assert (await harness.receiver()).connection.peer.secure


async def test_where_the_groups_can_not_be_set_one_curve_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_exchange, "_CURVES", b"no such group")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(server)
    keep_to_curves(server)
    async with open_listener(tls="auto", context=lambda: server) as harness:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            async with call(harness, _client(b"ffdhe2048")):
                """It gets no further."""
        async with call(harness, _client()) as caller:
            caller.say(b"NICK ann\r\n")
            assert (await harness.receiver()).connection.peer.secure


@pytest.mark.parametrize("protocol", [ssl.PROTOCOL_TLS_SERVER, ssl.PROTOCOL_TLS_CLIENT])
def test_of_the_older_ciphers_those_over_curves_are_left(protocol: int) -> None:
    context = ssl.SSLContext(protocol)
    keep_to_curves(context)
    assert {one["kea"] for one in context.get_ciphers()} == {"kx-any", "kx-ecdhe"}
