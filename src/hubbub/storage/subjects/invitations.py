"""Invitations: the codes with which people may register."""

import sqlite3
from typing import Final

from hubbub.engine.event import Event
from hubbub.engine.invitations import InvitationMade, InvitationUsed, InvitationWithdrawn
from hubbub.engine.state import Invitation, Role, State

from ..statements import insert
from ..subject import Writer

Connection = sqlite3.Connection


def _invitation(database: Connection, event: InvitationMade) -> None:
    made = event.invitation
    row = (made.digest, made.number, made.by, made.uses, made.until, made.note)
    insert(database, "invitation", ("digest", "number", "by", "uses", "until", "note"), [row])


def _invitation_used(database: Connection, event: InvitationUsed) -> None:
    database.execute("UPDATE invitation SET uses = uses - 1 WHERE digest = ?", (event.digest,))
    database.execute("DELETE FROM invitation WHERE digest = ? AND uses = 0", (event.digest,))


def _no_invitation(database: Connection, event: InvitationWithdrawn) -> None:
    database.execute("DELETE FROM invitation WHERE digest = ?", (event.digest,))


def load(database: Connection, state: State) -> None:
    for digest, made, by, uses, until, note in database.execute(
        "SELECT digest, number, by, uses, until, note FROM invitation ORDER BY number"
    ):
        state.invitations[digest] = Invitation(made, digest, by, uses, until, note, Role.MEMBER)


WRITERS: Final[dict[type[Event], Writer]] = {
    InvitationMade: Writer(_invitation, kept_if=lambda event: event.lasting),
    InvitationUsed: Writer(_invitation_used),
    InvitationWithdrawn: Writer(_no_invitation),
}
