"""The node's endpoint: its public ports and names, and the facts about the server that each peer receives."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Final

from hubbub.bounded import Bounded
from hubbub.config.sections import Server
from hubbub.dialects.session_api import ServerInfo
from hubbub.transports.base import Peer
from hubbub.transports.own_addresses import own_addresses
from hubbub.transports.request_origin import Sites

from .limits import Networks
from .server_info import facts

if TYPE_CHECKING:
    from .node import Node

EVERYWHERE: Final = frozenset({"*", "0.0.0.0", "::"})

FACTS_MAX: Final = 100
"""The most host names, as clients use them, whose facts are kept."""

_LOOPBACK: Final = Networks(("127.0.0.0/8", "::1"))


class Endpoint:
    """The settings say how others come; the server tells which ports it really has."""

    def __init__(self, node: "Node", port: int) -> None:
        self._node = node
        self.port = port
        """The main port, as it really is."""
        self.tls_port: int | None = None
        """The port at which clients find TLS; None if there is none."""
        self.certificate_names: Callable[[], Collection[str]] = tuple
        """The names in the certificate that the server shows."""
        self._facts: Bounded[tuple[bool, bool, str], ServerInfo] = Bounded(FACTS_MAX)

    def follow(self) -> None:
        """Take over settings that changed."""
        settings = self._node.settings
        self.sites = Sites(
            (settings.server.name, *settings.tls.extra_names),
            settings.server.web_address,
            settings.server.web_origins,
            lambda: self.certificate_names(),
            lambda header, text: self._node.journal.site_refused(header, text, self._node.clock.monotonic()),
        )
        self._facts.clear()

    def how_to_encrypt(self, peer: Peer) -> str:
        """The command with which a peer of netcat's comes by TLS."""
        server = self._node.settings.server
        # The name that stands there at first is in nobody's DNS: whoever reads this knows by which they came.
        host = "HOST" if server.name == Server().name else server.name
        return f"Use: openssl s_client -quiet -connect {host}:{self.tls_port or server.port}"

    def page_address(self) -> str:
        """The page's public address: from the settings, else this machine's own."""
        server = self._node.settings.server
        if server.web_address:
            return server.web_address.rstrip("/")
        if server.host in ("127.0.0.1", "::1", "localhost"):
            return f"http://localhost:{self.port}"
        own = [server.host] if server.host not in EVERYWHERE else own_addresses() or ["localhost"]
        host = f"[{own[0]}]" if ":" in own[0] else own[0]
        return f"https://{host}:{self.port}"

    def trusts_clear(self, address: str) -> bool:
        """Whether what comes in clear from there may hold secrets."""
        return not self._node.settings.tls.required_beyond_loopback or _LOOPBACK.holds(address)

    def facts_for(self, peer: Peer, host: str) -> ServerInfo:
        """The server's facts for a peer that connected by this host name."""
        key = (peer.secure, self.trusts_clear(peer.address), host)
        if key not in self._facts:
            self._facts[key] = facts(self._node, *key)
        return self._facts[key]
