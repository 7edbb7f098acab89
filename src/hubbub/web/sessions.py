"""Sessions over HTTP: list and end them, and change the password."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Final, Literal

import msgspec

from hubbub.dialects.session_api import ChangePassword
from hubbub.engine.accounts import OldPasswordWrong
from hubbub.engine.refusals import Refusal
from hubbub.engine.revocation import SIGNED_OUT, EndSessions
from hubbub.engine.state import Scope, Session, State, TokenKind
from hubbub.node.authentication import change_password
from hubbub.node.password_queue import QueueFull
from hubbub.node.passwords import BYTES_MAX
from hubbub.web.errors import Failure, refused
from hubbub.web.operation import Call, Operation
from hubbub.web.tokens import in_person
from hubbub.wire.times import format_time

SHOWN_MAX: Final = 200
"""Where `limits.sessions_an_account` lets one have more, the newest are shown, and one's own."""

_NUMBER: Final = re.compile("[0-9]{1,19}")

Password = Annotated[str, msgspec.Meta(min_length=1, max_length=BYTES_MAX)]


Proof = Literal["password", "certificate", "key", "token"]

_PROOFS: Final[Mapping[TokenKind, Proof]] = {
    TokenKind.SECRET: "token",
    TokenKind.CERTIFICATE: "certificate",
    TokenKind.KEY: "key",
}


class SessionShown(msgspec.Struct):
    """`by` is what it is signed in with: password, certificate, key or token; `token` is how that one is called."""

    number: int
    face: str
    client: str
    address: str
    since: str
    by: Proof
    token: str
    own: bool


class Sessions(msgspec.Struct):
    """At most 200: the newest, and one's own."""

    sessions: Sequence[SessionShown]


class NewPassword(msgspec.Struct, forbid_unknown_fields=True):
    """With `everywhere` all else that is signed in ends, and other tokens, certificates and keys are revoked."""

    old: Password
    new: Password
    everywhere: bool = True


class Ended(msgspec.Struct):
    """The numbers of other sessions ended, and of tokens, certificates and keys revoked."""

    sessions: int
    tokens: int


async def listing(call: Call) -> Sessions:
    own, account = in_person(call)
    state, sessions = call.node.state, call.node.state.users[account.id].sessions
    newest = list(sessions.values())[-SHOWN_MAX:]
    if sessions[own.session] not in newest:
        newest[0] = sessions[own.session]
    return Sessions([_shown(state, one, own.session) for one in newest])


def _shown(state: State, session: Session, own: int) -> SessionShown:
    token = state.tokens.get(session.proof)
    return SessionShown(
        session.id,
        session.face,
        session.client,
        session.address,
        format_time(session.since),
        _PROOFS[token.kind] if token else "password",
        token.name if token else "",
        session.id == own,
    )


async def end(call: Call) -> None:
    """The token with which it came is revoked as well: else it would be back at once."""
    session, account = in_person(call)
    number = call.part("number")
    known = call.node.state.users[account.id].sessions
    if not _NUMBER.fullmatch(number) or int(number) not in known:
        raise Failure(HTTPStatus.NOT_FOUND, "You have no such session.")
    answer = call.node.ask(EndSessions((int(number),), SIGNED_OUT, for_good=True), session)
    if isinstance(answer, Refusal):
        raise refused(answer)
    await call.node.gate.settled()


async def set_password(call: Call) -> Ended:
    session, _ = in_person(call)
    wish = call.asked
    try:
        answer = await change_password(
            call.node, session, ChangePassword(wish.old, wish.new, wish.everywhere)
        )
    except QueueFull as full:
        raise refused(full.refusal) from None
    if isinstance(answer, OldPasswordWrong):
        raise Failure(HTTPStatus.FORBIDDEN, str(answer))
    if isinstance(answer, Refusal):
        raise refused(answer)
    await call.node.gate.settled()
    return Ended(answer.sessions, answer.tokens)


_PATH: Final = "/api/v1/sessions"

OPERATIONS: Final = (
    Operation("GET", _PATH, "List the caller's sessions.", listing, Sessions, scope=Scope.CHAT),
    Operation("DELETE", f"{_PATH}/{{number}}", "End a session of the caller.", end, scope=Scope.CHAT),
    Operation(
        *("PUT", "/api/v1/password", "Change the caller's password, given the old one.", set_password),
        *(Ended, NewPassword, Scope.CHAT),
    ),
)
