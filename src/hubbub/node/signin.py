"""Signing in and registering: the slow proof of a password, off the event loop, and what it costs to guess."""

import asyncio
import base64
import hashlib
import hmac
import math
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

from hubbub.config.sections import Accounts
from hubbub.engine.names import fold
from hubbub.engine.refusals import PasswordRefused, Refusal, TooManyAttempts
from hubbub.engine.state import Credential
from hubbub.wire import scram

if TYPE_CHECKING:
    from argon2 import PasswordHasher

T = TypeVar("T")

PASSWORD_BYTES_MAX: Final = 300
_REMEMBERED_MAX: Final = 10_000
_DELAYS_DOUBLED_MAX: Final = 7


class Passwords:
    """Makes and checks credentials in a few threads; whoever comes meanwhile waits in line."""

    def __init__(self, settings: Accounts) -> None:
        self._settings = settings
        self._threads = ThreadPoolExecutor(settings.hashes_at_once, "hubbub-password")
        self._made_hasher: PasswordHasher | None = None
        self._dummy = ""

    def refusal(self, password: str) -> Refusal | None:
        """Whether it will do as a new password."""
        least = self._settings.password_min_characters
        if len(password) < least or len(password.encode()) > PASSWORD_BYTES_MAX:
            return PasswordRefused(least, PASSWORD_BYTES_MAX)
        return None

    async def credential(self, password: str) -> Credential:
        return await self._in_thread(lambda: self.make(password))

    async def fits(self, password: str, credential: Credential | None) -> bool:
        """Whether it is the password; for an account that does not exist it takes as long, and is never so."""
        return await self._in_thread(lambda: self._check(password, credential.argon2 if credential else None))

    async def fits_hash(self, password: str, argon2: str | None) -> bool:
        return await self._in_thread(lambda: self._check(password, argon2))

    def make(self, password: str) -> Credential:
        """Slow: some 100 ms."""
        stored = scram.derive(password, os.urandom(16), self._settings.scram_iterations)
        return Credential(self._hasher().hash(password), stored)

    def _check(self, password: str, argon2: str | None) -> bool:
        from argon2.exceptions import Argon2Error, InvalidHashError

        if len(password.encode()) > PASSWORD_BYTES_MAX:
            password = ""
        try:
            self._hasher().verify(argon2 or self._nobodys_hash(), password)
        except (Argon2Error, InvalidHashError):
            return False
        return argon2 is not None

    def _hasher(self) -> "PasswordHasher":
        # Imported when the first password comes: it would take a third of the server's start.
        from argon2 import PasswordHasher

        if self._made_hasher is None:
            settings = self._settings
            self._made_hasher = PasswordHasher(settings.hash_passes, settings.hash_memory_kib)
        return self._made_hasher

    def _nobodys_hash(self) -> str:
        if not self._dummy:
            self._dummy = self._hasher().hash(base64.b64encode(os.urandom(24)).decode())
        return self._dummy

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def stop(self) -> None:
        self._threads.shutdown(cancel_futures=True)


class Attempts:
    """Failed sign-ins, by account and by address: after so many each further one has to wait, longer each time."""

    def __init__(self, failures: int, delay_seconds: int) -> None:
        self.allow(failures, delay_seconds)
        self._failed: dict[str, tuple[int, float]] = {}
        """How often, and until when (seconds of the caller's clock) the next one has to wait."""

    def allow(self, failures: int, delay_seconds: int) -> None:
        """So many failures cost nothing (0: however many); the one after them, this delay."""
        self._free = failures
        self._delay = delay_seconds

    def refusal(self, account: str, address: str, now: float) -> Refusal | None:
        """Whether this attempt comes too soon."""
        until = max((self._failed.get(key, (0, 0.0))[1] for key in _keys(account, address)), default=0.0)
        return TooManyAttempts(math.ceil(until - now)) if until > now else None

    def failed(self, account: str, address: str, now: float) -> None:
        if not self._free:
            return
        for key in _keys(account, address):
            count = self._failed.pop(key, (0, 0.0))[0] + 1
            doubled = min(count - self._free, _DELAYS_DOUBLED_MAX)
            until = now + self._delay * 2**doubled if doubled >= 0 else 0.0
            self._failed[key] = (count, until)
        while len(self._failed) > _REMEMBERED_MAX:
            del self._failed[next(iter(self._failed))]

    def succeeded(self, account: str, address: str) -> None:
        for key in _keys(account, address):
            self._failed.pop(key, None)


def _keys(account: str, address: str) -> tuple[str, str]:
    """A name that a stranger made up is kept as a short digest."""
    digest = hashlib.blake2b(fold(account).encode(errors="replace"), digest_size=8).hexdigest()
    return f"account {digest}", f"address {address}"


def same(given: str, wanted: str) -> bool:
    """Whether two secrets are the same, in a time that tells nothing."""
    return hmac.compare_digest(given.encode(errors="replace"), wanted.encode(errors="replace"))
