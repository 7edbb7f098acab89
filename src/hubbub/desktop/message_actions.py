"""Actions on one message, by its row: copy, reply, react, edit, delete and more."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication

from hubbub.client import navigation
from hubbub.client.chat_model import Conversation, Message, Outgoing
from hubbub.client.emoji import EMOJI
from hubbub.client.formatting import links, uncoded
from hubbub.desktop.qt_properties import Rows, part

if TYPE_CHECKING:
    from hubbub.desktop.chat import Chat

EMOJI_MAX: Final = 120


class MessageActions(QObject):
    """Answers, reactions, edits and the like."""

    asked = Signal(str, str, str)
    """A question: title, text, and the button's words."""

    emoji = part("_emoji")

    def __init__(self, chat: "Chat") -> None:
        super().__init__()
        self._chat = chat
        self._client = chat.client
        self._presenter = chat.presenter
        self._emoji = Rows("written", "name", "picture")
        self._wanted = ""
        self._then: Callable[[], None] | None = None
        """The action that a yes confirms."""

    @Slot(str)
    def find_emoji(self, text: str) -> None:
        """Offer the emoji with these letters in their names; the pictures of the place's own come when they come."""
        self._wanted = text
        found = navigation.emoji_like(text, EMOJI, self._client.emoji.known, EMOJI_MAX)
        own = self._chat.own_emoji(" ".join(written for written, _ in found), self._offer_again)
        self._emoji.update(
            {"written": written, "name": name.replace("_", " "), "picture": own.get(written[1:-1], "")}
            for written, name in found
        )

    def _offer_again(self) -> None:
        self.find_emoji(self._wanted)

    def _at(self, row: int) -> tuple[Conversation, Message] | None:
        message, here = self._chat.message(row), self._chat.here
        return (here, message) if message is not None and here is not None else None

    @Slot(int, result="QVariantMap")
    def may(self, row: int) -> dict[str, bool]:
        """The actions allowed on the message in a row."""
        found = self._at(row)
        if found is None:
            return {}
        message, server = found[1], self._client.server
        return {
            "reply": bool(message.id),
            "react": bool(message.id) and server.has("message-tags"),
            "edit": message.is_own and bool(message.id) and server.has("hubbub/edit"),
            "delete": bool(message.id)
            and server.has("draft/message-redaction")
            and (message.is_own or self._chat.is_operator()),
            "report": not message.is_own and bool(message.id) and server.has("hubbub/report"),
            "open": bool(links(message.text)),
        }

    @Slot(int)
    def reply(self, row: int) -> None:
        if found := self._at(row):
            self._presenter.writing.reply_to(found[1])

    @Slot(int)
    def edit(self, row: int) -> None:
        if found := self._at(row):
            self._presenter.writing.edit(found[1])

    @Slot(int, str)
    def react(self, row: int, reaction: str) -> None:
        """Give a reaction, or take it back."""
        if found := self._at(row):
            self._presenter.react(found[1], reaction)

    @Slot(int)
    def ask_delete(self, row: int) -> None:
        """Ask first; the row may hold another message when the answer comes."""
        if found := self._at(row):
            self._presenter.ask_delete(found[1])

    def ask(self, title: str, text: str, yes: str, then: Callable[[], None]) -> None:
        """Ask a grave question in the chat's window."""
        self._then = then
        self.asked.emit(title, text, yes)

    @Slot()
    def delete(self) -> None:
        """The answer was yes."""
        if self._then is not None:
            self._then()

    @Slot(int, str)
    def report(self, row: int, reason: str) -> None:
        if found := self._at(row):
            here, message = found
            self._presenter.attempt(lambda: self._client.report(here, message, reason))

    @Slot(int)
    def copy(self, row: int) -> None:
        if found := self._at(row):
            QGuiApplication.clipboard().setText(uncoded(found[1].text))

    @Slot(int)
    def open_link(self, row: int) -> None:
        found = self._at(row)
        if found and (addresses := links(found[1].text)):
            self.open(addresses[0])

    @Slot(str)
    def open(self, address: str) -> None:
        """Open a link: one to a chat here, any other where the system opens such."""
        if address.startswith(("hubbub://", "irc://", "ircs://")):
            self._chat.desk.follow(address)
        elif address.startswith(("http://", "https://")):
            QDesktopServices.openUrl(QUrl(address))

    @Slot(int)
    def mark_unread(self, row: int) -> None:
        if found := self._at(row):
            self._chat.mark_unread(found[1])

    @Slot(int)
    def again(self, row: int) -> None:
        """Send once more what has failed."""
        item = self._chat.item(row)
        if isinstance(item, Outgoing):
            self._client.outbox.again(item)

    @Slot(int)
    def drop(self, row: int) -> None:
        """Take back what has failed."""
        item = self._chat.item(row)
        if isinstance(item, Outgoing):
            self._client.outbox.drop(item)
