"""JOIN, PART, TOPIC, NAMES, KICK and RENAME: the members, topics and names of rooms."""

from typing import TYPE_CHECKING, Final

from hubbub.engine.joining_and_inviting import Join, RoomMoved, RoomSpelled
from hubbub.engine.membership import Kick, Leave, MemberAppeared, MemberJoined, MemberKicked, MemberLeft
from hubbub.engine.names import ROOM_NAME_BYTES_MAX, RoomName, RoomNameRefused, fold
from hubbub.engine.policy import may_see
from hubbub.engine.readmarkers import read_until
from hubbub.engine.refusals import Refusal
from hubbub.engine.room_making import RoomAlike, RoomExists, RoomNameUnavailable
from hubbub.engine.room_requests import RequestMade
from hubbub.engine.rooms import RenameRoom, RoomDeleted, RoomRenamed
from hubbub.engine.state import Member, Room
from hubbub.engine.topics import SetTopic, TopicSet
from hubbub.wire import numerics
from hubbub.wire.capabilities import Capabilities
from hubbub.wire.message import Message

from .conversations import show_conversation
from .event_renderer import Bodies, EventRenderers, PersonalRenderers, trailing
from .markread import marker
from .metadata_sync import sync_joined
from .refusals import answer
from .targets import each_once, room_name
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession

PREFIXES: Final = {"q": "~", "a": "&", "o": "@", "h": "%", "v": "+"}
"""The prefixes of a member's modes before a nickname."""


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


def _render_join(event: MemberJoined | MemberAppeared, caps: Capabilities, server: str) -> Bodies:
    origin = event.origin
    join = f":{origin.mask} JOIN #{event.room_name}"
    if caps.extended_join:
        # extended-join: "If the user is not logged in, the account name is an asterisk"
        join += f" {origin.account or '*'} :{origin.realname}"
    lines = [join]
    if event.modes:
        lines.append(
            f":{server} MODE #{event.room_name} +{event.modes}" + f" {origin.nick}" * len(event.modes)
        )
    if origin.away is not None and caps.away_notify:
        # away-notify: sent "when a user joins and has an away message set"
        lines.append(f":{origin.mask} AWAY :{origin.away}")
    return lines


def _render_part(event: MemberLeft, caps: Capabilities, server: str) -> Bodies:
    return (f":{event.origin.mask} PART #{event.room_name}{trailing(event.reason)}",)


def _render_kick(event: MemberKicked, caps: Capabilities, server: str) -> Bodies:
    return (f":{event.by.mask} KICK #{event.room_name} {event.nick} :{event.reason or event.by.nick}",)


def _render_topic(event: TopicSet, caps: Capabilities, server: str) -> Bodies:
    return (f":{event.by.mask} TOPIC #{event.room_name} :{event.text}",)


def _render_rename(event: RoomRenamed, caps: Capabilities, server: str) -> Bodies:
    """channel-rename: "The server to client command MUST always include the third parameter"."""
    return (
        (f":{event.by.mask} RENAME #{event.room_name} #{event.new} :{event.reason}",) if caps.rename else ()
    )


def show_room(talk: "IrcSession", room: Room) -> None:
    """Let a session find itself in a room: JOIN, and what follows it."""
    show_conversation(talk, room)
    origin = talk.user.origin
    more = [origin.account or "*", origin.realname] if talk.caps.extended_join else []
    talk.send("JOIN", f"#{room.name}", *more, source=origin.mask)
    _show_inside(talk, room)


def _show_joined(talk: "IrcSession", event: MemberJoined) -> None:
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


def _show_deleted(talk: "IrcSession", event: RoomDeleted) -> None:
    talk.send("KICK", f"#{event.room_name}", talk.nick, "The room was deleted")


def _show_renamed(talk: "IrcSession", event: RoomRenamed) -> None:
    """channel-rename: the fallback "SHOULD NOT be used if the rename only changes the case of the channel name"."""
    if talk.caps.rename or fold(event.room_name) == event.new.key:
        return
    reason = event.reason or f"The room is now called #{event.new}"
    talk.send("PART", f"#{event.room_name}", reason, source=talk.user.origin.mask)
    show_room(talk, talk.host.state.rooms[event.room])


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
    "RENAME": Verb(
        rename,
        (
            "RENAME <room> <new name> [<reason>]",
            "Renames a room. For the room's operators.",
        ),
        2,
        specification="channel-rename",
    ),
}

EVENTS: Final[EventRenderers] = {
    MemberJoined: _render_join,
    MemberAppeared: _render_join,
    MemberLeft: _render_part,
    MemberKicked: _render_kick,
    TopicSet: _render_topic,
    RoomRenamed: _render_rename,
}

PERSONAL_EVENTS: Final[PersonalRenderers] = {
    MemberJoined: _show_joined,
    RoomDeleted: _show_deleted,
    RoomRenamed: _show_renamed,
}
