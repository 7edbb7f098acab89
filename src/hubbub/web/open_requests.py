"""Requests that are being answered: each ends at once when what has proved its caller is revoked."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from aiohttp import web

from hubbub.engine.accounts import PASSWORD_CHANGED, CredentialSet
from hubbub.engine.bans import address_kept_out
from hubbub.engine.event import Event
from hubbub.engine.moderation import AddressKeptOut, NameKeptOut, told
from hubbub.engine.names import fold
from hubbub.engine.sessions import SessionEnded
from hubbub.engine.tokens import TokenRemoved
from hubbub.web.auth import CALLER
from hubbub.web.chat import Chat
from hubbub.web.errors import NODE, Failure, peer_of

TOKEN_REVOKED: Final = "This token was revoked. Create another one."
_ENDED: Final = web.RequestKey("ended", str)
"""Why a request is not answered any more."""


class Underway:
    """The tasks of open requests; work in a thread is awaited by the task that began it."""

    def __init__(self, node: Chat) -> None:
        self._node = node
        self._tasks: dict[asyncio.Task[object], tuple[web.BaseRequest, str]] = {}
        """Each with the address from which it came, which a connection that is gone does not tell any more."""

    def heard(self, event: Event) -> None:
        """Something has happened. The request by which it happens is answered still."""
        if type(event) not in _REVOKING:
            return
        own = asyncio.current_task()
        for task, (request, address) in self._tasks.items():
            if task is not own and (why := self._why_ended(request, address, event)):
                request[_ENDED] = why
                task.cancel()

    def _why_ended(self, request: web.BaseRequest, address: str, event: Event) -> str:
        who = request.get(CALLER)
        match event:
            case AddressKeptOut():
                refusal = address_kept_out(self._node.state, address, self._node.clock.now())
                return str(refusal) if refusal else ""
            case SessionEnded() if who and who.session and who.session.session == event.session:
                return event.reason
            case TokenRemoved() if who and who.token == event.digest:
                return TOKEN_REVOKED
            case CredentialSet() if who and who.is_by_password and who.person == event.account:
                return PASSWORD_CHANGED
            case NameKeptOut() if who and who.account and who.account.name.key == fold(event.name):
                return told(event.sanction)
        return ""

    @contextmanager
    def during(self, request: web.BaseRequest) -> Iterator[None]:
        """As long as this task answers a request, or sends what it is answered."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks[task] = request, peer_of(request).address
        try:
            yield
        finally:
            del self._tasks[task]


def revoked(request: web.BaseRequest) -> Failure | None:
    """Why a request is not answered any more, if so."""
    why = request.get(_ENDED)
    return Failure(HTTPStatus.UNAUTHORIZED, why) if why else None


UNDERWAY: Final = web.AppKey("underway", Underway)


async def keep_watch(app: web.Application) -> AsyncIterator[None]:
    """As long as the website runs."""
    heard = app[UNDERWAY].heard
    app[NODE].listening.append(heard)
    yield
    app[NODE].listening.remove(heard)


_REVOKING: Final = frozenset({SessionEnded, TokenRemoved, CredentialSet, NameKeptOut, AddressKeptOut})
