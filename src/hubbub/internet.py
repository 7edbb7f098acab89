"""Addresses, host names and URLs: which are public, and which belong to a private network."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from typing import Final

from hubbub.addresses import Address, Network, parse_address, parse_network

SPECIAL_4: Final = (
    "0.0.0.0/8",  # RFC 791, 3.2: this network
    "10.0.0.0/8",  # RFC 1918: private
    "100.64.0.0/10",  # RFC 6598: shared behind a carrier's NAT
    "127.0.0.0/8",  # RFC 1122, 3.2.1.3: loopback
    "168.63.129.16/32",  # not IANA's: where Azure answers each of its machines about itself
    "169.254.0.0/16",  # RFC 3927: link-local, and where other clouds do that
    "172.16.0.0/12",  # RFC 1918: private
    "192.0.0.0/24",  # RFC 6890, 2.1: protocol assignments; the global ones (RFC 7723, 8155) are the nearest's
    "192.0.2.0/24",  # RFC 5737: documentation
    "192.31.196.0/24",  # RFC 7535: AS112, which any network may answer by itself
    "192.52.193.0/24",  # RFC 7450: relays of multicast, the nearest answers
    "192.88.99.0/24",  # RFC 7526: relays of 6to4, given up
    "192.168.0.0/16",  # RFC 1918: private
    "192.175.48.0/24",  # RFC 7534: AS112 again
    "198.18.0.0/15",  # RFC 2544: measurements
    "198.51.100.0/24",  # RFC 5737: documentation
    "203.0.113.0/24",  # RFC 5737: documentation
    "224.0.0.0/4",  # RFC 5771: multicast
    "240.0.0.0/4",  # RFC 1112, 4, and RFC 919, 7: reserved, and broadcast
)
"""IANA's registry of special purposes: what no public website has. Python's own copy differs by its version."""

UNICAST_6: Final = "2000::/3"
"""RFC 4291, 2.4, and what of it IANA gives out: everything else is local, or not yet anybody's."""

SPECIAL_6: Final = (
    "2001::/23",  # RFC 2928: protocol assignments; Teredo (RFC 4380), ORCHID (RFC 7343) and others are of it
    "2001:db8::/32",  # RFC 3849: documentation
    "2620:4f:8000::/48",  # RFC 7534: AS112
    "3ffe::/16",  # RFC 3701: the 6bone, given back
    "3fff::/20",  # RFC 9637: documentation
)
"""The same registry for IPv6, as far as it lies within what is given out."""

LOCAL_NAMES: Final = frozenset(
    {
        "localhost",  # RFC 6761, 6.3
        "local",  # RFC 6762: multicast DNS
        "localdomain",  # RFC 6761, 6.3, as systems write it
        "internal",  # kept for private use by ICANN's board in 2024
        "arpa",  # RFC 3172: no websites; home.arpa (RFC 8375) is a home's own
        "onion",  # RFC 7686: not of the DNS
        "alt",  # RFC 9476: not of the DNS
        "test",  # RFC 6761, 6.2
        "invalid",  # RFC 6761, 6.4
        "example",  # RFC 6761, 6.5
        *("intranet", "private", "corp", "home", "lan"),  # RFC 6762, appendix G: what networks use inside
    }
)
"""The last words of names that the public DNS knows nothing of."""

URL_CHARACTERS_MAX: Final = 2_000

_LABEL: Final = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*+\.?")
_NAME_CHARACTERS_MAX: Final = 253
"""RFC 1035, 2.3.4."""
_NUMBER: Final = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")
"""WHATWG URL, "ends in a number": somewhere such a name is read as an IPv4 address."""

_WEB_ADDRESS: Final = re.compile(
    r"(?P<scheme>https?)://"
    r"(?:(?P<user>[A-Za-z0-9._~%!$&'()*+,;=:-]*+)@)?"
    r"(?:\[(?P<literal>[0-9A-Fa-f:.]++)\]|(?P<host>[A-Za-z0-9._-]++))"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?:[/?#][!-~]*+)?"
)

_GATEWAYS: Final = IPv6Network("64:ff9b::/96")
_6TO4: Final = IPv6Network("2002::/16")


@lru_cache(maxsize=256)
def _network(text: str) -> Network:
    return parse_network(text)


def is_in(address: Address, networks: Sequence[str]) -> bool:
    """Whether an address is in one of these networks; they are right, or this raises ValueError."""
    return any(address in _network(network) for network in networks)


def destination(address: Address) -> Address:
    """Where packets to an address end: at the IPv4 address within it for gateways (RFC 6052) and 6to4 (RFC 3056).

    >>> destination(IPv6Address("64:ff9b::10.0.0.1")), destination(IPv6Address("2002:7f00:1::"))
    (IPv4Address('10.0.0.1'), IPv4Address('127.0.0.1'))
    """
    if isinstance(address, IPv6Address):
        if address in _GATEWAYS:
            return IPv4Address(address.packed[-4:])
        if address in _6TO4:
            return IPv4Address(address.packed[2:6])
    return address


def is_public(address: Address) -> bool:
    """Whether it is an address of the Internet: no private, local, shared or reserved one, in whatever form."""
    found = destination(address)
    if isinstance(found, IPv4Address):
        return not is_in(found, SPECIAL_4)
    return found in _network(UNICAST_6) and not is_in(found, SPECIAL_6)


def is_name(host: str) -> bool:
    """Whether it is a host name by its syntax, and cannot be read as a number."""
    last = host.rstrip(".").rpartition(".")[2]
    fits = len(host) <= _NAME_CHARACTERS_MAX and _NAME.fullmatch(host)
    return bool(fits) and not _NUMBER.fullmatch(last)


def _is_plain(host: str) -> bool:
    """Whether it is a name, or an IPv4 address of four numbers."""
    try:
        return is_name(host) or bool(parse_address(host))
    except ValueError:
        return False


def is_public_name(host: str) -> bool:
    """Whether the public DNS could know such a name: it has a dot, and is none that networks use inside."""
    _, dot, last = host.rstrip(".").rpartition(".")
    return bool(dot) and is_name(host) and last.lower() not in LOCAL_NAMES


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address of the web that every program reads in the same way; `host` without brackets."""

    scheme: str
    host: str
    port: int
    user: bool = False
    """Whether a name or a password for it stands in front of the host."""

    @property
    def address(self) -> Address | None:
        """None if the host is a name."""
        try:
            return parse_address(self.host)
        except ValueError:
            return None


def parse_web_address(text: str) -> WebAddress:
    """Read an address in plain ASCII whose host is a name, an IPv4 address of four numbers, or an IPv6 address.

    Raises ValueError for any other: another notation, control characters or backslashes are read differently by others.

    >>> parse_web_address("https://push.example.net/abc")
    WebAddress(scheme='https', host='push.example.net', port=443, user=False)
    """
    found = _WEB_ADDRESS.fullmatch(text) if len(text) <= URL_CHARACTERS_MAX else None
    if found is None:
        raise ValueError("this is not a web address")
    host = found["literal"] or found["host"]
    port = int(found["port"] or (443 if found["scheme"] == "https" else 80))
    parsed = WebAddress(found["scheme"], host, port, found["user"] is not None)
    is_host = parsed.address is not None if ":" in host else not found["literal"] and _is_plain(host)
    if not is_host or not 0 < port < 65_536:
        raise ValueError("this is not a web address")
    return parsed
