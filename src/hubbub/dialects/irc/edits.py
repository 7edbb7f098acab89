"""REDACT, EDIT and REPORT: deleting messages, giving one's own another text, and having others looked at."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from hubbub.dialects.session_api import ReadMessage
from hubbub.engine.edits import Edit, MayNotEdit, MayNotRedact, MessageUnknown, Redact
from hubbub.engine.event import Command, Event
from hubbub.engine.ids import parse_msgid
from hubbub.engine.messages import Joints, MessageSaid, ToPerson, may_reread
from hubbub.engine.policy import HALF_OPERATOR, may_see, rank
from hubbub.engine.refusals import Refusal
from hubbub.engine.reports import AlreadyReported, ReportMessage, TooManyReports
from hubbub.engine.state import Role, Room
from hubbub.wire.message import Message

from .history import room_floor
from .refusals import answer
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession


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


VERBS: Final = {
    "REDACT": Verb(
        redact,
        (
            "REDACT <target> <message id> [<reason>]",
            "Deletes a message of yours, or anyone's in a room that you operate. For clients that enable",
            "draft/message-redaction.",
        ),
        2,
    ),
    "EDIT": Verb(
        edit,
        (
            "EDIT <target> <message id> <text>",
            "Edits a message of yours. For clients that enable hubbub/edit.",
        ),
        3,
    ),
    "REPORT": Verb(
        report,
        (
            "REPORT <target> <msgid> [<reason>]",
            "Reports a message to the moderators.",
            "For clients that enable hubbub/report.",
        ),
        2,
    ),
}
