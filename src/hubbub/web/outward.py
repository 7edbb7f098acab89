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


class NotPublic(OSError):
    """The address is not on the Internet."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the Internet: no private, local, shared or reserved one, in whatever form."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (inner is None or inner.is_global)


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
