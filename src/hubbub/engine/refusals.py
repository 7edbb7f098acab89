"""Refusals: what may not be, each a state of affairs with a stable code and a sentence that says what to do next."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The polite answer to something that may not be; `str()` gives the sentence, `code` its stable name."""

    @property
    def code(self) -> str:
        return type(self).__name__

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class NameRefused(Refusal):
    name: str
    rule: str

    def __str__(self) -> str:
        return f"This name can't be used. A name is {self.rule}."


@dataclass(frozen=True, slots=True)
class NameReserved(Refusal):
    name: str

    def __str__(self) -> str:
        return f"The name {self.name} belongs to the server. Please choose another one."


@dataclass(frozen=True, slots=True)
class NickTaken(Refusal):
    """Somebody present has it, or it is the name of an account that the asker is not signed in to."""

    name: str
    by_account: bool = False

    def __str__(self) -> str:
        return "Username already taken. Please choose another one."


@dataclass(frozen=True, slots=True)
class AccountExists(Refusal):
    name: str

    def __str__(self) -> str:
        return f"The name {self.name} is already registered. Choose another one, or log in."


@dataclass(frozen=True, slots=True)
class RegistrationClosed(Refusal):
    """`how` is the policy: invitation or closed."""

    how: str

    def __str__(self) -> str:
        if self.how == "invitation":
            return "Registering here takes an invitation. Ask an administrator for one."
        return "Nobody can register here by themselves. Ask an administrator for an account."


@dataclass(frozen=True, slots=True)
class NotApproved(Refusal):
    name: str

    def __str__(self) -> str:
        return f"The account {self.name} waits for an administrator's approval. Try again later."


@dataclass(frozen=True, slots=True)
class GuestsNotAllowed(Refusal):
    def __str__(self) -> str:
        return "Guests can't come in here. Register an account, or log in to yours."


@dataclass(frozen=True, slots=True)
class ServerPasswordNeeded(Refusal):
    def __str__(self) -> str:
        return "This server has a password. Log in to an account: login NAME PASSWORD"


@dataclass(frozen=True, slots=True)
class SignedInAlready(Refusal):
    name: str

    def __str__(self) -> str:
        return f"You are logged in as {self.name} already."


@dataclass(frozen=True, slots=True)
class NotSignedIn(Refusal):
    def __str__(self) -> str:
        return "This takes an account. Register one, or log in to yours."


@dataclass(frozen=True, slots=True)
class NotPresent(Refusal):
    """The session has not come in yet, or has left."""

    def __str__(self) -> str:
        return "Choose a nickname first."


@dataclass(frozen=True, slots=True)
class KeptOut(Refusal):
    """Suspended (`until` is a time, milliseconds since the epoch) or banned (`until` is None)."""

    reason: str
    until: int | None
    by_address: bool = False

    def __str__(self) -> str:
        return f"You are kept out {describe_until(self.until)}{because(self.reason)}"


@dataclass(frozen=True, slots=True)
class TooManySessions(Refusal):
    limit: int

    def __str__(self) -> str:
        return f"This account has {self.limit} sessions already. Close one of them first."


@dataclass(frozen=True, slots=True)
class UserUnknown(Refusal):
    name: str

    def __str__(self) -> str:
        return f"User {self.name} not found"


@dataclass(frozen=True, slots=True)
class RoomUnknown(Refusal):
    name: str

    def __str__(self) -> str:
        return f"There is no room {self.name}."


@dataclass(frozen=True, slots=True)
class RoomExists(Refusal):
    name: str

    def __str__(self) -> str:
        return f"There is a room {self.name} already."


@dataclass(frozen=True, slots=True)
class RoomNameRefused(Refusal):
    name: str
    limit_bytes: int

    def __str__(self) -> str:
        return (
            f"This can't be a room's name. It has 1 to {self.limit_bytes} bytes, "
            "without spaces, commas or any of * ? ! @ :"
        )


@dataclass(frozen=True, slots=True)
class MayNotCreateRoom(Refusal):
    name: str

    def __str__(self) -> str:
        return f"There is no room {self.name}, and you may not create it. Ask an administrator."


@dataclass(frozen=True, slots=True)
class TooManyRooms(Refusal):
    name: str
    limit: int

    def __str__(self) -> str:
        return f"You are in {self.limit} rooms already. Leave one of them first."


@dataclass(frozen=True, slots=True)
class InvitationNeeded(Refusal):
    name: str

    def __str__(self) -> str:
        return f"The room {self.name} takes an invitation. Ask someone who is in it."


@dataclass(frozen=True, slots=True)
class RequestPending(Refusal):
    name: str

    def __str__(self) -> str:
        return f"You have asked for the room {self.name} already. Wait until somebody answers."


@dataclass(frozen=True, slots=True)
class RequestNotNeeded(Refusal):
    name: str

    def __str__(self) -> str:
        return f"The room {self.name} is open to you. Join it."


