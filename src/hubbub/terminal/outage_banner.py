"""The bar above the chat while there is no connection, with the button that tries at once."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Button, Static


class Alert(Horizontal):
    """Words, and beside them a button where trying now may help."""

    class TryNow(Message):
        """Its user does not want to wait."""

    def compose(self) -> ComposeResult:
        yield Static(id="alert-words", markup=False)
        yield Button("Retry now (Ctrl+R)", id="try-now", compact=True)

    def tell(self, words: str, can_retry: bool) -> None:
        """Show these words; without any there is no bar."""
        self.display = bool(words)
        self.query_one("#alert-words", Static).update(words)
        self.query_one("#try-now", Button).display = can_retry

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.TryNow())
