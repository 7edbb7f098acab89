"""The chat's screen: rooms, messages, members, and where one writes."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

from rich.style import Style
from rich.text import Span, Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import AppBlur, AppFocus, Resize
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Label, Static

from hubbub.client import events
from hubbub.client.chat_model import Conversation, Kind, Message
from hubbub.client.client import Client
from hubbub.client.commands import ALL, WORDS
from hubbub.client.completion import Completer, with_emoji
from hubbub.client.emoji import EMOJI
from hubbub.client.event_text import about, typing
from hubbub.client.formatting import links, uncoded
from hubbub.client.input_parser import Speech
from hubbub.client.navigation import (
    Way,
    first_unread,
    in_order,
    last_of_others,
    last_own,
    one_line,
    unread_step,
)
from hubbub.client.outage import Outage
from hubbub.client.typed_line import is_secret
from hubbub.terminal import status_lines
from hubbub.terminal.composer import Editor, Suggestions
from hubbub.terminal.dialogs import Picker, Reading, SearchScreen, emoji_picker, mention_picker, room_picker
from hubbub.terminal.keys import KEYS
from hubbub.terminal.message_list import MessageList
from hubbub.terminal.outage_banner import Alert
from hubbub.terminal.side_lists import MemberList, RoomList

if TYPE_CHECKING:
    from hubbub.terminal.app import HubbubApp

WIDE_CELLS: Final = 96
"""From this width on members are shown by themselves,"""
MEDIUM_CELLS: Final = 72
"""and from this one on rooms."""
_TIDY_SECONDS: Final = 0.1
_SECOND: Final = 1.0
_KEEP_SECONDS: Final = 1.0
_LOST_SECONDS: Final = 1.0
"""How long a server may take to put its user into rooms."""


class ChatScreen(Screen[None]):
    """Everything of one chat; the app feeds it with events."""

    app: "HubbubApp"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+k", "switch", "Go to a room", show=False, priority=True),
        Binding("ctrl+f", "search", "Search", show=False, priority=True),
        Binding("alt+up", "step(-1)", "Previous room", show=False, priority=True),
        Binding("alt+down", "step(1)", "Next room", show=False, priority=True),
        Binding("alt+shift+up", "unread(-1)", "Previous unread room", show=False, priority=True),
        Binding("alt+shift+down", "unread(1)", "Next unread room", show=False, priority=True),
        Binding("alt+a", "first_unread", "First unread room", show=False, priority=True),
        Binding("alt+m", "mentions", "Mentions", show=False, priority=True),
        Binding("alt+s", "toggle_list('rooms')", "List of rooms", show=False, priority=True),
        Binding("alt+u", "toggle_list('members')", "List of members", show=False, priority=True),
        Binding("shift+pageup", "jump_unread", "Oldest unread message", show=False, priority=True),
        Binding("pageup", "page(-1)", "Page up", show=False, priority=True),
        Binding("pagedown", "page(1)", "Page down", show=False, priority=True),
        Binding("f6", "landmark", "Next part of the screen", show=False, priority=True),
        Binding("f1,ctrl+underscore,ctrl+slash", "keys", "Keys", show=False, priority=True),
        Binding("ctrl+r", "again", "Send again what failed, connect now", show=False),
        Binding("ctrl+q", "leave", "Leave", show=False, priority=True),
        Binding("r", "reply", "Reply", show=False),
        Binding("e", "edit", "Edit", show=False),
        Binding("plus,colon", "react", "React", show=False),
        Binding("d,delete", "delete", "Delete", show=False),
        Binding("c", "copy", "Copy", show=False),
        Binding("o", "open_link", "Open the link", show=False),
        Binding("U", "mark_unread", "Unread from here", show=False),
        Binding("escape", "escape", "Back", show=False),
    ]

    def __init__(self, client: Client, place_name: str) -> None:
        super().__init__()
        self.client = client
        self.speech = Speech(client, self)
        self.console = Conversation(place_name, is_room=False)
        """What is told while one is in no conversation."""
        self._here: Conversation | None = None
        self._replying: Message | None = None
        self._editing: Message | None = None
        self._dirty: set[str] = set()
        self._is_keeping = False
        self._is_focused = True
        self._outage = Outage()
        self._counting: Timer | None = None
        self._doubt = ""
        """Why what is written was not done."""
        self._first_here = ""
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
            yield MemberList(self.client, colours, id="members")
        yield Static(id="state", markup=False)

    @property
    def messages(self) -> MessageList:
        return self.query_one("#messages", MessageList)

    @property
    def editor(self) -> Editor:
        return self.query_one("#editor", Editor)

    def on_mount(self) -> None:
        self.messages.show(self.console)
        self.messages.is_24h = self.app.remembered.settings.clock == 24
        self.messages.comings = self.app.remembered.settings.comings
        self.editor.focus()
        self._arrange()
        self._tidy_soon("title", "rooms", "members", "state")
        rooms = [room for room in self._order() if room.is_joined]
        for room in sorted(rooms, key=lambda room: self.client.fold(room.name) != self._first_here)[:1]:
            self.show(room)
        for event in self.app.missed():
            self.heard(event)
        self._tidy()

    def _order(self) -> list[Conversation]:
        return in_order(self.client.conversations.values())

    def begin_at(self, name: str) -> None:
        """The conversation to look at once it is there: where one was the last time."""
        self._first_here = self.client.fold(name) if name else ""

    # Face

    @property
    def here(self) -> Conversation | None:
        return self._here

    def note(self, text: str, conversation: Conversation | None = None) -> None:
        where = conversation or self._here
        if where is not None:
            self.client.messages.note(where, text)
            return
        message = Message(Kind.NOTE, "", text, int(time.time() * 1000))
        self.console.timeline.append(message)
        self.messages.arrived()

    def show(self, conversation: Conversation) -> None:
        if conversation is self._here:
            self.messages.action_bottom()
            return
        self._put_away()
        self._here = conversation
        unread = conversation.first_unread()
        self.messages.show(conversation, unread)
        self.editor.here = conversation
        self.editor.put(conversation.draft)
        self._cancel()
        self.client.look_at(conversation)
        self._tidy_soon("title", "rooms", "members", "typing")
        self._arrange()
        self._keep_soon()

    def _put_away(self) -> None:
        """Keep what is written, where it is written."""
        if self._here is not None and self._editing is None:
            self._here.draft = self.editor.text
            self.client.drafts.send(self._here)

    def selected(self) -> Message | None:
        return self.messages.chosen

    def search(self, text: str) -> None:
        self.app.push_screen(SearchScreen(self._begin_search, self._here, text), self._go_to_found)

    def read(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        self.app.push_screen(Reading(title, self._table([("", rows)])))

    def _table(self, parts: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> Text:
        """Titles with rows of two columns below each."""
        text = Text()
        for title, rows in parts:
            if title:
                text.append(f"{title}\n", "bold")
            width = max(len(name) for name, _ in rows) + 2
            for name, what in rows:
                text.append(f"  {name:{width}}", self.app.palette.link)
                text.append(f"{what}\n")
            text.append("\n" if title else "")
        return text

    def act(self, action: str, rest: str) -> None:
        if action == "clear" and self._here is not None:
            self.messages.clear()
        elif action == "set":
            self._set(rest)
        elif action == "send":
            self.app.send_file(self, rest)

    def leave(self, reason: str) -> None:
        self.app.leave(reason)

    @property
    def asks_first(self) -> bool:
        return bool(self.app.remembered.settings.newrooms == "ask")

    def ask(self, title: str, text: str, yes: str, then: Callable[[], None]) -> None:
        self.app.ask(title, text, yes, lambda is_yes: self._try(then) if is_yes else None)

    def _set(self, rest: str) -> None:
        name, _, value = rest.partition(" ")
        if not name:
            rows = self.app.remembered.settings_in_words()
            self.note("\n".join(["Settings, changed by /set NAME VALUE:", *rows]))
        elif not value:
            raise ValueError(f"Write: /set {name} VALUE")
        else:
            self.note(self.app.remembered.set(name, value))
            self.app.restyle()
            self._arrange()

    def restyle(self) -> None:
        """The theme or the clock is another one."""
        colours = self.app.palette
        self.query_one(RoomList).palette = self.query_one(MemberList).palette = colours
        settings = self.app.remembered.settings
        self.messages.restyle(colours, settings.clock == 24, settings.comings)
        self._tidy_soon("title", "rooms", "members", "state")

    # What happens

    def heard(self, event: events.Event) -> None:
        """Draw what has happened, soon."""
        self.speech.heard(event)
        if isinstance(event, events.Welcomed | events.Connecting | events.Disconnected):
            self._outage.heard(event, int(time.time() * 1000))
            self._tell_outage()
        handler = _HEARD.get(type(event))
        if handler is not None:
            handler(self, event)

    def _hear_message(self, event: events.MessageReceived) -> None:
        if event.conversation is self._here:
            self.messages.arrived()
        if not event.message.is_own and event.message.is_mention:
            is_seen = self._is_focused and event.conversation is self._here and self.messages.is_at_end
            if not is_seen:
                self.app.ring(event.conversation, event.message)

    def _hear_message_changed(self, event: events.MessageChanged) -> None:
        if event.conversation is self._here:
            self.messages.changed()

    def _hear_history(self, event: events.HistoryLoaded) -> None:
        if event.conversation is self._here:
            if self.messages.unread is None:
                self.messages.unread = event.conversation.first_unread()
            self.messages.changed()

    def _hear_outbox(self, event: events.OutboxChanged) -> None:
        self._keep_soon()
        if event.conversation is self._here:
            self.messages.changed(event.outgoing)

    def _hear_opened(self, event: events.ConversationOpened) -> None:
        self._tidy_soon("rooms")

    def _hear_conversation(self, event: events.ConversationChanged) -> None:
        self._tidy_soon("rooms", "title", "members")
        conversation = event.conversation
        is_wanted = self.client.fold(conversation.name) == self._first_here
        if conversation.is_joined and (self._here is None or is_wanted):
            if is_wanted:
                self._first_here = ""
            self.show(conversation)

    def _hear_closed(self, event: events.ConversationClosed) -> None:
        self._tidy_soon("rooms")
        if event.conversation is self._here:
            self._here = None
            others = self._order()
            if others:
                self.show(others[0])
            else:
                self.messages.show(self.console)
                self.editor.here = None
                self._tidy_soon("title", "members", "typing")

    def _hear_members(self, event: events.MembersChanged) -> None:
        if event.conversation is self._here:
            self._tidy_soon("members", "title")

    def _hear_person(self, event: events.PersonChanged) -> None:
        self._tidy_soon("members", "rooms", "state")

    def _hear_unread(self, event: events.UnreadChanged) -> None:
        self._tidy_soon("rooms", "state")
        if event.conversation is self._here:
            self._read()

    def _hear_typing(self, event: events.TypingChanged) -> None:
        if event.conversation is self._here:
            self._tidy_soon("typing")

    def _hear_draft(self, event: events.DraftChanged) -> None:
        """Another device has written here."""
        if event.conversation is self._here and self._editing is None:
            self.editor.put(event.conversation.draft)
        self._tidy_soon("rooms")
        self._keep_soon()

    def _hear_welcomed(self, event: events.Welcomed) -> None:
        self._tidy_soon("rooms", "title", "members", "state")
        if not event.again:
            self.console.name = self.client.server.network
            for line in self.client.server.motd:
                self.note(line)
            self.set_timer(_LOST_SECONDS, self._show_ways)

    def _show_ways(self) -> None:
        """Somebody who is in no room is told which there are."""
        if self._here is None and self.client.is_here:
            self.note("You are in no room yet. Ctrl+K goes to one, or write /join ROOM.")
            self.client.ask("LIST")

    def _hear_disconnected(self, event: events.Disconnected) -> None:
        self._tidy_soon("rooms", "title", "members", "state")

    def _hear_found(self, event: events.SearchFinished) -> None:
        if isinstance(self.app.screen, SearchScreen):
            self.app.screen.finished(event.query, event.found, event.error)

    def _hear_nick_refused(self, event: events.NicknameRefused) -> None:
        self.note(event.reason)
        self.note("Write: /nick NAME")

    def _hear_directory(self, event: events.DirectoryChanged) -> None:
        if isinstance(self.app.screen, Picker):
            self.app.screen.update_found()

    def _tell_outage(self) -> None:
        """A bar above everything while there is no connection; its words count down."""
        now = int(time.time() * 1000)
        words = self._outage.words(now, self.app.remembered.settings.clock == 24)
        self.query_one("#alert", Alert).tell("" if self.client.has_left else words, self._outage.can_retry)
        if self._outage.is_counting and self._counting is None:
            self._counting = self.set_interval(_SECOND, self._tell_outage)
        elif not self._outage.is_counting and self._counting is not None:
            self._counting.stop()
            self._counting = None

    @on(Alert.TryNow)
    def _try_now(self) -> None:
        self.app.hurry()

    # Drawing what is not messages

    def _tidy_soon(self, *parts: str) -> None:
        """Nothing wakes while nothing happens: many of these may run on one machine."""
        if not self._dirty and self.is_mounted:
            self.set_timer(_TIDY_SECONDS, self._tidy)
        self._dirty.update(parts)

    def _tidy(self) -> None:
        """Draw again what has changed, once for all changes of a moment."""
        parts, self._dirty = self._dirty, set()
        if "rooms" in parts:
            self.query_one(RoomList).update_rows(self._here)
        if "members" in parts:
            self.query_one(MemberList).update_members(self._here)
        if "title" in parts:
            here = self._here
            name = Text(self.console.name, Style(bold=True))
            self._put("title", status_lines.title(here, self.app.palette) if here else name)
        if "typing" in parts:
            self._put("typing", Text(typing(list(self._here.typing) if self._here else [])))
        if "state" in parts:
            self._put("state", Text(status_lines.state(self.client)))

    def _put(self, line: str, text: Text) -> None:
        """Write one of the lines around the messages, where it has changed."""
        if self._put_before.get(line) != (text.plain, text.spans):
            self._put_before[line] = (text.plain, text.spans)
            self.query_one(f"#{line}", Static).update(text, layout=False)

    def _arrange(self) -> None:
        """Show the lists where there is room for them, or where its user wants them."""
        settings, width = self.app.remembered.settings, self.app.size.width
        is_room = self._here is not None and self._here.is_room
        wanted = {"on": True, "off": False}
        rooms = wanted.get(settings.rooms, width >= MEDIUM_CELLS)
        members = wanted.get(settings.members, width >= WIDE_CELLS)
        self.query_one("#rooms").display = rooms
        self.query_one("#members").display = members and is_room

    def on_resize(self, event: Resize) -> None:
        self._arrange()
        self._tidy_soon("rooms", "members", "title", "state")

    # Reading

    def _read(self) -> None:
        if (
            self._here is not None
            and self._is_focused
            and self.messages.is_at_end
            and self.app.screen is self
        ):
            self.client.markers.mark_read(self._here)

    @on(MessageList.AtEnd)
    def _at_end(self) -> None:
        self._read()

    @on(MessageList.NearTop)
    def _near_top(self) -> None:
        if self._here is not None:
            self.client.history.older(self._here)

    @on(MessageList.GapSeen)
    def _gap_seen(self, event: MessageList.GapSeen) -> None:
        if self._here is not None and event.message.follows_gap:
            self.client.history.close_gap(self._here, event.message)

    @on(AppFocus)
    def _focused(self) -> None:
        self._is_focused = True
        self._read()

    @on(AppBlur)
    def _blurred(self) -> None:
        self._is_focused = False

    # Writing

    @on(Editor.Sent)
    def _sent(self, event: Editor.Sent) -> None:
        text = with_emoji(event.text, EMOJI)
        here, editing, replying = self._here, self._editing, self._replying
        if not text.strip():
            return
        if editing is not None and here is not None:
            try:
                self.client.edit(here, editing, text)
            except ValueError as error:
                self._doubt = str(error)
                self.editor.give_back(event.text)
                self._draw_about()
            else:
                self._cancel()
                self.editor.put(here.draft)
        else:
            say = self.speech.say_as_text if event.as_text else self.speech.say
            self._doubt = say(text, replying.id if replying else "")
            if self._doubt:
                self.editor.give_back(event.text)
                self._draw_about()
            else:
                if not is_secret(text):
                    self.editor.remember(text)
                self._cancel()
                self.messages.action_bottom()
        if self._here is not None and self._editing is None:
            self._here.draft = self.editor.text
            self.client.drafts.send(self._here)

    @on(Editor.Typing)
    def _writes(self, event: Editor.Typing) -> None:
        if self._doubt and not self.editor.text:
            self._doubt = ""
            self._draw_about()
        if self._here is None or self._editing is not None or event.text == self._here.draft:
            return
        self._here.draft = event.text
        self._keep_soon()
        is_message = bool(event.text) and not event.text.startswith("/")
        self.client.messages.tell_typing(self._here, is_message)

    def _keep_soon(self) -> None:
        """What was typed is on disk a moment later."""
        if not self._is_keeping:
            self._is_keeping = True
            self.set_timer(_KEEP_SECONDS, self._keep)

    def _keep(self) -> None:
        self._is_keeping = False
        self.app.keep(self._here.name if self._here else "")

    @on(Editor.EditLast)
    def _edit_last(self) -> None:
        if self._here is not None and (last := last_own(self._here)):
            self._begin_edit(last)

    @on(Editor.Reply)
    def _reply_last(self) -> None:
        if self._here is not None and (last := last_of_others(self._here)):
            self._begin_reply(last)

    @on(Editor.Cancelled)
    def _cancelled(self) -> None:
        self.action_escape()

    def _begin_edit(self, message: Message) -> None:
        if message.is_own and message.id and not message.is_deleted:
            self._put_away()
            self._editing, self._replying = message, None
            self.messages.choose(message)
            self.editor.put(message.text)
            self.editor.focus()
            self._draw_about()

    def _begin_reply(self, message: Message) -> None:
        self._replying, self._editing = message, None
        self.messages.choose(message)
        self.editor.focus()
        self._draw_about()

    def _cancel(self) -> None:
        self._replying = self._editing = None
        self._doubt = ""
        self.messages.choose(None)
        self._draw_about()

    def _draw_about(self) -> None:
        words = about(self._editing, self._replying)
        if self._doubt:
            is_new = self._here is not None and self._editing is None
            words = f"{self._doubt} Ctrl+T sends it as text." if is_new else self._doubt
        line = self.query_one("#about", Static)
        line.update(words)
        line.display = bool(words)

    def _try(self, do: Callable[[], None]) -> None:
        """Do what the client may refuse; then its user is told why."""
        try:
            do()
        except ValueError as error:
            self.note(str(error))

    # Lists

    @on(RoomList.Went)
    def _went(self, event: RoomList.Went) -> None:
        self.show(event.conversation)
        self.editor.focus()

    @on(MemberList.Picked)
    def _picked(self, event: MemberList.Picked) -> None:
        self.show(self.client.open(event.nick))
        self.editor.focus()

    # Actions

    def action_switch(self) -> None:
        self.client.directory.refresh()
        self.app.push_screen(room_picker(self._order, self.client.directory), self._switched)

    def _switched(self, name: str | None) -> None:
        if not name:
            return
        way, _, name = name.partition(" ")
        if way == Way.JOIN.value or way == Way.MAKE.value:
            self._try(lambda: self.speech.make_or_join(name))
        elif way == Way.TALK.value:
            self.show(self.client.open(name))
        elif conversation := self.client.find(name):
            self.show(conversation)
        self.editor.focus()

    def action_search(self) -> None:
        self.search("")

    def _begin_search(self, text: str, where: Conversation | None) -> str:
        try:
            self.client.search.find(text, where)
        except ValueError as error:
            return str(error)
        return ""

    def _go_to_found(self, found: tuple[str, str] | None) -> None:
        if found is None:
            return
        name, message_id = found
        conversation = self.client.open(name)
        self.show(conversation)

        def jump() -> None:
            message = conversation.timeline.find(message_id)
            if message is not None and conversation is self._here:
                self.messages.changed()
                self.messages.jump_to(message)
                self.messages.focus()

        if conversation.timeline.find(message_id):
            jump()
        else:
            self.client.history.around(conversation, message_id, jump)

    def _go_to(self, conversation: Conversation | None) -> None:
        if conversation is not None:
            self.show(conversation)

    def action_step(self, step: int) -> None:
        order = self._order()
        at = order.index(self._here) if self._here in order else -1
        self._go_to(order[(at + step) % len(order)] if order else None)

    def action_unread(self, step: int) -> None:
        self._go_to(unread_step(self._order(), self._here, step))

    def action_first_unread(self) -> None:
        self._go_to(first_unread(self._order()))

    def action_mentions(self) -> None:
        """The last mentions that are known, everywhere."""
        self.app.push_screen(mention_picker(self.client.conversations.values()), self._go_to_mention)

    def _go_to_mention(self, name: str | None) -> None:
        if name:
            room, _, message_id = name.rpartition(" ")
            self._go_to_found((room, message_id))

    def action_toggle_list(self, part: str) -> None:
        shown = self.query_one(f"#{part}").display
        self.app.remembered.set(part, "off" if shown else "on")
        self._arrange()
        self._tidy_soon(part)

    def action_jump_unread(self) -> None:
        unread = self.messages.unread or (self._here.first_unread() if self._here else None)
        if unread is not None:
            self.messages.jump_to(unread)

    def action_page(self, direction: int) -> None:
        self.messages.action_page(direction)

    def action_landmark(self) -> None:
        parts = [self.query_one(f"#{name}") for name in ("editor", "messages", "members", "rooms")]
        shown = [part for part in parts if part.display]
        at = shown.index(self.focused) if self.focused in shown else -1
        shown[(at + 1) % len(shown)].focus()

    def action_keys(self) -> None:
        self.app.push_screen(Reading("Keys", self._table(KEYS)))

    def action_again(self) -> None:
        if not self.client.is_here:
            self.app.hurry()
        elif self._here is not None:
            WORDS["again"].do(self.speech, "")

    def action_leave(self) -> None:
        self.leave("")

    def action_reply(self) -> None:
        if message := self.messages.chosen:
            self._begin_reply(message)

    def action_edit(self) -> None:
        if message := self.messages.chosen:
            self._begin_edit(message)

    def action_react(self) -> None:
        message, here = self.messages.chosen, self._here
        if message is None or here is None:
            return

        def chosen(reaction: str | None) -> None:
            if reaction:
                given = self.client.nick not in message.reactions.get(reaction, [])
                self._try(lambda: self.client.react(here, message, reaction, given))

        self.app.push_screen(emoji_picker(EMOJI), chosen)

    def action_delete(self) -> None:
        message, here = self.messages.chosen, self._here
        if message is None or here is None:
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._try(lambda: self.client.delete(here, message))

        self.app.ask(
            "Delete this message?",
            f"{message.sender}: {one_line(message, 200)}",
            "Delete it",
            answered,
            is_grave=True,
        )

    def action_copy(self) -> None:
        if message := self.messages.chosen:
            self.app.copy_to_clipboard(uncoded(message.text))
            self.app.notify("The message is in the clipboard.", timeout=2)

    def action_open_link(self) -> None:
        found = links(self.messages.chosen.text) if self.messages.chosen else []
        if found:
            self.app.open_link(found[0])

    def action_mark_unread(self) -> None:
        if (message := self.messages.chosen) and self._here is not None:
            self.client.markers.mark_unread(self._here, message)
            self.messages.unread = message
            self.messages.changed()

    def action_escape(self) -> None:
        """Out of what one is doing; then to the end, with everything read."""
        if self._editing is not None and self._here is not None:
            draft = self._here.draft
            self._cancel()
            self.editor.put(draft)
        elif self._replying is not None or self.messages.chosen is not None:
            self._cancel()
        else:
            self.messages.unread = None
            self.messages.action_bottom()
            self.messages.changed()
            self._read()
        self.editor.focus()


_HEARD: Final[dict[type[events.Event], Callable[[ChatScreen, Any], None]]] = {
    events.MessageReceived: ChatScreen._hear_message,
    events.MessageChanged: ChatScreen._hear_message_changed,
    events.HistoryLoaded: ChatScreen._hear_history,
    events.OutboxChanged: ChatScreen._hear_outbox,
    events.ConversationOpened: ChatScreen._hear_opened,
    events.ConversationChanged: ChatScreen._hear_conversation,
    events.ConversationClosed: ChatScreen._hear_closed,
    events.MembersChanged: ChatScreen._hear_members,
    events.PersonChanged: ChatScreen._hear_person,
    events.UnreadChanged: ChatScreen._hear_unread,
    events.TypingChanged: ChatScreen._hear_typing,
    events.DraftChanged: ChatScreen._hear_draft,
    events.Welcomed: ChatScreen._hear_welcomed,
    events.Disconnected: ChatScreen._hear_disconnected,
    events.SearchFinished: ChatScreen._hear_found,
    events.DirectoryChanged: ChatScreen._hear_directory,
    events.NicknameRefused: ChatScreen._hear_nick_refused,
}
