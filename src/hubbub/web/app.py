"""The application: its routes, and what holds for every request."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from aiohttp import HttpVersion11, StreamReader, web
from aiohttp.http import RawRequestMessage
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from hubbub.addresses import count_key
from hubbub.engine.bans import address_kept_out
from hubbub.engine.refusals import DataUnreadable, DiskTakesNothing
from hubbub.node.limits import Bucket
from hubbub.storage.base import NotWritten, StorageError
from hubbub.storage.blobs import FOLDER
from hubbub.transports.base import Peer
from hubbub.transports.request_head import HEAD_BYTES_MAX, response
from hubbub.transports.websocket import PATH
from hubbub.web import (
    custom_emoji,
    files,
    incoming_webhooks,
    long_answers,
    metrics,
    openapi,
    outgoing_webhooks,
    previews,
    request_bodies,
    rooms,
    server_info,
    static_page,
    web_push,
    websockets,
)
from hubbub.web.blob_store import Vault
from hubbub.web.chat import Chat
from hubbub.web.disk_quota import Space
from hubbub.web.errors import NODE, Failure, error, peer_of, refused
from hubbub.web.open_requests import UNDERWAY, Underway, keep_watch, revoked
from hubbub.web.picture_jobs import Cleaner, Thumbnails
from hubbub.web.rate_limits import Paces

log = logging.getLogger("hubbub")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

KEEPALIVE_SECONDS: Final = 60
TOO_LONG: Final = response(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    {"Connection": "close", "Content-Type": "text/plain; charset=utf-8"},
    b"The head of the request is too long. Send it with fewer and shorter headers.\n",
)
HEADERS_MAX: Final = 64
SEGMENTS_MAX: Final = 16
REQUESTS_A_SECOND: Final = 20
BURST_REQUESTS: Final = 400
"""The requests that one address may make: a page with all files and a room of pictures at once, then this pace."""

HSTS_SECONDS: Final = 15_552_000
"""For how long browsers are to come over TLS only, where a certificate was given that they trust: half a year."""

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


class HttpProtocol(web.RequestHandler):
    """One HTTP connection. It expands no compressed body, and does not wait for bodies that no handler reads."""

    __slots__ = ("_handle", "_head_bytes", "_newest")

    def __init__(self, server: web.Server) -> None:
        self._handle = server.request_handler
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            logger=log,
            access_log=None,  # type: ignore[arg-type]  # aiohttp's own way to keep none
            keepalive_timeout=KEEPALIVE_SECONDS,
            max_headers=HEADERS_MAX,
            # What says that it is compressed stays as it came: 4 MB of it may hold 4 GB.
            auto_decompress=False,
            # A body that nobody has read ends the connection: it is not read to be thrown away.
            lingering_time=0,
        )
        self._request_handler = self._answer
        self._request_factory = partial(_request, server.request_factory)
        # One request is answered, and one waits; what a peer sends behind them stays where it is.
        self._max_msg_queue_size, self._msg_queue_resume_size = 1, 0
        self._head_bytes = 0
        """So many bytes have come of a request whose head is not whole yet."""
        self._newest: StreamReader | None = None
        """The body of the newest request."""

    def data_received(self, data: bytes) -> None:
        """The limits of aiohttp are for each line of a head, of which there may be many: this is for all of it."""
        before = self._request_count
        super().data_received(data)
        if self._request_count > before:
            self._head_bytes = 0
            self._newest = self._messages[-1][1] if self._messages else None
        elif self._newest is None or self._newest.is_eof():
            self._head_bytes += len(data)
        if self._head_bytes > HEAD_BYTES_MAX and self.transport is not None:
            self.transport.write(TOO_LONG)
            self.close()
            self.transport.close()

    def eof_received(self) -> None:
        """Answer the complete requests, then close; an incomplete one will never be completed."""
        if self._newest is not None and not self._newest.is_eof():
            self._newest.set_exception(web.RequestPayloadError("the rest of the request did not arrive"))
        if self._waiter is None or self._messages:
            self.close()
        else:
            self.force_close()

    def connection_lost(self, exc: BaseException | None) -> None:
        """aiohttp wakes its task for a request and then takes away what the task needs: the task ends instead."""
        waiter, task = self._waiter, self._task_handler
        super().connection_lost(exc)
        if task is not None and waiter is not None and waiter.done() and not waiter.cancelled():
            task.cancel()

    def upgraded(self) -> bytes:
        """Pass on the bytes that arrived behind an upgrade request, in the new protocol."""
        return self._message_tail

    async def start(self) -> None:
        """Nothing where the peer is gone already: aiohttp asserts that it is there."""
        if self._manager is not None:
            await super().start()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Paths of thousands of segments are not looked for: aiohttp looks for each of their beginnings."""
        if request.rel_url.raw_path.count("/") > SEGMENTS_MAX:
            return _last(error(request, web.HTTPNotFound()))
        if not _is_text(request) or not _has_dates(request):
            return _last(error(request, web.HTTPBadRequest()))
        try:
            return await self._handle(request)
        except BaseException:
            long_answers.release(request)
            raise

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Free the answer's reservation when the peer has taken it, or has had time enough."""
        try:
            async with asyncio.timeout(long_answers.seconds_for(resp)):
                return await super().finish_response(request, resp, start_time)
        except TimeoutError:
            if self.transport is not None:
                self.transport.abort()
            return resp, True
        finally:
            long_answers.release(request)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer malformed HTTP, which is the sender's fault, without logging it.

        Neither is it anybody's bug that a peer who has asked is gone before it is answered.
        """
        if isinstance(exc, (HttpProcessingError, ConnectionError)):
            return _last(error(request, web.HTTPBadRequest()))
        return super().handle_error(request, status, exc, message)


def _request(make: Callable[..., web.BaseRequest], message: RawRequestMessage, *more: Any) -> web.BaseRequest:
    """Make the request; of a target that is a full URL, which is refused, it keeps the text alone.

    aiohttp would decode the name in it, which takes the square of its length: seconds, for a stranger's few kilobytes.
    """
    return make(message._replace(url=_ROOT) if message.url.absolute else message, *more)


_ROOT: Final = URL("/")


def _is_text(request: web.BaseRequest) -> bool:
    """Whether its head is text throughout, as its readers assume."""
    try:
        "".join(request.headers.values()).encode()
    except UnicodeEncodeError:
        return False
    return True


def _has_dates(request: web.BaseRequest) -> bool:
    """Whether aiohttp can read its dates, or leaves them out: at huge numbers it fails, while it sends a file."""
    try:
        return bool((request.if_modified_since, request.if_unmodified_since, request.if_range))
    except OverflowError:
        return False


async def run(node: Chat) -> tuple[web.AppRunner, Callable[[], HttpProtocol]]:
    """Start the application: its cleanup, and the factory of connections' protocols."""
    runner = web.AppRunner(application(node), handle_signals=False, shutdown_timeout=1.0)
    try:
        await runner.setup()
    except BaseException:
        # What was begun already is ended, also when the server stops while this starts.
        await runner.cleanup()
        raise
    assert runner.server is not None
    return runner, partial(HttpProtocol, runner.server)


