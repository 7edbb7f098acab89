"""The state read back from the tables, as it stood when the last server ended."""

import ipaddress
import sqlite3
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Final

from hubbub.engine.names import Nick, RoomName, fold
from hubbub.engine.notices import keep_push
from hubbub.engine.rooms import remember_name
from hubbub.engine.state import (
    Access,
    Account,
    Credential,
    History,
    Invitation,
    Level,
    ListEntry,
    Member,
    Push,
    Report,
    Request,
    Role,
    Room,
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


def load(database: Connection) -> tuple[State, int]:
    """The state, and the last id of anything in it."""
    state = State()
    _accounts(database, state)
    _rooms(database, state)
    _members(database, state)
    _lists(database, state)
    _sanctions(database, state)
    _sundries(database, state)
    for room in [room for room in state.rooms.values() if not room.kept and not room.members]:
        # It was there for guests, and they are gone.
        del state.rooms[room.id]
        del state.room_names[room.name.key]
    last: int = database.execute(LAST).fetchone()[0]
    return state, last


def _accounts(database: Connection, state: State) -> None:
    roles = {role.value: role for role in Role}
    rows = database.execute("SELECT id, name, argon2, scram, role, approved, seen FROM account ORDER BY id")
    for number, name, argon2, scram, role, approved, seen in rows:
        nick = Nick.known(name)
        account = Account(number, nick, Credential(argon2, scram), roles[role], bool(approved), seen)
        state.accounts[number] = account
        state.account_names[nick.key] = number


def _rooms(database: Connection, state: State) -> None:
    rows = database.execute(
        "SELECT id, name, access, secret, history, kept, flags, key, size, topic, topic_by, topic_at "
        "FROM room WHERE deleted IS NULL ORDER BY id"
    )
    for number, name, access, secret, history, kept, flags, key, size, topic, by, at in rows:
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
        state.rooms[number] = room
        state.room_names[room.name.key] = number


def _members(database: Connection, state: State) -> None:
    accounts = state.accounts
    members = database.execute("SELECT room, account, since, modes FROM member ORDER BY room, since, account")
    for number, those in groupby(members, itemgetter(0)):
        room = state.rooms[number]
        inside = room.members
        for _, account, since, modes in those:
            owner = accounts[account]
            inside[account] = Member(account, owner.name.text, since, modes)
            owner.rooms[number] = room
    for number, account, modes in database.execute("SELECT room, account, modes FROM admitted ORDER BY 1, 2"):
        state.rooms[number].admitted[account] = modes
    for number, account, name, at, wish in database.execute(
        "SELECT room, account, name, at, wish FROM request ORDER BY room, at, account"
    ):
        state.rooms[number].requests[account] = Request(account, name, at, wish)


def _lists(database: Connection, state: State) -> None:
    rows = database.execute("SELECT room, letter, mask, by, at FROM mask ORDER BY room, letter, at, mask")
    for number, letter, mask, by, at in rows:
        state.rooms[number].lists[letter][mask] = ListEntry(mask, by, at)


def _sundries(database: Connection, state: State) -> None:
    """What is joined to accounts, rooms and files by their ids, and what rooms were called before."""
    for account, place, until in database.execute(
        "SELECT account, place, until FROM marker ORDER BY account, until, place"
    ):
        state.accounts[account].read[place] = until
    for owner, key, value in database.execute("SELECT owner, key, value FROM metadata ORDER BY owner, key"):
        holder = state.accounts.get(owner) or state.rooms.get(owner)
        if holder:
            holder.metadata[key] = value
    kinds = {kind.value: kind for kind in TokenKind}
    for digest, account, name, kind, at, scopes, used in database.execute(
        "SELECT digest, account, name, kind, at, scopes, used FROM token"
    ):
        state.tokens[digest] = Token(account, name, digest, kinds[kind], at, _scopes(scopes), used)
    for digest, made, by, uses, until, note in database.execute(
        "SELECT digest, number, by, uses, until, note FROM invitation ORDER BY number"
    ):
        state.invitations[digest] = Invitation(made, digest, by, uses, until, note, Role.MEMBER)
    for row in database.execute("SELECT endpoint, account, key, auth FROM push ORDER BY endpoint"):
        keep_push(state, Push(*row))
    for account, place, level in database.execute(
        "SELECT account, place, level FROM level ORDER BY account, place"
    ):
        state.accounts[account].levels[place] = Level(level)
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
    for number, name in database.execute(
        "SELECT room, json_extract(fields, '$.room_name') FROM happening WHERE kind = 'RoomRenamed' ORDER BY id"
    ):
        if number in state.rooms and fold(name) not in state.room_names:
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
            state.networks_kept_out[ipaddress.ip_network(subject)] = sanction
