"""THREAD, THREADS, FOLLOW, UNFOLLOW and THREADREAD: a message with the replies to it, and which ones one follows."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from hubbub.dialects.session_api import ReadFollowed, ReadReplies, ReadThread
from hubbub.engine.edits import MessageUnknown
from hubbub.engine.event import Command, Event
from hubbub.engine.ids import msgid, parse_msgid
from hubbub.engine.messages import MessageSaid
from hubbub.engine.policy import history_from
from hubbub.engine.refusals import NotSignedIn, Refusal
from hubbub.engine.state import Following
from hubbub.engine.threads import (
    Follow,
    FollowedThreads,
    FollowSet,
    ReadThreadUntil,
    Thread,
    ThreadChanged,
    ThreadUnread,
    may_know,
    names_of,
    place_of,
    unread_of,
)
from hubbub.wire.capabilities import Capabilities
from hubbub.wire.message import Message

from .event_renderer import Bodies, EventRenderers
from .history import HISTORY_END, is_shown, show_messages, summary_words, with_names_of_today
from .refusals import answer
from .server_batches import batch
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession

CAPABILITY: Final = "hubbub/threads"
PAGE: Final = 100
"""The most replies of one answer to THREAD."""
LIST_PAGE: Final = 50
"""The most threads of one answer to THREADS."""
NONE: Final = "*"

Then = Callable[[str, Thread], None]


def thread(talk: "IrcSession", message: Message) -> None:
    """`THREAD <target> <msgid> [<before>]`."""
    before = message.param(2) or NONE
    number = None if before == NONE else parse_msgid(before)
    if before != NONE and number is None:
        talk.fail("THREAD", "INVALID_PARAMS", before[:100], text=f"Write the id of a message, or {NONE}.")
    else:
        _find(talk, message, partial(_read, talk, number))


def follow(talk: "IrcSession", message: Message) -> None:
    """`FOLLOW <target> <msgid>`, and `UNFOLLOW` the same."""
    following = message.verb == "FOLLOW"
    _of_account(talk, message, lambda found: Follow(found, following))


def read(talk: "IrcSession", message: Message) -> None:
    """`THREADREAD <target> <root> <msgid>`."""
    until = parse_msgid(message.param(2))
    if until is None:
        context = message.param(2)[:100] or NONE
        talk.fail(
            "THREADREAD", "INVALID_PARAMS", context, text="Write the id of the last reply that was read."
        )
    else:
        _of_account(talk, message, lambda found: ReadThreadUntil(found, until))


def _of_account(talk: "IrcSession", message: Message, command: Callable[[Thread], Command]) -> None:
    """Ask the engine to change a marker or a follow; if nothing changes, send the asker the present state."""

    def then(target: str, found: Thread) -> None:
        result = talk.host.ask(command(found))
        if isinstance(result, MessageUnknown):
            _unknown(talk, message, result)
        elif isinstance(result, Refusal):
            answer(talk, result)
        elif not result:
            _show_following(talk, target, found)

    if CAPABILITY in talk.caps and talk.user.account is None:
        talk.fail(message.verb, "ACCOUNT_REQUIRED", text=str(NotSignedIn()))
    else:
        _find(talk, message, then)


def _find(talk: "IrcSession", message: Message, then: Then) -> None:
    """Go on with the thread of a message in a room that one is in, or in a private conversation."""
    if CAPABILITY not in talk.caps:
        talk.unknown(message.verb)
        return
    place, number = _place(talk, message.params[0]), parse_msgid(message.params[1])
    if place is None:
        why = "There is no such room or user."
        talk.fail(message.verb, "INVALID_TARGET", message.params[0][:100] or NONE, text=why)
    elif number is None:
        _unknown(talk, message, MessageUnknown())
    else:

        def found(thread: Thread | None) -> None:
            own = talk.user.person
            state = talk.host.state
            if thread and may_know(state, thread.root, own) and place_of(state, thread.root, own)[0] == place:
                then(place_of(state, thread.root, own)[1], thread)
            else:
                _unknown(talk, message, MessageUnknown())

        talk.host.begin(ReadThread(number), found)


def _place(talk: "IrcSession", target: str) -> int | None:
    """The id of a room that one is in, or of a person."""
    state = talk.host.state
    if target.startswith("#"):
        room = state.room_named(target)
        return room.id if room and room.id in talk.user.rooms else None
    return state.person_named(target)


def _unknown(talk: "IrcSession", message: Message, refusal: Refusal) -> None:
    context = (word[:100] or NONE for word in message.params[:2])
    talk.fail(message.verb, "UNKNOWN_MSGID", *context, text=str(refusal))


def _read(talk: "IrcSession", before: int | None, target: str, thread: Thread) -> None:
    """Show the newest replies, or those before one; the first page begins with the root."""
    wanted = ReadReplies(thread.root.id, PAGE + 1)

    def show(found: Sequence[MessageSaid]) -> None:
        is_all = len(found) <= PAGE
        is_first = before is None and is_shown(talk, thread.root)
        page: list[Event] = [*([thread.root] if is_first else []), *found[-PAGE:]]
        words = (CAPABILITY, target, msgid(thread.root.id))
        done = partial(_show_following, talk, target, thread)
        show_messages(talk, words, page, done, HISTORY_END if is_all else None)

    talk.host.begin(wanted if before is None else replace(wanted, before=before), show)


def _show_following(talk: "IrcSession", target: str, thread: Thread) -> None:
    """How far the asker's account has read a thread; a guest follows none."""
    account = talk.user.account
    if account is None:
        return
    root = thread.root.id
    known = account.threads.get(root, Following(0, False, 0))
    unread = unread_of(thread, account.id, known.read) if known.following else 0
    _show_read(talk, target, root, known, unread)


