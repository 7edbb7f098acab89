"""Services: names that answer for the server, by messages and by verbs of their own."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from hubbub.engine.names import fold
from hubbub.wire.message import Message

from .chanserv import CHANSERV
from .console import console
from .nickserv import NICKSERV
from .playback import NAME, playback

if TYPE_CHECKING:
    from ..session import IrcSession

Speaker = Callable[["IrcSession", str], None]

SERVICES: Final[dict[str, Speaker]] = {
    fold("NickServ"): NICKSERV,
    fold("ChanServ"): CHANSERV,
    fold("Hubbub"): console,
    fold("Console"): console,
    fold(NAME): playback,
}
"""By folded name: what a message to it leads to."""


def spoken_to(name: str) -> Callable[["IrcSession", Message], None]:
    """For the verb that says the same as a message to a service: `NS HELP` is `PRIVMSG NickServ :HELP`."""
    service = SERVICES[fold(name)]
    return lambda talk, message: service(talk, " ".join(message.params) or "HELP")
