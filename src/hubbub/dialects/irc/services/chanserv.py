"""ChanServ: rooms, for people who are used to writing to it."""

from collections.abc import Callable
from typing import Final

from hubbub.engine.access_lists import GrantAccess, KeepRoom
from hubbub.engine.ids import time_of
from hubbub.engine.joining_and_inviting import Invite, Join
from hubbub.engine.membership import Kick
from hubbub.engine.modes import ChangeModes, ModeChange
from hubbub.engine.names import RoomName
from hubbub.engine.policy import RoomUnknown, may_know, may_see, must_operate
from hubbub.engine.refusals import NotSignedIn, Refusal
from hubbub.engine.room_making import may_make_room
from hubbub.engine.room_requests import Accept, Deny
from hubbub.engine.rooms import ConfigureRoom, RenameRoom
from hubbub.engine.state import Access, Actor, History, Room
from hubbub.engine.topics import SetTopic
from hubbub.wire.times import format_time

from .service import Line, Service, Word

_ACCESS: Final = {
    Access.OPEN: "open to everybody",
    Access.APPROVAL: "open by approval",
    Access.INVITATION: "open by invitation",
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
    """A room that there is not is made; one that a guest has made stays from now on."""
    name = _room_name(line)
    if name is None:
        return
    room = line.talk.host.state.room_named(name)
    if line.talk.user.account is None:
        line.answer(NotSignedIn())
    elif room is None or not may_know(room, _actor(line)):
        refusal = may_make_room(line.talk.host.state, _actor(line), name)
        if refusal:
            line.answer(refusal)
        else:
            line.ask(Join(name), f"The room {name} is now registered, and you are its founder.")
    elif room.kept:
        line.answer(f"The room {name} is already registered, like every room that an account creates.")
    else:
        line.ask(
            KeepRoom(name, True), f"The room {name} is now registered and permanent, and you are its founder."
        )


def _drop(line: Line) -> None:
    if name := _room_name(line):
        done = f"The room {name} is no longer registered. The server deletes it when it stays empty."
        line.ask(KeepRoom(name, False), done)


def _ranked(letter: str, adding: bool) -> Callable[[Line], None]:
    """The commands that give a member a rank, or take it."""

    def do(line: Line) -> None:
        nick = line.words[1] if len(line.words) > 1 else line.talk.nick
        if name := _room_name(line):
            how = "now" if adding else "no longer"
            done = f"{nick} is {how} {_RANK_WORDS[letter]} in the room {name}."
            line.ask(ChangeModes(name, (ModeChange(adding, letter, nick),)), done)

    return do


_RANK_WORDS: Final = {
    "q": "a founder",
    "a": "protected",
    "o": "an operator",
    "h": "a half-operator",
    "v": "voiced",
}
_LEVELS: Final = {"founder": "q", "protected": "a", "op": "o", "halfop": "h", "voice": "v"}


def _access(line: Line) -> None:
    """List the ranks of members, also while they are away, and those given on joining."""
    room, word = _room(line), line.words[1].upper() if len(line.words) > 1 else "LIST"
    if room is None:
        return
    name = line.words[2] if len(line.words) > 2 else ""
    level = _LEVELS.get(line.words[3].lower()) if len(line.words) > 3 else None
    if word == "LIST":
        _list_access(line, room)
    elif word == "ADD" and name and level:
        done = f"{name} is {_RANK_WORDS[level]} in the room {room.name}, now or on joining."
        line.ask(GrantAccess(room.name, name, level), done)
    elif word in ("DEL", "REMOVE") and name:
        done = f"{name} no longer has a rank in the room {room.name}."
        line.ask(GrantAccess(room.name, name, ""), done)
    else:
        line.answer(f"Write: /msg ChanServ {_ACCESS_USAGE}", f"The levels are {', '.join(_LEVELS)}.")


def _list_access(line: Line, room: Room) -> None:
    if not _looks_after(line, room):
        return
    state = line.talk.host.state
    ranked = room.admitted | {member.person: member.modes for member in room.members.values() if member.modes}
    levels = {letter: level for level, letter in _LEVELS.items()}
    listed = [
        f"{state.name_of(person)}: {', '.join(levels[letter] for letter in modes) or 'may join'}"
        + ("" if person in room.members else " (not in the room)")
        for person, modes in ranked.items()
        if person in state.accounts
    ]
    line.answer(*listed or [f"The access list of the room {room.name} is empty."])


def _actor(line: Line) -> Actor:
    user = line.talk.user
    return Actor(user.nick.text, user.role, user.origin, user)


def _looks_after(line: Line, room: Room) -> bool:
    refusal = must_operate(room, _actor(line))
    if refusal:
        line.answer(refusal)
    return refusal is None


def _transfer(line: Line) -> None:
    """The new founder is a member already, present or away; the old one stays an operator, before it gives up more."""
    if name := _room_name(line):
        new, old = line.words[1], line.talk.nick
        changes = (ModeChange(True, "q", new), ModeChange(True, "o", old), ModeChange(False, "q", old))
        line.ask(ChangeModes(name, changes), f"{new} is now the founder of the room {name}.")


def _kick(line: Line) -> None:
    if name := _room_name(line):
        done = f"{line.words[1]} was kicked from the room {name}."
        line.ask(Kick(name, line.words[1], line.after(2)), done)


def _ban(line: Line) -> None:
    _banned(line, adding=True, done="{} is banned from the room {}.")


def _unban(line: Line) -> None:
    _banned(line, adding=False, done="{} is no longer banned from the room {}.")


def _banned(line: Line, adding: bool, done: str) -> None:
    """The mask for a nickname: its user's account, if they have one."""
    name, whom = _room_name(line), line.words[1]
    if name is None:
        return
    user = line.talk.host.state.user_named(whom)
    mask = whom if set(whom) & set("!@*~") else f"{whom}!*@*"
    if user and user.origin.account:
        mask = f"~account:{user.origin.account}"
    line.ask(ChangeModes(name, (ModeChange(adding, "b", mask),)), done.format(whom, name))


def _invite(line: Line) -> None:
    if name := _room_name(line):
        line.ask(Invite(name, line.words[1]), f"{line.words[1]} is invited to the room {name}.")


def _topic(line: Line) -> None:
    if name := _room_name(line):
        line.ask(SetTopic(name, line.after(1)), f"The topic of the room {name} was changed.")


def _rename(line: Line) -> None:
    name = _room_name(line)
    new = RoomName.parse(line.words[1])
    if name and isinstance(new, Refusal):
        line.answer(new)
    elif name and not isinstance(new, Refusal):
        line.ask(RenameRoom(name, new, line.after(2)), f"The room is now called {new}.")


def _set(line: Line) -> None:
    """Set a room's access, its members' view of the history, and whether it is listed."""
    name, option, value = _room_name(line), line.words[1].upper(), line.after(2).lower()
    if name is None:
        return
    settings = {
        "ACCESS": {access.value: ConfigureRoom(name, access=access) for access in Access},
        "HISTORY": {history.value: ConfigureRoom(name, history=history) for history in History},
        "SECRET": {"on": ConfigureRoom(name, secret=True), "off": ConfigureRoom(name, secret=False)},
    }
    if command := settings.get(option, {}).get(value):
        line.ask(command, f"{option} of the room {name} is now {value}.")
    elif option in settings:
        line.answer(f"Write: /msg ChanServ SET {name} {option} <{' | '.join(settings[option])}>")
    else:
        line.answer(f"Write: /msg ChanServ SET {name} <{' | '.join(settings)}> <value>")


def _accept(line: Line) -> None:
    if name := _room_name(line):
        line.ask(Accept(name, line.words[1]), f"{line.words[1]} is now a member of the room {name}.")


def _deny(line: Line) -> None:
    if name := _room_name(line):
        done = f"The request of {line.words[1]} to join the room {name} is denied."
        line.ask(Deny(name, line.words[1], line.after(2)), done)


def _requests(line: Line) -> None:
    room = _room(line)
    if room is None:
        return
    if not _looks_after(line, room):
        return
    waiting = [f"{each.name}, since {format_time(each.at)} {each.wish}" for each in room.requests.values()]
    line.answer(*waiting or [f"The room {room.name} has no requests."])


def _info(line: Line) -> None:
    if room := _room(line):
        secret = ", and secret" if room.secret else ""
        count = len(room.members)
        name_of = line.talk.host.state.name_of
        founders = [name_of(member.person) for member in room.members.values() if "q" in member.modes]
        line.answer(
            f"The room {room.name} was created {format_time(time_of(room.id))}.",
            f"It is {_ACCESS[room.access]}{secret}. It has {count} member{'' if count == 1 else 's'}.",
            *([f"Its founder is {', '.join(founders)}."] if founders else []),
            *([] if room.kept else ["A guest created it. The server deletes it when it stays empty."]),
        )


_ABOUT: Final = (
    "I manage rooms. Every room that an account creates is registered and permanent; the creator is its founder.",
    "The IRC commands MODE, KICK, INVITE and TOPIC do the same.",
)

_ACCESS_USAGE: Final = "ACCESS <#room> LIST | ADD <account> <level> | DEL <account>"

CHANSERV: Final = Service(
    "ChanServ",
    _ABOUT,
    (
        Word(
            "REGISTER <#room>",
            "Create a permanent room, or make a room that you created as a guest permanent.",
            _register,
            1,
            1,
        ),
        Word(
            "DROP <#room>",
            "Unregister a room of yours. The server deletes it when it stays empty.",
            _drop,
            1,
            1,
        ),
        Word("INFO <#room>", "Show information about a room.", _info, 1, 1),
        Word(_ACCESS_USAGE, "List or change who has which rank in a room.", _access, 1, 4),
        Word("TRANSFER <#room> <name>", "Give a room of yours to another member.", _transfer, 2, 2),
        Word("OP <#room> [nick]", "Make somebody in the room an operator.", _ranked("o", True), 1, 2),
        Word("DEOP <#room> [nick]", "Remove somebody as an operator.", _ranked("o", False), 1, 2),
        Word("HALFOP <#room> [nick]", "Make somebody in the room a half-operator.", _ranked("h", True), 1, 2),
        Word("DEHALFOP <#room> [nick]", "Remove somebody as a half-operator.", _ranked("h", False), 1, 2),
        Word(
            "VOICE <#room> [nick]",
            "Give somebody a voice, to speak while the room is moderated.",
            _ranked("v", True),
            1,
            2,
        ),
        Word("DEVOICE <#room> [nick]", "Remove somebody's voice.", _ranked("v", False), 1, 2),
        Word("KICK <#room> <nick> [reason]", "Kick somebody from the room.", _kick, 2),
        Word("BAN <#room> <nick or mask>", "Ban somebody from the room.", _ban, 2, 2),
        Word("UNBAN <#room> <nick or mask>", "Lift a ban.", _unban, 2, 2),
        Word("INVITE <#room> <nick>", "Invite somebody, and notify them.", _invite, 2, 2),
        Word("TOPIC <#room> [text]", "Set or clear the topic.", _topic, 1),
        Word("RENAME <#room> <#new> [reason]", "Rename the room.", _rename, 2),
        Word("SET <#room> <option> <value>", "Set ACCESS, HISTORY or SECRET of a room.", _set, 2),
        Word("REQUESTS <#room>", "List the requests to join.", _requests, 1, 1),
        Word("ACCEPT <#room> <name>", "Accept a request to join.", _accept, 2, 2),
        Word("DENY <#room> <name> [reason]", "Deny a request to join.", _deny, 2),
    ),
)
