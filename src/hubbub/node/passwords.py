"""The rules for passwords, and their hashes: made, proved, and made anew when the rules have changed."""

import base64
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from hubbub.config.sections import Accounts
from hubbub.engine.accounts import PasswordCommon, PasswordIsName, PasswordNotSendable, PasswordRefused
from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Credential
from hubbub.wire import scram
from hubbub.wire.saslprep import is_sendable, prepare

if TYPE_CHECKING:
    from argon2 import PasswordHasher

BYTES_MAX: Final = 300
"""The longest password, as it is prepared; also how much is hashed of what anybody sends for one."""

_BEYOND_NAMES_MIN: Final = 6
"""So many characters beyond a name make a password of their own."""
_NAME_CHARACTERS_MIN: Final = 3
"""Shorter names are within too much that has nothing to do with them."""


def refusal_of(password: str, characters_min: int, names: Sequence[str]) -> Refusal | None:
    """Why it will not do as a new password, in the place and for the account with these names; None if it will."""
    prepared = prepare(password)
    if len(prepared) < characters_min or len(prepared.encode(errors="replace")) > BYTES_MAX:
        return PasswordRefused(characters_min, BYTES_MAX)
    if not is_sendable(prepared):
        return PasswordNotSendable()
    folded = prepared.casefold()
    if folded in common_passwords():
        return PasswordCommon()
    if any(_is_hardly_more_than(name, folded) for name in names):
        return PasswordIsName()
    return None


def _is_hardly_more_than(name: str, folded: str) -> bool:
    """Whether a password is a name, also backwards, several times, or with little or something common around it."""
    name = prepare(name).casefold()
    if len(name) < _NAME_CHARACTERS_MIN:
        return folded == name
    rest = folded.replace(name, "").replace(name[::-1], "")
    return rest != folded and (len(rest) < _BEYOND_NAMES_MIN or rest in common_passwords())


@cache
def common_passwords() -> frozenset[str]:
    """In small letters."""
    lines = files("hubbub.node").joinpath("common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


class Hashing:
    """Hashes of passwords, as the settings want them. All of it is slow, but for `may_be_renewed`."""

    def __init__(self, settings: Accounts) -> None:
        self._settings = settings
        self._made_hasher: PasswordHasher | None = None
        self._dummy = ""

    def make(self, password: str) -> Credential:
        """Some 100 ms for Argon2id, and beside it 200 ms for the 600,000 iterations of PBKDF2, which take one core."""
        if not self._settings.scram:
            return Credential(self._hasher().hash(prepare(password)), "")
        with ThreadPoolExecutor(1, "hubbub-password-keys") as beside:
            keys = beside.submit(scram.derive, password, os.urandom(16), self._settings.scram_iterations)
            return Credential(self._hasher().hash(prepare(password)), keys.result())

    def fits(self, password: str, argon2: str | None) -> bool:
        """Whether it is the password; where there is none it takes as long, and is never so.

        What was hashed before there was one preparation for all doors was hashed as it was typed.
        """
        hashed = argon2 or self._nobodys_hash()
        forms = [form for form in dict.fromkeys((prepare(password), password)) if _is_short(form)]
        found = [
            self._verify(form, hashed) for form in forms or [""]
        ]  # All of them, so that the time tells nothing.
        return any(found) and bool(forms) and argon2 is not None

    def may_be_renewed(self, password: str, credential: Credential, has_keys: bool) -> bool:
        """Whether there could be something to hash anew, now that the password has been proved; quick."""
        return prepare(password) != password or not self._is_current(credential, has_keys)

    def renewed(self, password: str, credential: Credential, has_keys: bool) -> Credential | None:
        """The same password as it is hashed today; None where it is hashed so."""
        is_prepared = prepare(password) == password or self._verify(prepare(password), credential.argon2)
        return None if is_prepared and self._is_current(credential, has_keys) else self.make(password)

    def _is_current(self, credential: Credential, has_keys: bool) -> bool:
        settings = self._settings
        iterations = scram.iterations_of(credential.scram) if has_keys else 0
        wanted = settings.scram_iterations if settings.scram else 0
        return iterations == wanted and not self._hasher().check_needs_rehash(credential.argon2)

    def _verify(self, password: str, argon2: str) -> bool:
        from argon2.exceptions import Argon2Error, InvalidHashError

        try:
            return self._hasher().verify(argon2, password)
        except (Argon2Error, InvalidHashError):
            return False

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


def _is_short(form: str) -> bool:
    return len(form.encode(errors="replace")) <= BYTES_MAX
