"""Threads: messages with the replies to them, which its user reads apart from the room and follows (hubbub/threads)."""

import re
from bisect import bisect_left, insort
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hubbub.client import events
from hubbub.client.batches import Batch
from hubbub.client.message_parser import read
from hubbub.client.names import is_name
from hubbub.client.pending_requests import PendingRequest
from hubbub.client.server_features import number
from hubbub.wire.message import Message as Line

if TYPE_CHECKING:
    from hubbub.client.chat_model import Conversation, Message
    from hubbub.client.client import Client

CAPABILITY: Final = "hubbub/threads"
SETTING: Final = "hubbub/threads"
"""The metadata of a room that says where replies are shown: `apart` is in their threads alone."""
THREADS_MAX: Final = 2_000
"""The most threads of one conversation that are known at once; the one heard of longest ago makes room."""
_NONE: Final = "*"
_END: Final = "draft/chathistory-end"


@dataclass(slots=True, eq=False)
class Thread:
    """A message, by the id of which it is known, and the replies to it."""

    root: str
    message: "Message | None" = None
    """The root, if it is known."""
    count: int = 0
    last: str = ""
    """The id of the last reply; empty if there is none."""
    last_ms: int = 0
    names: tuple[str, ...] = ()
    """Who has written last; at most three."""
    is_following: bool = False
    unread: int = 0
    read: str = ""
    """The id up to which its user has read."""
    replies: "list[Message]" = field(default_factory=list)
    """The replies that are loaded, in the order of their ids."""
    is_loaded: bool = False
    """Whether the newest page is loaded, and live replies continue it."""
    is_whole: bool = False
    """Whether the oldest reply is loaded."""
    is_loading: bool = False

    def summarize(self, count: str, last: str, last_ms: str, names: list[str]) -> None:
        """Take over a summary, as a line or a tag has it."""
        self.count, self.last = number(count, 0), "" if last == _NONE else last
        self.last_ms = int(last_ms) if re.fullmatch("[0-9]{1,15}", last_ms) else 0
        self.names = tuple(filter(None, names))

    def find(self, message_id: str) -> "Message | None":
        """The reply of this id, if it is loaded."""
        at = bisect_left(self.replies, message_id, key=_id)
        found = self.replies[at] if at < len(self.replies) else None
        return found if found and found.id == message_id else None

    def add(self, message: "Message") -> bool:
        """Put a reply in its place; whether it is new."""
        if self.find(message.id) is not None:
            return False
        insort(self.replies, message, key=_id)
        return True


def _id(message: "Message") -> str:
    return message.id


