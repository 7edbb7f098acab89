"""The words that are commands, each with its help; whatever is not one of them is a message."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hubbub.dialects.host import Administer, ChangePassword
from hubbub.engine.away import SetAway
from hubbub.engine.joining import Invite, Join
from hubbub.engine.membership import Kick, Leave
from hubbub.engine.modes import ChangeModes, ModeChange
from hubbub.engine.names import RoomName
from hubbub.engine.nicks import ChangeNick
from hubbub.engine.policy import OPERATOR, RANKS, may_see, rank, rank_in
from hubbub.engine.refusals import Refusal
from hubbub.engine.requests import Accept, Deny, RequestMade
from hubbub.engine.state import Actor, Role, Room
from hubbub.engine.topics import SetTopic

from .arrival import NOWHERE, first_word, sign_in
from .history import show_found, show_recent
from .sentences import LEFT

if TYPE_CHECKING:
    from .talk import NetcatTalk

HISTORY_LINES: Final = 20


@dataclass(frozen=True, slots=True)
class Word:
    """A command: what does it, how it is written, and what it does."""

    handle: Callable[["NetcatTalk", str], None]
    usage: str
    help: str
    takes_rest: bool = True
    role: Role = Role.MEMBER


def _exit(talk: "NetcatTalk", rest: str) -> None:
    talk.host.leave(LEFT)


def _list(talk: "NetcatTalk", rest: str) -> None:
    names = sorted((user.nick.text for user in talk.host.state.users.values()), key=str.lower)
    talk.say("\n".join([f"Connected ({len(names)}):", *(f"  {name}" for name in names)]))


def _help(talk: "NetcatTalk", rest: str) -> None:
    word = WORDS.get(rest.lstrip("/").lower()) or SHORT_WORDS.get(rest.lower())
    if rest and word:
        talk.say(f"{word.usage}\n  {word.help}")
        return
    shown = [word for word in (*SHORT_WORDS.values(), *WORDS.values()) if word.role <= talk.user.role]
    lines = {word.usage: word.help for word in shown}
    width = max(map(len, lines))
    talk.say(
        "\n".join(
            [
                "Whatever you type is a message to the room, except:",
                *(f"  {usage:{width}}  {text}" for usage, text in lines.items()),
            ]
        )
    )


def _whisper(talk: "NetcatTalk", rest: str) -> None:
    talk.whisper(*first_word(rest))


def _join(talk: "NetcatTalk", rest: str) -> None:
    name, _, key = rest.partition(" ")
    wanted = _room_name(talk, name, "/join ROOM")
    if wanted is None:
        return
    events = talk.ask(Join(wanted, key.strip() or None))
    if events is None:
        return
    room = talk.host.state.room_named(wanted)
    assert room is not None, "who may come in comes into a room that is there"
    if any(isinstance(event, RequestMade) for event in events):
        talk.say(f"The room {room.name} takes approval. Your request is made; you will be told the answer.")
        return
    talk.stand_in(room)
    talk.say(f"You are in the room {room.name}.")
    if room.topic:
        talk.say(f"Its topic: {room.topic.text}")


def _room_name(talk: "NetcatTalk", text: str, usage: str) -> RoomName | None:
    if not text:
        talk.say(f"Write {usage}.")
        return None
    name = RoomName.parse(text)
    if isinstance(name, Refusal):
        talk.say(str(name))
        return None
    return name


def _own_room(talk: "NetcatTalk", text: str, usage: str) -> Room | None:
    """The room that is named, or the one that one stands in; None once it is said why there is none."""
    if not text and talk.room:
        return talk.room
    name = _room_name(talk, text, usage)
    room = talk.host.state.room_named(name) if name else None
    if name and (room is None or not may_see(room, talk.user)):
        talk.say(f"There is no room {name}. See which there are: /rooms")
        return None
    return room


def _leave(talk: "NetcatTalk", rest: str) -> None:
    room = _own_room(talk, rest, "/leave ROOM")
    if room is None or talk.ask(Leave(room.name)) is None:
        return
    if talk.view.here.room == room.id:
        talk.stand_in(next(iter(talk.user.rooms.values()), None))
    here = f"You are in the room {talk.room.name} now." if talk.room else "You are in no room now."
    talk.say(f"You have left {room.name}. {here}")


def _rooms(talk: "NetcatTalk", rest: str) -> None:
    state, user = talk.host.state, talk.user
    lines = ["Rooms:"]
    for room in sorted(state.rooms.values(), key=lambda room: room.name.key):
        if may_see(room, user):
            marks = [] if room.access.value == "open" else [f"by {room.access.value}"]
            marks += ["you are in it"] if user.person in room.members else []
            there = sum(1 for _ in state.present(room))
            topic = f"  {room.topic.text}" if room.topic else ""
            lines.append(f"  {room.name} ({', '.join([f'{there} here', *marks])}){topic}")
    talk.say("\n".join(lines))


def _users(talk: "NetcatTalk", rest: str) -> None:
    room = _own_room(talk, rest, "/users ROOM")
    if room is None:
        return
    lines = [f"In {room.name}:"]
    for member in sorted(
        room.members.values(), key=lambda member: (-rank(member.modes), member.name.lower())
    ):
        user = talk.host.state.users.get(member.person)
        marks = [_RANK_WORDS[member.modes[0]]] if member.modes else []
        if user is None:
            marks.append("not here")
        elif user.origin.away is not None:
            marks.append(f"away: {user.origin.away}")
        lines.append(f"  {member.name}{_in_brackets(marks)}")
    talk.say("\n".join(lines))


def _in_brackets(marks: list[str]) -> str:
    return f" ({', '.join(marks)})" if marks else ""


_RANK_WORDS: Final = dict(
    zip(RANKS, ("founder", "protected", "operator", "half-operator", "voice"), strict=True)
)


def _history(talk: "NetcatTalk", rest: str) -> None:
    room, most = talk.room, talk.host.facts.history_limit
    is_number = rest.isascii() and rest.isdigit() and len(rest) <= len(str(most))
    number = int(rest) if is_number else 0 if rest else min(HISTORY_LINES, most)
    if room is None:
        talk.say(NOWHERE)
    elif not 0 < number <= most:
        talk.say(f"Write /history, or /history and a number from 1 to {most}.")
    else:
        show_recent(talk, room, number, empty="There is nothing to read here yet.")


def _search(talk: "NetcatTalk", rest: str) -> None:
    if rest:
        show_found(talk, rest)
    else:
        talk.say("Write /search and the words to look for; words in double quotes stand together.")


def _topic(talk: "NetcatTalk", rest: str) -> None:
    room = talk.room
    if room is None:
        talk.say(NOWHERE)
    elif rest:
        talk.ask(SetTopic(room.name, rest))
    elif room.topic:
        talk.say(f"The topic of {room.name}: {room.topic.text}")
    else:
        talk.say(f"{room.name} has no topic. Set one: /topic TEXT")


def _me(talk: "NetcatTalk", rest: str) -> None:
    if rest:
        talk.message(f"\x01ACTION {rest}\x01")
    else:
        talk.say("Write /me and what you do.")


def _nick(talk: "NetcatTalk", rest: str) -> None:
    if not rest:
        talk.say("Write /nick NAME.")
    else:
        talk.ask(ChangeNick(rest))


def _away(talk: "NetcatTalk", rest: str) -> None:
    if talk.ask(SetAway(rest or "away")) is not None:
        talk.say("You are away now. Say that you are here again: /back")


def _back(talk: "NetcatTalk", rest: str) -> None:
    if talk.ask(SetAway()) is not None:
        talk.say("You are here again.")


def _invite(talk: "NetcatTalk", rest: str) -> None:
    if talk.room is None or not rest:
        talk.say("Write /invite NAME while you are in the room.")
    else:
        talk.ask(Invite(talk.room.name, rest))


def _kick(talk: "NetcatTalk", rest: str) -> None:
    name, _, reason = rest.partition(" ")
    if talk.room is None or not name:
        talk.say("Write /kick NAME REASON while you are in the room.")
    else:
        talk.ask(Kick(talk.room.name, name, reason.strip()))


def _operator(adding: bool) -> Callable[["NetcatTalk", str], None]:
    def change(talk: "NetcatTalk", rest: str) -> None:
        if talk.room is None or not rest:
            talk.say(f"Write /{'op' if adding else 'deop'} NAME while you are in the room.")
        else:
            talk.ask(ChangeModes(talk.room.name, (ModeChange(adding, "o", rest),)))

    return change


def _requests(talk: "NetcatTalk", rest: str) -> None:
    user = talk.user
    actor = Actor(user.nick.text, user.role, user.origin, user)
    lines = [
        f"  {request.name} asks for {room.name}{f': {request.wish}' if request.wish else ''}"
        for room in talk.host.state.rooms.values()
        if rank_in(room, actor) >= OPERATOR
        for request in room.requests.values()
    ]
    talk.say("\n".join(["Requests:", *lines]) if lines else "Nobody waits for your answer.")


def _answer(talk: "NetcatTalk", rest: str, accepted: bool) -> None:
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
            f"{name} is in the room {found.name} now." if accepted else f"{name} is told that it is denied."
        )


def _accept(talk: "NetcatTalk", rest: str) -> None:
    _answer(talk, rest, accepted=True)


def _deny(talk: "NetcatTalk", rest: str) -> None:
    _answer(talk, rest, accepted=False)


def _password(talk: "NetcatTalk", rest: str) -> None:
    if not rest or not talk.host.private:
        talk.say("Write /password NEW, over a connection that nobody can overhear.")
        return

    def then(refusal: Refusal | None) -> None:
        talk.say(str(refusal) if refusal else "Your password is changed.")

    talk.host.begin(ChangePassword(rest), then)


def _whoami(talk: "NetcatTalk", rest: str) -> None:
    user = talk.user
    account = f"account {user.account.name}" if user.account else "a guest"
    role = f", {user.role.word}" if user.role else ""
    room = f"in the room {talk.room.name}" if talk.room else "in no room"
    talk.say(f"You are {user.nick} ({account}{role}), {room}.")


def _admin(talk: "NetcatTalk", rest: str) -> None:
    if not rest:
        talk.say("Write /admin and a command; /admin help lists them.")
        return
    talk.host.begin(Administer(rest), lambda lines: talk.say("\n".join(lines)) if lines else None)


def _login(talk: "NetcatTalk", rest: str) -> None:
    sign_in(talk, "login", rest)


def _register(talk: "NetcatTalk", rest: str) -> None:
    sign_in(talk, "register", rest)


_leaving: Final = Word(_exit, "!exit, /exit, exit", "Leave.", takes_rest=False)

SHORT_WORDS: Final[dict[str, Word]] = {
    "?list": Word(_list, "?list", "Who is connected.", takes_rest=False),
    "!exit": _leaving,
    "exit": _leaving,
    "login": Word(_login, "login NAME PASSWORD", "Log in to your account."),
    "register": Word(_register, "register NAME PASSWORD", "Make an account."),
}
"""Words without a slash, as the old programs had them."""

WORDS: Final[dict[str, Word]] = {
    "help": Word(_help, "/help [WORD]", "This list, or one of its lines."),
    "msg": Word(
        _whisper, "@NAME TEXT, /msg NAME TEXT", "Say something to one person only, also to one who is away."
    ),
    "join": Word(_join, "/join ROOM [KEY]", "Go to a room; one that takes approval is asked for."),
    "leave": Word(_leave, "/leave [ROOM]", "Leave a room."),
    "rooms": Word(_rooms, "/rooms", "Which rooms there are."),
    "users": Word(_users, "/users [ROOM]", "Who is in a room."),
    "history": Word(_history, "/history [N]", "The last lines of the room."),
    "search": Word(_search, "/search WORDS", "Messages with these words, in all that you may read."),
    "topic": Word(_topic, "/topic [TEXT]", "The room's topic, or a new one."),
    "me": Word(_me, "/me TEXT", "Say what you do."),
    "nick": Word(_nick, "/nick NAME", "Take another nickname."),
    "away": Word(_away, "/away [TEXT]", "Say that you are away."),
    "back": Word(_back, "/back", "Say that you are here again."),
    "whoami": Word(_whoami, "/whoami", "Who you are here."),
    "password": Word(_password, "/password NEW", "Change your account's password."),
    "invite": Word(_invite, "/invite NAME", "Let somebody into the room."),
    "kick": Word(_kick, "/kick NAME [REASON]", "Put somebody out of the room, as its operator."),
    "op": Word(_operator(True), "/op NAME", "Make somebody an operator of the room."),
    "deop": Word(_operator(False), "/deop NAME", "Take that back."),
    "requests": Word(_requests, "/requests", "Who asks for rooms that you operate."),
    "accept": Word(_accept, "/accept NAME [ROOM]", "Let somebody in who asks for it."),
    "deny": Word(_deny, "/deny NAME [ROOM]", "Don't."),
    "admin": Word(
        _admin, "/admin COMMAND", "The administrator's commands; /admin help.", role=Role.MODERATOR
    ),
    "exit": _leaving,
    "quit": _leaving,
    "login": SHORT_WORDS["login"],
    "register": SHORT_WORDS["register"],
}
