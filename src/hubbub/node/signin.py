"""Passwords: the slow making and checking of what is kept of them, off the event loop."""

import base64
import hmac
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from hubbub.config.sections import Accounts
from hubbub.engine.refusals import PasswordRefused, Refusal
from hubbub.engine.state import Credential
from hubbub.wire import scram

from .password_queue import CONSOLE, Asker, PasswordQueue

if TYPE_CHECKING:
    from argon2 import PasswordHasher

PASSWORD_BYTES_MAX: Final = 300


class Passwords:
    """Makes and checks credentials in a few threads; whoever comes meanwhile waits in the queue.

    Whatever waits raises QueueFull where too much waits already, and NotWanted where the asker is gone by its turn.
    """

    def __init__(self, settings: Accounts) -> None:
        self._settings = settings
        self._threads = ThreadPoolExecutor(settings.hashes_at_once, "hubbub-password")
        self._queue = PasswordQueue(self._threads, settings.hashes_at_once)
        self._made_hasher: PasswordHasher | None = None
        self._dummy = ""

    def refusal(self, password: str) -> Refusal | None:
        """Whether it will do as a new password."""
        least = self._settings.password_min_characters
        if len(password) < least or len(password.encode()) > PASSWORD_BYTES_MAX:
            return PasswordRefused(least, PASSWORD_BYTES_MAX)
        return None

    async def credential(self, password: str, asker: Asker = CONSOLE) -> Credential:
        return await self._queue.run(asker, lambda: self.make(password))

    async def fits(self, password: str, credential: Credential | None, asker: Asker) -> bool:
        """Whether it is the password; for an account that does not exist it takes as long, and is never so."""
        return await self.fits_hash(password, credential.argon2 if credential else None, asker)

    async def fits_hash(self, password: str, argon2: str | None, asker: Asker) -> bool:
        return await self._queue.run(asker, lambda: self._check(password, argon2))

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

    def stop(self) -> None:
        self._threads.shutdown(cancel_futures=True)


def same(given: str, wanted: str) -> bool:
    """Whether two secrets are the same, in a time that tells nothing."""
    return hmac.compare_digest(given.encode(errors="replace"), wanted.encode(errors="replace"))
