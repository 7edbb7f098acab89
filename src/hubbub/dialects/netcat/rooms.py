"""Netcat's commands about rooms: coming and going, who is there, and looking after them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from hubbub.engine.conversations import Converse, among
from hubbub.engine.joining_and_inviting import Invite, Join, RoomSpelled, found_elsewhere
from hubbub.engine.membership import Kick, Leave
from hubbub.engine.modes import ChangeModes, ModeChange
from hubbub.engine.names import RoomName
from hubbub.engine.policy import OPERATOR, RANKS, known_room, may_list, may_see, rank, rank_in
from hubbub.engine.refusals import Refusal
from hubbub.engine.room_making import may_make_room
from hubbub.engine.room_requests import Accept, Deny, RequestMade
from hubbub.engine.state import Actor, Room
from hubbub.engine.topics import SetTopic
from hubbub.spelling import meant

from .registration import NOWHERE

if TYPE_CHECKING:
    from .session import NetcatSession

NAMES_MAX: Final = 50
"""The most names in one line."""


def join(talk: "NetcatSession", rest: str) -> None:
    """A name that no room has may be mistyped: nothing is made of it before it is said again, or with `/make`."""
    name, _, key = rest.partition(" ")
    wanted = _room_name(talk, name, "/join ROOM")
    if wanted is None:
        return
    doubted, talk.doubted_room = talk.doubted_room, ""
    if wanted.key == doubted or not _would_be_made(talk, wanted):
        _enter(talk, wanted, key)
        return
    talk.doubted_room = wanted.key
    known = {room.name.key: room.name for room in talk.host.state.rooms.values() if may_list(room, talk.user)}
    near = meant(wanted.key, known)
    guess = f" Did you mean {known[near]}?" if near else ""
    talk.say(f"There is no room {wanted}.{guess} To create it, write /make {wanted} or repeat the command.")


def make(talk: "NetcatSession", rest: str) -> None:
    """For those who mean what they write."""
    name, _, key = rest.partition(" ")
    wanted = _room_name(talk, name, "/make ROOM")
    if wanted is not None:
        _enter(talk, wanted, key)


def _would_be_made(talk: "NetcatSession", name: RoomName) -> bool:
    """Whether joining would make a room, as far as the asker may know; a room that has moved or is spelled in another
    way is found by joining, and so is why none may be made.
    """
    state, user = talk.host.state, talk.user
    actor = Actor(user.nick.text, user.role, user.origin, user)
    return (
        known_room(state, actor, name) is None
        and found_elsewhere(state, actor, name) is None
        and may_make_room(state, actor, name) is None
    )


def _enter(talk: "NetcatSession", wanted: RoomName, key: str) -> None:
    result = talk.asked(Join(wanted, key.strip() or None))
    if isinstance(result, RoomSpelled):
        wanted = RoomName.known(result.right)
        result = talk.asked(Join(wanted, key.strip() or None))
    if isinstance(result, Refusal):
        talk.say(str(result))
        return
    room = talk.host.state.room_named(wanted)
    assert room is not None, "who may come in comes into a room that is there"
    if any(isinstance(event, RequestMade) for event in result):
        talk.say(
            f"The room {room.name} requires approval. Its operators have your request; you are "
            "notified when they decide."
        )
        return
    talk.stand_in(room)
    talk.say(f"You are in the room {room.name}.")
    if room.topic:
        talk.say(f"Topic: {room.topic.text}")


def _room_name(talk: "NetcatSession", text: str, usage: str) -> RoomName | None:
    if not text:
        talk.say(f"Write {usage}.")
        return None
    name = RoomName.parse(text)
    if isinstance(name, Refusal):
        talk.say(str(name))
        return None
    return name


def _own_room(talk: "NetcatSession", text: str, usage: str) -> Room | None:
    """The room that is named, or the one that one stands in; None once it is said why there is none."""
    if not text and talk.room:
        return talk.room
    name = _room_name(talk, text, usage)
    room = talk.host.state.room_named(name) if name else None
    if name and (room is None or not may_see(room, talk.user)):
        talk.say(f"There is no room {name}. To list the rooms, write /rooms.")
        return None
    return room


def leave(talk: "NetcatSession", rest: str) -> None:
    room = _own_room(talk, rest, "/leave ROOM")
    if room is None or talk.ask(Leave(room.name)) is None:
        return
    if talk.view.here.room == room.id:
        talk.stand_in(next(iter(talk.user.rooms.values()), None))
    here = f"You are now in the room {talk.room.name}." if talk.room else "You are not in a room."
    talk.say(f"You left {room.name}. {here}")


def show_rooms(talk: "NetcatSession", rest: str) -> None:
    state, user = talk.host.state, talk.user
    lines = ["Rooms:"]
    for room in sorted(state.rooms.values(), key=lambda room: room.name.key):
        if may_list(room, user):
            marks = [] if room.access.value == "open" else [f"by {room.access.value}"]
            marks += ["joined"] if user.person in room.members else []
            there = sum(1 for _ in state.present(room))
            topic = f"  {room.topic.text}" if room.topic else ""
            lines.append(f"  {room.name} ({', '.join([f'{there} online', *marks])}){topic}")
    talk.say("\n".join(lines))


def show_users(talk: "NetcatSession", rest: str) -> None:
    room = _own_room(talk, rest, "/users ROOM")
    if room is None:
        return
    state = talk.host.state
    lines = [f"In {room.name}:"]
    named = [(-rank(member.modes), state.name_of(member.person), member) for member in room.members.values()]
    for _, name, member in sorted(named, key=lambda each: (each[0], each[1].lower())):
        user = state.users.get(member.person)
        marks = [_RANK_WORDS[member.modes[0]]] if member.modes else []
        if user is None:
            marks.append("offline")
        elif user.origin.away is not None:
            marks.append(f"away: {user.origin.away}")
        lines.append(f"  {name}{_in_brackets(marks)}")
    talk.say("\n".join(lines))


def _in_brackets(marks: list[str]) -> str:
    return f" ({', '.join(marks)})" if marks else ""


_RANK_WORDS: Final = dict(
    zip(RANKS, ("founder", "protected", "operator", "half-operator", "voice"), strict=True)
)


def show_topic(talk: "NetcatSession", rest: str) -> None:
    room = talk.room
    if room is None:
        talk.say(NOWHERE)
    elif rest:
        talk.ask(SetTopic(room.name, rest))
    elif room.topic:
        talk.say(f"The topic of {room.name}: {room.topic.text}")
    else:
        talk.say(f"{room.name} has no topic. To set one, write: /topic TEXT")


def invite(talk: "NetcatSession", rest: str) -> None:
    if talk.room is None or not rest:
        talk.say("Join the room first, then write /invite NAME.")
    else:
        talk.ask(Invite(talk.room.name, rest))


def converse(talk: "NetcatSession", rest: str) -> None:
    """Open the conversation with these people and stand in it; without names, list one's own."""
    names = tuple(rest.replace(",", " ").split())[:NAMES_MAX]
    if not names:
        _show_conversations(talk)
        return
    state, account = talk.host.state, talk.user.account
    if talk.ask(Converse(names)) is None or account is None:
        return
    if room := among(account, (account.id, *(state.person_named(name) or 0 for name in names))):
        talk.stand_in(room)
        talk.say(f"You are in the conversation {room.name}: {_people(talk, room)}.")


