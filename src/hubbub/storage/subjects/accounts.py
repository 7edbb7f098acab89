"""Accounts: who is registered, when each was last connected, and up to where each has been shown everything."""

import json
import sqlite3
from typing import Final, NamedTuple

from hubbub.engine.accounts import (
    AccountApproved,
    AccountRegistered,
    CredentialRenewed,
    CredentialSet,
    RoleChanged,
)
from hubbub.engine.entering import SeenNoted
from hubbub.engine.event import Event
from hubbub.engine.names import Nick, fold
from hubbub.engine.sessions import UserLeft
from hubbub.engine.state import Account, Credential, Role, State

from ..statements import insert
from ..subject import Bulk, Writer

Connection = sqlite3.Connection


def _registered(database: Connection, event: AccountRegistered) -> None:
    new = event.credential
    columns = ("id", "name", "argon2", "scram", "sealed_by", "role", "approved", "seen")
    row = (
        event.account,
        event.name,
        new.argon2,
        new.scram,
        new.sealed_by,
        event.role,
        event.approved,
        event.id,
    )
    insert(database, "account", columns, [row])


def _credential(database: Connection, event: CredentialSet | CredentialRenewed) -> None:
    new = (event.credential.argon2, event.credential.scram, event.credential.sealed_by, event.account)
    database.execute("UPDATE account SET argon2 = ?, scram = ?, sealed_by = ? WHERE id = ?", new)


def _role(database: Connection, event: RoleChanged) -> None:
    database.execute("UPDATE account SET role = ? WHERE id = ?", (event.role, event.account))


def _approved(database: Connection, event: AccountApproved) -> None:
    database.execute("UPDATE account SET approved = 1 WHERE id = ?", (event.account,))


def _left_chat(database: Connection, event: UserLeft) -> None:
    left = (event.seen, event.at, event.origin.person)
    database.execute("UPDATE account SET seen = max(seen, ?), left_at = ? WHERE id = ?", left)


def _seen(database: Connection, event: SeenNoted) -> None:
    database.execute(
        "UPDATE account SET seen = max(account.seen, new.seen) FROM ("
        "  SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS seen FROM json_each(?)"
        ") AS new WHERE account.id = new.id",
        (json.dumps(event.seen),),
    )


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
    left_at: list[int]


def _accounts(found: _Accounts, state: State) -> None:
    keys = list(map(fold, found.name))
    nicks = map(Nick, found.name, keys)
    credentials = map(Credential, found.argon2, found.scram, found.sealed_by)
    approved = map(bool, found.approved)
    columns = (found.id, nicks, credentials, found.role, approved, found.seen, found.left_at)
    accounts = map(Account, *columns)
    state.accounts = dict(zip(found.id, accounts, strict=True))
    state.account_names = dict(zip(keys, found.id, strict=True))
    state.account_looks.enter_all(found.name, found.id)


BULK: Final = Bulk(_Accounts, "account", _accounts)


WRITERS: Final[dict[type[Event], Writer]] = {
    AccountRegistered: Writer(_registered, takes_away=False),
    CredentialSet: Writer(_credential, deletes=True),
    CredentialRenewed: Writer(_credential),
    RoleChanged: Writer(_role),
    AccountApproved: Writer(_approved),
    UserLeft: Writer(_left_chat, kept_if=lambda event: event.origin.account is not None, takes_away=False),
    SeenNoted: Writer(_seen, takes_away=False),
}
