"""AWAY and SETNAME: what one lets others know of oneself."""

from typing import TYPE_CHECKING

from hubbub.engine.presence import SetAway, SetRealname
from hubbub.engine.refusals import NameRefused, Refusal
from hubbub.wire import numerics
from hubbub.wire.message import Message

if TYPE_CHECKING:
    from .talk import IrcTalk


def away(talk: "IrcTalk", message: Message) -> None:
    """ "If this command is sent with no parameters, or with the empty string …, the user is no longer away." """
    if talk.ask(SetAway(message.param(0))):
        is_away = talk.user.origin.away is not None
        talk.numeric(numerics.RPL_NOWAWAY if is_away else numerics.RPL_UNAWAY)


def set_realname(talk: "IrcTalk", message: Message) -> None:
    """setname: whoever has the capability is shown the change; a failure MUST be a standard reply to everybody."""
    result = talk.host.ask(SetRealname(message.params[0]))
    if isinstance(result, NameRefused):
        text = f"A real name has 1 to {talk.host.state.rules.realname_bytes} bytes. Choose another one."
        talk.fail("SETNAME", "INVALID_REALNAME", text=text)
    elif isinstance(result, Refusal):
        talk.fail("SETNAME", "CANNOT_CHANGE_REALNAME", text=str(result))
