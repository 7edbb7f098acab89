"""The one HTTP client for requests on users' behalf: each address is checked where it is dialled."""

import asyncio
import re
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache, partial
from http import HTTPMethod
from typing import Any, Final

from aiohttp import (
    ClientConnectorError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler
from yarl import URL

import hubbub
from hubbub.addresses import Address, parse_address
from hubbub.internet import URL_CHARACTERS_MAX, destination, is_in, is_name, is_public, is_public_name
from hubbub.transports.key_exchange import keep_to_curves
from hubbub.transports.key_updates import limit_key_updates
from hubbub.transports.own_addresses import is_own, own_networks

SECONDS: Final = ClientTimeout(total=10, connect=5)
"""Of one request, from the first lookup to the last byte of its answer."""
CONNECTIONS_MAX: Final = 20
LOOKUPS_MAX: Final = 2
"""The most lookups at once: the system's resolver waits in threads, which cannot be interrupted."""
LOOKUPS_WAITING_MAX: Final = 20
HEADER_BYTES_MAX: Final = 8_190
HEADERS_MAX: Final = 128
CHUNK_BYTES: Final = 16_384
ANSWERS_MAX: Final = 16
"""On one connection: the answer, and those before it that only say that it comes (RFC 9110, 15.2)."""

NAME_CHARACTERS_MAX: Final = 253
LABEL_CHARACTERS_MAX: Final = 63
"""RFC 1035, 2.3.4; written for the DNS no label is shorter. Longer ones take seconds to be written so (RFC 3492)."""

_DOTS: Final = re.compile(r"[.\u3002\uff0e\uff61]")
"""RFC 3490, 3.1."""

SECURE: Final = frozenset({"https"})
CLEAR_TOO: Final = frozenset({"http", "https"})

Networks = Callable[[], Sequence[str]]


class NotPublic(OSError):
    """The address is not public, or this client may not dial it."""

    def __init__(self) -> None:
        super().__init__("it is not on the Internet")


def _none() -> Sequence[str]:
    return ()


class Outward:
    """Asks the Internet and nothing else, at ports that are given.

    `closed` gives networks that count as own besides those that are known to be; `opened` gives those of the own ones
    that may be asked all the same. Both are read before each connection.
    """

    def __init__(
        self,
        schemes: frozenset[str],
        is_port: Callable[[int], bool],
        closed: Networks = _none,
        opened: Networks = _none,
        connections: int = CONNECTIONS_MAX,
    ) -> None:
        self._schemes, self._is_port = schemes, is_port
        self._closed, self._opened = closed, opened
        connector = TCPConnector(
            resolver=_Resolver(lambda: bool(opened())),
            socket_factory=self._socket,
            ssl=_thrifty(trusting()),
            limit=connections,
            # Each request is dialled anew, and so looked at anew.
            force_close=True,
        )
        # aiohttp has no other place to say what reads a connection.
        connector._factory = partial(_reading, asyncio.get_running_loop())
        self._session = ClientSession(
            connector=connector,
            cookie_jar=DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            timeout=SECONDS,
            max_line_size=HEADER_BYTES_MAX,
            max_field_size=HEADER_BYTES_MAX,
            max_headers=HEADERS_MAX,
            headers={"User-Agent": f"Hubbub/{hubbub.__version__}", "Accept-Encoding": "gzip"},
        )

    async def close(self) -> None:
        await self._session.close()

    @asynccontextmanager
    async def ask(
        self, method: HTTPMethod, url: str | URL, headers: Mapping[str, str], data: bytes | None = None
    ) -> AsyncIterator[ClientResponse]:
        """One request, and no redirect. Raises NotPublic, ValueError for no URL, ClientError, OSError, TimeoutError."""
        target = parse(url)
        if target.scheme not in self._schemes:
            raise NotPublic
        try:
            async with self._session.request(
                method, target, headers=headers, data=data, allow_redirects=False
            ) as answer:
                yield answer
        except ClientConnectorError as error:
            if isinstance(error.os_error, NotPublic):
                raise NotPublic from error
            raise

    def _socket(self, info: tuple[Any, Any, int, str, tuple[Any, ...]]) -> socket.socket:
        """The socket for an address to which it is connected next: the last place that everything comes through."""
        family, kind, protocol, _, address = info
        self.check(str(address[0]), int(address[1]))
        return socket.socket(family, kind, protocol)

    def check(self, host: str, port: int) -> None:
        """Raises NotPublic unless this client may connect to that address."""
        try:
            # A zone (RFC 4007) belongs to addresses of a link alone.
            address = None if "%" in host else parse_address(host)
        except ValueError:
            address = None
        if address is None or not self._is_port(port) or not self._is_for(address):
            raise NotPublic

    def _is_for(self, address: Address) -> bool:
        if is_in(address, self._opened()):
            return True
        if not is_public(address):
            return False
        return not any(map(self._is_near, {address, destination(address)}))

    def _is_near(self, address: Address) -> bool:
        """Whether it is an address of this machine or of a network it stands in, though all the world has such ones."""
        is_neighbour = any(address in network for network in own_networks())
        return is_neighbour or is_in(address, self._closed()) or is_own(address)


@cache
def trusting() -> ssl.SSLContext:
    """The context of TLS that trusts the authorities which the machine trusts; the first call reads all of them."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


def _thrifty(context: ssl.SSLContext) -> ssl.SSLContext:
    """The same context, with which no other machine lets this one's event loop calculate for seconds."""
    keep_to_curves(context)
    limit_key_updates(context)
    return context


class _FewAnswers(ResponseHandler):
    """Reads a connection; one on which answers come without end is cut, and not read for as long as it may last."""

    _answers = 0

    def feed_data(self, data: Any, size: int = 0) -> None:
        self._answers += 1
        if self._answers <= ANSWERS_MAX:
            super().feed_data(data, size)
        elif self.transport is not None:
            self.transport.abort()


def _reading(loop: asyncio.AbstractEventLoop) -> ResponseHandler:
    """The reader of one connection."""
    return _FewAnswers(loop)


def parse(url: str | URL) -> URL:
    """As it is dialled. Raises ValueError for what is no address of another machine."""
    found = parse_relative(url) if isinstance(url, str) else url
    if not found.absolute or not found.raw_host:
        raise ValueError("this is no address of another machine")
    return found


def parse_relative(text: str) -> URL:
    """The same for what may stand on a page of another machine."""
    if len(text) > URL_CHARACTERS_MAX:
        raise ValueError("this address is too long")
    # Found by the same reader, which leaves it as it is.
    host = URL(text, encoded=True).raw_host or ""
    if len(host) > NAME_CHARACTERS_MAX or max(map(len, _DOTS.split(host))) > LABEL_CHARACTERS_MAX:
        raise ValueError("this name is too long")
    return URL(text)


class _Resolver(AbstractResolver):
    """Resolves public names only, unless the private network is open: no DNS server there learns of the others."""

    def __init__(self, is_local_allowed: Callable[[], bool]) -> None:
        self._is_local_allowed = is_local_allowed
        self._turn = asyncio.Semaphore(LOOKUPS_MAX)
        self._waiting = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        # A dot at the end keeps the system from trying the name in domains of its own.
        name = host if self._is_local_allowed() else f"{host.rstrip('.')}."
        if not is_name(host) or not (self._is_local_allowed() or is_public_name(host)):
            raise NotPublic
        if self._waiting >= LOOKUPS_WAITING_MAX:
            raise OSError("too many names are being looked up")
        self._waiting += 1
        try:
            async with self._turn:
                found = await look_up(name, port, family)
        finally:
            self._waiting -= 1
        if not found:
            raise OSError("this name has no address")
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=of_family,
                proto=protocol,
                flags=socket.AI_NUMERICHOST,
            )
            for of_family, protocol, address in found
        ]

    async def close(self) -> None:
        """Close the connections; lookups under way end by themselves."""


