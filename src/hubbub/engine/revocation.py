"""Revoking: what ends at once when an account gets a new password, or when its owner ends sessions."""

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Final

from msgspec import Struct

from .event import Answer, Command, Event, Request
from .notifications import PushRemoved
from .refusals import NotPresent
from .rules import Rule
from .sessions import SessionEnded, end_all
from .state import Account, Session, State, Token, TokenKind
from .tokens import TokenRemoved, opened_by, taking_back

SIGNED_OUT: Final = "Another session of yours signed you out. Sign in again."


class EndSessions(Command, frozen=True):
    """End sessions of one's own; those of others are left alone.

    With `for_good` they don't come back by themselves: the tokens with which they are signed in are revoked. A
    certificate or a key is its owner's to take back; whoever has it can sign in anew.
    """

    sessions: tuple[int, ...]
    reason: str
    for_good: bool = False


class Revoked(Struct, frozen=True):
    """The numbers of sessions ended, and of tokens, certificates and keys revoked."""

    sessions: int = 0
    tokens: int = 0

    @classmethod
    def among(cls, events: Iterable[Event]) -> "Revoked":
        sessions = tokens = 0
        for event in events:
            sessions += isinstance(event, SessionEnded)
            tokens += isinstance(event, TokenRemoved)
        return cls(sessions, tokens)

    def sentence(self, which: str = "") -> str:
        """`which` sessions, such as `other`; they are counted where there are any."""
        parts = []
        if self.sessions:
            sessions = f"{which} session".strip()
            parts.append(
                f"1 {sessions} ended" if self.sessions == 1 else f"{self.sessions} {sessions}s ended"
            )
        if self.tokens == 1:
            parts.append("1 token, certificate or key was revoked")
        elif self.tokens:
            parts.append(f"{self.tokens} tokens, certificates or keys were revoked")
        return f"{', and '.join(parts) or 'No other sessions were signed in'}."


def end_sessions(state: State, request: Request, command: EndSessions) -> Answer:
    user = state.user(request.session)
    if user is None:
        return NotPresent()
    ids = count(request.id)
    chosen = [user.sessions[number] for number in command.sessions if number in user.sessions]
    tokens = _brought_back_by(state, chosen, user.sessions[request.session]) if command.for_good else []
    taken = [event for token in tokens for event in taking_back(state, ids, token)]
    ended = {session.id: session for session in (*chosen, *opened_by(state, tokens))}.values()
    return [*taken, *end_all(state, ids, ended, command.reason, is_revoked=command.for_good)]


def _brought_back_by(state: State, sessions: Iterable[Session], asking: Session) -> list[Token]:
    """The secrets with which these would be back at once; never the one of the session that asks."""
    proofs = dict.fromkeys(session.proof for session in sessions if session.proof != asking.proof)
    tokens = (token for proof in proofs if (token := state.tokens.get(proof)))
    return [token for token in tokens if token.kind is TokenKind.SECRET]


def revoking_all(
    state: State, ids: Iterator[int], account: Account, reason: str, kept: Session | None = None
) -> Iterator[Event]:
    """All that an account's password has opened ends: tokens of every kind, pushes and sessions.

    The session that is `kept` stays, and so does the token that it is signed in with.
    """
    own = state.tokens.get(kept.proof) if kept else None
    for token in [token for token in state.tokens.values() if token.account == account.id]:
        if token is not own:
            yield TokenRemoved(next(ids), account.id, token.name, token.digest)
    for push in account.pushes.values():
        if own is None or push.proof != own.digest:
            yield PushRemoved(next(ids), push.endpoint)
    sessions = [one for one in state.sessions.values() if one.account == account.id and one is not kept]
    yield from end_all(state, ids, sessions, reason, is_revoked=True)


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    EndSessions: end_sessions,
}