def application(node: Chat) -> web.Application:
    app = web.Application(middlewares=[_guarded], client_max_size=request_bodies.BODY_BYTES_MAX)
    app[NODE] = node
    app[_PACES] = Paces()
    app[files.VAULT] = Vault(node.disk.folder / FOLDER)
    app[files.THUMBNAILS] = Thumbnails()
    app[files.SPACE] = Space(node)
    app[files.CLEANER] = Cleaner()
    app[files.SENDING] = Counter()
    app[files.PACES] = Paces()
    app[UNDERWAY] = Underway(node)
    app[long_answers.LONG_ANSWERS] = long_answers.LongAnswers()
    app[rooms.PACES] = Paces()
    app[metrics.REGISTRY] = metrics.registry(node)
    app.cleanup_ctx.append(keep_watch)
    app.cleanup_ctx.append(files.keep_tidy)
    app.cleanup_ctx.append(custom_emoji.keep_ready)
    app.cleanup_ctx.append(outgoing_webhooks.keep_delivering)
    app.cleanup_ctx.append(web_push.keep_pushing)
    app.cleanup_ctx.append(previews.keep_ready)
    incoming_webhooks.prepare(app)
    tables = (server_info, openapi, previews, files, incoming_webhooks, metrics, websockets)
    routes = [route for table in tables for route in table.ROUTES]
    app.add_routes(map(_inviting_late, [*routes, *static_page.routes(node)]))
    return app


def _inviting_late(route: web.RouteDef) -> web.RouteDef:
    """Delay `100 Continue` until the body is read, which is after authentication."""
    kwargs = {**route.kwargs, "expect_handler": request_bodies.wait_to_invite}
    return web.RouteDef(route.method, route.path, route.handler, kwargs)


_PACES: Final = web.AppKey("paces", Paces)


@web.middleware
async def _guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only over a connection that may hold secrets, at a person's pace, and with a body that may be."""
    try:
        # Once: it may be gone before the answer is ready.
        peer = peer_of(request)
    except ConnectionError:
        return _nobodys()
    response: web.StreamResponse | None = (
        _kept_out(request, peer)
        or _too_fast(request, peer)
        or _elsewhere(request, peer)
        or _in_clear(request, peer)
    )
    if response is None:
        response = await _answer(request, handler)
    _promise_tls(request, peer, response)
    long_answers.in_pieces(response)
    if _may_ask_more(request) and response.status != HTTPStatus.NOT_IMPLEMENTED:
        return _secured(response)
    return _last(response)


