"""What a browser gets at the port: one page that says how to come in."""

import html
from http import HTTPStatus
from typing import Final

from hubbub.config.sections import Server
from hubbub.transports.base import Accept, Connection
from hubbub.transports.http import HEAD_BYTES_MAX, Request, parse_head, response, split_head
from hubbub.transports.websocket import PATH, WebSocket, is_upgrade, refusal

_HEADERS: Final = {
    "Connection": "close",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}

_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{network}</title>
<style>
:root {{ color-scheme: light dark; font: 1.05rem/1.6 system-ui, sans-serif; }}
body {{ max-width: 38rem; margin: 4rem auto; padding: 0 1.2rem; }}
code {{ background: color-mix(in srgb, currentColor 10%, transparent); padding: .15em .4em; border-radius: .3em; }}
dt {{ font-weight: 600; margin-top: 1rem; }} dd {{ margin: 0; }}
</style>
<main>
<h1>{network}</h1>
<p>This is a chat server. Come in with one of these programs:</p>
<dl>
<dt>An IRC client</dt><dd>Connect to <code>{host}</code>, port <code>{port}</code>.</dd>
<dt>A terminal</dt><dd>Type <code>nc {host} {port}</code> on the server's own machine, or
<code>openssl s_client -quiet -connect {host}:{port}</code> on another one, and wait to be asked for a name.</dd>
</dl>
</main>
</html>
"""


class Page:
    """Answers one request, whatever it asks for, and closes; one for WebSocket goes on as that."""

    def __init__(self, connection: Connection, server: Server, port: int, accept: Accept) -> None:
        self._connection = connection
        self._server = server
        self._port = port
        self._accept = accept
        self._head = b""
        self._is_answered = False
        self._websocket: WebSocket | None = None

    def received(self, data: bytes) -> None:
        if self._websocket:
            self._websocket.received(data)
            return
        if self._is_answered:
            return
        self._head += data
        if parts := split_head(self._head):
            self._answer(*parts)
        elif len(self._head) > HEAD_BYTES_MAX:
            self._say(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "Send a shorter request.")

    def lost(self, error: str | None) -> None:
        self._is_answered = True
        if self._websocket:
            self._websocket.lost(error)

    def _answer(self, head: bytes, rest: bytes) -> None:
        request = parse_head(head)
        if request is None:
            self._say(HTTPStatus.BAD_REQUEST, "This is no request.")
        elif is_upgrade(request):
            self._upgrade(request, rest)
        elif request.path == PATH:
            self._say(HTTPStatus.UPGRADE_REQUIRED, "Come here by WebSocket.")
        elif request.method not in ("GET", "HEAD"):
            self._say(HTTPStatus.METHOD_NOT_ALLOWED, "Only GET is answered here.")
        elif request.path != "/":
            self._say(HTTPStatus.NOT_FOUND, "There is nothing here. See /")
        else:
            name = request.host or self._connection.peer.server_name or "localhost"
            network = html.escape(self._server.network)
            page = _PAGE.format(network=network, host=html.escape(name), port=self._port).encode()
            self._send(HTTPStatus.OK, page, "text/html; charset=utf-8", with_body=request.method == "GET")

    def _upgrade(self, request: Request, rest: bytes) -> None:
        if refused := refusal(request, self._server.web_origins):
            self._say(*refused)
            return
        self._head = b""
        self._websocket = WebSocket(self._connection, request)
        self._websocket.serve(self._accept)
        if rest:
            self._websocket.received(rest)

    def _say(self, status: HTTPStatus, sentence: str) -> None:
        self._send(status, f"{sentence}\n".encode(), "text/plain; charset=utf-8")

    def _send(self, status: HTTPStatus, body: bytes, kind: str, with_body: bool = True) -> None:
        self._is_answered = True
        more = {"Upgrade": "websocket"} if status is HTTPStatus.UPGRADE_REQUIRED else {}
        answer = response(status, {"Content-Type": kind, **_HEADERS, **more}, body)
        self._connection.write(answer if with_body else answer[: len(answer) - len(body)])
        self._connection.close()
