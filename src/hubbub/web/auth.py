"""Authentication over HTTP: by the ticket of a live session, by a token, or by name and password."""

from base64 import b64decode
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from aiohttp import web

from hubbub.addresses import count_key
from hubbub.engine.entering import may_sign_in
from hubbub.engine.refusals import Refusal
from hubbub.engine.signin import SignInFailed
from hubbub.engine.state import Account, Scope, Token, TokenKind
from hubbub.engine.tokens import NoteUse, digest_of
from hubbub.node.authentication import knows_password
from hubbub.node.guarded_attempts import asker_for, at_account, note_address
from hubbub.node.password_queue import NotWanted, QueueFull
from hubbub.web.errors import NODE, Failure, peer_of, refused, settle

if TYPE_CHECKING:
    from hubbub.node.session import LiveSession

SECRET_BYTES_MAX: Final = 2_000


@dataclass(frozen=True, slots=True)
class Caller:
    """`person` is the id of an account or of a guest.

    It came with the ticket of the live `session`, with the token of this digest, or else with a password.
    """

    person: int
    account: Account | None
    session: "LiveSession | None" = None
    token: str = ""

    @property
    def is_by_password(self) -> bool:
        return self.session is None and not self.token


CALLER: Final = web.RequestKey("caller", Caller)
"""The caller of a request, which ends when its credentials do."""


async def caller(request: web.Request, scope: Scope = Scope.CHAT) -> Caller:
    """The authenticated caller. Raises Failure without valid credentials, or for a token without the scope."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if len(value) > SECRET_BYTES_MAX:
        raise _unproved()
    if scheme.lower() == "bearer":
        return by_secret(request, value.strip(), scope)
    if scheme.lower() == "basic":
        return await _by_password(request, value.strip(), scope)
    raise _unproved()


def asker_of(request: web.Request, who: Caller) -> str:
    """By whom a turn is taken: an account, or for guests, of whom one person may be many, their address."""
    return f"account {who.account.id}" if who.account else count_key(peer_of(request).address)


def by_secret(request: web.Request, secret: str, scope: Scope = Scope.CHAT) -> Caller:
    """By a ticket or a token; raises Failure."""
    node = request.app[NODE]
    digest = digest_of(secret)
    session = node.live.get(node.proofs.tickets.get(digest, 0))
    if session is not None:
        return _in_session(request, session)
    # Nobody guesses a token: one that is wrong is old, and slows nobody down, at this address or at another one.
    token = node.state.tokens.get(digest)
    if token is None or token.kind is not TokenKind.SECRET:
        node.journal.request_refused(peer_of(request).address, "ticket or token")
        raise _unproved()
    return _by_token(request, token, scope)


def by_file_pass(request: web.Request, secret: str) -> Caller:
    """By what a browser was given to read files, for one of its sessions; raises Failure."""
    node = request.app[NODE]
    session = node.live.get(node.proofs.file_passes.holder(secret))
    if session is None:
        raise _unproved()
    return _in_session(request, session)


def _in_session(request: web.Request, session: "LiveSession") -> Caller:
    user = request.app[NODE].state.user(session.session)
    if user is None:
        raise _unproved()
    return _known(request, Caller(user.person, user.account, session))


def _by_token(request: web.Request, token: Token, scope: Scope) -> Caller:
    if not token.allows(scope):
        raise Failure(
            HTTPStatus.FORBIDDEN, f"This token lacks the scope {scope.value}. Create one that has it."
        )
    node = request.app[NODE]
    found = _admitted(request, node.state.accounts[token.account], token.digest)
    node.ask(NoteUse(token.digest))
    return found


async def _by_password(request: web.Request, value: str, scope: Scope) -> Caller:
    node = request.app[NODE]
    try:
        name, colon, password = b64decode(value, validate=True).decode().partition(":")
    except ValueError:  # It is no base64, no UTF-8, or not even ASCII.
        raise _unproved() from None
    if not colon:
        raise _unproved()
    account = node.state.account_named(name)
    token = node.state.tokens.get(digest_of(password))
    if token and token.kind is TokenKind.SECRET and account and token.account == account.id:
        return _by_token(request, token, scope)
    if refusal := await _refusal(request, name, password, account):
        raise refused(refusal)
    if account is None:
        raise refused(SignInFailed())
    found, address = _admitted(request, account), peer_of(request).address
    note_address(node, account, address)
    node.proofs.renew_credential(account, password)
    return found


async def _refusal(request: web.Request, name: str, password: str, account: Account | None) -> Refusal | None:
    """Whether the password is the account's, counted like every other attempt."""
    node = request.app[NODE]
    attempt = at_account(node, name, peer_of(request).address, "http")
    asker = asker_for(node, attempt, lambda: request.transport is not None)

    async def check() -> bool:
        return await knows_password(node, account, password, asker)

    try:
        return await node.proofs.guarded.prove(attempt, check)
    except QueueFull as full:
        return full.refusal
    except NotWanted:
        raise ConnectionResetError("the peer is gone") from None


def _admitted(request: web.Request, account: Account, token: str = "") -> Caller:
    node = request.app[NODE]
    if refusal := may_sign_in(node.state, account, node.clock.now()):
        raise Failure(HTTPStatus.FORBIDDEN, str(refusal))
    return _known(request, Caller(account.id, account, token=token))


def _known(request: web.Request, who: Caller) -> Caller:
    request[CALLER] = who
    settle(request)
    return who


def _unproved() -> Failure:
    return Failure(
        HTTPStatus.UNAUTHORIZED,
        "Sign in with a name and a password, or with a token.",
        # No browser is to ask for a password of its own: it would send it along from then on.
        {"WWW-Authenticate": 'Bearer realm="Hubbub"'},
    )
