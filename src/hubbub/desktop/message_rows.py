"""The messages of one conversation as rows of a view, the newest first: only what is seen is prepared."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Slot

from hubbub.bounded import Bounded
from hubbub.client import event_text
from hubbub.client.chat_model import TALK, Conversation, Delivery, Kind, Message, Outgoing
from hubbub.client.client import Client
from hubbub.client.colours import ON_DARK, ON_LIGHT, colour_of
from hubbub.client.formatting import plain
from hubbub.client.navigation import one_line
from hubbub.desktop.markup import Ink, rich
from hubbub.desktop.qt_properties import Model

Item = Message | Outgoing

KEPT: Final = 400
"""Prepared rows that are kept."""
_ANSWERED_CHARACTERS: Final = 160

INK: Final = {True: Ink("#a89dff", "#12131b"), False: Ink("#5142cf", "#e4e6f1")}
"""By whether it is dark; as `Theme.qml` has them."""


@dataclass(frozen=True, slots=True)
class Manner:
    """The preferences that rows are prepared by."""

    is_dark: bool = False
    is_24h: bool = True
    comings: str = "all"
    """Whose joins and parts are shown, as `event_text.is_hidden` has it."""


_EMPTY: Final[Mapping[str, Any]] = {
    "kind": "hidden",
    "key": "",
    "day": "",
    "gap": False,
    "fresh": False,
    "head": False,
    "sender": "",
    "name": "",
    "colour": "",
    "face": "",
    "clock": "",
    "html": "",
    "words": "",
    "own": False,
    "mention": False,
    "bot": False,
    "edited": False,
    "deleted": False,
    "answered": "",
    "answeredKey": "",
    "reactions": [],
    "picture": "",
    "state": "",
    "error": "",
    "spoken": "",
}
"""A row's roles. `kind`: talk, action, notice, event, note, pending, or hidden for one merged into another row."""


