"""Addresses mean the same peer however they are written."""

import doctest

import pytest

from hubbub import addresses
from hubbub.addresses import count_key, parse_address, parse_network


def test_the_examples_in_the_module() -> None:
    assert doctest.testmod(addresses).failed == 0


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("::FFFF:7f00:1", "127.0.0.1"),
        ("0:0:0:0:0:ffff:127.0.0.1", "127.0.0.1"),
        ("::1%lo", "::1"),
        ("FE80::1%3", "fe80::1"),
    ],
)
def test_one_form(text: str, form: str) -> None:
    assert str(parse_address(text)) == form


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("::ffff:0:0/96", "0.0.0.0/0"),
        ("::ffff:127.0.0.1", "127.0.0.1/32"),
        ("::ffff:10.1.2.3/104", "10.0.0.0/8"),
        ("::/0", "::/0"),
        ("::ffff:0:0/95", "::fffe:0:0/95"),
        ("192.0.2.77/24", "192.0.2.0/24"),
        ("fe80::1%eth0", "fe80::1/128"),
    ],
)
def test_one_form_of_a_network(text: str, form: str) -> None:
    assert str(parse_network(text)) == form


@pytest.mark.parametrize(
    "text", ["", "%", "localhost", "1.2.3", "1.2.3.4.5", "::ffff:1.2.3.4/129", "/8", "１.2.3.4"]
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError):
        parse_network(text)
    with pytest.raises(ValueError):
        parse_address(text)


def test_an_address_is_counted_with_its_subnet() -> None:
    assert count_key("2001:db8::1") == count_key("2001:db8::ffff:1") == "2001:db8::/64"
    assert count_key("2001:db8:0:1::1") != count_key("2001:db8::1")
    assert count_key("::ffff:192.0.2.1") == count_key("192.0.2.1") == "192.0.2.1"
    assert count_key("192.0.2.2") != count_key("192.0.2.1")
    assert count_key("the console") == "the console"
