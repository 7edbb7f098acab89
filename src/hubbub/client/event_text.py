"""The words for what happens in a conversation, the same in every face."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from hubbub.client.chat_model import Conversation, Kind, Message
from hubbub.client.formatting import plain
from hubbub.client.navigation import one_line

GROUP_MS: Final = 5 * 60_000
"""The time within which one person's messages share one heading."""
RUN_MAX: Final = 60
"""The most joins and parts shown in one line."""
SPOKE_MESSAGES: Final = 200
"""The number of messages back to which an author counts as having spoken lately, where only their joins are shown."""
HIDDEN_MAX: Final = 200
"""So far is looked past what is not shown."""

COMINGS: Final = frozenset({Kind.JOINED, Kind.LEFT, Kind.QUIT})
_SIGNS: Final = {Kind.JOINED: "→", Kind.LEFT: "←", Kind.QUIT: "←"}
_VERBS: Final = {Kind.JOINED: "joined", Kind.LEFT: "left", Kind.QUIT: "has left the chat"}


def happened(message: Message) -> str:
    """The sentence for an event that is not a message."""
    who, text = message.sender, plain(message.text)
    if message.kind is Kind.KICKED:
        return f"✗ {message.subject} was kicked by {who}{f' ({text})' if text else ''}"
    if message.kind is Kind.RENAMED:
        return f"{who} is now {text}"
    if message.kind is Kind.TOPIC:
        return f"{who} set the topic: {text}" if text else f"{who} cleared the topic"
    if message.kind is Kind.MODES:
        return f"{who} set {text}"
    if message.kind is Kind.INVITED:
        return f"{who} invited {message.subject}"
    return text


def came_and_went(run: Sequence[Message]) -> str:
    """Comings and goings one after the other, as one."""
    if len(run) == 1:
        message = run[0]
        said = plain(message.text).removeprefix("Quit:").strip()
        reason = f" ({said})" if said else ""
        return f"{_SIGNS[message.kind]} {message.sender} {_VERBS[message.kind]}{reason}"
    # Whoever has left and is back is there: the last that happened counts.
    last = {message.sender: message.kind for message in run}
    came = [sender for sender, kind in last.items() if kind is Kind.JOINED]
    left = [sender for sender, kind in last.items() if kind is not Kind.JOINED]
    words = [f"→ {', '.join(came)} joined"] if came else []
    words += [f"← {', '.join(left)} left"] if left else []
    return "  ".join(words)


def is_hidden(messages: Sequence[object], at: int, comings: str) -> bool:
    """Whether nothing is shown of what stands there: the server's own doing, and whose coming or going is not told.

    `comings` is a face's setting: none, spoke (of those who have said something lately) or all.
    """
    message = messages[at]
    if not isinstance(message, Message):
        return False
    if message.kind not in COMINGS or comings == "all":
        return message.kind is Kind.MODES and "." in message.sender
    lately = messages[max(at - SPOKE_MESSAGES, 0) : at]
    has_spoken = (m for m in lately if isinstance(m, Message) and m.is_talk and m.sender == message.sender)
    return comings == "none" or next(has_spoken, None) is None


def shown_from(messages: Sequence[object], at: int, step: int, comings: str) -> int | None:
    """The nearest place before (-1) or behind (1) this one of which something is shown; not looked for far away."""
    for _ in range(HIDDEN_MAX):
        at += step
        if not 0 <= at < len(messages):
            return None
        if not is_hidden(messages, at, comings):
            return at
    return None


def continues(message: Message, following: object, unread: Message | None) -> bool:
    """Whether the entry that follows a join or part is shown in its line."""
    return (
        isinstance(following, Message)
        and following.kind in COMINGS
        and day(message.time_ms) == day(following.time_ms)
        and following is not unread
        and not following.follows_gap
    )


def run_until(messages: Sequence[object], at: int, unread: Message | None, comings: str) -> list[Message]:
    """The joins and parts up to this one that share one line."""
    place: int | None = at
    run: list[Message] = []
    while place is not None and len(run) < RUN_MAX:
        message = messages[place]
        if not isinstance(message, Message) or message.kind not in COMINGS:
            break
        if run and not continues(message, run[0], unread):
            break
        run.insert(0, message)
        place = shown_from(messages, place, -1, comings)
    return run


def is_grouped(before: Message | None, message: Message) -> bool:
    """Whether it stands under the name of the one before it."""
    return (
        before is not None
        and before.kind is message.kind
        and before.sender == message.sender
        and message.kind is not Kind.NOTE
        and message.time_ms - before.time_ms < GROUP_MS
        and not message.reply_to
    )


def answered(conversation: Conversation, message: Message, most: int, name: Callable[[str], str]) -> str:
    """The quoted line above a reply; `name` gives the name that is shown of a nickname."""
    original = conversation.timeline.find(message.reply_to)
    if original is None:
        return "an earlier message"
    if original.is_deleted:
        return f"{name(original.sender)}: a deleted message"
    return f"{name(original.sender)}: {one_line(original, most)}"


def typing(nicks: Sequence[str]) -> str:
    """The sentence about who is typing; empty for nobody."""
    if len(nicks) > 3:
        return "Several people are typing…"
    if len(nicks) > 1:
        return f"{', '.join(nicks[:-1])} and {nicks[-1]} are typing…"
    return f"{nicks[0]} is typing…" if nicks else ""


def about(editing: Message | None, replying: Message | None) -> str:
    """The line above the composer about the reply or edit in progress; empty for a new message."""
    if editing is not None:
        return "Editing. Enter saves, Escape cancels."
    if replying is None:
        return ""
    return f"Replying to {replying.sender}: {one_line(replying, 60)}  (Escape cancels)"


def membership(conversation: Conversation) -> str:
    """The user's relation to a room; empty if in it, or if in it when the connection ended."""
    if not conversation.is_room or conversation.is_joined or conversation.is_awaited:
        return ""
    return "you have asked to join" if conversation.is_requested else "you are not in it"


def day(time_ms: int) -> tuple[int, int, int]:
    """The day, where its reader is."""
    moment = _local(time_ms)
    return moment.year, moment.month, moment.day


def day_name(time_ms: int) -> str:
    """Such as Friday, 20 November 2026."""
    moment = _local(time_ms)
    return f"{moment:%A}, {moment.day} {moment:%B %Y}"


def clock(time_ms: int, is_24h: bool = True) -> str:
    """The time of day, as its reader likes it."""
    moment = _local(time_ms)
    return f"{moment:%H:%M}" if is_24h else f"{moment.hour % 12 or 12}:{moment:%M %p}"


def date_and_clock(time_ms: int) -> str:
    """A moment that may be long ago."""
    return f"{_local(time_ms):%Y-%m-%d %H:%M}"


def _local(time_ms: int) -> datetime:
    return datetime.fromtimestamp(time_ms / 1000).astimezone()
