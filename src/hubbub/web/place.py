"""What a stranger may know of the place before coming in, and whether it is well."""

from http import HTTPStatus
from typing import Final

from aiohttp import web

import hubbub
from hubbub.web.answers import NODE


async def place(request: web.Request) -> web.Response:
    """What the page needs to say who may come in, and how."""
    node = request.app[NODE]
    settings = node.settings
    return web.json_response(
        {
            "network": settings.server.network,
            "version": hubbub.__version__,
            "registration": settings.accounts.registration,
            "guests": settings.accounts.guests,
            "password": bool(settings.server.password),
            "names": settings.accounts.name_pattern,
            "name_rule": settings.accounts.name_rule,
            "file_bytes": settings.files.max_bytes,
            "guest_files": settings.files.guests,
            "password_min_characters": settings.accounts.password_min_characters,
        },
        headers={"Cache-Control": "no-store"},
    )


async def alive(request: web.Request) -> web.Response:
    """The process answers."""
    return web.Response(text="alive\n")


async def ready(request: web.Request) -> web.Response:
    """Whether people can be served: the disk takes what is said, and nothing is stopping."""
    node = request.app[NODE]
    if node.is_broken or node.is_stopping:
        return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, text="not ready\n")
    await node.gate.settled()
    return web.Response(text="ready\n")


ROUTES: Final = (
    web.get("/api/v1/place", place),
    web.get("/healthz", alive),
    web.get("/readyz", ready),
)