class Threads:
    """What the server tells of threads, and what its user does with them."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self.followed: list[tuple[Conversation, Thread]] = []
        """The followed threads as far as they are listed, those with the newest replies first."""
        self.unread = 0
        """How many followed threads had unread replies when they were listed."""
        self._cursor = ""

    @property
    def is_possible(self) -> bool:
        return self._client.server.has(CAPABILITY)

    @property
    def has_more(self) -> bool:
        """Whether the list goes on."""
        return self._cursor not in ("", _NONE)

    def disconnected(self) -> None:
        """Replies may be missed from here on: threads are loaded anew when they are looked at."""
        for conversation in self._client.conversations.values():
            for thread in conversation.threads.values():
                thread.is_loaded = thread.is_loading = False

    def find(self, conversation: "Conversation", message: "Message") -> Thread | None:
        """The thread that a message begins or belongs to, if there is one."""
        return conversation.threads.get(message.root or message.id)

    def open(self, conversation: "Conversation", root: str) -> Thread:
        """The thread of this root; one that nobody has replied in yet begins with the first reply."""
        thread = conversation.threads.pop(root, None) or Thread(root)
        conversation.threads[root] = thread
        thread.message = thread.message or conversation.timeline.find(root)
        if len(conversation.threads) > THREADS_MAX:
            del conversation.threads[next(iter(conversation.threads))]
        return thread

    # What the server tells

    def took_message(self, conversation: "Conversation", message: "Message", is_live: bool = False) -> None:
        """A message was said, or stands in the history: note what it has to do with threads."""
        if message.summary:
            thread = self.open(conversation, message.id)
            thread.message = message
            count, last, last_ms, *names = f"{message.summary},,".split(",")
            thread.summarize(count, last, last_ms, names)
        if message.reply_to and not message.root and message.is_talk and self.is_possible:
            parent = conversation.find(message.reply_to)
            message.root = (parent.root or parent.id) if parent else ""
        if is_live and message.root:
            self._add(conversation, message)

    def _add(self, conversation: "Conversation", message: "Message") -> None:
        thread = conversation.threads.get(message.root)
        if thread and thread.is_loaded and message.id and thread.add(message):
            self._client.happened(events.ThreadChanged(conversation, thread))

    def told(self, line: Line) -> tuple["Conversation", Thread] | None:
        """`THREAD <target> <root> <count> <last> <last ms> :<names>`: also of which thread the last reply is."""
        target, root, count, last, last_ms, names = (line.param(place) for place in range(6))
        conversation = self._conversation(target)
        if conversation is None or not root:
            return None
        thread = self.open(conversation, root)
        thread.summarize(count, last, last_ms, names.split(" "))
        message = conversation.timeline.find(thread.last)
        if message and not message.root:
            message.root = root
            self._add(conversation, message)
        self._client.happened(events.ThreadChanged(conversation, thread))
        return conversation, thread

    def read_told(self, line: Line) -> None:
        """`THREADREAD <target> <root> <read> <unread> following|not`."""
        target, root, until, unread, following = (line.param(place) for place in range(5))
        conversation = self._conversation(target)
        if conversation is None or not root:
            return
        thread = self.open(conversation, root)
        thread.read, thread.unread = until.replace(_NONE, ""), number(unread, 0)
        thread.is_following = following == "following"
        self._client.happened(events.ThreadChanged(conversation, thread))

    def _conversation(self, target: str) -> "Conversation | None":
        """A room that one is in; a private conversation is opened."""
        found = self._client.find(target)
        if found or not is_name(target) or self._client.server.is_room(target):
            return found
        return self._client.open(target)

    def took(self, batch: Batch) -> None:
        """A page of a thread: the root before the newest replies, or earlier replies."""
        target, root = (*batch.params, "", "")[:2]
        conversation = self._conversation(target)
        if conversation is None or not root:
            return
        thread = self.open(conversation, root)
        messages = self._client.history.read(batch, conversation)
        if not thread.is_loaded:
            thread.replies, thread.is_loaded, thread.is_whole = [], True, False
        for message in messages:
            if message.id == root:
                thread.message = message
            elif message.is_talk and message.id:
                message.root = root
                thread.add(message)
        thread.is_whole = thread.is_whole or _END in batch.opening.tags
        self._client.happened(events.ThreadChanged(conversation, thread))

    def took_list(self, batch: Batch) -> None:
        """A page of the followed threads: each with its summary, what is unread, and its root."""
        self.unread, self._cursor = number((*batch.params, "")[0], 0), (*batch.params, "", "")[1]
        found: tuple[Conversation, Thread] | None = None
        for item in batch.items:
            if isinstance(item, Line) and item.verb == "THREAD":
                found = self.told(item)
                if found and found not in self.followed:
                    self.followed.append(found)
            elif isinstance(item, Line) and item.verb == "THREADREAD":
                self.read_told(item)
            elif found and (message := read(self._client, found[0], item)):
                thread = found[1]
                thread.message = found[0].find(message.id) or thread.message or message
        self._client.happened(events.ThreadsListed())

    # What its user does

    def load(self, conversation: "Conversation", root: str) -> Thread:
        """Ask for the newest replies of a thread; of one that is loaded, for those before."""
        thread = self.open(conversation, root)
        if not self.is_possible or thread.is_loading or (thread.is_loaded and thread.is_whole):
            return thread
        before = [thread.replies[0].id] if thread.is_loaded and thread.replies else []
        thread.is_loading = True

        def done(request: PendingRequest) -> None:
            thread.is_loading = False

        request = PendingRequest("THREAD", conversation, done)
        self._client.requests.ask(request, Line("THREAD", (conversation.name, root, *before)))
        return thread

    def follow(self, conversation: "Conversation", root: str, following: bool = True) -> None:
        """Follow a thread, or no longer; the server's answer changes it."""
        verb = "FOLLOW" if following else "UNFOLLOW"
        self._client.ask(verb, conversation.name, root, conversation=conversation)

    def mark_read(self, conversation: "Conversation", thread: Thread) -> None:
        """The newest reply has been seen."""
        if not (self.is_possible and thread.is_following and thread.last > thread.read):
            return
        thread.read, thread.unread = thread.last, 0
        request = PendingRequest("THREADREAD", conversation, quiet=True)
        self._client.requests.ask(request, Line("THREADREAD", (conversation.name, thread.root, thread.last)))
        self._client.happened(events.ThreadChanged(conversation, thread))

    def ask_list(self, more: bool = False) -> None:
        """Ask for the followed threads, from the beginning or for those behind the ones that are listed."""
        if not self.is_possible or not self._client.account or (more and not self.has_more):
            return
        if not more:
            self.followed.clear()
        self._client.ask("THREADS", *([self._cursor] if more else []))

    def is_apart(self, conversation: "Conversation") -> bool:
        """Whether replies are sent for their thread alone, unless their author wants them in the room as well."""
        return self.is_possible and conversation.metadata.get(SETTING) == "apart"
