"""The origin of a request: the site that it is for and the page that asks, compared whole."""

import re
import socket
from collections.abc import Callable, Collection, Iterator, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Final, NamedTuple

from hubbub.addresses import parse_address

_AUTHORITY: Final = re.compile(r"(\[[0-9a-f:.]+\]|[^\s,/@:?#%*\[\]\\]+)(?::([0-9]{1,5}))?", re.IGNORECASE)
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*", re.IGNORECASE)
_PORTS: Final = {"http": 80, "https": 443}

_LOCAL_ENDINGS: Final = ("local", "home.arpa", "internal", "lan", "home", "localdomain")
"""Endings that no public name has (RFC 6762, RFC 8375, never delegated), but routers give names under some."""

Refused = tuple[HTTPStatus, str]

ONE_HOST: Final = (HTTPStatus.BAD_REQUEST, "Send exactly one Host header.")
_HOST_SENTENCE: Final = (
    "This server does not have this name. Use its address. Its administrator can add the name to "
    "tls.extra_names, or set server.web_address for a server behind a proxy."
)
_ORIGIN_SENTENCE: Final = (
    "Pages of other sites can't connect to this server. Its administrator can add this site to "
    "server.web_origins, or set server.web_address for a server behind a proxy."
)
UNKNOWN_HOST: Final = (HTTPStatus.MISDIRECTED_REQUEST, _HOST_SENTENCE)
UNKNOWN_ORIGIN: Final = (HTTPStatus.FORBIDDEN, _ORIGIN_SENTENCE)


class Origin(NamedTuple):
    """RFC 6454, 4: two pages are of the same site if all three are the same. The port is 0 where none is known."""

    scheme: str
    host: str
    port: int


def parse_host(text: str) -> tuple[str, int | None] | None:
    """The name or address and the port of `Host`, in one form; None if it is not exactly one.

    >>> parse_host("CHAT.test.:80"), parse_host("[0::1]"), parse_host("a, b")
    (('chat.test', 80), ('::1', None), None)
    """
    found = _AUTHORITY.fullmatch(text)
    if not found:
        return None
    host = found[1].lower().removeprefix("[").removesuffix("]").removesuffix(".")
    port = int(found[2]) if found[2] else None
    return (_plain(host), port) if host and (port or 0) <= 0xFFFF else None


def parse_origin(text: str) -> Origin | None:
    """The origin in one form; None for `null`, and for what is none.

    >>> parse_origin("HTTPS://chat.test:443"), parse_origin("null")
    (Origin(scheme='https', host='chat.test', port=443), None)
    """
    scheme, separator, authority = text.partition("://")
    place = parse_host(authority)
    if not separator or not _SCHEME.fullmatch(scheme) or place is None:
        return None
    return _origin(scheme.lower(), *place)


def _origin(scheme: str, host: str, port: int | None) -> Origin:
    return Origin(scheme, host, _PORTS.get(scheme, 0) if port is None else port)


class Sites:
    """By which names this server goes, and whose pages may speak to it through the browsers of their visitors.

    A page of another site could reach a server that only its visitors can: directly, which `Origin` tells; or by
    letting its own name point to this server after a while (DNS rebinding), which `Host` tells.
    """

    def __init__(
        self,
        names: Collection[str],
        web_address: str,
        origins: Sequence[str],
        certificate_names: Callable[[], Collection[str]],
        tell: Callable[[str, str], None] = lambda header, text: None,
    ) -> None:
        """`certificate_names` is asked where nothing else knows a name; `*.` may stand for one label in them.

        `tell` hears which header is refused, and what it says.
        """
        self._tell = tell
        self._all = "*" in origins
        self._origins = {found for text in origins if (found := parse_origin(text))}
        self._names = {"localhost", *machine_names()}
        self._names |= {_plain(name.lower().removesuffix(".")) for name in names}
        self._certificate_names = certificate_names
        scheme, _, rest = web_address.partition("://")
        if own := parse_origin(f"{scheme}://{rest.partition('/')[0]}"):
            self._origins.add(own)
            self._names.add(own.host)

    def refusal(
        self, host: str | None, origin: str | None, secure: bool, old: bool = False
    ) -> Refused | None:
        """Why a request is not answered; headers that came more than once are joined by commas.

        `secure` is whether it came over TLS; `old` requests (HTTP/1.0) need no `Host`.
        """
        place = parse_host(host) if host is not None else None
        if place is None and (host is not None or not old):
            return ONE_HOST
        if place is not None and not self.knows(place[0]):
            self._tell("Host", host or "")
            return UNKNOWN_HOST
        own = _origin("https" if secure else "http", *place) if place else None
        if origin is None or self._allows(origin, own):
            return None
        self._tell("Origin", origin)
        return UNKNOWN_ORIGIN

    def knows(self, host: str) -> bool:
        """Whether it is a name or an address of this server.

        Every address is: nobody can let an address point elsewhere, and which ones lead here through a router can't
        be known.
        """
        return host in self._names or _is_address(host) or self._is_certified(host)

    def _is_certified(self, host: str) -> bool:
        names = {name.lower() for name in self._certificate_names()}
        return host in names or f"*.{host.partition('.')[2]}" in names

    def _allows(self, text: str, own: Origin | None) -> bool:
        origin = parse_origin(text)
        return origin is not None and (self._all or origin == own or origin in self._origins)


def machine_names(resolver: Path = Path("/etc/resolv.conf")) -> set[str]:
    """The names that reach this machine from its own network without any setup."""
    name = socket.gethostname().lower().removesuffix(".")
    label = name.partition(".")[0]
    endings = (*_LOCAL_ENDINGS, *_search_domains(resolver))
    return {name, label, *(f"{label}.{ending}" for ending in endings)}


def _search_domains(resolver: Path) -> Iterator[str]:
    """The search domains that the resolver appends to a name without a dot (resolv.conf(5))."""
    try:
        lines = resolver.read_text(errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        word, *domains = line.split() or [""]
        if word in ("search", "domain"):
            yield from (domain.lower().strip(".") for domain in domains)


def _plain(host: str) -> str:
    try:
        return str(parse_address(host))
    except ValueError:
        return host


def _is_address(host: str) -> bool:
    try:
        parse_address(host)
    except ValueError:
        return False
    return True
