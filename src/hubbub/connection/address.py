"""A server's address, as people write it."""

import re
from dataclasses import dataclass
from typing import Final

from hubbub.addresses import known_address

DEFAULT_PORT: Final = 12345

_SCHEMES: Final[dict[str, tuple[int, bool | None, bool]]] = {
    "": (DEFAULT_PORT, None, False),
    "hubbub": (DEFAULT_PORT, None, False),
    "irc": (6667, False, False),
    "ircs": (6697, True, False),
    "ws": (80, False, True),
    "wss": (443, True, True),
    # The page's own address, as people send it to each other; the chat is reached there as the page reaches it.
    "http": (80, False, True),
    "https": (443, True, True),
}
"""Scheme → its port, whether by TLS (None: as it suits the place), and whether over WebSocket."""

_INVITATION: Final = re.compile(r"#?/?invitation/([A-Za-z0-9_-]{1,100})")

_ADDRESS: Final = re.compile(
    r"(?:(?P<scheme>[a-z]+)://)?"
    r"(?:(?P<name>[^@/\s]+)@)?"
    r"(?P<host>\[[0-9a-fA-F:.%]+\]|[^:/@\s\[\]]+)"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?:/(?P<rest>\S*))?"
)


class AddressError(ValueError):
    """This is no address; the text says how to write one."""


@dataclass(frozen=True, slots=True)
class Address:
    """A server's host and port, and how it is reached."""

    host: str
    port: int = DEFAULT_PORT
    tls: bool | None = None
    """None: by TLS, but plainly within this machine."""
    websocket: bool = False
    path: str = "/irc"
    name: str = ""
    """As whom, where the address says it: `ann@example.org`."""
    room: str = ""
    """The room that the address names: `hubbub://example.org/tea`."""
    invitation: str = ""
    """The code of an invitation: `hubbub://example.org/invitation/CODE`, or as the page has it in its own address."""

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine, where no network can be overheard."""
        if self.host == "localhost":
            return True
        address = known_address(self.host)
        return address is not None and address.is_loopback

    @property
    def is_secure(self) -> bool:
        return self.tls if self.tls is not None else not self.is_local

    @property
    def key(self) -> str:
        """The key under which a client stores what it knows of this server."""
        return f"{self.host.casefold()}:{self.port}"

    def __str__(self) -> str:
        """As one would write it: without what goes without saying."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        scheme = {
            (False, False): "irc://",
            (True, False): "ircs://",
            (False, True): "ws://",
            (True, True): "wss://",
        }
        prefix = scheme.get((self.tls, self.websocket), "") if self.tls is not None else ""
        port = "" if _SCHEMES[prefix.removesuffix("://")][0] == self.port else f":{self.port}"
        return f"{prefix}{host}{port}"


def parse_address(text: str) -> Address:
    """`example.org`, `example.org:6697`, `[::1]:12345`, `ircs://example.org`, `wss://example.org/irc`; AddressError."""
    found = _ADDRESS.fullmatch(text.strip())
    scheme = found["scheme"] or "" if found else "?"
    if found is None or scheme not in _SCHEMES:
        raise AddressError("Enter the server's address, such as chat.example.org or 192.168.1.5:12345.")
    default, tls, websocket = _SCHEMES[scheme]
    port = int(found["port"]) if found["port"] else default
    if not 0 < port < 65536:
        raise AddressError("The port must be a number from 1 to 65535.")
    rest = found["rest"] or ""
    invited = _INVITATION.fullmatch(rest)
    is_path = scheme in ("ws", "wss") and rest
    is_room = rest and not websocket and not invited
    return Address(
        host=found["host"].strip("[]"),
        port=port,
        tls=tls,
        websocket=websocket,
        path=f"/{rest}" if is_path else "/irc",
        name=found["name"] or "",
        room=f"#{rest.removeprefix('#')}" if is_room else "",
        invitation=invited[1] if invited else "",
    )
