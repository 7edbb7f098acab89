"""The chat's screen: rooms, messages, members, and where one writes."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from rich.style import Style
from rich.text import Span, Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import AppBlur, AppFocus, Resize
from textual.timer import Timer
from textual.widgets import Label, Static

from hubbub.client import events
from hubbub.client.chat_model import Conversation, Message, Outgoing
from hubbub.client.client import Client
from hubbub.client.commands import ALL
from hubbub.client.completion import Completer
from hubbub.client.emoji import EMOJI
from hubbub.client.event_text import typing
from hubbub.client.presenter import Presenter
from hubbub.terminal import status_lines
from hubbub.terminal.chat_actions import ChatActions
from hubbub.terminal.composer import Editor, EditorBox, Suggestions
from hubbub.terminal.dialogs import Picker, Reading, SearchScreen, table
from hubbub.terminal.message_list import MessageList
from hubbub.terminal.outage_banner import Alert
from hubbub.terminal.settings import Memory
from hubbub.terminal.side_lists import MemberRows, RoomList

WIDE_CELLS: Final = 96
"""From this width on members are shown by themselves,"""
MEDIUM_CELLS: Final = 72
"""and from this one on rooms."""
_TIDY_SECONDS: Final = 0.1
_SECOND: Final = 1.0
_KEEP_SECONDS: Final = 1.0
_LOST_SECONDS: Final = 1.0
"""The time that a server may take to join its user to rooms, in seconds."""


class ChatScreen(ChatActions):
    """Everything of one chat, as the presenter wants it drawn; the app feeds it with events."""

    def __init__(self, client: Client, place_name: str) -> None:
        super().__init__()
        self.client = client
        self.presenter = Presenter(client, self, _now_ms, place_name)
        self.box = EditorBox(self)
        self._dirty: set[str] = set()
        self._is_keeping = False
        self._is_focused = True
        self._counting: Timer | None = None
        self._put_before: dict[str, tuple[str, list[Span]]] = {}

    # Parts

    def compose(self) -> ComposeResult:
        colours = self.app.palette
        suggestions = Suggestions(id="suggestions")
        completer = Completer(self.client, {word.name: word.help for word in ALL}, EMOJI)
        yield Static(id="title", markup=False)
        yield Alert(id="alert")
        with Horizontal(id="middle"):
            yield RoomList(self.client, colours, id="rooms")
            with Vertical(id="center"):
                yield MessageList(self.client, colours, id="messages")
                yield suggestions
                yield Static(id="about", markup=False)
                yield Static(id="typing", markup=False)
                with Horizontal(id="writing"):
                    yield Label("›", id="prompt")
                    yield Editor(completer, suggestions, id="editor")
            yield MemberRows(self.client, self.presenter.members, colours, id="members")
        yield Static(id="state", markup=False)

    def on_mount(self) -> None:
        self.messages.show(self.presenter.console)
        self.messages.is_24h = self.preferences.settings.clock == 24
        self.messages.comings = self.preferences.settings.comings
        self.editor.focus()
        self._arrange()
        self.tidy_soon("title", "rooms", "members", "state")
        self.presenter.begin()
        for event in self.app.missed():
            self.heard(event)
        self._tidy()

    # For the app

    @property
    def here(self) -> Conversation | None:
        return self.presenter.here

    def note(self, text: str, conversation: Conversation | None = None) -> None:
        self.presenter.note(text, conversation)

    def show(self, conversation: Conversation) -> None:
        self.presenter.show(conversation)

    def heard(self, event: events.Event) -> None:
        """Draw what has happened, soon."""
        self.presenter.heard(event)

    def restyle(self) -> None:
        """The theme or the clock is another one."""
        colours = self.app.palette
        self.query_one(RoomList).palette = self.query_one(MemberRows).palette = colours
        settings = self.preferences.settings
        self.messages.restyle(colours, settings.clock == 24, settings.comings)
        self.tidy_soon("title", "rooms", "members", "state")

    # What the presenter asks

    @property
    def preferences(self) -> Memory:
        return self.app.remembered

    @property
    def sees_end(self) -> bool:
        return self._is_focused and self.messages.is_at_end

    @property
    def is_covered(self) -> bool:
        return self.app.screen is not self

    @property
    def unread_line(self) -> Message | None:
        return self.messages.unread

    def selected(self) -> Message | None:
        return self.messages.chosen

    # What the presenter wants drawn

    def show_messages(self, conversation: Conversation | None, unread: Message | None) -> None:
        self.messages.show(conversation or self.presenter.console, unread)
        self.editor.here = conversation
        self._arrange()

    def message_arrived(self, message: Message) -> None:
        self.messages.arrived()

    def messages_changed(self, item: Message | Outgoing | None = None) -> None:
        self.messages.changed(item)

    def mark(self, message: Message | None) -> None:
        self.messages.mark(message)

    def go_to_end(self) -> None:
        self.messages.action_bottom()

    def jump_to(self, message: Message, *, was_sought: bool = False) -> None:
        self.messages.jump_to(message)
        if was_sought:
            self.messages.focus()

    def clear(self) -> None:
        if self.here is not None:
            self.messages.clear()

    def show_ways_soon(self) -> None:
        self.set_timer(_LOST_SECONDS, self.presenter.show_ways)

    def show_outage(self, words: str, can_retry: bool, is_counting: bool) -> None:
        """A bar above everything while there is no connection; its words count down."""
        self.query_one("#alert", Alert).tell(words, can_retry)
        if is_counting and self._counting is None:
            self._counting = self.set_interval(_SECOND, self.presenter.tell_outage)
        elif not is_counting and self._counting is not None:
            self._counting.stop()
            self._counting = None

    def settings_changed(self) -> None:
        self.app.restyle()
        self._arrange()

    def ring(self, conversation: Conversation, message: Message) -> None:
        self.app.ring(conversation, message)

    def goals_changed(self) -> None:
        if isinstance(self.app.screen, Picker):
            self.app.screen.update_found()

    def show_found(self, event: events.SearchFinished) -> None:
        if isinstance(self.app.screen, SearchScreen):
            self.app.screen.finished(event.query, event.found, event.error)

    # What the presenter opens and ends

    def search(self, text: str) -> None:
        self.app.push_screen(SearchScreen(self.presenter.begin_search, self.here, text), self.go_to_found)

    def read(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        self.app.push_screen(Reading(title, table([("", rows)], self.app.palette.link)))

    def ask(
        self, title: str, text: str, yes: str, then: Callable[[], None], *, is_grave: bool = False
    ) -> None:
        self.app.ask(title, text, yes, lambda is_yes: then() if is_yes else None, is_grave=is_grave)

    def send_file(self, path: str) -> None:
        self.app.send_file(self, path)

    def connect_now(self) -> None:
        self.app.hurry()

    def leave(self, reason: str) -> None:
        self.app.leave(reason)

    # Drawing what is not messages

    def tidy_soon(self, *parts: str) -> None:
        """Nothing wakes while nothing happens: many of these may run on one machine."""
        if not self._dirty and self.is_mounted:
            self.set_timer(_TIDY_SECONDS, self._tidy)
        self._dirty.update(parts)

    def _tidy(self) -> None:
        """Draw again what has changed, once for all changes of a moment."""
        parts, self._dirty = self._dirty, set()
        here = self.here
        if "rooms" in parts:
            self.query_one(RoomList).update_rows(here)
        if "members" in parts:
            self.query_one(MemberRows).update_members(here)
        if "title" in parts:
            name = Text(self.presenter.console.name, Style(bold=True))
            self._put("title", self._title(here) if here else name)
        if "names" in parts:
            self.messages.changed()
        if "typing" in parts:
            self._put("typing", Text(typing(list(here.typing) if here else [])))
        if "state" in parts:
            self._put("state", Text(status_lines.state(self.client)))

    def _title(self, here: Conversation) -> Text:
        headline = self.presenter.members.headline(here)
        person = None if here.is_room else self.client.people.find(here.name)
        return status_lines.title(here, headline, person, self.app.palette)

    def _put(self, line: str, text: Text) -> None:
        """Write one of the lines around the messages, where it has changed."""
        if self._put_before.get(line) != (text.plain, text.spans):
            self._put_before[line] = (text.plain, text.spans)
            self.query_one(f"#{line}", Static).update(text, layout=False)

    def _arrange(self) -> None:
        """Show the lists where there is room for them, or where its user wants them."""
        settings, width = self.preferences.settings, self.app.size.width
        is_room = self.here is not None and self.here.is_room
        wanted = {"on": True, "off": False}
        rooms = wanted.get(settings.rooms, width >= MEDIUM_CELLS)
        members = wanted.get(settings.members, width >= WIDE_CELLS)
        self.query_one("#rooms").display = rooms
        self.query_one("#members").display = members and is_room

    def action_toggle_list(self, part: str) -> None:
        shown = self.query_one(f"#{part}").display
        self.preferences.set(part, "off" if shown else "on")
        self._arrange()
        self.tidy_soon(part)

    def on_resize(self, event: Resize) -> None:
        self._arrange()
        self.tidy_soon("rooms", "members", "title", "state")

    # Keeping

    def keep_soon(self) -> None:
        """Write the draft to disk a moment after the last key."""
        if not self._is_keeping:
            self._is_keeping = True
            self.set_timer(_KEEP_SECONDS, self._keep)

    def _keep(self) -> None:
        self._is_keeping = False
        self.app.keep(self.here.name if self.here else "")

    # Looking

    @on(AppFocus)
    def _focused(self) -> None:
        self._is_focused = True
        self.presenter.mark_read()

    @on(AppBlur)
    def _blurred(self) -> None:
        self._is_focused = False


def _now_ms() -> int:
    return int(time.time() * 1000)
