"""Custom emoji: pictures that people of the place add under a `:name:`; the bytes are a file's."""

import re
from typing import Final

from .audit import record
from .emoji_names import BUILT_IN
from .event import Answer, Command, Event, Request
from .policy import asked_as
from .refusals import NotPermitted, NotPresent, NotSignedIn, Refusal
from .rules import EventRule, Rule
from .state import Actor, Emoji, Role, Session, State

EMOJI_MAX: Final = 1_000
"""Of one place."""
NAME: Final = re.compile("[a-z0-9_+-]{2,32}")

_MAKERS: Final = {"members": Role.MEMBER, "moderators": Role.MODERATOR, "administrators": Role.ADMIN}


class AddEmoji(Command, frozen=True):
    """`file` is the id of a file of the asker's own, which the shell has made the picture."""

    name: str
    file: str


class RenameEmoji(Command, frozen=True):
    name: str
    new: str


class DeleteEmoji(Command, frozen=True):
    name: str


class EmojiAdded(Event, frozen=True):
    emoji: Emoji


class EmojiRenamed(Event, frozen=True):
    name: str
    new: str


class EmojiDeleted(Event, frozen=True):
    """`file` is the id of its picture, which nothing shows any more."""

    name: str
    file: str


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


def may_add_emoji(state: State, actor: Actor, name: str) -> Refusal | None:
    """Whether a user may add an emoji of this name."""
    if actor.user is None or actor.user.account is None:
        return NotSignedIn()
    least = _MAKERS[state.rules.emoji_makers]
    if actor.role < least:
        return NotPermitted("administrator" if least is Role.ADMIN else "moderator")
    if refusal := _fault(state, name):
        return refusal
    return TooManyEmoji(EMOJI_MAX) if len(state.emoji) >= EMOJI_MAX else None


def add_emoji(state: State, request: Request, command: AddEmoji) -> Answer:
    actor = state.actor(request)
    if actor is None:
        return NotPresent()
    if refusal := may_add_emoji(state, actor, command.name):
        return refusal
    made = Emoji(request.id, command.name, command.file, actor.origin.person, actor.name)
    return [EmojiAdded(request.id, made), record(request.id + 1, actor, "add emoji", command.name)]


def rename_emoji(state: State, request: Request, command: RenameEmoji) -> Answer:
    found = _own(state, request, command.name)
    if isinstance(found, Refusal):
        return found
    if refusal := _fault(state, command.new):
        return refusal
    act = record(request.id + 1, found, "rename emoji", command.name, f"to {command.new}")
    return [EmojiRenamed(request.id, command.name, command.new), act]


def delete_emoji(state: State, request: Request, command: DeleteEmoji) -> Answer:
    found = _own(state, request, command.name)
    if isinstance(found, Refusal):
        return found
    gone = EmojiDeleted(request.id, command.name, state.emoji[command.name].file)
    return [gone, record(request.id + 1, found, "delete emoji", command.name)]


def _fault(state: State, name: str) -> Refusal | None:
    """The refusal of a new name, if any."""
    if not NAME.fullmatch(name):
        return EmojiNameRefused()
    return EmojiNameTaken(name) if name in state.emoji or name in BUILT_IN else None


def _own(state: State, request: Request, name: str) -> Actor | Refusal:
    """The actor who changes an emoji: its maker or an administrator. Raises a refusal for others."""
    actor = asked_as(state, request, Role.MEMBER)
    if isinstance(actor, Refusal):
        return actor
    found = state.emoji.get(name)
    if found is None:
        return EmojiUnknown(name)
    is_own = actor.user is not None and actor.user.account is not None and actor.origin.person == found.maker
    return actor if is_own or actor.role is Role.ADMIN else EmojiOfAnother(name, found.by)


def emoji_added(state: State, event: EmojiAdded) -> None:
    state.emoji[event.emoji.name] = event.emoji


def emoji_renamed(state: State, event: EmojiRenamed) -> None:
    state.emoji[event.new] = state.emoji.pop(event.name).named(event.new)


def emoji_deleted(state: State, event: EmojiDeleted) -> None:
    del state.emoji[event.name]


def everybody_audience(state: State, event: Event) -> dict[int, Session]:
    return state.sessions_of(state.users)


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    AddEmoji: add_emoji,
    RenameEmoji: rename_emoji,
    DeleteEmoji: delete_emoji,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    EmojiAdded: EventRule(emoji_added, everybody_audience),
    EmojiRenamed: EventRule(emoji_renamed, everybody_audience),
    EmojiDeleted: EventRule(emoji_deleted, everybody_audience),
}
