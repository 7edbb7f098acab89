"""Commands about what has been: messages, and the audit trail."""

from typing import Final

from hubbub.engine.event import Event
from hubbub.engine.ids import first_id_at
from hubbub.engine.message_kinds import has_text
from hubbub.engine.messages import MessageSaid, ToPerson
from hubbub.engine.names import RoomName

from .answers import Mistake, Result, listed, refused, said
from .argument_types import NUMBER, TIME
from .command import Command, Parameter
from .context import AdminContext
from .times import moment

MESSAGES_MAX: Final = 1000
ACTS_DEFAULT: Final = 20
LINES_DEFAULT: Final = 50
_ACTION: Final = "\x01ACTION "


async def messages(desk: AdminContext, for_ms: int) -> Result:
    """Of private messages, and those of conversations, only who wrote to whom."""
    since = max(0, desk.now() - for_ms)
    events = await desk.messages_since(first_id_at(since, desk.state.eras), MESSAGES_MAX + 1)
    lines = [line for event in events[-MESSAGES_MAX:] if (line := _message(event))]
    if not lines:
        return said(f"No messages since {moment(since)} UTC.")
    if len(events) > MESSAGES_MAX:
        lines.insert(0, f"Only the latest {MESSAGES_MAX} messages are shown.")
    return said(*lines)


def _message(event: Event) -> str:
    """A line; empty for what says nothing, such as a reaction."""
    if not isinstance(event, MessageSaid) or not has_text(event.kind):
        return ""
    head, by, text = f"[{moment(event.at)}]", event.by, event.text
    if isinstance(event.to, ToPerson):
        return f"{head} {by.nick} → {event.to.name} (private)"
    if RoomName.known(event.to.name).is_conversation:
        return f"{head} {by.nick} → #{event.to.name} (private)"
    if text.startswith(_ACTION):
        return f"{head} #{event.to.name} * {by.nick} {text.removeprefix(_ACTION)}"
    return f"{head} #{event.to.name} {by.nick}: {text}"


async def audit(desk: AdminContext, number: int = ACTS_DEFAULT) -> Result:
    acts = await desk.acts(number)
    if not acts:
        return said("The audit trail is empty.")
    rows = [(moment(act.at), act.by, act.act, act.subject, act.detail) for act in acts]
    return listed(("time (UTC)", "by", "did", "to", "how"), rows)


async def log(desk: AdminContext, number: int = LINES_DEFAULT) -> Result:
    lines = await desk.log(number)
    if lines is None:
        return refused(Mistake("The server keeps no log file. To turn it on, set log.file."))
    return said(*lines)


COMMANDS: Final = (
    Command(
        ("messages",),
        (Parameter("time", TIME),),
        "List the messages of a recent period; of private messages, only the sender and the recipient.",
        "messages 10m",
        messages,
        changes=False,
    ),
    Command(
        ("audit",),
        (Parameter("number", NUMBER, required=False),),
        f"List the latest entries of the audit trail, by default {ACTS_DEFAULT}.",
        "audit 50",
        audit,
        changes=False,
    ),
    Command(
        ("log",),
        (Parameter("number", NUMBER, required=False),),
        f"Show the latest lines of the server's log, by default {LINES_DEFAULT}.",
        "log 200",
        log,
        changes=False,
    ),
)
