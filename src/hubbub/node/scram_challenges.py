"""SCRAM's challenges: an account's keys, or for a name without an account what could be one's."""

import hmac
from collections import Counter
from collections.abc import Callable
from itertools import accumulate
from typing import Final

from hubbub.engine.names import fold
from hubbub.engine.state import Account, State
from hubbub.storage.sealing import Seal
from hubbub.wire.scram import ScramError, Stored, iterations_of

COUNTED_SECONDS: Final = 60.0
"""For so long it holds how many accounts have keys of which kind: counting takes a while where there are many."""


class Challenges:
    """SCRAM challenges that answer for every name alike, so that they do not reveal which accounts exist.

    Accounts differ: keys that were made earlier take fewer iterations, and there are none where the sealing key was
    lost. So names without an account differ as well, and in the same proportions. Which of them is what follows from a
    secret, and changes only as accounts get newer keys: a name goes from none to few iterations to many.
    """

    def __init__(self, seal: Seal, secret: bytes, iterations: int, monotonic: Callable[[], float]) -> None:
        self._seal = seal
        self._secret = secret
        self._iterations = iterations
        self._monotonic = monotonic
        self._kinds: Counter[int] = Counter()
        """Iterations, 0 for no keys → how many accounts."""
        self._counted_until = 0.0

    def of(self, state: State, name: str) -> Stored | None:
        """The keys that a proof must match; None where SCRAM is not possible and another mechanism is needed."""
        account = state.account_named(name)
        return self._keys(account) if account else self._nobodys(state, fold(name))

    def _keys(self, account: Account) -> Stored | None:
        try:
            return Stored.parse(self._seal.opened(account.id, account.credential))
        except ScramError:
            return None

    def _nobodys(self, state: State, name: str) -> Stored | None:
        iterations = self._iterations_of_nobody(state, name)
        salt = self._digest(f"salt {iterations} {name}")[:16]
        return Stored(iterations, salt, bytes(32), bytes(32)) if iterations else None

    def _iterations_of_nobody(self, state: State, name: str) -> int:
        kinds = sorted(self._count(state).items())
        place = int.from_bytes(self._digest(f"kind {name}")[:8], "big") / 2**64 * sum(n for _, n in kinds)
        ends = accumulate(n for _, n in kinds)
        return next(
            (kind for (kind, _), end in zip(kinds, ends, strict=True) if place < end), self._iterations
        )

    def _count(self, state: State) -> Counter[int]:
        if self._monotonic() >= self._counted_until:
            self._counted_until = self._monotonic() + COUNTED_SECONDS
            self._kinds = Counter(map(self._kind, state.accounts.values()))
        return self._kinds

    def _kind(self, account: Account) -> int:
        credential = account.credential
        return iterations_of(credential.scram) if self._seal.can_open(credential.sealed_by) else 0

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self._secret, text.encode(errors="replace"), "sha256")
