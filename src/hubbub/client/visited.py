"""The conversations that were looked at one after the other, for the ways back and forward."""

from typing import Final

from hubbub.client.chat_model import Conversation

VISITED_MAX: Final = 50
"""The most conversations that the user can go back through."""


class Visited:
    """A list of conversations, and the place in it."""

    def __init__(self) -> None:
        self._went: list[Conversation] = []
        self._at = 0

    def went(self, conversation: Conversation) -> None:
        """Add a conversation behind the present one; what was forward of that is forgotten."""
        self._went = [*self._went[: self._at + 1], conversation][-VISITED_MAX:]
        self._at = len(self._went) - 1

    def closed(self, conversation: Conversation) -> None:
        """Forget a closed conversation."""
        self._went = [one for one in self._went if one is not conversation]
        self._at = max(min(self._at, len(self._went) - 1), 0)

    def step(self, step: int) -> Conversation | None:
        """Go back (-1) or forward (1); None, and nothing changes, if there is nothing in that direction."""
        at = self._at + step
        if not 0 <= at < len(self._went):
            return None
        self._at = at
        return self._went[at]
