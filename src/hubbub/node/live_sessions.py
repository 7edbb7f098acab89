"""The live sessions of a node by their numbers, and whose they are."""

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING

from hubbub.engine.rules import Sessions
from hubbub.engine.sessions import SessionEnded
from hubbub.engine.state import State

if TYPE_CHECKING:
    from .session import LiveSession


class LiveSessions(dict[int, "LiveSession"]):
    """Number → session. `state` gives the engine's state as it is."""

    def __init__(self, state: Callable[[], State]) -> None:
        super().__init__()
        self._state = state
        self._numbers = count(1)

    def next_number(self) -> int:
        """A number that no session has had."""
        return next(self._numbers)

    def of_person(self, person: int) -> list[int]:
        """The numbers of a person's sessions; none while they are offline."""
        user = self._state().users.get(person)
        return list(user.sessions) if user else []

    def addresses_of(self, person: int) -> list[str]:
        """The addresses that a person is connected from, each once; none while they are offline."""
        user = self._state().users.get(person)
        return list(dict.fromkeys(session.address for session in user.sessions.values())) if user else []

    def heirs(self, event: SessionEnded, shown: Sessions) -> list[int]:
        """The sessions by which its browser may read files still: those by the token that has opened this one."""
        state, session = self._state(), shown.get(event.session)
        user = state.users.get(session.person) if session else None
        # Others have the password too; and what is revoked opens nothing more.
        if event.is_revoked or session is None or user is None or session.proof not in state.tokens:
            return []
        return [one.id for one in user.sessions.values() if one.proof == session.proof]

    def seen(self) -> tuple[tuple[int, int], ...]:
        """Up to where each account's user has surely been shown everything: to when they were last heard."""
        state, seen = self._state(), dict[int, int]()
        for number, session in self.items():
            known = state.sessions[number]
            if (account := known.account) and known.person:
                seen[account] = max(seen.get(account, 0), session.heard_id)
        return tuple(seen.items())
