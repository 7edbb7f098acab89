"""Coming in by plain words: a nickname, or an account; then a welcome, and what one has missed."""

from typing import TYPE_CHECKING, Final

from hubbub.dialects.host import Register, SignInByPassword
from hubbub.engine.joining import Join
from hubbub.engine.names import Nick, RoomName
from hubbub.engine.presence import Enter
from hubbub.engine.refusals import NickTaken, NotSecure, Refusal, ServerPasswordNeeded
from hubbub.engine.state import Room

from .history import show_missed, show_recent
from .sentences import LEFT

if TYPE_CHECKING:
    from .talk import NetcatTalk

PROMPT: Final = "Choose your nickname:"
RECENT_LINES: Final = 10
LEAVING: Final = ("!exit", "/exit", "exit", "/quit")


def prompt(talk: "NetcatTalk") -> None:
    talk.say(PROMPT)


def received(talk: "NetcatTalk", text: str) -> None:
    """A line of somebody who has not come in yet."""
    word, _, rest = text.partition(" ")
    if not text:
        prompt(talk)
    elif text.lower() in LEAVING:
        talk.host.leave(LEFT)
    elif word.lower() in ("register", "login") and rest.strip():
        sign_in(talk, word.lower(), rest.strip())
    else:
        _enter(talk, text)


def sign_in(talk: "NetcatTalk", word: str, rest: str) -> None:
    """`register NAME PASSWORD` or `login NAME PASSWORD`, before coming in or later."""
    name, _, password = rest.partition(" ")
    if not talk.host.private:
        talk.say(str(NotSecure("Come with: openssl s_client -quiet -connect HOST:PORT")))
        return
    if not password.strip():
        talk.say(f"Write {word} NAME PASSWORD.")
        return
    thing = (Register if word == "register" else SignInByPassword)(name, password.strip())
    done = "Registered" if word == "register" else "Logged in"

    def then(refusal: Refusal | None) -> None:
        if refusal is not None:
            talk.say(str(refusal))
            return
        talk.say(f"{done} as {name}.")
        if talk.host.state.user(talk.host.session) is None:
            _enter(talk, "")

    talk.host.begin(thing, then)


def _enter(talk: "NetcatTalk", nick: str) -> None:
    account = talk.host.state.accounts.get(talk.host.state.sessions[talk.host.session].account)
    if account is None and isinstance(refusal := _without_password(talk, nick), Refusal):
        talk.say(str(refusal))
        prompt(talk)
        return
    seen = account.seen if account else 0
    is_first = account is not None and account.id not in talk.host.state.users
    answer = talk.host.ask(Enter(nick, "netcat", client="netcat"))
    if isinstance(answer, Refusal):
        talk.say(str(answer))
        if isinstance(answer, NickTaken) and answer.by_account:
            talk.say("The name belongs to an account. If it is yours: login NAME PASSWORD")
        prompt(talk)
        return
    _welcome(talk, seen if is_first else 0)


def _without_password(talk: "NetcatTalk", nick: str) -> Refusal | None:
    """Who comes by a name alone can't give the server's password: they need an account, where there is one."""
    parsed = Nick.parse(nick, talk.host.state.rules.names)
    if isinstance(parsed, Refusal):
        return parsed
    return None if talk.host.admits("") else ServerPasswordNeeded()


def _welcome(talk: "NetcatTalk", seen: int) -> None:
    user, facts = talk.user, talk.host.facts
    talk.say(f"Welcome to {facts.network}, {user.nick}. Type /help for help, /exit to leave.")
    if facts.motd:
        talk.say("\n".join(facts.motd))
    welcome = RoomName.parse(talk.host.state.rules.welcome_room)
    if user.account is None and isinstance(welcome, RoomName) and talk.host.state.room_named(welcome):
        talk.ask(Join(welcome))
    room = first_room(talk)
    talk.stand_in(room)
    if room is None:
        talk.say("You are in no room. Join one: /join ROOM. See which there are: /rooms")
        return
    talk.say(f"You are in the room {room.name}.")
    show_recent(talk, room, RECENT_LINES, lambda: show_missed(talk, seen))


def first_room(talk: "NetcatTalk") -> Room | None:
    """Where one stands on coming in: the welcome room if one is in it, else the first of one's rooms."""
    rooms = talk.user.rooms
    welcome = talk.host.state.room_named(talk.host.state.rules.welcome_room)
    if welcome and welcome.id in rooms:
        return welcome
    return next(iter(rooms.values()), None)
