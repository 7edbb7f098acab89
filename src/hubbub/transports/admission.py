"""Admission: how many connections there are, from which address, and who makes room when it is full.

Addresses count as `hubbub.addresses.count_key` has them: of IPv6 a whole /64, since it is one customer's.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from hubbub.addresses import count_key
from hubbub.bounded import Bounded
from hubbub.transports.connection_counts import Crowds, Path, path_of


@dataclass(frozen=True, slots=True)
class AdmissionLimits:
    """The limits on unregistered connections; listeners with one `Admission` share them."""

    connections: int = 10_000
    connections_an_address: int = 100
    unrecognised_connections: int = 5_000
    silence_seconds: float = 1.5
    """After this a peer that said nothing is taken for a person who waits to be greeted.

    A greeting spoils a TLS handshake whose beginning is late. One that was lost on the way is sent again after a
    second (RFC 6298, 2.1), so the silence lasts longer than that.
    """
    browser_seconds: float = 15.0
    """So long the silence has to be where a browser is: it opens connections before it knows what for."""
    guessing_seconds: float = 10.0
    """After this a beginning that fits several protocols is taken for a person's."""
    handshake_seconds: float = 10.0
    close_seconds: float = 10.0
    """The time that a peer may take for queued bytes when its connection is closed."""
    linger_seconds: float = 1.0
    """The time that a closed peer that has taken everything may take to close its own end."""
    queue_bytes: int = 1 << 20
    """The bytes that may wait for a peer that does not read before it is disconnected; 0 for no limit."""


NETWORK_TIMES: Final = (16, 4)
"""The multiples of one address's connections that an IPv6 /48 and /56 may have: one customer may own all of it."""

GRANTED_BYTES_MAX: Final = 1 << 28
"""The most bytes that all long writes together may queue beyond their connections' limits."""
GRANTED_AN_ADDRESS_BYTES_MAX: Final = 1 << 26
"""The same for one address: enough for a class that opens a long room at once, not for each of its connections."""

BROWSER_SEEN_SECONDS: Final = 60.0
"""The time for which an address that has spoken HTTP counts as a browser's."""
BROWSERS_MAX: Final = 10_000


class Newcomer(Protocol):
    """A connection whose protocol is not known yet, or that has not registered."""

    def drop(self, reason: str) -> None:
        """Close at once, to make room."""


