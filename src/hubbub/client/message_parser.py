"""Lines made into messages, with their edits, reactions and deletions; live and from the history alike."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from hubbub.client import events
from hubbub.client.batches import Batch, Item
from hubbub.client.chat_model import TALK, Action, Amendment, Conversation, Kind, Message
from hubbub.text import clean, clean_lines
from hubbub.wire.message import Message as Line
from hubbub.wire.source import split_source
from hubbub.wire.times import parse_time

if TYPE_CHECKING:
    from hubbub.client.client import Client

_CTCP: Final = "\x01"
_CONCAT: Final = "draft/multiline-concat"
IN_THREAD: Final = "+hubbub/in-thread"
_REPLY_TAGS: Final = ("+reply", "+draft/reply")
_REACTIONS: Final = {
    "+draft/react": Action.REACT,
    "+react": Action.REACT,
    "+draft/unreact": Action.UNREACT,
    "+unreact": Action.UNREACT,
}


def time_of(client: "Client", line: Line) -> int:
    """The time of a message, by the server's clock where it is given."""
    told = parse_time(line.tags.get("time", ""))
    return client.now_ms if told is None else told


def reply_to(line: Line) -> str:
    return next((line.tags[tag] for tag in _REPLY_TAGS if line.tags.get(tag)), "")


def read(client: "Client", conversation: Conversation, item: Item) -> Message | None:
    """The message that a line, or a batch of the type multiline, stands for; None for what is none."""
    if isinstance(item, Batch):
        lines = item.lines()
        verb = lines[0].verb if lines else ""
        return _said(client, item.opening, verb, batch_text(item)) if verb in _SAID else None
    if item.verb in _SAID:
        return _said(client, item, item.verb, item.param(1))
    return _happened(client, conversation, item)


_SAID: Final = {row.verb: kind for kind, row in TALK.items() if not row.ctcp and not row.content_tag}
"""Verb → the kind that it says where neither a CTCP nor a tag tells of another one."""


def batch_text(batch: Batch) -> str:
    """multiline: "Line messages are joined by a single line feed", but for those that go on directly."""
    text = ""
    for place, line in enumerate(batch.lines()):
        joint = "" if not place or _CONCAT in line.tags else "\n"
        text += joint + line.param(1)
    return text


def _said(client: "Client", line: Line, verb: str, text: str) -> Message | None:
    nick = split_source(line.source or "")[0]
    kind = _kind_of(line, verb, text)
    if kind is None:
        return None
    row = TALK[kind]
    if row.ctcp:
        text = text.removeprefix(f"{_CTCP}{row.ctcp}").strip(" \x01")
    message = Message(kind, nick, clean_lines(text), time_of(client, line))
    message.content = line.tags.get(row.content_tag, "") if row.content_tag else ""
    message.id = line.tags.get("msgid", "")
    message.account = line.tags.get("account", "")
    message.is_bot = "bot" in line.tags
    message.is_own = client.is_me(nick)
    message.reply_to = reply_to(line)
    message.root, message.summary = line.tags.get("hubbub/root", ""), line.tags.get("hubbub/thread", "")
    message.is_in_thread = IN_THREAD in line.tags and message.reply_to != ""
    message.edited_ms = parse_time(line.tags.get("hubbub/edited", "")) or 0
    message.is_mention = not message.is_own and _is_mention(client, line, message.text)
    return message


def _is_mention(client: "Client", line: Line, text: str) -> bool:
    """hubbub/activity: the server says whom a message mentions; where it does not, the nickname is looked for."""
    if not client.server.has("hubbub/activity"):
        return client.mentions_me(text)
    own = client.fold(client.account or client.nick)
    return any(client.fold(name) == own for name in line.tags.get("hubbub/mentions", "").split(","))


def _kind_of(line: Line, verb: str, text: str) -> Kind | None:
    """The kind of what a line says; None for CTCP of other programs."""
    if text.startswith(_CTCP):
        wrapped = (kind for kind, row in TALK.items() if row.ctcp and text.startswith(f"{_CTCP}{row.ctcp}"))
        return next(wrapped, None)
    for kind, row in TALK.items():
        if row.content_tag and row.content_tag in line.tags and row.verb == verb:
            return kind
    return _SAID[verb]


