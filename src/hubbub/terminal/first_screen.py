"""The first screen: which server, and as whom."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Button, Checkbox, Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from hubbub.connection.chat_session import Wish, WishError, wish
from hubbub.connection.preferences import Place

LOW_LINES: Final = 36
"""Below this height fields have no frames,"""
FLAT_LINES: Final = 18
"""and below this one no labels: what stands in an empty field says what it is for."""


class WelcomeScreen(Screen[None]):
    """Asks for what is not known yet."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q,ctrl+c", "app.quit", "Leave")]

    def __init__(
        self,
        come: Callable[[Wish], None],
        places: Sequence[Place],
        password_of: Callable[[Place], str],
        address: str = "",
        name: str = "",
        error: str = "",
    ) -> None:
        super().__init__()
        self._come = come
        self._places = places
        self._password_of = password_of
        self._given = (address, name, error)

    def compose(self) -> ComposeResult:
        address, name, error = self._given
        with VerticalScroll(id="welcome"), Vertical(id="card"):
            yield Label("Hubbub", id="brand")
            yield Label("Choose a server that you have used, or enter an address.", classes="hint")
            if self._places:
                yield OptionList(
                    *(
                        Option(f"{place.name} at {place.address}{' (guest)' if place.is_guest else ''}")
                        for place in self._places
                    ),
                    id="places",
                )
            yield Label("Server")
            yield Input(value=address, placeholder="chat.example.org or 192.168.1.5:12345", id="address")
            yield Label("Name")
            yield Input(value=name, placeholder="Your nickname", id="name")
            yield Label("Password (leave it empty to join as a guest)")
            yield Input(password=True, placeholder="Empty: join as a guest", id="password")
            yield Checkbox("Remember me on this computer", id="remember", value=True)
            yield Static(error, id="error", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Sign in", variant="primary", id="come")
                yield Button("Create an account", id="register")

    def on_mount(self) -> None:
        address, name, _ = self._given
        self.query_one("#error").display = bool(self._given[2])
        first = "#places" if self._places and not address else "#address"
        if address:
            first = "#password" if name else "#name"
        self.query_one(first).focus()

    def on_resize(self, event: Resize) -> None:
        """The buttons are in sight, however low the terminal is."""
        card = self.query_one("#card")
        card.set_class(event.size.height < LOW_LINES, "low")
        card.set_class(event.size.height < FLAT_LINES, "flat")

    def fail(self, error: str) -> None:
        """Say why it did not work; everything that was written stays."""
        self._tell(error)
        self.query_one("#come", Button).disabled = False

    def _tell(self, text: str) -> None:
        line = self.query_one("#error", Static)
        line.update(text)
        line.display = bool(text)

    @on(OptionList.OptionSelected, "#places")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        place = self._places[event.option_index]
        self.query_one("#address", Input).value = place.address
        self.query_one("#name", Input).value = place.name
        password = self._password_of(place)
        self.query_one("#password", Input).value = password
        if place.is_guest or password:
            self._submit(registers=False)
        else:
            self.query_one("#password").focus()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        fields = ["address", "name", "password"]
        at = fields.index(event.input.id or "address")
        if at + 1 < len(fields):
            self.query_one(f"#{fields[at + 1]}").focus()
        else:
            self._submit(registers=False)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self._submit(registers=event.button.id == "register")

    def _submit(self, registers: bool) -> None:
        values = {name: self.query_one(f"#{name}", Input).value for name in ("address", "name", "password")}
        remembers = self.query_one("#remember", Checkbox).value
        try:
            wanted = wish(**values, registers=registers, remembers=remembers)
        except WishError as error:
            self._tell(str(error))
            self.query_one(f"#{error.field}").focus()
            return
        self._tell(f"Connecting to {wanted.address}…")
        self._come(wanted)
