"""Tokens over HTTP: a client that stays signed in makes one, and whoever owns the account sees and revokes them."""

import secrets
from http import HTTPStatus
from typing import Final

import msgspec
from aiohttp import web

from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Token, TokenKind
from hubbub.engine.tokens import AddToken, RemoveToken, digest_of, tokens_of
from hubbub.node.session import LiveSession
from hubbub.web.answers import NODE, Failure, body, refused
from hubbub.web.who import Caller, caller
from hubbub.wire.times import format_time


class Wish(msgspec.Struct, forbid_unknown_fields=True):
    name: str


async def _in_person(request: web.Request) -> tuple[Caller, LiveSession]:
    """Tokens are made by somebody who is there, not by other tokens: one that leaks makes no more of them."""
    who = await caller(request)
    if who.session is None or who.account is None:
        raise Failure(HTTPStatus.FORBIDDEN, "Only a session that is signed in may do this, with its ticket.")
    return who, who.session


async def listing(request: web.Request) -> web.Response:
    who, _ = await _in_person(request)
    node = request.app[NODE]
    assert who.account
    tokens = tokens_of(node.state, who.account, TokenKind.SECRET)
    return web.json_response({"tokens": [_shown(token) for token in tokens]})


def _shown(token: Token) -> dict[str, str]:
    return {"name": token.name, "made": format_time(token.at)}


async def make(request: web.Request) -> web.Response:
    """The secret is told once, here."""
    _, session = await _in_person(request)
    wish: Wish = await body(request, Wish)
    node, secret = request.app[NODE], secrets.token_urlsafe(32)
    answer = node.ask(AddToken(wish.name, digest_of(secret)), session)
    if isinstance(answer, Refusal):
        raise refused(answer)
    await node.gate.settled()
    return web.json_response({"name": wish.name, "token": secret}, status=HTTPStatus.CREATED)


async def revoke(request: web.Request) -> web.Response:
    _, session = await _in_person(request)
    node = request.app[NODE]
    answer = node.ask(RemoveToken(request.match_info["name"]), session)
    if isinstance(answer, Refusal):
        raise Failure(HTTPStatus.NOT_FOUND, str(answer))
    await node.gate.settled()
    return web.Response(status=HTTPStatus.NO_CONTENT)


ROUTES: Final = (
    web.get("/api/v1/tokens", listing),
    web.post("/api/v1/tokens", make),
    web.delete("/api/v1/tokens/{name}", revoke),
)
