"""The desktop around its chat: the server and the account, questions, the look, and notices while its user is away."""

import asyncio
import contextlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Property, QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication

from hubbub.client import events
from hubbub.connection.address import DEFAULT_PORT, Address, AddressError, parse_address
from hubbub.connection.chat_session import (
    ChatSession,
    Wish,
    WishError,
    alarm,
    failure,
    is_server,
    trust_question,
    wish,
)
from hubbub.connection.preferences import Place, choices, spoken
from hubbub.desktop.chat import Chat
from hubbub.desktop.qt_properties import Rows, Shown, shown
from hubbub.desktop.settings import Memory
from hubbub.desktop.uploads import Tasks

LOCAL: Final = Address("localhost", DEFAULT_PORT)


class AppController(Shown):
    """One user's chat on this computer: first a door, then the chat behind it."""

    changed = Signal()
    rang = Signal(str, str, str)
    """A message for the user: title, text, and the conversation's name."""
    counted = Signal(int, int)
    """The unread messages, and how many of them mention the user."""
    questioned = Signal(str, str, str, bool)
    """A grave question or a less grave one: title, text, the words of the button for yes."""
    told = Signal(str, str)
    """Something went wrong on the way in: a title and words, for a dialog."""
    shown_again = Signal()
    """The window is wanted in front."""
    server_wanted = Signal()
    """The window of the server on this computer is wanted."""
    left = Signal()
    """Its user ends the program."""

    chat = shown(QObject, "chat", changed)
    is_in = shown(bool, "is_in", changed)
    is_busy = shown(bool, "is_busy", changed)
    error = shown(str, "error", changed)
    error_field = shown(str, "error_field", changed)
    address = shown(str, "address", changed)
    name = shown(str, "name", changed)
    password = shown(str, "password", changed)
    is_invited = shown(bool, "is_invited", changed)
    places = shown(QObject, "places", changed)
    theme = shown(str, "theme", changed)
    notify = shown(bool, "notify", changed)
    clock = shown(str, "clock", changed)
    rooms = shown(bool, "rooms", changed)
    members = shown(bool, "members", changed)
    comings = shown(str, "comings", changed)
    newrooms = shown(str, "newrooms", changed)
    tray = shown(bool, "tray", changed)

    def __init__(self, remembered: Memory) -> None:
        self._places = Rows("key", "name", "address", "isGuest")
        super().__init__(
            **dict.fromkeys(("error", "error_field", "address", "name", "password"), ""),
            **dict.fromkeys(("is_in", "is_busy", "is_invited"), False),
            chat=None,
            places=self._places,
            **_spoken(remembered),
        )
        self.remembered = remembered
        self.is_looked_at = True
        """Whether the window is the one that its user looks at; `look` tells."""
        self._scratch = tempfile.TemporaryDirectory(prefix="hubbub-")
        self._visit: ChatSession | None = None
        self._chat: Chat | None = None
        self._wish: Wish | None = None
        self._is_alarmed = False
        """Whether the dialog about a changed certificate is open or was answered; it shows the failure then."""
        self._answer: asyncio.Future[bool] | None = None
        self._tasks = Tasks()
        self._list_places()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.restyle)

    @property
    def scratch(self) -> Path:
        """A folder for what need not be kept."""
        return Path(self._scratch.name)

    # The look

    @property
    def is_dark(self) -> bool:
        theme = self.remembered.settings.theme
        system = QGuiApplication.styleHints().colorScheme()
        return theme == "dark" or (theme == "system" and system == Qt.ColorScheme.Dark)

    @Property(bool, notify=changed)
    def dark(self) -> bool:
        return self.is_dark

    @Slot()
    def restyle(self) -> None:
        """A setting, or the system's scheme, is another one."""
        self.values.update(_spoken(self.remembered))
        self.changed.emit()
        if self._chat is not None:
            self._chat.restyle()

    @Slot(str, str)
    def set(self, name: str, value: str) -> None:
        """Change a setting by its words."""
        with contextlib.suppress(ValueError):
            self.remembered.set(name, value)
        self.restyle()

    @Slot(bool)
    def look(self, is_looked_at: bool) -> None:
        """Whether the window is the one that its user looks at."""
        self.is_looked_at = is_looked_at
        if is_looked_at and self._chat is not None:
            self._chat.looked_at()

    # Coming in

    def _list_places(self) -> None:
        self._places.update(
            {
                "key": f"{one.name}@{one.address}",
                "name": one.name,
                "address": one.address,
                "isGuest": one.is_guest,
            }
            for one in self.remembered.places()
        )

    def begin(self, link: str = "") -> None:
        """Stand before the door, at the place that a link names or where a server is found."""
        if link:
            self.follow(link)
        elif not self.remembered.places():
            self._tasks.begin(self._look_around())

    async def _look_around(self) -> None:
        if await is_server(LOCAL) and not self.values["address"]:
            self.put(address=str(LOCAL))

    @Slot(str)
    def follow(self, link: str) -> None:
        """Open a link to a server, a room or an invitation; a user who is connected elsewhere is asked first."""
        try:
            address = parse_address(link)
        except AddressError as error:
            self.put(error=str(error), error_field="address")
            return
        self.shown_again.emit()
        if self._wish is None or not self.values["is_in"]:
            self._stand_before(address, link)
        elif self._wish.address.key == address.key and address.room and self._chat is not None:
            self._chat.going.join(address.room)
        else:
            self._tasks.begin(self._move(address, link))

    async def _move(self, address: Address, link: str) -> None:
        network = self.values["chat"].values["network"]
        text = f"This leaves {network}. You can return at any time."
        if await self._ask(f"Go to {address}?", text, "Go", False):
            self._stand_before(address, link)

    def _stand_before(self, address: Address, link: str) -> None:
        """Before the door of a server; the name that was used there last is used again."""
        self.go_out()
        known = next((one for one in self.remembered.places() if one.address == str(address)), None)
        self.put(
            address=link.strip(),
            name=address.name or (known.name if known else self.values["name"]),
            is_invited=bool(address.invitation),
        )

    @Slot(str)
    def choose_place(self, key: str) -> None:
        """Go where one has been; a password that is not kept is asked for."""
        place = self._place(key)
        if place is None:
            return
        password = self.remembered.password(place)
        self.put(address=place.address, name=place.name, password=password, is_invited=False)
        if place.is_guest or password:
            self.come(place.address, place.name, password, False, True)
        else:
            self.put(error="", error_field="password")

    @Slot(str)
    def forget_place(self, key: str) -> None:
        if place := self._place(key):
            self.remembered.forget(place)
            self._list_places()

    def _place(self, key: str) -> Place | None:
        return next((one for one in self.remembered.places() if f"{one.name}@{one.address}" == key), None)

    @Slot(str, str, str, bool, bool)
    def come(self, address: str, name: str, password: str, registers: bool, remembers: bool) -> None:
        """Sign in with the fields' values, or show what is wrong with them."""
        self.put(address=address, name=name, error="", error_field="")
        try:
            wanted = wish(address, name, password, registers=registers, remembers=remembers)
        except WishError as error:
            self.put(error=str(error), error_field=error.field)
        else:
            self.visit(wanted)

    def visit(self, wanted: Wish) -> None:
        """Connect as its user wants to."""
        self._drop()
        self._wish, self._is_alarmed = wanted, False
        self._visit = ChatSession(
            *(self.remembered, wanted.place, wanted.address, wanted.identity, self._heard), trust=self._trust
        )
        self._chat = Chat(self._visit, self)
        self.put(chat=self._chat, is_busy=True, error="", error_field="")
        self._visit.begin()

    def _heard(self, event: events.Event) -> None:
        visit, chat = self._visit, self._chat
        if visit is None or chat is None:
            return
        if isinstance(event, events.CertificateChanged):
            self._is_alarmed = True
            self._tasks.begin(self._alarm(event))
            return
        reason = "" if self.values["is_in"] else failure(event)
        if reason:
            self._drop()
            field = "name" if isinstance(event, events.NicknameRefused) else ""
            if isinstance(event, events.SignInFailed):
                field = "password"
            self._fail(reason, field)
            return
        if isinstance(event, events.Welcomed) and not event.again:
            self._came_in()
        chat.heard(event)

    def _fail(self, error: str, field: str) -> None:
        """Show why signing in failed: in a dialog, and beside the fields, with the focus on the one to mend."""
        self.put(error=error, error_field=field)
        if not self._is_alarmed:
            self.told.emit("You are not in", error)

    def _came_in(self) -> None:
        wanted = self._wish
        if wanted is not None and wanted.remembers:
            self.remembered.been_at(wanted.place, wanted.password)
            self._list_places()
        self.put(is_in=True, is_busy=False, password="", is_invited=False)

    # Questions

    async def _ask(self, title: str, text: str, yes: str, is_grave: bool) -> bool:
        self.answer(False)
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._answer = answer
        self.questioned.emit(title, text, yes, is_grave)
        return await answer

    def ask(self, title: str, text: str, yes: str, then: Callable[[], None]) -> None:
        """A question in the chat; `then` is for the answer yes."""

        async def asked() -> None:
            if await self._ask(title, text, yes, False):
                then()

        self._tasks.begin(asked())

    @Slot(bool)
    def answer(self, yes: bool) -> None:
        """The user's answer to the question asked last."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(yes)

    async def _trust(self, fingerprint: str) -> bool:
        host = self._wish.address.host if self._wish else ""
        return await self._ask("Do you trust this server?", trust_question(host, fingerprint), "Trust", False)

    async def _alarm(self, event: events.CertificateChanged) -> None:
        wanted = self._wish
        if wanted is None:
            return
        text = alarm(wanted.address.host, event)
        if await self._ask("The server's certificate has changed", text, "Trust the new certificate", True):
            self.remembered.known.forget(wanted.address)
            self.visit(wanted)
        else:
            self.go_out()
            self.put(error="The server's certificate has changed.")

    # Told while away

    def ring(self, title: str, text: str, name: str) -> None:
        if self.remembered.settings.notify:
            self.rang.emit(title, text, name)

    def count(self, unread: int, mentions: int) -> None:
        self.counted.emit(unread, mentions)

    @Slot(str)
    def go(self, name: str) -> None:
        """Look at a conversation, as when its notification was clicked."""
        if self._chat is not None:
            self._chat.going.go(name)
        self.shown_again.emit()

    # Leaving

    def _drop(self) -> None:
        """Away from the server, without waiting for anything."""
        if self._chat is not None:
            self._chat.end()
        if self._visit is not None:
            self._visit.drop()
        self._visit = self._chat = None
        self.put(chat=None, is_in=False, is_busy=False)
        self.count(0, 0)

    @Slot()
    def give_up(self) -> None:
        """Do not wait for the server any longer."""
        self._drop()

    @Slot()
    def go_out(self) -> None:
        """Leave the server, and stand before the door again."""
        visit, chat = self._visit, self._chat
        if visit is not None and chat is not None:
            chat.end()
            self._visit = self._chat = None
            self._tasks.begin(visit.end())
        self._drop()

    @Slot()
    @Slot(str)
    def leave(self, reason: str = "") -> None:
        """Say goodbye, and end the program."""
        if self._chat is not None:
            self._chat.end()
            self._chat.client.quit(reason)
        self.left.emit()

    @Slot(int)
    def open_chat_at(self, port: int) -> None:
        """Let the chat's window stand before the server on this computer, unless one is in there already."""
        address = Address("localhost", port)
        if self._wish is None or self._chat is None or self._wish.address.key != address.key:
            self.follow(str(address))
        else:
            self.shown_again.emit()

    @Slot()
    def want_server(self) -> None:
        self.server_wanted.emit()

    async def end(self) -> None:
        """However it ends: goodbye is said, and what was written is kept."""
        self._tasks.end()
        if self._chat is not None:
            self._chat.end()
        if self._visit is not None:
            await self._visit.end()
        self._visit = None
        self._scratch.cleanup()


def _spoken(remembered: Memory) -> dict[str, Any]:
    """The settings as the window has them."""
    settings = remembered.settings
    found = {name: getattr(settings, name) for name in choices(settings)}
    return {name: value if isinstance(value, bool) else spoken(value) for name, value in found.items()}
