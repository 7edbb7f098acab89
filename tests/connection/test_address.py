"""Servers' addresses, as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.connection.address import Address, AddressError, parse_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("chat.example.org", Address("chat.example.org")),
        ("chat.example.org:6697", Address("chat.example.org", 6697)),
        (" localhost ", Address("localhost")),
        ("192.168.1.5:12345", Address("192.168.1.5")),
        ("[::1]:7000", Address("::1", 7000)),
        ("irc://irc.example.org", Address("irc.example.org", 6667, tls=False)),
        ("ircs://irc.example.org", Address("irc.example.org", 6697, tls=True)),
        ("wss://example.org/irc", Address("example.org", 443, tls=True, websocket=True, path="/irc")),
        ("ws://localhost:8080", Address("localhost", 8080, tls=False, websocket=True, path="/irc")),
        ("ann@chat.example.org", Address("chat.example.org", name="ann")),
        ("hubbub://chat.example.org/tea", Address("chat.example.org", room="#tea")),
        ("hubbub://chat.example.org/#tea", Address("chat.example.org", room="#tea")),
        ("hubbub://chat.example.org/invitation/k3-R_9", Address("chat.example.org", invitation="k3-R_9")),
        ("https://chat.example.org/", Address("chat.example.org", 443, tls=True, websocket=True)),
        (
            "http://localhost:12345/#/invitation/k3sR9",
            Address("localhost", 12345, tls=False, websocket=True, invitation="k3sR9"),
        ),
    ],
)
def test_read(text: str, address: Address) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text", ["", " ", "a b", "ftp://x", "x:0", "x:65536", "x:123456", "x:y", ":1", "[::1", "a:1:2", "@x@y"]
)
def test_none(text: str) -> None:
    with pytest.raises(AddressError):
        parse_address(text)


@pytest.mark.parametrize(
    "text",
    ["chat.example.org", "chat.example.org:7000", "irc://x", "ircs://x:7000", "ws://x:8080", "[::1]:7000"],
)
def test_written_as_it_was_read(text: str) -> None:
    assert str(parse_address(text)) == text


@given(st.text(max_size=60))
def test_anything_is_an_address_or_none(text: str) -> None:
    try:
        found = parse_address(text)
    except AddressError:
        return
    assert found.host and 0 < found.port < 65536


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("example.org", False),
        ("10.0.0.1", False),
    ],
)
def test_what_is_within_this_machine(host: str, is_local: bool) -> None:
    address = Address(host)
    assert address.is_local is is_local and address.is_secure is not is_local
    assert Address(host, tls=True).is_secure and not Address(host, tls=False).is_secure
