"""Amendments: a message changed by its author, or deleted by its author or those who look after the room.

What was said is read from the history by the shell and comes with the command: the engine does not remember messages.
"""

from typing import Final

from hubbub.text import clean, cut

from .event import Answer, Command, Event, Origin, Request
from .mentions import NOBODY, Mentions, mentions_in
from .message_kinds import may_be_edited
from .messages import Joints, MessageSaid, NothingSaid, ToRoom, of_rank, written
from .policy import may_redact, may_say, may_write_to
from .refusals import NotPresent, Refusal
from .rules import EventRule, Rule, nothing_changes
from .state import Actor, Session, State


class Redact(Command, frozen=True):
    """Delete a message, or a reaction."""

    said: MessageSaid
    reason: str = ""


class Edit(Command, frozen=True):
    """Give one's message another text."""

    said: MessageSaid
    text: str
    line_breaks: Joints = ()


class Amended(Event, frozen=True):
    """A change to a `message`, whose author is `author`.

    It was said in a room, or (`room` is 0) by whoever amends it to the person `to`; `name` is what that one is called.
    """

    by: Origin
    message: int
    author: str
    room: int
    to: int
    name: str
    to_rank: str


class MessageRedacted(Amended, frozen=True):
    reason: str


class MessageEdited(Amended, frozen=True):
    """`mentions` are all names that the new text mentions; `concerned` are the persons whom the old one did not."""

    text: str
    kind: str
    line_breaks: Joints = ()
    cut: bool = False
    mentions: tuple[str, ...] = ()
    concerned: tuple[int, ...] = ()


class MessageUnknown(Refusal, frozen=True):
    def __str__(self) -> str:
        return "This message does not exist or was deleted."


class MayNotEdit(Refusal, frozen=True):
    def __str__(self) -> str:
        return "You can edit only your own messages."


class MayNotRedact(Refusal, frozen=True):
    def __str__(self) -> str:
        return "You can delete only your own messages. Ask an operator of the room."


def redact(state: State, request: Request, command: Redact) -> Answer:
    said = command.said
    actor = _amender(state, request, said)
    if isinstance(actor, Refusal):
        return actor
    room = state.rooms.get(said.to.room) if isinstance(said.to, ToRoom) else None
    if said.by.person != actor.origin.person and not (room and may_redact(room, actor)):
        return MayNotRedact()
    reason, _ = cut(clean(command.reason), state.rules.reason_bytes)
    return [MessageRedacted(request.id, actor.origin, said.id, said.by.nick, *_where(state, said), reason)]


def edit(state: State, request: Request, command: Edit) -> Answer:
    said = command.said
    actor = _amender(state, request, said)
    if isinstance(actor, Refusal):
        return actor
    if said.by.person != actor.origin.person or not may_be_edited(said.kind):
        return MayNotEdit()
    if isinstance(said.to, ToRoom):
        refusal = may_say(state.rooms[said.to.room], actor, command.text)
    else:
        refusal = may_write_to(state, actor, said.to.person)
    if refusal:
        return refusal
    text, was_cut = written(state, command.text, command.line_breaks)
    if not text:
        return NothingSaid()
    where, found = _where(state, said), _added(state, said, text)
    return [
        MessageEdited(
            request.id,
            actor.origin,
            said.id,
            said.by.nick,
            *where,
            text,
            said.kind,
            command.line_breaks,
            was_cut,
            found.names,
            found.persons,
        )
    ]


def _added(state: State, said: MessageSaid, text: str) -> Mentions:
    """The names that a message's new text mentions, and the persons whom the old one did not."""
    if not isinstance(said.to, ToRoom):
        return NOBODY
    where = (state, state.rooms[said.to.room], said.by.person)
    before, after = (mentions_in(*where, one, said.to.to_rank) for one in (said.text, text))
    new = (person for person in after.persons if person not in before.persons)
    return Mentions(after.names, tuple(new))


def _amender(state: State, request: Request, said: MessageSaid) -> Actor | Refusal:
    """The actor who changes a message; a deleted message, or one of a deleted room, is unknown."""
    actor = state.actor(request)
    if actor is None:
        return NotPresent()
    is_gone = said.redacted or (isinstance(said.to, ToRoom) and said.to.room not in state.rooms)
    return MessageUnknown() if is_gone else actor


def _where(state: State, said: MessageSaid) -> tuple[int, int, str, str]:
    to = said.to
    if isinstance(to, ToRoom):
        return to.room, 0, state.rooms[to.room].name.text, to.to_rank
    return 0, to.person, state.name_of(to.person) or to.name, ""


def amended_audience(state: State, event: Amended) -> dict[int, Session]:
    """Those who were shown the message, or would be now."""
    room = state.rooms.get(event.room)
    if room is None:
        return state.sessions_of([event.to, event.by.person])
    return room.listeners if not event.to_rank else of_rank(state, room, event.to_rank, event.by)


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    Redact: redact,
    Edit: edit,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    MessageRedacted: EventRule(nothing_changes, amended_audience),
    MessageEdited: EventRule(nothing_changes, amended_audience),
}
