"""Tokens: what signs in beside a password."""

import sqlite3
from functools import cache
from typing import Final, NamedTuple

from hubbub.engine.event import Event
from hubbub.engine.state import Scope, State, Token, TokenKind
from hubbub.engine.tokens import TokenAdded, TokenRemoved, TokenUsed

from ..statements import insert
from ..subject import Bulk, Writer

Connection = sqlite3.Connection


def _token(database: Connection, event: TokenAdded) -> None:
    scopes = " ".join(scope.value for scope in event.scopes)
    row = (event.digest, event.account, event.name, event.kind.value, event.at, scopes)
    insert(database, "token", ("digest", "account", "name", "kind", "at", "scopes"), [row])


def _token_used(database: Connection, event: TokenUsed) -> None:
    database.execute("UPDATE token SET used = ? WHERE digest = ?", (event.at, event.digest))


def _no_token(database: Connection, event: TokenRemoved) -> None:
    database.execute("DELETE FROM token WHERE digest = ?", (event.digest,))


class _Tokens(NamedTuple):
    digest: list[str]
    account: list[int]
    name: list[str]
    kind: list[TokenKind]
    at: list[int]
    scopes: list[str]
    used: list[int]


def _tokens(found: _Tokens, state: State) -> None:
    scopes = map(_scopes, found.scopes)
    tokens = map(Token, found.account, found.name, found.digest, found.kind, found.at, scopes, found.used)
    state.tokens = dict(zip(found.digest, tokens, strict=True))


@cache
def _scopes(words: str) -> tuple[Scope, ...]:
    """Few sets of scopes are in use, by many tokens."""
    return tuple(map(Scope, words.split()))


BULK: Final = Bulk(_Tokens, "token", _tokens)


WRITERS: Final[dict[type[Event], Writer]] = {
    TokenAdded: Writer(_token),
    TokenRemoved: Writer(_no_token),
    TokenUsed: Writer(_token_used, takes_away=False),
}
