"""The rule that secrets travel only over connections that cannot be overheard."""

from typing import TYPE_CHECKING

from hubbub.engine.sessions import NotSecure

if TYPE_CHECKING:
    from .session import IrcSession


def overheard(talk: "IrcSession") -> NotSecure | None:
    """Why no password may be said in this session, or None where it may."""
    if talk.host.private:
        return None
    return NotSecure("Connect with TLS to the same port.")
