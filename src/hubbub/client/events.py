"""The client's events: one page of all that it tells to a face or a bot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubbub.client.chat_model import Conversation, Message, Outgoing, Person

if TYPE_CHECKING:
    from hubbub.client.threads import Thread


@dataclass(frozen=True, slots=True)
class Event:
    """Something has happened; the client's state tells it already."""


# Coming and going


@dataclass(frozen=True, slots=True)
class Connecting(Event):
    """A connection is tried; the `attempt` since the last that succeeded, from 1."""

    attempt: int


@dataclass(frozen=True, slots=True)
class Welcomed(Event):
    """One is in, under this nickname; `again` if it is not for the first time."""

    nick: str
    again: bool


@dataclass(frozen=True, slots=True)
class Disconnected(Event):
    """The connection has ended; the next try is in `retry_seconds`, None for never by itself."""

    reason: str
    retry_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class ServerCloses(Event):
    """The server ends the connection, and says why."""

    reason: str


@dataclass(frozen=True, slots=True)
class SignedOut(Event):
    """The server has ended the session for good: its user has to sign in anew; nothing is tried again by itself."""

    reason: str


@dataclass(frozen=True, slots=True)
class SignedIn(Event):
    """One is signed in to this account, at first or later."""

    account: str


@dataclass(frozen=True, slots=True)
class SignInFailed(Event):
    """The server does not take the credentials, or offers no way to; nothing is tried again by itself."""

    reason: str


@dataclass(frozen=True, slots=True)
class NicknameRefused(Event):
    """Before one is in: the nickname is taken, or none that the server allows. Choose with `Client.take_nick`."""

    nick: str
    reason: str


@dataclass(frozen=True, slots=True)
class Registered(Event):
    """An account was made; it may have to be verified or approved before it can be used."""

    account: str
    text: str
    is_ready: bool


@dataclass(frozen=True, slots=True)
class RegistrationFailed(Event):
    """No account was made."""

    reason: str


@dataclass(frozen=True, slots=True)
class TlsRequired(Event):
    """The server wants to be reached by TLS only, at this port (STS)."""

    port: int


@dataclass(frozen=True, slots=True)
class TlsPromised(Event):
    """The server will be reachable by TLS for so long; to be kept between runs (STS). 0 takes it back."""

    seconds: int


@dataclass(frozen=True, slots=True)
class CertificateTrusted(Event):
    """The server's own certificate was seen for the first time; from now on only this one is taken."""

    fingerprint: str


@dataclass(frozen=True, slots=True)
class CertificateChanged(Event):
    """The server's certificate has changed: nothing was sent, since the connection may be intercepted."""

    known: str
    shown: str


# Conversations


@dataclass(frozen=True, slots=True)
class ConversationOpened(Event):
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class ConversationChanged(Event):
    """Its topic, modes, name, or whether one is in it."""

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class GroupChatOpened(Event):
    """The group chat that its user has asked for by naming people; new or not."""

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class ConversationClosed(Event):
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class MembersChanged(Event):
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class PersonChanged(Event):
    person: Person


@dataclass(frozen=True, slots=True)
class UnreadChanged(Event):
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class TypingChanged(Event):
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class ThreadChanged(Event):
    """A thread has more or fewer replies, others are loaded, or what its user has of it changed."""

    conversation: Conversation
    thread: "Thread"


@dataclass(frozen=True, slots=True)
class ThreadsListed(Event):
    """`Client.threads.followed` has more threads."""


@dataclass(frozen=True, slots=True)
class DraftChanged(Event):
    """A draft from another device replaced the text in a conversation's composer."""

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class Invited(Event):
    """A person invites the user to a room."""

    room: str
    by: str


@dataclass(frozen=True, slots=True)
class RoomRequested(Event):
    """A person asks to join a room that the user moderates."""

    room: str
    nick: str
    wish: str


# Messages


@dataclass(frozen=True, slots=True)
class MessageReceived(Event):
    """Something was said, or happened, just now. What one says oneself comes here too, once the server has shown it."""

    conversation: Conversation
    message: Message


@dataclass(frozen=True, slots=True)
class MessageChanged(Event):
    """It was edited, deleted or reacted to."""

    conversation: Conversation
    message: Message


@dataclass(frozen=True, slots=True)
class HistoryLoaded(Event):
    """A page of history is there; `messages` are what is new of it, wherever in the timeline they stand."""

    conversation: Conversation
    messages: Sequence[Message]


@dataclass(frozen=True, slots=True)
class OutboxChanged(Event):
    """Something that is to be sent was added, sent, taken or refused; `Outgoing.error` says why."""

    conversation: Conversation
    outgoing: Outgoing


# Answers


@dataclass(frozen=True, slots=True)
class ServerSaid(Event):
    """Words of the server's own, or of a service of it; in `conversation`, where they belong to one."""

    sender: str
    text: str
    conversation: Conversation | None = None


@dataclass(frozen=True, slots=True)
class Refused(Event):
    """The server did not do what was asked, by `command` where that is known; `text` is for people, `code` is not."""

    command: str
    code: str
    text: str
    conversation: Conversation | None = None


@dataclass(frozen=True, slots=True)
class EmojiChanged(Event):
    """The emoji of the place's own are others."""


@dataclass(frozen=True, slots=True)
class Reported(Event):
    """The user's report has reached the server's operators."""


@dataclass(frozen=True, slots=True)
class SearchFinished(Event):
    """The messages found, oldest first, each with the name of its conversation."""

    query: str
    found: Sequence[tuple[str, Message]]
    error: str = ""


@dataclass(frozen=True, slots=True)
class RoomListed:
    """One row of the list of rooms; no event."""

    name: str
    members: int
    topic: str


@dataclass(frozen=True, slots=True)
class RoomsListed(Event):
    rooms: Sequence[RoomListed]


@dataclass(frozen=True, slots=True)
class PeopleListed(Event):
    """The people connected, as far as the server lists them."""

    nicks: Sequence[str]


@dataclass(frozen=True, slots=True)
class DirectoryChanged(Event):
    """`Client.directory` has newer rooms or people."""


@dataclass(frozen=True, slots=True)
class PersonDescribed(Event):
    """A WHOIS answer, by field."""

    nick: str
    facts: Mapping[str, str]
