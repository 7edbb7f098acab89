"""The application: its routes, and what holds for every request."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

from aiohttp import web

from hubbub.engine.policy import address_kept_out
from hubbub.node.limits import Bucket
from hubbub.node.node import Node
from hubbub.storage.contents import FOLDER
from hubbub.transports.base import Peer
from hubbub.web import deliveries, files, hooks, metrics, openapi, pages, place, previews, push, rooms
from hubbub.web.answers import NODE, Failure, error, peer_of
from hubbub.web.paces import Paces
from hubbub.web.thumbnails import Thumbnails
from hubbub.web.vault import Vault

log = logging.getLogger("hubbub")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

KEEPALIVE_SECONDS: Final = 60
BODY_BYTES_MAX: Final = 1 << 20
"""The longest body of a request that is no file."""
REQUESTS_A_SECOND: Final = 20
BURST_REQUESTS: Final = 400
"""What one address may ask for: a page with all its files and a room full of pictures at once, then this pace."""

SECURITY: Final = {
    "Server": "Hubbub",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' blob: data:",
            "media-src 'self' blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    ),
}
"""The page loads nothing from anywhere else, runs nothing that stands in a document, and stands in no frame."""


async def run(node: Node) -> web.AppRunner:
    """Ready to serve connections."""
    runner = web.AppRunner(
        application(node),
        access_log=None,
        handle_signals=False,
        keepalive_timeout=KEEPALIVE_SECONDS,
        shutdown_timeout=1.0,
    )
    try:
        await runner.setup()
    except BaseException:
        # What was begun already is ended, also when the server stops while this starts.
        await runner.cleanup()
        raise
    return runner


def application(node: Node) -> web.Application:
    app = web.Application(middlewares=[_guarded], client_max_size=BODY_BYTES_MAX)
    app[NODE] = node
    app[_PACES] = Paces()
    app[files.VAULT] = Vault(node.loaded.data / FOLDER)
    app[files.THUMBNAILS] = Thumbnails()
    app[files.SENDING] = Counter()
    app[rooms.PACES] = Paces()
    app[metrics.REGISTRY] = metrics.registry(node)
    app.cleanup_ctx.append(files.keep_tidy)
    app.cleanup_ctx.append(deliveries.keep_delivering)
    app.cleanup_ctx.append(push.keep_pushing)
    app.cleanup_ctx.append(previews.keep_ready)
    hooks.prepare(app)
    app.add_routes(
        [*place.ROUTES, *openapi.ROUTES, *previews.ROUTES, *files.ROUTES, *hooks.ROUTES, *metrics.ROUTES]
    )
    app.add_routes(pages.routes(node))
    return app


_PACES: Final = web.AppKey("paces", Paces)


@web.middleware
async def _guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only over a connection that may hold secrets, at a person's pace; a bug is logged and tells nothing."""
    response: web.StreamResponse | None = _kept_out(request) or _too_fast(request) or _in_clear(request)
    if response is None:
        try:
            response = await handler(request)
        except web.HTTPException as raised:
            response = _moved(raised) if raised.status < 400 else error(request, raised)
        except ConnectionError:
            raise
        except Exception:
            log.exception("A bug in answering a request")
            response = web.json_response(
                {"error": "Something went wrong here."}, status=HTTPStatus.INTERNAL_SERVER_ERROR
            )
    for name, value in SECURITY.items():
        if name not in response.headers and not response.prepared:
            response.headers[name] = value
    return response


def _moved(raised: web.HTTPException) -> web.Response:
    return web.Response(status=raised.status, headers={"Location": raised.headers.get("Location", "/")})


def _kept_out(request: web.Request) -> web.Response | None:
    """Who may not come into the chat from an address does not come to the website from there."""
    node = request.app[NODE]
    refusal = address_kept_out(node.state, peer_of(request).address, node.clock())
    return web.json_response({"error": str(refusal)}, status=HTTPStatus.FORBIDDEN) if refusal else None


def _too_fast(request: web.Request) -> web.Response | None:
    node, address = request.app[NODE], peer_of(request).address
    if node.limits.exempt.holds(address):
        return None
    now = node.monotonic()
    fresh = Bucket(REQUESTS_A_SECOND, BURST_REQUESTS, now)
    try:
        request.app[_PACES].keep(address, fresh, now, "Too many requests come from your address.")
    except Failure as failure:
        return error(request, failure)
    return None


def _in_clear(request: web.Request) -> web.Response | None:
    """Who comes from another machine in clear is sent to TLS, on the same port."""
    peer: Peer = peer_of(request)
    node = request.app[NODE]
    if peer.secure or node.trusts_clear(peer.address):
        return None
    if request.method in ("GET", "HEAD") and not request.path.startswith("/api/"):
        target = f"https://{request.host}{request.rel_url}"
        return web.Response(status=HTTPStatus.TEMPORARY_REDIRECT, headers={"Location": target})
    return web.json_response(
        {"error": "What you send could be overheard. Come with https."}, status=HTTPStatus.FORBIDDEN
    )
