"""CHATHISTORY: pages of a conversation's history, selected by message ids and times, and the list of conversations."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from hubbub.dialects.session_api import ReadConversations, ReadHistory
from hubbub.engine.event import Event
from hubbub.engine.ids import millisecond_of, time_of
from hubbub.engine.names import fold
from hubbub.wire.message import Message
from hubbub.wire.times import format_time

from .history import HISTORY_END, read, read_page, room_floor, show_messages
from .history_selectors import Mistake, Span, limit_of, span_of
from .server_batches import batch
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession

CONVERSATIONS_MAX: Final = 1000
"""Among how many of the latest conversations one is looked for; and how many more than are wanted are read."""


@dataclass(frozen=True, slots=True)
class Target:
    """Whose messages are asked for: `name` as it is written today; nothing up to `floor` may be read."""

    name: str
    room: int = 0
    persons: tuple[int, int] = (0, 0)
    floor: int = 0


Then = Callable[[Target], None]
Plan = Callable[[Sequence[Span | None], int], Sequence[ReadHistory]]
"""The ranges to read for these selectors (None is `*`) and this limit, in order."""


def chathistory(talk: "IrcSession", message: Message) -> None:
    """Only for clients that have enabled it: "The draft/chathistory capability MUST be negotiated." """
    if not talk.caps.chathistory:
        talk.unknown(message.verb)
        return
    talk.history_wanted = message.params
    subcommand, *params = message.params
    try:
        handle, wanted = _SUBCOMMANDS.get(subcommand.upper(), (_unknown, len(params)))
        if len(params) < wanted:
            raise Mistake("INVALID_PARAMS", text="Insufficient parameters")
        if len(params) > wanted:
            raise Mistake("INVALID_PARAMS", text="Too many parameters")
        handle(talk, subcommand, params)
    except Mistake as mistake:
        _fail(talk, subcommand, mistake)


def _fail(talk: "IrcSession", subcommand: str, mistake: Mistake) -> None:
    context = [word[:100] for word in (subcommand, *mistake.context)]
    talk.fail("CHATHISTORY", mistake.code, *context, text=str(mistake))


def _unknown(talk: "IrcSession", subcommand: str, params: Sequence[str]) -> None:
    raise Mistake("INVALID_PARAMS", text="Unknown command")


# Messages


def _messages(plan: Plan, star: bool = False, one_way: bool = True) -> "Handler":
    """The handler of a subcommand that returns messages; with `star` its selector may be `*`.

    `one_way` tells that a page has one direction, in which it may be the last.
    """

    def handle(talk: "IrcSession", subcommand: str, params: Sequence[str]) -> None:
        target, *selectors, last = params
        spans = [
            None if star and text == "*" else span_of(text, target, talk.host.state.eras)
            for text in selectors
        ]
        # What is said while the page is read is shown behind it, as it happens, and is no part of it.
        until = talk.host.last_id() + 1
        reads = [
            replace(read, before=min(read.before, until))
            for read in plan(spans, limit_of(last, talk.host.facts.history_limit))
        ]
        # Whoever begins at the end, or chooses by time, may go on by the time of what they are given.
        whole_ms = len(reads) == 1 and any(span is None or span.is_time for span in spans)

        def then(found: Target) -> None:
            _read_all(talk, found, reads, [], one_way, whole_ms)

        _find(talk, subcommand, target, then)

    return handle


def _read_all(
    talk: "IrcSession",
    target: Target,
    reads: list[ReadHistory],
    found: list[Event],
    one_way: bool,
    whole_ms: bool,
    is_all: bool = False,
) -> None:
    if not reads:
        # "the canonical name of the target being queried" is the batch's one parameter
        tags = HISTORY_END if one_way and is_all else None
        show_messages(talk, ("chathistory", target.name), found, tags=tags)
        return
    wanted, *rest = reads
    bounded = replace(
        wanted,
        room=target.room,
        persons=target.persons,
        after=max(wanted.after, target.floor),
        events=talk.caps.event_playback,
    )

    def then(events: list[Event], is_all: bool) -> None:
        _read_all(talk, target, rest, found + events, one_way, whole_ms, is_all)

    read_page(talk, bounded, then, whole_ms)


def _latest(spans: Sequence[Span | None], limit: int) -> Sequence[ReadHistory]:
    """ "restricted to those sent after and excluding that timestamp or msgid; if a `*` is given, no such" one."""
    return (ReadHistory(limit, after=spans[0].last if spans[0] else 0),)


def _before(spans: Sequence[Span | None], limit: int) -> Sequence[ReadHistory]:
    """ "up to `limit` number of messages before and excluding the given": the newest of these."""
    return (ReadHistory(limit, before=_one(spans).first),)


def _after(spans: Sequence[Span | None], limit: int) -> Sequence[ReadHistory]:
    """ "up to `limit` number of messages after and excluding the given": the oldest of these."""
    return (ReadHistory(limit, after=_one(spans).last, oldest=True),)


def _around(spans: Sequence[Span | None], limit: int) -> Sequence[ReadHistory]:
    """ "before and after …, with the total number of returned messages not exceeding `limit`".

    Half of them from before; the message itself, where it is one, is the first of the others.
    """
    middle, half = _one(spans).first, limit // 2
    following = ReadHistory(limit - half, after=middle - 1, oldest=True)
    return (ReadHistory(half, before=middle), following) if half else (following,)


def _between(spans: Sequence[Span | None], limit: int) -> Sequence[ReadHistory]:
    """ "counted starting from and excluding the first message selector, while finishing on and excluding the second.
    This may be forwards or backwards in time."
    """
    start, end = _one(spans), _one(spans[1:])
    if start.first <= end.first:
        return (ReadHistory(limit, after=start.last, before=end.first, oldest=True),)
    return (ReadHistory(limit, after=end.last, before=start.first),)


def _one(spans: Sequence[Span | None]) -> Span:
    span = spans[0]
    assert span is not None, "only LATEST accepts *"
    return span


def _find(talk: "IrcSession", subcommand: str, name: str, then: Then) -> None:
    """Go on with the target, if there is such a one and the client may read it; the two are not told apart."""

    def refuse() -> None:
        _fail(talk, subcommand, Mistake("INVALID_TARGET", name, text="Messages could not be retrieved"))

    if name.startswith("#"):
        room = talk.host.state.room_named(name)
        floor = room_floor(talk, room) if room else None
        if room is None or floor is None:
            refuse()
        else:
            then(Target(f"#{room.name}", room=room.id, floor=floor))
        return
    own, person = talk.user.person, talk.host.state.person_named(name)
    if person is not None:
        then(Target(talk.host.state.name_of(person), persons=(own, person)))
        return

    def look_up(found: Sequence[tuple[int, str, int]]) -> None:
        """Guests who have left, and the server itself, are known by what they said alone."""
        for other, called, _ in reversed(found):
            if fold(called) == fold(name):
                then(Target(called, persons=(own, other)))
                return
        refuse()

    talk.host.begin(ReadConversations(own, CONVERSATIONS_MAX), look_up)


# Targets


class Latest(Struct, frozen=True):
    """A target, and the id of the last message in it."""

    id: int
    name: str


def _targets(talk: "IrcSession", subcommand: str, params: Sequence[str]) -> None:
    """Rooms and conversations whose latest message lies between two times, counted from the first of these.

    A page ends with a whole millisecond: the next one can be asked for by no other thing than the time.
    """
    for text in params[:2]:
        # "they MUST be timestamps and not msgids"
        if not text.startswith("timestamp="):
            raise Mistake("INVALID_PARAMS", text, text="Invalid timestamp")
    start, end = (span_of(text, "", talk.host.state.eras) for text in params[:2])
    limit = limit_of(params[2], talk.host.facts.history_limit)
    is_forwards = start.first <= end.first
    after, before = (start.last, end.first) if is_forwards else (end.last, start.first)
    most = limit + CONVERSATIONS_MAX

    def show(found: list[Latest], is_all: bool) -> None:
        found.sort(key=lambda latest: latest.id)
        wanted = _page(found, limit, is_forwards)
        _show_targets(talk, wanted, is_all and len(wanted) == len(found))

    def with_rooms(found: Sequence[tuple[int, str, int]]) -> None:
        then = partial(show, is_all=len(found) < most)
        _add_rooms(talk, ReadHistory(1, after=after, before=before), list(_known(talk, found)), then)

    talk.host.begin(ReadConversations(talk.user.person, most, after, before, is_forwards), with_rooms)


def _page(found: list[Latest], limit: int, is_forwards: bool) -> list[Latest]:
    """The first or the last `limit` of them, with all that share a millisecond with the one at the page's end."""
    if len(found) <= limit:
        return found
    if is_forwards:
        _, end = millisecond_of(found[limit - 1].id)
        return [latest for latest in found if latest.id <= end]
    end, _ = millisecond_of(found[-limit].id)
    return [latest for latest in found if latest.id >= end]