async def look_up(
    name: str, port: int, family: socket.AddressFamily
) -> list[tuple[int, int, tuple[Any, ...]]]:
    """Family, protocol and address of a name, as the system's resolver knows them."""
    found = await asyncio.get_running_loop().getaddrinfo(name, port, family=family, type=socket.SOCK_STREAM)
    return [(of_family, protocol, address) for of_family, _, protocol, _, address in found]


async def read(answer: ClientResponse, bytes_max: int) -> bytes:
    """The beginning of an answer, unpacked; neither more than that is taken, nor does more come out.

    Raises ValueError for an encoding that was not asked for.
    """
    packing = answer.headers.get("Content-Encoding", "identity").strip().lower()
    if packing not in ("", "identity", "gzip", "x-gzip"):
        raise ValueError(f"an answer is packed as {packing[:20]!r}")
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16) if packing.endswith("gzip") else None
    data, taken = bytearray(), 0
    async for chunk in answer.content.iter_chunked(CHUNK_BYTES):
        taken += len(chunk)
        try:
            data += unpacking.decompress(chunk, bytes_max - len(data)) if unpacking else chunk
        except zlib.error as error:
            raise ValueError("an answer can't be unpacked") from error
        if max(taken, len(data)) >= bytes_max or (unpacking and unpacking.eof):
            break
    return bytes(data[:bytes_max])
