"""REDACT, EDIT and REPORT: deleting, editing and reporting messages."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from hubbub.dialects.session_api import ReadMessage
from hubbub.engine.edits import (
    Edit,
    MayNotEdit,
    MayNotRedact,
    MessageEdited,
    MessageRedacted,
    MessageUnknown,
    Redact,
)
from hubbub.engine.event import Command, Event
from hubbub.engine.ids import msgid, parse_msgid, time_of
from hubbub.engine.messages import Joints, MessageSaid, ToPerson, may_reread
from hubbub.engine.policy import HALF_OPERATOR, may_see, rank
from hubbub.engine.refusals import Refusal, because
from hubbub.engine.reports import (
    AlreadyReported,
    MessageReported,
    ReportMessage,
    TooManyReports,
    report_sentence,
)
from hubbub.engine.state import Role, Room
from hubbub.wire.capabilities import Capabilities
from hubbub.wire.message import Message
from hubbub.wire.times import format_time

from .event_renderer import Bodies, EventRenderers, trailing
from .history import room_floor
from .line_splitting import in_front, plain_lines, room_after
from .messages import head_of, target_of
from .refusals import answer
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession

EDITED: Final = "(edited) "
"""The mark before an edited text for clients that cannot replace the old one."""


def redact(talk: "IrcSession", message: Message) -> None:
    """message-redaction: `REDACT <target> <msgid> [<reason>]`."""
    if not talk.caps.redaction:
        talk.unknown(message.verb)
        return
    target, number, reason = message.params[0], message.params[1], message.param(2)
    _amend(talk, "REDACT", target, number, lambda said: Redact(said, reason))


def edit(talk: "IrcSession", message: Message) -> None:
    """`EDIT <target> <msgid> :<text>`."""
    if talk.caps.edits:
        edit_message(talk, message.params[0], message.params[1], message.params[2])
    else:
        talk.unknown(message.verb)


def edit_message(talk: "IrcSession", target: str, number: str, text: str, line_breaks: Joints = ()) -> None:
    """Give one's message a new text, which may have several lines."""
    _amend(talk, "EDIT", target, number, lambda said: Edit(said, text, line_breaks))


def report(talk: "IrcSession", message: Message) -> None:
    """`REPORT <target> <msgid> [<reason>]`."""
    if "hubbub/report" not in talk.caps:
        talk.unknown(message.verb)
        return
    target, number, reason = message.params[0], message.params[1], message.param(2)
    _amend(
        *(talk, "REPORT", target, number, lambda said: ReportMessage(said, reason)),
        done=lambda: talk.send("REPORT", target, number),
    )


def _amend(
    talk: "IrcSession",
    verb: str,
    target: str,
    number: str,
    command: Callable[[MessageSaid], Command],
    done: Callable[[], None] = lambda: None,
) -> None:
    """Find the message, and ask for what is to be done to it; one that the asker can't read is not there."""
    named = (target[:100], number[:100])
    message_id = parse_msgid(number)
    room = talk.host.state.room_named(target) if target.startswith("#") else None
    other = None if target.startswith("#") else talk.host.state.person_named(target)
    if other is None and (room is None or not may_see(room, talk.user)):
        talk.fail(verb, "INVALID_TARGET", named[0], text=f"You can't edit messages in {named[0]}.")
        return

    def then(found: Event | None) -> None:
        said = _readable(talk, found, room, other)
        result = talk.host.ask(command(said)) if said else MessageUnknown()
        if isinstance(result, Refusal):
            refuse(result)
        else:
            done()

    def refuse(refusal: Refusal) -> None:
        if isinstance(refusal, MessageUnknown):
            talk.fail(verb, "UNKNOWN_MSGID", *named, text=str(refusal))
        elif isinstance(refusal, MayNotRedact | MayNotEdit | AlreadyReported | TooManyReports):
            talk.fail(verb, f"{verb}_FORBIDDEN", *named, text=str(refusal))
        else:
            answer(talk, refusal)

    if message_id is None:
        refuse(MessageUnknown())
    else:
        talk.host.begin(ReadMessage(message_id), then)


def _readable(
    talk: "IrcSession", found: Event | None, room: Room | None, other: int | None
) -> MessageSaid | None:
    """The message, if it is of this room or conversation and the asker may know it.

    message-redaction: servers "should consider whether errors returned on `REDACT` may leak a message's existence".
    """
    own = talk.user.person
    if not isinstance(found, MessageSaid):
        return None
    if isinstance(found.to, ToPerson):
        return found if other is not None and {found.by.person, found.to.person} == {own, other} else None
    if room is None or found.to.room != room.id:
        return None
    if found.by.person == own or _looks_after(talk, room):
        return found
    floor = room_floor(talk, room)
    is_read = floor is not None and found.id > floor and may_reread(talk.host.state, talk.user, found)
    return found if is_read else None


def _looks_after(talk: "IrcSession", room: Room) -> bool:
    if room.conversation:
        return False
    member = room.members.get(talk.user.person)
    return talk.user.role >= Role.MODERATOR or (member is not None and rank(member.modes) >= HALF_OPERATOR)


def edit_head(event: MessageEdited) -> str:
    return f":{event.by.mask} EDIT {target_of(event)} {msgid(event.message)}"


def _render_edit(event: MessageEdited, caps: Capabilities, server: str) -> Bodies:
    """To clients that don't know the command it is a message with the new text, which says so."""
    if caps.edits:
        return (f"{edit_head(event)} :{event.text}",)
    head = head_of(event)
    return [f"{head} :{text}" for text in plain_lines(in_front(event.text, EDITED), (), room_after(head))]


def _render_redaction(event: MessageRedacted, caps: Capabilities, server: str) -> Bodies:
    target = target_of(event)
    if caps.redaction:
        return (f":{event.by.mask} REDACT {target} {msgid(event.message)}{trailing(event.reason)}",)
    # message-redaction: "The fallback method used (if any) is left up to server implementations, but could take the
    # form of a standard NOTICE".
    whose = "their message" if event.author == event.by.nick else f"a message by {event.author}"
    said = f"{format_time(time_of(event.message))[:16].replace('T', ' ')} UTC"
    place = target if event.room else event.by.nick
    return (f":{server} NOTICE {place} :{event.by.nick} deleted {whose} of {said}{because(event.reason)}",)


def _render_report(event: MessageReported, caps: Capabilities, server: str) -> Bodies:
    return (
        f":{server} NOTICE * :{report_sentence(event.report)} To list reports, write: /msg Hubbub reports",
    )


VERBS: Final = {
    "REDACT": Verb(
        redact,
        (
            "REDACT <target> <message id> [<reason>]",
            "Deletes a message of yours, or anyone's in a room that you operate. For clients that enable",
            "draft/message-redaction.",
        ),
        2,
        specification="message-redaction",
    ),
    "EDIT": Verb(
        edit,
        (
            "EDIT <target> <message id> <text>",
            "Edits a message of yours. For clients that enable hubbub/edit.",
        ),
        3,
        specification="hubbub/edit",
    ),
    "REPORT": Verb(
        report,
        (
            "REPORT <target> <msgid> [<reason>]",
            "Reports a message to the moderators.",
            "For clients that enable hubbub/report.",
        ),
        2,
        specification="hubbub/report",
    ),
}

EVENTS: Final[EventRenderers] = {
    MessageEdited: _render_edit,
    MessageRedacted: _render_redaction,
    MessageReported: _render_report,
}
