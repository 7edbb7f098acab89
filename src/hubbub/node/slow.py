"""Slow things that dialects begin: proving passwords, reading history, administration."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from hubbub.dialects.host import (
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
from hubbub.engine.accounts import GrantRole, RegisterAccount, SetCredential, may_register
from hubbub.engine.event import Ask, Command, Event
from hubbub.engine.names import fold
from hubbub.engine.refusals import NotSignedIn, Refusal, SignInFailed, TooManyAttempts
from hubbub.engine.signin import SignIn
from hubbub.engine.state import Account, Role, TokenKind
from hubbub.engine.tokens import NoteUse, digest_of, owner_of
from hubbub.storage.base import StorageError

from .desk import PersonDesk
from .gateway import owner_of_pass
from .limits import Networks

if TYPE_CHECKING:
    from .node import Node
    from .session import LiveSession

log = logging.getLogger("hubbub")

DAY_SECONDS: Final = 86_400.0


async def _sign_in_by_password(
    node: "Node", session: "LiveSession", thing: SignInByPassword
) -> Refusal | None:
    if refusal := _too_soon(node, session, thing.name):
        return refusal
    account = node.state.account_named(thing.name)
    digest = digest_of(thing.password)
    if account and owner_of(node.state, digest) is account:
        return _noted(node, digest, _proved(node, session, thing.name, fits=True))
    fits = await node.passwords.fits(thing.password, account.credential if account else None)
    return _proved(node, session, thing.name, fits)


async def _sign_in_by_proof(node: "Node", session: "LiveSession", thing: SignInByProof) -> Refusal | None:
    return _too_soon(node, session, thing.name) or _proved(node, session, thing.name, thing.proved)


def _too_soon(node: "Node", session: "LiveSession", name: str) -> Refusal | None:
    if node.limits.exempt.holds(session.address):
        return None
    return node.attempts.refusal(name, session.address, node.monotonic())


def _proved(node: "Node", session: "LiveSession", name: str, fits: bool) -> Refusal | None:
    """Count what failed; sign in what did not."""
    account = node.state.account_named(name)
    if session.is_over:
        return None
    if not fits or account is None:
        node.attempts.failed(name, session.address, node.monotonic())
        node.journal.login_failed(session.address)
        return SignInFailed()
    node.attempts.succeeded(name, session.address)
    return _refusal(node.ask(SignIn(account.id), session))


def _refusal(answer: Sequence[Event] | Refusal) -> Refusal | None:
    return answer if isinstance(answer, Refusal) else None


async def _register(node: "Node", session: "LiveSession", thing: Register) -> Refusal | None:
    name = may_register(node.state, Ask(node.last_id, session.session, Command()), thing.name)
    if isinstance(name, Refusal):
        return name
    if refusal := node.passwords.refusal(thing.password) or _registers_too_often(node, session):
        return refusal
    credential = await node.passwords.credential(thing.password)
    if session.is_over:
        return None
    if refusal := _refusal(node.ask(RegisterAccount(thing.name, credential), session)):
        return refusal
    node.registrations.setdefault(session.address, []).append(node.monotonic())
    account = node.state.account_named(thing.name)
    known = node.state.sessions.get(session.session)
    if account is None or known is None or known.account:
        return None
    return _refusal(node.ask(SignIn(account.id), session))


def _registers_too_often(node: "Node", session: "LiveSession") -> Refusal | None:
    limit, now = node.settings.limits.accounts_an_address_a_day, node.monotonic()
    if not limit or node.limits.exempt.holds(session.address):
        return None
    recent = [at for at in node.registrations.get(session.address, ()) if now - at < DAY_SECONDS]
    node.registrations[session.address] = recent
    return TooManyAttempts(int(DAY_SECONDS - (now - recent[0]))) if len(recent) >= limit else None


async def _change_password(node: "Node", session: "LiveSession", thing: ChangePassword) -> Refusal | None:
    user = node.state.user(session.session)
    if user is None or user.account is None:
        return NotSignedIn()
    if refusal := node.passwords.refusal(thing.password):
        return refusal
    credential = await node.passwords.credential(thing.password)
    return _refusal(node.ask(SetCredential(user.account.name.text, credential), session))


async def _become_operator(node: "Node", session: "LiveSession", thing: BecomeOperator) -> Refusal | None:
    if refusal := _too_soon(node, session, f"operator {thing.name}"):
        return refusal
    operator = node.settings.operators.get(thing.name)
    if operator and operator.networks and not Networks(operator.networks).holds(session.address):
        operator = None
    fits = await node.passwords.fits_hash(thing.password, operator.password if operator else None)
    if session.is_over:
        return None
    if not fits or operator is None:
        node.attempts.failed(f"operator {thing.name}", session.address, node.monotonic())
        return SignInFailed()
    return _refusal(node.ask(GrantRole(thing.name, Role[operator.role.upper()]), session))


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
    return await node.loop.run_in_executor(
        None, node.storage.conversations, thing.person, thing.limit, thing.after, thing.before
    )


async def _read_message(node: "Node", session: "LiveSession", thing: ReadMessage) -> Event | None:
    return await node.loop.run_in_executor(None, node.storage.said, thing.id)


async def _read_by_nonce(node: "Node", session: "LiveSession", thing: ReadByNonce) -> Event | None:
    return await node.loop.run_in_executor(None, node.storage.by_nonce, thing.nonce)


async def _read_context(
    node: "Node", session: "LiveSession", thing: ReadContext
) -> dict[int, tuple[Event, ...]]:
    return await node.loop.run_in_executor(None, node.storage.context, thing.messages)


async def _search(node: "Node", session: "LiveSession", thing: SearchMessages) -> tuple[Event, ...] | None:
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

    try:
        return await node.loop.run_in_executor(None, search)
    except StorageError as error:
        log.error("Searching has failed: %s", error)
        return None


async def _sign_in_by_token(node: "Node", session: "LiveSession", thing: SignInByToken) -> Refusal | None:
    digest = digest_of(thing.token)
    if digest in node.passes:
        return _proved(node, session, thing.name, owner_of_pass(node, thing.name, digest))
    return _noted(node, digest, _by_token(node, session, thing.name, owner_of(node.state, digest)))


async def _sign_in_by_certificate(
    node: "Node", session: "LiveSession", thing: SignInByCertificate
) -> Refusal | None:
    owner = owner_of(node.state, session.fingerprint, TokenKind.CERTIFICATE)
    return _noted(node, session.fingerprint, _by_token(node, session, thing.name, owner))


def _noted(node: "Node", digest: str, refusal: Refusal | None) -> Refusal | None:
    """A token was used, unless that was refused."""
    if refusal is None:
        node.ask(NoteUse(digest))
    return refusal


def _by_token(node: "Node", session: "LiveSession", wanted: str, owner: Account | None) -> Refusal | None:
    name = wanted or (owner.name.text if owner else "")
    fits = owner is not None and fold(name) == owner.name.key
    return _too_soon(node, session, name) or _proved(node, session, name, fits)


async def _trust_gateway(node: "Node", session: "LiveSession", thing: TrustGateway) -> Refusal | None:
    """Its name is what the gateway calls itself; which one it is, is known by where it connects from."""
    if refusal := _too_soon(node, session, "gateway"):
        return refusal
    name = await _gateway(node, session.address, thing.password)
    if session.is_over:
        return None
    if name is None:
        node.attempts.failed("gateway", session.address, node.monotonic())
        return SignInFailed()
    return session.come_through(name, thing)


async def _gateway(node: "Node", address: str, password: str) -> str | None:
    for name, gateway in node.settings.gateways.items():
        if Networks(gateway.networks).holds(address) and await node.passwords.fits_hash(
            password, gateway.password
        ):
            return name
    return None


async def _administer(node: "Node", session: "LiveSession", thing: Administer) -> list[str]:
    from hubbub.admin.interpreter import run  # As late as this: it is a twentieth of the server's start.

    result = await run(PersonDesk(node, session), thing.line)
    return list(result.lines)


SLOW: Final[dict[type, Callable[["Node", "LiveSession", Any], Awaitable[Any]]]] = {
    SignInByPassword: _sign_in_by_password,
    SignInByProof: _sign_in_by_proof,
    Register: _register,
    ChangePassword: _change_password,
    BecomeOperator: _become_operator,
    ReadHistory: _read_history,
    ReadConversations: _read_conversations,
    ReadMessage: _read_message,
    ReadByNonce: _read_by_nonce,
    ReadContext: _read_context,
    SearchMessages: _search,
    SignInByToken: _sign_in_by_token,
    SignInByCertificate: _sign_in_by_certificate,
    TrustGateway: _trust_gateway,
    Administer: _administer,
}
