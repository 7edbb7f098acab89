"""IP addresses in one form, so that a limit, a ban or an exemption holds for a peer however its address is written."""

import ipaddress
import re
from collections.abc import Iterator, MutableMapping
from functools import lru_cache
from typing import Final, TypeVar

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
T = TypeVar("T")

_MAPPED: Final = ipaddress.IPv6Network("::ffff:0:0/96")
"""RFC 4291, 2.5.5.2: IPv4 addresses as a socket of IPv6 shows them."""
_SUBNET_BITS: Final = 64
"""RFC 4291, 2.5.4: one customer has at least a whole subnet, and may take any address of it."""
_ZONE: Final = re.compile(r"%[0-9A-Za-z._~-]+")
"""RFC 6874: the interface at which an address of IPv6 is; it means nothing to others."""


def parse_address(text: str) -> Address:
    """The address without zone (RFC 4007), an IPv4-mapped one as IPv4. Raises ValueError for what is none.

    >>> parse_address("::ffff:192.0.2.7"), parse_address("fe80::1%eth0")
    (IPv4Address('192.0.2.7'), IPv6Address('fe80::1'))
    """
    address = ipaddress.ip_address(_without_zone(text))
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def parse_network(text: str, strict: bool = False) -> Network:
    """The network of an address or a CIDR block; its host bits may be set unless `strict`. Raises ValueError for none.

    >>> parse_network("192.0.2.7"), parse_network("::ffff:192.0.2.0/120"), parse_network("fe80::1%eth0/64")
    (IPv4Network('192.0.2.7/32'), IPv4Network('192.0.2.0/24'), IPv6Network('fe80::/64'))
    """
    address, slash, bits = text.partition("/")
    network = ipaddress.ip_network(_without_zone(address) + slash + bits, strict=strict)
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_MAPPED):
        plain = int(network.network_address) & 0xFFFF_FFFF
        return ipaddress.IPv4Network((plain, network.prefixlen - _MAPPED.prefixlen))
    return network


def _without_zone(text: str) -> str:
    address, percent, zone = text.partition("%")
    if percent and not (":" in address and _ZONE.fullmatch(percent + zone)):
        raise ValueError(text)
    return address


def known_address(text: str) -> Address | None:
    """The same as `parse_address`, for a peer that may have no address: then there is none."""
    try:
        return parse_address(text)
    except ValueError:
        return None


def one_form(text: str) -> str:
    """The canonical text of an address, as it is compared everywhere; any other text unchanged.

    >>> one_form("::ffff:192.0.2.7"), one_form("FE80::1%3"), one_form("console")
    ('192.0.2.7', 'fe80::1', 'console')
    """
    address = known_address(text)
    return text if address is None else str(address)


def subnet_of(network: Network) -> Network | None:
    """The /64 around a single address of IPv6, of which one person may take any other; None for all else.

    >>> subnet_of(parse_network("2001:db8::7")), subnet_of(parse_network("192.0.2.7"))
    (IPv6Network('2001:db8::/64'), None)
    """
    is_single = isinstance(network, ipaddress.IPv6Network) and network.prefixlen == network.max_prefixlen
    return network.supernet(new_prefix=_SUBNET_BITS) if is_single else None


@lru_cache(maxsize=4096)
def count_key(text: str) -> str:
    """The key that an address is counted under: the address for IPv4, its /64 for IPv6, any other text unchanged.

    >>> count_key("192.0.2.7"), count_key("2001:db8:1:2:3:4:5:6")
    ('192.0.2.7', '2001:db8:1:2::/64')
    """
    address = known_address(text)
    if address is None:
        return text
    return str(subnet_of(parse_network(str(address))) or address)


class NetworkTable(MutableMapping[Network, T]):
    """A table of values by network. A lookup of one address takes as many steps as there are prefix lengths,
    however many networks there are.
    """

    def __init__(self) -> None:
        self._values: dict[Network, T] = {}
        self._levels: dict[tuple[int, int], dict[int, Network]] = {}
        """(Version, length of the prefix) → prefix → network."""

    def around(self, address: Address) -> Iterator[T]:
        """The values of all networks that contain an address."""
        number = int(address)
        for (version, length), prefixes in self._levels.items():
            if version == address.version:
                network = prefixes.get(number >> (address.max_prefixlen - length))
                if network is not None:
                    yield self._values[network]

    def __getitem__(self, network: Network) -> T:
        return self._values[network]

    def __setitem__(self, network: Network, value: T) -> None:
        level, prefix = _place(network)
        self._levels.setdefault(level, {})[prefix] = network
        self._values[network] = value

    def __delitem__(self, network: Network) -> None:
        del self._values[network]
        level, prefix = _place(network)
        del self._levels[level][prefix]
        if not self._levels[level]:
            del self._levels[level]

    def __iter__(self) -> Iterator[Network]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def _place(network: Network) -> tuple[tuple[int, int], int]:
    length = network.prefixlen
    return (network.version, length), int(network.network_address) >> (network.max_prefixlen - length)
