"""Events in plain words; `here` is the room in which the reader is."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from msgspec import Struct

from hubbub.engine.accounts import RoleChanged, RoleGranted
from hubbub.engine.announcements import Announced
from hubbub.engine.conversations import ConversationBegun, PeopleAdded
from hubbub.engine.edits import MessageEdited, MessageRedacted
from hubbub.engine.event import SERVER, Event, Origin
from hubbub.engine.ids import time_of
from hubbub.engine.joining_and_inviting import Invited
from hubbub.engine.membership import MemberAppeared, MemberJoined, MemberKicked, MemberLeft
from hubbub.engine.message_kinds import MESSAGE, NOTICE, TAGS, has_text
from hubbub.engine.messages import MessageSaid, ToPerson
from hubbub.engine.modes import ModesChanged
from hubbub.engine.names import fold
from hubbub.engine.nicks import NickChanged
from hubbub.engine.refusals import because, with_article
from hubbub.engine.reports import MessageReported, report_sentence
from hubbub.engine.room_requests import RequestMade
from hubbub.engine.rooms import RoomDeleted, RoomRenamed
from hubbub.engine.sessions import SessionEnded, UserLeft
from hubbub.engine.topics import TopicSet
from hubbub.text import plain

LEFT: Final = "Left"
"""The reason of a user who left by a command."""

_ACTION: Final = "\x01ACTION "


KIND_MARKS: Final[dict[str, str]] = {MESSAGE: "", NOTICE: "notice", TAGS: ""}
"""Kind of message → what stands in brackets behind its author's name."""


class Here(Struct, frozen=True):
    """A reader's position: their current room, and the name of the welcome room."""

    room: int
    welcome: str

    def is_welcome(self, name: str) -> bool:
        return fold(name) == fold(self.welcome)


Sentence = str | None


def words(by: Origin, kind: str, text: str, private: bool = False, edited: bool = False) -> Sentence:
    """`NAME: text`, with the marks of a private message, an action or a notice; None for messages for programs.

    Further lines of a text are set in, so that none can be taken for somebody else's words.
    """
    if not has_text(kind):
        return None
    if by.person == SERVER.person:
        return text
    marks = [mark for mark in ("private" * private, KIND_MARKS.get(kind, ""), "edited" * edited) if mark]
    text = _set_in(text)
    mark = f" ({', '.join(marks)})" if marks else ""
    if text.startswith(_ACTION):
        return f"* {by.nick}{mark} {text.removeprefix(_ACTION).rstrip(chr(1))}"
    if text.startswith("\x01"):
        return None
    return f"{by.nick}{mark}: {text}"


def _set_in(text: str) -> str:
    return text.replace("\n", "\n    ")


def _said(event: MessageSaid, here: Here) -> Sentence:
    """What is said in a room; a private message reads otherwise to each of the two."""
    if isinstance(event.to, ToPerson):
        return None
    return _in_room(words(event.by, event.kind, event.text), event.to.room, event.to.name, here)


def _in_room(sentence: Sentence, room: int, name: str, here: Here) -> Sentence:
    return sentence if sentence is None or room == here.room else f"[{name}] {sentence}"


def _edited(event: MessageEdited, here: Here) -> Sentence:
    sentence = words(event.by, event.kind, event.text, private=not event.room, edited=True)
    return _in_room(sentence, event.room, event.name, here) if event.room else sentence


def _redacted(event: MessageRedacted, here: Here) -> Sentence:
    whose = "a message" if event.author == event.by.nick else f"a message by {event.author}"
    where = f" in {event.name}" if event.room else ""
    moment = datetime.fromtimestamp(time_of(event.message) / 1000, UTC)
    return f"{event.by.nick} deleted {whose} of {moment:%Y-%m-%d %H:%M}{where}{because(event.reason)}"


def _joined(event: MemberJoined, here: Here) -> Sentence:
    if here.is_welcome(event.room_name):
        return f"{event.origin.nick} has joined the chat."
    return f"{event.origin.nick} has joined {event.room_name}."


def _appeared(event: MemberAppeared, here: Here) -> Sentence:
    """Announce a returning user once, though they are in all their rooms at once."""
    if here.is_welcome(event.room_name):
        return f"{event.origin.nick} has joined the chat."
    return f"{event.origin.nick} has joined {event.room_name}." if event.room == here.room else None


