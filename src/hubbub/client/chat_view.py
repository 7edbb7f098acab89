"""The protocols between the presenter and a face: what a face draws, and what only a face knows."""

from collections.abc import Callable, Sequence
from typing import Protocol

from hubbub.client import events
from hubbub.client.chat_model import Conversation, Message, Outgoing


class Settings(Protocol):
    """The settings that every face has, among its own."""

    @property
    def clock(self) -> int:
        """24 or 12."""
        ...

    @property
    def newrooms(self) -> str:
        """`ask` if the user wants to be asked before a room is made."""
        ...


class Preferences(Protocol):
    """The settings of a face, and how its user changes them."""

    @property
    def settings(self) -> Settings: ...

    def settings_in_words(self) -> Sequence[str]:
        """A row for each setting."""
        ...

    def set(self, name: str, text: str) -> str:
        """Change a setting, and say so. Raises ValueError if there is no such setting or value."""
        ...


class Box(Protocol):
    """The box in which the user writes."""

    @property
    def text(self) -> str: ...

    def write(self, text: str) -> None:
        """Replace the text; the cursor stands at its end."""
        ...

    def give_back(self, text: str) -> None:
        """Restore a text that was sent in vain, before what the user has written since."""
        ...

    def remember(self, text: str) -> None:
        """Add a text to those that the user can recall."""
        ...

    def turn_to(self, message: Message | None) -> None:
        """Show which message the text answers or edits; None for a new message."""
        ...

    def tell(self, about: str, doubt: str, can_be_text: bool) -> None:
        """Show what becomes of the text, or why it was not done (`doubt`), and whether it could be said as text."""
        ...


class View(Protocol):
    """A face, as the presenter sees it. It draws soon after a request, once for all changes of a moment."""

    # What it knows

    @property
    def preferences(self) -> Preferences: ...

    @property
    def box(self) -> Box: ...

    @property
    def sees_end(self) -> bool:
        """Whether the newest message is in sight, and the user looks at the face."""
        ...

    @property
    def is_covered(self) -> bool:
        """Whether something covers the messages, so that they do not count as read."""
        ...

    @property
    def unread_line(self) -> Message | None:
        """The message above which the line «new» stands."""
        ...

    def selected(self) -> Message | None:
        """The message that the user has chosen."""
        ...

    # Messages

    def show_messages(self, conversation: Conversation | None, unread: Message | None) -> None:
        """Show the end of a conversation, with the line «new» above `unread`; None for the console."""
        ...

    def message_arrived(self, message: Message) -> None:
        """Draw one more message of the conversation that is shown."""
        ...

    def messages_changed(self, item: Message | Outgoing | None = None) -> None:
        """Draw an item again; None for all of them, and for what came or went in between."""
        ...

    def mark(self, message: Message | None) -> None:
        """Draw the line «new» above a message, or nowhere."""
        ...

    def go_to_end(self) -> None:
        """Show the newest message."""
        ...

    def jump_to(self, message: Message, *, was_sought: bool = False) -> None:
        """Bring a message of the shown conversation into the middle; if it was sought, the keys go there too."""
        ...

    def clear(self) -> None:
        """Empty the list; nothing is deleted."""
        ...

    # Around them

    def tidy_soon(self, *parts: str) -> None:
        """Draw parts again: rooms, title, members, typing, state (of the connection), names (beside the messages)."""
        ...

    def keep_soon(self) -> None:
        """Put on disk what the user has typed, a moment later."""
        ...

    def show_ways_soon(self) -> None:
        """Call `Presenter.show_ways` when the server has had time to put its user into rooms."""
        ...

    def show_outage(self, words: str, can_retry: bool, is_counting: bool) -> None:
        """Show the banner with these words, or none; while it counts, `Presenter.tell_outage` is due each second."""
        ...

    def settings_changed(self) -> None:
        """Draw everything as the settings now say."""
        ...

    def ring(self, conversation: Conversation, message: Message) -> None:
        """Alert the user, who is spoken to and does not look."""
        ...

    def goals_changed(self) -> None:
        """Offer anew where the user can go, if the face is offering that."""
        ...

    def show_found(self, event: events.SearchFinished) -> None:
        """Show what a search has found."""
        ...

    # What it opens and ends

    def search(self, text: str) -> None:
        """Open the search, with these words."""
        ...

    def read(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        """Open something longer to read: names, and what each of them is."""
        ...

    def ask(
        self, title: str, text: str, yes: str, then: Callable[[], None], *, is_grave: bool = False
    ) -> None:
        """Ask a question; `then` is for the answer yes, which a button with the words `yes` gives."""
        ...

    def send_file(self, path: str) -> None:
        """Send a file of the user's machine."""
        ...

    def connect_now(self) -> None:
        """Try to connect without further waiting."""
        ...

    def leave(self, reason: str) -> None:
        """Say goodbye, and end."""
        ...