@dataclass(frozen=True, slots=True)
class NoRequest(Refusal):
    person: str
    room: str

    def __str__(self) -> str:
        return f"{self.person} has not asked for the room {self.room}."


@dataclass(frozen=True, slots=True)
class RoomKeyWrong(Refusal):
    name: str

    def __str__(self) -> str:
        return f"The room {self.name} has a key. Give it after the room's name."


@dataclass(frozen=True, slots=True)
class RoomFull(Refusal):
    name: str

    def __str__(self) -> str:
        return f"The room {self.name} is full. Try again later."


@dataclass(frozen=True, slots=True)
class InvitationUnknown(Refusal):
    def __str__(self) -> str:
        return "This invitation can't be used any more. Ask whoever has sent it for another one."


@dataclass(frozen=True, slots=True)
class PushInvalid(Refusal):
    def __str__(self) -> str:
        return "These are no keys of a browser. Let the page ask for them again."


@dataclass(frozen=True, slots=True)
class TooManyPlaces(Refusal):
    limit: int

    def __str__(self) -> str:
        return f"You have said of {self.limit} places what you want to be told. Let one of them be as usual first."


@dataclass(frozen=True, slots=True)
class WebhookUnknown(Refusal):
    def __str__(self) -> str:
        return "There is no such webhook. Write: webhooks"


@dataclass(frozen=True, slots=True)
class TooManyWebhooks(Refusal):
    limit: int

    def __str__(self) -> str:
        return f"There are {self.limit} webhooks already. Delete one of them first."


@dataclass(frozen=True, slots=True)
class ReportUnknown(Refusal):
    def __str__(self) -> str:
        return "There is no such report. Write: reports"


@dataclass(frozen=True, slots=True)
class AlreadyReported(Refusal):
    def __str__(self) -> str:
        return "You have reported this already. Somebody will look at it."


@dataclass(frozen=True, slots=True)
class TooManyReports(Refusal):
    def __str__(self) -> str:
        return "There are too many reports that nobody has looked at yet. Speak to a moderator."


@dataclass(frozen=True, slots=True)
class TooManyInvitations(Refusal):
    most: int

    def __str__(self) -> str:
        return f"There are {self.most} invitations already. Withdraw one first."


@dataclass(frozen=True, slots=True)
class FileRefused(Refusal):
    """It is larger than `most_bytes`, or does not fit into `quota_bytes` with the others (0: it is not about that)."""

    most_bytes: int
    quota_bytes: int

    def __str__(self) -> str:
        if self.quota_bytes:
            return f"Your files may take {size_of(self.quota_bytes)} in all. Delete some messages with files first."
        return f"A file has at most {size_of(self.most_bytes)}. Send a smaller one."


def size_of(size_bytes: int) -> str:
    """How people say it: `50 MB`."""
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size_bytes >= unit:
            return f"{size_bytes / unit:.3g} {name}"
    return f"{size_bytes} bytes"


@dataclass(frozen=True, slots=True)
class BannedFromRoom(Refusal):
    name: str

    def __str__(self) -> str:
        return f"You are banned from the room {self.name}. Ask one of its operators."


@dataclass(frozen=True, slots=True)
class NotMember(Refusal):
    name: str

    def __str__(self) -> str:
        return f"You are not in the room {self.name}. Join it first."


@dataclass(frozen=True, slots=True)
class PersonNotMember(Refusal):
    person: str
    room: str

    def __str__(self) -> str:
        return f"{self.person} is not in the room {self.room}."


@dataclass(frozen=True, slots=True)
class AlreadyMember(Refusal):
    person: str
    room: str

    def __str__(self) -> str:
        return f"{self.person} is in the room {self.room} already."


@dataclass(frozen=True, slots=True)
class NotOperator(Refusal):
    name: str

    def __str__(self) -> str:
        return f"Only an operator of the room {self.name} may do this."


@dataclass(frozen=True, slots=True)
class MayNotSpeak(Refusal):
    name: str
    why: str

    def __str__(self) -> str:
        return f"You may not speak in the room {self.name}: {self.why}."


@dataclass(frozen=True, slots=True)
class NothingSaid(Refusal):
    def __str__(self) -> str:
        return "There is nothing to send. Write a text."


@dataclass(frozen=True, slots=True)
class ModeUnknown(Refusal):
    letter: str

    def __str__(self) -> str:
        return f"There is no mode {self.letter}."


@dataclass(frozen=True, slots=True)
class ModeArgumentWrong(Refusal):
    room: str
    letter: str
    argument: str
    why: str

    def __str__(self) -> str:
        return f"The mode {self.letter} of {self.room} can't be that: {self.why}."


@dataclass(frozen=True, slots=True)
class ListFull(Refusal):
    room: str
    letter: str
    mask: str
    limit: int

    def __str__(self) -> str:
        return f"This list of the room {self.room} is full ({self.limit} entries). Remove one first."


