"""The registry of dialects: which one serves a peer, by the protocol that it speaks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hubbub.config.sections import Limits
from hubbub.dialects.irc.session import LINE_BYTES_MAX, IrcSession
from hubbub.dialects.netcat import NetcatSession
from hubbub.dialects.session_api import DialectSession
from hubbub.transports.base import WireProtocol


@dataclass(frozen=True, slots=True)
class Dialect:
    """`make` gives the dialect's side of a session, `line_bytes` the longest line that it takes.

    `serves_in_clear` says that the dialect itself refuses secrets where others could overhear them; without it, who
    comes in clear from afar is turned away.
    """

    make: Callable[[Any], DialectSession]
    line_bytes: Callable[[Limits], int]
    serves_in_clear: bool


_IRC: Final = Dialect(IrcSession, lambda limits: LINE_BYTES_MAX, True)
_NETCAT: Final = Dialect(NetcatSession, lambda limits: limits.netcat_line_bytes, False)

DIALECTS: Final[Mapping[WireProtocol, Dialect]] = {
    WireProtocol.IRC: _IRC,
    WireProtocol.WEBSOCKET: _IRC,
    WireProtocol.SSH: _IRC,
    WireProtocol.NETCAT: _NETCAT,
}
"""HTTP is no dialect: the website serves it, or a WebSocket over it."""
