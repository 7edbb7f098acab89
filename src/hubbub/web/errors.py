"""Errors of handlers as sentences, and the node and the peer that all handlers need."""

import asyncio
from http import HTTPStatus
from typing import Final

from aiohttp import web

from hubbub.engine.refusals import Refusal
from hubbub.engine.signin import TooManyAttempts
from hubbub.transports.base import Peer
from hubbub.web.chat import Chat

NODE: Final[web.AppKey[Chat]] = web.AppKey("node")


def peer_of(request: web.BaseRequest) -> Peer:
    peer = request.get_extra_info("peer")
    if not isinstance(peer, Peer):
        raise ConnectionResetError("the peer is gone")
    return peer


def gone_of(request: web.BaseRequest) -> asyncio.Future[None]:
    """A future that completes when the peer disconnects, for work that is only worth doing while it waits."""
    gone = request.get_extra_info("gone")
    if not isinstance(gone, asyncio.Future):
        raise ConnectionResetError("the peer is gone")
    return gone


def settle(request: web.BaseRequest) -> None:
    """The caller is authenticated: the connection keeps its place, however many strangers connect."""
    settled = request.get_extra_info("settled")
    if settled is not None:
        settled()


class Failure(web.HTTPException):
    """An answer that says in a sentence what is wrong and what to do; `status_code` is HTTP's."""

    def __init__(self, status: HTTPStatus, sentence: str, headers: dict[str, str] | None = None) -> None:
        self.status_code = status
        self.sentence = sentence
        super().__init__(headers=headers, reason=status.phrase)


_SENTENCES: Final = {
    404: "Not found.",
    405: "This method is not allowed here.",
    411: "The request needs a Content-Length.",
    413: "The request is too large.",
    416: "The requested range does not exist.",
}


def error(request: web.BaseRequest, raised: web.HTTPException) -> web.Response:
    """A failure as JSON: `{"error": sentence}`."""
    sentence = getattr(raised, "sentence", None) or _SENTENCES.get(raised.status, "The request is not valid.")
    kept = {
        name: value
        for name, value in raised.headers.items()
        if name in ("Allow", "Retry-After", "WWW-Authenticate", "Content-Range", "Accept-Encoding", "Upgrade")
    }
    return web.json_response({"error": sentence}, status=raised.status, headers=kept)


def refused(refusal: Refusal) -> Failure:
    """The engine's refusal, with the status that comes nearest."""
    status = {
        "SignInFailed": HTTPStatus.UNAUTHORIZED,
        "NotSignedIn": HTTPStatus.UNAUTHORIZED,
        "TooManyAttempts": HTTPStatus.TOO_MANY_REQUESTS,
        "TooManyWaiting": HTTPStatus.SERVICE_UNAVAILABLE,
        "DiskTakesNothing": HTTPStatus.INSUFFICIENT_STORAGE,
        "DataUnreadable": HTTPStatus.INTERNAL_SERVER_ERROR,
    }.get(refusal.code, HTTPStatus.CONFLICT)
    headers = {"Retry-After": str(refusal.wait_seconds)} if isinstance(refusal, TooManyAttempts) else None
    return Failure(status, str(refusal), headers)
