"""The client's model of a chat, as plain data: people, conversations, messages; faces only read it."""

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from hubbub.client.draft import Draft
from hubbub.client.timeline import Timeline

if TYPE_CHECKING:
    from hubbub.client.threads import Thread


class Kind(Enum):
    """The kind of an entry in a conversation."""

    SAID = "said"
    ACTION = "action"
    NOTICE = "notice"
    JOINED = "joined"
    LEFT = "left"
    QUIT = "quit"
    KICKED = "kicked"
    RENAMED = "renamed"
    TOPIC = "topic"
    MODES = "modes"
    INVITED = "invited"
    NOTE = "note"
    """A line from the client or the server for its user alone; not part of the history."""


class TalkLook(Enum):
    """As what a face draws what people say."""

    TALK = "talk"
    ACTION = "action"
    NOTICE = "notice"


class TalkKind(NamedTuple):
    """How what people say comes, goes and looks.

    On the wire `verb` says it, in a CTCP where one is named; what the kind has beside its text comes in the tag
    `content_tag`.
    """

    verb: str = "PRIVMSG"
    ctcp: str = ""
    content_tag: str = ""
    look: TalkLook = TalkLook.TALK


TALK: Final[dict[Kind, TalkKind]] = {
    Kind.SAID: TalkKind(),
    Kind.ACTION: TalkKind(ctcp="ACTION", look=TalkLook.ACTION),
    Kind.NOTICE: TalkKind("NOTICE", look=TalkLook.NOTICE),
}
"""What people say; only this counts as unread, can be answered or deleted. Of a kind without a row the text is read."""


@dataclass(slots=True, eq=False)
class Message:
    """One thing in a conversation; `text` is clean, and may have several lines.

    `id` is the server's, empty where there is none. Of what was not said, `text` is what it is about: the reason of a
    leaving, the topic, the new nickname, the modes; and `subject` whom it happened to, where that is not the sender.
    Times are milliseconds since 1970, UTC.
    """

    kind: Kind
    sender: str
    text: str
    time_ms: int
    id: str = ""
    account: str = ""
    subject: str = ""
    is_own: bool = False
    is_mention: bool = False
    is_bot: bool = False
    reply_to: str = ""
    root: str = ""
    """Of a reply, the id of the message with which its thread begins, as far as it is known."""
    summary: str = ""
    """Of a message that was answered, the summary of its thread as the history had it (hubbub/threads)."""
    is_in_thread: bool = False
    """A reply that its author wants to have shown in its thread alone."""
    content: str = ""
    """What its kind has beside the text, as JSON; empty where the text is all."""
    edited_ms: int = 0
    is_deleted: bool = False
    deleted_by: str = ""
    follows_gap: bool = False
    """Before this, something may be missing that the server has."""
    place_ms: int = 0
    """Its place in time: its own, or its predecessor's where the server's clock went back."""
    votes: dict[tuple[str, str], tuple[int, bool]] | None = None
    """(reaction, nickname) → when that was last given or taken back, and which of the two."""

    @property
    def is_talk(self) -> bool:
        return self.kind in TALK

    @property
    def look(self) -> TalkLook | None:
        """As what it is drawn, where people said it."""
        return TALK[self.kind].look if self.kind in TALK else None

    @property
    def reactions(self) -> dict[str, list[str]]:
        """Reaction → who has given it, both in the order in which they came."""
        found: dict[str, list[str]] = {}
        for (reaction, nick), (_, given) in (self.votes or {}).items():
            if given:
                found.setdefault(reaction, []).append(nick)
        return found

    def vote(self, reaction: str, nick: str, time_ms: int, given: bool) -> bool:
        """Give a reaction or take it back; the latest word counts, in whatever order they come. Whether it changed."""
        votes = self.votes = self.votes or {}
        key = (reaction, nick)
        before = votes.get(key)
        if before and (before[0] > time_ms or before == (time_ms, given)):
            return False
        votes[key] = (time_ms, given)
        return given != bool(before and before[1])


class Action(Enum):
    """The action of a line that waits to be sent."""

    SAY = "say"
    EDIT = "edit"
    DELETE = "delete"
    REACT = "react"
    UNREACT = "unreact"


