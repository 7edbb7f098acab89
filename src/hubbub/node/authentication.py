"""Authentication: how a session signs in, registers, or proves another secret.

Whatever could be guessed goes through `Proofs.guarded`. What chance has made too long to be guessed (tokens,
certificates, keys, passes, invitations) is looked up, and nobody is slowed down for it.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from hubbub.addresses import count_key
from hubbub.dialects.session_api import (
    BecomeOperator,
    ChangePassword,
    Register,
    SignInByCertificate,
    SignInByPassword,
    SignInByProof,
    SignInByToken,
    TrustGateway,
)
from hubbub.engine.accounts import GrantRole, OldPasswordWrong, RegisterAccount, SetCredential, may_register
from hubbub.engine.event import Command, Event, Request
from hubbub.engine.joining_and_inviting import Join
from hubbub.engine.names import fold
from hubbub.engine.policy import RoomKeyWrong
from hubbub.engine.refusals import NotSignedIn, Refusal
from hubbub.engine.revocation import Revoked
from hubbub.engine.room_making import MayNotCreateRoom, RoomNameUnavailable
from hubbub.engine.rooms import RoomsMadeTooFast
from hubbub.engine.signin import ServerPasswordNeeded, SignIn, SignInFailed, TooManyAttempts
from hubbub.engine.state import PASSWORD, Account, Role, TokenKind
from hubbub.engine.tokens import NoteUse, digest_of, owner_of

from .attempt_counters import Attempt, Secret
from .guarded_attempts import Proving, asker_for, at_account, note_address
from .limits import Networks
from .password_queue import Asker, Lane
from .password_threads import same

if TYPE_CHECKING:
    from .session import LiveSession


async def sign_in_by_password(
    node: Proving, session: "LiveSession", thing: SignInByPassword
) -> Refusal | None:
    account = node.state.account_named(thing.name)
    digest = digest_of(thing.password)
    if account and owner_of(node.state, digest) is account:
        return _noted(node, digest, _sign_in(node, session, account, digest))
    attempt = at_account(node, thing.name, session.address, session.face)

    async def check() -> bool:
        return await knows_password(node, account, thing.password, _asker(node, session, attempt))

    if refusal := await node.proofs.guarded.prove(attempt, check):
        return refusal
    if account:
        node.proofs.renew_credential(account, thing.password)
    return _sign_in(node, session, account)


async def knows_password(node: Proving, account: Account | None, password: str, asker: Asker) -> bool:
    """Whether it is the password of an account, also where that was changed or hashed anew while it was looked at."""
    while True:
        credential = account.credential if account else None
        fits = await node.proofs.passwords.fits(password, credential, asker)
        if account is None or account.credential is credential:
            return fits


async def sign_in_by_proof(node: Proving, session: "LiveSession", thing: SignInByProof) -> Refusal | None:
    attempt = at_account(node, thing.name, session.address, session.face)

    async def check() -> bool:
        # The password may have been changed since: what the client was challenged with must hold still.
        return thing.proved and node.proofs.challenges.of(node.state, thing.name) == thing.challenge

    refusal = await node.proofs.guarded.prove(attempt, check)
    if refusal or thing.only_proves:
        return refusal
    return _sign_in(node, session, node.state.account_named(thing.name))


def _sign_in(
    node: Proving, session: "LiveSession", account: Account | None, proof: str = PASSWORD
) -> Refusal | None:
    """The owner of an account is proved, by this token's digest or the password; where that was, they are known now."""
    if session.is_over:
        return None
    if account is None:
        return SignInFailed()
    if refusal := _refusal(node.ask(SignIn(account.id, proof), session)):
        return refusal
    note_address(node, account, session.address)
    return None


def _refusal(answer: Sequence[Event] | Refusal) -> Refusal | None:
    return answer if isinstance(answer, Refusal) else None


def _asker(node: Proving, session: "LiveSession", attempt: Attempt) -> Asker:
    return asker_for(node, attempt, lambda: not session.is_over)


def _asker_making(node: Proving, session: "LiveSession") -> Asker:
    """The queue's asker for hashing a new password."""
    exempt = node.limits.exempt.holds(session.address)
    return Asker(Lane.MAKING, session.address, lambda: not session.is_over, exempt)


