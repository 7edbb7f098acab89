"""The interface between a dialect and the shell around it: what each asks of the other."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from msgspec import Struct

from hubbub.engine.entering import SessionEntered
from hubbub.engine.event import Command, Event
from hubbub.engine.joining_and_inviting import Invited
from hubbub.engine.membership import MemberJoined
from hubbub.engine.messages import MessageSaid
from hubbub.engine.metadata import MetadataSet, MetadataTold
from hubbub.engine.monitors import NickAppeared, NickVanished
from hubbub.engine.refusals import Refusal
from hubbub.engine.rooms import RoomDeleted, RoomRenamed
from hubbub.engine.signin import UserSignedIn
from hubbub.engine.state import State
from hubbub.wire.scram import Stored

NO_HTTP: Final = "This port does not serve HTTP"
"""Why a session ends that begins with a request: any page could make a browser say it, and lines behind it."""


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """The server's facts for dialects; times in milliseconds since the epoch."""

    name: str = "hubbub"
    network: str = "Hubbub"
    version: str = ""
    started: int = 0
    motd: tuple[str, ...] = ()
    admin: tuple[str, str, str] = ("", "", "")
    """The server's location, its owner, and a contact address."""
    files: str = ""
    """The address for uploads, if they are accepted."""
    vapid: str = ""
    """The public key that authenticates the server to push services, as base64url, if Web Push is on."""
    icon: str = ""
    """The address of the server's icon, if it has one."""
    sts: str | None = None
    """The value of the `sts` capability for this listener, if any."""
    scram: bool = True
    """Whether SCRAM-SHA-256 is offered."""
    history_limit: int = 1000
    """The most messages that one request for history gives."""
    targets_limit: int = 4
    """The most targets that one command may name."""
    counters: Mapping[str, int] = field(default_factory=dict, hash=False)
    """Live figures: `users_max`, the most users that were present at once."""


class Confidential(Struct, frozen=True):
    """A request whose content is never logged."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class SignInByPassword(Confidential, frozen=True):
    """Sign the session in to an account. Answers None, or the refusal."""

    name: str
    password: str


class SignInByProof(Struct, frozen=True):
    """Sign the session in to an account whose password it has proved to know (SCRAM), or failed to (`proved`).

    `challenge` is what it was proved with: it counts only as long as the account's keys are these.
    """

    name: str
    proved: bool
    challenge: Stored
    only_proves: bool = False
    """Whether to verify without signing in: the attempt counts, and is answered."""


class Register(Confidential, frozen=True):
    """Make an account and sign the session in to it. Answers None, or the refusal."""

    name: str
    password: str


class ChangePassword(Confidential, frozen=True):
    """Change the password of the session's account, given the old one.

    With `everywhere` all other sessions and secrets end. Answers what has ended, or the refusal.
    """

    old: str
    password: str
    everywhere: bool = True


class BecomeOperator(Confidential, frozen=True):
    """Take the role that the settings give to an operator's name and password. Answers None, or the refusal."""

    name: str
    password: str


class ReadHistory(Struct, frozen=True):
    """Messages of a room, or of the conversation of two persons, in the order of their ids.

    Those with `after` < id < `before`; the newest `limit` of them, or the oldest if `oldest`. With `events` also
    who joined, left, reacted and changed what. Answers a tuple of events.
    """

    limit: int
    room: int = 0
    persons: tuple[int, int] = (0, 0)
    after: int = 0
    before: int = (1 << 63) - 1
    oldest: bool = False
    events: bool = False


class ReadConversations(Struct, frozen=True):
    """With whom a person has exchanged private messages, with `after` < id of the last one < `before`.

    The newest `limit` of them, or the oldest if `oldest`. Answers a tuple of (the other's id, the other's name, the id
    of the last message), the earliest first.
    """

    person: int
    limit: int
    after: int = 0
    before: int = (1 << 63) - 1
    oldest: bool = False


class ReadMessage(Struct, frozen=True):
    """One message, or reaction, by its id. Answers the event, or None if there is none."""

    id: int


class ReadByNonce(Struct, frozen=True):
    """The message that a client has sent under this nonce. Answers the event, or None if there is none."""

    nonce: str


class ReadContext(Struct, frozen=True):
    """Read the reactions, and the deletions, of each of these messages.

    Answers a mapping from a message's id to a tuple of events.
    """

    messages: tuple[int, ...]


class ReadThread(Struct, frozen=True):
    """The thread that a message begins or belongs to. Answers a `Thread`, or None if there is no such message."""

    message: int


class ReadReplies(Struct, frozen=True):
    """The newest `limit` replies of a thread, with id < `before`. Answers a tuple of events, in order."""

    root: int
    limit: int
    before: int = (1 << 63) - 1


class ReadThreadMarks(Struct, frozen=True):
    """What messages have to do with threads. Answers `ThreadMarks`."""

    messages: tuple[int, ...]


class ReadFollowed(Struct, frozen=True):
    """A page of the threads with these roots, given with the ids up to which the person has read them.

    Only those whose last reply has an id < `before`, the newest first. Answers `FollowedThreads`.
    """

    person: int
    read: dict[int, int]
    limit: int
    before: int = (1 << 63) - 1


class SearchMessages(Struct, frozen=True):
    """Messages with all these words, as far as the asker may read them; the newest `limit` of them.

    `rooms` are pairs of a room and the id from which on it is read; with `person`, also what this person has exchanged
    privately with others, or with the one of them that is `other`. `sender` is a nickname. Answers a tuple of events,
    in the order of their ids, or None if searching has failed.
    """

    text: str
    limit: int
    rooms: tuple[tuple[int, int], ...] = ()
    person: int = 0
    other: int = 0
    sender: str = ""
    after: int = 0
    before: int = (1 << 63) - 1


