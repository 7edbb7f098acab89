"""The user's actions on the chat's screen: by key, from the command palette, and in its parts."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.screen import Screen

from hubbub.client.chat_model import Message
from hubbub.client.emoji import EMOJI
from hubbub.client.formatting import links, uncoded
from hubbub.client.presenter import Presenter
from hubbub.terminal.composer import Editor
from hubbub.terminal.dialogs import Reading, emoji_picker, mention_picker, person_menu, room_picker, table
from hubbub.terminal.keys import KEYS
from hubbub.terminal.message_list import MessageList
from hubbub.terminal.outage_banner import Alert
from hubbub.terminal.side_lists import MemberRows, RoomList

if TYPE_CHECKING:
    from hubbub.terminal.app import HubbubApp


class ChatActions(Screen[None]):
    """Keys and what they do; the presenter decides, and dialogs ask."""

    app: "HubbubApp"
    presenter: Presenter

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
        Binding("ctrl+r", "again", "Retry failed messages, reconnect now", show=False),
        Binding("ctrl+q", "leave", "Leave", show=False, priority=True),
        Binding("r", "reply", "Reply", show=False),
        Binding("e", "edit", "Edit", show=False),
        Binding("plus,colon", "react", "React", show=False),
        Binding("d,delete", "delete", "Delete", show=False),
        Binding("c", "copy", "Copy", show=False),
        Binding("o", "open_link", "Open the link", show=False),
        Binding("U", "mark_unread", "Mark as unread from here", show=False),
        Binding("escape", "escape", "Back", show=False),
    ]

    @property
    def messages(self) -> MessageList:
        return self.query_one("#messages", MessageList)

    @property
    def editor(self) -> Editor:
        return self.query_one("#editor", Editor)

    @property
    def _chosen(self) -> Message | None:
        return self.messages.chosen

    # Going

    def action_switch(self) -> None:
        self.presenter.client.directory.refresh()
        self.app.push_screen(room_picker(self.presenter.goals, self.presenter.goals_note), self._switched)

    def _switched(self, key: str | None) -> None:
        if key:
            self.presenter.go_to_goal(key)
            self.editor.focus()

    def action_search(self) -> None:
        self.presenter.search("")

    def go_to_found(self, found: tuple[str, str] | None) -> None:
        """Go to what was chosen in the search, if anything was."""
        if found is not None:
            self.presenter.go_to_found(*found)

    def action_step(self, step: int) -> None:
        self.presenter.step(step)

    def action_unread(self, step: int) -> None:
        self.presenter.step_unread(step)

    def action_first_unread(self) -> None:
        self.presenter.go_to_unread()

    def action_mentions(self) -> None:
        """The last mentions that are known, everywhere."""
        rooms = self.presenter.client.conversations.values()
        self.app.push_screen(mention_picker(rooms), self._go_to_mention)

    def _go_to_mention(self, name: str | None) -> None:
        if name:
            room, _, message_id = name.rpartition(" ")
            self.presenter.go_to_found(room, message_id)

    def action_jump_unread(self) -> None:
        self.presenter.jump_unread()

    def action_page(self, direction: int) -> None:
        self.messages.action_page(direction)

    def action_landmark(self) -> None:
        parts = [self.query_one(f"#{name}") for name in ("editor", "messages", "members", "rooms")]
        shown = [part for part in parts if part.display]
        at = shown.index(self.focused) if self.focused in shown else -1
        shown[(at + 1) % len(shown)].focus()

    def action_keys(self) -> None:
        self.app.push_screen(Reading("Keys", table(KEYS, self.app.palette.link)))

    def action_again(self) -> None:
        self.presenter.hurry()

    def action_leave(self) -> None:
        self.app.leave("")

    # What is done with the chosen message

    def action_reply(self) -> None:
        if message := self._chosen:
            self.presenter.writing.reply_to(message)

    def action_edit(self) -> None:
        if message := self._chosen:
            self.presenter.writing.edit(message)

    def action_react(self) -> None:
        if (message := self._chosen) and self.presenter.here is not None:

            def chosen(reaction: str | None) -> None:
                if reaction:
                    self.presenter.react(message, reaction)

            self.app.push_screen(emoji_picker(EMOJI, self.presenter.client.emoji.known), chosen)

    def action_delete(self) -> None:
        if message := self._chosen:
            self.presenter.ask_delete(message)

    def action_copy(self) -> None:
        if message := self._chosen:
            self.app.copy_to_clipboard(uncoded(message.text))
            self.app.notify("The message was copied to the clipboard.", timeout=2)

    def action_open_link(self) -> None:
        found = links(self._chosen.text) if self._chosen else []
        if found:
            self.app.open_link(found[0])

    def action_mark_unread(self) -> None:
        if message := self._chosen:
            self.presenter.mark_unread(message)

    def action_escape(self) -> None:
        """Out of what one is doing; then to the end, with everything read."""
        was_chosen = self._chosen is not None
        if not self.presenter.writing.cancel() and not was_chosen:
            self.presenter.settle()
        self.editor.focus()

    # What its user does with the parts

    @on(Alert.TryNow)
    def _try_now(self) -> None:
        self.app.hurry()

    @on(MessageList.AtEnd)
    def _at_end(self) -> None:
        self.presenter.mark_read()

    @on(MessageList.NearTop)
    def _near_top(self) -> None:
        self.presenter.near_top()

    @on(MessageList.GapSeen)
    def _gap_seen(self, event: MessageList.GapSeen) -> None:
        self.presenter.gap_seen(event.message)

    @on(Editor.Sent)
    def _sent(self, event: Editor.Sent) -> None:
        self.presenter.writing.send(event.text, event.as_text)

    @on(Editor.Typing)
    def _writes(self, event: Editor.Typing) -> None:
        self.presenter.writing.typed(event.text)

    @on(Editor.EditLast)
    def _edit_last(self) -> None:
        self.presenter.writing.edit_last()

    @on(Editor.Reply)
    def _reply_last(self) -> None:
        self.presenter.writing.reply_last()

    @on(Editor.Cancelled)
    def _cancelled(self) -> None:
        self.action_escape()

    @on(RoomList.Went)
    def _went(self, event: RoomList.Went) -> None:
        self.presenter.show(event.conversation)
        self.editor.focus()

    @on(MemberRows.Picked)
    def _picked(self, event: MemberRows.Picked) -> None:
        if event.wants_menu:
            self._show_menu(event.nick)
            return
        self.presenter.talk_to(event.nick)
        self.editor.focus()

    def _show_menu(self, nick: str) -> None:
        """What can be done with a member, online or not."""

        def chosen(word: str | None) -> None:
            if word:
                self.presenter.command(word, nick)

        name = self.presenter.client.people.name(nick)
        self.app.push_screen(person_menu(name, self.presenter.deeds(nick)), chosen)

    @on(MemberRows.Sought)
    def _sought(self) -> None:
        self.presenter.view.tidy_soon("members")

    @on(MemberRows.Toggled)
    def _toggled(self) -> None:
        self.presenter.toggle_offline()
