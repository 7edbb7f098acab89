"""Known addresses: from where the owners of accounts have signed in."""

import sqlite3
from typing import Final, NamedTuple

from hubbub.engine.event import Event
from hubbub.engine.known_addresses import AddressNoted
from hubbub.engine.state import State

from ..statements import put
from ..subject import Bulk, Writer

Connection = sqlite3.Connection


def _address_noted(database: Connection, event: AddressNoted) -> None:
    """The one that makes way is gone from the file."""
    where = (event.account, event.forgotten)
    database.execute("DELETE FROM known_address WHERE account = ? AND digest = ?", where)
    row = (event.account, event.digest, event.at)
    put(database, "known_address", ("account", "digest"), ("at",), row)


class _Known(NamedTuple):
    account: list[int]
    digest: list[str]
    at: list[int]


def _known(found: _Known, state: State) -> None:
    for account, digest, at in zip(found.account, found.digest, found.at, strict=True):
        state.accounts[account].known[digest] = at


BULK: Final = Bulk(_Known, "known_address ORDER BY account, at, digest", _known)


WRITERS: Final[dict[type[Event], Writer]] = {
    AddressNoted: Writer(_address_noted),
}