def _happened(client: "Client", conversation: Conversation, line: Line) -> Message | None:
    kind, text_at, subject_at = _HAPPENINGS.get(line.verb, (None, 0, 0))
    if kind is None:
        return None
    nick = split_source(line.source or "")[0]
    text = " ".join(line.params[1:]) if kind is Kind.MODES else line.param(text_at) if text_at >= 0 else ""
    subject = line.param(subject_at) if subject_at else ""
    message = Message(kind, nick, clean(text), time_of(client, line), line.tags.get("msgid", ""))
    message.subject = subject
    message.account = line.tags.get("account", "")
    message.is_own = client.is_me(nick)
    return message


_HAPPENINGS: Final[dict[str, tuple[Kind, int, int]]] = {
    "JOIN": (Kind.JOINED, -1, 0),
    "PART": (Kind.LEFT, 1, 0),
    "QUIT": (Kind.QUIT, 0, 0),
    "KICK": (Kind.KICKED, 2, 1),
    "NICK": (Kind.RENAMED, 0, 0),
    "TOPIC": (Kind.TOPIC, 1, 0),
    "MODE": (Kind.MODES, 1, 0),
    "INVITE": (Kind.INVITED, -1, 0),
}
"""Verb → what it is in a conversation, which parameter is its text (-1 for none), and whom it happened to."""


def is_amendment(line: Line) -> bool:
    """Whether it changes a message, or is said with tags alone."""
    return line.verb in ("REDACT", "EDIT", "TAGMSG") or line.param(1) == "hubbub/edit"


def amend(
    client: "Client", conversation: Conversation, item: Item, page: Mapping[str, Message] | None = None
) -> None:
    """Apply what happened to a message; where that is not known yet, it waits for it.

    `page` holds messages by their ids that are about to be in the conversation.
    """
    found = _amendment(client, item)
    if found is None:
        return
    message_id, amendment = found
    message = conversation.find(message_id) or (page or {}).get(message_id)
    if message is None:
        conversation.orphans.setdefault(message_id, []).append(amendment)
    elif apply(message, amendment):
        client.happened(events.MessageChanged(conversation, message))


def _amendment(client: "Client", item: Item) -> tuple[str, Amendment] | None:
    line = item.opening if isinstance(item, Batch) else item
    by, time_ms = split_source(line.source or "")[0], time_of(client, line)
    if isinstance(item, Batch):
        return line.param(3), _edit(client, line, line.param(2), batch_text(item))
    if line.verb == "EDIT":
        return line.param(1), _edit(client, line, line.param(0), line.param(2))
    if line.verb == "REDACT":
        return line.param(1), Amendment(Action.DELETE, by, line.param(2), time_ms)
    for tag, action in _REACTIONS.items():
        if line.tags.get(tag) and (message := reply_to(line)):
            return message, Amendment(action, by, clean(line.tags[tag]), time_ms)
    return None


def _edit(client: "Client", line: Line, target: str, text: str) -> Amendment:
    """An edit; in a room the server may say whom the new text mentions, in a private conversation nothing changes."""
    by = split_source(line.source or "")[0]
    tells = client.server.has("hubbub/activity") and client.server.is_room(client.server.room_of(target))
    is_mention = not client.is_me(by) and _is_mention(client, line, text) if tells else None
    return Amendment(Action.EDIT, by, text, time_of(client, line), is_mention)


def apply(message: Message, amendment: Amendment) -> bool:
    """Change a message; whether it is another one now."""
    if message.is_deleted:
        return False
    if amendment.action is Action.DELETE:
        message.is_deleted, message.deleted_by = True, amendment.by
        message.text, message.content, message.votes, message.is_mention = "", "", None, False
        return True
    if amendment.action is Action.EDIT:
        if not amendment.text or amendment.time_ms < message.edited_ms:
            return False
        text = clean_lines(amendment.text)
        message.text, message.edited_ms = text, amendment.time_ms
        if amendment.is_mention is not None:
            message.is_mention = amendment.is_mention
        return True
    given = amendment.action is Action.REACT
    return message.vote(amendment.text, amendment.by, amendment.time_ms, given)