class SignInByToken(Confidential, frozen=True):
    """Sign the session in to the account that a token is for, which is `name` if one is given.

    Answers None, or the refusal.
    """

    name: str
    token: str


class SignInByCertificate(Struct, frozen=True):
    """Sign the session in to the account that its client's certificate is for, which is `name` if one is given.

    Answers None, or the refusal.
    """

    name: str


class TrustGateway(Confidential, frozen=True):
    """Believe what a gateway says of its client: where it is, and whether it comes over TLS to the gateway.

    Answers None, or the refusal.
    """

    gateway: str
    password: str
    address: str
    port: int
    secure: bool
    fingerprint: str


class Administer(Confidential, frozen=True):
    """Run one line of the administrator's commands. Answers a list of lines to show."""

    line: str


Effect = (
    SignInByPassword
    | SignInByProof
    | Register
    | ChangePassword
    | BecomeOperator
    | ReadHistory
    | ReadConversations
    | ReadMessage
    | ReadByNonce
    | ReadContext
    | ReadThread
    | ReadReplies
    | ReadThreadMarks
    | ReadFollowed
    | SearchMessages
    | SignInByToken
    | SignInByCertificate
    | TrustGateway
    | Administer
)


class View(Protocol):
    """The rendering of events for all sessions that share it; interned, so that equal views are one object."""

    echo: bool
    """Whether a session is shown what it has said itself."""

    def render(self, event: Event) -> bytes:
        """The bytes for an event; none if there is nothing to show. Depends on nothing but the event."""
        ...


class SessionApi(Protocol):
    """The shell, as one session of a dialect sees it."""

    session: int
    address: str
    private: bool
    """Whether what is said here can't be overheard: over TLS, or from this machine."""

    fingerprint: str
    """The SHA-256 of the certificate that the client has shown over TLS, in hexadecimal digits; empty if none."""

    @property
    def state(self) -> State: ...

    @property
    def facts(self) -> ServerInfo: ...

    def now(self) -> int:
        """Milliseconds since the epoch."""
        ...

    def last_id(self) -> int:
        """The id of the last event."""
        ...

    def nonce(self) -> str:
        """A fresh, unguessable text of printable ASCII, at least 18 letters, without commas."""
        ...

    def ticket(self) -> str:
        """A secret, as `nonce`, that proves this session over HTTP as long as it lives; the one before is void."""
        ...

    def challenge(self, name: str) -> Stored | None:
        """The SCRAM keys for a name, whether such an account exists or not; None for no keys."""
        ...

    def admits(self, password: str) -> Refusal | None:
        """None if this is the server's password, or if it has none; else why it does not do."""
        ...

    def ask(self, command: Command) -> Sequence[Event] | Refusal:
        """Run an engine command. When this returns, its events have been shown to all, this session included."""
        ...

    def send(self, data: bytes) -> None:
        """Whole lines for this session, shown in order with everything else, once what led to them is on disk."""
        ...

    def begin(self, thing: Effect, then: Callable[[Any], None], answer_first: bool = False) -> None:
        """Start a slow thing and go on with `then`.

        Meanwhile what the peer sends waits, and so does what others would show it: the answer comes in its place. What
        the thing leads to is shown as it happens, behind what others did before; with `answer_first` behind what
        `then` sends. One that is begun meanwhile follows.
        """
        ...

    def answering(self, wrap: Callable[[list[bytes]], bytes]) -> None:
        """Gather what this session is sent in answer to the line in hand, and send what `wrap` makes of it.

        The answer is whole when the line has been handled and no slow thing that it began is under way.
        """
        ...

    def view_changed(self) -> None:
        """To be called when the talk's view is another one from now on."""
        ...

    def leave(self, reason: str) -> None:
        """End this session: others are notified, queued bytes are delivered, then the connection closes."""
        ...


class DialectSession(Protocol):
    """One session in its dialect."""

    @property
    def view(self) -> View: ...

    def opened(self) -> None:
        """The connection is there; greet, where the dialect does."""
        ...

    def refused(self, refusal: Refusal) -> None:
        """The connection can't be: say why. It closes afterwards."""
        ...

    def fall_short(self, refusal: Refusal) -> None:
        """Report a command that failed halfway, and go on."""
        ...

    def received(self, line: bytes) -> None:
        """One line without its end; a longer one than allowed never comes here."""
        ...

    def overlong(self, beginning: bytes) -> None:
        """A line came that is longer than allowed: as much of it as is; the rest is dropped."""
        ...

    def unfinished(self) -> None:
        """Half a line has been there for some seconds, and nothing follows."""
        ...

    def cost(self, line: bytes) -> float:
        """The cost of a line for the peer's pace: 1, or less for a part of an incomplete message."""
        ...

    @property
    def personal_events(self) -> Container[type[Event]]:
        """The kinds of events of which `concerned` may have something to say."""
        ...

    def concerned(self, event: Event) -> None:
        """An event of `PERSONAL` that concerns this session; it has been shown already."""
        ...

    def ping(self) -> bool:
        """Ask the peer for a sign of life; False if the dialect has no way to."""
        ...


PERSONAL: Final[dict[type[Event], Callable[[Any], int] | None]] = {
    MemberJoined: lambda event: event.origin.person,
    SessionEntered: None,
    UserSignedIn: lambda event: event.origin.person,
    Invited: lambda event: event.person,
    RoomDeleted: None,
    RoomRenamed: None,
    NickAppeared: None,
    NickVanished: None,
    MessageSaid: None,
    MetadataSet: None,
    MetadataTold: None,
}
"""Events of which one person is shown more than the others: that person, or None for all in the audience."""
