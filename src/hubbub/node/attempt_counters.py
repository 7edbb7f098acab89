"""Counters of failed attempts at a secret, by address and by what is guessed.

docs/run/sign-in-limits.md says why it is counted like this.
"""

import hashlib
import math
from dataclasses import dataclass
from enum import Enum
from typing import Final

from hubbub.addresses import count_key
from hubbub.engine.names import fold
from hubbub.engine.signin import TooManyAttempts

from .expiring_table import Expiring

ENTRIES_MAX: Final = 20_000
"""The most counters of each kind."""
FORGET_SECONDS: Final = 3_600.0
"""After this one failure is forgotten, after as much again the next one."""
DELAYS_DOUBLED_MAX: Final = 7
DELAYS_DOUBLED_AT_KNOWN_MAX: Final = 2
"""The doublings of the delay at a known address: the owner's neighbours there cannot lock them out for an hour."""
SCATTERED_MAX: Final = 20
"""So many failures at one name, from addresses that its owner has not used, are taken for chance."""
SCATTERED_FORGET_SECONDS: Final = 600.0
PAUSE_SECONDS_MAX: Final = 10
"""The longest that an attempt from such an address is made to wait before it is looked at."""


class Secret(Enum):
    """The kind of secret that is attempted; each has its own counters."""

    ACCOUNT = "account"
    OPERATOR = "operator"
    GATEWAY = "gateway"
    SERVER = "server password"
    ROOM = "room key"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to prove a secret.

    `name` is whose it is, empty where it has no name or where the name is nobody's but the peer's; `door` is how they
    come. `is_known` if the account's owner has signed in from this address before. `exists` if the name is one that
    there is: the log tells no other, since in its place somebody may have typed a password.
    """

    secret: Secret
    name: str
    address: str
    door: str
    is_known: bool = False
    exists: bool = False

    @property
    def place(self) -> str:
        """The address, as far as the peer can't choose it at will."""
        return f"{self.secret.name} {count_key(self.address)}"

    @property
    def target(self) -> str:
        """A name that a stranger made up is kept as a short digest."""
        digest = hashlib.blake2b(fold(self.name).encode(errors="replace"), digest_size=8)
        return f"{self.secret.name} {digest.hexdigest()}"

    @property
    def pair(self) -> str:
        return f"{self.target} {count_key(self.address)}"


@dataclass(slots=True)
class _Count:
    """`failed` is true as of `since`; before `until` no further attempt may begin."""

    failed: int = 0
    pending: int = 0
    since: float = 0.0
    until: float = 0.0


class _Counts:
    """One sort of counts, in which one failure after the other is forgotten."""

    def __init__(self, forget_seconds: float) -> None:
        self._forget = forget_seconds
        self._table: Expiring[str, _Count] = Expiring(ENTRIES_MAX)

    def __len__(self) -> int:
        return len(self._table)

    def at(self, key: str, now: float) -> _Count:
        """The count as it is now; what is changed in it has to be kept."""
        found = self._table.get(key, now) or _Count(since=now)
        forgotten = min(found.failed, int((now - found.since) / self._forget))
        found.failed -= forgotten
        found.since = found.since + forgotten * self._forget if found.failed else now
        return found

    def keep(self, key: str, count: _Count, now: float) -> None:
        if count.pending:
            self._table.put(key, count, math.inf, now)
        elif count.failed:
            self._table.put(key, count, max(count.until, count.since + count.failed * self._forget), now)
        else:
            self._table.remove(key)


