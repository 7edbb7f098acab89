"""Reports: messages that users flag for the operators; the shell has read the message."""

from typing import Final

from hubbub.text import clean, cut

from .audit import record
from .edits import MessageUnknown
from .event import Answer, Command, Event, Request
from .message_kinds import has_text
from .messages import MessageSaid, ToRoom
from .policy import asked_as
from .refusals import NotPresent, Refusal
from .rules import EventRule, Rule
from .state import Report, Role, Session, State

REPORTS_MAX: Final = 1000
REPORTS_A_PERSON_MAX: Final = 20
TEXT_BYTES_MAX: Final = 1000


class ReportMessage(Command, frozen=True):
    """The shell has read the message, and knows that who asks may read it."""

    said: MessageSaid
    reason: str = ""


class CloseReport(Command, frozen=True):
    """`number` is the report's, as lists show it; `note` is for the audit trail."""

    number: int
    note: str = ""


class MessageReported(Event, frozen=True):
    report: Report


class ReportClosed(Event, frozen=True):
    number: int


class ReportUnknown(Refusal, frozen=True):
    def __str__(self) -> str:
        return "There is no such report. To list the reports, write: reports"


class AlreadyReported(Refusal, frozen=True):
    def __str__(self) -> str:
        return "You have already reported this. A moderator will look at it."


class TooManyReports(Refusal, frozen=True):
    def __str__(self) -> str:
        return "There are too many open reports. Speak to a moderator."


def report_message(state: State, request: Request, command: ReportMessage) -> Answer:
    """Decide on a report. The message's text is kept with it: its author may delete it before it is reviewed."""
    actor, said = state.actor(request), command.said
    if actor is None:
        return NotPresent()
    if said.redacted or not has_text(said.kind):
        return MessageUnknown()
    own = [one for one in state.reports.values() if one.person == actor.origin.person]
    if any(one.message == said.id for one in own):
        return AlreadyReported()
    if len(own) >= REPORTS_A_PERSON_MAX or len(state.reports) >= REPORTS_MAX:
        return TooManyReports()
    room, place = (said.to.room, said.to.name) if isinstance(said.to, ToRoom) else (0, "")
    reason, _ = cut(clean(command.reason), state.rules.reason_bytes)
    text, _ = cut(said.text, TEXT_BYTES_MAX)
    report = Report(
        request.id, said.id, actor.name, actor.origin.person, room, place, said.by.nick, text, reason
    )
    return [MessageReported(request.id, report)]


def close_report(state: State, request: Request, command: CloseReport) -> Answer:
    actor = asked_as(state, request, Role.MODERATOR)
    if isinstance(actor, Refusal):
        return actor
    report = state.reports.get(command.number)
    if report is None:
        return ReportUnknown()
    note, _ = cut(clean(command.note), state.rules.reason_bytes)
    return [
        ReportClosed(request.id, report.number),
        record(request.id + 1, actor, "close report", report.author, note),
    ]


def report_sentence(report: Report) -> str:
    """The sentence for moderators, without the message's text."""
    where = f"in the room {report.room_name}" if report.room else "privately"
    return f"{report.by} reported a message that {report.author} sent {where}."


def message_reported(state: State, event: MessageReported) -> None:
    state.reports[event.report.number] = event.report


def report_closed(state: State, event: ReportClosed) -> None:
    del state.reports[event.number]


def reported_audience(state: State, event: MessageReported) -> dict[int, Session]:
    return state.staff(Role.MODERATOR)


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    ReportMessage: report_message,
    CloseReport: close_report,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    MessageReported: EventRule(message_reported, reported_audience),
    ReportClosed: EventRule(report_closed),
}