def _known(talk: "IrcSession", found: Sequence[tuple[int, str, int]]) -> Iterable[Latest]:
    """Conversations under present names; one with a person who left, and whose name another one has now, is over."""
    state = talk.host.state
    for other, called, last in found:
        name = state.name_of(other) or called
        if state.person_named(name) in (None, other):
            yield Latest(last, name)


def _add_rooms(
    talk: "IrcSession", bounds: ReadHistory, found: list[Latest], then: Callable[[list[Latest]], None]
) -> None:
    """Add the rooms that one is in, each with its last message, if that lies within the bounds."""
    rooms = list(talk.user.rooms)

    def next_room() -> None:
        while rooms:
            room = talk.user.rooms.get(rooms.pop(0))
            floor = room_floor(talk, room) if room else None
            if room and floor is not None:
                # Without an upper bound: "a target is not returned if its latest message is outside".
                newest = ReadHistory(1, room=room.id, after=max(bounds.after, floor))
                read(talk, newest, partial(add, f"#{room.name}"))
                return
        then(found)

    def add(name: str, events: list[Event]) -> None:
        found.extend(Latest(event.id, name) for event in events if event.id < bounds.before)
        next_room()

    next_room()


def _show_targets(talk: "IrcSession", found: Sequence[Latest], is_all: bool) -> None:
    with batch(talk, "draft/chathistory-targets", tags=HISTORY_END if is_all else None):
        for latest in found:
            talk.send("CHATHISTORY", "TARGETS", latest.name, format_time(time_of(latest.id)))


Handler = Callable[["IrcSession", str, Sequence[str]], None]

_SUBCOMMANDS: Final[dict[str, tuple[Handler, int]]] = {
    "LATEST": (_messages(_latest, star=True), 3),
    "BEFORE": (_messages(_before), 3),
    "AFTER": (_messages(_after), 3),
    "AROUND": (_messages(_around, one_way=False), 3),
    "BETWEEN": (_messages(_between), 4),
    "TARGETS": (_targets, 3),
}
"""The handler of each subcommand, and the parameters that it takes after its name."""


VERBS: Final = {
    "CHATHISTORY": Verb(
        chathistory,
        (
            "CHATHISTORY LATEST <target> <* | selector> <limit>",
            "CHATHISTORY BEFORE | AFTER | AROUND <target> <selector> <limit>",
            "CHATHISTORY BETWEEN <target> <selector> <selector> <limit>",
            "CHATHISTORY TARGETS timestamp=<time> timestamp=<time> <limit>",
            "Returns the messages of a room that you are in, or of a private conversation. A selector is msgid=<id> or",
            "timestamp=<time>, such as timestamp=2026-11-20T11:40:00.000Z. For clients that enable draft/chathistory.",
        ),
        1,
        specification="chathistory",
    ),
}
