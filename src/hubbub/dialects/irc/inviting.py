"""INVITE and KNOCK: invitations to rooms, and requests to join them."""

from typing import TYPE_CHECKING, Final

from hubbub.engine.joining_and_inviting import Invite, Invited
from hubbub.engine.names import RoomName
from hubbub.engine.refusals import Refusal
from hubbub.engine.room_requests import Knock, RequestMade
from hubbub.engine.state import Room
from hubbub.wire import numerics
from hubbub.wire.capabilities import Capabilities
from hubbub.wire.message import Message

from .event_renderer import Bodies, EventRenderers, PersonalRenderers
from .refusals import answer
from .targets import room_name
from .verb import CUSTOM, Verb

if TYPE_CHECKING:
    from .session import IrcSession


def invite(talk: "IrcSession", message: Message) -> None:
    if not message.params:
        for room in talk.host.state.rooms.values():
            if talk.user.person in room.invited or _is_awaited(room, talk.user.person):
                talk.numeric(numerics.RPL_INVITELIST, f"#{room.name}")
        talk.numeric(numerics.RPL_ENDOFINVITELIST)
    elif len(message.params) < 2:
        talk.numeric(numerics.ERR_NEEDMOREPARAMS, message.verb)
    elif name := room_name(talk, message.params[1]):
        _invite_one(talk, name, message.params[0])


def _is_awaited(room: Room, person: int) -> bool:
    """Whether an account was let in and has not come yet."""
    return person in room.admitted and person not in room.members


def _invite_one(talk: "IrcSession", name: RoomName, nick: str) -> None:
    result = talk.host.ask(Invite(name, nick))
    if isinstance(result, Refusal):
        answer(talk, result)
        return
    for event in result:
        if isinstance(event, Invited):
            talk.numeric(numerics.RPL_INVITING, event.nick, f"#{event.room_name}")
            other = talk.host.state.users.get(event.person)
            if other and other.origin.away is not None:
                talk.numeric(numerics.RPL_AWAY, event.nick, text=other.origin.away)


def knock(talk: "IrcSession", message: Message) -> None:
    name = room_name(talk, message.params[0])
    if name and talk.ask(Knock(name, message.param(1))):
        talk.numeric(
            numerics.RPL_KNOCKDLVR,
            f"#{name}",
            text="The room's operators have your request. You are notified when they decide.",
        )


def _render_invitation(event: Invited, caps: Capabilities, server: str) -> Bodies:
    """Render an invitation for those with invite-notify; the invited person gets a line of their own."""
    return (_invitation(event),) if caps.invite_notify else ()


def _invitation(event: Invited) -> str:
    return f":{event.by.mask} INVITE {event.nick} #{event.room_name}"


def _render_request(event: RequestMade, caps: Capabilities, server: str) -> Bodies:
    room = f"#{event.room_name}"
    return (f":{server} 710 {room} {room} {event.origin.mask} :has asked for an invite.",)


def _show_invited(talk: "IrcSession", event: Invited) -> None:
    if not talk.caps.invite_notify:
        talk.host.send(talk.view.tagged(event, _invitation(event)))


VERBS: Final = {
    "INVITE": Verb(
        invite,
        (
            "INVITE [<nickname> <room>]",
            "Invites somebody to a room, so that they can join it whatever its access, and notifies them.",
            "Without parameters, lists the rooms that you are invited to.",
        ),
    ),
    "KNOCK": Verb(
        knock,
        (
            "KNOCK <room> [<text>]",
            "Asks to join a room that is not open. You are notified of the decision, even if you disconnect meanwhile.",
        ),
        1,
        specification=CUSTOM,
    ),
}

EVENTS: Final[EventRenderers] = {
    Invited: _render_invitation,
    RequestMade: _render_request,
}

PERSONAL_EVENTS: Final[PersonalRenderers] = {
    Invited: _show_invited,
}
