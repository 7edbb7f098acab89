"""Refusals: what may not be, each a state of affairs with a stable code and a sentence that says what to do next."""

from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Refusal(Struct, frozen=True):
    """The polite answer to something that may not be; `str()` gives the sentence, `code` its stable name."""

    @property
    def code(self) -> str:
        return type(self).__name__

    def __str__(self) -> str:
        return self.code


class NameRefused(Refusal, frozen=True):
    name: str
    rule: str

    def __str__(self) -> str:
        return f"This name can't be used. A name is {self.rule}."


class NameReserved(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"The name {self.name} belongs to the server. Please choose another one."


class NameMixed(Refusal, frozen=True):
    """Letters of several scripts stand in it that don't go together in one name."""

    name: str
    scripts: tuple[str, ...]

    def __str__(self) -> str:
        mixed = " and ".join((", ".join(self.scripts[:-1]), self.scripts[-1]))
        return f"This name mixes {mixed} letters. Please choose one in letters of one alphabet."


class NickAlike(Refusal, frozen=True):
    """It looks like the name of somebody else, present or not."""

    name: str
    other: str

    def __str__(self) -> str:
        return f"This name looks too much like {self.other}. Please choose another one."


class NickTaken(Refusal, frozen=True):
    """Somebody present has it, or it is the name of an account that the asker is not signed in to."""

    name: str
    by_account: bool = False

    def __str__(self) -> str:
        return "Username already taken. Please choose another one."


class AccountExists(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"The name {self.name} is already registered. Choose another one, or log in."


class RegistrationClosed(Refusal, frozen=True):
    """`how` is the policy: invitation or closed."""

    how: str

    def __str__(self) -> str:
        if self.how == "invitation":
            return "Registering here takes an invitation. Ask an administrator for one."
        return "Nobody can register here by themselves. Ask an administrator for an account."


class NotApproved(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"The account {self.name} waits for an administrator's approval. Try again later."


class GuestsNotAllowed(Refusal, frozen=True):
    def __str__(self) -> str:
        return "Guests can't come in here. Register an account, or log in to yours."


class ServerPasswordNeeded(Refusal, frozen=True):
    def __str__(self) -> str:
        return "This server has a password. Log in to an account: login NAME PASSWORD"


class SignedInAlready(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"You are logged in as {self.name} already."


class NotSignedIn(Refusal, frozen=True):
    def __str__(self) -> str:
        return "This takes an account. Register one, or log in to yours."


class NotPresent(Refusal, frozen=True):
    """The session has not come in yet, or has left."""

    def __str__(self) -> str:
        return "Choose a nickname first."


class KeptOut(Refusal, frozen=True):
    """Suspended (`until` is a time, milliseconds since the epoch) or banned (`until` is None)."""

    reason: str
    until: int | None

    def __str__(self) -> str:
        return f"You are kept out {describe_until(self.until)}{because(self.reason)}"


class TooManySessions(Refusal, frozen=True):
    limit: int

    def __str__(self) -> str:
        return f"This account has {self.limit} sessions already. Close one of them first."


class UserUnknown(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"User {self.name} not found"


class RoomUnknown(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"There is no room {self.name}."


class RoomExists(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"There is a room {self.name} already."


class RoomAlike(Refusal, frozen=True):
    """Its name looks like that of a room which the asker may know of."""

    name: str
    other: str

    def __str__(self) -> str:
        return f"This name looks too much like that of the room {self.other}. Join that one, or choose another name."


class RoomNameUnavailable(Refusal, frozen=True):
    """It can't be made for a reason that is none of the asker's business."""

    name: str

    def __str__(self) -> str:
        return f"There can't be a room {self.name} here. Please choose another name."


class RoomSpelled(Refusal, frozen=True):
    """The room that is meant is written in another way, or would be."""

    name: str
    right: str

    def __str__(self) -> str:
        return f"The room is written {self.right}. Join that one."


class RoomNameRefused(Refusal, frozen=True):
    name: str
    limit_bytes: int

    def __str__(self) -> str:
        return (
            f"This can't be a room's name. It has 1 to {self.limit_bytes} bytes, "
            "without spaces, commas, invisible characters or any of * ? ! @ :"
        )


class MayNotCreateRoom(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"There is no room {self.name}, and you may not create it. Ask an administrator."


class TooManyRooms(Refusal, frozen=True):
    name: str
    limit: int

    def __str__(self) -> str:
        return f"You are in {self.limit} rooms already. Leave one of them first."


class TooManyRoomsMade(Refusal, frozen=True):
    name: str
    limit: int

    def __str__(self) -> str:
        return (
            f"There are {self.limit} rooms already that you have made. Use one of them, "
            "or ask an administrator to delete what is not needed."
        )


class RoomsMadeTooFast(Refusal, frozen=True):
    name: str
    wait_seconds: int

    def __str__(self) -> str:
        minutes = -(-self.wait_seconds // 60)
        return f"As many rooms as may be were made today. Make the room {self.name} in {minutes} minutes."


class RoomInUse(Refusal, frozen=True):
    def __str__(self) -> str:
        return "The room is not there, or in use."


class InvitationNeeded(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"The room {self.name} takes an invitation. Ask someone who is in it."


class RequestPending(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"You have asked for the room {self.name} already. Wait until somebody answers."


class RequestNotNeeded(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"The room {self.name} is open to you. Join it."


class NoRequest(Refusal, frozen=True):
    person: str
    room: str

    def __str__(self) -> str:
        return f"{self.person} has not asked for the room {self.room}."


class RoomKeyWrong(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"The room {self.name} has a key. Give it after the room's name."


class RoomFull(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"The room {self.name} is full. Try again later."


class InvitationUnknown(Refusal, frozen=True):
    def __str__(self) -> str:
        return "This invitation can't be used any more. Ask whoever has sent it for another one."


class PushInvalid(Refusal, frozen=True):
    def __str__(self) -> str:
        return "These are no keys of a browser. Let the page ask for them again."


class PushAddressRefused(Refusal, frozen=True):
    def __str__(self) -> str:
        return (
            "A push service has an address that begins with https:// and a name of the Internet, at port 443. "
            "Nothing has changed."
        )


class TooManyPlaces(Refusal, frozen=True):
    limit: int

    def __str__(self) -> str:
        return f"You have said of {self.limit} places what you want to be told. Let one of them be as usual first."


class DraftTooLong(Refusal, frozen=True):
    limit: int

    def __str__(self) -> str:
        return f"A draft has at most {self.limit} bytes. Shorten it to have it on your other devices."


class WebhookUnknown(Refusal, frozen=True):
    def __str__(self) -> str:
        return "There is no such webhook. Write: webhooks"


class WebhookAddressRefused(Refusal, frozen=True):
    """`why` is a whole sentence with what to do."""

    why: str

    def __str__(self) -> str:
        return f"{self.why} Nothing has changed."


class TooManyWebhooks(Refusal, frozen=True):
    limit: int

    def __str__(self) -> str:
        return f"There are {self.limit} webhooks already. Delete one of them first."


class EmojiNameRefused(Refusal, frozen=True):
    def __str__(self) -> str:
        return (
            "This name can't be used. The name of an emoji is 2 to 32 small letters from a to z, digits, "
            "and the signs _ - +."
        )


class EmojiNameTaken(Refusal, frozen=True):
    """By another custom emoji, or by one of those that everybody has."""

    name: str

    def __str__(self) -> str:
        return f"There is an emoji :{self.name}: already. Choose another name."


class EmojiUnknown(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return (
            f"Nobody has added an emoji :{self.name[:32]}: here. The list of emoji has those that there are."
        )


class EmojiOfAnother(Refusal, frozen=True):
    name: str
    by: str

    def __str__(self) -> str:
        return f"{self.by} has added :{self.name}:. Ask them or an administrator to change it."


class TooManyEmoji(Refusal, frozen=True):
    limit: int

    def __str__(self) -> str:
        return f"There are {self.limit} emoji already. Delete one of them first."


class ReportUnknown(Refusal, frozen=True):
    def __str__(self) -> str:
        return "There is no such report. Write: reports"


class AlreadyReported(Refusal, frozen=True):
    def __str__(self) -> str:
        return "You have reported this already. Somebody will look at it."


class TooManyReports(Refusal, frozen=True):
    def __str__(self) -> str:
        return "There are too many reports that nobody has looked at yet. Speak to a moderator."


class TooManyInvitations(Refusal, frozen=True):
    most: int

    def __str__(self) -> str:
        return f"There are {self.most} invitations already. Withdraw one first."


class FileRefused(Refusal, frozen=True):
    """It is larger than `most_bytes`, or does not fit into `quota_bytes` with the others (0: it is not about that)."""

    most_bytes: int
    quota_bytes: int

    def __str__(self) -> str:
        if self.quota_bytes:
            return f"Your files may take {size_of(self.quota_bytes)} in all. Delete some messages with files first."
        return f"A file has at most {size_of(self.most_bytes)}. Send a smaller one."


class FilesFull(Refusal, frozen=True):
    """With it the files of everybody would take more than `most_bytes`."""

    most_bytes: int

    def __str__(self) -> str:
        return f"All files together may take {size_of(self.most_bytes)} here. Ask an administrator for more room."


def size_of(size_bytes: int) -> str:
    """How people say it: `50 MB`."""
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size_bytes >= unit:
            return f"{size_bytes / unit:.3g} {name}"
    return f"{size_bytes} bytes"


class BannedFromRoom(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"You are banned from the room {self.name}. Ask one of its operators."


class NotMember(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"You are not in the room {self.name}. Join it first."


class PersonNotMember(Refusal, frozen=True):
    person: str
    room: str

    def __str__(self) -> str:
        return f"{self.person} is not in the room {self.room}."


class AlreadyMember(Refusal, frozen=True):
    person: str
    room: str

    def __str__(self) -> str:
        return f"{self.person} is in the room {self.room} already."


class NotOperator(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"Only an operator of the room {self.name} may do this."


class MayNotSpeak(Refusal, frozen=True):
    name: str
    why: str

    def __str__(self) -> str:
        return f"You may not speak in the room {self.name}: {self.why}."


class OnlySignedInWrite(Refusal, frozen=True):
    """The one who is written to has set it so."""

    name: str

    def __str__(self) -> str:
        return f"{self.name} takes private messages only from people with an account. Log in to yours first."


class NothingSaid(Refusal, frozen=True):
    def __str__(self) -> str:
        return "There is nothing to send. Write a text."


class ModeUnknown(Refusal, frozen=True):
    letter: str

    def __str__(self) -> str:
        return f"There is no mode {self.letter}."


class ModeArgumentWrong(Refusal, frozen=True):
    room: str
    letter: str
    argument: str
    why: str

    def __str__(self) -> str:
        return f"The mode {self.letter} of {self.room} can't be that: {self.why}."


class ListFull(Refusal, frozen=True):
    room: str
    letter: str
    mask: str
    limit: int

    def __str__(self) -> str:
        return f"This list of the room {self.room} is full ({self.limit} entries). Remove one first."


class NotPermitted(Refusal, frozen=True):
    """It takes a higher role on the server."""

    role: str

    def __str__(self) -> str:
        return f"Only {'an' if self.role[0] == 'a' else 'a'} {self.role} may do this."


class AccountUnknown(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"There is no account {self.name}."


class NotKeptOut(Refusal, frozen=True):
    subject: str
    what: str

    def __str__(self) -> str:
        return f"{self.subject} is not {self.what}."


class AddressMalformed(Refusal, frozen=True):
    text: str

    def __str__(self) -> str:
        return f"{self.text[:60]} is neither an address nor a network. Write 192.0.2.7 or 192.0.2.0/24."


class NetworkHoldsMany(Refusal, frozen=True):
    """Keeping it out would reach further than one may think; `why` says whom."""

    network: str
    why: str

    def __str__(self) -> str:
        return f"{self.network} {self.why}. If you mean it, write a ! behind it: {self.network}!"


class LastAdministrator(Refusal, frozen=True):
    def __str__(self) -> str:
        return "This is the last administrator. Make another one first."


class ListTooLong(Refusal, frozen=True):
    """A list of one's own, such as the names one watches."""

    limit: int
    rest: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"This list holds {self.limit} names at most. Remove some first."


class RoomMoved(Refusal, frozen=True):
    name: str
    new: str

    def __str__(self) -> str:
        return f"The room {self.name} is called {self.new} now. Join that one."


class MessageUnknown(Refusal, frozen=True):
    def __str__(self) -> str:
        return "There is no such message, or it was deleted."


class MayNotEdit(Refusal, frozen=True):
    def __str__(self) -> str:
        return "You can change your own messages only."


class MayNotRedact(Refusal, frozen=True):
    def __str__(self) -> str:
        return "You can delete your own messages only. Ask an operator of the room."


class MetadataKeyInvalid(Refusal, frozen=True):
    key: str

    def __str__(self) -> str:
        return "This is no valid key. A key is of a-z, 0-9 and _ . / -"


class MetadataNotPermitted(Refusal, frozen=True):
    target: str
    key: str

    def __str__(self) -> str:
        return "You can set this for yourself, and for rooms of which you are an operator."


class MetadataNotSet(Refusal, frozen=True):
    target: str
    key: str

    def __str__(self) -> str:
        return "This key is not set."


class MetadataFull(Refusal, frozen=True):
    target: str
    limit: int

    def __str__(self) -> str:
        return f"At most {self.limit} keys can be set. Remove some first."


class MetadataNameOfAnother(Refusal, frozen=True):
    """A name to be shown by that is somebody else's, or speaks for the server, or looks as if."""

    key: str

    def __str__(self) -> str:
        return "This name is somebody else's, or belongs to the server. Let another one be shown."


class MetadataValueTooLong(Refusal, frozen=True):
    key: str
    bytes_max: int

    def __str__(self) -> str:
        return f"A value has at most {self.bytes_max} bytes. Send a shorter one."


class TooManyTokens(Refusal, frozen=True):
    limit: int

    def __str__(self) -> str:
        return f"An account has at most {self.limit} tokens. Remove some first."


class TokenExists(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"You have a token called {self.name} already. Choose another name, or remove it first."


class TokenUnknown(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"You have no token called {self.name}."


class SignInFailed(Refusal, frozen=True):
    """Said alike for an unknown account and a wrong password: a stranger can't find out which accounts there are."""

    def __str__(self) -> str:
        return "The name or the password is wrong. Try again."


class OldPasswordWrong(Refusal, frozen=True):
    """Who wants a new password has not said the one there is."""

    def __str__(self) -> str:
        return "That is not your password. Nothing has changed. Try again, or ask an administrator for a new one."


class PasswordIsOwn(Refusal, frozen=True):
    """An administrator would reset the password of their own account, without saying the one there is."""

    def __str__(self) -> str:
        return (
            "This is your own account: change its password by saying the old one, as everybody does. "
            "Whoever has lost it asks another administrator, or the owner of the machine."
        )


class TooManyAttempts(Refusal, frozen=True):
    wait_seconds: int

    def __str__(self) -> str:
        return f"Too many attempts. Try again in {self.wait_seconds} seconds."


class TooManyWaiting(Refusal, frozen=True):
    """Proving a password takes a while, and so many of them wait already that this one is not begun."""

    def __str__(self) -> str:
        return "Too many people are signing in at the moment. Try again in a few seconds."


class PasswordRefused(Refusal, frozen=True):
    characters_min: int
    bytes_max: int

    def __str__(self) -> str:
        return f"A password has at least {self.characters_min} characters and at most {self.bytes_max} bytes."


class PasswordCommon(Refusal, frozen=True):
    def __str__(self) -> str:
        return "That is one of the thousand passwords that are tried first. Choose one that nobody else has."


class PasswordIsName(Refusal, frozen=True):
    def __str__(self) -> str:
        return (
            "A password is more than the name of its account or of the server with a few characters around it. "
            "Choose another one."
        )


class PasswordNotSendable(Refusal, frozen=True):
    """What some program would drop, or could not send."""

    def __str__(self) -> str:
        return (
            "A password has no space at its ends, no tab and no other control character, and is sent as UTF-8: "
            "you could not log in with it from every program. Choose another one."
        )


class DiskTakesNothing(Refusal, frozen=True):
    """What was asked for would have to last, and can't."""

    def __str__(self) -> str:
        return (
            "The disk of this server takes nothing at the moment, so this was not done. You can read on; try it again "
            "in some minutes, or tell an administrator."
        )


class DataUnreadable(Refusal, frozen=True):
    """What was asked for could not be read; the log tells why."""

    def __str__(self) -> str:
        return (
            "The server can't read what you asked for; its log says why. Try again, or tell an administrator."
        )


class NotSecure(Refusal, frozen=True):
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
