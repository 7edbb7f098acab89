"""ChanServ: rooms, for people who are used to writing to it."""

from typing import Final

from hubbub.engine.ids import time_of
from hubbub.engine.modes import ChangeModes, ModeChange
from hubbub.engine.names import RoomName
from hubbub.engine.policy import may_see, must_operate
from hubbub.engine.refusals import Refusal, RoomUnknown
from hubbub.engine.requests import Accept, Deny
from hubbub.engine.state import Access, Actor, Room
from hubbub.wire.times import format_time

from .service import Line, Service, Word

_ACCESS: Final = {
    Access.OPEN: "open to everybody",
    Access.APPROVAL: "open to those whose request is accepted",
    Access.INVITATION: "open to those who are invited",
}


def _room_name(line: Line) -> RoomName | None:
    name = RoomName.parse(line.words[0])
    if isinstance(name, Refusal):
        line.answer(name)
        return None
    return name


def _room(line: Line) -> Room | None:
    """The room, if it is there and may be known of; else that is answered."""
    name = _room_name(line)
    room = line.talk.host.state.room_named(name) if name else None
    if room and may_see(room, line.talk.user):
        return room
    if name:
        line.answer(RoomUnknown(name.text))
    return None


def _register(line: Line) -> None:
    name = _room_name(line)
    room = line.talk.host.state.room_named(name) if name else None
    if name is None:
        return
    if room is None or not may_see(room, line.talk.user):
        line.answer(f"Rooms are registered by being made. Log in to your account, then write: /join #{name}")
    elif room.kept:
        line.answer(f"The room {name} is registered already, as is every room that an account makes.")
    else:
        line.answer(
            f"A guest has made the room {name}: it goes with the last who leaves it. "
            "A room that an account makes stays."
        )


def _op(line: Line) -> None:
    _operator(line, adding=True, done="{} is an operator of the room {} now.")


def _deop(line: Line) -> None:
    _operator(line, adding=False, done="{} is no operator of the room {} any more.")


def _operator(line: Line, adding: bool, done: str) -> None:
    nick = line.words[1] if len(line.words) > 1 else line.talk.nick
    if name := _room_name(line):
        line.ask(ChangeModes(name, (ModeChange(adding, "o", nick),)), done.format(nick, name))


def _accept(line: Line) -> None:
    if name := _room_name(line):
        line.ask(Accept(name, line.words[1]), f"{line.words[1]} is in the room {name} now.")


def _deny(line: Line) -> None:
    if name := _room_name(line):
        done = f"The request of {line.words[1]} for the room {name} is denied."
        line.ask(Deny(name, line.words[1], line.after(2)), done)


def _requests(line: Line) -> None:
    room = _room(line)
    if room is None:
        return
    user = line.talk.user
    if refusal := must_operate(room, Actor(user.nick.text, user.role, user.origin, user)):
        line.answer(refusal)
        return
    waiting = [f"{each.name}, since {format_time(each.at)} {each.wish}" for each in room.requests.values()]
    line.answer(*waiting or [f"Nobody asks for the room {room.name}."])


def _info(line: Line) -> None:
    if room := _room(line):
        secret = ", and secret" if room.secret else ""
        count = len(room.members)
        founders = [member.name for member in room.members.values() if "q" in member.modes]
        line.answer(
            f"The room {room.name} was made {format_time(time_of(room.id))}.",
            f"It is {_ACCESS[room.access]}{secret}. It has {count} member{'' if count == 1 else 's'}.",
            *([f"Its founder is {', '.join(founders)}."] if founders else []),
            *([] if room.kept else ["A guest has made it: it goes with the last who leaves it."]),
        )


_ABOUT: Final = (
    "I look after rooms. Every room that an account makes is registered, and stays; who makes it is its founder.",
    "All that I do, the commands of IRC do as well: MODE, KICK, INVITE, TOPIC.",
)

CHANSERV: Final = Service(
    "ChanServ",
    _ABOUT,
    (
        Word("REGISTER <#room>", "Say how a room is registered.", _register, 1, 1),
        Word("INFO <#room>", "Say what there is to know of a room.", _info, 1, 1),
        Word("OP <#room> [nick]", "Make somebody in the room an operator.", _op, 1, 2),
        Word("DEOP <#room> [nick]", "Take that back.", _deop, 1, 2),
        Word("REQUESTS <#room>", "List who asks to be let in.", _requests, 1, 1),
        Word("ACCEPT <#room> <name>", "Let in somebody who has asked.", _accept, 2, 2),
        Word("DENY <#room> <name> [reason]", "Deny somebody's request.", _deny, 2),
    ),
)