def _show_conversations(talk: "NetcatSession") -> None:
    found = [room for room in talk.user.rooms.values() if room.conversation]
    lines = [f"  {room.name}: {_people(talk, room)}" for room in found]
    if lines:
        talk.say("\n".join(["Conversations:", *lines, "To go to one, write: /join NAME"]))
    else:
        talk.say("You are in no conversation. To begin one, write /converse NAME,NAME.")


def _people(talk: "NetcatSession", room: Room) -> str:
    return ", ".join(sorted(map(talk.host.state.name_of, room.members), key=str.lower))


def kick(talk: "NetcatSession", rest: str) -> None:
    name, _, reason = rest.partition(" ")
    if talk.room is None or not name:
        talk.say("Join the room first, then write /kick NAME REASON.")
    else:
        talk.ask(Kick(talk.room.name, name, reason.strip()))


def set_operator(adding: bool) -> Callable[["NetcatSession", str], None]:
    def change(talk: "NetcatSession", rest: str) -> None:
        if talk.room is None or not rest:
            talk.say(f"Join the room first, then write /{'op' if adding else 'deop'} NAME.")
        else:
            talk.ask(ChangeModes(talk.room.name, (ModeChange(adding, "o", rest),)))

    return change


def show_requests(talk: "NetcatSession", rest: str) -> None:
    user = talk.user
    actor = Actor(user.nick.text, user.role, user.origin, user)
    lines = [
        f"  {request.name} asks to join {room.name}{f': {request.wish}' if request.wish else ''}"
        for room in talk.host.state.rooms.values()
        if rank_in(room, actor) >= OPERATOR
        for request in room.requests.values()
    ]
    talk.say("\n".join(["Requests:", *lines]) if lines else "There are no requests.")


def _answer(talk: "NetcatSession", rest: str, accepted: bool) -> None:
    word = "accept" if accepted else "deny"
    name, _, room = rest.partition(" ")
    if not name:
        talk.say(f"Write /{word} NAME ROOM.")
        return
    found = _own_room(talk, room.strip(), f"/{word} NAME ROOM")
    if found is None:
        return
    command = Accept(found.name, name) if accepted else Deny(found.name, name)
    if talk.ask(command) is not None:
        talk.say(
            f"{name} is now a member of the room {found.name}."
            if accepted
            else f"The request is denied, and {name} is notified."
        )


def accept(talk: "NetcatSession", rest: str) -> None:
    _answer(talk, rest, accepted=True)


def deny(talk: "NetcatSession", rest: str) -> None:
    _answer(talk, rest, accepted=False)
