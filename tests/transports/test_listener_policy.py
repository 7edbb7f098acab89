"""The rules of one port."""

import ssl

import pytest

from hubbub.transports.admission import Admission, Limits
from hubbub.transports.base import Kind
from hubbub.transports.listener_policy import Gate, TlsMode
from hubbub.transports.protocol_signatures import Opening


def gate(*kinds: Kind, tls: TlsMode = "never") -> Gate:
    context = None if tls == "never" else lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    return Gate("main", lambda connection: None, Admission(Limits()), kinds=kinds, tls=tls, context=context)


@pytest.mark.parametrize(
    ("kinds", "opening", "kind"),
    [
        ((Kind.IRC, Kind.NETCAT), Opening.OTHER, Kind.NETCAT),
        ((Kind.IRC, Kind.NETCAT), Opening.HTTP, Kind.HTTP),
        ((Kind.IRC,), Opening.HTTP, Kind.HTTP),
        ((Kind.IRC, Kind.NETCAT), Opening.IRC, Kind.IRC),
        ((Kind.HTTP, Kind.IRC), Opening.OTHER, Kind.HTTP),
        ((Kind.HTTP, Kind.IRC), Opening.SSH, Kind.HTTP),
        ((Kind.SSH,), Opening.TLS, Kind.SSH),
    ],
)
def test_what_is_not_served_falls_back_but_for_http(
    kinds: tuple[Kind, ...], opening: Opening, kind: Kind
) -> None:
    assert gate(*kinds).kind(opening) is kind


@pytest.mark.parametrize(
    ("kinds", "protocol", "kind"),
    [
        ((Kind.IRC, Kind.NETCAT), "irc", Kind.IRC),
        ((Kind.IRC, Kind.NETCAT), "http/1.1", Kind.HTTP),
        ((Kind.IRC,), "http/1.1", Kind.HTTP),
        ((Kind.NETCAT, Kind.HTTP), "irc", None),
        ((Kind.IRC, Kind.NETCAT), None, None),
        ((Kind.IRC,), None, None),
    ],
)
def test_a_handshake_decides_among_what_is_served(
    kinds: tuple[Kind, ...], protocol: str | None, kind: Kind | None
) -> None:
    assert gate(*kinds, tls="auto").alpn_kind(protocol) is kind


def test_a_gate_to_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one kind"):
        gate()


@pytest.mark.parametrize("tls", ["auto", "only"])
def test_tls_without_a_certificate_is_a_mistake(tls: TlsMode) -> None:
    with pytest.raises(ValueError, match="needs a certificate"):
        Gate("main", lambda connection: None, Admission(Limits()), tls=tls)