async def register(node: Proving, session: "LiveSession", thing: Register) -> Refusal | None:
    name = may_register(node.state, Request(node.clock.last_id, session.session, Command()), thing.name)
    if isinstance(name, Refusal):
        return name
    if refusal := node.proofs.password_refusal(thing.password, name.text):
        return refusal
    address, began = session.address, node.clock.monotonic()
    if refusal := _registers_too_often(node, address, began):
        return refusal
    account: Account | None = None
    try:
        credential = await node.proofs.passwords.credential(thing.password, _asker_making(node, session))
        if session.is_over:
            return None
        if refusal := _refusal(node.ask(RegisterAccount(thing.name, credential), session)):
            return refusal
        account = node.state.account_named(thing.name)
    finally:
        if account is None:
            node.proofs.registrations.give_back(count_key(address), began, node.clock.monotonic())
    made = at_account(node, name.text, address, session.face)
    node.proofs.guarded.attempts.forget_name(made, node.clock.monotonic())
    return _sign_in(node, session, account)


def _registers_too_often(node: Proving, address: str, now: float) -> Refusal | None:
    limit = node.settings.limits.accounts_an_address_a_day
    if not limit or node.limits.exempt.holds(address):
        return None
    return node.proofs.registrations.begin(count_key(address), limit, now)


async def change_password(node: Proving, session: "LiveSession", thing: ChangePassword) -> Revoked | Refusal:
    """The old password is asked for, and guessing it costs what guessing at the door does."""
    user = node.state.user(session.session)
    account = user.account if user else None
    if account is None:
        return NotSignedIn()
    if refusal := node.proofs.password_refusal(thing.password, account.name.text):
        return refusal
    attempt = at_account(node, account.name.text, session.address, session.face)

    async def check() -> bool:
        return await knows_password(node, account, thing.old, _asker(node, session, attempt))

    if refusal := await node.proofs.guarded.prove(attempt, check):
        return OldPasswordWrong() if isinstance(refusal, SignInFailed) else refusal
    before = account.credential
    credential = await node.proofs.passwords.credential(thing.password, _asker_making(node, session))
    if account.credential is not before and not await check():
        return OldPasswordWrong()
    answer = node.ask(SetCredential(credential, thing.everywhere), session)
    return answer if isinstance(answer, Refusal) else Revoked.among(answer)


async def become_operator(node: Proving, session: "LiveSession", thing: BecomeOperator) -> Refusal | None:
    operator = node.settings.operators.get(thing.name)
    if operator and operator.networks and not Networks(operator.networks).holds(session.address):
        operator = None
    exists = thing.name in node.settings.operators
    attempt = Attempt(Secret.OPERATOR, thing.name, session.address, session.face, exists=exists)

    async def check() -> bool:
        argon2 = operator.password if operator else None
        return await node.proofs.passwords.fits_hash(thing.password, argon2, _asker(node, session, attempt))

    refusal = await node.proofs.guarded.prove(attempt, check)
    if refusal or operator is None:
        return refusal
    return _refusal(node.ask(GrantRole(thing.name, Role[operator.role.upper()]), session))


async def trust_gateway(node: Proving, session: "LiveSession", thing: TrustGateway) -> Refusal | None:
    """Its name is what the gateway calls itself; which one it is, is known by where it connects from."""
    attempt = Attempt(Secret.GATEWAY, "", session.address, session.face)
    asker = _asker(node, session, attempt)
    found: list[str] = []

    async def check() -> bool:
        for name, gateway in node.settings.gateways.items():
            if Networks(gateway.networks).holds(attempt.address) and await node.proofs.passwords.fits_hash(
                thing.password, gateway.password, asker
            ):
                found.append(name)
                return True
        return False

    refusal = await node.proofs.guarded.prove(attempt, check)
    return refusal or session.come_through(found[0], thing)


async def sign_in_by_token(node: Proving, session: "LiveSession", thing: SignInByToken) -> Refusal | None:
    digest = digest_of(thing.token)
    if node.proofs.is_pass(digest):
        key = node.proofs.key_of_pass(thing.name, digest)
        owner = node.state.accounts[node.state.tokens[key].account] if key else None
        return _by_token(node, session, thing.name, owner, key, "key")
    owner = owner_of(node.state, digest)
    return _noted(node, digest, _by_token(node, session, thing.name, owner, digest, "token"))


