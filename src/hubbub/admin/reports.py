"""Commands about reports: messages that a user has flagged for moderators, with the messages around them."""

from typing import Final

from hubbub.engine.ids import time_of
from hubbub.engine.messages import MessageSaid
from hubbub.engine.reports import CloseReport, ReportUnknown
from hubbub.engine.state import Report, Role

from .answers import Result, done, listed, refused, said
from .argument_types import NUMBER, TEXT
from .command import Command, Parameter
from .context import AdminContext
from .times import moment

AROUND: Final = 5
"""The number of messages shown before and after a reported one."""


def reports(desk: AdminContext) -> Result:
    found = _open(desk)
    if not found:
        return said("There are no open reports.")
    rows = [(str(place), *_row(report)) for place, report in enumerate(found, start=1)]
    return listed(("number", "time (UTC)", "by", "author", "room", "message", "reason"), rows)


def _row(report: Report) -> tuple[str, ...]:
    return (
        moment(time_of(report.number)),
        report.by,
        report.author,
        report.room_name or "(private)",
        " ".join(report.text.split()),
        report.reason,
    )


def _open(desk: AdminContext) -> list[Report]:
    """The oldest first."""
    return sorted(desk.state.reports.values(), key=lambda report: report.number)


async def report(desk: AdminContext, number: int) -> Result:
    """Of a private message nothing is shown but itself: that was given by one of the two."""
    found = _open(desk)
    if number > len(found):
        return refused(ReportUnknown())
    one = found[number - 1]
    around = await desk.around(one.room, one.message, AROUND) if one.room else ()
    # The message as it was reported, whatever its author has made of it since.
    said_then = (moment(time_of(one.message)), one.author, " ".join(one.text.split()))
    said_there = [event for event in around if isinstance(event, MessageSaid)]
    rows = [said_then if event.id == one.message else _said(event) for event in said_there]
    why = one.reason or "no reason given"
    where = f"the room {one.room_name}" if one.room else "a private conversation"
    return listed(
        ("time (UTC)", "by", "message"),
        rows or [said_then],
        f"{one.by} reported a message by {one.author} in {where}: {why}",
    )


def _said(event: MessageSaid) -> tuple[str, str, str]:
    return moment(event.at), event.by.nick, "" if event.redacted else " ".join(event.text.split())


def close_report(desk: AdminContext, number: int, note: str = "") -> Result:
    found = _open(desk)
    if number > len(found):
        return refused(ReportUnknown())
    one = found[number - 1]
    return done(desk, CloseReport(one.number, note), f"The report about {one.author} is closed.")


_NUMBER: Final = Parameter("number", NUMBER)

COMMANDS: Final = (
    Command(
        ("reports",),
        (),
        "List the reported messages.",
        "reports",
        reports,
        Role.MODERATOR,
        changes=False,
    ),
    Command(
        ("report",),
        (_NUMBER,),
        "Show a report and the messages around it, by its number in the list of reports.",
        "report 1",
        report,
        Role.MODERATOR,
        changes=False,
    ),
    Command(
        ("close", "report"),
        (_NUMBER, Parameter("note", TEXT, required=False)),
        "Close a report; the note is written to the audit trail.",
        "close report 1 Bob was warned",
        close_report,
        Role.MODERATOR,
    ),
)