class MessageModel(Model):
    """Row 0 is the newest, so that a view that is built from below stays where it is while older ones come."""

    def __init__(
        self,
        client: Client,
        manner: Manner,
        picture: Callable[[Message], tuple[str, str]],
        face: Callable[[str], str],
        emoji: Callable[[str], Mapping[str, str]] = lambda text: {},
    ) -> None:
        """`picture` gives the address of a message's picture, with the link in its text that is shown by it, and `face`
        the address of somebody's; or nothing. `emoji` gives those of the custom emoji that a text names.
        """
        super().__init__(list(_EMPTY))
        self._client = client
        self._picture = picture
        self._face = face
        self._emoji = emoji
        self.manner = manner
        self.conversation: Conversation | None = None
        self.unread: Message | None = None
        """The message above which the line «new» stands."""
        self._hidden = 0
        self._prepared: Bounded[Item, Mapping[str, Any]] = Bounded(KEPT)

    # What is shown

    def show(self, conversation: Conversation | None, unread: Message | None = None) -> None:
        """Look at another conversation."""
        self.beginResetModel()
        self.conversation, self.unread = conversation, unread
        self._prepared.clear()
        self._hidden = 0
        self.items = self._now()
        self.endResetModel()
        self.counted.emit()

    def clear(self) -> None:
        """Begin an empty view: nothing is deleted."""
        here = self.conversation
        self._hidden = len(here.timeline.messages) if here else 0
        self.sync()

    def _now(self) -> list[Item]:
        here = self.conversation
        if here is None:
            return []
        messages = here.timeline.messages
        return [*(messages[self._hidden :] if self._hidden else messages), *here.pending]

    def sync(self) -> None:
        """Take over what has come or gone, wherever in the conversation."""
        splice = self.become(self._now(), is_backwards=True)
        if not splice:
            return
        # A neighbour may stand under the same name now, or be told together with what has come.
        for at in {splice.start - 1, splice.start + splice.inserted}:
            self._changed_at(at)

    def forget(self, items: Sequence[Item]) -> None:
        for item in items:
            self._prepared.pop(item, None)

    def _changed_at(self, at: int) -> None:
        if 0 <= at < len(self.items):
            self._prepared.pop(self.items[at], None)
            row = self.index(len(self.items) - 1 - at)
            self.dataChanged.emit(row, row)

    def changed(self, item: Item) -> None:
        """This one is another one than it was."""
        at = self.place(item)
        if at is not None:
            self._changed_at(len(self.items) - 1 - at)

    def all_changed(self) -> None:
        """The manner is another one, or something that many rows show; only what is seen is prepared again."""
        self._prepared.clear()
        if self.items:
            self.dataChanged.emit(self.index(0), self.index(len(self.items) - 1))

    def mark(self, unread: Message | None) -> None:
        """Draw the line «new» above another message, or none."""
        before, self.unread = self.unread, unread
        for message in (before, unread):
            if message is not None and before is not unread:
                self.changed(message)

    # Finding rows

    def place(self, item: Item) -> int | None:
        """The row in which something stands."""
        at = self.conversation.place_of(item) if self.conversation else None
        if at is None:
            return None
        at -= self._hidden
        # What is not taken over yet stands nowhere.
        return len(self.items) - 1 - at if 0 <= at < len(self.items) and self.items[at] is item else None

    def item(self, row: int) -> Item | None:
        return self.items[len(self.items) - 1 - row] if 0 <= row < len(self.items) else None

    def message(self, row: int) -> Message | None:
        """The message in a row, unless it was deleted."""
        item = self.item(row)
        is_said = isinstance(item, Message) and item.is_talk and not item.is_deleted
        return item if is_said and isinstance(item, Message) else None

    @Slot(int, int, result=int)
    def talk_from(self, row: int, step: int) -> int:
        """The next row with a message; -1 for none. Up, to older ones, is 1."""
        row += step
        while 0 <= row < len(self.items):
            if self.message(row) is not None:
                return row
            row += step
        return -1

    # Preparing

    def row(self, row: int) -> Mapping[str, Any]:
        at = len(self.items) - 1 - row
        item: Item = self.items[at]
        found = self._prepared.get(item)
        if found is None:
            found = self._pending(item) if isinstance(item, Outgoing) else self._prepare(item, at)
            self._prepared[item] = found
        return found

    @property
    def _comings(self) -> str:
        """Whose joins and parts are shown: in a room by preference, in a conversation the other person's."""
        here = self.conversation
        return self.manner.comings if here is not None and here.is_room else "all"

    def _colour(self, nick: str) -> str:
        return colour_of(self._client.fold(nick), ON_DARK if self.manner.is_dark else ON_LIGHT)

    def _rich(self, text: str) -> str:
        return rich(text, INK[self.manner.is_dark], self._emoji(text), self._client.people.find)

    def _pending(self, entry: Outgoing) -> Mapping[str, Any]:
        state = {Delivery.WAITING: "waiting", Delivery.SENT: "sending", Delivery.FAILED: "failed"}[
            entry.delivery
        ]
        words = f"{state}: {plain(entry.text)}" if state != "failed" else f"Not sent: {entry.error}"
        return {
            **_EMPTY,
            "kind": "pending",
            "key": entry.nonce,
            "own": True,
            "html": self._rich(entry.text),
            "words": plain(entry.text),
            "state": state,
            "error": entry.error,
            "spoken": words,
        }

    def _prepare(self, message: Message, at: int) -> Mapping[str, Any]:
        before = self.items[at - 1] if at else None
        before = before if isinstance(before, Message) else None
        above = self._above(message, before)
        comings = self._comings
        if event_text.is_hidden(self.items, at, comings):
            return {**_EMPTY, **above}
        place = event_text.shown_from(self.items, at, -1, comings)
        before = None if place is None else self.items[place]
        if message.kind in event_text.COMINGS:
            return {**_EMPTY, **above, **self._coming(message, at)}
        if not message.is_talk:
            kind = "note" if message.kind is Kind.NOTE else "event"
            return {**_EMPTY, **above, **self._told(kind, event_text.happened(message))}
        has_above = above["day"] or above["gap"] or above["fresh"]
        return {**_EMPTY, **above, **self._said(message, before, bool(has_above))}

    def _above(self, message: Message, before: Message | None) -> dict[str, Any]:
        """The separators above a row: the day, a gap in the history, the line «new»."""
        is_same_day = before is not None and event_text.day(before.time_ms) == event_text.day(message.time_ms)
        day = "" if is_same_day else event_text.day_name(message.time_ms)
        is_fresh = message is self.unread
        words = (
            day,
            "messages may be missing here" if message.follows_gap else "",
            "new" if is_fresh else "",
        )
        return {
            "key": message.id,
            "day": day,
            "gap": message.follows_gap,
            "fresh": is_fresh,
            "spoken": ", ".join(word for word in words if word),
        }

    def _told(self, kind: str, words: str) -> Mapping[str, Any]:
        return {"kind": kind, "html": self._rich(words), "words": words, "spoken": words}

    def _coming(self, message: Message, at: int) -> Mapping[str, Any]:
        comings = self._comings
        following = event_text.shown_from(self.items, at, 1, comings)
        if following is not None and event_text.continues(message, self.items[following], self.unread):
            return {"kind": "hidden"}
        words = event_text.came_and_went(event_text.run_until(self.items, at, self.unread, comings))
        return self._told("event", words)

    def _said(self, message: Message, before: Message | None, has_above: bool) -> Mapping[str, Any]:
        here = self.conversation
        assert here is not None
        name = self._client.people.name(message.sender)
        clock = event_text.clock(message.time_ms, self.manner.is_24h)
        deleted = f"deleted by {message.deleted_by}" if message.deleted_by else "deleted"
        words = deleted if message.is_deleted else plain(message.text)
        picture, link = ("", "") if message.is_deleted else self._picture(message)
        text = message.text.replace(link, "", 1).strip() if picture else message.text
        return {
            "kind": TALK[message.kind].look.value,
            "head": has_above or not event_text.is_grouped(before, message),
            "sender": message.sender,
            "name": name,
            "colour": self._colour(message.sender),
            "face": "" if message.is_own else self._face(message.sender),
            "clock": clock,
            "html": deleted if message.is_deleted else self._rich(text) if text else "",
            "words": words,
            "own": message.is_own,
            "mention": message.is_mention and not message.is_own,
            "bot": message.is_bot,
            "edited": bool(message.edited_ms) and not message.is_deleted,
            "deleted": message.is_deleted,
            "answered": self._answered(here, message),
            "answeredKey": message.reply_to,
            "reactions": self._reactions(message),
            "picture": picture,
            "spoken": f"{name}, {clock}: {one_line(message, 500) if not message.is_deleted else words}",
        }

    def _answered(self, here: Conversation, message: Message) -> str:
        name = self._client.people.name
        return event_text.answered(here, message, _ANSWERED_CHARACTERS, name) if message.reply_to else ""

    def _reacted(self, reaction: str) -> str:
        """The address of a custom emoji's picture, of a reaction that is one."""
        return self._emoji(reaction).get(reaction[1:-1], "") if reaction.startswith(":") else ""

    def _reactions(self, message: Message) -> list[dict[str, Any]]:
        return [
            {
                "reaction": reaction if (picture := self._reacted(reaction)) else plain(reaction)[:34],
                "picture": picture,
                "count": len(nicks),
                "mine": any(self._client.is_me(nick) for nick in nicks),
                "who": ", ".join(map(self._client.people.name, nicks[:20])),
            }
            for reaction, nicks in message.reactions.items()
        ]
