"""Secrets with which browsers read files, each as long as a session lives that is signed in by the same token."""

import secrets
from collections.abc import Iterable
from typing import Final

from hubbub.engine.tokens import digest_of

INHERITED_MAX: Final = 20
"""The most passes of ended sessions that one session keeps: a browser shows the last one it was given."""


class FilePasses:
    """The tabs of a browser share one cookie, with the pass of the tab that has asked last; that one may close."""

    def __init__(self) -> None:
        self._holders: dict[str, int] = {}
        """Digest → the session by which it is good."""
        self._held: dict[int, list[str]] = {}
        """Session → digests: first of its own pass, then of those that it has taken over, the oldest first."""

    def __len__(self) -> int:
        return len(self._holders)

    def give(self, session: int) -> str:
        """A new one; the one before that the session had asked for is void."""
        secret = secrets.token_urlsafe(24)
        held = self._held.setdefault(session, [""])
        self._holders.pop(held[0], None)
        held[0] = digest_of(secret)
        self._holders[held[0]] = session
        return secret

    def holder(self, secret: str) -> int:
        """The session by which it is good; 0 for none."""
        return self._holders.get(digest_of(secret), 0)

    def end(self, session: int, heirs: Iterable[int]) -> None:
        """It is over: what it held is good by the first of its heirs that has asked for a pass too, or void."""
        passes = self._held.pop(session, [])
        heir = next((one for one in heirs if one in self._held), 0)
        if not heir:
            self._void(passes)
            return
        self._holders.update(dict.fromkeys(passes, heir))
        own, *taken = self._held[heir]
        taken += [*passes[1:], *passes[:1]]
        self._void(taken[:-INHERITED_MAX])
        self._held[heir] = [own, *taken[-INHERITED_MAX:]]

    def _void(self, passes: Iterable[str]) -> None:
        for digest in passes:
            self._holders.pop(digest, None)
