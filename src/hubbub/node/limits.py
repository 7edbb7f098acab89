"""Limits on what a peer can make grow: lines a second, bytes that it has not read, and accounts."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from hubbub.addresses import Network, count_key, known_address, parse_network
from hubbub.config.sections import Limits as LimitSettings
from hubbub.engine.signin import TooManyAttempts

from .expiring_table import Expiring

DAY_SECONDS: Final = 86_400.0
WORK_SHARE: Final = 0.25
"""The share of the loop's time that one address may take in the long run."""
WORK_AT_ONCE_SECONDS: Final = 0.5
"""The time that it may take at once."""
WORK_COUNTED_SECONDS: Final = 0.0005
"""The least time that counts; the pace of lines alone bounds shorter work."""
KEYS_MAX: Final = 10_000


class Bucket:
    """A person's pace: `burst` lines at once, then `rate` lines a second. Times in seconds of one clock."""

    __slots__ = ("_at", "_burst", "_left", "_rate")

    def __init__(self, rate: float, burst: int, now: float) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._left = float(burst)
        self._at = now

    def take(self, now: float, cost: float = 1.0) -> float:
        """0 if one more line may be handled now; else nothing is taken, and so many seconds are to be waited.

        `cost` is 1 for a line as it comes, less for what is only a part of something, and never more.
        """
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left >= cost:
            self._left -= cost
            return 0.0
        return (cost - self._left) / self._rate

    @property
    def full_at(self) -> float:
        """The time at which it is full again."""
        return self._at + (self._burst - self._left) / self._rate


class Work:
    """The loop's recent work by address; beyond its share an address waits.

    Some lines ask for what takes long where there are many people or rooms, and one address may have many sessions.
    """

    def __init__(self) -> None:
        self._even_at: Expiring[str, float] = Expiring(KEYS_MAX)
        """Address → the time at which its share has made up for its work."""

    def add(self, address: str, seconds: float, now: float) -> None:
        """So long the loop has been busy with something from there."""
        if seconds >= WORK_COUNTED_SECONDS:
            key = count_key(address)
            even_at = max(self._even_at.get(key, now) or now, now) + seconds / WORK_SHARE
            self._even_at.put(key, even_at, even_at, now)

    def wait(self, address: str, now: float) -> float:
        """The seconds until the address is served again; 0 for now."""
        if not len(self._even_at):
            return 0.0
        even_at = self._even_at.get(count_key(address), now) or now
        return max(0.0, even_at - now - WORK_AT_ONCE_SECONDS / WORK_SHARE)


class Networks:
    """Addresses and networks for which something is so, such as those that no limit binds."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._networks: list[Network] = [parse_network(text) for text in texts]
        self.holds = lru_cache(maxsize=4096)(self._holds) if texts else lambda address: False
        """Whether an address is one of them."""

    def _holds(self, address: str) -> bool:
        here = known_address(address)
        return here is not None and any(here in network for network in self._networks)


class SessionLimits:
    """The settings' limits, as a session asks for them."""

    def __init__(self, settings: LimitSettings) -> None:
        self._settings = settings
        self.exempt = Networks(settings.exempt)

    def bucket(self, address: str, now: float) -> Bucket | None:
        """A new session's pace, if it has one to keep."""
        rate = self._settings.lines_a_second
        if not rate or self.exempt.holds(address):
            return None
        return Bucket(rate, self._settings.burst_lines, now)

    def is_too_slow(self, queued_bytes: int) -> bool:
        """Whether more waits for a reader than may."""
        limit = self._settings.send_queue_bytes
        return 0 < limit < queued_bytes


class Daily:
    """Daily limits by key; an act counts from when it is requested."""

    def __init__(self) -> None:
        self._times: Expiring[str, list[float]] = Expiring(KEYS_MAX)

    def begin(self, key: str, most: int, now: float) -> TooManyAttempts | None:
        """Count one more within a day, or say that there were as many as may be."""
        recent = [at for at in self._times.get(key, now) or () if now - at < DAY_SECONDS]
        if len(recent) >= most:
            return TooManyAttempts(int(DAY_SECONDS - (now - recent[0])))
        self._times.put(key, [*recent, now], now + DAY_SECONDS, now)
        return None

    def give_back(self, key: str, began: float, now: float) -> None:
        """Nothing came of the one that began then."""
        times = self._times.get(key, now)
        if times and began in times:
            times.remove(began)
