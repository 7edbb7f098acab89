"""Addresses mean the same peer however they are written."""

import doctest
import sys
from ipaddress import IPv4Address, IPv6Address, ip_network
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub import addresses
from hubbub.addresses import NetworkTable, count_key, parse_address, parse_network


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


_near = st.integers(0, 255).map(lambda low: (192 << 24) + low)
_addresses = st.one_of(_near.map(IPv4Address), _near.map(IPv6Address))
_networks = st.tuples(_addresses, st.integers(0, 32)).map(
    lambda made: (
        ip_network((int(made[0]), made[0].max_prefixlen - made[1]), strict=False)
        if made[0].version == 4
        else ip_network((made[0], 128 - made[1]), strict=False)
    )
)


@given(st.lists(_networks, max_size=12), st.lists(_networks, max_size=6), _addresses)
def test_a_table_finds_what_holds_for_an_address(
    added: list[Any], removed: list[Any], address: IPv4Address | IPv6Address
) -> None:
    table: NetworkTable[str] = NetworkTable()
    for network in added:
        table[network] = str(network)
    for network in removed:
        table.pop(network, None)
    left = {network: str(network) for network in added if network not in removed}
    assert dict(table) == left
    assert sorted(table.around(address)) == sorted(
        told for network, told in left.items() if address in network
    )


def test_a_table_of_many_is_searched_no_longer() -> None:
    """One after the other, 20,000 bans of addresses would take 20,000 comparisons."""
    table: NetworkTable[int] = NetworkTable()
    for number in range(20_000):
        table[parse_network(f"10.0.{number >> 8}.{number & 255}")] = number
    table[parse_network("10.0.0.0/9")] = -1
    steps = 0

    def count(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal steps
        steps += event == "line"
        return count

    sys.settrace(count)
    try:
        found = list(table.around(parse_address("10.0.7.7")))
    finally:
        sys.settrace(None)
    assert sorted(found) == [-1, 1799]
    assert steps < 200
