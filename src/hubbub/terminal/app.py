"""The terminal client's application: from the first screen to the goodbye."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any, ClassVar, Final

from rich.traceback import Traceback
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.screen import Screen

from hubbub.client import events
from hubbub.client.chat_model import Conversation, Message
from hubbub.client.identity import Identity
from hubbub.connection.address import Address
from hubbub.connection.chat_session import ChatSession, Wish, alarm, failure, is_server, trust_question
from hubbub.connection.files import UploadFailed, file_host, upload
from hubbub.connection.line_stream import Wire
from hubbub.connection.preferences import Place
from hubbub.terminal.chat import ChatScreen
from hubbub.terminal.dialogs import Question
from hubbub.terminal.first_screen import WelcomeScreen
from hubbub.terminal.key_parser import TerminalBackground
from hubbub.terminal.keys import ACTIONS
from hubbub.terminal.notifications import notification
from hubbub.terminal.settings import Memory
from hubbub.terminal.themes import DARK, LIGHT, Palette, palette

LOCAL: Final = "localhost"


class HubbubApp(App[None]):
    """One user's terminal client. With a `wish` it goes there at once; with an `identity` it asks nothing."""

    CSS_PATH = Path(__file__).parent / "style.tcss"
    TITLE = "Hubbub"
    ENABLE_COMMAND_PALETTE = True

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "quit", "Leave", show=False, priority=False)]

    def __init__(
        self,
        remembered: Memory,
        wish: Wish | None = None,
        address: str = "",
        name: str = "",
        dialler: Callable[[], Awaitable[Wire]] | None = None,
        identity: Identity | None = None,
        is_remote: bool = False,
        **more: Any,
    ) -> None:
        """`is_remote` if its user sits at another machine: nothing is opened or read here then."""
        super().__init__(**{"driver_class": _driver_class(), **more})
        self.remembered = remembered
        self._is_on_dark = not _is_light(os.environ.get("COLORFGBG", ""))
        """Whether the terminal's background is dark, as far as it is known."""
        self.is_remote = is_remote
        self._wish = wish
        self._given = (address, name)
        self._dialler = dialler
        self._identity = identity
        self._visit: ChatSession | None = None
        self.chat: ChatScreen | None = None
        """The chat, once one is connecting."""
        self._welcome: WelcomeScreen | None = None
        self._missed: list[events.Event] = []
        self.parting = ""
        """Why it has ended, where that was not its user's wish."""

    @property
    def is_dark(self) -> bool:
        theme = self.remembered.settings.theme
        return self._is_on_dark if theme == "auto" else theme == "dark"

    @property
    def palette(self) -> Palette:
        is_basic = self.console.color_system in ("standard", "windows")
        return palette(self.is_dark, is_basic)

    def on_terminal_background(self, event: TerminalBackground) -> None:
        """The terminal has answered, whenever it did."""
        if event.is_dark is not self._is_on_dark:
            self._is_on_dark = event.is_dark
            self.restyle()

    async def on_mount(self) -> None:
        if not (self.is_remote or self.is_headless or sys.platform == "win32"):
            # Also where the terminal is closed, or the process is told to end, goodbye is said.
            for number in (signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, self.leave)
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.restyle()
        if self._identity is not None:
            where = Address(LOCAL)
            self._begin(self._identity, where, Place(str(where), self._identity.nick))
        elif self._wish is not None:
            self.come(self._wish)
        else:
            await self._ask_where()

    def restyle(self) -> None:
        self.theme = "hubbub-dark" if self.is_dark else "hubbub-light"
        if self.chat is not None and self.chat.is_mounted:
            self.chat.restyle()

    # Coming in

    async def _ask_where(self, error: str = "") -> None:
        address, name = self._given
        places = self.remembered.places()
        if not address and not places and await is_server(Address(LOCAL)):
            address = LOCAL
        self._welcome = WelcomeScreen(self.come, places, self.remembered.password, address, name, error)
        await self.push_screen(self._welcome)

    def come(self, wish: Wish) -> None:
        """Connect as its user wants to."""
        self._wish = wish
        self._stop()
        self._begin(wish.identity, wish.address, wish.place)

    def _begin(self, identity: Identity, address: Address, place: Place) -> None:
        self._missed = []
        self._visit = visit = ChatSession(
            *(self.remembered, place, address, identity, self._heard),
            trust=self._trust,
            dialler=self._dialler,
        )
        self.chat = ChatScreen(visit.client, str(address))
        self.chat.presenter.begin_at(visit.first_here)
        if self._welcome is None:
            self.push_screen(self.chat)
        visit.begin()

    def _stop(self) -> None:
        if self._visit is not None:
            self._visit.drop()
        self._visit = self.chat = None

    def _heard(self, event: events.Event) -> None:
        chat = self.chat
        if chat is None:
            return
        if self._welcome is not None and self._failed(event):
            return
        if isinstance(event, events.Welcomed) and not event.again:
            self._came_in(chat)
        if chat.is_mounted:
            chat.heard(event)
        else:
            self._missed.append(event)
        if isinstance(event, events.CertificateChanged):
            self._alarm(event)
        if isinstance(event, events.Disconnected) and event.retry_seconds is None:
            if chat.client.has_left:
                self.exit()
            elif self._identity is not None:
                self.part(event.reason)

    def _failed(self, event: events.Event) -> bool:
        """Show a failure on the first screen while it still waits; nothing is retried by itself."""
        if isinstance(event, events.CertificateChanged):
            self._alarm(event)
            return True
        reason = failure(event)
        if reason:
            self._stop()
            if self._welcome is not None:
                self._welcome.fail(reason)
        return bool(reason)

    def _came_in(self, chat: ChatScreen) -> None:
        wish = self._wish
        if self._welcome is not None:
            self._welcome = None
            self.switch_screen(chat)
        if wish is not None and wish.remembers:
            self.remembered.been_at(wish.place, wish.password)

    @property
    def _host(self) -> str:
        return self._wish.address.host if self._wish else LOCAL

    async def _trust(self, fingerprint: str) -> bool:
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        text = trust_question(self._host, fingerprint)
        self.ask("Do you trust this server?", text, "Trust", lambda yes: answer.set_result(bool(yes)))
        return await answer

    def _alarm(self, event: events.CertificateChanged) -> None:
        def answered(yes: bool | None) -> None:
            if yes and self._wish is not None:
                self.remembered.known.forget(self._wish.address)
                self.come(self._wish)
            elif self._welcome is not None:
                self._stop()
                self._welcome.fail("The server's certificate has changed.")

        text = alarm(self._host, event)
        self.ask(
            "The server's certificate has changed", text, "Trust the new certificate", answered, is_grave=True
        )

    def missed(self) -> list[events.Event]:
        """Events that arrived before the chat's screen was mounted; returned once."""
        missed, self._missed = self._missed, []
        return missed

    # Leaving

    def leave(self, reason: str = "") -> None:
        """Say goodbye, and end."""
        if self.chat is not None:
            self.chat.client.quit(reason)
            self.keep(self.chat.here.name if self.chat.here else "")
        self.exit()

    def part(self, reason: str) -> None:
        """End for a cause that is not its user's, and say so."""
        self.parting = reason
        self.exit()

    async def action_quit(self) -> None:
        self.leave()

    async def on_unmount(self) -> None:
        """However it ends: goodbye is said."""
        if self._visit is not None:
            await self._visit.end()

    def keep(self, here: str) -> None:
        """Put on disk what its user has typed, if it is not there yet."""
        if self._visit is not None:
            self._visit.keep(here)

    def _fatal_error(self) -> None:
        """Report a bug without local variables: they may hold a message or a password."""
        self._exit_renderables.append(Traceback(show_locals=False, width=100))
        self._close_messages_no_wait()

    # For the screens

    def hurry(self) -> None:
        if self._visit is not None:
            self._visit.hurry()

    def ask(
        self, title: str, text: str, yes: str, then: Callable[[bool | None], None], *, is_grave: bool = False
    ) -> None:
        self.push_screen(Question(title, text, yes, is_grave=is_grave), then)

    def ring(self, conversation: Conversation, message: Message) -> None:
        """Notify the user of a message while the terminal is not in focus."""
        settings = self.remembered.settings
        if settings.bell:
            self.bell()
        if settings.notify and self._driver is not None:
            place = f" in {conversation.name}" if conversation.is_room else ""
            self._driver.write(notification(f"{message.sender}{place}", message.text))

    def open_link(self, link: str) -> None:
        if self.is_remote:
            self.copy_to_clipboard(link)
            self.notify("The link was copied to the clipboard.", timeout=2)
        else:
            self.open_url(link)

    def send_file(self, chat: ChatScreen, path: str) -> None:
        """Send a file of this machine, and say where it is."""
        here, host = chat.here, file_host(chat.client.server.support)
        if self.is_remote:
            chat.note(
                "This client runs on the server and can't read your files. "
                "To send files, run hubbub chat on your own machine."
            )
        elif here is None or not host:
            chat.note("This server does not accept files." if not host else "Open a room first.")
        else:
            self.run_worker(self._send_file(chat, here, host, Path(path).expanduser()), exclusive=False)

    async def _send_file(self, chat: ChatScreen, here: Conversation, host: str, path: Path) -> None:
        chat.note(f"Sending {path.name}…", here)
        try:
            link = await upload(host, path, chat.client.web_identity, self.remembered.known)
        except UploadFailed as error:
            chat.note(str(error), here)
        else:
            chat.client.say(here, link)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Every action, with its key, in the command palette."""
        if isinstance(screen, ChatScreen):
            for title, help_text, action in ACTIONS:
                yield SystemCommand(
                    title, help_text, lambda action=action: self.call_later(screen.run_action, action)
                )
        yield SystemCommand("Dark or light", "/set theme", self._other_theme)
        yield SystemCommand("Leave  (Ctrl+Q)", "Leave the chat and quit", self.leave)

    def _other_theme(self) -> None:
        self.remembered.set("theme", "light" if self.is_dark else "dark")
        self.restyle()


def _driver_class() -> type[Driver] | None:
    """None for Textual's own, where the terminal is none of Unix's."""
    if sys.platform == "win32":
        return None
    from hubbub.terminal.driver import TerminalDriver

    return TerminalDriver


def _is_light(colours: str) -> bool:
    """By COLORFGBG, which some terminals set: `15;0`, of which the last is the ground's number among 16 colours."""
    ground = colours.rpartition(";")[2]
    return ground in ("7", "15")
