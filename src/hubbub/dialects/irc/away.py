"""AWAY and SETNAME: the away message and the real name of a user."""

from typing import TYPE_CHECKING, Final

from hubbub.engine.away import AwaySet, SetAway
from hubbub.engine.names import NameRefused
from hubbub.engine.refusals import Refusal
from hubbub.engine.user_profile import RealnameSet, SetRealname
from hubbub.text import clean
from hubbub.wire import numerics
from hubbub.wire.capabilities import Capabilities
from hubbub.wire.message import Message

from .event_renderer import Bodies, EventRenderers, trailing
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession


def away(talk: "IrcSession", message: Message) -> None:
    """ "If this command is sent with no parameters, or with the empty string …, the user is no longer away."

    pre-away: "If the capability has been negotiated, servers MUST accept the `AWAY` command before connection
    registration has completed." What is answered is for this session; the user is away when all sessions are.
    """
    text = clean(message.param(0))
    if talk.arrival:
        if not talk.caps.pre_away:
            talk.numeric(numerics.ERR_NOTREGISTERED)
            return
        talk.arrival.away = text
    elif not talk.ask(SetAway(text)):
        return
    talk.numeric(numerics.RPL_NOWAWAY if text else numerics.RPL_UNAWAY)


def set_realname(talk: "IrcSession", message: Message) -> None:
    """setname: whoever has the capability is shown the change; a failure MUST be a standard reply to everybody."""
    result = talk.host.ask(SetRealname(message.params[0]))
    if isinstance(result, NameRefused):
        text = f"A real name has 1 to {talk.host.state.rules.realname_bytes} bytes. Choose another one."
        talk.fail("SETNAME", "INVALID_REALNAME", text=text)
    elif isinstance(result, Refusal):
        talk.fail("SETNAME", "CANNOT_CHANGE_REALNAME", text=str(result))


def _render_away(event: AwaySet, caps: Capabilities, server: str) -> Bodies:
    if not caps.away_notify:
        return ()
    return (f":{event.origin.mask} AWAY{trailing(event.text or '')}",)


def _render_realname(event: RealnameSet, caps: Capabilities, server: str) -> Bodies:
    return (f":{event.origin.mask} SETNAME :{event.realname}",) if caps.setname else ()


VERBS: Final = {
    "AWAY": Verb(
        away,
        (
            "AWAY [<text>]",
            "Marks you as away, with a reason. Without a text, marks you as no longer away.",
        ),
        before=True,
    ),
    "SETNAME": Verb(
        set_realname,
        (
            "SETNAME <text>",
            "Changes your real name.",
        ),
        1,
        specification="setname",
    ),
}

EVENTS: Final[EventRenderers] = {
    AwaySet: _render_away,
    RealnameSet: _render_realname,
}
