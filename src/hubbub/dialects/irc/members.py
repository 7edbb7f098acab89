"""MEMBERS and PEOPLE: the members of a room and the accounts of the server, connected or not."""

from collections.abc import Iterable
from heapq import nsmallest
from itertools import islice
from typing import TYPE_CHECKING, Final

from hubbub.engine.members import MemberTold, Profile, directory, may_use_directory, ordered, profile
from hubbub.engine.policy import NotMember
from hubbub.engine.state import Role
from hubbub.wire.capabilities import Capabilities
from hubbub.wire.message import Message
from hubbub.wire.times import format_time

from .event_renderer import Bodies, EventRenderers
from .metadata_sync import Told, of, subscriptions, tell
from .rooms import PREFIXES
from .server_batches import batch
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession

CAPABILITY: Final = "hubbub/members"
NONE: Final = "*"
"""In the place of a cursor: there is none."""

PAGE: Final = 500
"""The most people on a page."""
PAGE_LINES: Final = 2000
"""A page ends earlier once it has this many lines, of people and their metadata."""

Row = tuple[str, tuple[str, ...], Profile]
"""What sorts it, the words before the name, and whom it is about."""


def members(talk: "IrcSession", message: Message) -> None:
    """`MEMBERS <room> [<cursor>]`: for members of the room and administrators."""
    if CAPABILITY not in talk.caps:
        talk.unknown(message.verb)
        return
    room, state, role = talk.room_named(message.params[0]), talk.host.state, talk.user.role
    if room is None:
        return
    if talk.user.person not in room.members and role < Role.ADMIN:
        talk.refuse(NotMember(room.name.text))
        return
    name, after = f"#{room.name}", _cursor(message.param(1))
    rows = ordered(state, room, role)
    page = (
        (key, (name, _prefixes(member.modes)), found)
        for key, member in rows
        if key > after and (found := profile(state, member.person, role))
    )
    _show(talk, "MEMBER", ("hubbub/members", name, str(len(rows))), page)


def people(talk: "IrcSession", message: Message) -> None:
    """`PEOPLE [<cursor> [:<text>]]`: by name."""
    if CAPABILITY not in talk.caps:
        talk.unknown(message.verb)
        return
    state, role = talk.host.state, talk.user.role
    if refusal := may_use_directory(state, talk.user):
        talk.refuse(refusal)
        return
    after = _cursor(message.param(0))
    found = list(directory(state, message.param(1), role, talk.host.now()))
    next_ones = nsmallest(PAGE + 1, (one for one in found if one[0] > after))
    page = ((key, (), shown) for key, number in next_ones if (shown := profile(state, number, role)))
    _show(talk, "PERSON", ("hubbub/people", str(len(found))), page)


def _cursor(word: str) -> str:
    """A cursor is the key of the last row; it may be any text, and the rows behind it follow."""
    return "" if word == NONE else word


def _show(talk: "IrcSession", verb: str, opening: tuple[str, ...], rows: Iterable[Row]) -> None:
    """Send a page, each row followed by its metadata; the batch's last parameter is the next cursor."""
    keys = subscriptions(talk) if talk.caps.metadata else ()
    found = list(islice(rows, PAGE + 1))
    page: list[tuple[Row, list[Told]]] = []
    lines = 0
    for row in found[:PAGE]:
        values = list(of(row[2].nick, row[2].metadata, keys))
        lines += 1 + len(values)
        if page and lines > PAGE_LINES:
            break
        page.append((row, values))
    following = page[-1][0][0] if len(page) < len(found) else NONE
    with batch(talk, *opening, following):
        for (_, words, shown), values in page:
            _send_row(talk, verb, words, shown)
            tell(talk, values)


def _send_row(talk: "IrcSession", verb: str, words: tuple[str, ...], shown: Profile) -> None:
    facts = (shown.presence, shown.role, _last_seen(shown.left_at), shown.display_name)
    tags = {"account": shown.account} if shown.account and talk.caps.account_tag else None
    talk.send(verb, *words[:1], shown.nick, *words[1:], *facts, tags=tags)


def _prefixes(modes: str) -> str:
    return "".join(map(PREFIXES.__getitem__, modes)) or NONE


def _last_seen(at: int) -> str:
    return format_time(at) if at else NONE


def _render_member(event: MemberTold, caps: Capabilities, server: str) -> Bodies:
    if CAPABILITY not in caps:
        return ()
    row = f"{_prefixes(event.modes)} {event.presence} {event.role} {_last_seen(event.left_at)}"
    return (f":{server} MEMBER #{event.room_name} {event.origin.nick} {row} :{event.display_name}",)


VERBS: Final = {
    "MEMBERS": Verb(
        members,
        (
            "MEMBERS <room> [<cursor>]",
            "Lists the members of a room, online or not, for the room's members. Clients send this themselves.",
            "For clients that enable hubbub/members.",
        ),
        1,
        specification=CAPABILITY,
    ),
    "PEOPLE": Verb(
        people,
        (
            "PEOPLE [<cursor or *> [:<text>]]",
            "Lists the accounts of the server, online or not; with a text, those with the text in their name.",
            "For clients that enable hubbub/members.",
        ),
        specification=CAPABILITY,
    ),
}

EVENTS: Final[EventRenderers] = {
    MemberTold: _render_member,
}
