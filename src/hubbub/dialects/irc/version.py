"""VERSION: the version and the features of the server."""

from typing import TYPE_CHECKING, Final

from hubbub.wire import numerics
from hubbub.wire.message import Message

from .greeting import list_features
from .server import is_here
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession


def version(talk: "IrcSession", message: Message) -> None:
    """modern-irc: "the given server SHOULD respond with one RPL_VERSION reply and one or more RPL_ISUPPORT"."""
    if not is_here(talk, message.param(0)):
        return
    facts = talk.host.facts
    talk.numeric(numerics.RPL_VERSION, facts.version, facts.name, text=facts.network)
    list_features(talk)


VERBS: Final = {
    "VERSION": Verb(
        version,
        (
            "VERSION",
            "Shows the version of the software and what it supports.",
        ),
    ),
}
