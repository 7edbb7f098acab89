"""Commands about rooms: listed, added, deleted, renamed, set, and who is in them."""

from collections.abc import Iterator
from typing import Final

from hubbub.engine.event import SERVER
from hubbub.engine.ids import time_of
from hubbub.engine.joining_and_inviting import Invite
from hubbub.engine.lookalikes import Looks
from hubbub.engine.modes import ChangeModes, ModeChange
from hubbub.engine.names import RoomName
from hubbub.engine.policy import RANKS, RoomUnknown
from hubbub.engine.refusals import Refusal
from hubbub.engine.room_making import RoomAlike, may_name_room
from hubbub.engine.rooms import ConfigureRoom, CreateRoom, DeleteRoom, RenameRoom
from hubbub.engine.state import Access, Actor, History, Member, Role, Room, State

from .answers import Result, Rows, done, listed, refused, said
from .argument_types import NEW_ROOM, NEW_ROOMS, PERSON, ROOM, SETTING
from .command import Command, Parameter
from .context import AdminContext
from .room_visibility import rooms_seen
from .text_columns import counted
from .times import moment

_RANK_WORDS: Final = dict(
    zip(RANKS, ("founder", "protected", "operator", "half-operator", "voice"), strict=True)
)


def rooms(desk: AdminContext) -> Result:
    found = sorted(rooms_seen(desk.state.rooms.values(), desk.role), key=lambda room: room.name.key)
    if not found:
        return said("There are no rooms.")
    heads = ("room", "access", "listed", "history", "members", "online", "requests")
    rows = Rows(found, lambda room: _room(desk.state, room))
    return listed(heads, rows, f"{counted(len(found), 'room')}.")


def _room(state: State, room: Room) -> tuple[str, ...]:
    online = sum(1 for _ in state.present(room))
    return (
        room.name.text,
        room.access.value,
        "no" if room.secret else "yes",
        room.history.value,
        str(len(room.members)),
        str(online),
        str(len(room.requests)),
    )


def members(desk: AdminContext, name: RoomName) -> Result:
    room = desk.state.room_named(name)
    if room is None or room not in rooms_seen([room], desk.role):
        return refused(RoomUnknown(name.text))
    if not room.members:
        return said(f"Nobody is in the room {room.name}.")
    found = sorted(room.members.values(), key=lambda member: desk.state.name_of(member.person).lower())
    rows = Rows(found, lambda member: _member(desk.state, member))
    return listed(("name", "is", "online", "since (UTC)"), rows, f"{counted(len(rows), 'member')}.")


def _member(state: State, member: Member) -> tuple[str, ...]:
    highest = _RANK_WORDS[member.modes[0]] if member.modes else "member"
    return (
        state.name_of(member.person),
        highest,
        "yes" if member.person in state.users else "no",
        moment(time_of(member.since)),
    )


def add_rooms(desk: AdminContext, names: tuple[RoomName, ...]) -> Result:
    """All of them, or none if one of them can't be."""
    if wrong := list(_clashes(desk.state, names)):
        return refused(*wrong)
    answers = [desk.ask(CreateRoom(name)) for name in names]
    if wrong := [answer for answer in answers if isinstance(answer, Refusal)]:
        return refused(*wrong)
    return said(*(f"The room {name} was created and is open." for name in names))


def _clashes(state: State, names: tuple[RoomName, ...]) -> Iterator[Refusal]:
    """The names that cannot be made, also because they clash with another one of the list."""
    console, new = Actor("", Role.ADMIN, SERVER), Looks()
    for number, name in enumerate(names):
        alike = new.like(name.text)
        if refusal := may_name_room(state, console, name.tidy()):
            yield refusal
        elif alike:
            yield RoomAlike(name.text, names[alike[0]].text)
        new.enter(name.text, number)


def delete_room(desk: AdminContext, name: RoomName) -> Result:
    return done(desk, DeleteRoom(name), f"The room {_written(desk, name)} was deleted with its history.")


def rename_room(desk: AdminContext, name: RoomName, new: RoomName) -> Result:
    return done(desk, RenameRoom(name, new), f"The room {_written(desk, name)} is now called {new}.")


def set_room(desk: AdminContext, name: RoomName, setting: tuple[str, Access | History | bool]) -> Result:
    match setting[1]:
        case Access() as access:
            command, what = ConfigureRoom(name, access=access), f"now has the access {access.value}"
        case History() as history:
            command, what = (
                ConfigureRoom(name, history=history),
                f"now shows its members the history: {history.value}",
            )
        case secret:
            command, what = (
                ConfigureRoom(name, secret=secret),
                f"is {'no longer' if secret else 'now'} listed",
            )
    return done(desk, command, f"The room {_written(desk, name)} {what}.")


def invite(desk: AdminContext, person: str, name: RoomName) -> Result:
    return done(desk, Invite(name, person), f"{person} is invited to the room {_written(desk, name)}.")


def op(desk: AdminContext, person: str, name: RoomName) -> Result:
    return _operator(desk, person, name, makes=True)


def deop(desk: AdminContext, person: str, name: RoomName) -> Result:
    return _operator(desk, person, name, makes=False)


_OPERATOR_WORDS: Final = {
    (True, True): "now",
    (True, False): "already",
    (False, True): "no longer",
    (False, False): "not",
}
"""Whether an operator is made or unmade, and whether that has changed something."""


def _operator(desk: AdminContext, person: str, name: RoomName, *, makes: bool) -> Result:
    answer = desk.ask(ChangeModes(name, (ModeChange(makes, "o", person),)))
    if isinstance(answer, Refusal):
        return refused(answer)
    how = _OPERATOR_WORDS[makes, bool(answer)]
    return said(f"{person} is {how} an operator of the room {_written(desk, name)}.")


def _written(desk: AdminContext, name: RoomName) -> str:
    """The name as the room writes it."""
    room = desk.state.room_named(name)
    return room.name.text if room else name.text


_NAME: Final = Parameter("username", PERSON)
_ROOM: Final = Parameter("room", ROOM)

COMMANDS: Final = (
    Command(("rooms",), (), "List the rooms.", "rooms", rooms, Role.MODERATOR, changes=False),
    Command(
        ("members",),
        (_ROOM,),
        "List the members of a room.",
        "members Marketing",
        members,
        Role.MODERATOR,
        changes=False,
    ),
    Command(
        ("add", "room"),
        (Parameter("room1,room2,...", NEW_ROOMS),),
        "Create one or more open rooms, all or none.",
        "add room Sales,Archives",
        add_rooms,
    ),
    Command(
        ("delete", "room"),
        (_ROOM,),
        "Delete a room and its history.",
        "delete room Sales",
        delete_room,
    ),
    Command(
        ("rename", "room"),
        (_ROOM, Parameter("new name", NEW_ROOM)),
        "Rename a room.",
        "rename room Sales Shop",
        rename_room,
    ),
    Command(
        ("set", "room"),
        (_ROOM, Parameter("setting", SETTING)),
        "Set a room's access (open, approval or invitation), whether it is listed (yes or no), or the history"
        " that its members can read (all, since joining or none).",
        "set room Sales access approval",
        set_room,
    ),
    Command(
        ("invite",),
        (_NAME, _ROOM),
        "Invite somebody to a room. A person with an account can join it from then on.",
        "invite ann Marketing",
        invite,
    ),
    Command(("op",), (_NAME, _ROOM), "Make a member an operator of a room.", "op ann Marketing", op),
    Command(
        ("deop",),
        (_NAME, _ROOM),
        "Remove somebody as an operator of a room.",
        "deop ann Marketing",
        deop,
    ),
)
