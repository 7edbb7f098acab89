"""What a browser gets at the port: one page that says how to come in."""

import html
from http import HTTPStatus
from typing import Final

from hubbub.transports.base import Connection

HEAD_BYTES_MAX: Final = 16_384

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
    """Answers one request, whatever it asks for, and closes."""

    def __init__(self, connection: Connection, network: str, port: int) -> None:
        self._connection = connection
        self._network = network
        self._port = port
        self._head = b""
        self._is_answered = False

    def received(self, data: bytes) -> None:
        if self._is_answered:
            return
        self._head += data
        if b"\r\n\r\n" in self._head or b"\n\n" in self._head:
            self._answer(*_request(self._head))
        elif len(self._head) > HEAD_BYTES_MAX:
            self._send(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, b"Send a shorter request.\n", "text/plain")

    def lost(self, error: str | None) -> None:
        self._is_answered = True

    def _answer(self, method: str, path: str, host: str) -> None:
        if method not in ("GET", "HEAD"):
            self._send(HTTPStatus.METHOD_NOT_ALLOWED, b"Only GET is answered here.\n", "text/plain")
        elif path != "/":
            self._send(HTTPStatus.NOT_FOUND, b"There is nothing here. See /\n", "text/plain")
        else:
            name = _host_name(host) or self._connection.peer.server_name or "localhost"
            page = _PAGE.format(network=html.escape(self._network), host=html.escape(name), port=self._port)
            self._send(HTTPStatus.OK, page.encode(), "text/html; charset=utf-8", with_body=method == "GET")

    def _send(self, status: HTTPStatus, body: bytes, kind: str, with_body: bool = True) -> None:
        self._is_answered = True
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
            "Connection: close\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
            "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'\r\n\r\n"
        )
        self._connection.write(head.encode() + (body if with_body else b""))
        self._connection.close()


def _request(head: bytes) -> tuple[str, str, str]:
    """Method, path and Host of a request; empty where they can't be read."""
    lines = head.decode("latin-1").splitlines()
    words = lines[0].split() if lines else []
    hosts = [line[5:].strip() for line in lines[1:] if line[:5].lower() == "host:"]
    method, path = (words[0], words[1].partition("?")[0]) if len(words) >= 2 else ("", "")
    return method, path, hosts[0] if hosts else ""


def _host_name(host: str) -> str:
    """The name in a Host header without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]
