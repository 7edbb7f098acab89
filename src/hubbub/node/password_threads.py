"""Passwords: the slow making and checking of what is kept of them, off the event loop."""

import hmac
from concurrent.futures import ThreadPoolExecutor

from hubbub.config.sections import Accounts
from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Credential
from hubbub.wire.saslprep import prepare

from .password_queue import CONSOLE, RENEWING, Asker, PasswordQueue
from .passwords import Hashing, refusal_of


class Passwords:
    """Makes and verifies credentials in a few threads, behind a queue.

    Whatever waits raises QueueFull where too much waits already, and NotWanted where the asker is gone by its turn.
    """

    def __init__(self, settings: Accounts) -> None:
        self._settings = settings
        self._hashing = Hashing(settings)
        self._threads = ThreadPoolExecutor(settings.hashes_at_once, "hubbub-password")
        self._queue = PasswordQueue(self._threads, settings.hashes_at_once)

    def refusal(self, password: str, *names: str) -> Refusal | None:
        """Why it will not do as a new password, which is to be more than one of these names; None if it will."""
        return refusal_of(password, self._settings.password_min_characters, names)

    async def credential(self, password: str, asker: Asker = CONSOLE) -> Credential:
        return await self._queue.run(asker, lambda: self.make(password))

    async def fits(self, password: str, credential: Credential | None, asker: Asker) -> bool:
        """Whether it is the password; for an account that does not exist it takes as long, and is never so."""
        return await self.fits_hash(password, credential.argon2 if credential else None, asker)

    async def fits_hash(self, password: str, argon2: str | None, asker: Asker) -> bool:
        return await self._queue.run(asker, lambda: self._hashing.fits(password, argon2))

    def may_be_renewed(self, password: str, credential: Credential, has_keys: bool) -> bool:
        """Whether a proved password may have to be hashed anew; `has_keys`: its SCRAM keys are of use."""
        return self._hashing.may_be_renewed(password, credential, has_keys)

    async def renewed(self, password: str, credential: Credential, has_keys: bool) -> Credential | None:
        """A proved password as it is hashed today; None where it is hashed so."""
        return await self._queue.run(RENEWING, lambda: self._hashing.renewed(password, credential, has_keys))

    def make(self, password: str) -> Credential:
        """Slow: some 300 ms."""
        return self._hashing.make(password)

    def stop(self) -> None:
        self._threads.shutdown()


def same(given: str, wanted: str) -> bool:
    """Whether two secrets are the same, as passwords are, in a time that tells nothing."""
    first, second = (prepare(secret).encode(errors="replace") for secret in (given, wanted))
    return hmac.compare_digest(first, second)
