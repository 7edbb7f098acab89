"""Hubbub, the server itself: it says what it is, and takes the administrators' commands."""

from typing import TYPE_CHECKING, Final

from hubbub.dialects.session_api import Administer
from hubbub.engine.state import Role

from .service import say

if TYPE_CHECKING:
    from ..session import IrcSession

NAME: Final = "Hubbub"


def console(talk: "IrcSession", text: str) -> None:
    """Each line is one of the administrator's commands; moderators have some of them, and others none."""
    if talk.user.role < Role.MODERATOR:
        say(
            talk,
            NAME,
            f"I am the server {talk.host.facts.name}. Administrators send me their commands.",
            "For your account, write: /msg NickServ HELP. For rooms, write: /msg ChanServ HELP.",
        )
        return
    talk.host.begin(Administer(text), lambda lines: say(talk, NAME, *lines))
