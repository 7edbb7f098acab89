"""A session's own lines beside the common one, for events that concern it: greetings, names, topics."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from hubbub.engine.entering import SessionEntered
from hubbub.engine.event import Event
from hubbub.engine.joining_and_inviting import Invited
from hubbub.engine.membership import MemberJoined
from hubbub.engine.metadata import MetadataSet, MetadataTold
from hubbub.engine.monitors import NickAppeared, NickVanished
from hubbub.engine.names import fold
from hubbub.engine.readmarkers import read_until
from hubbub.engine.rooms import RoomDeleted, RoomRenamed
from hubbub.engine.signin import UserSignedIn
from hubbub.engine.state import Room
from hubbub.wire import numerics

from .conversations import show_conversation
from .events import invitation, marker
from .greeting import greet
from .history import replay_missed
from .metadata_sync import show_value, sync_joined, tell_metadata
from .rooms import show_names, show_topic

if TYPE_CHECKING:
    from .session import IrcSession


def _entered(talk: "IrcSession", event: SessionEntered) -> None:
    """Greet a new session, which is in all rooms of its user; one that switched users is told what changes."""
    user = talk.user
    if event.was is None:
        greet(talk, event)
    else:
        if event.was.nick != user.nick.text:
            talk.send("NICK", user.nick.text, source=event.was.mask)
        before = replace(event.was, nick=user.nick.text)
        if talk.caps.chghost and before.mask != user.origin.mask:
            talk.send("CHGHOST", user.origin.username, user.origin.host, source=before.mask)
        for name in event.left:
            talk.send("PART", f"#{name}", source=user.origin.mask)
    for room in list(user.rooms.values()):
        show_room(talk, room)


def show_room(talk: "IrcSession", room: Room) -> None:
    """Let a session find itself in a room: JOIN, and what follows it."""
    show_conversation(talk, room)
    origin = talk.user.origin
    more = [origin.account or "*", origin.realname] if talk.caps.extended_join else []
    talk.send("JOIN", f"#{room.name}", *more, source=origin.mask)
    _show_inside(talk, room)


def _joined(talk: "IrcSession", event: MemberJoined) -> None:
    _show_inside(talk, talk.host.state.rooms[event.room])


def _show_inside(talk: "IrcSession", room: Room) -> None:
    """Topic, read marker, names and metadata.

    no-implicit-names: "servers MUST NOT send an implicit `NAMES` reply after sending a `JOIN` message."
    """
    show_topic(talk, room)
    if talk.caps.read_marker:
        talk.send("MARKREAD", f"#{room.name}", marker(read_until(talk.host.state, talk.user, room.id)))
    if not talk.caps.no_implicit_names:
        show_names(talk, room)
    sync_joined(talk, room)


def _signed_in(talk: "IrcSession", event: UserSignedIn) -> None:
    already = {number for number, _, _ in event.memberships}
    for number, room in talk.user.rooms.items():
        if number not in already:
            show_room(talk, room)
    replay_missed(talk, event)


def _invited(talk: "IrcSession", event: Invited) -> None:
    if not talk.caps.invite_notify:
        talk.host.send(talk.view.tagged(event, invitation(event)))


def _deleted(talk: "IrcSession", event: RoomDeleted) -> None:
    talk.send("KICK", f"#{event.room_name}", talk.nick, "The room was deleted")


def _renamed(talk: "IrcSession", event: RoomRenamed) -> None:
    """channel-rename: the fallback "SHOULD NOT be used if the rename only changes the case of the channel name"."""
    if talk.caps.rename or fold(event.room_name) == event.new.key:
        return
    reason = event.reason or f"The room is now called #{event.new}"
    talk.send("PART", f"#{event.room_name}", reason, source=talk.user.origin.mask)
    show_room(talk, talk.host.state.rooms[event.room])


def _appeared(talk: "IrcSession", event: NickAppeared) -> None:
    talk.numeric(numerics.RPL_MONONLINE, text=event.origin.mask)
    tell_metadata(talk, [event.origin.person])


def _vanished(talk: "IrcSession", event: NickVanished) -> None:
    talk.numeric(numerics.RPL_MONOFFLINE, text=event.nick)


def _metadata_set(talk: "IrcSession", event: MetadataSet) -> None:
    if talk.caps.metadata_numerics:
        show_value(talk, event.name, event.key, event.value)


def _metadata_told(talk: "IrcSession", event: MetadataTold) -> None:
    if talk.caps.metadata_numerics:
        show_value(talk, event.nick, event.key, event.value)


PERSONAL_EVENTS: Final[dict[type[Event], Callable[["IrcSession", Any], None]]] = {
    SessionEntered: _entered,
    UserSignedIn: _signed_in,
    MemberJoined: _joined,
    Invited: _invited,
    RoomDeleted: _deleted,
    RoomRenamed: _renamed,
    NickAppeared: _appeared,
    NickVanished: _vanished,
    MetadataSet: _metadata_set,
    MetadataTold: _metadata_told,
}
