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
        return f"This name can't be used. Names are {self.rule}."


class NameReserved(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"The name {self.name} is reserved. Choose another one."


class NameMixed(Refusal, frozen=True):
    """Letters of several scripts stand in it that don't go together in one name."""

    name: str
    scripts: tuple[str, ...]

    def __str__(self) -> str:
        mixed = " and ".join((", ".join(self.scripts[:-1]), self.scripts[-1]))
        return f"This name mixes {mixed} letters. Choose one that uses a single alphabet."


class NickAlike(Refusal, frozen=True):
    """It looks like the name of somebody else, present or not."""

    name: str
    other: str

    def __str__(self) -> str:
        return f"This name looks too similar to {self.other}. Choose another one."


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
            return "Registration on this server requires an invitation. Ask an administrator for one."
        return "Registration on this server is closed. Ask an administrator for an account."


class NotApproved(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"An administrator has not approved the account {self.name} yet. Try again later."


class GuestsNotAllowed(Refusal, frozen=True):
    def __str__(self) -> str:
        return "This server doesn't admit guests. Register an account, or log in to yours."


class ServerPasswordNeeded(Refusal, frozen=True):
    def __str__(self) -> str:
        return "This server has a password. Log in to an account instead: login NAME PASSWORD"


class SignedInAlready(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"You are already logged in as {self.name}."


class NotSignedIn(Refusal, frozen=True):
    def __str__(self) -> str:
        return "This requires an account. Register one, or log in to yours."


class NotPresent(Refusal, frozen=True):
    """The session has not come in yet, or has left."""

    def __str__(self) -> str:
        return "Choose a nickname first."


class KeptOut(Refusal, frozen=True):
    """Suspended (`until` is a time, milliseconds since the epoch) or banned (`until` is None)."""

    reason: str
    until: int | None
    by_address: bool = False

    def __str__(self) -> str:
        what = "banned" if self.until is None else "suspended"
        return f"You are {what} {describe_until(self.until)}{because(self.reason)}"


class TooManySessions(Refusal, frozen=True):
    limit: int

    def __str__(self) -> str:
        return f"This account already has {self.limit} sessions. Close one of them first."


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
        return f"The room {self.name} already exists."


class RoomAlike(Refusal, frozen=True):
    """Its name looks like that of a room which the asker may know of."""

    name: str
    other: str

    def __str__(self) -> str:
        return (
            f"This name looks too similar to the room {self.other}. Join that room, or choose another name."
        )


class RoomNameUnavailable(Refusal, frozen=True):
    """It can't be made for a reason that is none of the asker's business."""

    name: str

    def __str__(self) -> str:
        return f"The room name {self.name} is not available. Choose another one."


class RoomSpelled(Refusal, frozen=True):
    """The room that is meant is written in another way, or would be."""

    name: str
    right: str

    def __str__(self) -> str:
        return f"The room's name is spelled {self.right}. Join that one."


class RoomNameRefused(Refusal, frozen=True):
    name: str
    limit_bytes: int

    def __str__(self) -> str:
        return (
            f"This room name can't be used. A room name has 1 to {self.limit_bytes} bytes, without spaces, "
            "commas, invisible characters or any of * ? ! @ :"
        )


class MayNotCreateRoom(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"There is no room {self.name}, and you may not create rooms. Ask an administrator."


class TooManyRooms(Refusal, frozen=True):
    name: str
    limit: int

    def __str__(self) -> str:
        return f"You are already in {self.limit} rooms. Leave one of them first."


class TooManyRoomsMade(Refusal, frozen=True):
    name: str
    limit: int

    def __str__(self) -> str:
        return f"You have already created {self.limit} rooms. Use one of them, or ask an administrator to delete one."


class RoomsMadeTooFast(Refusal, frozen=True):
    name: str
    wait_seconds: int

    def __str__(self) -> str:
        minutes = -(-self.wait_seconds // 60)
        return f"Today's limit on new rooms is reached. Create the room {self.name} in {minutes} minutes."


class RoomInUse(Refusal, frozen=True):
    def __str__(self) -> str:
        return "The room doesn't exist, or is in use."


class InvitationNeeded(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"The room {self.name} requires an invitation. Ask one of its members."


class RequestPending(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return (
            f"You have already asked to join the room {self.name}. Its operators have your request; you "
            "are notified when they decide."
        )


class RequestNotNeeded(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"The room {self.name} is open to you. Join it."


class NoRequest(Refusal, frozen=True):
    person: str
    room: str

    def __str__(self) -> str:
        return f"{self.person} has not asked to join the room {self.room}."


class RoomKeyWrong(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"The room {self.name} has a key. Write it after the room's name."


class RoomFull(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"The room {self.name} is full. Try again later."


class InvitationUnknown(Refusal, frozen=True):
    def __str__(self) -> str:
        return "This invitation is no longer valid. Ask the person who sent it for another one."


class PushInvalid(Refusal, frozen=True):
    def __str__(self) -> str:
        return "The push keys are not valid. Reload the page and turn notifications on again."


class PushAddressRefused(Refusal, frozen=True):
    def __str__(self) -> str:
        return (
            "The address of a push service begins with https://, has a public host name and uses port 443. "
            "Nothing has changed."
        )


class TooManyPlaces(Refusal, frozen=True):
    limit: int

    def __str__(self) -> str:
        return f"You have notification settings for {self.limit} places already. Reset one of them first."


class DraftTooLong(Refusal, frozen=True):
    limit: int

    def __str__(self) -> str:
        return f"A draft may have at most {self.limit} bytes. Shorten it to have it on your other devices."


class WebhookUnknown(Refusal, frozen=True):
    def __str__(self) -> str:
        return "There is no such webhook. To list the webhooks, write: webhooks"


class WebhookAddressRefused(Refusal, frozen=True):
    """`why` is a whole sentence with what to do."""

    why: str

    def __str__(self) -> str:
        return f"{self.why} Nothing has changed."


class TooManyWebhooks(Refusal, frozen=True):
    limit: int

    def __str__(self) -> str:
        return f"There are already {self.limit} webhooks. Delete one of them first."


class EmojiNameRefused(Refusal, frozen=True):
    def __str__(self) -> str:
        return (
            "This name can't be used. The name of an emoji has 2 to 32 lowercase letters from a to z, digits, "
            "and the signs _ - +."
        )


class EmojiNameTaken(Refusal, frozen=True):
    """By another custom emoji, or by one of those that everybody has."""

    name: str

    def __str__(self) -> str:
        return f"The emoji :{self.name}: already exists. Choose another name."


class EmojiUnknown(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return (
            f"There is no emoji :{self.name[:32]}: on this server. The list of emoji shows those that exist."
        )


class EmojiOfAnother(Refusal, frozen=True):
    name: str
    by: str

    def __str__(self) -> str:
        return f"{self.by} added :{self.name}:. Ask them or an administrator to change it."


class TooManyEmoji(Refusal, frozen=True):
    limit: int

    def __str__(self) -> str:
        return f"There are already {self.limit} emoji. Delete one of them first."


class ReportUnknown(Refusal, frozen=True):
    def __str__(self) -> str:
        return "There is no such report. To list the reports, write: reports"


class AlreadyReported(Refusal, frozen=True):
    def __str__(self) -> str:
        return "You have already reported this. A moderator will look at it."


class TooManyReports(Refusal, frozen=True):
    def __str__(self) -> str:
        return "There are too many open reports. Speak to a moderator."


class TooManyInvitations(Refusal, frozen=True):
    most: int

    def __str__(self) -> str:
        return f"There are already {self.most} invitations. Delete one of them first."


class FileRefused(Refusal, frozen=True):
    """It is larger than `most_bytes`, or does not fit into `quota_bytes` with the others (0: it is not about that)."""

    most_bytes: int
    quota_bytes: int

    def __str__(self) -> str:
        if self.quota_bytes:
            return (
                f"Your files may take up {size_of(self.quota_bytes)} in total. Delete some messages with "
                "files first."
            )
        return f"A file may be at most {size_of(self.most_bytes)}. Send a smaller one."


class FilesFull(Refusal, frozen=True):
    """With it the files of everybody would take more than `most_bytes`."""

    most_bytes: int

    def __str__(self) -> str:
        return (
            f"All files together may take up {size_of(self.most_bytes)} on this server. Ask an "
            "administrator for more space."
        )


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
        return f"{self.person} is already in the room {self.room}."


class NotOperator(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"Only an operator of the room {self.name} can do this."


class MayNotSpeak(Refusal, frozen=True):
    name: str
    why: str

    def __str__(self) -> str:
        return f"You can't send messages to the room {self.name}: {self.why}."


class OnlySignedInWrite(Refusal, frozen=True):
    """The one who is written to has set it so."""

    name: str

    def __str__(self) -> str:
        return f"{self.name} accepts private messages only from people with an account. Log in first."


class NothingSaid(Refusal, frozen=True):
    def __str__(self) -> str:
        return "The message is empty. Write some text."


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
        return f"That is not a valid value for mode {self.letter} of {self.room}: {self.why}."


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
        return f"Only {_article(self.role)} {self.role} can do this."


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
        return f"{self.network} {self.why}. To do it anyway, add an exclamation mark: {self.network}!"


class LastAdministrator(Refusal, frozen=True):
    def __str__(self) -> str:
        return "This is the last administrator. Make somebody else an administrator first."


class ListTooLong(Refusal, frozen=True):
    """A list of one's own, such as the names one watches."""

    limit: int
    rest: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"This list can hold {self.limit} names. Remove some first."


class RoomMoved(Refusal, frozen=True):
    name: str
    new: str

    def __str__(self) -> str:
        return f"The room {self.name} is now called {self.new}. Join that one."


class MessageUnknown(Refusal, frozen=True):
    def __str__(self) -> str:
        return "This message does not exist or was deleted."


class MayNotEdit(Refusal, frozen=True):
    def __str__(self) -> str:
        return "You can edit only your own messages."


class MayNotRedact(Refusal, frozen=True):
    def __str__(self) -> str:
        return "You can delete only your own messages. Ask an operator of the room."


class MetadataKeyInvalid(Refusal, frozen=True):
    key: str

    def __str__(self) -> str:
        return "This key is not valid. A key consists of a-z, 0-9 and _ . / -"


class MetadataNotPermitted(Refusal, frozen=True):
    target: str
    key: str

    def __str__(self) -> str:
        return "You can set this only for yourself and for rooms of which you are an operator."


class MetadataNotSet(Refusal, frozen=True):
    target: str
    key: str

    def __str__(self) -> str:
        return "This key is not set."


class MetadataFull(Refusal, frozen=True):
    target: str
    limit: int

    def __str__(self) -> str:
        return f"You can set at most {self.limit} keys. Remove some first."


class MetadataNameOfAnother(Refusal, frozen=True):
    """A name to be shown by that is somebody else's, or speaks for the server, or looks as if."""

    key: str

    def __str__(self) -> str:
        return "This display name is taken or reserved. Choose another one."


class MetadataValueTooLong(Refusal, frozen=True):
    key: str
    bytes_max: int

    def __str__(self) -> str:
        return f"A value may have at most {self.bytes_max} bytes. Send a shorter one."


class TooManyTokens(Refusal, frozen=True):
    limit: int

    def __str__(self) -> str:
        return f"An account can have at most {self.limit} tokens. Delete some first."


class TokenExists(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return (
            f"You already have a token called {self.name}. Choose another name, or delete that token first."
        )


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
        return (
            "That is not your current password. Nothing has changed. Try again, or ask an administrator "
            "for a new one."
        )


class PasswordIsOwn(Refusal, frozen=True):
    """An administrator would reset the password of their own account, without saying the one there is."""

    def __str__(self) -> str:
        return (
            "This is your own account. Change your password with the old one. If you have lost it, ask "
            "another administrator or the owner of the machine."
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
        return (
            f"A password needs at least {self.characters_min} characters and may have at most "
            f"{self.bytes_max} bytes."
        )


class PasswordCommon(Refusal, frozen=True):
    def __str__(self) -> str:
        return "This password is one of the thousand most common ones. Choose one that is harder to guess."


class PasswordIsName(Refusal, frozen=True):
    def __str__(self) -> str:
        return "This password is too close to the name of the account or of the server. Choose another one."


class PasswordNotSendable(Refusal, frozen=True):
    """What some program would drop, or could not send."""

    def __str__(self) -> str:
        return (
            "A password can't begin or end with a space or contain control characters, and must be UTF-8; "
            "otherwise some programs can't send it. Choose another one."
        )


class DiskTakesNothing(Refusal, frozen=True):
    """What was asked for would have to last, and can't."""

    def __str__(self) -> str:
        return (
            "The server can't write to its disk right now, so nothing has changed. You can still read; try "
            "again in a few minutes, or tell an administrator."
        )


class DataUnreadable(Refusal, frozen=True):
    """What was asked for could not be read; the log tells why."""

    def __str__(self) -> str:
        return "The server can't read that data; its log says why. Try again, or tell an administrator."


class NotSecure(Refusal, frozen=True):
    """The connection is in clear and comes from another machine."""

    how: str

    def __str__(self) -> str:
        return f"This server accepts passwords and messages only over an encrypted connection. {self.how}"


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeio" else "a"


def with_article(noun: str) -> str:
    """`a member`, `an admin`."""
    return f"{_article(noun)} {noun}"


def because(reason: str) -> str:
    return f": {reason}" if reason else "."


def describe_until(until: int | None) -> str:
    """In words: when it ends, in UTC to the second; `until` in milliseconds since the epoch."""
    if until is None:
        return "until the ban is lifted"
    moment = _EPOCH + timedelta(milliseconds=until)
    return f"until {moment:%Y-%m-%d %H:%M:%S} UTC"
