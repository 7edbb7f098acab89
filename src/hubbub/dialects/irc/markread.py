"""MARKREAD: the read markers of a user, for the user's other clients."""

from typing import TYPE_CHECKING, Final

from hubbub.engine.readmarkers import MarkRead, ReadMarked, read_until
from hubbub.engine.refusals import Refusal
from hubbub.wire.capabilities import Capabilities
from hubbub.wire.message import Message
from hubbub.wire.times import format_time, parse_time

from .event_renderer import Bodies, EventRenderers
from .refusals import answer
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession


def markread(talk: "IrcSession", message: Message) -> None:
    """`MARKREAD <target> [timestamp=<time>]`: "The server MUST reply … using a `MARKREAD` server command, or using an
    error message."
    """
    if not talk.caps.read_marker:
        talk.unknown(message.verb)
    elif not message.param(0):
        talk.fail("MARKREAD", "NEED_MORE_PARAMS", text="Missing parameters")
    elif (place := _place(talk, message.params[0])) is None:
        _of_nobody(talk, message)
    elif len(message.params) > 1:
        _set(talk, *place, message.params[1])
    else:
        _show(talk, *place)


def _of_nobody(talk: "IrcSession", message: Message) -> None:
    """ "If there is no known last message read timestamp, the `timestamp` parameter is a literal `*`": also of a room
    one is not in, and of somebody who is not there. Nothing can be read there, so setting one is a mistake.
    """
    target = message.params[0]
    if len(message.params) == 1 and " " not in target and target[0] != ":":
        talk.send("MARKREAD", target[:100], marker(None))
        return
    text = "There is no such room or user."
    talk.fail("MARKREAD", "INVALID_PARAMS", target[:100], text=text)


def _place(talk: "IrcSession", target: str) -> tuple[int, str] | None:
    """The id and the name of a room that one is in, or of a person."""
    state = talk.host.state
    if target.startswith("#"):
        room = state.room_named(target)
        return (room.id, f"#{room.name}") if room and room.id in talk.user.rooms else None
    person = state.person_named(target)
    return None if person is None else (person, state.name_of(person))


def _set(talk: "IrcSession", place: int, name: str, text: str) -> None:
    """ "The timestamp MUST NOT be a literal `*`." The event shows it to all the clients of the user."""
    kind, _, value = text.partition("=")
    moment = parse_time(value) if kind == "timestamp" else None
    if moment is None:
        talk.fail("MARKREAD", "INVALID_PARAMS", text[:100], text="Write timestamp=YYYY-MM-DDThh:mm:ss.sssZ.")
        return
    result = talk.host.ask(MarkRead(place, name, moment))
    if isinstance(result, Refusal):
        answer(talk, result)
    elif not result:
        _show(talk, place, name)


def _show(talk: "IrcSession", place: int, name: str) -> None:
    talk.send("MARKREAD", name, marker(read_until(talk.host.state, talk.user, place)))


def _render_marker(event: ReadMarked, caps: Capabilities, server: str) -> Bodies:
    return (f":{server} MARKREAD {event.name} {marker(event.until)}",) if caps.read_marker else ()


def marker(until: int | None) -> str:
    """read-marker: "If there is no known last message read timestamp, the `timestamp` parameter is a literal `*`"."""
    return "*" if until is None else f"timestamp={format_time(until)}"


VERBS: Final = {
    "MARKREAD": Verb(
        markread,
        (
            "MARKREAD <target> [timestamp=<time>]",
            "Sets or shows up to when you have read a room or a conversation, and tells your other clients.",
            "For clients that enable draft/read-marker.",
        ),
        specification="read-marker",
    ),
}

EVENTS: Final[EventRenderers] = {
    ReadMarked: _render_marker,
}
