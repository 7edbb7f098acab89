"""Slow things that dialects begin: signing in, reading history, administration."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from hubbub.dialects.session_api import (
    Administer,
    BecomeOperator,
    ChangePassword,
    ReadByNonce,
    ReadContext,
    ReadConversations,
    ReadHistory,
    ReadMessage,
    Register,
    SearchMessages,
    SignInByCertificate,
    SignInByPassword,
    SignInByProof,
    SignInByToken,
    TrustGateway,
)
from hubbub.engine.event import Event

from . import authentication
from .admin_context import PersonContext

if TYPE_CHECKING:
    from .node import Node
    from .session import LiveSession


async def _read_history(node: "Node", session: "LiveSession", thing: ReadHistory) -> tuple[Event, ...]:
    def read() -> tuple[Event, ...]:
        return node.storage.history(
            limit=thing.limit,
            room=thing.room,
            persons=thing.persons,
            after=thing.after,
            before=thing.before,
            oldest=thing.oldest,
            events=thing.events,
        )

    return await node.loop.run_in_executor(None, read)


async def _read_conversations(
    node: "Node", session: "LiveSession", thing: ReadConversations
) -> tuple[tuple[int, str, int], ...]:
    bounds = (thing.limit, thing.after, thing.before, thing.oldest)
    return await node.loop.run_in_executor(None, node.storage.conversations, thing.person, *bounds)


async def _read_message(node: "Node", session: "LiveSession", thing: ReadMessage) -> Event | None:
    return await node.loop.run_in_executor(None, node.storage.said, thing.id)


async def _read_by_nonce(node: "Node", session: "LiveSession", thing: ReadByNonce) -> Event | None:
    return await node.loop.run_in_executor(None, node.storage.by_nonce, thing.nonce)


async def _read_context(
    node: "Node", session: "LiveSession", thing: ReadContext
) -> dict[int, tuple[Event, ...]]:
    return await node.loop.run_in_executor(None, node.storage.context, thing.messages)


async def _search(node: "Node", session: "LiveSession", thing: SearchMessages) -> tuple[Event, ...]:
    sender_id = (node.state.person_named(thing.sender) if thing.sender else None) or 0

    def search() -> tuple[Event, ...]:
        return node.storage.search(
            text=thing.text,
            limit=thing.limit,
            rooms=thing.rooms,
            person=thing.person,
            other=thing.other,
            sender=thing.sender,
            sender_id=sender_id,
            after=thing.after,
            before=thing.before,
        )

    return await node.loop.run_in_executor(None, search)


async def _administer(node: "Node", session: "LiveSession", thing: Administer) -> list[str]:
    from hubbub.admin.interpreter import run  # As late as this: it is a twentieth of the server's start.

    result = await run(PersonContext(node, session), thing.line)
    return list(result.lines)


EFFECTS: Final[dict[type, Callable[["Node", "LiveSession", Any], Awaitable[Any]]]] = {
    SignInByPassword: authentication.sign_in_by_password,
    SignInByProof: authentication.sign_in_by_proof,
    Register: authentication.register,
    ChangePassword: authentication.change_password,
    BecomeOperator: authentication.become_operator,
    ReadHistory: _read_history,
    ReadConversations: _read_conversations,
    ReadMessage: _read_message,
    ReadByNonce: _read_by_nonce,
    ReadContext: _read_context,
    SearchMessages: _search,
    SignInByToken: authentication.sign_in_by_token,
    SignInByCertificate: authentication.sign_in_by_certificate,
    TrustGateway: authentication.trust_gateway,
    Administer: _administer,
}
