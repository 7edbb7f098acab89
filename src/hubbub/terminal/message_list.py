"""The messages of a conversation: only what is seen is drawn, so that a hundred thousand are as fluid as ten."""

from dataclasses import dataclass
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message as Said
from textual.strip import Strip
from textual.widget import Widget

from hubbub.bounded import Bounded
from hubbub.client.chat_model import Conversation, Message, Outgoing
from hubbub.client.client import Client
from hubbub.terminal.message_blocks import Painter, Setting
from hubbub.terminal.themes import Palette

Item = Message | Outgoing

_KEPT_BLOCKS: Final = 600
_NEAR_TOP: Final = 30
"""So many messages before the oldest one, older ones are asked for."""
_WHEEL_LINES: Final = 3


@dataclass(slots=True)
class _Place:
    """The scroll position, if not at the end: the last visible line is `below` lines above the end of the item."""

    item: Item
    below: int


class MessageList(Widget, can_focus=True):
    """Draws one conversation and lets its messages be selected; actions on them are posted to the screen."""

    ALLOW_SELECT = False

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "choose(-1)", "Previous message", show=False),
        Binding("down,j", "choose(1)", "Next message", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "top", "Oldest message", show=False),
        Binding("end", "bottom", "Newest message", show=False),
    ]

    class NearTop(Said):
        """The oldest messages come into sight."""

    class GapSeen(Said):
        """The place where something is missing is in sight."""

        def __init__(self, message: Message) -> None:
            super().__init__()
            self.message = message

    class AtEnd(Said):
        """The newest messages are in sight."""

    class Chosen(Said):
        """Another message is chosen, or none."""

    def __init__(self, client: Client, palette: Palette, id: str | None = None) -> None:
        super().__init__(id=id)
        self._client = client
        self._painter = Painter(client)
        self._palette = palette
        self.is_24h = True
        self.comings = "none"
        """Whose joins and parts are shown in rooms."""
        self.conversation: Conversation | None = None
        self.unread: Message | None = None
        """The message above which the line «new» stands."""
        self.chosen: Message | None = None
        self._place: _Place | None = None
        self._cleared: Message | None = None
        self._blocks: Bounded[tuple[object, ...], list[Strip]] = Bounded(_KEPT_BLOCKS)
        self._lines: list[Strip] | None = None
        self._items_seen: list[Item] = []
        self._first_seen = 0
        self._seen_count = 0
        self._lines_of: list[Item] = []

    # What is shown

    def show(self, conversation: Conversation | None, unread: Message | None = None) -> None:
        """Look at the end of a conversation."""
        self.conversation = conversation
        self.unread = unread
        self.chosen = self._cleared = None
        self._place = None
        self._blocks.clear()
        self.changed()

    def clear(self) -> None:
        """Begin an empty screen: what was said before is above it."""
        here = self.conversation
        self._cleared = here.timeline.messages[-1] if here and here.timeline.messages else None
        self.action_bottom()

    def restyle(self, palette: Palette, is_24h: bool, comings: str) -> None:
        self._palette, self.is_24h, self.comings = palette, is_24h, comings
        self._blocks.clear()
        self.changed()

    def changed(self, item: Item | None = None) -> None:
        """Draw again; `item` has changed, or something that no block remembers."""
        if item is None:
            self._blocks.clear()
        else:
            for key in [key for key in self._blocks if key[0] is item]:
                del self._blocks[key]
        self._lines = None
        self.refresh()

    def arrived(self) -> None:
        """Something was added; what is drawn already stays but for its neighbours, which may be one group now."""
        for item in self._items()[-3:]:
            for key in [key for key in self._blocks if key[0] is item]:
                del self._blocks[key]
        self._lines = None
        self.refresh()

    def mark(self, unread: Message | None) -> None:
        """Draw the line «new» above another message, or none."""
        self.unread = unread
        self.changed()

    @property
    def is_at_end(self) -> bool:
        return self._place is None

    def _count(self) -> int:
        here = self.conversation
        return len(here.timeline.messages) + len(here.pending) if here else 0

    def _items(self) -> list[Item]:
        here = self.conversation
        return [*here.timeline.messages[-3:], *here.pending] if here else []

    def _item(self, at: int) -> Item:
        here = self.conversation
        assert here is not None
        messages = here.timeline.messages
        return messages[at] if at < len(messages) else here.pending[at - len(messages)]

    def _index(self, item: Item) -> int | None:
        return self.conversation.place_of(item) if self.conversation else None

    # Drawing

    @property
    def _setting(self) -> Setting:
        is_room = self.conversation is not None and self.conversation.is_room
        comings = self.comings if is_room else "all"
        return Setting(max(self.size.width - 1, 10), self._palette, self.is_24h, comings)

    def _block(self, at: int) -> list[Strip]:
        item, setting = self._item(at), self._setting
        chosen = item is self.chosen
        ground = self.rich_style.bgcolor
        key = (item, setting.width, chosen, item is self.unread, ground)
        found = self._blocks.get(key)
        if found is not None:
            self._blocks.move_to_end(key)
            return found
        here = self.conversation
        assert here is not None
        if isinstance(item, Outgoing):
            found = self._painter.pending(item, setting, chosen=chosen)
        else:
            found = self._painter.message(here, at, setting, chosen=chosen, unread=self.unread)
        style = Style(bgcolor=ground)
        found = [strip.adjust_cell_length(setting.width).apply_style(style) for strip in found]
        self._blocks[key] = found
        return found

    def _lay_out(self) -> list[Strip]:
        """The lines that are in sight, from the last upward."""
        height = self.size.height
        self._lines_of = []
        count = self._count()
        if not count or not height:
            self._first_seen = 0
            return []
        at, below = count - 1, 0
        if self._place is not None:
            found = self._index(self._place.item)
            if found is None:
                self._place = None
            else:
                at, below = found, self._place.below
        lines: list[Strip] = []
        owners: list[Item] = []
        while at >= 0 and len(lines) < height:
            if self._place is None and self._item(at) is self._cleared:
                break
            block = self._block(at)
            shown = block[: len(block) - below] if below else block
            below = 0
            lines[:0] = shown
            owners[:0] = [self._item(at)] * len(shown)
            at -= 1
        self._first_seen = at + 1
        if len(lines) < height and self._place is not None:
            # The top is reached: what is below fills the rest.
            self._place = None
            return self._lay_out() if self._fits_from_top() else self._from_top(height)
        lines, owners = lines[-height:], owners[-height:]
        self._lines_of = owners
        return lines

    def _fits_from_top(self) -> bool:
        total = 0
        for at in range(self._count()):
            total += len(self._block(at))
            if total > self.size.height:
                return False
        return True

    def _from_top(self, height: int) -> list[Strip]:
        lines: list[Strip] = []
        owners: list[Item] = []
        at = 0
        while at < self._count() and len(lines) < height:
            block = self._block(at)
            lines += block
            owners += [self._item(at)] * len(block)
            at += 1
        over = len(lines) - height
        self._place = _Place(self._item(at - 1), max(over, 0))
        self._first_seen = 0
        self._lines_of = owners[:height]
        return lines[:height]

    def _drawn(self) -> list[Strip]:
        if self._lines is None:
            self._lines = self._lay_out()
            self._seen_count = len({id(item) for item in self._lines_of})
            self._tell_what_is_seen()
        return self._lines

    def _tell_what_is_seen(self) -> None:
        here = self.conversation
        if here is None:
            return
        if self._first_seen < _NEAR_TOP and not here.timeline.is_whole:
            self.post_message(self.NearTop())
        seen = {id(item): item for item in self._lines_of}
        for item in seen.values():
            if isinstance(item, Message) and item.follows_gap:
                self.post_message(self.GapSeen(item))
        if self._place is None:
            self.post_message(self.AtEnd())

    def render_line(self, y: int) -> Strip:
        lines, height, width = self._drawn(), self.size.height, self.size.width
        at = y - (height - len(lines))
        if at < 0:
            return Strip.blank(width, self.rich_style)
        return Strip([*lines[at], self._scrollbar(y)], width)

    def _scrollbar(self, y: int) -> Segment:
        """The scrollbar's position among all messages, estimated for those that are not drawn."""
        count, height = max(self._count(), 1), self.size.height
        seen, ground = self._seen_count, self.rich_style.bgcolor
        if seen >= count or (self._first_seen == 0 and self._place is None):
            return Segment(" ", Style(bgcolor=ground))
        size = max(1, height * seen // count)
        top = round((height - size) * self._first_seen / max(count - seen, 1))
        is_thumb = top <= y < top + size or (self._place is None and y >= height - size)
        colour = self._palette.dim if is_thumb else self._palette.chosen
        return Segment("┃" if is_thumb else "│", Style(color=colour, bgcolor=ground))

    def on_resize(self, event: events.Resize) -> None:
        self._lines = None

    # Moving

    def scroll_lines(self, lines: int) -> None:
        """Move by so many lines; negative is up."""
        count = self._count()
        if not count:
            return
        at, below = count - 1, 0
        if self._place is not None and (found := self._index(self._place.item)) is not None:
            at, below = found, self._place.below
        below -= lines
        while below < 0:
            if at + 1 >= count:
                self.action_bottom()
                return
            at += 1
            below += len(self._block(at))
        while below >= (size := len(self._block(at))):
            if at == 0:
                below = max(size - 1, 0)
                break
            below -= size
            at -= 1
        self._place = None if at == count - 1 and below == 0 else _Place(self._item(at), below)
        self._lines = None
        self.refresh()

    def action_page(self, direction: int) -> None:
        self.scroll_lines(direction * max(self.size.height - 2, 1))

    def action_top(self) -> None:
        if self._count():
            self._from_top(self.size.height)
            self._lines = None
            self.refresh()

    def action_bottom(self) -> None:
        self._place = None
        self._lines = None
        self.refresh()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self.scroll_lines(-_WHEEL_LINES)
        event.stop()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self.scroll_lines(_WHEEL_LINES)
        event.stop()

    def on_click(self, event: events.Click) -> None:
        at = event.y - (self.size.height - len(self._lines_of))
        if 0 <= at < len(self._lines_of):
            item = self._lines_of[at]
            self.choose(item if isinstance(item, Message) and item.is_talk else None)

    def jump_to(self, message: Message) -> None:
        """Choose a message, and bring it into the middle."""
        at = self._index(message)
        if at is None:
            return
        self.choose(message)
        self._place = _Place(message, 0)
        self._lines = None
        self.scroll_lines(self.size.height // 2)

    # Choosing

    def choose(self, message: Message | None) -> None:
        self.chosen = message
        self._lines = None
        self.refresh()
        self.post_message(self.Chosen())

    def action_choose(self, step: int) -> None:
        """Select the next message, skipping rows that are not messages."""
        here = self.conversation
        if here is None:
            return
        messages = here.timeline.messages
        at = self._index(self.chosen) if self.chosen else None
        if at is None:
            at = len(messages) if step < 0 else len(messages) - 1
        at += step
        while 0 <= at < len(messages) and not messages[at].is_talk:
            at += step
        if at >= len(messages):
            self.choose(None)
            self.action_bottom()
        elif at >= 0:
            self.choose(messages[at])
            self._show_chosen(at)
        else:
            self.action_top()

    def _show_chosen(self, at: int) -> None:
        self._drawn()
        seen = [index for item in self._lines_of if (index := self._index(item)) is not None]
        if seen and at < min(seen):
            self._place = _Place(self._item(at), 0)
            self._lines = None
            self.scroll_lines(self.size.height - len(self._block(at)) - 1)
        elif not seen or at > max(seen) or not self._is_whole(at):
            self._place = _Place(self._item(at), 0)
            if at == self._count() - 1:
                self._place = None
            self._lines = None
            self.refresh()

    def _is_whole(self, at: int) -> bool:
        item = self._item(at)
        return sum(owner is item for owner in self._lines_of) >= len(self._block(at))
