"""OPER, KILL, WALLOPS, REHASH, DIE, CONNECT and SQUIT: the commands of operators of the server."""

from typing import TYPE_CHECKING, Final

from hubbub.dialects.session_api import Administer, BecomeOperator
from hubbub.engine.announcements import Announce, Announced
from hubbub.engine.moderation import Kill
from hubbub.engine.names import SERVICES, fold
from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Role
from hubbub.text import split
from hubbub.wire import numerics
from hubbub.wire.capabilities import Capabilities
from hubbub.wire.message import BODY_BYTES_MAX, Message

from .event_renderer import Bodies, EventRenderers
from .secure_only import overheard
from .verb import CUSTOM, Verb

if TYPE_CHECKING:
    from .session import IrcSession

SETTINGS_FILE: Final = "hubbub.toml"
"""The file name in RPL_REHASHING; the real path is for the machine's owner alone."""


def oper(talk: "IrcSession", message: Message) -> None:
    """The role that the settings give to an operator's name and password; it lasts until the user leaves."""

    def then(refusal: Refusal | None) -> None:
        if refusal is None:
            talk.numeric(numerics.RPL_YOUREOPER)
        else:
            talk.numeric(numerics.ERR_PASSWDMISMATCH, text=str(refusal))

    if refusal := overheard(talk):
        then(refusal)
    else:
        talk.host.begin(BecomeOperator(message.params[0], message.params[1]), then)


def kill(talk: "IrcSession", message: Message) -> None:
    name = fold(message.params[0])
    if _lacks(talk, Role.MODERATOR):
        return
    if name == fold(talk.host.facts.name) or name in map(fold, SERVICES):
        talk.numeric(numerics.ERR_CANTKILLSERVER)
    else:
        talk.ask(Kill(message.params[0], message.params[1]))


def wallops(talk: "IrcSession", message: Message) -> None:
    """ "used to send a message to all currently connected users who have set the 'w' user mode"."""
    talk.ask(Announce(message.params[0], to_listeners=True))


def rehash(talk: "IrcSession", message: Message) -> None:
    if not _lacks(talk, Role.ADMIN):
        talk.numeric(numerics.RPL_REHASHING, SETTINGS_FILE)
        _administer(talk, "reload")


def die(talk: "IrcSession", message: Message) -> None:
    if not _lacks(talk, Role.ADMIN):
        _administer(talk, "shutdown")


def other_server(talk: "IrcSession", message: Message) -> None:
    """CONNECT and SQUIT, "sent by an operator": there are no other servers to link to, and none to let go."""
    if not _lacks(talk, Role.ADMIN):
        talk.numeric(numerics.ERR_NOSUCHSERVER, message.params[0])


def _lacks(talk: "IrcSession", role: Role) -> bool:
    """Whether the user has less than this role, and has been told so."""
    if talk.user.role >= role:
        return False
    talk.numeric(numerics.ERR_NOPRIVILEGES)
    return True


def _administer(talk: "IrcSession", line: str) -> None:
    def then(lines: list[str]) -> None:
        for each in lines:
            talk.notice(each)

    talk.host.begin(Administer(line), then)


def _render_announcement(event: Announced, caps: Capabilities, server: str) -> Bodies:
    if event.to_listeners:
        return (f":{event.by.mask} WALLOPS :{event.text}",)
    room = BODY_BYTES_MAX - len(server.encode()) - 12
    return [f":{server} NOTICE * :{piece}" for piece in split(event.text, room)]


VERBS: Final = {
    "OPER": Verb(
        oper,
        (
            "OPER <name> <password>",
            "Makes you an operator of the server until you disconnect, with a name and password from its settings.",
        ),
        2,
    ),
    "KILL": Verb(
        kill,
        (
            "KILL <nickname> <reason>",
            "Disconnects somebody from the server. For moderators.",
        ),
        2,
    ),
    "WALLOPS": Verb(
        wallops,
        (
            "WALLOPS <text>",
            "Sends a message to everybody with the mode +w. For moderators.",
        ),
        1,
    ),
    "REHASH": Verb(
        rehash,
        (
            "REHASH",
            "Reloads the settings. For administrators.",
        ),
    ),
    "DIE": Verb(
        die,
        (
            "DIE",
            "Stops the server. For administrators.",
        ),
        specification=CUSTOM,
    ),
    "CONNECT": Verb(
        other_server,
        (
            "CONNECT <server>",
            "Links servers; this network has only one.",
        ),
        1,
    ),
    "SQUIT": Verb(
        other_server,
        (
            "SQUIT <server> <reason>",
            "Disconnects a server from the network; this network has only one.",
        ),
        1,
    ),
}

EVENTS: Final[EventRenderers] = {
    Announced: _render_announcement,
}