def _left(event: MemberLeft, here: Here) -> Sentence:
    return f"{event.origin.nick} has left {event.room_name}{because(event.reason)}"


def _kicked(event: MemberKicked, here: Here) -> Sentence:
    return f"{event.by.nick} kicked {event.nick} from {event.room_name}{because(event.reason)}"


def _gone(event: UserLeft, here: Here) -> Sentence:
    return f"{event.origin.nick} has left the chat."


def _nick(event: NickChanged, here: Here) -> Sentence:
    return f"{event.origin.nick} is now {event.nick}."


def _topic(event: TopicSet, here: Here) -> Sentence:
    if event.text:
        return f"{event.by.nick} set the topic of {event.room_name}: {event.text}"
    return f"{event.by.nick} cleared the topic of {event.room_name}."


def _conversation(event: ConversationBegun | PeopleAdded, here: Here) -> Sentence:
    what = "began" if isinstance(event, ConversationBegun) else "added people to"
    people = ", ".join(sorted(event.names, key=str.lower))
    return (
        f"{event.by.nick} {what} the conversation {event.room_name}: {people}. "
        f"To go to it, write: /join {event.room_name}"
    )


_RANK_WORDS: Final = {
    "q": "a founder",
    "a": "protected",
    "o": "an operator",
    "h": "a half-operator",
    "v": "voiced",
}


def _modes(event: ModesChanged, here: Here) -> Sentence:
    told = [
        f"{change.argument} is {'now' if change.adding else 'no longer'} {_RANK_WORDS[change.letter]}"
        f" in {event.room_name}."
        for change in event.changes
        if change.letter in _RANK_WORDS
    ]
    return "\n".join(told) or None


def _request(event: RequestMade, here: Here) -> Sentence:
    # Requests are answered by the account's name, which the nickname need not be.
    name, room = event.origin.account or event.origin.nick, event.room_name
    # A wish ends with its line, so that it can't say whom to accept.
    wish = f": {event.wish}\n" if event.wish else ". "
    return f"{name} asks to join the room {room}{wish}To accept, write: /accept {name} {room}"


def _announced(event: Announced, here: Here) -> Sentence:
    return f"*** {event.text}" if event.by == SERVER else f"*** {event.by.nick}: {event.text}"


SENTENCES: Final[dict[type[Event], Callable[[Any, Here], Sentence]]] = {
    MessageSaid: _said,
    MessageEdited: _edited,
    MessageRedacted: _redacted,
    MemberJoined: _joined,
    MemberAppeared: _appeared,
    MemberLeft: _left,
    MemberKicked: _kicked,
    UserLeft: _gone,
    NickChanged: _nick,
    ModesChanged: _modes,
    RequestMade: _request,
    Announced: _announced,
    MessageReported: lambda e, here: (
        f"*** {report_sentence(e.report)} To list reports, write: /admin reports"
    ),
    Invited: lambda e, here: (
        f"{e.by.nick} invites {e.nick} to the room {e.room_name}. To join, write: /join {e.room_name}"
    ),
    TopicSet: _topic,
    ConversationBegun: _conversation,
    PeopleAdded: _conversation,
    RoomDeleted: lambda e, here: f"The room {e.room_name} was deleted.",
    RoomRenamed: lambda e, here: f"The room {e.room_name} is now called {e.new}.",
    RoleChanged: lambda e, here: f"{e.name} is now {with_article(e.role.word)}.",
    RoleGranted: lambda e, here: f"{e.nick} is now {with_article(e.role.word)}.",
    SessionEnded: lambda e, here: "Goodbye." if e.reason == LEFT else e.reason,
}


def encoded(sentence: str) -> bytes:
    """As lines that can't drive a terminal."""
    return "".join(f"{plain(line)}\n" for line in sentence.split("\n")).encode()


def private(event: MessageSaid, person: int) -> Sentence:
    """A private message as one of the two reads it: the other one's words, or one's own from another session."""
    if isinstance(event.to, ToPerson) and event.to.person == person:
        return words(event.by, event.kind, event.text, private=True, edited=bool(event.edited))
    sentence = words(event.by, event.kind, event.text)
    if sentence is None:
        return None
    text = sentence if sentence.startswith("* ") else _set_in(event.text)
    return f"To {event.to.name} (private): {text}"
