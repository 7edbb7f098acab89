"""Writing of events: the tables of all subjects together, and the order in which a batch is written."""

import sqlite3
from collections.abc import Sequence
from typing import Final

from hubbub.engine.edits import Amended
from hubbub.engine.event import Event
from hubbub.engine.files import files_in
from hubbub.engine.message_kinds import has_text
from hubbub.engine.messages import MessageSaid

from . import full_text_index
from .statements import ROWS_MAX
from .subject import Writer
from .subjects import SUBJECTS, room_events
from .subjects import messages as messages_of

Connection = sqlite3.Connection

WRITERS: Final[dict[type[Event], Writer]] = {
    kind: writer for subject in SUBJECTS for kind, writer in getattr(subject, "WRITERS", {}).items()
}

TAKES_NOTHING_AWAY: Final[frozenset[type[Event]]] = frozenset(
    (MessageSaid, *(kind for kind, writer in WRITERS.items() if not writer.takes_away))
)
DELETES: Final[frozenset[type[Event]]] = frozenset(kind for kind, writer in WRITERS.items() if writer.deletes)


def write(database: Connection, events: Sequence[Event]) -> None:
    """Write what lasts of these events; within a transaction of the caller's."""
    messages: list[MessageSaid] = []
    amended: list[int] = []
    for event in events:
        if isinstance(event, MessageSaid):
            messages.append(event)
            continue
        if isinstance(event, Amended):
            messages_of.add(database, messages)
            messages.clear()
            messages_of.settle(database)
            amended.append(event.message)
        WRITERS[type(event)].write(database, event)
        if type(event) in room_events.HAPPENINGS:
            room_events.happened(database, event)
    messages_of.add(database, messages)
    full_text_index.forget(database, amended)
    if not isinstance(events[-1], MessageSaid):
        database.execute("UPDATE progress SET last = ?", (events[-1].id,))


def is_one_statement(events: Sequence[Event]) -> bool:
    """Whether `write` writes nothing but rows of messages, so few that it is done at once or not at all by itself."""
    return len(events) <= ROWS_MAX and all(
        isinstance(event, MessageSaid) and event.nonce is None and not files_in(event.text)
        for event in events
    )


def is_kept(event: Event) -> bool:
    writer = WRITERS.get(type(event))
    if writer is None:
        return isinstance(event, MessageSaid) and (has_text(event.kind) or messages_of.is_reaction(event))
    return writer.kept_if is None or writer.kept_if(event)
