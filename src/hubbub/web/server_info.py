"""The server's description for strangers, before they come in, and its health."""

from http import HTTPStatus
from typing import Any, Final, Literal

import msgspec
from aiohttp import web

import hubbub
from hubbub.engine.state import Role, Scope
from hubbub.web.errors import NODE
from hubbub.web.operation import Call, Operation


class ServerInfo(msgspec.Struct):
    """The server's public facts: who may sign in, and how."""

    network: str
    version: str
    registration: Literal["open", "invitation", "approval", "closed"]
    guests: bool
    password: bool
    names: str
    name_rule: str
    password_min_characters: int
    file_bytes: int
    guest_files: bool
    previews: bool


async def server_info(call: Call) -> ServerInfo:
    settings = call.node.settings
    accounts, files = settings.accounts, settings.files
    return ServerInfo(
        settings.server.network,
        hubbub.__version__,
        accounts.registration,
        accounts.guests,
        bool(settings.server.password),
        accounts.name_pattern,
        accounts.name_rule,
        accounts.password_min_characters,
        files.max_bytes,
        files.guests,
        settings.web.previews,
    )


class Me(msgspec.Struct):
    """The caller: `name` is the nickname, or the account's name if it is not connected."""

    name: str
    account: str | None
    role: Literal["member", "moderator", "admin"]


async def me(call: Call) -> Me:
    who, state = call.who, call.node.state
    user = state.users.get(who.person)
    if user is not None:
        return Me(user.nick.text, user.account.name.text if user.account else None, _word(user.role))
    assert who.account
    return Me(who.account.name.text, who.account.name.text, _word(who.account.role))


def _word(role: Role) -> Any:
    return role.word


async def alive(request: web.Request) -> web.Response:
    """The process answers."""
    return web.Response(text="alive\n")


async def ready(request: web.Request) -> web.Response:
    """Whether people can be served: the disk takes what is said, and nothing is stopping."""
    node = request.app[NODE]
    if node.health.is_broken or node.disk.trouble or node.health.is_stopping:
        return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, text="not ready\n")
    await node.gate.settled()
    return web.Response(text="ready\n")


ROUTES: Final = (web.get("/healthz", alive), web.get("/readyz", ready))

OPERATIONS: Final = (
    Operation("GET", "/api/v1/place", "Show information about the server.", server_info, ServerInfo),
    Operation("GET", "/api/v1/me", "Show the caller's account.", me, Me, scope=Scope.READ),
)
