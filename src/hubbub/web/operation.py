"""An operation of the API: how one asks for it, what it answers, and who may; routes and documents come of these."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import msgspec
from aiohttp import web

from hubbub.engine.state import Scope
from hubbub.web import request_bodies
from hubbub.web.auth import Caller, caller
from hubbub.web.chat import Chat
from hubbub.web.errors import NODE, Failure
from hubbub.web.long_answers import hold


@dataclass(frozen=True, slots=True)
class Call:
    """One request, understood: `asked` is its body or its query, as the operation says."""

    request: web.Request
    node: Chat
    asked: Any = None
    caller: Caller | None = None

    @property
    def who(self) -> Caller:
        """The caller of an operation that needs one."""
        assert self.caller is not None
        return self.caller

    def part(self, name: str) -> str:
        """The value of `{name}` in the path."""
        return self.request.match_info[name]


@dataclass(frozen=True, slots=True)
class Operation:
    """`path` has its variable parts in braces. With `takes`, GET reads it from the query, and others from the body.

    `scope` is what a token must be for; None where everybody may ask. `answer` is None where there is nothing to tell.
    `answer_bytes` is what a long answer holds from before it is made (`hubbub.web.long_answers`).
    """

    method: str
    path: str
    summary: str
    do: Callable[[Call], Awaitable[Any]]
    answer: Any = None
    takes: type[msgspec.Struct] | None = None
    scope: Scope | None = None
    status: HTTPStatus = HTTPStatus.OK
    media: tuple[str, ...] = ()
    """The media types of a body that is not JSON; `do` reads it."""
    is_tagged: bool = False
    """Its answer has an ETag: who has it already is answered 304."""
    answer_bytes: int = 0
    patterns: Mapping[str, str] = field(default_factory=dict)
    """The regular expressions of path parameters that do not take any text."""

    def route(self) -> web.RouteDef:
        return web.route(self.method, self.path, self._handle)

    async def _handle(self, request: web.Request) -> web.Response:
        who = await caller(request, self.scope) if self.scope else None
        asked = await self._asked(request)
        if who:
            hold(request, who, self.answer_bytes)
        answer = await self.do(Call(request, request.app[NODE], asked, who))
        if self.answer is None:
            return web.Response(status=HTTPStatus.NO_CONTENT)
        body = msgspec.json.encode(answer)
        if who:
            hold(request, who, len(body))
        if self.is_tagged:
            return _tagged(request, body)
        return web.Response(
            body=body,
            status=self.status,
            content_type="application/json",
            headers={"Cache-Control": "no-store"},
        )

    async def _asked(self, request: web.Request) -> Any:
        if self.takes is None:
            return None
        if self.method != "GET":
            return await request_bodies.asked(request, self.takes)
        if len(request.query) != len(set(request.query)):
            raise Failure(HTTPStatus.UNPROCESSABLE_ENTITY, "Write each parameter only once.")
        try:
            return msgspec.convert(dict(request.query), self.takes, strict=False)
        except msgspec.ValidationError as problem:
            raise request_bodies.misfit(problem) from None


def _tagged(request: web.Request, body: bytes) -> web.Response:
    """RFC 9110, 8.8.3 and 13.1.2."""
    tag = hashlib.sha256(body).hexdigest()[:32]
    headers = {"Cache-Control": "private, no-cache", "ETag": f'"{tag}"'}
    known = request.if_none_match or ()
    if any(one.value in (tag, "*") for one in known):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return web.Response(body=body, content_type="application/json", headers=headers)
