"""The machine's own addresses, found without sending anything."""

import ipaddress
import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hubbub.addresses import Address, Network, parse_address

_ELSEWHERE: Final = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Documentation addresses (RFC 5737, RFC 3849): the route to them leads over the network that others are on."""

_TABLE_6: Final = Path("/proc/net/if_inet6")
_GET_INTERFACE_ADDRESS: Final = 0x8915
_GET_INTERFACE_MASK: Final = 0x891B
_SUBNET_BITS: Final = 64
"""RFC 4291, 2.5.4: of IPv6 a network is no smaller, however few of its addresses an interface claims."""


def own_addresses() -> list[str]:
    """List the addresses at which others may reach this machine; the likeliest comes first.

    Loopback and link-local addresses are left out: others cannot use them as they stand.
    """
    candidates = [*_outward(), *(str(one.ip) for one in _interfaces())]
    return [address for address in dict.fromkeys(candidates) if _is_for_others(address)]


def own_networks() -> list[Network]:
    """List the networks in which this machine stands, as far as its interfaces tell: of IPv4 the first of each."""
    return [one.network for one in _interfaces()]


def is_own(address: Address) -> bool:
    """Whether an address is one of this machine, by its routing table: what one sends to oneself comes from there."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((str(address), 9))
            return parse_address(probe.getsockname()[0]) == address
    except OSError:  # There is no way to it.
        return False


def _is_for_others(text: str) -> bool:
    address = parse_address(text)
    return not (
        address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast
    )


def _outward() -> Iterator[str]:
    """Ask the routing table: connecting a datagram socket chooses its address and sends nothing."""
    for family, elsewhere in _ELSEWHERE:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((elsewhere, 9))
                yield str(parse_address(probe.getsockname()[0]))
        except OSError:  # No such network here.
            continue


def _interfaces() -> Iterator[ipaddress.IPv4Interface | ipaddress.IPv6Interface]:
    yield from _of_interfaces()
    yield from _of_interfaces_6(_TABLE_6)


def _of_interfaces() -> Iterator[ipaddress.IPv4Interface]:
    if sys.platform != "linux":
        return
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            request = struct.pack("256s", name.encode()[:15])
            try:
                address, mask = (
                    socket.inet_ntoa(fcntl.ioctl(probe.fileno(), question, request)[20:24])
                    for question in (_GET_INTERFACE_ADDRESS, _GET_INTERFACE_MASK)
                )
            except OSError:  # The interface has no address.
                continue
            yield ipaddress.IPv4Interface(f"{address}/{mask}")


def _of_interfaces_6(table: Path) -> Iterator[ipaddress.IPv6Interface]:
    """Read Linux's table: each line begins with the 32 hexadecimal digits of an address, its index and prefix."""
    try:
        lines = table.read_text().splitlines()
    except OSError:  # Another system, or no IPv6.
        return
    for line in lines:
        digits, _, bits, *_ = line.split()
        yield ipaddress.IPv6Interface((int(digits, 16), min(int(bits, 16), _SUBNET_BITS)))
