"""The state read back from the tables, as it stood when the last server ended.

The large tables are read by their columns, each of which SQLite writes as a JSON array and msgspec reads: both do so
without the interpreter, to which a row as a tuple would cost as much as all that is made of it. SQLite is one table
ahead, in a thread of its own.
"""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final, NamedTuple, TypeVar

from msgspec.json import Decoder

from hubbub.addresses import parse_network
from hubbub.engine.ids import era_of, first_of_era
from hubbub.engine.names import Nick, RoomName, fold
from hubbub.engine.notifications import keep_push
from hubbub.engine.rooms import remember_name
from hubbub.engine.state import (
    Access,
    Account,
    Credential,
    Draft,
    Emoji,
    History,
    Invitation,
    Level,
    ListEntry,
    Member,
    Push,
    Report,
    Role,
    Room,
    RoomRequest,
    Sanction,
    Scope,
    State,
    Token,
    TokenKind,
    Topic,
    Webhook,
)

Connection = sqlite3.Connection


LAST: Final = "SELECT max(last, (SELECT coalesce(max(id), 0) FROM message)) FROM progress"
"""The last id: a message that was written last is not noted beside it."""


class _Accounts(NamedTuple):
    """The columns of the table, each in the order of its rows; so are those that follow."""

    id: list[int]
    name: list[str]
    argon2: list[str]
    scram: list[str]
    sealed_by: list[str]
    role: list[Role]
    approved: list[int]
    seen: list[int]


class _Members(NamedTuple):
    room: list[int]
    account: list[int]
    since: list[int]
    modes: list[str]


class _Tokens(NamedTuple):
    digest: list[str]
    account: list[int]
    name: list[str]
    kind: list[TokenKind]
    at: list[int]
    scopes: list[str]
    used: list[int]


class _Markers(NamedTuple):
    account: list[int]
    place: list[int]
    until: list[int]


class _Known(NamedTuple):
    account: list[int]
    digest: list[str]
    at: list[int]


Columns = TypeVar("Columns", _Accounts, _Members, _Tokens, _Markers, _Known)


def load(database: Connection) -> tuple[State, int]:
    """The state, and the last id of anything in it."""
    state = State()
    _rooms(database, state)
    with ThreadPoolExecutor(1) as ahead:

        def read(columns: type[Columns], source: str) -> Callable[[], Columns]:
            wanted = ", ".join(f"json_group_array({name})" for name in columns._fields)
            found = ahead.submit(lambda: database.execute(f"SELECT {wanted} FROM {source}").fetchone())
            decoders = map(Decoder, columns.__annotations__.values())
            return lambda: columns(
                *(each.decode(text) for each, text in zip(decoders, found.result(), strict=True))
            )

        accounts = read(_Accounts, "account")
        members = read(_Members, "(SELECT * FROM member ORDER BY room, since, account)")
        tokens = read(_Tokens, "token")
        markers = read(_Markers, "(SELECT * FROM marker ORDER BY account, until, place)")
        known = read(_Known, "(SELECT * FROM known_address ORDER BY account, at, digest)")
        _accounts(accounts(), state)
        _members(members(), state)
        _tokens(tokens(), state)
        _markers(markers(), state)
        _known(known(), state)
    _waiting(database, state)
    _lists(database, state)
    _sanctions(database, state)
    _sundries(database, state)
    last: int = database.execute(LAST).fetchone()[0]
    state.eras = [_first_in(database, era, last) for era in range(1, era_of(last) + 1)]
    return state, last


def _first_in(database: Connection, era: int, last: int) -> int:
    """The first act of an era is that it has begun."""
    bounds = (first_of_era(era), first_of_era(era + 1) - 1)
    found = database.execute("SELECT min(id) FROM act WHERE id BETWEEN ? AND ?", bounds).fetchone()[0]
    return last if found is None else int(found)


def _accounts(found: _Accounts, state: State) -> None:
    keys = list(map(fold, found.name))
    nicks = map(Nick, found.name, keys)
    credentials = map(Credential, found.argon2, found.scram, found.sealed_by)
    accounts = map(Account, found.id, nicks, credentials, found.role, map(bool, found.approved), found.seen)
    state.accounts = dict(zip(found.id, accounts, strict=True))
    state.account_names = dict(zip(keys, found.id, strict=True))
    state.account_looks.enter_all(found.name, found.id)


def _members(found: _Members, state: State) -> None:
    rooms = map(state.rooms.__getitem__, found.room)
    accounts = map(state.accounts.__getitem__, found.account)
    for room, account, since, modes in zip(rooms, accounts, found.since, found.modes, strict=True):
        room.members[account.id] = Member(account.id, since, modes)
        account.rooms[room.id] = room


