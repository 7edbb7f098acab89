"""Proofs of identity: passwords, SCRAM, tickets and passes, and the counters that slow down guessing them."""

import contextlib
import secrets
from typing import TYPE_CHECKING, Final

from hubbub.config.sections import Settings
from hubbub.engine.accounts import RenewCredential
from hubbub.engine.names import fold
from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Account, Credential, TokenKind
from hubbub.engine.tokens import digest_of

from .file_passes import FilePasses
from .guarded_attempts import GuardedAttempts
from .limits import Daily
from .password_queue import QueueFull
from .password_threads import Passwords
from .scram_challenges import Challenges

if TYPE_CHECKING:
    from .node import Node

PASS_SECONDS: Final = 30.0
"""For how long a pass is good that lets one visitor sign in once."""


class Proofs:
    """Passwords and SCRAM's challenges, attempts at them, and tickets, passes and registrations given out."""

    def __init__(self, node: "Node", settings: Settings) -> None:
        self._node = node
        self._passes: dict[str, tuple[str, float]] = {}
        """What lets a visitor of the gateway sign in once: digest → the key's digest, and until when of `monotonic`."""
        self.secret = node.storage.secret()
        self.passwords = Passwords(settings.accounts)
        self.challenges = Challenges(
            node.storage.seal, self.secret, settings.accounts.scram_iterations, node.clock.monotonic
        )
        self.guarded = GuardedAttempts(
            node, settings.limits.signin_failures, settings.limits.signin_delay_seconds
        )
        self.tickets: dict[str, int] = {}
        """The tickets that authenticate sessions over HTTP while they live: digest → session number."""
        self.file_passes = FilePasses()
        self.registrations = Daily()
        """The registrations of each address."""
        self.rooms_made = Daily()
        """The rooms made by each account, and from each address."""

    def follow(self, settings: Settings) -> None:
        """Take over settings that changed."""
        limits = settings.limits
        self.guarded.attempts.allow(limits.signin_failures, limits.signin_delay_seconds)

    def password_refusal(self, password: str, account: str) -> Refusal | None:
        """Why it will not do as a new password of the account with this name; None if it will."""
        server = self._node.settings.server
        return self.passwords.refusal(
            password, account, server.name, server.name.partition(".")[0], server.network
        )

    def renew_credential(self, account: Account, password: str) -> None:
        """Hash a password that was just proved anew, beside everything else, where it is not hashed as it is today."""
        credential = account.credential
        has_keys = bool(self._node.storage.seal.opened(account.id, credential))
        if self.passwords.may_be_renewed(password, credential, has_keys):
            self._node.tasks.start(self._renew(account.id, credential, password, has_keys))

    async def _renew(self, account: int, old: Credential, password: str, has_keys: bool) -> None:
        with contextlib.suppress(QueueFull):
            credential = await self.passwords.renewed(password, old, has_keys)
            if credential and not self._node.health.is_stopping:
                self._node.ask(RenewCredential(account, old, credential))

    def give_ticket(self, session: int, former: str) -> tuple[str, str]:
        """A new ticket of a session and its digest; the `former` one is void."""
        ticket = secrets.token_urlsafe(24)
        self.tickets.pop(former, None)
        digest = digest_of(ticket)
        self.tickets[digest] = session
        return ticket, digest

    def give_pass(self, key: str) -> str:
        """A pass with which the owner of a key that was proved, known by its digest, signs in once."""
        now = self._node.clock.monotonic()
        self._passes = {name: one for name, one in self._passes.items() if one[1] >= now}
        secret = secrets.token_urlsafe(32)
        self._passes[digest_of(secret)] = (key, now + PASS_SECONDS)
        return secret

    def is_pass(self, digest: str) -> bool:
        """Whether it is that of a pass, good or not."""
        return digest in self._passes

    def key_of_pass(self, name: str, digest: str) -> str:
        """The digest of the key that a pass stands for; a pass is good once.

        Empty if it is none for the account of that name, or if the key was revoked.
        """
        state = self._node.state
        key, until = self._passes.pop(digest, ("", 0.0))
        token = state.tokens.get(key)
        owner = state.accounts[token.account] if token else None
        is_key = token is not None and token.kind is TokenKind.KEY
        is_timely = until >= self._node.clock.monotonic()
        return key if owner is not None and is_key and is_timely and fold(name) == owner.name.key else ""
