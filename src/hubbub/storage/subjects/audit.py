"""The audit trail."""

import sqlite3
from typing import Final

from hubbub.engine.audit import ActRecorded
from hubbub.engine.event import Event

from ..statements import insert
from ..subject import Writer

Connection = sqlite3.Connection


def _act(database: Connection, event: ActRecorded) -> None:
    row = (event.id, event.by, event.act, event.subject, event.detail)
    insert(database, "act", ("id", "by", "act", "subject", "detail"), [row])


WRITERS: Final[dict[type[Event], Writer]] = {
    ActRecorded: Writer(_act, takes_away=False),
}
