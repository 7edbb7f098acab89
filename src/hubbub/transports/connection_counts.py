"""Counts of connections by address, which know the address with the most without a search.

Strangers choose how many addresses there are, and whoever comes when it is full asks for the greatest crowd. So nothing
here takes longer the more of them there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Generic, TypeVar

from hubbub.addresses import parse_network

T = TypeVar("T")

WIDER_PREFIXES: Final = (48, 56)
"""The IPv6 prefixes beyond a /64 that one customer may own, widest first."""

Path = tuple[str, ...]
"""The networks around a key of `count_key`, the widest first, and the key itself."""


class _Ranks:
    """Counts by key, changed by one at a time, and the keys with the greatest."""

    __slots__ = ("_counts", "_equals", "_most")

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._equals: dict[int, dict[str, None]] = {}
        """Those who have so many; who has so many longest is first."""
        self._most = 0

    def __bool__(self) -> bool:
        return bool(self._counts)

    def count(self, name: str) -> int:
        """The count of a key."""
        return self._counts.get(name, 0)

    @property
    def most(self) -> int:
        """The greatest count."""
        return self._most

    @property
    def first(self) -> str:
        """One of those who have most."""
        return next(iter(self._equals[self._most]))

    def add(self, name: str, one: int) -> None:
        """1 for one more, -1 for one less."""
        before = self._counts.pop(name, 0)
        now = before + one
        if before:
            del self._equals[before][name]
            if not self._equals[before]:
                del self._equals[before]
        if now:
            self._counts[name] = now
            self._equals.setdefault(now, {})[name] = None
        if now > self._most or self._most not in self._equals:
            self._most = now


@dataclass(slots=True)
class _Line(Generic[T]):
    """The connections of one address, the oldest first."""

    path: Path
    waiting: dict[T, None] = field(default_factory=dict)


class Crowds(Generic[T]):
    """Connections by the keys of their addresses."""

    def __init__(self) -> None:
        self._lines: dict[str, _Line[T]] = {}
        self._ranks: dict[Path, _Ranks] = {}
        """For each network with a connection: the counts of the narrower networks or addresses in it."""
        self._total = 0

    def __len__(self) -> int:
        return self._total

    def keys(self) -> Iterable[str]:
        """The addresses that have a connection."""
        return self._lines.keys()

    def count(self, key: str) -> int:
        """The connections of an address."""
        line = self._lines.get(key)
        return len(line.waiting) if line else 0

    def count_within(self, network: Path) -> int:
        """The connections of a network, or of the address at the end of a path."""
        ranks = self._ranks.get(network[:-1])
        return ranks.count(network[-1]) if ranks else 0

    @property
    def greatest(self) -> int:
        """The greatest count among the wider networks."""
        ranks = self._ranks.get(())
        return ranks.most if ranks else 0

    def add(self, key: str, connection: T) -> None:
        """Behind all others of its address."""
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = _Line(path_of(key))
        if connection not in line.waiting:
            line.waiting[connection] = None
            self._count(line.path, 1)

    def remove(self, key: str, connection: T) -> bool:
        """Whether it was there."""
        line = self._lines.get(key)
        if line is None or connection not in line.waiting:
            return False
        del line.waiting[connection]
        self._count(line.path, -1)
        if not line.waiting:
            del self._lines[key]
        return True

    def renew(self, key: str, connection: T) -> None:
        """Put it behind the others of its address, if it is there."""
        line = self._lines.get(key)
        if line is not None and connection in line.waiting:
            del line.waiting[connection]
            line.waiting[connection] = None

    def oldest(self, key: str) -> T | None:
        """The first of an address."""
        line = self._lines.get(key)
        return next(iter(line.waiting)) if line else None

    def most(self, network: Path = ()) -> str:
        """The address that has most, of the wider network that has most: who has a /48 has 65,536 of them.

        Of all, or within a network; only where there is anybody.
        """
        path = network
        while ranks := self._ranks.get(path):
            path = (*path, ranks.first)
        return path[-1]

    def _count(self, path: Path, one: int) -> None:
        self._total += one
        for depth, name in enumerate(path):
            ranks = self._ranks.setdefault(path[:depth], _Ranks())
            ranks.add(name, one)
            if not ranks:
                del self._ranks[path[:depth]]


@lru_cache(maxsize=4096)
def path_of(key: str) -> Path:
    """The networks around a key, none for IPv4.

    >>> path_of("192.0.2.7"), path_of("2001:db8:1:203::/64")
    (('192.0.2.7',), ('20010db80001/48', '20010db8000102/56', '2001:db8:1:203::/64'))
    """
    try:
        network = parse_network(key)
    except ValueError:
        return (key,)
    if network.version == 4:
        return (key,)
    digits = network.network_address.packed.hex()
    return (*(f"{digits[: bits // 4]}/{bits}" for bits in WIDER_PREFIXES), key)
