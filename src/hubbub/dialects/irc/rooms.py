"""JOIN, PART, TOPIC, NAMES, KICK, INVITE and KNOCK."""

from typing import TYPE_CHECKING, Final

from hubbub.engine.joining_and_inviting import Invite, Invited, Join, RoomMoved, RoomSpelled
from hubbub.engine.membership import Kick, Leave
from hubbub.engine.names import ROOM_NAME_BYTES_MAX, RoomName, RoomNameRefused
from hubbub.engine.policy import may_see
from hubbub.engine.refusals import Refusal
from hubbub.engine.room_making import RoomAlike, RoomExists, RoomNameUnavailable
from hubbub.engine.room_requests import Knock, RequestMade
from hubbub.engine.rooms import RenameRoom
from hubbub.engine.state import Member, Room
from hubbub.engine.topics import SetTopic
from hubbub.wire import numerics
from hubbub.wire.message import Message

from .events import PREFIXES
from .refusals import answer
from .targets import each_once, room_name
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession


def join(talk: "IrcSession", message: Message) -> None:
    if message.params[0] == "0":
        # "the special argument '0' … MUST be processed as leaving all channels"
        for room in list(talk.user.rooms.values()):
            talk.ask(Leave(room.name))
        return
    rooms = message.params[0].split(",")
    keys = dict(zip(rooms, message.param(1).split(","), strict=False))
    for text in each_once(rooms):
        if name := room_name(talk, text):
            _join_one(talk, name, keys.get(text) or None)


def _join_one(talk: "IrcSession", name: RoomName, key: str | None) -> None:
    result = talk.host.ask(Join(name, key))
    if isinstance(result, RoomMoved):
        _follow(talk, result, key)
    elif isinstance(result, RoomSpelled):
        _take_along(talk, result.name, result.right, key, "The channel name is spelled this way")
    elif isinstance(result, Refusal):
        answer(talk, result)
    elif any(isinstance(event, RequestMade) for event in result):
        talk.numeric(numerics.ERR_INVITEONLYCHAN, f"#{name}", text="Cannot join channel (+A); you have asked")
        talk.numeric(
            numerics.RPL_KNOCKDLVR,
            f"#{name}",
            text="The room's operators have your request. You are notified when they decide.",
        )


def _follow(talk: "IrcSession", moved: RoomMoved, key: str | None) -> None:
    """The room has another name now: a client that knows of such things goes there itself, another one is taken along.

    channel-rename: "the `470` numeric (`ERR_LINKCHANNEL`) MAY be used …. This is a more ambiguous response and SHOULD
    NOT be used when the capability has been negotiated."
    """
    old, new = f"#{moved.name}", f"#{moved.new}"
    if talk.caps.rename:
        talk.fail("JOIN", "CHANNEL_RENAMED", old, new, text=str(moved))
    else:
        _take_along(talk, moved.name, moved.new, key, "The channel has been renamed")


def _take_along(talk: "IrcSession", old: str, new: str, key: str | None, why: str) -> None:
    if name := room_name(talk, f"#{new}"):
        talk.numeric(numerics.ERR_LINKCHANNEL, f"#{old}", f"#{new}", text=why)
        _join_one(talk, name, key)


def rename(talk: "IrcSession", message: Message) -> None:
    """channel-rename: `RENAME <channel> <new name> [<reason>]`, for the room's operators."""
    old, new = message.params[0], message.params[1]
    name = room_name(talk, old)
    if name is None:
        return
    wanted = RoomName.parse(new) if new.startswith("#") else RoomNameRefused(new, ROOM_NAME_BYTES_MAX)
    result = (
        wanted if isinstance(wanted, Refusal) else talk.host.ask(RenameRoom(name, wanted, message.param(2)))
    )
    if isinstance(result, RoomExists):
        talk.fail("RENAME", "CHANNEL_NAME_IN_USE", old, new[:100], text="The channel name is already taken")
    elif isinstance(result, RoomNameRefused | RoomAlike | RoomNameUnavailable):
        talk.fail("RENAME", "CANNOT_RENAME", old, new[:100], text=str(result))
    elif isinstance(result, Refusal):
        answer(talk, result)


def part(talk: "IrcSession", message: Message) -> None:
    for text in each_once(message.params[0].split(",")):
        if name := room_name(talk, text):
            talk.ask(Leave(name, message.param(1)))


