"""WebSocket asked for behind other requests: proxies keep their connections, and send on them whatever comes next."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast

from aiohttp import web

from hubbub.transports.asyncio_bridge import Bridge
from hubbub.transports.request_head import RequestHead
from hubbub.transports.websocket import COME_BY_WEBSOCKET, PATH, is_upgrade, refusal
from hubbub.web.errors import NODE, Failure

if TYPE_CHECKING:
    from hubbub.web.app import HttpProtocol


async def come_in(request: web.Request) -> web.Response:
    """Hand the connection on; the answer returned here is never sent. The first request never gets here."""
    asked = RequestHead(request.method, request.path, _headers(request))
    refused = refusal(asked) if is_upgrade(asked) else COME_BY_WEBSOCKET
    if refused:
        status, sentence = refused
        raise Failure(
            status, sentence, {"Upgrade": "websocket"} if status is HTTPStatus.UPGRADE_REQUIRED else None
        )
    if request.body_exists:
        raise Failure(HTTPStatus.BAD_REQUEST, "A WebSocket request has no body.")
    node, bridge = request.app[NODE], request.transport
    if isinstance(bridge, Bridge):
        rest = cast("HttpProtocol", request.protocol).upgraded()
        bridge.hand_on(lambda connection: node.entrance.accept_websocket(connection, asked), rest)
    return web.Response()


def _headers(request: web.Request) -> dict[str, str]:
    return {name.lower(): ", ".join(request.headers.getall(name)) for name in request.headers}


ROUTES: Final = (web.get(PATH, come_in),)
