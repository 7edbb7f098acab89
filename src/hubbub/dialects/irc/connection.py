"""PING, PONG, TICKET and QUIT: keeping a connection, proving it elsewhere, and ending it."""

from typing import TYPE_CHECKING, Final

from hubbub.engine.sessions import SessionEnded, UserLeft
from hubbub.text import clean, cut
from hubbub.wire import numerics
from hubbub.wire.capabilities import Capabilities
from hubbub.wire.message import Message

from .event_renderer import Bodies, EventRenderers
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession

SIGNED_OUT: Final = "SIGNED_OUT"
"""The code of the standard reply for a session that was ended for good."""


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


def _render_quit(event: UserLeft, caps: Capabilities, server: str) -> Bodies:
    return (f":{event.origin.mask} QUIT :{event.reason}",)


def _render_end(event: SessionEnded, caps: Capabilities, server: str) -> Bodies:
    error = f"ERROR :Closing link: ({event.address}) [{event.reason}]"
    if event.is_revoked and "standard-replies" in caps:
        # So that a client does not come back by itself with what is void now.
        return (f":{server} FAIL * {SIGNED_OUT} :{event.reason}", error)
    if event.by is None:
        return (error,)
    # "the client being killed receives the `KILL` message, and the `<source>` … SHOULD be the operator"
    return (f":{event.by.mask if event.by.person else server} KILL {event.name} :{event.reason}", error)


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
        specification="hubbub/ticket",
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

EVENTS: Final[EventRenderers] = {
    UserLeft: _render_quit,
    SessionEnded: _render_end,
}
