"""A room's topic."""

from typing import Final

from hubbub.text import clean, cut

from .event import Answer, Command, Event, Origin, Request
from .names import RoomName
from .policy import asked_in, may_set_topic
from .refusals import Refusal
from .rules import EventRule, Rule
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


def set_topic(state: State, request: Request, command: SetTopic) -> Answer:
    found = asked_in(state, request, command.room)
    if isinstance(found, Refusal):
        return found
    actor, room = found
    if refusal := may_set_topic(room, actor):
        return refusal
    text, _ = cut(clean(command.text), state.rules.topic_bytes)
    if text == (room.topic.text if room.topic else ""):
        return []
    return [TopicSet(request.id, actor.origin, room.id, room.name.text, text)]


def topic_set(state: State, event: TopicSet) -> None:
    topic = Topic(event.text, event.by.mask, event.at) if event.text else None
    state.rooms[event.room].topic = topic


def room_audience(state: State, event: TopicSet) -> dict[int, Session]:
    return state.rooms[event.room].listeners


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    SetTopic: set_topic,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    TopicSet: EventRule(topic_set, room_audience),
}