def topic(talk: "IrcSession", message: Message) -> None:
    room = talk.room_named(message.params[0])
    if room is None:
        return
    if len(message.params) > 1:
        talk.ask(SetTopic(room.name, message.params[1]))
    else:
        show_topic(talk, room, empty=True)


def show_topic(talk: "IrcSession", room: Room, empty: bool = False) -> None:
    channel = f"#{room.name}"
    if room.topic:
        talk.numeric(numerics.RPL_TOPIC, channel, text=room.topic.text)
        talk.numeric(numerics.RPL_TOPICWHOTIME, channel, room.topic.by, str(room.topic.at // 1000))
    elif empty:
        talk.numeric(numerics.RPL_NOTOPIC, channel)


def names(talk: "IrcSession", message: Message) -> None:
    """NAMES without a room shows nothing but its end: a list of everything is what LIST and WHO are for."""
    if not message.param(0):
        talk.numeric(numerics.RPL_ENDOFNAMES, "*")
    for text in each_once(message.param(0).split(",")) if message.param(0) else ():
        room = talk.host.state.room_named(text) if text.startswith("#") else None
        if room and may_see(room, talk.user):
            show_names(talk, room)
        else:
            talk.numeric(numerics.RPL_ENDOFNAMES, text)


def show_names(talk: "IrcSession", room: Room) -> None:
    inside = talk.user.person in room.members
    with_hosts = talk.caps.userhost_in_names
    shown = [
        prefixes(talk, member) + (user.origin.mask if with_hosts else user.nick.text)
        for member, user in talk.host.state.present(room)
        if inside or "i" not in user.modes
    ]
    symbol = "@" if room.secret else "="
    talk.numerics_joined(numerics.RPL_NAMREPLY, symbol, f"#{room.name}", words=shown)
    talk.numeric(numerics.RPL_ENDOFNAMES, f"#{room.name}")


def prefixes(talk: "IrcSession", member: Member | None) -> str:
    """multi-prefix: all of a member's prefixes, "in order of 'rank', from highest to lowest"; else the highest."""
    if not member or not member.modes:
        return ""
    return "".join(map(PREFIXES.__getitem__, member.modes if talk.caps.multi_prefix else member.modes[0]))


def kick(talk: "IrcSession", message: Message) -> None:
    """RFC 2812, 3.2.8: "there MUST be either one channel parameter and multiple user parameter, or as many channel
    parameters as there are user parameters."
    """
    channels, people = message.params[0].split(","), message.params[1].split(",")
    if len(channels) == 1:
        if name := room_name(talk, channels[0]):
            _kick_from(talk, name, each_once(people), message.param(2))
    elif len(channels) != len(people):
        why = "Write one channel, or as many channels as nicknames"
        talk.numeric(numerics.ERR_NEEDMOREPARAMS, message.verb, text=why)
    else:
        for channel, person in dict.fromkeys(zip(channels, people, strict=True)):
            if name := room_name(talk, channel):
                _kick_from(talk, name, [person], message.param(2))


def _kick_from(talk: "IrcSession", name: RoomName, people: list[str], reason: str) -> None:
    for person in people:
        talk.ask(Kick(name, person, reason))


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


VERBS: Final = {
    "JOIN": Verb(
        join,
        (
            "JOIN <room>{,<room>} [<key>{,<key>}]",
            "Joins rooms, and creates those that don't exist, if you may. A room with approval gets a request from",
            "you, and you are notified of the decision. JOIN 0 leaves all your rooms.",
        ),
        1,
    ),
    "PART": Verb(
        part,
        (
            "PART <room>{,<room>} [<reason>]",
            "Leaves rooms for good; you are no longer a member.",
        ),
        1,
    ),
    "TOPIC": Verb(
        topic,
        (
            "TOPIC <room> [<text>]",
            "Shows or sets a room's topic. An empty text clears it.",
        ),
        1,
    ),
    "NAMES": Verb(
        names,
        (
            "NAMES <room>{,<room>}",
            "Shows who is in a room.",
        ),
    ),
    "KICK": Verb(
        kick,
        (
            "KICK <room> <nickname>{,<nickname>} [<reason>]",
            "Kicks people from a room. For the room's operators and half-operators.",
        ),
        2,
    ),
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
    ),
    "RENAME": Verb(
        rename,
        (
            "RENAME <room> <new name> [<reason>]",
            "Renames a room. For the room's operators.",
        ),
        2,
    ),
}
