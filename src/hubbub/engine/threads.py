"""Threads: a message and the replies to it, which the owners of accounts can follow.

A reply belongs to the thread of the message that it answers: its root is that one's root, or that one itself. Only a
message of the same conversation, for the same rank, is answered so.

    ann: «tea?»                 a message
    bob: «yes» to «tea?»        the root is «tea?»
    cat: «green?» to «yes»      the root is «tea?»

The engine remembers no messages: what a thread consists of, the shell reads from the history, once a reply is on disk.
The author of the root and everybody who replies follow a thread by themselves, unless they have unfollowed it.
"""

from collections.abc import Iterable, Iterator
from itertools import count, takewhile
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from .edits import MessageUnknown
from .event import Answer, Command, Event, Request
from .ids import time_of
from .messages import MessageSaid, Tags, ToPerson, ToRoom, has_rank_since, parent_of
from .policy import history_from
from .refusals import NotSignedIn, Refusal
from .rules import EventRule, Rule, nothing_changes
from .state import Account, Following, History, Session, State

FOLLOWS_MAX: Final = 1000
"""The most threads of which the server remembers what an account has read; the one changed longest ago makes room."""
UNREAD_MAX: Final = 1000
"""So many unread replies are counted; one who has more has so many."""
NAMES_MAX: Final = 3
"""The number of authors in a summary."""

IN_THREAD: Final = "+hubbub/in-thread"
"""The tag of a reply that its author wants to have shown in its thread alone."""


class Summary(Struct, frozen=True):
    """The replies of a thread: how many, the id of the last (0 for none), and the authors, who wrote last first."""

    replies: int = 0
    last: int = 0
    authors: tuple[tuple[int, str], ...] = ()
    """Person and nickname of then."""


class Thread(Struct, frozen=True):
    """A thread as it is in the history; `recent` are the ids and authors of the newest replies, the newest first."""

    root: MessageSaid
    summary: Summary
    recent: tuple[tuple[int, int], ...] = ()


class ThreadMarks(Struct, frozen=True):
    """What messages have to do with threads: root → summary, and reply → root."""

    summaries: dict[int, Summary]
    roots: dict[int, int]


class FollowedThread(Struct, frozen=True):
    root: MessageSaid
    summary: Summary
    unread: int


class FollowedThreads(Struct, frozen=True):
    """A page of threads, how many of all have something unread, and whether this is the last page."""

    page: tuple[FollowedThread, ...]
    unread: int
    is_all: bool


class NoteReply(Command, frozen=True):
    """The shell tells of a thread in which the person `by` has replied; 0 if a reply was deleted."""

    thread: Thread
    by: int = 0


class Follow(Command, frozen=True):
    """Follow a thread from now on, or no more."""

    thread: Thread
    following: bool = True


class ReadThreadUntil(Command, frozen=True):
    """Note that a followed thread was read up to the reply with this id."""

    thread: Thread
    until: int


class ThreadChanged(Event, frozen=True):
    """There is a reply more or less. It is for the members of a `room`, or for the one `person` who calls it `name`."""

    room: int
    person: int
    name: str
    to_rank: str
    root: int
    author: int
    summary: Summary


class FollowSet(Event, frozen=True):
    """What an account has of a thread is another now. `place` is a room's id, or the other person's.

    Shown to the account's own sessions alone; `forgotten` is the root of the thread that makes way, 0 for none.
    """

    account: int
    place: int
    name: str
    root: int
    following: bool
    read: int
    unread: int
    forgotten: int = 0


class ThreadUnread(Event, frozen=True):
    """A thread that an account follows has another number of unread replies; nothing is stored of this."""

    account: int
    name: str
    root: int
    following: bool
    read: int
    unread: int


def is_in_thread(tags: Tags) -> bool:
    """Whether a message with these tags is for its thread alone: it is no news of the room."""
    return any(key == IN_THREAD for key, _ in tags) and parent_of(tags) is not None


def may_know(state: State, root: MessageSaid, person: int) -> bool:
    """Whether a person may read a thread: as a member who reads the root in the history."""
    to = root.to
    if isinstance(to, ToPerson):
        return person in (root.by.person, to.person)
    room = state.rooms.get(to.room)
    if room is None or person not in room.members or history_from(state, room, person) >= root.id:
        return False
    return not to.to_rank or root.by.person == person or has_rank_since(room, person, root.id, to.to_rank)


def place_of(state: State, root: MessageSaid, person: int) -> tuple[int, str]:
    """Where a thread is for a person: a room's id and name, or those of whom they talk with."""
    to = root.to
    if isinstance(to, ToRoom):
        room = state.rooms.get(to.room)
        return to.room, f"#{room.name if room else to.name}"
    other = to.person if root.by.person == person else root.by.person
    name = to.name if other == to.person else root.by.nick
    return other, state.name_of(other) or name


def names_of(state: State, summary: Summary) -> list[str]:
    """The authors under the names of today."""
    return [state.name_of(person) or nick for person, nick in summary.authors]


