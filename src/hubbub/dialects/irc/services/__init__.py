"""Services: names that answer for the server, by messages and by verbs of their own."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from hubbub.engine.names import fold
from hubbub.wire.message import Message

from ..verb import CUSTOM, Verb
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


VERBS: Final = {
    "NICKSERV": Verb(
        spoken_to("NickServ"),
        (
            "NICKSERV <command>",
            "Sends a command to NickServ, which manages accounts. NICKSERV HELP lists its commands.",
        ),
        specification=CUSTOM,
    ),
    "NS": Verb(
        spoken_to("NickServ"),
        (
            "NS <command>",
            "The same as NICKSERV.",
        ),
        specification=CUSTOM,
    ),
    "CHANSERV": Verb(
        spoken_to("ChanServ"),
        (
            "CHANSERV <command>",
            "Sends a command to ChanServ, which manages rooms. CHANSERV HELP lists its commands.",
        ),
        specification=CUSTOM,
    ),
    "CS": Verb(
        spoken_to("ChanServ"),
        (
            "CS <command>",
            "The same as CHANSERV.",
        ),
        specification=CUSTOM,
    ),
    "HUBBUB": Verb(
        spoken_to("Hubbub"),
        (
            "HUBBUB <command>",
            "Runs a command of the server's console. For administrators and moderators; HUBBUB help lists them.",
        ),
        specification=CUSTOM,
    ),
}
