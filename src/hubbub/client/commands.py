"""The words that are commands in our clients, each with its help; a ValueError says why one can't be done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hubbub.client import events
from hubbub.client.chat_model import Kind
from hubbub.wire.quoting import words_of
from hubbub.wire.ssh_keys import key_fingerprint

if TYPE_CHECKING:
    from hubbub.client.input_parser import Speech


@dataclass(frozen=True, slots=True)
class Word:
    """`usage` begins with the word itself and its slash; `do` gets what stands behind it."""

    usage: str
    help: str
    do: Callable[["Speech", str], None]
    others: tuple[str, ...] = ()
    """Its other names."""
    needs: int = 0
    """The number of words that it needs behind it."""

    @property
    def name(self) -> str:
        return self.usage.split(" ")[0].removeprefix("/")


def _help(speech: "Speech", rest: str) -> None:
    name = rest.removeprefix("/").lower()
    word = WORDS.get(name)
    if word is not None:
        also = f" Also: {', '.join(f'/{other}' for other in word.others)}." if word.others else ""
        speech.note(f"{word.usage} – {word.help}{also}")
    elif name:
        speech.note(f"There is no command {name}. To list all commands, write /help.")
    else:
        speech.face.read("Commands", [*((word.usage, word.help) for word in ALL), *_MORE_HELP])


_MORE_HELP: Final = (
    ("//TEXT", "Send a message that begins with a slash."),
    ("?list, !exit, exit", "The same as /list and /exit."),
    ("anything else", "Send a message to the open conversation."),
)


def _exit(speech: "Speech", rest: str) -> None:
    speech.face.leave(rest)


def _list(speech: "Speech", rest: str) -> None:
    client = speech.client
    client.people.ask_everybody(lambda nicks: client.happened(events.PeopleListed(nicks)))


def _message(speech: "Speech", rest: str) -> None:
    name, _, text = rest.partition(" ")
    name = name.removeprefix("@")
    if speech.client.is_service(name):
        speech.client.ask("PRIVMSG", name, text.strip())
    else:
        speech.whisper(name, text.strip())


def _join(speech: "Speech", rest: str) -> None:
    name, _, key = rest.partition(" ")
    speech.go_when_joined(speech.room_name(name), key)


def _leave(speech: "Speech", rest: str) -> None:
    name, _, reason = rest.partition(" ")
    room = speech.client.find(speech.room_name(name)) if name else speech.here
    if room is None:
        room, reason = speech.here, rest
    if room is not None:
        speech.client.leave(room, reason)


def _rooms(speech: "Speech", rest: str) -> None:
    speech.client.ask("LIST", *([rest] if rest else []))


def _users(speech: "Speech", rest: str) -> None:
    room = speech.client.find(speech.room_name(rest)) if rest else speech.here
    if room is None or not room.is_room:
        raise ValueError("Write: /users ROOM, with a room that you are in.")
    names = sorted((f"{m.ranks[:1]}{m.nick}" for m in room.present), key=str.casefold)
    speech.note(f"In {room.name} ({len(names)}): {', '.join(names)}")


def _topic(speech: "Speech", rest: str) -> None:
    here = speech.room()
    if rest:
        speech.client.ask("TOPIC", here.name, rest, conversation=here)
    else:
        speech.note(
            f"The topic of {here.name} is: {here.topic}" if here.topic else f"{here.name} has no topic."
        )


def _action(speech: "Speech", rest: str) -> None:
    speech.client.say(speech.place(), rest, kind=Kind.ACTION)


def _notice(speech: "Speech", rest: str) -> None:
    name, _, text = rest.partition(" ")
    speech.client.say(speech.client.open(name), text, kind=Kind.NOTICE)


def _nick(speech: "Speech", rest: str) -> None:
    speech.client.take_nick(rest)


def _away(speech: "Speech", rest: str) -> None:
    speech.client.ask("AWAY", rest or "away")


def _back(speech: "Speech", rest: str) -> None:
    speech.client.ask("AWAY")


def _whoami(speech: "Speech", rest: str) -> None:
    client = speech.client
    who = f", signed in as {client.account}" if client.account else ", a guest"
    speech.note(f"You are {client.nick}{who}, on {client.server.network}.")


def _whois(speech: "Speech", rest: str) -> None:
    here = speech.here
    name = rest or (here.name if here is not None and not here.is_room else speech.client.nick)
    speech.client.ask("WHOIS", name)


def _name(speech: "Speech", rest: str) -> None:
    _metadata(speech, "display-name", rest)


def _status(speech: "Speech", rest: str) -> None:
    _metadata(speech, "status", rest)


def _metadata(speech: "Speech", key: str, value: str) -> None:
    if not speech.client.server.keeps_metadata:
        raise ValueError("This server can't store that.")
    speech.client.ask("METADATA", "*", "SET", key, *([value] if value else []))


def _invite(speech: "Speech", rest: str) -> None:
    name, _, room = rest.partition(" ")
    here = speech.room(room)
    speech.client.ask("INVITE", name, here.name, conversation=here)


def _kick(speech: "Speech", rest: str) -> None:
    name, _, reason = rest.partition(" ")
    here = speech.room()
    speech.client.ask("KICK", here.name, name, *([reason] if reason else []), conversation=here)


def _mode(sign: str, letter: str) -> Callable[["Speech", str], None]:
    def do(speech: "Speech", rest: str) -> None:
        here = speech.room()
        speech.client.ask("MODE", here.name, f"{sign}{letter}", rest, conversation=here)

    return do


def _ban(sign: str) -> Callable[["Speech", str], None]:
    def do(speech: "Speech", rest: str) -> None:
        here = speech.room()
        mask = rest if "!" in rest or "*" in rest or rest.startswith("~") else f"{rest}!*@*"
        speech.client.ask("MODE", here.name, f"{sign}b", mask, conversation=here)

    return do


def _modes(speech: "Speech", rest: str) -> None:
    here = speech.room()
    speech.client.ask("MODE", here.name, *rest.split(), conversation=here)


def _requests(speech: "Speech", rest: str) -> None:
    here = speech.room(rest)
    speech.client.ask("PRIVMSG", "ChanServ", f"REQUESTS {here.name}")


def _answer(verb: str) -> Callable[["Speech", str], None]:
    def do(speech: "Speech", rest: str) -> None:
        name, _, room = rest.partition(" ")
        where = speech.room_name(room) if room else speech.asked_for(name)
        if not where:
            raise ValueError(f"Write: /{verb.lower()} NAME ROOM")
        speech.client.ask("PRIVMSG", "ChanServ", f"{verb} {where} {name}")

    return do


def _admin(speech: "Speech", rest: str) -> None:
    speech.client.ask("PRIVMSG", "Hubbub", rest or "help")


def _register(speech: "Speech", rest: str) -> None:
    name, _, password = rest.partition(" ")
    account, password = (name, password) if password else (speech.client.nick, name)
    speech.must_prove(password, account)
    speech.client.send("REGISTER", account, "*", password)


def _invitation(speech: "Speech", rest: str) -> None:
    if not speech.client.server.has("hubbub/invitation"):
        raise ValueError("This server does not accept invitations. Ask its administrator for an account.")
    speech.client.ask("INVITATION", rest.strip().rpartition("/")[2])


def _login(speech: "Speech", rest: str) -> None:
    name, _, password = rest.partition(" ")
    account, password = (name, password) if password else (speech.client.nick, name)
    speech.must_prove(password, account)
    speech.client.send("PRIVMSG", "NickServ", f"IDENTIFY {account} {password}")


def _password(speech: "Speech", rest: str) -> None:
    words = words_of(rest)
    if not 2 <= len(words) <= 3:
        raise ValueError(f"Write: {_PASSWORD}. Put a password with spaces in double quotes.")
    speech.must_prove(words[1], speech.client.account)
    speech.client.send("PRIVMSG", "NickServ", f"SET PASSWORD {rest}")


_PASSWORD: Final = "/password OLD NEW [keep]"


def _nickserv(verb: str) -> Callable[["Speech", str], None]:
    def do(speech: "Speech", rest: str) -> None:
        speech.client.ask("PRIVMSG", "NickServ", f"{verb} {rest or 'LIST'}")

    return do


def _keys(speech: "Speech", rest: str) -> None:
    """A key is longer than a line may be: what is sent of it is its fingerprint."""
    word, _, key = rest.partition(" ")
    if word.upper() == "ADD":
        fingerprint = key_fingerprint(key)
        if fingerprint is None:
            raise ValueError(
                "Write: /keys ADD KEY. The key is the line in a file such as ~/.ssh/id_ed25519.pub."
            )
        rest = f"ADD {fingerprint}"
    speech.client.ask("PRIVMSG", "NickServ", f"KEY {rest or 'LIST'}")


def _sessions(speech: "Speech", rest: str) -> None:
    speech.client.ask("PRIVMSG", "NickServ", "SESSIONS")


def _search(speech: "Speech", rest: str) -> None:
    speech.face.search(rest)


def _reply(speech: "Speech", rest: str) -> None:
    here, message = speech.place(), speech.message()
    speech.client.say(here, rest, reply_to=message.id)


def _react(speech: "Speech", rest: str) -> None:
    here, message = speech.place(), speech.message()
    given = speech.client.nick not in message.reactions.get(rest, [])
    speech.client.react(here, message, rest, given)


def _edit(speech: "Speech", rest: str) -> None:
    here, message = speech.place(), speech.message(own=True)
    speech.client.edit(here, message, rest)


def _delete(speech: "Speech", rest: str) -> None:
    here, message = speech.place(), speech.message(own=not speech.face.selected())
    speech.client.delete(here, message, rest)


def _report(speech: "Speech", rest: str) -> None:
    chosen, here = speech.face.selected(), speech.here
    if chosen is None or here is None:
        raise ValueError("Select a message first. F1 shows the keys for that.")
    speech.client.report(here, chosen, rest)


def _again(speech: "Speech", rest: str) -> None:
    failed = [entry for entry in speech.here.pending if entry.error] if speech.here else []
    for entry in failed:
        speech.client.outbox.again(entry)
    if not failed:
        speech.note("All messages in this conversation were sent.")


def _drop(speech: "Speech", rest: str) -> None:
    for entry in [entry for entry in speech.here.pending if entry.error] if speech.here else []:
        speech.client.outbox.drop(entry)


def _query(speech: "Speech", rest: str) -> None:
    speech.face.show(speech.client.open(rest))


def _raw(speech: "Speech", rest: str) -> None:
    verb, _, more = rest.partition(" ")
    middle, colon, last = more.partition(" :") if not more.startswith(":") else ("", ":", more[1:])
    params = [word for word in middle.split(" ") if word]
    speech.client.ask(verb.upper(), *params, *([last] if colon else []))


def _face(action: str) -> Callable[["Speech", str], None]:
    def do(speech: "Speech", rest: str) -> None:
        speech.face.act(action, rest)

    return do


ALL: Final = (
    Word("/help [WORD]", "List the commands, or explain one.", _help),
    Word("/exit", "Leave the chat.", _exit, ("quit", "bye")),
    Word("/list", "List who is online. Also: ?list", _list),
    Word("/msg NAME TEXT", "Send a private message, also to somebody who is offline.", _message, needs=2),
    Word("/query NAME", "Open a conversation with somebody.", _query, needs=1),
    Word("/join ROOM [KEY]", "Join a room, or ask to join one that requires approval.", _join, ("j",), 1),
    Word("/leave [ROOM]", "Leave the room, or close the conversation.", _leave, ("part", "close")),
    Word("/rooms", "List the rooms.", _rooms),
    Word("/users [ROOM]", "List the members of a room.", _users, ("names",)),
    Word("/topic [TEXT]", "Show the room's topic, or set it.", _topic),
    Word("/me TEXT", "Describe what you are doing.", _action, needs=1),
    Word("/notice NAME TEXT", "Send a notice, which programs do not answer.", _notice, needs=2),
    Word("/reply TEXT", "Reply to the selected message, or the last one.", _reply, needs=1),
    Word(
        "/react EMOJI",
        "React to the selected message, or the last one; repeat to remove the reaction.",
        _react,
        needs=1,
    ),
    Word("/edit TEXT", "Change the text of your selected message, or your last one.", _edit, needs=1),
    Word("/delete [REASON]", "Delete the selected message, or your last one.", _delete),
    Word("/report [REASON]", "Report the selected message to the moderators.", _report),
    Word("/again", "Retry the messages that were not sent.", _again),
    Word("/drop", "Discard the messages that were not sent.", _drop),
    Word("/search WORDS", "Search all the messages that you may read.", _search),
    Word("/nick NAME", "Change your nickname.", _nick, needs=1),
    Word("/name [NAME]", "Set your display name, or clear it.", _name),
    Word("/status [TEXT]", "Set your status, or clear it.", _status),
    Word("/away [TEXT]", "Mark yourself as away.", _away),
    Word("/back", "Mark yourself as back.", _back),
    Word("/whoami", "Show your nickname and account.", _whoami),
    Word("/whois [NAME]", "Show somebody's details.", _whois),
    Word("/invite NAME [ROOM]", "Invite somebody to the room.", _invite, needs=1),
    Word("/kick NAME [REASON]", "Kick somebody from the room.", _kick, needs=1),
    Word("/ban NAME", "Ban somebody from the room.", _ban("+"), needs=1),
    Word("/unban NAME", "Lift somebody's ban from the room.", _ban("-"), needs=1),
    Word("/op NAME", "Make somebody an operator of the room.", _mode("+", "o"), needs=1),
    Word("/deop NAME", "Remove somebody as an operator of the room.", _mode("-", "o"), needs=1),
    Word("/voice NAME", "Let somebody send messages while the room is moderated.", _mode("+", "v"), needs=1),
    Word("/devoice NAME", "Remove somebody's voice.", _mode("-", "v"), needs=1),
    Word("/mode [MODES]", "Show the room's modes, or change them.", _modes),
    Word("/requests [ROOM]", "List the requests to join the rooms that you operate.", _requests),
    Word("/accept NAME [ROOM]", "Accept a request to join a room.", _answer("ACCEPT"), needs=1),
    Word("/deny NAME [ROOM]", "Deny a request to join a room.", _answer("DENY"), needs=1),
    Word("/admin COMMAND", "Run an administrator's command; /admin help lists them.", _admin),
    Word("/register NAME PASSWORD", "Create an account.", _register, needs=1),
    Word(
        "/invitation CODE", "Use an invitation code, where registration requires one.", _invitation, needs=1
    ),
    Word("/login NAME PASSWORD", "Sign in to your account.", _login, ("identify",), 1),
    Word(
        _PASSWORD,
        "Change your password and sign out everywhere else; with keep, other sessions stay signed in.",
        _password,
        needs=2,
    ),
    Word("/sessions", "List your sessions.", _sessions),
    Word(
        "/tokens [ADD NAME | DEL NAME]",
        "List, add or delete the tokens that programs sign in with.",
        _nickserv("TOKEN"),
    ),
    Word(
        "/keys [ADD KEY | DEL FINGERPRINT]", "List, add or delete the SSH keys that you sign in with.", _keys
    ),
    Word("/clear", "Clear the screen. No messages are deleted.", _face("clear")),
    Word("/send FILE", "Send a file.", _face("send"), needs=1),
    Word("/set [NAME VALUE]", "Show this client's settings, or change one.", _face("set")),
    Word("/raw LINE", "Send a line of IRC unchanged.", _raw, ("quote",), 1),
)

WORDS: Final[dict[str, Word]] = {name: word for word in ALL for name in (word.name, *word.others)}

NEEDS: Final = {name: word.needs for name, word in WORDS.items()}
"""The words that each command needs behind it."""

BARE: Final = {"exit": "exit", "!exit": "exit", "?list": "list"}
"""Lines that people know from elsewhere, and what they mean."""
