"""Small screens above the chat: going to a room, searching, choosing an emoji, and questions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar, Final

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from hubbub.client.chat_model import Conversation, Message
from hubbub.client.event_text import date_and_clock
from hubbub.client.formatting import plain
from hubbub.client.navigation import Goal, Way, emoji_like, mentions, one_line, snippet

CHOICES_MAX: Final = 200


class Picker(ModalScreen[str | None]):
    """One line to write in, and what fits it below; answers the id of what is chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back", show=False),
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
    ]

    def __init__(
        self,
        title: str,
        find: Callable[[str], Sequence[tuple[str, Text]]],
        note: Callable[[], str] = lambda: "",
    ) -> None:
        """`find` gives the ids and rows that fit what is written, `note` a sentence below them."""
        super().__init__()
        self._note = note
        self._title = title
        self._find = find

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Input(placeholder=self._title, id="wanted")
            yield OptionList(id="found")
            yield Static(id="note", classes="hint", markup=False)

    def on_mount(self) -> None:
        self._update("")
        self.query_one("#found", OptionList).can_focus = False

    @on(Input.Changed)
    def _written(self, event: Input.Changed) -> None:
        self._update(event.value)

    def _update(self, text: str) -> None:
        found = self.query_one("#found", OptionList)
        found.clear_options()
        found.add_options([Option(row, id=name) for name, row in self._find(text)[:CHOICES_MAX]])
        found.highlighted = 0 if found.option_count else None
        note, words = self.query_one("#note", Static), self._note()
        note.update(words)
        note.display = bool(words)

    def update_found(self) -> None:
        """There may be more to choose from, or less; what is chosen stays, as long as it is there."""
        found = self.query_one("#found", OptionList)
        chosen = None if found.highlighted is None else found.get_option_at_index(found.highlighted).id
        self._update(self.query_one("#wanted", Input).value)
        places = [at for at, option in enumerate(found.options) if option.id == chosen]
        if places:
            found.highlighted = places[0]

    def action_move(self, step: int) -> None:
        found = self.query_one("#found", OptionList)
        found.action_cursor_down() if step > 0 else found.action_cursor_up()

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        found = self.query_one("#found", OptionList)
        if found.highlighted is not None:
            self.dismiss(found.get_option_at_index(found.highlighted).id)

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)


def emoji_picker(emoji: Mapping[str, str], own: Iterable[str]) -> Picker:
    """Answers an emoji; one of the place's `own` as `:name:`, which is how a terminal shows it."""

    def find(text: str) -> list[tuple[str, Text]]:
        return [
            (written, Text(written if written.startswith(":") else f"{written}  {name}"))
            for written, name in emoji_like(text, emoji, own, CHOICES_MAX)
        ]

    return Picker("React with…  (type a name)", find)


def room_picker(find_goals: Callable[[str], Sequence[Goal]], note: Callable[[], str]) -> Picker:
    """The quick switcher: answers a `Way`'s word and a name, with a space between them."""

    def find(text: str) -> list[tuple[str, Text]]:
        return [(f"{goal.way.value} {goal.name}", _goal(goal)) for goal in find_goals(text)]

    return Picker("Go to…", find, note)


def person_menu(name: str, deeds: Sequence[tuple[str, str]]) -> Picker:
    """What can be done with a person; answers the word of one of the deeds, given as `(word, description)`."""

    def find(text: str) -> list[tuple[str, Text]]:
        return [(word, Text(words)) for word, words in deeds if text.casefold() in words.casefold()]

    return Picker(name, find)


def _goal(goal: Goal) -> Text:
    unread = goal.conversation.unread if goal.conversation else 0
    row = Text().append(goal.words, "bold" if unread else "italic" if goal.way is not Way.GO else None)
    if unread:
        row.append(f"  {unread} new")
    if goal.topic:
        row.append(f"  {plain(goal.topic)[:60]}", "dim")
    return row


def mention_picker(conversations: Iterable[Conversation]) -> Picker:
    """The last mentions that are known; answers the room and the message's id, with a space between them."""
    rows = {
        f"{room.name} {message.id}": Text(f"{room.name}  {message.sender}: {one_line(message, 100)}")
        for room, message in mentions(conversations)
    }

    def find(text: str) -> list[tuple[str, Text]]:
        wanted = text.casefold()
        return [(name, row) for name, row in rows.items() if wanted in row.plain.casefold()]

    return Picker("Mentions of you" if rows else "No recent mentions of you", find)


