"""Guarded attempts: every entrance where a secret may be guessed begins and ends its attempts here."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from hubbub.config.sections import Settings
from hubbub.engine.known_addresses import NoteAddress, address_digest
from hubbub.engine.refusals import Refusal
from hubbub.engine.signin import SignInFailed
from hubbub.engine.state import Account

from .attempt_counters import Attempt, Attempts, Secret
from .engine_access import EngineAccess
from .password_queue import WAITING_AN_ADDRESS_MAX, Asker, Lane, QueueFull

if TYPE_CHECKING:
    from .event_log import EventLog
    from .limits import SessionLimits
    from .proofs import Proofs

T = TypeVar("T")


class Proving(EngineAccess, Protocol):
    """The node as authentication needs it."""

    @property
    def settings(self) -> Settings: ...
    @property
    def limits(self) -> "SessionLimits": ...
    @property
    def journal(self) -> "EventLog": ...
    @property
    def proofs(self) -> "Proofs": ...


class GuardedAttempts:
    """Lets attempts begin as fast as guessing may be, counts what came of them, and writes down what failed."""

    def __init__(self, node: Proving, failures: int, delay_seconds: int) -> None:
        self._node = node
        self.attempts = Attempts(failures, delay_seconds)
        self.pause: Callable[[float], Awaitable[object]] = asyncio.sleep
        """Waits so many seconds."""
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        """Attempts that begin when those before them at the same address have ended."""

    async def prove(self, attempt: Attempt, check: Callable[[], Awaitable[bool]]) -> Refusal | None:
        """None if it `check`s; else why not.

        Raises QueueFull where too much waits, and lets pass what `check` raises: then nothing is counted.
        """
        is_limited = self._is_limited(attempt)
        while is_limited and self.attempts.must_wait(attempt, self._node.clock.monotonic()):
            await self._others(attempt.place)
        if is_limited and (refusal := self._too_soon(attempt)):
            return refusal
        fits: bool | None = None
        seconds = self.attempts.begin(attempt, self._node.clock.monotonic()) if is_limited else 0.0
        try:
            if seconds:
                await self.pause(seconds)
            fits = await check()
        finally:
            self._end(attempt, fits, is_limited)
        return None if fits else SignInFailed()

    def prove_at_once(
        self, attempt: Attempt, check: Callable[[], T], fits: Callable[[T], bool | None]
    ) -> T | Refusal:
        """The same for what takes no time to check: what it gives, or the refusal that this comes too soon.

        `fits` tells of what it gives whether the secret was right; None if that was not looked at.
        """
        is_limited = self._is_limited(attempt)
        if is_limited and (refusal := self._too_soon(attempt)):
            return refusal
        if is_limited:
            self.attempts.begin(attempt, self._node.clock.monotonic())
        answer = check()
        self._end(attempt, fits(answer), is_limited)
        return answer

    def _is_limited(self, attempt: Attempt) -> bool:
        return not self._node.limits.exempt.holds(attempt.address)

    def _too_soon(self, attempt: Attempt) -> Refusal | None:
        if refusal := self.attempts.refusal(attempt, self._node.clock.monotonic()):
            self._node.journal.proof_refused(attempt)
        return refusal

    def _end(self, attempt: Attempt, fits: bool | None, is_limited: bool) -> None:
        if is_limited:
            self.attempts.end(attempt, fits, self._node.clock.monotonic())
        if fits is False:
            self._node.journal.proof_failed(attempt)
        for waiting in self._waiting.pop(attempt.place, ()):
            if not waiting.done():
                waiting.set_result(None)

    async def _others(self, place: str) -> None:
        """Wait until one of those that are pending at this address has ended."""
        waiting = self._waiting.setdefault(place, deque())
        if len(waiting) >= WAITING_AN_ADDRESS_MAX:
            raise QueueFull
        ended = asyncio.get_running_loop().create_future()
        waiting.append(ended)
        await ended


def at_account(node: Proving, name: str, address: str, door: str) -> Attempt:
    """An attempt at the password of an account, whether there is such a one or not."""
    account = node.state.account_named(name)
    is_known = (
        account is not None and address_digest(node.proofs.secret, account.id, address) in account.known
    )
    return Attempt(Secret.ACCOUNT, name, address, door, is_known, account is not None)


def asker_for(node: Proving, attempt: Attempt, is_wanted: Callable[[], bool]) -> Asker:
    """For whom the password of an attempt is checked."""
    lane = Lane.KNOWN if attempt.is_known else Lane.SIGNING_IN
    return Asker(lane, attempt.address, is_wanted, node.limits.exempt.holds(attempt.address))


def note_address(node: Proving, account: Account, address: str) -> None:
    """The account's owner has signed in from there."""
    node.ask(NoteAddress(account.id, address_digest(node.proofs.secret, account.id, address)))