def _tokens(found: _Tokens, state: State) -> None:
    scopes = map(_scopes, found.scopes)
    tokens = map(Token, found.account, found.name, found.digest, found.kind, found.at, scopes, found.used)
    state.tokens = dict(zip(found.digest, tokens, strict=True))


def _markers(found: _Markers, state: State) -> None:
    for account, place, until in zip(found.account, found.place, found.until, strict=True):
        state.accounts[account].read[place] = until


def _known(found: _Known, state: State) -> None:
    for account, digest, at in zip(found.account, found.digest, found.at, strict=True):
        state.accounts[account].known[digest] = at


def _rooms(database: Connection, state: State) -> None:
    rows = database.execute(
        "SELECT id, name, access, secret, history, kept, flags, key, size, topic, topic_by, topic_at, "
        "maker, emptied "
        "FROM room WHERE deleted IS NULL ORDER BY id"
    )
    for number, name, access, secret, history, kept, flags, key, size, topic, by, at, *made in rows:
        room = Room(
            number,
            RoomName.known(name),
            Access(access),
            bool(secret),
            flags,
            key,
            size,
            Topic(topic, by, at) if topic else None,
            History(history),
            bool(kept),
        )
        room.maker, room.emptied = made
        state.add_room(room)


def _waiting(database: Connection, state: State) -> None:
    """Who may come into a room, and who would like to."""
    admitted = database.execute("SELECT room, account, modes, invited FROM admitted ORDER BY 1, 2")
    for number, account, modes, invited in admitted:
        state.rooms[number].admitted[account] = modes
        if invited is not None:
            state.rooms[number].invited[account] = invited
    for number, account, name, at, wish in database.execute(
        "SELECT room, account, name, at, wish FROM request ORDER BY room, at, account"
    ):
        state.rooms[number].requests[account] = RoomRequest(account, name, at, wish)


def _lists(database: Connection, state: State) -> None:
    rows = database.execute("SELECT room, letter, mask, by, at FROM mask ORDER BY room, letter, at, mask")
    for number, letter, mask, by, at in rows:
        state.rooms[number].lists[letter][mask] = ListEntry(mask, by, at)


def _sundries(database: Connection, state: State) -> None:
    """What is joined to accounts, rooms and files by their ids, and what rooms were called before."""
    for owner, key, value in database.execute("SELECT owner, key, value FROM metadata ORDER BY owner, key"):
        holder = state.accounts.get(owner) or state.rooms.get(owner)
        if holder:
            holder.metadata[key] = value
    for digest, made, by, uses, until, note in database.execute(
        "SELECT digest, number, by, uses, until, note FROM invitation ORDER BY number"
    ):
        state.invitations[digest] = Invitation(made, digest, by, uses, until, note, Role.MEMBER)
    for row in database.execute("SELECT endpoint, account, key, auth, proof FROM push ORDER BY endpoint"):
        keep_push(state, Push(*row))
    for account, place, level in database.execute(
        "SELECT account, place, level FROM level ORDER BY account, place"
    ):
        state.accounts[account].levels[place] = Level(level)
    for account, place, *draft in database.execute(
        "SELECT account, place, version, since, text FROM draft ORDER BY version"
    ):
        state.accounts[account].drafts[place] = Draft(*draft)
    for row in database.execute(
        "SELECT number, name, room, by, digest, url, secret, delivered FROM webhook ORDER BY number"
    ):
        webhook = Webhook(*row)
        if webhook.room in state.rooms:
            state.webhooks[webhook.number] = webhook
    for row in database.execute(
        "SELECT number, message, by, person, room, room_name, author, text, reason FROM report ORDER BY number"
    ):
        state.reports[row[0]] = Report(*row)
    for person, size in database.execute(
        "SELECT person, sum(size) FROM file GROUP BY person ORDER BY person"
    ):
        state.file_bytes[person] = size
    for row in database.execute("SELECT number, name, file, maker, by FROM emoji ORDER BY number"):
        emoji = Emoji(*row)
        state.emoji[emoji.name] = emoji
    for number, name in database.execute(
        "SELECT room, json_extract(fields, '$.room_name') FROM happening WHERE kind = 'RoomRenamed' ORDER BY id"
    ):
        if number in state.rooms:
            remember_name(state, fold(name), number)


@cache
def _scopes(words: str) -> tuple[Scope, ...]:
    """Few sets of scopes are in use, by many tokens."""
    return tuple(map(Scope, words.split()))


def _sanctions(database: Connection, state: State) -> None:
    rows = database.execute(
        "SELECT kind, subject, until, reason, by, at FROM sanction ORDER BY kind, at, subject"
    )
    for kind, subject, until, reason, by, at in rows:
        sanction = Sanction(until, reason, by, at)
        if kind == "name":
            state.names_kept_out[subject] = sanction
        else:
            state.networks_kept_out[parse_network(subject)] = sanction
