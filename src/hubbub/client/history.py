"""History: pages asked for one at a time, gaps closed after a reconnection, and messages shown in their context."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from hubbub.client import events
from hubbub.client.batches import Batch, Item
from hubbub.client.chat_model import Conversation, Message
from hubbub.client.message_parser import amend, is_amendment, read
from hubbub.client.names import is_name
from hubbub.client.pending_requests import PendingRequest
from hubbub.wire.message import Message as Line
from hubbub.wire.times import format_time, parse_time

if TYPE_CHECKING:
    from hubbub.client.client import Client

CATCH_UP_PAGES_MAX: Final = 20
"""The number of pages after which a gap is left until the user scrolls to it."""
PATIENCE_MS: Final = 30_000
ABSENCE_MS_MAX: Final = 30 * 86_400_000
"""Conversations in which something was said in this time are opened on coming in."""
CONVERSATIONS_MAX: Final = 50

HISTORY_END: Final = "draft/chathistory-end"


@dataclass(slots=True, eq=False)
class Page:
    """One page that is wanted: how it is asked for, and what is known of its edges.

    `gap` is the message before which something is missing that this page may close; `until` is called at the end.
    Selectors by time take in what shares a millisecond with the message that they stand for, since only a part of it
    may be known; `exact` are the ones to go on with where all of the page is known.
    """

    conversation: Conversation
    subcommand: str
    selectors: tuple[str, ...]
    joins_older: bool = False
    joins_newer: bool = False
    gap: Message | None = None
    pages_left: int = 0
    until: Callable[[], None] | None = None
    exact: tuple[str, ...] = ()
    lines: int = 0
    new: int = 0
    is_last: bool = False
    """Whether the server has said that there is nothing more in this direction."""


class History:
    """Asks for pages, the urgent ones first, and puts what comes into the timelines."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._wanted: list[Page] = []
        self._asked: tuple[Page, PendingRequest] | None = None

    @property
    def is_possible(self) -> bool:
        return self._client.server.history_limit > 0

    def clear(self) -> None:
        self._wanted.clear()
        self._asked = None

    # What is wanted

    def catch_up(self, conversation: Conversation) -> None:
        """The newest messages, and after a reconnection all that were said meanwhile."""
        if not self.is_possible:
            conversation.timeline.is_whole = True
            self._caught_up(conversation)
            return
        seam = conversation.seam
        self._want(
            Page(
                conversation,
                "LATEST",
                (self._reference(seam, -1) if seam else "*",),
                joins_newer=True,
                gap=seam,
                pages_left=CATCH_UP_PAGES_MAX if seam else 0,
                until=lambda: self._caught_up(conversation),
            )
        )

    def _caught_up(self, conversation: Conversation) -> None:
        conversation.is_caught_up = True
        conversation.seam = None
        self._client.markers.recount(conversation)
        self._client.outbox.pump()
        # Of an earlier catching up, which another end of the connection has cut short.
        for gap in conversation.timeline.gaps() if self.is_possible else []:
            older = conversation.timeline.before(gap)
            if older is not None:
                self._want(self._between(conversation, older, gap, CATCH_UP_PAGES_MAX, None))

    def older(self, conversation: Conversation, then: Callable[[], None] | None = None) -> bool:
        """Ask for what is before the oldest message; whether there may be any."""
        oldest = conversation.timeline.oldest()
        if conversation.timeline.is_whole or not self.is_possible or not self._client.is_here:
            return False
        if self._is_wanted(conversation, "BEFORE") or not conversation.is_caught_up:
            return True
        if oldest is None:
            return False
        anchor = next((message for message in conversation.timeline.messages if message.id), oldest)
        selectors, exact = self._selectors((anchor, 1))
        page = Page(conversation, "BEFORE", selectors, joins_newer=True, until=then, exact=exact)
        self._want(page, urgent=True)
        return True

    def close_gap(self, conversation: Conversation, message: Message, pages: int = 1) -> None:
        """Ask for what is missing before a message, the newest of it first."""
        older = conversation.timeline.before(message)
        if not message.follows_gap or older is None or not self.is_possible:
            return
        if self._is_wanted(conversation, "BETWEEN"):
            return
        self._want(self._between(conversation, older, message, pages, None), urgent=True)

    def around(self, conversation: Conversation, message_id: str, then: Callable[[], None]) -> None:
        """Ask for a message with what was said before and after it."""
        self._want(Page(conversation, "AROUND", (f"msgid={message_id}",), until=then), urgent=True)

    def _between(
        self,
        conversation: Conversation,
        older: Message,
        newer: Message,
        pages: int,
        until: Callable[[], None] | None,
    ) -> Page:
        messages = conversation.timeline.messages
        at = conversation.timeline.index(newer)
        upper = next((message for message in messages[at:] if message.id), newer)
        lower = next((message for message in reversed(messages[:at]) if message.id), older)
        selectors, exact = self._selectors((upper, 1), (lower, -1))
        return Page(
            conversation,
            "BETWEEN",
            selectors,
            joins_newer=True,
            gap=newer,
            pages_left=pages - 1,
            until=until,
            exact=exact,
        )

    def _selectors(self, *edges: tuple[Message, int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The selectors for messages by their milliseconds, widened; and unwidened, where that differs."""
        wide = tuple(self._reference(message, widened_ms) for message, widened_ms in edges)
        exact = tuple(self._reference(message) for message, _ in edges)
        return wide, () if wide == exact else exact

    def _reference(self, message: Message, widened_ms: int = 0) -> str:
        if message.id and "msgid" in self._client.server.support.get("MSGREFTYPES", "msgid"):
            return f"msgid={message.id}"
        return f"timestamp={format_time(message.time_ms + widened_ms)}"

    def _is_wanted(self, conversation: Conversation, subcommand: str) -> bool:
        pages = [*self._wanted, *([self._asked[0]] if self._asked else [])]
        return any(page.conversation is conversation and page.subcommand == subcommand for page in pages)

    def _want(self, page: Page, urgent: bool = False) -> None:
        self._wanted.insert(0 if urgent else len(self._wanted), page)
        self.pump()

    def first(self, conversation: Conversation) -> None:
        """Move this conversation's requests to the front: the user looks at it."""
        self._wanted.sort(key=lambda page: page.conversation is not conversation)

    def pump(self) -> None:
        """Ask for the next page, if none is on its way."""
        if self._asked or not self._wanted or not self._client.is_here:
            return
        page = self._wanted.pop(0)
        limit = str(self._client.server.history_limit)
        request = PendingRequest("CHATHISTORY", page.conversation, self._answered, quiet=True)
        self._asked = (page, request)
        line = Line("CHATHISTORY", (page.subcommand, page.conversation.name, *page.selectors, limit))
        self._client.requests.ask(request, line)

    def tick(self) -> None:
        """A page that does not come is given up."""
        if self._asked and self._client.now_ms - self._asked[1].asked_ms > PATIENCE_MS:
            request = self._asked[1]
            self._client.requests.drop(request)
            request.refuse("TIMEOUT", "The server does not answer.")
            self._answered(request)

    # What comes

    def took(self, batch: Batch) -> None:
        """A batch `chathistory` has come: read it into its conversation."""
        asked = self._asked[0] if self._asked else None
        target = batch.params[0] if batch.params else ""
        if asked is None or self._client.fold(target) != self._client.fold(asked.conversation.name):
            asked = None
        if asked is None and not is_name(target):
            return
        conversation = asked.conversation if asked else self._client.open(target)
        messages = self.read(batch, conversation)
        joins_older, joins_newer = (asked.joins_older, asked.joins_newer) if asked else (False, True)
        new = conversation.timeline.merge(messages, joins_older=joins_older, joins_newer=joins_newer)
        if asked:
            asked.lines += len(batch.items)
            asked.new += len(new)
            asked.is_last = HISTORY_END in batch.opening.tags
        if new:
            self._client.markers.recount(conversation)
            self._client.happened(events.HistoryLoaded(conversation, new))

    def read(self, batch: Batch, conversation: Conversation) -> list[Message]:
        """The messages of a batch, with what has happened to them; other changes wait until their message is known."""
        found: list[Message] = []
        changes: list[Item] = []
        for item in batch.items:
            if is_amendment(opening_of(item)):
                changes.append(item)
            elif message := read(self._client, conversation, item):
                known = conversation.find(message.id) or _twin(conversation, message)
                if known is not None:
                    known.root, known.summary = message.root or known.root, message.summary
                found.append(known or message)
                if known is None:
                    self._client.messages.adopt(conversation, message)
        for message in found:
            self._client.threads.took_message(conversation, message)
        # After the messages: a page may hold a change before what it changes, and none is in the timeline yet.
        page = {message.id: message for message in found if message.id}
        for item in changes:
            amend(self._client, conversation, item, page)
        return found

    def _answered(self, request: PendingRequest) -> None:
        if self._asked is None or self._asked[1] is not request:
            return
        page, self._asked = self._asked[0], None
        if not self._goes_on(page, request) and page.until:
            page.until()
        self.pump()

    def _goes_on(self, page: Page, request: PendingRequest) -> bool:
        """Whether another page was asked for in place of the end of this one."""
        conversation, timeline = page.conversation, page.conversation.timeline
        if request.is_refused:
            return page.subcommand == "LATEST" and page.selectors != ("*",) and self._by_time(page)
        if page.lines == 0 or page.is_last:
            self._nothing_more(page)
            return False
        if page.exact and not page.new:
            self._wanted.insert(0, replace(page, selectors=page.exact, exact=(), lines=0, is_last=False))
            return True
        if page.subcommand in ("BEFORE", "BETWEEN") and page.pages_left <= 0:
            return False
        gap = self._open_gap(page)
        if gap is None or page.pages_left <= 0:
            return False
        older = timeline.before(gap)
        if older is None:
            return False
        self._wanted.insert(0, self._between(conversation, older, gap, page.pages_left, page.until))
        return True

    def _by_time(self, page: Page) -> bool:
        """The message that was the last is not there any more: ask by its time instead."""
        if page.gap is None or page.selectors[0].startswith("timestamp="):
            return False
        # With what shares its millisecond, of which only a part may be known.
        time = format_time(page.gap.time_ms - 1)
        self._wanted.insert(0, replace(page, selectors=(f"timestamp={time}",), lines=0, new=0, is_last=False))
        return True

    def _nothing_more(self, page: Page) -> None:
        timeline = page.conversation.timeline
        if page.subcommand == "BEFORE" or page.selectors == ("*",):
            timeline.is_whole = True
            self._client.happened(events.HistoryLoaded(page.conversation, ()))
        elif page.gap is not None:
            gap = self._open_gap(page)
            if gap is not None:
                gap.follows_gap = False
                self._client.happened(events.HistoryLoaded(page.conversation, ()))

    def _open_gap(self, page: Page) -> Message | None:
        """The gap that a page is about: after the seam for LATEST, at or before the page's own message else."""
        timeline = page.conversation.timeline
        if page.gap is None:
            return None
        at = timeline.index(page.gap)
        if page.subcommand == "LATEST":
            later = timeline.messages[at + 1 :]
            return next((message for message in later if message.follows_gap), None)
        earlier = timeline.messages[: at + 1]
        return next((message for message in reversed(earlier) if message.follows_gap), None)

    # Who has written while one was away

    def find_conversations(self) -> None:
        """Ask with whom something was said lately; these conversations are opened."""
        if not self.is_possible:
            return
        now = self._client.now_ms
        span = (max(now - ABSENCE_MS_MAX, 0), now + 86_400_000)
        selectors = [f"timestamp={format_time(time)}" for time in span]
        line = Line("CHATHISTORY", ("TARGETS", *selectors, str(CONVERSATIONS_MAX)))
        self._client.requests.ask(PendingRequest("CHATHISTORY", quiet=True), line)

    def took_targets(self, batch: Batch) -> None:
        """`CHATHISTORY TARGETS <name> <time of the last message>`."""
        for line in batch.lines():
            name, last = line.param(1), parse_time(line.param(2).removeprefix("timestamp="))
            if not is_name(name) or self._client.server.is_room(name) or last is None:
                continue
            conversation = self._client.open(name)
            self._client.markers.ask(conversation)
            if not conversation.is_caught_up:
                self.catch_up(conversation)


def opening_of(item: Item) -> Line:
    return item.opening if isinstance(item, Batch) else item


def _twin(conversation: Conversation, message: Message) -> Message | None:
    """The same thing, known already, where the server has no id for it: a line that belongs to another one."""
    if message.id:
        return None
    same_time = conversation.timeline.since(message.time_ms - 1)
    known = takewhile(lambda other: other.place_ms <= message.time_ms, same_time)
    return next((other for other in known if not other.id and _says(other) == _says(message)), None)


def _says(message: Message) -> tuple[object, ...]:
    return message.kind, message.sender, message.text, message.subject, message.time_ms
