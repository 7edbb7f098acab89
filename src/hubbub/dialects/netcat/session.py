"""One session in plain words: first a name, then every line is a message or a command."""

import difflib
import re
from collections.abc import Container, Sequence
from typing import ClassVar, Final

from hubbub.dialects.session_api import NO_HTTP, SessionApi
from hubbub.engine.entering import SessionEntered
from hubbub.engine.event import Command, Event
from hubbub.engine.messages import MessageSaid, SayInRoom, SayPrivately, ToPerson
from hubbub.engine.refusals import Refusal
from hubbub.engine.rooms import RoomDeleted
from hubbub.engine.state import Room, User
from hubbub.text import clean, decode, plain, shows, without_torn_character
from hubbub.wire.line_reader import is_request_line

from . import registration
from .commands import SHORT_WORDS, WORDS
from .registration import NOWHERE, first_word
from .rendering import encoded, private
from .view import NetcatView

_TELNET: Final = re.compile(rb"\xff(?:\xfa.*?(?:\xff\xf0|\Z)|[\xfb-\xfe].?|.?)", re.DOTALL)
"""Negotiations that telnet puts between the words (RFC 854); one that does not end takes the rest of the line."""


class NetcatSession:
    """Knows in which room its user stands; everything else is the engine's."""

    __slots__ = ("_taken_bytes", "doubted_room", "host", "is_asking", "view")

    personal_events: ClassVar[Container[type[Event]]] = frozenset({MessageSaid, SessionEntered, RoomDeleted})
    """The kinds of events of which `concerned` may have something to say."""

    def __init__(self, host: SessionApi) -> None:
        self.host = host
        self.view = NetcatView.of(0, host.state.rules.welcome_room)
        self.is_asking = False
        """While what happens is this session's own doing."""
        self.doubted_room = ""
        """The key of a room's name that was perhaps mistyped: written once more, it is meant."""
        self._taken_bytes = 0
        """The bytes taken of the current line, if its end is cut off."""

    @property
    def user(self) -> User:
        """The session's user; only once it has come in."""
        user = self.host.state.user(self.host.session)
        assert user is not None, "words that need a user are not called before there is one"
        return user

    @property
    def room(self) -> Room | None:
        """The room in which the user stands, if they still are in it."""
        user = self.host.state.user(self.host.session)
        return user.rooms.get(self.view.here.room) if user else None

    def opened(self) -> None:
        registration.prompt(self)

    def refused(self, refusal: Refusal) -> None:
        self.say(str(refusal))

    def fall_short(self, refusal: Refusal) -> None:
        self.say(str(refusal))

    def overlong(self, beginning: bytes) -> None:
        """Cut an overlong message; refuse any other line, such as a password, whose part could mean something else."""
        if self.host.state.user(self.host.session) is None or not _is_said(beginning):
            self.say("That line is too long and was ignored. Write a shorter one.")
            return
        self._taken_bytes = len(beginning)
        self.received(without_torn_character(beginning))
        self._taken_bytes = 0

    def unfinished(self) -> None:
        self.say("Your line is not complete. Press Enter to send it.")

    def cost(self, line: bytes) -> float:
        return 1.0

    def ping(self) -> bool:
        """There is no question that only a program would see; the system's keep-alive has to do."""
        return False

    def received(self, line: bytes) -> None:
        text = decode(_TELNET.sub(b"", line)).strip()
        if self.host.state.user(self.host.session) is None:
            if is_request_line(line):
                self.host.leave(NO_HTTP)
            else:
                registration.received(self, text)
        elif shows(text):
            self._handle(clean(text).strip(), first_word(text)[1])

    def _handle(self, text: str, typed: str) -> None:
        """`typed` is what follows the first word, before anything was cleaned."""
        # As others would read it: nothing invisible may make of a password something that is said aloud.
        head, rest = first_word(plain(text))
        short = SHORT_WORDS.get(head.lower())
        if short and (short.takes_rest or not rest):
            short.handle(self, typed if short.has_password else rest)
            return
        head, rest = first_word(text)
        if text.startswith("@"):
            self.whisper(head[1:], rest)
        elif text.startswith("//"):
            self.message(text[1:])
        elif text.startswith("/"):
            self._command(head[1:].lower(), rest, typed)
        else:
            self.message(text)

    def _command(self, word: str, rest: str, typed: str) -> None:
        found = WORDS.get(word)
        if found:
            found.handle(self, typed if found.has_password else rest)
            return
        near = difflib.get_close_matches(word[:30], WORDS, 1)
        hint = f"Did you mean /{near[0]}?" if near else "See /help."
        self.say(
            f"There is no command /{word[:30]}. {hint} To send a message that begins with a slash, "
            "write two slashes."
        )

    def message(self, text: str) -> None:
        """Send a message to the room."""
        room = self.room
        if room is None:
            self.say(NOWHERE)
            return
        events = self.ask(SayInRoom(room.name.text, text))
        if events and isinstance(events[0], MessageSaid):
            self._tell_cut(events[0])

    def whisper(self, name: str, text: str) -> None:
        """Say something to one person."""
        if not name or not text:
            self.say("Write @NAME TEXT.")
            return
        events = self.ask(SayPrivately(name, text))
        if events:
            said = events[0]
            assert isinstance(said, MessageSaid)
            self.say(f"Private message sent to {said.to.name}")
            self._tell_cut(said)

    def _tell_cut(self, said: MessageSaid) -> None:
        limit = self.host.state.rules.message_bytes if said.cut else self._taken_bytes
        if limit:
            self.say(f"Your message was longer than {limit} bytes and was cut there.")

    def stand_in(self, room: Room | None) -> None:
        """From now on lines go to this room."""
        self.view = NetcatView.of(room.id if room else 0, self.host.state.rules.welcome_room)
        self.host.view_changed()

    def ask(self, command: Command) -> list[Event] | None:
        """Ask the engine; a refusal is said, and then it is None."""
        answer = self.asked(command)
        if isinstance(answer, Refusal):
            self.say(str(answer))
            return None
        return list(answer)

    def asked(self, command: Command) -> Sequence[Event] | Refusal:
        self.is_asking = True
        try:
            return self.host.ask(command)
        finally:
            self.is_asking = False

    def concerned(self, event: Event) -> None:
        if isinstance(event, MessageSaid) and isinstance(event.to, ToPerson):
            own = self.is_asking and event.to.person != self.user.person
            if not own and (sentence := private(event, self.user.person)):
                self.say(sentence)
        elif isinstance(event, SessionEntered) and event.was:
            self.stand_in(registration.first_room(self))
        elif isinstance(event, RoomDeleted) and event.room == self.view.here.room:
            self.stand_in(None)
            self.say(NOWHERE)

    def say(self, text: str) -> None:
        """A sentence, or several lines, to this session alone."""
        self.host.send(encoded(text))


def _is_said(line: bytes) -> bool:
    """Whether a line is something said to others, and no other command."""
    word = first_word(plain(decode(line)))[0].lower()
    return (
        word in ("/me", "/msg") or word.startswith("//") or not (word.startswith("/") or word in SHORT_WORDS)
    )
