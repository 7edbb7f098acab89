"""IP addresses in one form, so that a limit, a ban or an exemption holds for a peer however its address is written."""

import ipaddress
from functools import lru_cache
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_MAPPED: Final = ipaddress.IPv6Network("::ffff:0:0/96")
"""RFC 4291, 2.5.5.2: IPv4 addresses as a socket of IPv6 shows them."""
_SUBNET_BITS: Final = 64
"""RFC 4291, 2.5.4: one customer has at least a whole subnet, and may take any address of it."""


def parse_address(text: str) -> Address:
    """The address without zone (RFC 4007), an IPv4-mapped one as IPv4. Raises ValueError for what is none.

    >>> parse_address("::ffff:192.0.2.7"), parse_address("fe80::1%eth0")
    (IPv4Address('192.0.2.7'), IPv6Address('fe80::1'))
    """
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def parse_network(text: str) -> Network:
    """The network of an address or a CIDR block, whose host bits may be set. Raises ValueError for what is none.

    >>> parse_network("192.0.2.7"), parse_network("::ffff:192.0.2.0/120"), parse_network("fe80::1%eth0/64")
    (IPv4Network('192.0.2.7/32'), IPv4Network('192.0.2.0/24'), IPv6Network('fe80::/64'))
    """
    address, slash, bits = text.partition("/")
    network = ipaddress.ip_network(address.partition("%")[0] + slash + bits, strict=False)
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_MAPPED):
        plain = int(network.network_address) & 0xFFFF_FFFF
        return ipaddress.IPv4Network((plain, network.prefixlen - _MAPPED.prefixlen))
    return network


@lru_cache(maxsize=4096)
def count_key(text: str) -> str:
    """What an address is counted as: itself for IPv4, its /64 for IPv6; a text that is no address, as it stands.

    >>> count_key("192.0.2.7"), count_key("2001:db8:1:2:3:4:5:6")
    ('192.0.2.7', '2001:db8:1:2::/64')
    """
    try:
        address = parse_address(text)
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((address, _SUBNET_BITS), strict=False))
    return str(address)