class Attempts:
    """Lets so many attempts fail freely; each further one has to wait, longer each time.

    By address, and by address and name together; never by the name alone, or anybody could lock its owner out.
    Attempts count from when they begin: what is pending takes its place among those that may fail.
    """

    def __init__(self, failures: int, delay_seconds: int) -> None:
        self.allow(failures, delay_seconds)
        self._places = _Counts(FORGET_SECONDS)
        self._pairs = _Counts(FORGET_SECONDS)
        self._scattered = _Counts(SCATTERED_FORGET_SECONDS)
        """By name alone, from addresses that are not known of it: these are made to wait, and never refused."""

    def allow(self, failures: int, delay_seconds: int) -> None:
        """So many failures cost nothing (0: however many); the one after them, this delay."""
        self._free = failures
        self._delay = delay_seconds

    def refusal(self, attempt: Attempt, now: float) -> TooManyAttempts | None:
        """Whether this attempt comes too soon."""
        until = max((count.until for count, _ in self._binding(attempt, now)), default=0.0)
        return TooManyAttempts(math.ceil(until - now)) if self._free and until > now else None

    def must_wait(self, attempt: Attempt, now: float) -> bool:
        """Whether so many are pending that it depends on them if this one may begin."""
        counts = self._binding(attempt, now) if self._free else []
        return any(count.pending and count.failed + count.pending >= free for count, free in counts)

    def begin(self, attempt: Attempt, now: float) -> float:
        """Count it; how many seconds to wait before it is looked at."""
        for counts, key in self._counts(attempt):
            count = counts.at(key, now)
            count.pending += 1
            counts.keep(key, count, now)
        return min(self._excess(attempt, now), PAUSE_SECONDS_MAX)

    def end(self, attempt: Attempt, fits: bool | None, now: float) -> None:
        """Note an attempt's result; None if it was never checked, so that it does not count."""
        forgiven = self._pairs.at(attempt.pair, now).failed if fits and attempt.name else 0
        for counts, key in self._counts(attempt):
            count = counts.at(key, now)
            count.pending = max(0, count.pending - 1)
            if fits is False and counts is self._scattered:
                count.failed = min(count.failed + 1, SCATTERED_MAX + PAUSE_SECONDS_MAX)
            elif fits is False and self._free:
                is_pair = counts is self._pairs
                free = self._allowed(attempt, now) if is_pair else self._free
                known = is_pair and attempt.is_known
                self._fail(count, free, DELAYS_DOUBLED_AT_KNOWN_MAX if known else DELAYS_DOUBLED_MAX, now)
            elif fits and counts is not self._scattered:
                self._forgive(count, forgiven)
            counts.keep(key, count, now)

    def forget_name(self, attempt: Attempt, now: float) -> None:
        """Forget a name's failures when its account is made; the address's stay."""
        for counts, key in ((self._pairs, attempt.pair), (self._scattered, attempt.target)):
            count = counts.at(key, now)
            count.failed, count.until = 0, 0.0
            counts.keep(key, count, now)

    def _fail(self, count: _Count, free: int, doubled_max: int, now: float) -> None:
        count.failed = min(count.failed + 1, self._free + DELAYS_DOUBLED_MAX)
        doubled = min(count.failed - free, doubled_max)
        if doubled >= 0:
            count.until = now + self._delay * 2**doubled

    def _forgive(self, count: _Count, forgiven: int) -> None:
        """Take off what the owner has failed at; what was guessed at others from there stays."""
        count.failed = max(0, count.failed - forgiven)
        if count.failed < self._free:
            count.until = 0.0

    def _counts(self, attempt: Attempt) -> list[tuple[_Counts, str]]:
        """The counters of an attempt.

        Where the owner has been before, the address itself is not: what is forgiven there with a success is then
        nothing but the owner's own, and nobody takes back guesses at others by failing at an account of theirs.
        """
        counted = [] if attempt.is_known else [(self._places, attempt.place)]
        if attempt.name:
            counted.append((self._pairs, attempt.pair))
            if not attempt.is_known:
                counted.append((self._scattered, attempt.target))
        return counted

    def _binding(self, attempt: Attempt, now: float) -> list[tuple[_Count, int]]:
        """The counters that may delay this attempt, each with its free failures.

        Where an account's owner has signed in before, what others have failed at there is none of the owner's business.
        """
        binding = [] if attempt.is_known else [(self._places.at(attempt.place, now), self._free)]
        if attempt.name:
            binding.append((self._pairs.at(attempt.pair, now), self._allowed(attempt, now)))
        return binding

    def _allowed(self, attempt: Attempt, now: float) -> int:
        """The free failures of this name from this address; one, while it is under a distributed attack."""
        return 1 if self._excess(attempt, now) > 0 else self._free

    def _excess(self, attempt: Attempt, now: float) -> int:
        """The failures beyond chance from addresses that the owner has not used."""
        if attempt.is_known or not attempt.name or not self._free:
            return 0
        count = self._scattered.at(attempt.target, now)
        return max(0, count.failed + count.pending - SCATTERED_MAX)