def with_names_of_today(state: State, summary: Summary) -> Summary:
    persons = [person for person, _ in summary.authors]
    return replace(summary, authors=tuple(zip(persons, names_of(state, summary), strict=True)))


def unread_of(thread: Thread, person: int, read: int) -> int:
    """The number of replies by others behind an id; whoever has read nearly all takes few steps."""
    return sum(by != person for _, by in takewhile(lambda reply: reply[0] > read, thread.recent))


def note_reply(state: State, request: Request, command: NoteReply) -> Answer:
    """The thread has changed; who takes part in it begins to follow, and the followers hear what they have not read."""
    thread, root, ids = command.thread, command.thread.root, count(request.id)
    events: list[Event] = list(_changed(state, thread, ids))
    new = {}
    for person in dict.fromkeys((root.by.person, command.by)) if command.by else ():
        account = state.accounts.get(person)
        if account and root.id not in account.threads and may_know(state, root, person):
            new[person] = account
    for person, account in new.items():
        read = thread.summary.last if person == command.by else root.id
        events.append(_set(state, next(ids), account, thread, True, read))
    for person in state.thread_followers.get(root.id, ()):
        if person in state.users and person not in new and may_know(state, root, person):
            _, name = place_of(state, root, person)
            read = state.accounts[person].threads[root.id].read
            unread = unread_of(thread, person, read)
            events.append(ThreadUnread(next(ids), person, name, root.id, True, read, unread))
    return events


def _changed(state: State, thread: Thread, ids: Iterator[int]) -> Iterable[Event]:
    root = thread.root
    author, to = root.by.person, root.to
    summary = with_names_of_today(state, thread.summary)
    if isinstance(to, ToRoom):
        if room := state.rooms.get(to.room):
            where = (to.room, 0, f"#{room.name}", to.to_rank)
            yield ThreadChanged(next(ids), *where, root.id, author, summary)
        return
    for person in dict.fromkeys((author, to.person)):
        _, name = place_of(state, root, person)
        yield ThreadChanged(next(ids), 0, person, name, "", root.id, author, summary)


def _set(
    state: State, number: int, account: Account, thread: Thread, following: bool, read: int
) -> FollowSet:
    root = thread.root.id
    place, name = place_of(state, thread.root, account.id)
    is_full = root not in account.threads and len(account.threads) >= FOLLOWS_MAX
    forgotten = next(iter(account.threads)) if is_full else 0
    unread = unread_of(thread, account.id, read)
    return FollowSet(number, account.id, place, name, root, following, read, unread, forgotten)


def _own(state: State, request: Request, root: MessageSaid) -> Account | Refusal:
    user = state.user(request.session)
    if user is None or user.account is None:
        return NotSignedIn()
    return user.account if may_know(state, root, user.person) else MessageUnknown()


def follow(state: State, request: Request, command: Follow) -> Answer:
    """Whoever begins to follow has read what there is."""
    thread = command.thread
    account = _own(state, request, thread.root)
    if isinstance(account, Refusal):
        return account
    before = account.threads.get(thread.root.id)
    if before and before.following == command.following:
        return []
    read = max(thread.summary.last, thread.root.id)
    return [_set(state, request.id, account, thread, command.following, read)]


def read_until(state: State, request: Request, command: ReadThreadUntil) -> Answer:
    """The read marker of a followed thread moves forward only; without following there is none."""
    thread = command.thread
    account = _own(state, request, thread.root)
    if isinstance(account, Refusal):
        return account
    before = account.threads.get(thread.root.id)
    until = min(command.until, max(thread.summary.last, thread.root.id))
    if before is None or not before.following or until <= before.read:
        return []
    return [_set(state, request.id, account, thread, True, until)]


def follow_set(state: State, event: FollowSet) -> None:
    """The threads stay in the order of their last changes."""
    account = state.accounts[event.account]
    if event.forgotten:
        state.forget_thread(account, event.forgotten)
    state.forget_thread(account, event.root)
    state.keep_thread(account, event.root, Following(event.place, event.following, event.read))


def own_see(state: State, event: FollowSet | ThreadUnread) -> dict[int, Session]:
    return state.sessions_of([event.account])


def changed_audience(state: State, event: ThreadChanged) -> dict[int, Session]:
    """Who may read the root: mostly all who are in the room."""
    if event.person:
        return state.sessions_of([event.person])
    room = state.rooms[event.room]
    if room.history is History.ALL and not event.to_rank:
        return room.listeners
    return state.sessions_of(
        person
        for person in room.members
        if history_from(state, room, person) < event.root
        and (
            not event.to_rank
            or person == event.author
            or has_rank_since(room, person, event.root, event.to_rank)
        )
    )


def last_ms(summary: Summary) -> int:
    """When the last reply came, milliseconds since the epoch; 0 if there is none."""
    return time_of(summary.last) if summary.last else 0


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    NoteReply: note_reply,
    Follow: follow,
    ReadThreadUntil: read_until,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    ThreadChanged: EventRule(nothing_changes, changed_audience),
    FollowSet: EventRule(follow_set, own_see),
    ThreadUnread: EventRule(nothing_changes, own_see),
}