def _may_ask_more(request: web.Request) -> bool:
    """Whether it is clear where the next request on the connection begins.

    The rest of a body is not waited for. What follows one for another protocol might be in that one, and aiohttp's
    parser throws it away where it knows none.
    """
    return request.content.is_eof() and request.method != "CONNECT" and "Upgrade" not in request.headers


def _nobodys() -> web.StreamResponse:
    """The answer to a peer that is gone: an error would be logged, and keep the request alive."""
    return _last(web.Response())


def _last(response: web.StreamResponse) -> web.StreamResponse:
    """The connection ends with it."""
    response.force_close()
    return _secured(response)


def _secured(response: web.StreamResponse) -> web.StreamResponse:
    for name, value in SECURITY.items():
        if name not in response.headers and not response.prepared:
            response.headers[name] = value
    return response


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Run the handler; a Failure becomes its answer, a bug is logged and answered without detail."""
    try:
        request_bodies.check_form(request)
        return await _while_proved(request, handler)
    except web.HTTPException as raised:
        return _moved(raised) if raised.status < 400 else error(request, raised)
    except ConnectionError:
        if request.transport is None:
            return _nobodys()
        raise
    except web.RequestPayloadError:
        return error(request, web.HTTPBadRequest())
    except NotWritten:
        return error(request, refused(DiskTakesNothing()))
    except (StorageError, OSError) as unreadable:
        log.error("A request failed: %s", unreadable)
        return error(request, refused(DataUnreadable()))
    except Exception:
        log.exception("A bug in answering a request")
        return web.json_response(
            {"error": "Something went wrong on the server."}, status=HTTPStatus.INTERNAL_SERVER_ERROR
        )


async def _while_proved(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Run a handler while the caller's credentials are valid; only the server's end interrupts it otherwise."""
    try:
        with request.app[UNDERWAY].during(request):
            return await handler(request)
    except asyncio.CancelledError:
        failure = revoked(request)
        task = asyncio.current_task()
        if failure is None or task is None:
            raise
        task.uncancel()
        raise failure from None


def _promise_tls(request: web.Request, peer: Peer, response: web.StreamResponse) -> None:
    """RFC 6797; not with a certificate of the server's own, which browsers could then not be told to take."""
    is_given = peer.secure and request.app[NODE].settings.tls.certificate
    if is_given and not response.prepared:
        response.headers["Strict-Transport-Security"] = f"max-age={HSTS_SECONDS}"


def _elsewhere(request: web.Request, peer: Peer) -> web.Response | None:
    """Neither what is meant for another site nor what another site's page asks is answered."""
    sites, old = request.app[NODE].endpoint.sites, request.version < HttpVersion11
    refused = sites.refusal(_joined(request, "Host"), _joined(request, "Origin"), peer.secure, old)
    if refused is None and not request.raw_path.startswith("/") and request.raw_path != "*":
        refused = (HTTPStatus.BAD_REQUEST, "Request a path on this server, not a full URL.")
    return web.json_response({"error": refused[1]}, status=refused[0]) if refused else None


def _joined(request: web.Request, name: str) -> str | None:
    return ", ".join(request.headers.getall(name)) if name in request.headers else None


def _moved(raised: web.HTTPException) -> web.Response:
    return web.Response(status=raised.status, headers={"Location": raised.headers.get("Location", "/")})


def _kept_out(request: web.Request, peer: Peer) -> web.Response | None:
    """Refuse addresses that are banned from the chat."""
    node = request.app[NODE]
    refusal = address_kept_out(node.state, peer.address, node.clock.now())
    return web.json_response({"error": str(refusal)}, status=HTTPStatus.FORBIDDEN) if refusal else None


def _too_fast(request: web.Request, peer: Peer) -> web.StreamResponse | None:
    node, address = request.app[NODE], peer.address
    if node.limits.exempt.holds(address):
        return None
    now = node.clock.monotonic()
    fresh = Bucket(REQUESTS_A_SECOND, BURST_REQUESTS, now)
    try:
        request.app[_PACES].keep(count_key(address), fresh, now, "Your address sends too many requests.")
    except Failure as failure:
        # What else came on this connection already is not answered: that would cost more than it did to send it.
        return _last(error(request, failure))
    return None


def _in_clear(request: web.Request, peer: Peer) -> web.Response | None:
    """Redirect plain requests from other machines to TLS, on the same port."""
    node = request.app[NODE]
    # By WebSocket one comes as by IRC: who is in clear is told so there, and lets no secret pass.
    if peer.secure or node.endpoint.trusts_clear(peer.address) or request.path == PATH:
        return None
    if request.method in ("GET", "HEAD") and not request.path.startswith("/api/"):
        target = f"https://{request.host}{request.rel_url}"
        return web.Response(status=HTTPStatus.TEMPORARY_REDIRECT, headers={"Location": target})
    return web.json_response(
        {"error": "This connection is not encrypted. Use https."}, status=HTTPStatus.FORBIDDEN
    )
