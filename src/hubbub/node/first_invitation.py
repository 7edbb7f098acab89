"""The first invitation: a code that makes its user the first administrator of a server that has none."""

import secrets
from operator import attrgetter
from typing import TYPE_CHECKING

from hubbub.engine.invitations import CreateInvitation
from hubbub.engine.state import Role
from hubbub.engine.tokens import digest_of

if TYPE_CHECKING:
    from .node import Node


class FirstInvitation:
    """The code, new at each start and made at its first use."""

    def __init__(self, node: "Node") -> None:
        self._node = node
        self._code = ""
        """As it was given out; empty until then."""

    def code(self) -> str:
        """The code; empty where there is an administrator."""
        if Role.ADMIN in map(attrgetter("role"), self._node.state.accounts.values()):
            return ""
        if not self._code:
            self._code = secrets.token_urlsafe(18)
            self._invite()
        return self._code

    def renew(self) -> None:
        """Let the code that was given out hold in a state that was loaded anew."""
        if self._code:
            self._invite()

    def _invite(self) -> None:
        self._node.ask(CreateInvitation(digest_of(self._code), role=Role.ADMIN))