class Admission:
    """Counts connections and keeps the limits.

    Whoever has not said anything recognisable yet makes room for whoever comes, and so do those that nobody has
    come in by: a word, or an answered request, is as cheap as silence. It is the oldest one of the same address, else
    of the address that has most; and of the silent and the others, the one of those that are the greater crowd. So
    neither keeps anybody out, not even who is still silent for a moment among those who speak at once.
    """

    def __init__(
        self, limits: AdmissionLimits, exempt: Callable[[str], bool] = lambda address: False
    ) -> None:
        self.limits = limits
        """May be replaced by others at any time."""
        self.exempt = exempt
        self._connections: Counter[str] = Counter()
        self._networks: Counter[str] = Counter()
        """The same by the wider networks of IPv6."""
        self._total = 0
        self._newcomers = Crowds[Newcomer]()
        self._outside = Crowds[Newcomer]()
        """Connections that are served and have not registered."""
        self._granted: Counter[str] = Counter()
        """The bytes that wait beyond a connection's limit, by address."""
        self._granted_bytes = 0
        self._browsers: Bounded[str, float] = Bounded(BROWSERS_MAX)
        """Address → when it has last spoken HTTP, in seconds of the caller's clock; the longest ago first."""

    def note_browser(self, address: str, now: float) -> None:
        """HTTP is spoken from there."""
        self._browsers[address] = now

    def has_browser(self, address: str, now: float) -> bool:
        """Whether HTTP was spoken from there lately."""
        seen = self._browsers.get(address)
        return seen is not None and now - seen < BROWSER_SEEN_SECONDS

    @property
    def total(self) -> int:
        """The number of connections."""
        return self._total

    @property
    def unrecognised(self) -> int:
        """The number of connections whose protocol is not recognized yet."""
        return len(self._newcomers)

    def count(self, address: str) -> int:
        """The number of connections of an address."""
        return self._connections[count_key(address)]

    def enter(self, address: str, newcomer: Newcomer) -> bool:
        """Count a new connection, or say that there is no place for it."""
        if not self._make_room(address):
            return False
        self._connections[count_key(address)] += 1
        self._networks.update(path_of(count_key(address))[:-1])
        self._total += 1
        self.await_words(address, newcomer)
        return True

    def await_words(self, address: str, newcomer: Newcomer) -> None:
        """Note that this connection's protocol is not known yet."""
        self._newcomers.add(count_key(address), newcomer)

    def await_entry(self, address: str, connection: Newcomer) -> None:
        """Note that this connection has not registered yet."""
        self._outside.add(count_key(address), connection)

    def renew(self, address: str, connection: Newcomer) -> None:
        """Move it behind the other unregistered connections of its address, if it is one of them."""
        self._outside.renew(count_key(address), connection)

    def settle(self, address: str, connection: Newcomer) -> None:
        """Note that a pending connection has registered, or has ended."""
        self._outside.remove(count_key(address), connection)

    def recognise(self, address: str, newcomer: Newcomer) -> None:
        """Note that it is known what this connection speaks, or that it is over."""
        self._newcomers.remove(count_key(address), newcomer)

    def move(self, address: str, real: str, newcomer: Newcomer) -> bool:
        """Count a connection for where it really comes from, or say that there is no place for it from there."""
        self.recognise(address, newcomer)
        self.leave(address)
        return self.enter(real, newcomer)

    def grant(self, address: str, before: int, bytes_wanted: int) -> int:
        """Let so many bytes wait for one connection beyond its limit, where so many did before; what it may have of it.

        All of them or none.
        """
        key = count_key(address)
        own, total = self._granted[key] - before, self._granted_bytes - before
        is_own = own + bytes_wanted <= GRANTED_AN_ADDRESS_BYTES_MAX or self.exempt(address)
        given = bytes_wanted if is_own and total + bytes_wanted <= GRANTED_BYTES_MAX else 0
        self._granted[key], self._granted_bytes = own + given, total + given
        if not self._granted[key]:
            del self._granted[key]
        return given

    def leave(self, address: str) -> None:
        """Count a connection's end."""
        self._total -= 1
        key = count_key(address)
        self._connections[key] -= 1
        if self._connections[key] <= 0:
            del self._connections[key]
        for network in path_of(key)[:-1]:
            self._networks[network] -= 1
            if self._networks[network] <= 0:
                del self._networks[network]

    def drop_newcomers(self) -> None:
        """Drop all that are not recognised yet, as at the server's end."""
        for key in list(self._newcomers.keys()):
            while self._drop_oldest(key, "The server is closing."):
                pass

    def drop_from_crowd(self) -> bool:
        """Drop the oldest unrecognized or unregistered connection of the address that has the most of them.

        False when there is none.
        """
        newcomers, outside = self._newcomers, self._outside
        if newcomers and newcomers.greatest >= outside.greatest:
            return self._drop_oldest(newcomers.most())
        return bool(outside) and self._drop_outside(outside.most())

    def _drop_within(self, network: Path) -> bool:
        """The same within a network, or of the address that the path leads to."""
        newcomers, outside = (crowd.count_within(network) for crowd in (self._newcomers, self._outside))
        if newcomers and newcomers >= outside:
            return self._drop_oldest(self._newcomers.most(network))
        return bool(outside) and self._drop_outside(self._outside.most(network))

    def _crowd(self, address: str) -> Path | None:
        """The path to the narrowest of an address and its wider networks that has as many connections as it may."""
        limit, path = self.limits.connections_an_address, path_of(count_key(address))
        if self.exempt(address):
            return None
        if self._connections[path[-1]] >= limit:
            return path
        full = (
            path[: depth + 1]
            for depth in reversed(range(len(path) - 1))
            if self._networks[path[depth]] >= limit * NETWORK_TIMES[depth]
        )
        return next(full, None)

    def _make_room(self, address: str) -> bool:
        limits = self.limits
        crowd = self._crowd(address)
        if crowd is not None and not self._drop_within(crowd):
            return False
        if self._total >= limits.connections:
            # Whoever was just dropped is still counted until its socket is closed.
            return crowd is not None or self.drop_from_crowd()
        if self.unrecognised >= limits.unrecognised_connections:
            self._drop_oldest(self._newcomers.most())
        return True

    def _drop_oldest(self, key: str, reason: str = "Too many connections were idle.") -> bool:
        newcomer = self._newcomers.oldest(key)
        if newcomer is None:
            return False
        self.recognise(key, newcomer)
        newcomer.drop(reason)
        return True

    def _drop_outside(self, key: str) -> bool:
        connection = self._outside.oldest(key)
        if connection is None:
            return False
        self.settle(key, connection)
        connection.drop("Too many connections did not sign in.")
        return True


@dataclass(frozen=True, slots=True)
class Place:
    """The place of one connection, for the receiver that is handed its socket."""

    admission: Admission
    address: str

    def await_entry(self, connection: Newcomer) -> None:
        """Let it make room for others until it has registered."""
        self.admission.await_entry(self.address, connection)

    def settle(self, connection: Newcomer) -> None:
        """Keep the place: the connection has registered."""
        self.admission.settle(self.address, connection)

    def leave(self, connection: Newcomer) -> None:
        """Give it back."""
        self.settle(connection)
        self.admission.leave(self.address)
