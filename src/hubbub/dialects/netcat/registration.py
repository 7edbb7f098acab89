"""Coming in by plain words: a nickname, or an account; then a welcome, and what one has missed."""

from typing import TYPE_CHECKING, Final

from hubbub.dialects.session_api import Register, SignInByPassword
from hubbub.engine.entering import Enter, SignedInAlready
from hubbub.engine.invitations import ShowInvitation
from hubbub.engine.joining_and_inviting import Join
from hubbub.engine.name_policy import NickTaken
from hubbub.engine.names import Nick, RoomName
from hubbub.engine.refusals import Refusal
from hubbub.engine.sessions import NotSecure
from hubbub.engine.signin import ServerPasswordNeeded
from hubbub.engine.state import Room
from hubbub.engine.tokens import digest_of
from hubbub.text import plain

from .history import show_missed, show_recent
from .rendering import LEFT

if TYPE_CHECKING:
    from .session import NetcatSession

PROMPT: Final = "Choose your nickname:"
RECENT_LINES: Final = 10
LEAVING: Final = ("!exit", "/exit", "exit", "/quit")
NOWHERE: Final = "You are not in a room. Join one with /join ROOM. To list the rooms, write /rooms."


def first_word(text: str) -> tuple[str, str]:
    """The first word and the rest, whatever kind of space is between them."""
    head, rest, *_ = (*text.split(maxsplit=1), "", "")
    return head, rest.strip()


def prompt(talk: "NetcatSession") -> None:
    talk.say(PROMPT)


def received(talk: "NetcatSession", text: str) -> None:
    """Take a line before registration is complete; a password in it is taken verbatim."""
    word, rest = first_word(plain(text))
    word = word.lower().removeprefix("/")
    if not text:
        prompt(talk)
    elif text.lower() in LEAVING:
        talk.host.leave(LEFT)
    elif word in ("register", "login"):
        sign_in(talk, word, first_word(text)[1])
    elif word == "invitation" and rest:
        show_invitation(talk, rest)
    else:
        _enter(talk, text)


def show_invitation(talk: "NetcatSession", code: str) -> None:
    """`invitation CODE`: what is registered then, is registered with it."""
    result = talk.host.ask(ShowInvitation(digest_of(code)))
    if isinstance(result, Refusal):
        talk.say(str(result))
    else:
        talk.say("You can now register: register NAME PASSWORD")


def sign_in(talk: "NetcatSession", word: str, rest: str) -> None:
    """`register NAME PASSWORD` or `login NAME PASSWORD`, before coming in or later."""
    name, password = first_word(rest)
    if not talk.host.private:
        talk.say(str(NotSecure("Connect with: openssl s_client -quiet -connect HOST:PORT")))
        return
    if not password:
        talk.say(f"Write {word} NAME PASSWORD.")
        return
    user = talk.host.state.user(talk.host.session)
    if user and user.account:
        talk.say(str(SignedInAlready(user.account.name.text)))
        return
    if word == "register" and user is None and (refusal := talk.host.admits("")):
        # Whoever may not come in without the server's password does not do so by making an account.
        talk.say(str(refusal))
        return
    thing = (Register if word == "register" else SignInByPassword)(name, password)
    done = "Registered" if word == "register" else "Logged in"
    view = talk.view

    def then(refusal: Refusal | None) -> None:
        if refusal is not None:
            talk.say(str(refusal))
            return
        talk.say(f"{done} as {name}.")
        if talk.host.state.user(talk.host.session) is None:
            _enter(talk, "")
            return
        if talk.view is not view:
            _tell_where(talk)
        account, before = talk.user.account, talk.host.last_id() + 1
        if account and len(talk.user.sessions) == 1:
            show_missed(talk, account.seen, before)

    talk.host.begin(thing, then)


def _enter(talk: "NetcatSession", nick: str) -> None:
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
            talk.say("This name belongs to an account. If it is yours, write: login NAME PASSWORD")
        prompt(talk)
        return
    _welcome(talk, seen if is_first else 0)


def _without_password(talk: "NetcatSession", nick: str) -> Refusal | None:
    """Answer a name without a password where the server has one: it needs an account."""
    parsed = Nick.parse(nick, talk.host.state.rules.names)
    if isinstance(parsed, Refusal):
        return parsed
    return ServerPasswordNeeded() if talk.host.admits("") else None


def _welcome(talk: "NetcatSession", seen: int) -> None:
    user, facts, before = talk.user, talk.host.facts, talk.host.last_id() + 1
    talk.say(f"Welcome to {facts.network}, {user.nick}. Type /help for help, /exit to leave.")
    if facts.motd:
        talk.say("\n".join(facts.motd))
    welcome = RoomName.parse(talk.host.state.rules.welcome_room)
    if not user.rooms and isinstance(welcome, RoomName) and talk.host.state.room_named(welcome):
        talk.ask(Join(welcome))
    room = first_room(talk)
    talk.stand_in(room)
    _tell_where(talk)
    if room is None:
        show_missed(talk, seen, before)
    else:
        show_recent(talk, room, RECENT_LINES, lambda: show_missed(talk, seen, before))


def _tell_where(talk: "NetcatSession") -> None:
    talk.say(f"You are in the room {talk.room.name}." if talk.room else NOWHERE)


def first_room(talk: "NetcatSession") -> Room | None:
    """The room to begin in: the welcome room if the user is in it, else the first of their rooms."""
    rooms = talk.user.rooms
    welcome = talk.host.state.room_named(talk.host.state.rules.welcome_room)
    if welcome and welcome.id in rooms:
        return welcome
    return next(iter(rooms.values()), None)
