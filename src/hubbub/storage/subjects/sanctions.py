"""Sanctions: the names and networks that are kept out of the server."""

import sqlite3
from typing import Final

from hubbub.addresses import parse_network
from hubbub.engine.event import Event
from hubbub.engine.moderation import AddressKeptOut, AddressLetIn, NameKeptOut, NameLetIn
from hubbub.engine.names import fold
from hubbub.engine.state import Sanction, State

from ..statements import put
from ..subject import Writer

Connection = sqlite3.Connection


def _sanction(database: Connection, kind: str, subject: str, sanction: Sanction) -> None:
    row = (kind, subject, sanction.until, sanction.reason, sanction.by, sanction.at)
    put(database, "sanction", ("kind", "subject"), ("until", "reason", "by", "at"), row)


def _lift(database: Connection, kind: str, subject: str) -> None:
    database.execute("DELETE FROM sanction WHERE kind = ? AND subject = ?", (kind, subject))


def load(database: Connection, state: State) -> None:
    rows = database.execute(
        "SELECT kind, subject, until, reason, by, at FROM sanction ORDER BY kind, at, subject"
    )
    for kind, subject, until, reason, by, at in rows:
        sanction = Sanction(until, reason, by, at)
        if kind == "name":
            state.names_kept_out[subject] = sanction
        else:
            state.networks_kept_out[parse_network(subject)] = sanction


WRITERS: Final[dict[type[Event], Writer]] = {
    NameKeptOut: Writer(lambda database, e: _sanction(database, "name", fold(e.name), e.sanction)),
    NameLetIn: Writer(lambda database, e: _lift(database, "name", fold(e.name))),
    AddressKeptOut: Writer(lambda database, e: _sanction(database, "network", e.network, e.sanction)),
    AddressLetIn: Writer(lambda database, e: _lift(database, "network", e.network)),
}
