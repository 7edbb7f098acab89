"""Limits of terminals: in all, for an address, and how fast each address may make them work."""

from collections import Counter
from typing import Final
from weakref import WeakValueDictionary

from hubbub.addresses import count_key
from hubbub.ssh.rate_limits import Pace

ADDRESS_MAX: Final = 20
"""So many terminals have all connections of one address, or of one /64 of IPv6."""
TOTAL_MAX: Final = 300
"""So many are there at all: each takes 3 to 4 MiB."""


class Terminals:
    """Counts them from their beginning until nothing of them is left."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()
        self._paces: WeakValueDictionary[str, Pace] = WeakValueDictionary()

    def enter(self, address: str) -> bool:
        """Count one more, or say that there is no place for it."""
        key = count_key(address)
        if self.count(address) >= ADDRESS_MAX or self._open.total() >= TOTAL_MAX:
            return False
        self._open[key] += 1
        return True

    def leave(self, address: str) -> None:
        """Count the end of one."""
        key = count_key(address)
        self._open[key] -= 1
        if self._open[key] <= 0:
            del self._open[key]

    def count(self, address: str) -> int:
        """The number of terminals of an address."""
        return self._open[count_key(address)]

    def pace(self, address: str) -> Pace:
        """The limits that all visitors of one address share while one of them is connected."""
        return self._paces.setdefault(count_key(address), Pace())
