"""The rules of one port."""

import ssl

import pytest

from hubbub.transports.admission import Admission, AdmissionLimits
from hubbub.transports.base import WireProtocol
from hubbub.transports.listener_policy import ListenerPolicy, TlsMode
from hubbub.transports.protocol_signatures import Opening


def gate(*kinds: WireProtocol, tls: TlsMode = "never") -> ListenerPolicy:
    context = None if tls == "never" else lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    return ListenerPolicy(
        "main", lambda connection: None, Admission(AdmissionLimits()), kinds=kinds, tls=tls, context=context
    )


@pytest.mark.parametrize(
    ("kinds", "opening", "kind"),
    [
        ((WireProtocol.IRC, WireProtocol.NETCAT), Opening.OTHER, WireProtocol.NETCAT),
        ((WireProtocol.IRC, WireProtocol.NETCAT), Opening.HTTP, WireProtocol.HTTP),
        ((WireProtocol.IRC,), Opening.HTTP, WireProtocol.HTTP),
        ((WireProtocol.IRC, WireProtocol.NETCAT), Opening.IRC, WireProtocol.IRC),
        ((WireProtocol.HTTP, WireProtocol.IRC), Opening.OTHER, WireProtocol.HTTP),
        ((WireProtocol.HTTP, WireProtocol.IRC), Opening.SSH, WireProtocol.HTTP),
        ((WireProtocol.SSH,), Opening.TLS, WireProtocol.SSH),
    ],
)
def test_what_is_not_served_falls_back_but_for_http(
    kinds: tuple[WireProtocol, ...], opening: Opening, kind: WireProtocol
) -> None:
    assert gate(*kinds).kind(opening) is kind


@pytest.mark.parametrize(
    ("kinds", "protocol", "kind"),
    [
        ((WireProtocol.IRC, WireProtocol.NETCAT), "irc", WireProtocol.IRC),
        ((WireProtocol.IRC, WireProtocol.NETCAT), "http/1.1", WireProtocol.HTTP),
        ((WireProtocol.IRC,), "http/1.1", WireProtocol.HTTP),
        ((WireProtocol.NETCAT, WireProtocol.HTTP), "irc", None),
        ((WireProtocol.IRC, WireProtocol.NETCAT), None, None),
        ((WireProtocol.IRC,), None, None),
    ],
)
def test_a_handshake_decides_among_what_is_served(
    kinds: tuple[WireProtocol, ...], protocol: str | None, kind: WireProtocol | None
) -> None:
    assert gate(*kinds, tls="auto").alpn_kind(protocol) is kind


def test_a_gate_to_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one kind"):
        gate()


@pytest.mark.parametrize("tls", ["auto", "only"])
def test_tls_without_a_certificate_is_a_mistake(tls: TlsMode) -> None:
    with pytest.raises(ValueError, match="needs a certificate"):
        ListenerPolicy("main", lambda connection: None, Admission(AdmissionLimits()), tls=tls)