@dataclass(frozen=True, slots=True)
class NotPermitted(Refusal):
    """It takes a higher role on the server."""

    role: str

    def __str__(self) -> str:
        return f"Only {'an' if self.role[0] == 'a' else 'a'} {self.role} may do this."


@dataclass(frozen=True, slots=True)
class AccountUnknown(Refusal):
    name: str

    def __str__(self) -> str:
        return f"There is no account {self.name}."


@dataclass(frozen=True, slots=True)
class NotKeptOut(Refusal):
    subject: str
    what: str

    def __str__(self) -> str:
        return f"{self.subject} is not {self.what}."


@dataclass(frozen=True, slots=True)
class AddressMalformed(Refusal):
    text: str

    def __str__(self) -> str:
        return f"{self.text[:60]} is neither an address nor a network. Write 192.0.2.7 or 192.0.2.0/24."


@dataclass(frozen=True, slots=True)
class LastAdministrator(Refusal):
    def __str__(self) -> str:
        return "This is the last administrator. Make another one first."


@dataclass(frozen=True, slots=True)
class ListTooLong(Refusal):
    """A list of one's own, such as the names one watches."""

    limit: int
    rest: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"This list holds {self.limit} names at most. Remove some first."


@dataclass(frozen=True, slots=True)
class RoomMoved(Refusal):
    name: str
    new: str

    def __str__(self) -> str:
        return f"The room {self.name} is called {self.new} now. Join that one."


@dataclass(frozen=True, slots=True)
class MessageUnknown(Refusal):
    def __str__(self) -> str:
        return "There is no such message, or it was deleted."


@dataclass(frozen=True, slots=True)
class MayNotEdit(Refusal):
    def __str__(self) -> str:
        return "You can change your own messages only."


@dataclass(frozen=True, slots=True)
class MayNotRedact(Refusal):
    def __str__(self) -> str:
        return "You can delete your own messages only. Ask an operator of the room."


@dataclass(frozen=True, slots=True)
class MetadataKeyInvalid(Refusal):
    key: str

    def __str__(self) -> str:
        return "This is no valid key. A key is of a-z, 0-9 and _ . / -"


@dataclass(frozen=True, slots=True)
class MetadataNotPermitted(Refusal):
    target: str
    key: str

    def __str__(self) -> str:
        return "You can set this for yourself, and for rooms of which you are an operator."


@dataclass(frozen=True, slots=True)
class MetadataNotSet(Refusal):
    target: str
    key: str

    def __str__(self) -> str:
        return "This key is not set."


@dataclass(frozen=True, slots=True)
class MetadataFull(Refusal):
    target: str
    limit: int

    def __str__(self) -> str:
        return f"At most {self.limit} keys can be set. Remove some first."


@dataclass(frozen=True, slots=True)
class MetadataValueTooLong(Refusal):
    bytes_max: int

    def __str__(self) -> str:
        return f"A value has at most {self.bytes_max} bytes. Send a shorter one."


@dataclass(frozen=True, slots=True)
class TooManyTokens(Refusal):
    limit: int

    def __str__(self) -> str:
        return f"An account has at most {self.limit} tokens. Remove some first."


@dataclass(frozen=True, slots=True)
class TokenExists(Refusal):
    name: str

    def __str__(self) -> str:
        return f"You have a token called {self.name} already. Choose another name, or remove it first."


@dataclass(frozen=True, slots=True)
class TokenUnknown(Refusal):
    name: str

    def __str__(self) -> str:
        return f"You have no token called {self.name}."


@dataclass(frozen=True, slots=True)
class SignInFailed(Refusal):
    """Said alike for an unknown account and a wrong password: a stranger can't find out which accounts there are."""

    def __str__(self) -> str:
        return "The name or the password is wrong. Try again."


@dataclass(frozen=True, slots=True)
class TooManyAttempts(Refusal):
    wait_seconds: int

    def __str__(self) -> str:
        return f"Too many attempts. Try again in {self.wait_seconds} seconds."


@dataclass(frozen=True, slots=True)
class PasswordRefused(Refusal):
    characters_min: int
    bytes_max: int

    def __str__(self) -> str:
        return f"A password has at least {self.characters_min} characters and at most {self.bytes_max} bytes."


@dataclass(frozen=True, slots=True)
class NotSecure(Refusal):
    """The connection is in clear and comes from another machine."""

    how: str

    def __str__(self) -> str:
        return f"Passwords and messages go only over an encrypted connection here. {self.how}"


def because(reason: str) -> str:
    return f": {reason}" if reason else "."


def describe_until(until: int | None) -> str:
    """In words: when it ends, in UTC to the second; `until` in milliseconds since the epoch."""
    if until is None:
        return "until somebody lifts it"
    moment = _EPOCH + timedelta(milliseconds=until)
    return f"until {moment:%Y-%m-%d %H:%M:%S} UTC"
