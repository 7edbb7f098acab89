"""Membership: who is in a room, may come in, or has asked to."""

import sqlite3
from typing import Final, NamedTuple

from hubbub.engine.access_lists import AccessGranted
from hubbub.engine.event import Event
from hubbub.engine.joining_and_inviting import Invited
from hubbub.engine.membership import MemberAdded, MemberJoined, MemberKicked, MemberLeft
from hubbub.engine.room_requests import RequestAnswered, RequestMade
from hubbub.engine.signin import UserSignedIn
from hubbub.engine.state import Member, RoomRequest, State

from ..statements import put
from ..subject import Bulk, Writer
from .drafts import forget as forget_drafts
from .threads import forget as forget_threads

Connection = sqlite3.Connection


def _signed_in(database: Connection, event: UserSignedIn) -> None:
    for room, modes, since in event.memberships:
        known = database.execute(
            "UPDATE member SET modes = ? WHERE room = ? AND account = ?", (modes, room, event.origin.person)
        )
        if not known.rowcount:
            _enter(database, room, event.origin.person, since, modes)


def _enter(database: Connection, room: int, account: int, since: int, modes: str) -> None:
    put(database, "member", ("room", "account"), ("since", "modes"), (room, account, since, modes))
    database.execute("DELETE FROM request WHERE room = ? AND account = ?", (room, account))
    database.execute("UPDATE admitted SET invited = NULL WHERE room = ? AND account = ?", (room, account))
    database.execute("UPDATE room SET emptied = 0 WHERE id = ?", (room,))


def _emptied(database: Connection, room: int, at: int) -> None:
    """Note when the last of a room's accounts has left, if that was the last."""
    database.execute(
        "UPDATE room SET emptied = ? WHERE id = ? AND NOT EXISTS (SELECT 1 FROM member WHERE room = ?)",
        (at, room, room),
    )


def _joined(database: Connection, event: MemberJoined) -> None:
    if event.lasting:
        _enter(database, event.room, event.origin.person, event.id, event.modes)


def _added(database: Connection, event: MemberAdded) -> None:
    _enter(database, event.room, event.account, event.id, event.modes)


def _left(database: Connection, event: MemberLeft) -> None:
    """Write leaving; a member who left by themselves may return, with their modes."""
    where = (event.room, event.origin.person)
    database.execute(
        "INSERT INTO admitted (room, account, modes) "
        "SELECT room, account, modes FROM member WHERE room = ? AND account = ? "
        "AND room NOT IN (SELECT id FROM room WHERE conversation) "
        "ON CONFLICT (room, account) DO UPDATE SET modes = excluded.modes, invited = NULL",
        where,
    )
    database.execute("DELETE FROM member WHERE room = ? AND account = ?", where)
    forget_drafts(database, [(event.origin.person, event.room)])
    forget_threads(database, event.origin.person, event.room)
    _emptied(database, event.room, event.at)


def _kicked(database: Connection, event: MemberKicked) -> None:
    for table in ("member", "admitted"):
        database.execute(f"DELETE FROM {table} WHERE room = ? AND account = ?", (event.room, event.person))
    forget_drafts(database, [(event.person, event.room)])
    forget_threads(database, event.person, event.room)
    _emptied(database, event.room, event.at)


def _invited(database: Connection, event: Invited) -> None:
    database.execute(
        "INSERT INTO admitted (room, account, modes, invited) VALUES (?, ?, '', ?) ON CONFLICT (room, account) "
        "DO UPDATE SET invited = max(coalesce(invited, 0), excluded.invited)",
        (event.room, event.person, event.id * event.by_operator),
    )
    database.execute("DELETE FROM request WHERE room = ? AND account = ?", (event.room, event.person))


def _granted(database: Connection, event: AccessGranted) -> None:
    where = (event.room, event.account)
    database.execute("DELETE FROM request WHERE room = ? AND account = ?", where)
    if event.rank:
        database.execute(
            "INSERT INTO admitted (room, account, modes) VALUES (?, ?, ?) "
            "ON CONFLICT (room, account) DO UPDATE SET modes = excluded.modes",
            (*where, event.rank),
        )
    else:
        database.execute("DELETE FROM admitted WHERE room = ? AND account = ?", where)


def _requested(database: Connection, event: RequestMade) -> None:
    name = event.origin.account or event.origin.nick
    row = (event.room, event.origin.person, name, event.at, event.wish)
    put(database, "request", ("room", "account"), ("name", "at", "wish"), row)


def _answered(database: Connection, event: RequestAnswered) -> None:
    where = (event.room, event.account)
    database.execute("DELETE FROM request WHERE room = ? AND account = ?", where)
    if event.accepted:
        database.execute(
            "INSERT INTO admitted (room, account, modes) VALUES (?, ?, '') ON CONFLICT (room, account) DO NOTHING",
            where,
        )


class _Members(NamedTuple):
    room: list[int]
    account: list[int]
    since: list[int]
    modes: list[str]


def _members(found: _Members, state: State) -> None:
    rooms = map(state.rooms.__getitem__, found.room)
    accounts = map(state.accounts.__getitem__, found.account)
    for room, account, since, modes in zip(rooms, accounts, found.since, found.modes, strict=True):
        room.members[account.id] = Member(account.id, since, modes)
        account.rooms[room.id] = room


def load(database: Connection, state: State) -> None:
    """Load the members, the admitted, and the requests of rooms."""
    admitted = database.execute("SELECT room, account, modes, invited FROM admitted ORDER BY 1, 2")
    for number, account, modes, invited in admitted:
        state.rooms[number].admitted[account] = modes
        if invited is not None:
            state.rooms[number].invited[account] = invited
    for number, account, name, at, wish in database.execute(
        "SELECT room, account, name, at, wish FROM request ORDER BY room, at, account"
    ):
        state.rooms[number].requests[account] = RoomRequest(account, name, at, wish)


BULK: Final = Bulk(_Members, "member ORDER BY room, since, account", _members)


WRITERS: Final[dict[type[Event], Writer]] = {
    UserSignedIn: Writer(_signed_in, takes_away=False),
    AccessGranted: Writer(_granted),
    MemberJoined: Writer(_joined, takes_away=False),
    MemberAdded: Writer(_added, takes_away=False),
    MemberLeft: Writer(_left, takes_away=False),
    MemberKicked: Writer(_kicked),
    Invited: Writer(_invited, kept_if=lambda event: event.lasting),
    RequestMade: Writer(_requested),
    RequestAnswered: Writer(_answered),
}
