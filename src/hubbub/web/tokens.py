"""Tokens over HTTP: a client that stays signed in makes one, and the account's owner lists and revokes them."""

import secrets
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Final

import msgspec

from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Account, Scope, Token, TokenKind
from hubbub.engine.tokens import NAME_BYTES_MAX, AddToken, RemoveToken, TokenUnknown, digest_of, tokens_of
from hubbub.node.session import LiveSession
from hubbub.web.errors import Failure, refused
from hubbub.web.operation import Call, Operation
from hubbub.wire.times import format_time


class Wish(msgspec.Struct, forbid_unknown_fields=True):
    """A new token's name and purpose.

    With `stays` the session that asks for it is signed in with it from now on, and ends when it is revoked.
    """

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_BYTES_MAX)]
    scopes: Annotated[list[Scope], msgspec.Meta(min_length=1, max_length=len(Scope))] = msgspec.field(
        default_factory=lambda: [Scope.CHAT]
    )
    stays: bool = False


class TokenMade(msgspec.Struct):
    name: str
    token: str
    scopes: Sequence[Scope]


class TokenShown(msgspec.Struct):
    """`used` is when it was used last, to the hour; null for never."""

    name: str
    made: str
    used: str | None
    scopes: Sequence[Scope]


class Tokens(msgspec.Struct):
    """All of them: an account has at most 50."""

    tokens: Sequence[TokenShown]


def in_person(call: Call) -> tuple[LiveSession, Account]:
    """Require a session: tokens cannot make tokens, so that a leaked one makes no more of them."""
    if call.who.session is None or call.who.account is None:
        raise Failure(HTTPStatus.FORBIDDEN, "This requires a signed-in chat session and its ticket.")
    return call.who.session, call.who.account


async def listing(call: Call) -> Tokens:
    _, account = in_person(call)
    return Tokens([_shown(token) for token in tokens_of(call.node.state, account, TokenKind.SECRET)])


def _shown(token: Token) -> TokenShown:
    used = format_time(token.used) if token.used else None
    return TokenShown(token.name, format_time(token.at), used, token.scopes)


async def make(call: Call) -> TokenMade:
    """Make a token; this answer alone contains its secret."""
    session, _ = in_person(call)
    wish, secret = call.asked, secrets.token_urlsafe(32)
    scopes = tuple(dict.fromkeys(wish.scopes))
    answer = call.node.ask(AddToken(wish.name, digest_of(secret), scopes=scopes, stays=wish.stays), session)
    if isinstance(answer, Refusal):
        raise refused(answer)
    await call.node.gate.settled()
    return TokenMade(wish.name, secret, scopes)


async def revoke(call: Call) -> None:
    """The sessions that are signed in with it end."""
    session, _ = in_person(call)
    answer = call.node.ask(RemoveToken(call.part("name")), session)
    if isinstance(answer, TokenUnknown):
        raise Failure(HTTPStatus.NOT_FOUND, str(answer))
    if isinstance(answer, Refusal):
        raise refused(answer)
    await call.node.gate.settled()


_PATH: Final = "/api/v1/tokens"

OPERATIONS: Final = (
    Operation("GET", _PATH, "List the caller's tokens.", listing, Tokens, scope=Scope.CHAT),
    Operation(
        *(
            "POST",
            _PATH,
            "Create a token; its secret is returned only once.",
            make,
            TokenMade,
            Wish,
            Scope.CHAT,
        ),
        status=HTTPStatus.CREATED,
    ),
    Operation("DELETE", f"{_PATH}/{{name}}", "Revoke a token.", revoke, scope=Scope.CHAT),
)
