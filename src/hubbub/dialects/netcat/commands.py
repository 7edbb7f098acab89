"""The words that are commands, each with its help; whatever is not one of them is a message."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from hubbub.dialects.password_words import NOTE, USAGE, changed, wish
from hubbub.dialects.session_api import Administer
from hubbub.engine.away import SetAway
from hubbub.engine.nicks import ChangeNick
from hubbub.engine.policy import may_see_present
from hubbub.engine.refusals import Refusal
from hubbub.engine.revocation import Revoked
from hubbub.engine.state import Role

from .history import show_found, show_recent
from .registration import NOWHERE, first_word, show_invitation, sign_in
from .rendering import LEFT
from .rooms import (
    accept,
    converse,
    deny,
    invite,
    join,
    kick,
    leave,
    make,
    set_operator,
    show_requests,
    show_rooms,
    show_topic,
    show_users,
)

if TYPE_CHECKING:
    from .session import NetcatSession

HISTORY_LINES: Final = 20


class Word(Struct, frozen=True):
    """A command: what does it, how it is written, and what it does."""

    handle: Callable[["NetcatSession", str], None]
    usage: str
    help: str
    takes_rest: bool = True
    role: Role = Role.MEMBER
    has_password: bool = False
    """Whether its argument is a password, taken verbatim."""


def _exit(talk: "NetcatSession", rest: str) -> None:
    talk.host.leave(LEFT)


def _list(talk: "NetcatSession", rest: str) -> None:
    seen = (user for user in talk.host.state.users.values() if may_see_present(talk.user, user))
    names = sorted((user.nick.text for user in seen), key=str.lower)
    talk.say("\n".join([f"Connected ({len(names)}):", *(f"  {name}" for name in names)]))


def _help(talk: "NetcatSession", rest: str) -> None:
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
                "Everything you type is sent to the room, except these commands:",
                *(f"  {usage:{width}}  {text}" for usage, text in lines.items()),
            ]
        )
    )


def _whisper(talk: "NetcatSession", rest: str) -> None:
    talk.whisper(*first_word(rest))


def _history(talk: "NetcatSession", rest: str) -> None:
    room, most = talk.room, talk.host.facts.history_limit
    is_number = rest.isascii() and rest.isdigit() and len(rest) <= len(str(most))
    number = int(rest) if is_number else 0 if rest else min(HISTORY_LINES, most)
    if room is None:
        talk.say(NOWHERE)
    elif not 0 < number <= most:
        talk.say(f"Write /history or /history N, with N from 1 to {most}.")
    else:
        show_recent(talk, room, number, empty="This room has no messages yet.")


def _search(talk: "NetcatSession", rest: str) -> None:
    if rest:
        show_found(talk, rest)
    else:
        talk.say("Write /search WORDS. Put a phrase in double quotes.")


def _me(talk: "NetcatSession", rest: str) -> None:
    if rest:
        talk.message(f"\x01ACTION {rest}\x01")
    else:
        talk.say("Write /me TEXT.")


def _nick(talk: "NetcatSession", rest: str) -> None:
    if not rest:
        talk.say("Write /nick NAME.")
    else:
        talk.ask(ChangeNick(rest))


def _away(talk: "NetcatSession", rest: str) -> None:
    if talk.ask(SetAway(rest or "away")) is not None:
        talk.say("You are now away. When you return, write /back.")


def _back(talk: "NetcatSession", rest: str) -> None:
    if talk.ask(SetAway()) is not None:
        talk.say("You are no longer away.")


def _password(talk: "NetcatSession", rest: str) -> None:
    asked = wish(rest)
    if asked is None or not talk.host.private:
        talk.say(f"Write {_PASSWORD}, over an encrypted connection.\n{NOTE}")
        return

    def then(answer: Revoked | Refusal) -> None:
        talk.say(str(answer) if isinstance(answer, Refusal) else changed(asked, answer))

    talk.host.begin(asked, then)


_PASSWORD: Final = f"/password {USAGE.replace('<old> <new>', 'OLD NEW')}"


def _whoami(talk: "NetcatSession", rest: str) -> None:
    user = talk.user
    account = f"account {user.account.name}" if user.account else "a guest"
    role = f", {user.role.word}" if user.role else ""
    room = f"in the room {talk.room.name}" if talk.room else "in no room"
    talk.say(f"You are {user.nick} ({account}{role}), {room}.")


def _admin(talk: "NetcatSession", rest: str) -> None:
    if not rest:
        talk.say("Write /admin COMMAND. For a list of commands, write /admin help.")
        return
    talk.host.begin(Administer(rest), lambda lines: talk.say("\n".join(lines)) if lines else None)


def _login(talk: "NetcatSession", rest: str) -> None:
    sign_in(talk, "login", rest)


def _register(talk: "NetcatSession", rest: str) -> None:
    sign_in(talk, "register", rest)


_leaving: Final = Word(_exit, "!exit, /exit, exit", "Leave.", takes_rest=False)

SHORT_WORDS: Final[dict[str, Word]] = {
    "?list": Word(_list, "?list", "List who is connected.", takes_rest=False),
    "!exit": _leaving,
    "exit": _leaving,
    "login": Word(_login, "login NAME PASSWORD", "Log in to your account.", has_password=True),
    "register": Word(_register, "register NAME PASSWORD", "Create an account.", has_password=True),
}
"""Words without a slash, as the old programs had them."""

WORDS: Final[dict[str, Word]] = {
    "help": Word(_help, "/help [WORD]", "Show all commands, or explain one."),
    "msg": Word(
        _whisper, "@NAME TEXT, /msg NAME TEXT", "Send a private message, even to somebody who is offline."
    ),
    "join": Word(join, "/join ROOM [KEY]", "Join a room, or ask to join it where that requires approval."),
    "make": Word(make, "/make ROOM [KEY]", "Create a room and join it."),
    "leave": Word(leave, "/leave [ROOM]", "Leave a room."),
    "rooms": Word(show_rooms, "/rooms", "List the rooms."),
    "users": Word(show_users, "/users [ROOM]", "List the members of a room."),
    "history": Word(_history, "/history [N]", "Show the latest messages of the room."),
    "search": Word(_search, "/search WORDS", "Search all messages that you may read."),
    "topic": Word(show_topic, "/topic [TEXT]", "Show or set the room's topic."),
    "me": Word(_me, "/me TEXT", "Send an action, such as: * ann waves."),
    "nick": Word(_nick, "/nick NAME", "Change your nickname."),
    "away": Word(_away, "/away [TEXT]", "Mark yourself as away."),
    "back": Word(_back, "/back", "Mark yourself as back."),
    "whoami": Word(_whoami, "/whoami", "Show your nickname, account and room."),
    "password": Word(_password, _PASSWORD, "Change your account's password.", has_password=True),
    "invite": Word(invite, "/invite NAME", "Invite somebody to the room."),
    "converse": Word(
        converse, "/converse NAME,NAME", "Open a conversation with several people; without names, list yours."
    ),
    "kick": Word(kick, "/kick NAME [REASON]", "Kick somebody from the room. For its operators."),
    "op": Word(set_operator(True), "/op NAME", "Make somebody an operator of the room."),
    "deop": Word(set_operator(False), "/deop NAME", "Remove somebody as an operator of the room."),
    "requests": Word(show_requests, "/requests", "List requests to join the rooms that you operate."),
    "accept": Word(accept, "/accept NAME [ROOM]", "Accept a request to join."),
    "deny": Word(deny, "/deny NAME [ROOM]", "Deny a request to join."),
    "admin": Word(
        _admin, "/admin COMMAND", "Run an administrator's command. See /admin help.", role=Role.MODERATOR
    ),
    "exit": _leaving,
    "quit": _leaving,
    "login": SHORT_WORDS["login"],
    "register": SHORT_WORDS["register"],
    "invitation": Word(show_invitation, "/invitation CODE", "Use an invitation code to register."),
}
