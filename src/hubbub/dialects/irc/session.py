"""A session in IRC: it reads a line and calls the handler of its verb."""

from collections.abc import Container, Iterable, Mapping
from itertools import count
from typing import ClassVar, Final

from hubbub.dialects.session_api import NO_HTTP, SessionApi
from hubbub.engine.event import Command, Event, Origin
from hubbub.engine.policy import may_see
from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Room, User
from hubbub.wire import numerics
from hubbub.wire.capabilities import Capabilities
from hubbub.wire.line_reader import is_request_line
from hubbub.wire.message import (
    CLIENT_LINE_BYTES_MAX,
    EmptyLine,
    LineTooLong,
    Message,
    NotUtf8,
    TagsTooLong,
    WireError,
    joined,
    line,
    parse,
    room_bytes,
    tags_of,
)
from hubbub.wire.standard_replies import standard_reply

from .client_batches import Incoming, answer_misread, collect, part_cost
from .events import PERSONAL_EVENTS
from .labeled_responses import labelled
from .refusals import answer, fall_short
from .registration import Registration
from .sasl import Exchange
from .verbs import VERBS
from .view import IrcView

LINE_BYTES_MAX: Final = CLIENT_LINE_BYTES_MAX


class IrcSession:
    """An IRC session: its state beyond the engine's, and the lines in which it answers."""

    __slots__ = (
        "answering",
        "arrival",
        "batch",
        "batches",
        "cap_version",
        "has_spoken",
        "history_wanted",
        "host",
        "incoming",
        "known_as",
        "sasl",
        "view",
    )

    personal_events: ClassVar[Container[type[Event]]] = PERSONAL_EVENTS
    """The kinds of events of which `concerned` has more to say."""

    def __init__(self, host: SessionApi) -> None:
        self.host = host
        self.arrival: Registration | None = Registration()
        """The registration in progress; None once it is complete."""
        self.view = IrcView.of(Capabilities.none, host.facts.name)
        self.cap_version = 301
        self.batches = count(1)
        self.batch = ""
        """The reference of the batch in which what is said goes; empty if in none."""
        self.incoming: Incoming | None = None
        """The batch that the client has opened."""
        self.answering = "*"
        """The command that is being answered."""
        self.history_wanted: tuple[str, ...] = ()
        """The parameters of the last CHATHISTORY, which its FAIL repeats."""
        self.has_spoken = False
        """Whether a line of the client has been handled already."""
        self.known_as: Origin | None = None
        """The nickname that the client still believes it has, while a sign-in that changed it is answered."""
        self.sasl: Exchange | None = None
        """The sign-in by SASL that is under way."""

    @property
    def caps(self) -> Capabilities:
        return self.view.caps

    @caps.setter
    def caps(self, caps: Capabilities) -> None:
        self.view = IrcView.of(caps, self.host.facts.name)
        self.host.view_changed()

    @property
    def user(self) -> User:
        """The session's user; only once it has come in."""
        user = self.host.state.user(self.host.session)
        assert user is not None, "verbs that need a user are not called before there is one"
        return user

    @property
    def account(self) -> int:
        """The account that the session is signed in to, also before it has come in; 0 for none."""
        session = self.host.state.sessions.get(self.host.session)
        return session.account if session else 0

    @property
    def nick(self) -> str:
        """The target of numerics: the client's nickname, or the one that it has asked for, which may be invalid:
        who is signed in comes in under the account's name then.
        """
        if self.known_as:
            return self.known_as.nick
        user = self.host.state.user(self.host.session)
        return user.nick.text if user else word(self.arrival.nick if self.arrival else "")

    def opened(self) -> None:
        """IRC's clients speak first."""

    def refused(self, refusal: Refusal) -> None:
        self.host.send(line("ERROR", str(refusal)))

    def fall_short(self, refusal: Refusal) -> None:
        fall_short(self, refusal)

    def received(self, data: bytes) -> None:
        if self.arrival and is_request_line(data):
            self.host.leave(NO_HTTP)
            return
        try:
            message = parse(data)
        except EmptyLine:
            return
        except WireError as error:
            answer_misread(self, error.tags)
            self._misread(error)
        else:
            self._handle(message)

    def _misread(self, error: WireError) -> None:
        if isinstance(error, NotUtf8):
            # utf8-only: "FAIL <command> INVALID_UTF8"
            self.fail(error.verb, "INVALID_UTF8", text=str(error))
        elif isinstance(error, LineTooLong | TagsTooLong):
            self.numeric(numerics.ERR_INPUTTOOLONG)
        else:
            self.numeric(numerics.ERR_UNKNOWNERROR, "*", text=str(error))

    def _handle(self, message: Message) -> None:
        self.answering = message.verb
        if collect(self, message):
            return
        verb = VERBS.get(message.verb)
        if verb is None or verb.is_answered:
            self.answer_under_label(message.tags)
        if verb is None:
            self.unknown(message.verb)
        elif self.arrival and not verb.before:
            self.numeric(numerics.ERR_NOTREGISTERED)
        elif len(message.params) < verb.params:
            self.numeric(numerics.ERR_NEEDMOREPARAMS, message.verb)
        else:
            verb.handle(self, message)
        self.has_spoken = True

    def answer_under_label(self, tags: Mapping[str, str]) -> None:
        """Gather what is answered from here on under the label of a message with these tags, if it has one."""
        label = tags.get("label")
        if label and self.caps.labels and len(label.encode()) <= 64:
            self.host.answering(lambda lines: labelled(self, label, lines))

    def unknown(self, verb: str) -> None:
        self.numeric(numerics.ERR_UNKNOWNCOMMAND, verb[:60])

    def overlong(self, beginning: bytes) -> None:
        answer_misread(self, tags_of(beginning))
        self.numeric(numerics.ERR_INPUTTOOLONG)

    def unfinished(self) -> None:
        """A program ends its lines."""

    def cost(self, line: bytes) -> float:
        return part_cost(self, line)

    def concerned(self, event: Event) -> None:
        if more := PERSONAL_EVENTS.get(type(event)):
            more(self, event)

    def ping(self) -> bool:
        self.host.send(line("PING", self.host.facts.name))
        return True

    def ask(self, command: Command) -> bool:
        """Ask the engine; a refusal is answered, and then it is False."""
        result = self.host.ask(command)
        if isinstance(result, Refusal):
            answer(self, result)
            return False
        return True

    def refuse(self, refusal: Refusal) -> None:
        answer(self, refusal)

    def numeric(self, code: str, *params: str, text: str | None = None) -> None:
        """A numeric reply from the server; without `text`, its customary one, if it has one."""
        if text is None:
            text = numerics.TEXT.get(code)
        words = [word(param) for param in params]
        if text is not None:
            words.append(text)
        self.send(code, self.nick, *words)

    def numerics_ready(self, numerics: Iterable[tuple[str, str]]) -> None:
        """Numerics, each with what follows the nickname: written already, and known to be good."""
        start = f"@batch={self.batch} :{self.host.facts.name}" if self.batch else f":{self.host.facts.name}"
        nick = self.nick
        self.host.send("".join([f"{start} {code} {nick} {rest}\r\n" for code, rest in numerics]).encode())

    def numerics_joined(self, code: str, *params: str, words: Iterable[str], by: str = " ") -> None:
        """As many numerics as it takes to say all the words, joined in the last parameter."""
        for text in joined(words, by, room_bytes(code, self.nick, *params, source=self.host.facts.name)):
            self.numeric(code, *params, text=text)

    def send(
        self, verb: str, *params: str, source: str | None = None, tags: Mapping[str, str] | None = None
    ) -> None:
        """Send a line from the server, or from the given source."""
        all_tags = {**(self._tags() or {}), **(tags or {})} or None
        self.host.send(line(verb, *params, source=source or self.host.facts.name, tags=all_tags))

    def _tags(self) -> dict[str, str] | None:
        return {"batch": self.batch} if self.batch else None

    def fail(self, command: str, code: str, *context: str, text: str) -> None:
        """A standard reply FAIL; it is sent whether or not the client has asked for them, as the extension says."""
        source, tags = self.host.facts.name, self._tags()
        self.host.send(standard_reply("FAIL", command, code, *context, text=text, source=source, tags=tags))

    def room_named(self, name: str) -> Room | None:
        """The room of a channel name, if the client may know of it; otherwise answer that there is none."""
        room = self.host.state.room_named(name) if name.startswith("#") else None
        if room is None or not may_see(room, self.host.state.user(self.host.session)):
            self.numeric(numerics.ERR_NOSUCHCHANNEL, name)
            return None
        return room

    def notice(self, text: str) -> None:
        """A sentence from the server that no numeric says."""
        self.send("NOTICE", self.nick, text)


def word(text: str) -> str:
    """A client's word, made fit to be a middle parameter of the answer."""
    return (text.split(maxsplit=1) or ["*"])[0].lstrip(":")[:200] or "*"
