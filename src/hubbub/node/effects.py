"""Slow things that dialects begin: signing in, reading history, administration."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, Protocol

from hubbub.dialects.session_api import (
    Administer,
    BecomeOperator,
    ChangePassword,
    Effect,
    ReadByNonce,
    ReadContext,
    ReadConversations,
    ReadFollowed,
    ReadHistory,
    ReadMessage,
    ReadReplies,
    ReadThread,
    ReadThreadMarks,
    Register,
    SearchMessages,
    SignInByCertificate,
    SignInByPassword,
    SignInByProof,
    SignInByToken,
    TrustGateway,
)
from hubbub.engine.event import Event
from hubbub.engine.refusals import DataUnreadable
from hubbub.engine.threads import FollowedThreads, Thread, ThreadMarks
from hubbub.storage.base import NotWritten, StorageError

from . import authentication
from .admin_context import Administered, PersonContext
from .guarded_attempts import Proving
from .password_queue import NotWanted, QueueFull

if TYPE_CHECKING:
    from .session import LiveSession

log = logging.getLogger("hubbub")


class Effective(Administered, Proving, Protocol):
    """The node as effects need it: to read, authenticate, administer, and end a session that meets a bug."""

    def end(self, session: "LiveSession", reason: str, seen: int = 0) -> None: ...


async def _read_history(node: Effective, session: "LiveSession", thing: ReadHistory) -> tuple[Event, ...]:
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

    return await asyncio.to_thread(read)


async def _read_conversations(
    node: Effective, session: "LiveSession", thing: ReadConversations
) -> tuple[tuple[int, str, int], ...]:
    bounds = (thing.limit, thing.after, thing.before, thing.oldest)
    return await asyncio.to_thread(node.storage.conversations, thing.person, *bounds)


async def _read_message(node: Effective, session: "LiveSession", thing: ReadMessage) -> Event | None:
    return await asyncio.to_thread(node.storage.said, thing.id)


async def _read_by_nonce(node: Effective, session: "LiveSession", thing: ReadByNonce) -> Event | None:
    return await asyncio.to_thread(node.storage.by_nonce, thing.nonce)


async def _read_context(
    node: Effective, session: "LiveSession", thing: ReadContext
) -> dict[int, tuple[Event, ...]]:
    return await asyncio.to_thread(node.storage.context, thing.messages)


async def _read_thread(node: Effective, session: "LiveSession", thing: ReadThread) -> Thread | None:
    return await asyncio.to_thread(node.storage.thread, thing.message)


async def _read_replies(node: Effective, session: "LiveSession", thing: ReadReplies) -> tuple[Event, ...]:
    return await asyncio.to_thread(node.storage.replies, thing.root, thing.limit, thing.before)


async def _read_thread_marks(node: Effective, session: "LiveSession", thing: ReadThreadMarks) -> ThreadMarks:
    return await asyncio.to_thread(node.storage.thread_marks, thing.messages)


async def _read_followed(node: Effective, session: "LiveSession", thing: ReadFollowed) -> FollowedThreads:
    return await asyncio.to_thread(node.storage.followed, thing.person, thing.read, thing.limit, thing.before)


async def _search(node: Effective, session: "LiveSession", thing: SearchMessages) -> tuple[Event, ...]:
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

    return await asyncio.to_thread(search)


async def _administer(node: Effective, session: "LiveSession", thing: Administer) -> list[str]:
    from hubbub.admin.interpreter import run  # As late as this: it is a twentieth of the server's start.

    result = await run(PersonContext(node, session), thing.line)
    return list(result.lines)


EFFECTS: Final[dict[type, Callable[[Effective, "LiveSession", Any], Awaitable[Any]]]] = {
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
    ReadThread: _read_thread,
    ReadReplies: _read_replies,
    ReadThreadMarks: _read_thread_marks,
    ReadFollowed: _read_followed,
    SearchMessages: _search,
    SignInByToken: authentication.sign_in_by_token,
    SignInByCertificate: authentication.sign_in_by_certificate,
    TrustGateway: authentication.trust_gateway,
    Administer: _administer,
}


async def perform(
    node: Effective, session: "LiveSession", thing: Effect, then: Callable[[Any], None]
) -> None:
    """Do a slow thing once what led to it is on disk, and what the session was sent is taken."""
    try:
        await node.gate.settled()
        await session.taken()
        result = await EFFECTS[type(thing)](node, session, thing)
    except QueueFull as full:
        then(full.refusal)
    except NotWritten:
        """It is told to everybody where the disk is found to fail."""
    except StorageError as error:
        log.error("%s has failed for session %d: %s", type(thing).__name__, session.session, error)
        session.fall_short(DataUnreadable())
    except NotWanted:
        """The session is over: nobody waits for what comes of it."""
    except Exception:
        name = type(thing).__name__
        log.exception("A bug in %s for session %d; the server ends the session", name, session.session)
        node.end(session, "Something went wrong on the server")
    else:
        then(result)