async def sign_in_by_certificate(
    node: Proving, session: "LiveSession", thing: SignInByCertificate
) -> Refusal | None:
    digest = session.fingerprint
    owner = owner_of(node.state, digest, TokenKind.CERTIFICATE)
    return _noted(node, digest, _by_token(node, session, thing.name, owner, digest, "certificate"))


def _noted(node: Proving, digest: str, refusal: Refusal | None) -> Refusal | None:
    """A token was used, unless that was refused."""
    if refusal is None:
        node.ask(NoteUse(digest))
    return refusal


def _by_token(
    node: Proving, session: "LiveSession", wanted: str, owner: Account | None, digest: str, kind: str
) -> Refusal | None:
    if owner is None or (wanted and fold(wanted) != owner.name.key):
        if not session.is_over:
            account = node.state.account_named(wanted)
            node.journal.token_failed(
                session.address, session.face, kind, account.name.text if account else ""
            )
        return SignInFailed()
    return _sign_in(node, session, owner, digest)


def come_in(node: Proving, session: "LiveSession", password: str) -> Refusal | None:
    """Why this does not do as the server's password; None if it does, or if the server has none."""
    wanted = node.settings.server.password
    if not wanted:
        return None
    if not password:
        return ServerPasswordNeeded()
    attempt = Attempt(Secret.SERVER, "", session.address, session.face)
    fits = node.proofs.guarded.prove_at_once(attempt, lambda: same(password, wanted), bool)
    return fits if isinstance(fits, TooManyAttempts) else None if fits else ServerPasswordNeeded()


def enter_room(node: Proving, session: "LiveSession", command: Join) -> Sequence[Event] | Refusal:
    """Join a room; making one, and guessing a key, have a pace."""
    if node.state.room_named(command.room) is None:
        return _make_room(node, session, command)
    answer = _try_key(node, session, command) if command.key else node.ask(command, session)
    if isinstance(answer, RoomNameUnavailable):
        # As for a name that there is not: whoever may make no room learns nothing of the names that there are.
        return _making(node, session, command, lambda: answer)
    return answer


def _make_room(node: Proving, session: "LiveSession", command: Join) -> Sequence[Event] | Refusal:
    make = partial(_try_key, node, session, command) if command.key else partial(node.ask, command, session)
    return _making(node, session, command, make)


def _making(
    node: Proving, session: "LiveSession", command: Join, make: Callable[[], Sequence[Event] | Refusal]
) -> Sequence[Event] | Refusal:
    """Count a room that is made, if it may be; where nothing comes of it, it does not count."""
    now = node.clock.monotonic()
    counted: list[str] = []
    answer: Sequence[Event] | Refusal | None = None
    for key, most in _makers(node, session):
        if refusal := node.proofs.rooms_made.begin(key, most, now):
            answer = RoomsMadeTooFast(command.room.text, refusal.wait_seconds)
            break
        counted.append(key)
    if answer is None:
        answer = make()
    if isinstance(answer, Refusal):
        for key in counted:
            node.proofs.rooms_made.give_back(key, now, now)
    return answer


def _makers(node: Proving, session: "LiveSession") -> Iterator[tuple[str, int]]:
    """The counters of making a room, each with its daily limit; none for an administrator."""
    user, limits = node.state.user(session.session), node.settings.limits
    if user and user.role >= Role.ADMIN:
        return
    if user and user.account and limits.rooms_made_an_account_a_day:
        yield f"account {user.account.id}", limits.rooms_made_an_account_a_day
    if limits.rooms_made_an_address_a_day and not node.limits.exempt.holds(session.address):
        yield count_key(session.address), limits.rooms_made_an_address_a_day


def _try_key(node: Proving, session: "LiveSession", command: Join) -> Sequence[Event] | Refusal:
    attempt = Attempt(Secret.ROOM, command.room.text, session.address, session.face, exists=True)
    return node.proofs.guarded.prove_at_once(attempt, lambda: node.ask(command, session), _key_fits)


def _key_fits(answer: Sequence[Event] | Refusal) -> bool | None:
    """A secret room that the key does not open is refused as a name that can't be had, so that counts as well."""
    if isinstance(answer, RoomKeyWrong | RoomNameUnavailable | MayNotCreateRoom):
        return False
    return None if isinstance(answer, Refusal) else True
