"""The machine's own addresses, found without sending anything."""

import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hubbub.addresses import parse_address

_ELSEWHERE: Final = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses that are nobody's (RFC 5737, RFC 3849): a way there leads over the network that others are on."""

_GET_INTERFACE_ADDRESS: Final = 0x8915


def own_addresses() -> list[str]:
    """List the addresses at which others may reach this machine; the likeliest comes first.

    Loopback and link-local addresses are left out: others cannot use them as they stand.
    """
    candidates = [*_outward(), *_of_interfaces(), *_of_interfaces_6(Path("/proc/net/if_inet6"))]
    return [address for address in dict.fromkeys(candidates) if _is_for_others(address)]


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


def _of_interfaces() -> Iterator[str]:
    if sys.platform != "linux":
        return
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            request = struct.pack("256s", name.encode()[:15])
            try:
                answer = fcntl.ioctl(probe.fileno(), _GET_INTERFACE_ADDRESS, request)
            except OSError:  # The interface has no address.
                continue
            yield socket.inet_ntoa(answer[20:24])


def _of_interfaces_6(table: Path) -> Iterator[str]:
    """Read Linux's table: one line for each address, which begins with 32 hexadecimal digits."""
    try:
        lines = table.read_text().splitlines()
    except OSError:  # Another system, or no IPv6.
        return
    for line in lines:
        yield socket.inet_ntop(socket.AF_INET6, bytes.fromhex(line.split()[0]))