class Delivery(Enum):
    """The state of a line on its way to the server."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


@dataclass(slots=True, eq=False)
class Outgoing:
    """Something that its user wants to have sent, until the server has shown it or refused it.

    `nonce` is its own name for it, the same however often it is sent. `message` is the id of what is edited, deleted or
    reacted to; `text` then is the new text, the reason or the reaction.
    """

    nonce: str
    target: str
    text: str
    created_ms: int
    action: Action = Action.SAY
    kind: Kind = Kind.SAID
    message: str = ""
    in_thread: bool = False
    """An answer that is to be shown in its thread alone."""
    delivery: Delivery = Delivery.WAITING
    error: str = ""
    is_uncertain: bool = False
    """It was sent on a connection that ended before an answer came."""


@dataclass(slots=True, eq=False)
class Person:
    """A person by nickname, as far as the server has described them."""

    nick: str
    user: str = ""
    host: str = ""
    account: str = ""
    real_name: str = ""
    is_away: bool = False
    away_text: str = ""
    is_bot: bool = False
    is_operator: bool = False
    is_online: bool | None = None
    """None while it is not known."""
    role: str = ""
    """On the server: guest, member, moderator or admin; empty while it is not known."""
    last_seen_ms: int = 0
    """The time of the last connection of a person who is offline; 0 if the server does not tell it."""
    metadata: dict[str, str] = field(default_factory=dict)
    is_outdated: bool = False
    """Whether the information is from a connection that has ended."""

    @property
    def display_name(self) -> str:
        return self.metadata.get("display-name") or self.nick


@dataclass(slots=True, eq=False)
class Member:
    """A room's member; `ranks` are prefixes such as `@+`, the highest first."""

    person: Person
    ranks: str = ""

    @property
    def nick(self) -> str:
        return self.person.nick

    @property
    def is_present(self) -> bool:
        return self.person.is_online is not False


@dataclass(slots=True, eq=False)
class Conversation:
    """A room, or what one says with one person privately."""

    name: str
    is_room: bool
    timeline: Timeline[Message] = field(default_factory=lambda: Timeline())
    pending: list[Outgoing] = field(default_factory=list)
    """Messages on their way that the server has not shown yet, oldest first."""
    members: dict[str, Member] = field(default_factory=dict)
    """Folded nickname → member, online or not; empty of what is no room. A face that shows who is there takes
    `present`.
    """
    has_asked_members: bool = False
    """The members who are offline were requested."""
    has_all_members: bool = False
    """All of them are in `members`; otherwise those who are offline may be missing."""
    is_group_chat: bool = False
    """A conversation of several people, which is a room to the server."""
    participants: dict[str, str] = field(default_factory=dict)
    """Folded name → name of all who are in a group chat, connected or not."""
    topic: str = ""
    topic_by: str = ""
    modes: str = ""
    is_joined: bool = False
    is_awaited: bool = False
    """One was in it when the connection ended, and comes into it again with the next; its members are those of then."""
    is_requested: bool = False
    """One has asked for the room and is not let in yet."""
    read_ms: int = 0
    """Up to when its user has read it, on any of their clients."""
    unread: int = 0
    mentions: int = 0
    typing: dict[str, int] = field(default_factory=dict)
    """Nickname → until when it counts as typing."""
    drafting: Draft = field(default_factory=Draft)
    metadata: dict[str, str] = field(default_factory=dict)
    threads: dict[str, "Thread"] = field(default_factory=dict)
    """Id of a root → its thread, the one heard of longest ago first."""
    orphans: dict[str, list["Amendment"]] = field(default_factory=dict)
    """Message id → what happened to a message that is not known yet."""
    is_marked: bool = False
    """Whether `read_ms` is known: by the server's marker, or because the user has read here."""
    joined_ms: int = 0
    """The time of the first join, by the server's clock."""
    seam: Message | None = None
    """The last message that was known when the connection ended, until what was said meanwhile is there."""
    has_resumed: bool = False
    """Something was said since that came live."""
    key: str = ""
    """The room's key that the user joined with, for joining again."""
    is_caught_up: bool = False
    """Whether the messages of the time without a connection are loaded."""

    @property
    def is_among_people(self) -> bool:
        """Whether it is listed beside people, and each message in it counts as a mention."""
        return self.is_group_chat or not self.is_room

    @property
    def present(self) -> list[Member]:
        """The members who are online, as far as that is known."""
        return [member for member in self.members.values() if member.is_present]

    @property
    def absent(self) -> list[Member]:
        """The members who are offline."""
        return [member for member in self.members.values() if not member.is_present]

    def find(self, message_id: str) -> Message | None:
        """A message that is known, in the conversation or in one of its threads."""
        if found := self.timeline.find(message_id):
            return found
        for thread in self.threads.values():
            if thread.message is not None and thread.message.id == message_id:
                return thread.message
            if found := thread.find(message_id):
                return found
        return None

    def place_of(self, item: Message | Outgoing) -> int | None:
        """The place of an entry among the messages shown and under way; None if it is gone."""
        try:
            if isinstance(item, Outgoing):
                return len(self.timeline.messages) + self.pending.index(item)
            return self.timeline.index(item)
        except ValueError:
            return None

    @property
    def draft(self) -> str:
        """The text typed here and not sent."""
        return self.drafting.text

    @draft.setter
    def draft(self, text: str) -> None:
        self.drafting.typed(text)

    def first_unread(self) -> Message | None:
        """The first message that others have said since the read marker, of those that are known."""
        return next((m for m in self.timeline.since(self.read_ms) if m.is_talk and not m.is_own), None)


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change to a message after it was said; `is_mention` is None where it leaves that as it is."""

    action: Action
    by: str
    text: str
    time_ms: int
    is_mention: bool | None = None