def _show_read(talk: "IrcSession", target: str, root: int, known: Following, unread: int) -> None:
    words = follow_words(target, root, known.read, unread, known.following)
    talk.send("THREADREAD", *words)


# All that one follows


def threads(talk: "IrcSession", message: Message) -> None:
    """`THREADS [<before>]`."""
    cursor = message.param(0) or NONE
    number = None if cursor == NONE else parse_msgid(cursor)
    account = talk.user.account
    if CAPABILITY not in talk.caps:
        talk.unknown(message.verb)
    elif account is None:
        talk.fail("THREADS", "ACCOUNT_REQUIRED", text=str(NotSignedIn()))
    elif cursor != NONE and number is None:
        talk.fail("THREADS", "INVALID_PARAMS", cursor[:100], text=f"Write the id of a message, or {NONE}.")
    else:
        wanted = ReadFollowed(account.id, _readable(talk, account.threads), LIST_PAGE)
        then = partial(_list, talk)
        talk.host.begin(wanted if number is None else replace(wanted, before=number), then)


def _readable(talk: "IrcSession", known: dict[int, Following]) -> dict[int, int]:
    """Root → up to where it was read; of those that one follows and may read."""
    state, person = talk.host.state, talk.user.person

    def is_readable(root: int, place: int) -> bool:
        room = state.rooms.get(place)
        return room is None or (person in room.members and history_from(state, room, person) < root)

    return {root: one.read for root, one in known.items() if one.following and is_readable(root, one.place)}


def _list(talk: "IrcSession", found: FollowedThreads) -> None:
    """Each thread: its summary, how far it was read, and its root as it reads in the history."""
    state, person = talk.host.state, talk.user.person
    cursor = NONE if found.is_all else msgid(found.page[-1].summary.last)
    with batch(talk, "hubbub/threads-list", str(found.unread), cursor) as reference:
        for one in found.page:
            known = state.accounts[person].threads.get(one.root.id)
            if known is None or not may_know(state, one.root, person):
                continue
            _, name = place_of(state, one.root, person)
            names = names_of(state, one.summary)
            talk.send("THREAD", name, msgid(one.root.id), *summary_words(one.summary, names))
            _show_read(talk, name, one.root.id, known, one.unread)
            if is_shown(talk, one.root):
                talk.host.send(talk.view.render_in(with_names_of_today(state, one.root), reference))


# What happens


def follow_words(target: str, root: int, read: int, unread: int, following: bool) -> tuple[str, ...]:
    """How far an account has read a thread."""
    until = msgid(read) if read else NONE
    return target, msgid(root), until, str(unread), "following" if following else "not"


def _render_thread(event: ThreadChanged, caps: Capabilities, server: str) -> Bodies:
    if CAPABILITY not in caps:
        return ()
    *words, names = summary_words(event.summary, [nick for _, nick in event.summary.authors])
    return (f":{server} THREAD {event.name} {msgid(event.root)} {' '.join(words)} :{names}",)


def _render_read(event: FollowSet | ThreadUnread, caps: Capabilities, server: str) -> Bodies:
    if CAPABILITY not in caps:
        return ()
    words = follow_words(event.name, event.root, event.read, event.unread, event.following)
    return (f":{server} THREADREAD {' '.join(words)}",)


VERBS: Final = {
    "THREAD": Verb(
        thread,
        (
            "THREAD <target> <message id> [<before>]",
            "Returns a message and the replies to it, the newest 100 or those before a message.",
            "For clients that enable hubbub/threads.",
        ),
        2,
        specification=CAPABILITY,
    ),
    "THREADS": Verb(
        threads,
        (
            "THREADS [<before>]",
            "Lists the threads that you follow, and how many replies in them you have not read.",
            "For clients that enable hubbub/threads.",
        ),
        specification=CAPABILITY,
    ),
    "FOLLOW": Verb(
        follow,
        (
            "FOLLOW <target> <message id>",
            "Follows a thread: your clients show what is new in it. For clients that enable hubbub/threads.",
        ),
        2,
        specification=CAPABILITY,
    ),
    "UNFOLLOW": Verb(
        follow,
        (
            "UNFOLLOW <target> <message id>",
            "Follows a thread no longer. For clients that enable hubbub/threads.",
        ),
        2,
        specification=CAPABILITY,
    ),
    "THREADREAD": Verb(
        read,
        (
            "THREADREAD <target> <message id> <last read>",
            "Sets up to which reply you have read a thread, and tells your other clients.",
            "For clients that enable hubbub/threads.",
        ),
        3,
        specification=CAPABILITY,
    ),
}

EVENTS: Final[EventRenderers] = {
    ThreadChanged: _render_thread,
    FollowSet: _render_read,
    ThreadUnread: _render_read,
}
