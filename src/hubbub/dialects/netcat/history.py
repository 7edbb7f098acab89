"""Reading what was said: a room's last lines, and what one has missed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from hubbub.dialects.session_api import ReadConversations, ReadHistory, SearchMessages
from hubbub.engine.event import Event
from hubbub.engine.messages import MessageSaid, ToPerson, may_reread
from hubbub.engine.policy import may_read_history, readable_rooms
from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Room

from .rendering import private, words

if TYPE_CHECKING:
    from .session import NetcatSession

MISSED_CONVERSATIONS_MAX: Final = 50
MISSED_LINES_MAX: Final = 100
FOUND_LINES_MAX: Final = 20


def show_recent(
    talk: "NetcatSession", room: Room, number: int, then: Callable[[], None] | None = None, empty: str = ""
) -> None:
    """A room's last lines, as far as its members may read them; `empty` is said if there are none."""
    floor = may_read_history(room, talk.user)
    before = talk.host.last_id() + 1

    def show(events: tuple[Event, ...]) -> None:
        readable = [event for event in events if may_reread(talk.host.state, talk.user, event)]
        if lines := [line for event in readable if (line := _line(talk, event))]:
            talk.say("\n".join(["--- earlier ---", *lines, "--- now ---"]))
        elif empty:
            talk.say(empty)
        if then:
            then()

    if isinstance(floor, Refusal):
        show(())
    else:
        talk.host.begin(ReadHistory(number, room=room.id, after=floor, before=before), show)


def show_found(talk: "NetcatSession", text: str) -> None:
    """The newest messages with these words, as far as one may read them."""
    state, user = talk.host.state, talk.user

    def show(events: tuple[Event, ...]) -> None:
        readable = [event for event in events if may_reread(state, user, event)]
        lines = [line for event in readable if (line := _line(talk, event, with_room=True))]
        talk.say("\n".join(lines) or "No matches.")

    talk.host.begin(SearchMessages(text, FOUND_LINES_MAX, readable_rooms(user), user.person), show)


def show_missed(talk: "NetcatSession", seen: int, before: int) -> None:
    """Show the private messages with `seen` < id < `before`, in order; none after `seen` 0."""
    if not seen:
        return
    person = talk.user.person
    missed: list[Event] = []
    more: list[str] = []

    def read_next(left: list[tuple[int, str, int]]) -> None:
        if not left:
            _tell_missed(talk, missed, more)
            return
        (other, name, _), *rest = left

        def keep(events: tuple[Event, ...]) -> None:
            if len(events) > MISSED_LINES_MAX:
                more.append(talk.host.state.name_of(other) or name)
            missed.extend(event for event in events[-MISSED_LINES_MAX:] if _is_for(event, person))
            read_next(rest)

        pair = ReadHistory(MISSED_LINES_MAX + 1, persons=(person, other), after=seen, before=before)
        talk.host.begin(pair, keep)

    # Also those whose last message is not missed: somebody may be writing just now.
    conversations = ReadConversations(person, MISSED_CONVERSATIONS_MAX, after=seen)
    talk.host.begin(conversations, lambda found: read_next(list(found)))


def _tell_missed(talk: "NetcatSession", missed: list[Event], more: list[str]) -> None:
    missed.sort(key=lambda event: event.id)
    lines = [line for event in missed if (line := _line(talk, event))]
    lines += [f"{name} sent more messages; these are the latest {MISSED_LINES_MAX}." for name in more]
    if lines:
        talk.say("\n".join(["While you were away:", *lines]))


def _is_for(event: Event, person: int) -> bool:
    to = event.to if isinstance(event, MessageSaid) else None
    return isinstance(to, ToPerson) and to.person == person


def _line(talk: "NetcatSession", event: Event, with_room: bool = False) -> str:
    if not isinstance(event, MessageSaid) or event.redacted:
        return ""
    if isinstance(event.to, ToPerson):
        sentence = private(event, talk.user.person)
    else:
        sentence = words(event.by, event.kind, event.text, edited=bool(event.edited))
        if with_room and sentence:
            sentence = f"[{event.to.name}] {sentence}"
    moment = datetime.fromtimestamp(event.at / 1000, UTC)
    return f"[{moment:%Y-%m-%d %H:%M}] {sentence}" if sentence else ""
