"""The entrance of HTTP: a request for WebSocket becomes a session, any other is the website's."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from hubbub.transports.base import Connection, Receiver
from hubbub.transports.request_head import HeadReader, HeadRefused, RequestHead, response
from hubbub.transports.request_origin import Sites

HEAD_SECONDS: Final = 20
"""The time that the first request's head may take."""

_HEADERS: Final = {"Connection": "close", "Content-Type": "text/plain; charset=utf-8"}

_REFUSED: Final = {
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "Send a shorter request.",
    HTTPStatus.BAD_REQUEST: "The request is not valid HTTP.",
}

Website = Callable[[Connection], Receiver]
"""Serves a connection on which HTTP is spoken, from its first byte."""


class HttpUpgrade:
    """Reads a connection's first request and hands the connection on. `accept` serves a WebSocket request."""

    def __init__(
        self,
        connection: Connection,
        sites: Sites,
        accept: Callable[[Connection, RequestHead], Receiver],
        website: Website,
    ) -> None:
        self._connection = connection
        self._sites = sites
        self._accept = accept
        self._website = website
        self._head = b""
        self._reader = HeadReader()
        self._is_answered = False
        self._receiver: Receiver | None = None
        self._clock = asyncio.get_running_loop().call_later(HEAD_SECONDS, self._too_slow)

    def received(self, data: bytes) -> None:
        if self._receiver:
            self._receiver.received(data)
            return
        if self._is_answered:
            return
        self._head += data
        try:
            request = self._reader.feed(data)
        except HeadRefused as refused:
            if refused.status is HTTPStatus.NOT_IMPLEMENTED:
                self._hand_on()  # The website refuses it as it does behind another request.
            else:
                self._say(refused.status, _REFUSED[refused.status])
            return
        if request is not None:
            self._clock.cancel()
            self._look(request, self._reader.rest)

    def lost(self, error: str | None) -> None:
        self._clock.cancel()
        self._is_answered = True
        if self._receiver:
            self._receiver.lost(error)

    def _too_slow(self) -> None:
        self._say(HTTPStatus.REQUEST_TIMEOUT, "The request is incomplete. Send it whole.")

    def _look(self, request: RequestHead, rest: bytes) -> None:
        # Its library is loaded when the first browser comes: a server starts sooner than that.
        from hubbub.transports.websocket import COME_BY_WEBSOCKET, PATH, is_upgrade

        if is_upgrade(request):
            self._upgrade(request, rest)
        elif request.path == PATH:
            self._say(*COME_BY_WEBSOCKET)
        else:
            self._hand_on()

    def _hand_on(self) -> None:
        self._clock.cancel()
        beginning, self._head = self._head, b""
        self._receiver = self._website(self._connection)
        self._receiver.received(beginning)

    def _upgrade(self, request: RequestHead, rest: bytes) -> None:
        from hubbub.transports.websocket import refusal

        headers, secure = request.headers, self._connection.peer.secure
        if refused := (
            self._sites.refusal(headers.get("host"), headers.get("origin"), secure) or refusal(request)
        ):
            self._say(*refused)
            return
        self._head = b""
        self._receiver = self._accept(self._connection, request)
        if rest:
            self._receiver.received(rest)

    def _say(self, status: HTTPStatus, sentence: str) -> None:
        self._is_answered = True
        self._clock.cancel()
        more = {"Upgrade": "websocket"} if status is HTTPStatus.UPGRADE_REQUIRED else {}
        self._connection.write(response(status, {**_HEADERS, **more}, f"{sentence}\n".encode()))
        self._connection.close()


class Nowhere:
    """A website that is not there: what a node without one answers."""

    def __init__(self, connection: Connection) -> None:
        connection.write(response(HTTPStatus.NOT_FOUND, _HEADERS, b"There is no page here.\n"))
        connection.close()

    def received(self, data: bytes) -> None:
        """Ignore bytes."""

    def lost(self, error: str | None) -> None:
        """Ignore the end."""
