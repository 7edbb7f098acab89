"""Asking other machines on somebody's behalf: never one of the own network, whatever its name resolves to."""

import ipaddress
import socket
from typing import Final
from urllib.parse import urlsplit

from aiohttp import ClientSession, ClientTimeout, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

import hubbub

SECONDS: Final = ClientTimeout(total=10, connect=5)
CONNECTIONS_MAX: Final = 20

_GATEWAYS: Final = ipaddress.IPv6Network("64:ff9b::/96")
_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
"""RFC 4291, 2.4, and what of it IANA gives out: everything else is local, or not yet anybody's."""


class NotPublic(OSError):
    """The address is not on the Internet."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the Internet: no private, local, shared or reserved one, in whatever form."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = _inner(found)
        if inner is None:
            return found in _UNICAST and found.is_global
        found = inner
    return found.is_global and not found.is_multicast


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The older address that stands in a newer one: mapped, 6to4, or for a gateway between the two (RFC 6052)."""
    if address in _GATEWAYS:
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour


def check(url: str) -> None:
    """Raises NotPublic for an address that is written as a number and is none of the Internet."""
    host = urlsplit(url).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return
    if not is_public(host):
        raise NotPublic(f"{host} is not on the Internet")


class _PublicResolver(AbstractResolver):
    """What a name resolves to is looked at where it is used: nobody can answer with something else later."""

    def __init__(self) -> None:
        self._inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        public = [one for one in found if is_public(one["host"])]
        if not public:
            raise NotPublic(f"{host} is not on the Internet")
        return public

    async def close(self) -> None:
        await self._inner.close()


def client() -> ClientSession:
    """To be closed by whoever has made it; `check` each URL first, and follow no redirect by itself."""
    connector = TCPConnector(resolver=_PublicResolver(), limit=CONNECTIONS_MAX)
    return ClientSession(
        connector=connector, timeout=SECONDS, headers={"User-Agent": f"Hubbub/{hubbub.__version__}"}
    )
