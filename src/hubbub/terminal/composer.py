"""The composer: several lines, with completion and the texts sent before."""

from typing import ClassVar, Final

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message as Said
from textual.screen import Screen
from textual.widgets import OptionList, Static, TextArea
from textual.widgets.option_list import Option
from textual.widgets.text_area import Edit, EditResult

from hubbub.client.chat_model import Conversation, Message
from hubbub.client.completion import Completer, Completion
from hubbub.terminal.message_list import MessageList

LINES_MAX: Final = 8
SENT_MAX: Final = 200
REMOTE_CHARS_MAX: Final = 8_000
"""So much can be written where others share the process: each change wraps the whole line anew."""


class Suggestions(OptionList, can_focus=False):
    """The completions of the word at the cursor, shown above the editor while there are any."""

    def offer(self, completion: Completion | None) -> None:
        self.clear_options()
        self.display = completion is not None
        if completion is not None:
            for suggestion in completion.suggestions:
                text = Text(suggestion.text.strip())
                if suggestion.hint:
                    text.append(f"  {suggestion.hint}", "dim")
                text.truncate(max(self.app.size.width - 12, 10), overflow="ellipsis")
                self.add_option(Option(text))
            self.highlighted = 0


class Editor(TextArea):
    """Enter sends, Shift+Enter (or Alt+Enter, Ctrl+J) begins a line; Up in an empty one edits the last message."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+up", "recall(-1)", "Earlier sent message", show=False),
        Binding("ctrl+down", "recall(1)", "Later sent message", show=False),
    ]

    class Sent(Said):
        """A text is to be said, or done unless it is sent as text."""

        def __init__(self, text: str, as_text: bool) -> None:
            super().__init__()
            self.text = text
            self.as_text = as_text

    class Typing(Said):
        """Its user writes, or has emptied it."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class EditLast(Said):
        """Up was pressed where nothing is written."""

    class Reply(Said):
        """Shift+Up: answer the last message."""

    class Cancelled(Said):
        """Escape was pressed."""

    def __init__(self, completer: Completer, suggestions: Suggestions, id: str | None = None) -> None:
        super().__init__(
            id=id,
            soft_wrap=True,
            show_line_numbers=False,
            tab_behavior="focus",
            compact=True,
            max_checkpoints=50,
        )
        self.cursor_blink = False
        self._completer = completer
        self._suggestions = suggestions
        self._completion: Completion | None = None
        self._completed = ""
        """The text for which that holds."""
        self._sent: list[str] = []
        self._recalled: int | None = None
        self._written = ""
        self.here: Conversation | None = None

    # Sending

    def remember(self, text: str) -> None:
        """Keep what was sent, to be recalled."""
        if not self._sent or self._sent[-1] != text:
            self._sent = [*self._sent[-SENT_MAX + 1 :], text]

    def put(self, text: str) -> None:
        """Write this in the place of what is there, with the cursor at its end."""
        self.load_text(text)
        self.move_cursor(self.document.end)
        self._fit()

    def action_recall(self, step: int) -> None:
        if self._recalled is None:
            if step > 0 or not self._sent:
                return
            self._written = self.text
            self._recalled = len(self._sent)
        at = self._recalled + step
        if at < 0:
            return
        if at >= len(self._sent):
            self._recalled = None
            self.put(self._written)
        else:
            self._recalled = at
            self.put(self._sent[at])

    async def _on_key(self, event: events.Key) -> None:
        key = event.key
        taken = True
        if self._completion and self._completed != self.text:
            # Keys that come in one piece, as over a slow line, are here before it is told that the text has changed.
            self._suggest()
        if key == "enter":
            if self._completion and self._is_unfinished():
                self._accept()
            else:
                self._send()
        elif key == "ctrl+t":
            self._send(as_text=True)
        elif key in ("shift+enter", "alt+enter", "ctrl+j", "ctrl+enter"):
            self.insert("\n")
        elif key == "tab":
            self._tab()
        elif key in ("up", "down") and self._completion:
            self._suggestions.action_cursor_up() if key == "up" else self._suggestions.action_cursor_down()
        elif key == "up" and not self.text:
            self.post_message(self.EditLast())
        elif key == "shift+up" and not self.text:
            self.post_message(self.Reply())
        elif key == "escape":
            if self._completion:
                self._offer(None)
            else:
                self.post_message(self.Cancelled())
        else:
            taken = False
        if taken:
            event.prevent_default()
            event.stop()
        else:
            await super()._on_key(event)

    def _send(self, as_text: bool = False) -> None:
        """Empty at once: the next keys may be there already, and begin another message."""
        text = self.text
        self._offer(None)
        self._recalled = None
        self.put("")
        self.post_message(self.Sent(text, as_text))

    def give_back(self, text: str) -> None:
        """Put text that could not be sent back, before what was typed since."""
        self.put(f"{text}\n{self.text}" if self.text else text)

    def edit(self, edit: Edit) -> EditResult:
        """Insert text; characters beyond the limit are left out."""
        if getattr(self.app, "is_remote", False):
            room = max(REMOTE_CHARS_MAX - len(self.text), 0)
            if len(edit.text) > room:
                edit.text = edit.text[:room]
                self.app.bell()
        return super().edit(edit)

    # Completion

    def _place(self) -> int:
        """The cursor as an offset in the whole text."""
        row, column = self.cursor_location
        return sum(len(line) + 1 for line in self.document.lines[:row]) + column

    def _suggest(self) -> None:
        self._offer(self._completer.complete(self.text, self._place(), self.here) if self.has_focus else None)

    def _offer(self, completion: Completion | None) -> None:
        self._completion = completion
        self._completed = self.text
        self._suggestions.offer(completion)

    def _tab(self) -> None:
        if self._completion:
            self._accept()
            return
        found = self._completer.complete(self.text, self._place(), self.here, asked=True)
        if found and len(found.suggestions) == 1:
            self._offer(found)
            self._accept(0)
        elif found:
            self._offer(found)
        elif not self.text:
            self.app.action_focus_next()

    def _is_unfinished(self) -> bool:
        """Whether Enter means the suggestion: not, where what is written is one already."""
        return self._completion is not None and self._completion.is_unfinished(self.text)

    def _accept(self, at: int | None = None) -> None:
        completion = self._completion
        if completion is None:
            return
        at = self._suggestions.highlighted or 0 if at is None else at
        chosen = completion.suggestions[min(at, len(completion.suggestions) - 1)]
        self._offer(None)
        text = self.text
        rest = text[completion.end :]
        before = text[: completion.start] + chosen.text
        self.load_text(before + rest)
        lines = before.split("\n")
        self.move_cursor((len(lines) - 1, len(lines[-1])))
        self._fit()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        self._fit()
        self._suggest()
        self.post_message(self.Typing(self.text))

    def _fit(self) -> None:
        """As high as what is written, within bounds."""
        lines = max(self.wrapped_document.height, 1)
        self.styles.height = min(lines, LINES_MAX)


class EditorBox:
    """The editor of a chat's screen and the line above it, as the presenter writes in them."""

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen

    @property
    def _editor(self) -> Editor:
        return self._screen.query_one("#editor", Editor)

    @property
    def text(self) -> str:
        return self._editor.text

    def write(self, text: str) -> None:
        self._editor.put(text)

    def give_back(self, text: str) -> None:
        self._editor.give_back(text)

    def remember(self, text: str) -> None:
        self._editor.remember(text)

    def turn_to(self, message: Message | None) -> None:
        """Choose the message that is answered or edited; the keys go to the editor."""
        self._screen.query_one("#messages", MessageList).choose(message)
        if message is not None:
            self._editor.focus()

    def tell(self, about: str, doubt: str, can_be_text: bool) -> None:
        """Write the line above the editor; without words it is gone."""
        hint = " Ctrl+T sends this as text." if can_be_text and self._editor.here is not None else ""
        line = self._screen.query_one("#about", Static)
        line.update(f"{doubt}{hint}" if doubt else about)
        line.display = bool(doubt or about)
