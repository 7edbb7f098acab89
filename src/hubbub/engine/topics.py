"""A room's topic."""

from hubbub.text import clean, cut

from .event import Answer, Ask, Command, Event, Origin
from .names import RoomName
from .policy import asked_in, may_set_topic
from .refusals import Refusal
from .state import Session, State, Topic


class SetTopic(Command, frozen=True):
    """An empty text takes the topic away."""

    room: RoomName
    text: str


class TopicSet(Event, frozen=True):
    by: Origin
    room: int
    room_name: str
    text: str


def set_topic(state: State, ask: Ask, command: SetTopic) -> Answer:
    found = asked_in(state, ask, command.room)
    if isinstance(found, Refusal):
        return found
    actor, room = found
    if refusal := may_set_topic(room, actor):
        return refusal
    text, _ = cut(clean(command.text), state.rules.topic_bytes)
    if text == (room.topic.text if room.topic else ""):
        return []
    return [TopicSet(ask.id, actor.origin, room.id, room.name.text, text)]


def topic_set(state: State, event: TopicSet) -> None:
    topic = Topic(event.text, event.by.mask, event.at) if event.text else None
    state.rooms[event.room].topic = topic


def room_sees(state: State, event: TopicSet) -> dict[int, Session]:
    return state.rooms[event.room].listeners
