"""Reading what was said: what a session may read of it, how it reads afterwards, and what a user has missed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from hubbub.dialects.host import ReadConversations, ReadHistory
from hubbub.engine.accounts import UserSignedIn
from hubbub.engine.event import Event
from hubbub.engine.messages import MessageSaid, PrivateSaid, may_reread
from hubbub.engine.policy import may_read_history
from hubbub.engine.presence import SessionEntered
from hubbub.engine.refusals import Refusal
from hubbub.engine.rooms import RoomRenamed
from hubbub.engine.state import Room, State
from hubbub.wire.times import format_time

if TYPE_CHECKING:
    from .talk import IrcTalk

MISSED_LINES_MAX: Final = 200
"""How many messages of one room, or of one conversation, are shown to somebody who missed them."""

MISSED_CONVERSATIONS_MAX: Final = 100

PAGE: Final = 100
"""How many messages are read at least, where some may have to be left out."""

_CTCP: Final = "\x01"
_ACTION: Final = "\x01ACTION "

Then = Callable[[list[Event]], None]


def room_floor(talk: "IrcTalk", room: Room) -> int | None:
    """The id after which the session's user reads a room's history; None if nothing of it."""
    first = may_read_history(room, talk.user)
    return None if isinstance(first, Refusal) else max(0, first - 1)


def read(talk: "IrcTalk", wanted: ReadHistory, then: Then) -> None:
    """Read as much as is wanted; messages for a higher rank than the reader's are passed over, and don't count."""
    _read_on(talk, wanted, wanted.limit, [], then)


def _read_on(talk: "IrcTalk", page: ReadHistory, limit: int, found: list[Event], then: Then) -> None:
    def go_on(events: Sequence[Event]) -> None:
        readable = [event for event in events if may_reread(talk.host.state, talk.user, event)]
        whole = [*found, *readable] if page.oldest else [*readable, *found]
        if len(whole) >= limit or len(events) < page.limit:
            then(whole[:limit] if page.oldest else whole[-limit:])
            return
        longer = replace(page, limit=max(limit, PAGE))
        if page.oldest:
            _read_on(talk, replace(longer, after=events[-1].id), limit, whole, then)
        else:
            _read_on(talk, replace(longer, before=events[0].id), limit, whole, then)

    talk.host.begin(page, go_on)


def with_names_of_today(state: State, event: Event) -> Event:
    """The event under the names that room and persons have now, so that clients know where it belongs.

    chathistory: "servers may wish to rewrite the sources or targets of messages to correspond to the current
    nicknames of the two users".
    """
    if isinstance(event, PrivateSaid):
        by = replace(event.by, nick=state.name_of(event.by.person) or event.by.nick)
        return replace(event, by=by, to_name=state.name_of(event.to) or event.to_name)
    happened: Any = event
    room = state.rooms.get(getattr(event, "room", 0))
    if room is None or isinstance(event, RoomRenamed):
        return event
    renamed: Event = replace(happened, room_name=room.name.text)
    return renamed


def show_batch(talk: "IrcTalk", words: Sequence[str], lines: Callable[[str], Iterable[bytes]]) -> None:
    """Send lines as a batch of the type and parameters given; as they are, to a client that knows no batches.

    `lines` gets the batch's reference, empty if there is none.
    """
    reference = f"history{next(talk.batches)}" if talk.caps.batch else ""
    if reference:
        talk.send("BATCH", f"+{reference}", *words)
    for data in lines(reference):
        talk.host.send(data)
    if reference:
        talk.send("BATCH", f"-{reference}")


def show_messages(talk: "IrcTalk", target: str, events: Sequence[Event]) -> None:
    """A batch of type chathistory: "the canonical name of the target being queried" is its one parameter."""
    state = talk.host.state
    show_batch(
        talk,
        ("chathistory", target),
        lambda batch: [talk.view.render_in(with_names_of_today(state, event), batch) for event in events],
    )


def replay_missed(talk: "IrcTalk", entered: SessionEntered | UserSignedIn) -> None:
    """Show what was said while an account's user was away, oldest first, to a client that can't ask for it.

    chathistory: for a client that can ask, "the server (or bouncer) SHOULD NOT play back any history that would
    otherwise be sent automatically". Nor is there anything to show to guests, and to one more session of somebody
    who is present: nothing was missed. A guest who signs in has followed the rooms that it was in already.
    """
    user = talk.user
    if user.account is None or talk.caps.chathistory or len(user.sessions) > 1:
        return
    followed = {number for number, _ in entered.memberships} if isinstance(entered, UserSignedIn) else ()
    rooms = [number for number in user.rooms if number not in followed]
    missed = ReadHistory(MISSED_LINES_MAX + 1, after=user.account.seen, before=entered.id)
    _replay_rooms(talk, missed, rooms)


def _replay_rooms(talk: "IrcTalk", missed: ReadHistory, rooms: list[int]) -> None:
    """Room by room; who is in it, and may read it, is looked at when its turn comes."""

    def go_on(name: str, events: list[Event]) -> None:
        _replay(talk, name, events)
        _replay_rooms(talk, missed, rooms)

    while rooms:
        room = talk.user.rooms.get(rooms.pop(0))
        floor = room_floor(talk, room) if room else None
        if room and floor is not None:
            wanted = replace(missed, room=room.id, after=max(missed.after, floor))
            read(talk, wanted, partial(go_on, f"#{room.name}"))
            return
    _replay_conversations(talk, missed)


def _replay_conversations(talk: "IrcTalk", missed: ReadHistory) -> None:
    def begin(found: Sequence[tuple[int, str, int]]) -> None:
        next_one(list(found))

    def next_one(left: list[tuple[int, str, int]]) -> None:
        if not left:
            return
        (other, name, _), *rest = left
        now_called = talk.host.state.name_of(other) or name

        def go_on(events: list[Event]) -> None:
            _replay(talk, now_called, events)
            next_one(rest)

        read(talk, replace(missed, persons=(talk.user.person, other)), go_on)

    person = talk.user.person
    # Not only those whose last message was missed: somebody may be writing just now.
    talk.host.begin(ReadConversations(person, MISSED_CONVERSATIONS_MAX, after=missed.after), begin)


def _replay(talk: "IrcTalk", target: str, events: Sequence[Event]) -> None:
    shown = [event for event in events if _is_for_replay(talk, event)]
    if not shown:
        return
    if len(events) > MISSED_LINES_MAX:
        text = f"More was said in {target} while you were away; these are the newest {MISSED_LINES_MAX}."
        talk.notice(text)
    missed = shown[-MISSED_LINES_MAX:]
    show_messages(talk, target, missed if talk.caps.time else [_dated(event) for event in missed])


def _is_for_replay(talk: "IrcTalk", event: Event) -> bool:
    """One's own words only if the client knows what to do with them, and of CTCP only what asks for no answer."""
    if not isinstance(event, MessageSaid | PrivateSaid):
        return False
    if event.by.person == talk.user.person and not talk.view.echo:
        return False
    return not event.text.startswith(_CTCP) or event.text.startswith(_ACTION)


def _dated(event: Event) -> Event:
    """With the time in front of the text: the client would show the time of the replay."""
    if not isinstance(event, MessageSaid | PrivateSaid):
        return event
    moment = f"[{format_time(event.at)[:16].replace('T', ' ')}] "
    opening = _ACTION if event.text.startswith(_ACTION) else ""
    return replace(event, text=f"{opening}{moment}{event.text[len(opening) :]}")
