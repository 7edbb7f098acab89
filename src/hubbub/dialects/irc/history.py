"""Reading the history: permitted messages in their present form, and the messages that a user has missed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from hubbub.dialects.session_api import ReadContext, ReadConversations, ReadHistory, ReadThreadMarks
from hubbub.engine.edits import Amended, MessageEdited, MessageRedacted
from hubbub.engine.entering import SessionEntered
from hubbub.engine.event import Event
from hubbub.engine.ids import COUNTER_BITS, last_id_at, millisecond_of, msgid
from hubbub.engine.message_kinds import has_text
from hubbub.engine.messages import MessageSaid, ToPerson, may_reread
from hubbub.engine.policy import is_ctcp_request, may_read_history
from hubbub.engine.refusals import Refusal
from hubbub.engine.rooms import RoomRenamed
from hubbub.engine.signin import UserSignedIn
from hubbub.engine.state import Room, State
from hubbub.engine.threads import Summary, ThreadMarks, last_ms, names_of
from hubbub.wire.times import format_time

from .line_splitting import in_front
from .server_batches import batch

if TYPE_CHECKING:
    from .session import IrcSession

MISSED_LINES_MAX: Final = 200
"""The most missed messages of one room, or of one conversation, that are replayed."""

MISSED_CONVERSATIONS_MAX: Final = 100

MISSED_BYTES_MAX: Final = 1 << 19
"""The most bytes of them: they are sent without a request, over lines of any speed."""

PAGE_BYTES_MAX: Final = 1 << 22
"""The most bytes of message text in one answer; the rest is a further page."""

PAGE: Final = 100
"""The least messages read at a time, where some may have to be left out."""

_MILLISECOND_MAX: Final = 1 << COUNTER_BITS
"""The most events in one millisecond."""

_NO_MARKS: Final = ThreadMarks({}, {})

Then = Callable[[list[Event]], None]

ThenPage = Callable[[list[Event], bool], None]
"""Goes on with a page, and with whether it holds all there is in the range that was asked for."""

HISTORY_END: Final = {"draft/chathistory-end": ""}
"""chathistory: on the opening of a batch behind which there is nothing more in the direction that was asked for."""


def room_floor(talk: "IrcSession", room: Room) -> int | None:
    """The id after which the session's user reads a room's history; None if nothing of it."""
    first = may_read_history(room, talk.user)
    return None if isinstance(first, Refusal) else max(0, first - 1)


def read(talk: "IrcSession", wanted: ReadHistory, then: Then) -> None:
    """Read as much as is wanted; messages for a higher rank than the reader's are passed over, and don't count."""
    _read_on(talk, wanted, wanted.limit, [], lambda whole, _: then(_cut(wanted, whole)))


def read_page(talk: "IrcSession", wanted: ReadHistory, then: ThenPage, whole_ms: bool = False) -> None:
    """The same, and whether there is no more of it: one more than is wanted is looked for.

    With `whole_ms` the rest of the millisecond in which a page would end comes with it: it is for those who go on by
    the time of the last message, "excluding the given `timestamp`" and so all that shares it.
    """

    def go_on(whole: list[Event], is_all: bool) -> None:
        found = _cut(wanted, whole)
        is_all = is_all and len(found) == len(whole)
        if whole_ms and found and not is_all:
            _complete(talk, wanted, found, then)
        else:
            then(found, is_all)

    limit = wanted.limit + 1
    _read_on(talk, replace(wanted, limit=limit), limit, [], go_on)


def _complete(talk: "IrcSession", wanted: ReadHistory, page: list[Event], then: ThenPage) -> None:
    """Go on with a page and the rest of the millisecond in which it ends."""
    edge = page[-1 if wanted.oldest else 0].id
    first, last = millisecond_of(edge)
    if wanted.oldest:
        rest = replace(wanted, after=edge, before=min(wanted.before, last + 1))
    else:
        rest = replace(wanted, after=max(wanted.after, first - 1), before=edge)

    def add(events: Sequence[Event]) -> None:
        readable = [event for event in events if is_shown(talk, event)]
        then([*page, *readable] if wanted.oldest else [*readable, *page], False)

    talk.host.begin(replace(rest, limit=_MILLISECOND_MAX), add)


def _cut(wanted: ReadHistory, whole: list[Event]) -> list[Event]:
    kept = whole[: wanted.limit] if wanted.oldest else whole[-wanted.limit :]
    return fitting(kept, PAGE_BYTES_MAX, wanted.oldest)


def _read_on(talk: "IrcSession", page: ReadHistory, limit: int, found: list[Event], then: ThenPage) -> None:
    def go_on(events: Sequence[Event]) -> None:
        readable = [event for event in events if is_shown(talk, event)]
        whole = [*found, *readable] if page.oldest else [*readable, *found]
        if len(whole) >= limit or len(events) < page.limit:
            then(whole, len(events) < page.limit)
            return
        longer = replace(page, limit=max(limit, PAGE))
        if page.oldest:
            _read_on(talk, replace(longer, after=events[-1].id), limit, whole, then)
        else:
            _read_on(talk, replace(longer, before=events[0].id), limit, whole, then)

    talk.host.begin(page, go_on)


def fitting(events: list[Event], bytes_max: int, oldest: bool = False) -> list[Event]:
    """As many of the newest, or oldest, as have so much text; one in any case."""
    total = 0
    for count, event in enumerate(events if oldest else reversed(events)):
        total += len(getattr(event, "text", "").encode()) + len(
            (getattr(event, "content", None) or "").encode()
        )
        if total > bytes_max and count:
            return events[:count] if oldest else events[-count:]
    return events


def is_shown(talk: "IrcSession", event: Event) -> bool:
    """message-redaction: of a deleted message the history has either nothing, or a `REDACT` after a placeholder."""
    caps = talk.caps
    if isinstance(event, MessageSaid):
        is_hidden = event.redacted and not (caps.redaction and has_text(event.kind))
    else:
        needed = {MessageRedacted: caps.redaction, MessageEdited: caps.edits}
        is_hidden = not needed.get(type(event), True)
    return not is_hidden and may_reread(talk.host.state, talk.user, event)


def with_names_of_today(state: State, event: Event) -> Event:
    """The event under the names that room and persons have now, so that clients know where it belongs.

    chathistory: "servers may wish to rewrite the sources or targets of messages to correspond to the current
    nicknames of the two users".
    """
    if isinstance(event, MessageSaid):
        return _said_under_names_of_today(state, event)
    if isinstance(event, Amended) and not event.room:
        by = replace(event.by, nick=state.name_of(event.by.person) or event.by.nick)
        amended: Event = replace(event, by=by, name=state.name_of(event.to) or event.name)
        return amended
    happened: Any = event
    room = state.rooms.get(getattr(event, "room", 0))
    if room is None or isinstance(event, RoomRenamed):
        return event
    field = "name" if isinstance(event, Amended) else "room_name"
    if getattr(happened, field, "") == room.name.text:
        return event
    renamed: Event = replace(happened, **{field: room.name.text})
    return renamed


def show_messages(
    talk: "IrcSession",
    words: Sequence[str],
    events: Sequence[Event],
    then: Callable[[], None] | None = None,
    tags: Mapping[str, str] | None = None,
) -> None:
    """Messages in a batch of the type and parameters given, each with what belongs to it; then go on with `then`."""

    ids = tuple(event.id for event in events)

    def show(context: Mapping[int, Sequence[Event]], marks: ThreadMarks = _NO_MARKS) -> None:
        marked = [with_thread(talk.host.state, event, marks) for event in events]
        with batch(talk, *words, tags=tags) as reference:
            talk.host.send(b"".join(_lines(talk, marked, context, set(ids), reference)))
        if then:
            then()

    def with_context(context: Mapping[int, Sequence[Event]]) -> None:
        if events and "hubbub/threads" in talk.caps:
            talk.host.begin(ReadThreadMarks(ids), partial(show, context))
        else:
            show(context)

    wants_context = talk.caps.redaction or (talk.caps.event_playback and talk.caps.tags)
    if wants_context and events:
        talk.host.begin(ReadContext(ids), with_context)
    else:
        with_context({})


def summary_words(summary: Summary, names: Sequence[str]) -> tuple[str, str, str, str]:
    """The number of replies, the id and the time of the last, and who has written last."""
    last = msgid(summary.last) if summary.last else "*"
    return str(summary.replies), last, str(last_ms(summary)), " ".join(names)


def with_thread(state: State, event: Event, marks: ThreadMarks) -> Event:
    """The event with tags that tell of its thread: a root's summary, a reply's root."""
    if not isinstance(event, MessageSaid):
        return event
    tags = []
    if summary := marks.summaries.get(event.id):
        *words, _ = summary_words(summary, ())
        tags.append(("hubbub/thread", ",".join((*words, *names_of(state, summary)))))
    if root := marks.roots.get(event.id):
        tags.append(("hubbub/root", msgid(root)))
    return replace(event, tags=(*event.tags, *tags)) if tags else event


def _lines(
    talk: "IrcSession",
    events: Sequence[Event],
    context: Mapping[int, Sequence[Event]],
    here: set[int],
    reference: str,
) -> Iterable[bytes]:
    """chathistory: related messages "MUST immediately follow their parent message"; none comes twice in a batch."""
    state, view = talk.host.state, talk.view
    for event in events:
        yield view.render_in(with_names_of_today(state, event), reference)
        for related in context.get(event.id, ()):
            if related.id not in here and _goes_along(talk, related):
                yield view.render_in(with_names_of_today(state, related), reference, context=True)


def _goes_along(talk: "IrcSession", related: Event) -> bool:
    """ "If the client has not negotiated the `draft/event-playback` capability, the server MUST NOT send any lines
    other than `PRIVMSG` and `NOTICE` …, unless allowed by a capability negotiated by the client."
    """
    if isinstance(related, MessageRedacted):
        return talk.caps.redaction
    return talk.caps.event_playback and is_shown(talk, related)


def replay_missed(talk: "IrcSession", entered: SessionEntered | UserSignedIn) -> None:
    """Replay an account's unread messages, oldest first, to a client that cannot request them.

    chathistory: for a client that can ask, "the server (or bouncer) SHOULD NOT play back any history that would
    otherwise be sent automatically". Nor is there anything to show to guests, and to one more session of somebody
    who has a client open already that shows everything and can't tell what of it was read. A guest who signs in has
    followed the rooms that it was in already.
    """
    user = talk.user
    others = (session for session in user.sessions.values() if session.id != talk.host.session)
    if user.account is None or talk.caps.chathistory or talk.caps.playback:
        return
    if any(not session.supports_read_marker for session in others):
        return
    followed = {number for number, _, _ in entered.memberships} if isinstance(entered, UserSignedIn) else ()
    rooms = [number for number in user.rooms if number not in followed]
    missed = ReadHistory(MISSED_LINES_MAX + 1, after=user.account.seen, before=entered.id)
    _replay_rooms(talk, missed, rooms)


def _replay_rooms(talk: "IrcSession", missed: ReadHistory, rooms: list[int]) -> None:
    """Room by room; who is in it, and may read it, is looked at when its turn comes."""

    def go_on(name: str, events: list[Event]) -> None:
        replay(
            talk, "chathistory", name, _newest(talk, name, events), lambda: _replay_rooms(talk, missed, rooms)
        )

    while rooms:
        room = talk.user.rooms.get(rooms.pop(0))
        floor = room_floor(talk, room) if room else None
        if room and floor is not None:
            after = max(missed.after, floor, read_until(talk, room.id))
            wanted = replace(missed, room=room.id, after=after)
            read(talk, wanted, partial(go_on, f"#{room.name}"))
            return
    _replay_conversations(talk, missed)


def _replay_conversations(talk: "IrcSession", missed: ReadHistory) -> None:
    def begin(found: Sequence[tuple[int, str, int]]) -> None:
        next_one(list(found))

    def next_one(left: list[tuple[int, str, int]]) -> None:
        if not left:
            return
        (other, name, _), *rest = left
        now_called = talk.host.state.name_of(other) or name

        def go_on(events: list[Event]) -> None:
            newest = _newest(talk, now_called, events)
            replay(talk, "chathistory", now_called, newest, lambda: next_one(rest))

        after = max(missed.after, read_until(talk, other))
        read(talk, replace(missed, persons=(talk.user.person, other), after=after), go_on)

    person = talk.user.person
    # Not only those whose last message was missed: somebody may be writing just now.
    talk.host.begin(ReadConversations(person, MISSED_CONVERSATIONS_MAX, after=missed.after), begin)


def read_until(talk: "IrcSession", place: int) -> int:
    """The last id of the time up to which the user has read a room or conversation; 0 if it is not known."""
    until = talk.user.read.get(place)
    return 0 if until is None else last_id_at(until, talk.host.state.eras)


def _newest(talk: "IrcSession", target: str, events: list[Event]) -> Sequence[Event]:
    """The newest messages that are shown, and whether there are more."""
    newest = fitting(events[-MISSED_LINES_MAX:], MISSED_BYTES_MAX)
    if len(newest) < len(events):
        text = f"{target} has more messages from while you were away; these are the latest {len(newest)}."
        talk.notice(text)
    return newest


def _said_under_names_of_today(state: State, event: MessageSaid) -> Event:
    to = event.to
    if isinstance(to, ToPerson):
        by = replace(event.by, nick=state.name_of(event.by.person) or event.by.nick)
        return replace(event, by=by, to=replace(to, name=state.name_of(to.person) or to.name))
    room = state.rooms.get(to.room)
    if room is None or room.name.text == to.name:
        return event
    return replace(event, to=replace(to, name=room.name.text))


def replay(
    talk: "IrcSession", batch_type: str, target: str, events: Sequence[Event], then: Callable[[], None]
) -> None:
    """Show what was said in one place to a client that may know of no history; then go on."""
    shown = [event for event in events if _is_for_replay(talk, event)]
    if shown:
        dated = shown if talk.caps.time else [_dated(event) for event in shown]
        show_messages(talk, (batch_type, target), dated, then)
    else:
        then()


def _is_for_replay(talk: "IrcSession", event: Event) -> bool:
    """One's own words only if the client knows what to do with them, and of CTCP only what asks for no answer."""
    if not isinstance(event, MessageSaid) or event.redacted:
        return False
    if event.by.person == talk.user.person and not talk.view.echo:
        return False
    return not is_ctcp_request(event.text)


def _dated(event: Event) -> Event:
    """With the time in front of the text: the client would show the time of the replay."""
    if not isinstance(event, MessageSaid):
        return event
    moment = f"[{format_time(event.at)[:16].replace('T', ' ')}] "
    return replace(event, text=in_front(event.text, moment))
