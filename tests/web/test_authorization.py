"""Who may ask for what: every operation of the API, by everybody, with whatever proves them."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from hubbub.admin.answers import Result
from hubbub.admin.command_tree import COMMANDS
from hubbub.engine.accounts import ChangeRole
from hubbub.engine.event import Event
from hubbub.engine.refusals import NotPermitted
from hubbub.engine.state import Role, Scope
from hubbub.engine.tokens import TokenUsed
from hubbub.web import admin
from hubbub.web.openapi import OPERATIONS
from hubbub.web.operation import Operation
from tests.server_harness import ServerHarness
from tests.web.http_client import Answer, HttpClient
from tests.web.test_api import member, program, ticket

NewClient = Callable[..., HttpClient]

IN_PERSON = ("/api/v1/tokens", "/api/v1/sessions", "/api/v1/password")
ASKED_FOR = {
    "url": "https://nothing.example/",
    "text": "x",
    "line": "users",
    "old": "wrong horse",
    "new": "another horse battery",
}
DENIALS = (
    str(NotPermitted("moderator")),
    str(NotPermitted("administrator")),
    "This requires a signed-in chat session and its ticket.",
    *(f"This token lacks the scope {scope.value}. Create one that has it." for scope in Scope),
)
ROLES = {admin.path_of(command): command.role for command in COMMANDS}
PROOFS = ("ticket", "password", *(scope.value for scope in Scope))


def expected(operation: Operation, role: Role | None, proof: str) -> str:
    """Whether somebody of a role, None for a guest, may ask for it with that proof."""
    if operation.scope is None:
        return "allowed"
    if proof == "nothing":
        return "unproved"
    if proof not in ("ticket", "password", Scope.CHAT.value, operation.scope.value):
        return "denied"
    if operation.path.startswith(IN_PERSON):
        return "allowed" if proof == "ticket" and role is not None else "denied"
    if operation.path.startswith("/api/v1/admin"):
        needed = ROLES.get(operation.path, Role.MODERATOR)
        return "allowed" if role is not None and role >= needed else "denied"
    return "allowed"


async def ask(client: HttpClient, operation: Operation) -> Answer:
    """With something in each place that may not be left out."""
    path = operation.path.format(room="tea", name="ann", number="0")
    given: dict[str, Any] = {}
    for field in msgspec.structs.fields(operation.takes) if operation.takes else ():
        if field.required:
            given[field.encode_name] = ["x"] if field.name == "rooms" else ASKED_FOR.get(field.name, "x")
    if operation.method == "GET":
        return await client.get(f"{path}?{urlencode(given, doseq=True)}")
    return await client.ask(operation.method, path, b"", given if operation.takes else None)


def said_of(answer: Answer) -> str:
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return "unproved"
    is_denied = answer.status == HTTPStatus.FORBIDDEN and answer.error in DENIALS
    return "denied" if is_denied else "allowed"


async def somebody(
    harness: ServerHarness, new_client: NewClient, role: Role | None, proof: str
) -> HttpClient:
    """`ann`, who is in the room, as the role; or a guest of that name."""
    if role is None:
        await harness.irc("ann", caps="hubbub/ticket")
        client = new_client()
        client.bear(await ticket(harness, "ann"))
    else:
        client = await member(harness, "ann", new_client)
        harness.node.ask(ChangeRole("ann", role))
    await harness.ask("ann", "JOIN #tea")
    if proof == "password":
        client = new_client()
        client.sign("ann", "correct horse")
    elif proof != "ticket":
        client = await program(client, new_client, proof) if proof != "nothing" else new_client()
    return client


@pytest.mark.parametrize(
    ("role", "proof"),
    [(None, "nothing"), (None, "ticket"), *((role, proof) for role in Role for proof in PROOFS)],
)
async def test_every_operation(
    harness: ServerHarness,
    new_client: NewClient,
    monkeypatch: pytest.MonkeyPatch,
    role: Role | None,
    proof: str,
) -> None:
    """As the table says for whom it is; what an administrator may is not done here."""

    async def done(*_: object) -> Result:
        return Result(("Done.",))

    monkeypatch.setattr(admin, "perform", done)
    client = await somebody(harness, new_client, role, proof)
    found = {f"{one.method} {one.path}": said_of(await ask(client, one)) for one in OPERATIONS}
    assert found == {f"{one.method} {one.path}": expected(one, role, proof) for one in OPERATIONS}
    assert {"allowed"} < set(found.values()) or (role, proof) == (Role.ADMIN, "ticket")


async def test_no_line_of_the_console_is_a_way_round(harness: ServerHarness, new_client: NewClient) -> None:
    """What moderators may not do by an operation they may not do by writing it either."""
    bob = await member(harness, "bob", new_client)
    harness.node.ask(ChangeRole("bob", Role.MODERATOR))
    happened: list[Event] = []
    harness.node.listening.append(happened.append)
    for command in COMMANDS:
        if command.role is Role.ADMIN:
            for line in (command.name, command.example):
                done = (await bob.post("/api/v1/admin", {"line": line})).json
                assert not done["ok"], line
    assert [event for event in happened if not isinstance(event, TokenUsed)] == [] and not harness.stopped_for
