"""PING, PONG, TICKET and QUIT: keeping a connection, proving it elsewhere, and ending it."""

from typing import TYPE_CHECKING, Final

from hubbub.text import clean, cut
from hubbub.wire import numerics
from hubbub.wire.message import Message

from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession


def ping(talk: "IrcSession", message: Message) -> None:
    if not message.param(0):
        talk.numeric(numerics.ERR_NOORIGIN)
    else:
        talk.send("PONG", talk.host.facts.name, message.params[0])


def pong(talk: "IrcSession", message: Message) -> None:
    """Having been heard is enough."""


def ticket(talk: "IrcSession", message: Message) -> None:
    """hubbub/ticket: the server answers with a secret that proves this session to its website."""
    if "hubbub/ticket" not in talk.caps:
        talk.unknown(message.verb)
    else:
        talk.send("TICKET", talk.host.ticket())


def leave(talk: "IrcSession", message: Message) -> None:
    """The reason reads `Quit: …`, so that it can be told from what the server says.

    "This applies even if `<reason>` is empty, in which case the reason … SHOULD be just this `"Quit: "` string."
    """
    reason, _ = cut(clean(message.param(0)), talk.host.state.rules.reason_bytes)
    talk.host.leave(f"Quit: {reason}")


VERBS: Final = {
    "PING": Verb(
        ping,
        (
            "PING <text>",
            "The server answers PONG with the same text.",
        ),
        before=True,
    ),
    "PONG": Verb(
        pong,
        (
            "PONG <text>",
            "Answers the server's PING. Clients send this themselves.",
        ),
        before=True,
    ),
    "QUIT": Verb(
        leave,
        (
            "QUIT [<reason>]",
            "Disconnects you. With an account, you stay a member of your rooms.",
        ),
        before=True,
    ),
    "TICKET": Verb(
        ticket,
        (
            "TICKET",
            "Returns a secret that authenticates this session to the server's HTTP API.",
            "For clients that enable hubbub/ticket.",
        ),
    ),
    "ERROR": Verb(
        pong,
        (
            "ERROR",
            "Servers send this when a connection ends; from a client it has no effect.",
        ),
        before=True,
    ),
}
