"""Reports: messages that users have flagged for moderators."""

import sqlite3
from typing import Final

from msgspec.structs import astuple

from hubbub.engine.event import Event
from hubbub.engine.reports import MessageReported, ReportClosed
from hubbub.engine.state import Report, State

from ..statements import insert
from ..subject import Writer

Connection = sqlite3.Connection

_COLUMNS: Final = ("number", "message", "by", "person", "room", "room_name", "author", "text", "reason")


def _report(database: Connection, event: MessageReported) -> None:
    insert(database, "report", _COLUMNS, [astuple(event.report)])


def _no_report(database: Connection, event: ReportClosed) -> None:
    database.execute("DELETE FROM report WHERE number = ?", (event.number,))


def load(database: Connection, state: State) -> None:
    for row in database.execute(
        "SELECT number, message, by, person, room, room_name, author, text, reason FROM report ORDER BY number"
    ):
        state.reports[row[0]] = Report(*row)


WRITERS: Final[dict[type[Event], Writer]] = {
    MessageReported: Writer(_report),
    ReportClosed: Writer(_no_report),
}
