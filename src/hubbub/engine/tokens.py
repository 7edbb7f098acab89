"""Tokens: what signs in to an account beside its password, each made and revoked by itself.

A secret for a program is as long as chance makes it, so that a plain digest of it is enough to keep. Of a client's
certificate the digest is its fingerprint.
"""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Final

from msgspec.structs import replace

from hubbub.text import clean, cut

from .event import Answer, Command, Event, Request
from .notifications import PushRemoved
from .refusals import NotSignedIn, Refusal
from .rules import EventRule, Rule
from .sessions import end_all
from .state import Account, Scope, Session, State, Token, TokenKind

TOKENS_MAX: Final = 50
NAME_BYTES_MAX: Final = 64
USE_NOTED_MS: Final = 3_600_000


class AddToken(Command, frozen=True):
    """A new token for one's account; `digest` is its SHA-256 in hexadecimal digits.

    With `stays` the asking session is signed in with it from now on: it is what its client comes back with.
    """

    name: str
    digest: str
    kind: TokenKind = TokenKind.SECRET
    scopes: tuple[Scope, ...] = (Scope.CHAT,)
    stays: bool = False


class NoteUse(Command, frozen=True):
    """Note that a token was used; the shell has verified it."""

    digest: str


class RemoveToken(Command, frozen=True):
    name: str
    kind: TokenKind = TokenKind.SECRET


class TokenAdded(Event, frozen=True):
    """`session` is the one that is signed in with it from now on, 0 for none."""

    account: int
    name: str
    digest: str
    kind: TokenKind
    scopes: tuple[Scope, ...] = (Scope.CHAT,)
    session: int = 0


class TokenUsed(Event, frozen=True):
    digest: str


class TokenRemoved(Event, frozen=True):
    account: int
    name: str
    digest: str


class TooManyTokens(Refusal, frozen=True):
    limit: int

    def __str__(self) -> str:
        return f"An account can have at most {self.limit} tokens. Delete some first."


class TokenExists(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return (
            f"You already have a token called {self.name}. Choose another name, or delete that token first."
        )


class TokenUnknown(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"You have no token called {self.name}."


def add_token(state: State, request: Request, command: AddToken) -> Answer:
    account = _account(state, request)
    if isinstance(account, Refusal):
        return account
    name, _ = cut(clean(command.name), NAME_BYTES_MAX)
    if _named(state, account, name, command.kind) or command.digest in state.tokens:
        return TokenExists(name)
    if len(tokens_of(state, account, command.kind)) >= TOKENS_MAX:
        return TooManyTokens(TOKENS_MAX)
    session = request.session if command.stays else 0
    return [TokenAdded(request.id, account.id, name, command.digest, command.kind, command.scopes, session)]


def remove_token(state: State, request: Request, command: RemoveToken) -> Answer:
    account = _account(state, request)
    if isinstance(account, Refusal):
        return account
    token = _named(state, account, command.name, command.kind)
    if token is None:
        return TokenUnknown(command.name)
    ids = count(request.id)
    opened = opened_by(state, [token])
    return [*taking_back(state, ids, token), *end_all(state, ids, opened, _revoked(token), is_revoked=True)]


def taking_back(state: State, ids: Iterator[int], token: Token) -> Iterator[Event]:
    """The events of a token's end, and of the push subscriptions made with it."""
    yield TokenRemoved(next(ids), token.account, token.name, token.digest)
    for push in state.accounts[token.account].pushes.values():
        if push.proof == token.digest:
            yield PushRemoved(next(ids), push.endpoint)


def opened_by(state: State, tokens: Iterable[Token]) -> list[Session]:
    """The sessions that are signed in with these tokens, come in or not."""
    digests = {token.digest for token in tokens}
    return [session for session in state.sessions.values() if session.proof in digests]


def _revoked(token: Token) -> str:
    """The sentence for sessions that were signed in with it."""
    if token.kind is TokenKind.SECRET:
        return f"The token {token.name} was revoked. Sign in again."
    return f"The {token.kind.value} that you signed in with was revoked. Sign in again."


def note_use(state: State, request: Request, command: NoteUse) -> Answer:
    """Once an hour is often enough to know which tokens are in use."""
    token = state.tokens.get(command.digest)
    return (
        [TokenUsed(request.id, command.digest)]
        if token and abs(request.at - token.used) >= USE_NOTED_MS
        else []
    )


def digest_of(secret: str) -> str:
    """The digest stored of a secret: its SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def key_digest(account: int, fingerprint: str) -> str:
    """The digest stored of an ssh key. Several accounts may have one key, so the account is part of it."""
    return digest_of(f"{account} {fingerprint}")


def key_of(state: State, account: Account, fingerprint: str) -> Token | None:
    """An account's own key of ssh with this fingerprint; a certificate of others' under its digest is none."""
    token = state.tokens.get(key_digest(account.id, fingerprint))
    is_key = token is not None and token.kind is TokenKind.KEY and token.account == account.id
    return token if is_key else None


def tokens_of(state: State, account: Account, kind: TokenKind) -> list[Token]:
    """Those of one account, the oldest first."""
    found = (token for token in state.tokens.values() if token.account == account.id and token.kind is kind)
    return sorted(found, key=lambda token: token.at)


def owner_of(
    state: State, digest: str, kind: TokenKind = TokenKind.SECRET, scope: Scope = Scope.CHAT
) -> Account | None:
    """Whose token it is, if there is such a one and it is good for this."""
    token = state.tokens.get(digest)
    fits = token is not None and token.kind is kind and token.allows(scope)
    return state.accounts.get(token.account) if token and fits else None


def _named(state: State, account: Account, name: str, kind: TokenKind) -> Token | None:
    return next((token for token in tokens_of(state, account, kind) if token.name == name), None)


def _account(state: State, request: Request) -> Account | Refusal:
    user = state.user(request.session)
    return user.account if user and user.account else NotSignedIn()


def token_added(state: State, event: TokenAdded) -> None:
    state.tokens[event.digest] = Token(
        event.account, event.name, event.digest, event.kind, event.at, event.scopes
    )
    if session := state.sessions.get(event.session):
        session.proof = event.digest


def token_used(state: State, event: TokenUsed) -> None:
    state.tokens[event.digest] = replace(state.tokens[event.digest], used=event.at)


def token_removed(state: State, event: TokenRemoved) -> None:
    del state.tokens[event.digest]


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    AddToken: add_token,
    NoteUse: note_use,
    RemoveToken: remove_token,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    TokenAdded: EventRule(token_added),
    TokenUsed: EventRule(token_used),
    TokenRemoved: EventRule(token_removed),
}