class Question(ModalScreen[bool]):
    """Asks for yes or no."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(False)", "No", show=False)]

    def __init__(self, title: str, text: str, yes: str, no: str = "Cancel", is_grave: bool = False) -> None:
        super().__init__()
        self._words = (title, text, yes, no)
        self._is_grave = is_grave

    def compose(self) -> ComposeResult:
        title, text, yes, no = self._words
        with Vertical(classes="dialog question"):
            yield Label(title, classes="title")
            yield Static(text, markup=False)
            with Horizontal(classes="buttons"):
                yield Button(yes, variant="error" if self._is_grave else "primary", id="yes")
                yield Button(no, id="no")

    def on_mount(self) -> None:
        self.query_one("#no" if self._is_grave else "#yes", Button).focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")


def table(parts: Sequence[tuple[str, Sequence[tuple[str, str]]]], colour: str) -> Text:
    """Titles with rows of two columns below each; the first column has the colour."""
    text = Text()
    for title, rows in parts:
        if title:
            text.append(f"{title}\n", "bold")
        width = max(len(name) for name, _ in rows) + 2
        for name, what in rows:
            text.append(f"  {name:{width}}", colour)
            text.append(f"{what}\n")
        text.append("\n" if title else "")
    return text


class Reading(ModalScreen[None]):
    """A text to read."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,enter", "dismiss(None)", "Back", show=False)]

    def __init__(self, title: str, text: Text) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog reading"):
            yield Label(self._title, classes="title")
            with Vertical(classes="scrolling"):
                yield Static(self._text)
            yield Label("Escape closes", classes="hint")

    def on_key(self, event: events.Key) -> None:
        scrolling = self.query_one(".scrolling")
        moves = {
            "down": scrolling.scroll_down,
            "up": scrolling.scroll_up,
            "pagedown": scrolling.scroll_page_down,
            "pageup": scrolling.scroll_page_up,
        }
        if event.key in moves:
            moves[event.key](animate=False)
            event.stop()


class SearchScreen(ModalScreen[tuple[str, str] | None]):
    """Searches as one asks, and answers the conversation and the id of the message to go to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back", show=False),
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("ctrl+f", "everywhere", "Here or everywhere"),
    ]

    def __init__(
        self, ask: Callable[[str, Conversation | None], str], here: Conversation | None, text: str = ""
    ) -> None:
        """`ask` begins a search, or answers why it can't."""
        super().__init__()
        self._ask = ask
        self._here = here
        self._is_here = False
        self._text = text
        self._found: Sequence[tuple[str, Message]] = ()
        self._asked = ""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Input(value=self._text, placeholder="Search for…, then Enter", id="wanted")
            yield Label("", id="where", markup=False)
            yield OptionList(id="found")

    def on_mount(self) -> None:
        self.query_one("#found", OptionList).can_focus = False
        self._tell()
        if self._text:
            self._search(self._text)

    def _tell(self, more: str = "") -> None:
        place = self._here.name if self._here and self._is_here else "all rooms"
        words = more or "Enter searches, Ctrl+F changes where."
        self.query_one("#where", Label).update(f"In {place}. {words}")

    def action_everywhere(self) -> None:
        self._is_here = not self._is_here and self._here is not None
        self._asked = ""
        self._tell()
        if text := self.query_one(Input).value:
            self._search(text)

    def action_move(self, step: int) -> None:
        found = self.query_one("#found", OptionList)
        found.action_cursor_down() if step > 0 else found.action_cursor_up()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        found = self.query_one("#found", OptionList)
        if event.value != self._asked:
            self._search(event.value)
        elif found.highlighted is not None and self._found:
            self._go(found.highlighted)

    def _search(self, text: str) -> None:
        if text.strip():
            self._asked = text
            self._tell(self._ask(text, self._here if self._is_here else None) or "Searching…")

    def finished(self, query: str, found: Sequence[tuple[str, Message]], error: str) -> None:
        """The answer is there; the newest comes first."""
        if query != self._asked:
            return
        self._found = tuple(reversed(found))
        rows = self.query_one("#found", OptionList)
        rows.clear_options()
        for name, message in self._found:
            text = Text().append(f"{name}  ", "bold")
            text.append(f"{message.sender}  {date_and_clock(message.time_ms)}\n", "dim")
            text.append(snippet(plain(message.text), query))
            rows.add_option(Option(text))
        rows.highlighted = 0 if self._found else None
        count = len(self._found)
        none = "No matches. Try fewer words."
        self._tell(error or (f"{count} found; Enter goes there." if count else none))

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        self._go(event.option_index)

    def _go(self, at: int) -> None:
        name, message = self._found[at]
        self.dismiss((name, message.id))
