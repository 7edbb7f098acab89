"""The chat window's middle, as the presenter wants it shown, and the files that its user sends."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QGuiApplication

from hubbub.client import event_text, events
from hubbub.client.chat_model import Conversation, Message, Outgoing
from hubbub.client.formatting import plain
from hubbub.client.input_parser import Speech
from hubbub.client.navigation import one_line
from hubbub.client.presenter import Presenter
from hubbub.connection.chat_session import ChatSession
from hubbub.connection.connection import now_ms
from hubbub.desktop.composer import Composer
from hubbub.desktop.keys import KEYS
from hubbub.desktop.message_actions import MessageActions
from hubbub.desktop.message_rows import Manner, MessageModel
from hubbub.desktop.navigation import Navigation
from hubbub.desktop.qt_properties import Rows, Shown, part, shown
from hubbub.desktop.settings import Memory
from hubbub.desktop.side_lists import MEMBER_ROLES, ROOM_ROLES, member_rows, room_rows, shown_name
from hubbub.desktop.uploads import Pictures, Uploads, pasted_picture

if TYPE_CHECKING:
    from hubbub.desktop.app_controller import AppController

_TIDY_MS: Final = 30
_KEEP_MS: Final = 1_000
_SECOND_MS: Final = 1_000
_LOST_MS: Final = 1_000
"""The time that a server may take to join its user to rooms, in milliseconds."""


class Chat(Shown):
    """One visit, as a window shows it; `desk` is what is around it."""

    changed = Signal()
    jump = Signal(int)
    """Bring this row into the middle, and choose it."""
    to_end = Signal()
    """Show the newest message."""
    read_on = Signal(str, list)
    """Something longer to read: a title, and rows of two columns."""
    search_for = Signal(str)
    """Open the search, with these words."""
    picture_pasted = Signal(str)
    """Show a picture, by its `file:` address, and ask for words with it, before it is sent."""
    title = shown(str, "title", changed)
    topic = shown(str, "topic", changed)
    is_room = shown(bool, "is_room", changed)
    membership = shown(str, "membership", changed)
    headcount = shown(int, "headcount", changed)
    typing = shown(str, "typing", changed)
    alert = shown(str, "alert", changed)
    can_retry = shown(bool, "can_retry", changed)
    nick = shown(str, "nick", changed)
    face = shown(str, "face", changed)
    standing = shown(str, "standing", changed)
    """Away, a guest, or signed in."""
    network = shown(str, "network", changed)
    lock = shown(str, "lock", changed)
    unread = shown(int, "unread", changed)
    mentions = shown(int, "mentions", changed)

    messages = part("_messages")
    rooms = part("_rooms")
    members = part("_members")
    ways = part("going")
    deeds = part("doing")
    writing = part("compose")
    sendings = part("_sendings")

    def __init__(self, visit: ChatSession, desk: "AppController") -> None:
        super().__init__(
            **dict.fromkeys(("title", "topic", "membership", "typing", "alert", "standing", "lock"), ""),
            **dict.fromkeys(("is_room", "can_retry"), False),
            **dict.fromkeys(("headcount", "unread", "mentions"), 0),
            nick=visit.client.nick,
            face="",
            network=str(visit.address),
        )
        self.client = client = visit.client
        self.desk = desk
        self._visit = visit
        self.presenter: Presenter = Presenter(client, self, now_ms, str(visit.address))
        self.presenter.begin_at(visit.first_here)
        self._chosen: Message | None = None
        self._is_at_end = True
        self._dirty: set[str] = set()
        self._pasted: tuple[Path, Conversation] | None = None
        self._pictures = Pictures(client, desk.remembered.known)
        self._messages = MessageModel(client, self._manner(), self._picture, self._face, self._own_emoji)
        self._messages.show(self.presenter.console)
        self._rooms = Rows(*ROOM_ROLES)
        self._members = Rows(*MEMBER_ROLES)
        self.going = Navigation(self)
        self.doing = MessageActions(self)
        self.box = self.compose = Composer(self.presenter)
        self._sendings = Uploads(client, desk.remembered.known)
        self._sendings.note.connect(self.presenter.note)
        self._tidying = self._timer(_TIDY_MS, self._tidy)
        self._keeping = self._timer(_KEEP_MS, self._keep)
        self._arriving = self._timer(_LOST_MS, self.presenter.show_ways)
        self._counting = self._timer(_SECOND_MS, self.presenter.tell_outage)
        self.tidy_soon("rooms", "title", "members", "state")

    def _timer(self, milliseconds: int, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(then)
        return timer

    def _manner(self) -> Manner:
        settings = self.desk.remembered.settings
        return Manner(self.desk.is_dark, settings.clock == 24, settings.comings)

    def restyle(self) -> None:
        """Dark or light, or the clock, is another one."""
        self._messages.manner = self._manner()
        self._messages.all_changed()
        self.tidy_soon("members")

    @property
    def here(self) -> Conversation | None:
        return self.presenter.here

    @property
    def speech(self) -> Speech:
        return self.presenter.speech

    def heard(self, event: events.Event) -> None:
        """Show what has happened, soon."""
        self.presenter.heard(event)

    # What the presenter asks

    @property
    def preferences(self) -> Memory:
        return self.desk.remembered

    @property
    def sees_end(self) -> bool:
        return self._is_at_end and self.desk.is_looked_at

    @property
    def is_covered(self) -> bool:
        return False

    @property
    def unread_line(self) -> Message | None:
        return self._messages.unread

    def selected(self) -> Message | None:
        return self._chosen

    # What the presenter wants shown

    def show_messages(self, conversation: Conversation | None, unread: Message | None) -> None:
        self._chosen, self._is_at_end = None, True
        self._messages.show(conversation or self.presenter.console, unread)
        self.presenter.mark_read()

    def message_arrived(self, message: Message) -> None:
        self.tidy_soon("messages")
        if (here := self.here) is not None:
            self._draw_line(here, message)

    def _draw_line(self, here: Conversation, message: Message) -> None:
        """Draw the line «new» above the first message that arrives while the user does not look."""
        before = self._messages.unread
        is_read = before is None or before.time_ms <= here.read_ms
        if message.is_talk and not message.is_own and is_read and not self.sees_end:
            self._messages.sync()
            self._messages.mark(message)

    def messages_changed(self, item: Message | Outgoing | None = None) -> None:
        self._messages.sync()
        if item is None:
            self._messages.all_changed()
        else:
            self._messages.changed(item)

    def mark(self, message: Message | None) -> None:
        self._messages.mark(message)

    def go_to_end(self) -> None:
        self.to_end.emit()

    def jump_to(self, message: Message, *, was_sought: bool = False) -> None:
        self._messages.sync()
        place = self._messages.place(message)
        if place is not None:
            self.jump.emit(place)

    def clear(self) -> None:
        self._messages.clear()

    def show_ways_soon(self) -> None:
        self._arriving.start()

    def show_outage(self, words: str, can_retry: bool, is_counting: bool) -> None:
        self.put(alert=words, can_retry=can_retry)
        if is_counting:
            self._counting.start()

    def settings_changed(self) -> None:
        self.desk.restyle()

    def ring(self, conversation: Conversation, message: Message) -> None:
        place = f" in {conversation.name}" if conversation.is_room else ""
        self.desk.ring(f"{message.sender}{place}", one_line(message, 300), conversation.name)

    def goals_changed(self) -> None:
        self.going.goals_changed()

    def show_found(self, event: events.SearchFinished) -> None:
        self.going.found(event)

    # What the presenter opens and ends

    def search(self, text: str) -> None:
        self.search_for.emit(text)

    def read(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        self.read_on.emit(title, [{"title": "", "rows": [list(row) for row in rows]}])

    def ask(
        self, title: str, text: str, yes: str, then: Callable[[], None], *, is_grave: bool = False
    ) -> None:
        (self.doing if is_grave else self.desk).ask(title, text, yes, then)

    def send_file(self, path: str) -> None:
        self.send_files([QUrl.fromLocalFile(str(Path(path).expanduser()))])

    def connect_now(self) -> None:
        self._visit.hurry()

    def leave(self, reason: str) -> None:
        self.desk.leave(reason)

    # Pictures

    def _picture(self, message: Message) -> tuple[str, str]:
        return self._pictures.in_text(message.text, lambda: self._messages.changed(message))

    def _own_emoji(self, text: str) -> Mapping[str, str]:
        return self.own_emoji(text, self._messages.all_changed)

    def own_emoji(self, text: str, came: Callable[[], None]) -> Mapping[str, str]:
        """The pictures of the emoji in a text that are here already; `came` is called for each that comes later."""
        return self._pictures.emoji_in(text, came)

    def _face(self, nick: str) -> str:
        return self._pictures.of_person(nick, lambda: self.tidy_soon("members", "names", "state"))

    # Showing what is not messages

    def tidy_soon(self, *parts: str) -> None:
        """Once for all changes of a moment."""
        self._dirty.update(parts)
        if not self._tidying.isActive():
            self._tidying.start()

    def _tidy(self) -> None:
        parts, self._dirty = self._dirty, set()
        here = self.here
        if "messages" in parts:
            self._messages.sync()
            self.presenter.mark_read()
        if "names" in parts:
            self._messages.all_changed()
        if "rooms" in parts:
            self._rooms.update(room_rows(self.client, self.presenter.order(), here))
        if "members" in parts:
            self._members.update(member_rows(self.client, here, self._face, self.desk.is_dark))
        if "title" in parts or "typing" in parts:
            self.put(
                title=shown_name(self.client, here) if here else self.presenter.console.name,
                topic=plain(here.topic) if here else "",
                is_room=here.is_room if here else False,
                membership=event_text.membership(here) if here else "",
                headcount=len(here.present) if here else 0,
                typing=event_text.typing(list(here.typing)) if here else "",
            )
        if "state" in parts or "rooms" in parts:
            self._tell_state()

    def _tell_state(self) -> None:
        client = self.client
        person = client.people.find(client.nick)
        away = bool(person and person.is_away)
        guest = client.is_here and not client.account
        conversations = client.conversations.values()
        self.put(
            nick=client.nick,
            face=self._face(client.nick),
            standing="not connected"
            if not client.is_here
            else "away"
            if away
            else "a guest"
            if guest
            else "",
            network=client.server.network if client.is_here else str(self._visit.address),
            lock="TLS" if client.is_secure else "this computer" if client.is_private else "not encrypted",
            unread=sum(one.unread for one in conversations),
            mentions=sum(one.mentions for one in conversations),
        )
        self.desk.count(self.values["unread"], self.values["mentions"])

    # Reading

    def looked_at(self) -> None:
        """Its user has come back to the window."""
        self.presenter.mark_read()

    @Slot(bool)
    def at_end(self, is_at_end: bool) -> None:
        """Whether the newest message is in sight."""
        self._is_at_end = is_at_end
        self.presenter.mark_read()

    @Slot()
    def near_top(self) -> None:
        """The oldest messages come into sight."""
        self.presenter.near_top()

    @Slot(int)
    def gap_seen(self, row: int) -> None:
        """The place where something is missing is in sight."""
        item = self._messages.item(row)
        if isinstance(item, Message):
            self.presenter.gap_seen(item)

    @Slot(int)
    def choose(self, row: int) -> None:
        """Let commands be about this row; -1 for none."""
        self._chosen = self._messages.message(row)

    def item(self, row: int) -> Message | Outgoing | None:
        return self._messages.item(row)

    def message(self, row: int) -> Message | None:
        """The message in a row, unless it was deleted."""
        return self._messages.message(row)

    @Slot()
    def hurry(self) -> None:
        """Try to connect now, or send again what has failed."""
        self.presenter.hurry()

    @Slot(result=bool)
    def settle(self) -> bool:
        """Out of what one is doing; else everything here is read."""
        if self.presenter.writing.cancel():
            return True
        self.presenter.settle()
        return False

    def mark_unread(self, message: Message) -> None:
        """Let everything from a message of this conversation on be unread."""
        self._is_at_end = False
        self.presenter.mark_unread(message)

    @Slot()
    def jump_unread(self) -> None:
        self.presenter.jump_unread()

    # People and rooms

    @Slot(str, str)
    def word(self, name: str, rest: str) -> None:
        """Do what a typed command does; that is how menus do it, too."""
        if reason := self.speech.say(f"/{name} {rest}".strip()):
            self.presenter.note(reason)

    @Slot(result=bool)
    def is_operator(self) -> bool:
        """Whether one looks after the room that is looked at."""
        here = self.here
        me = here.members.get(self.client.fold(self.client.nick)) if here else None
        return me is not None and any(rank in me.ranks for rank in "~&@")

    @Slot(str)
    def leave_conversation(self, name: str) -> None:
        if conversation := self.client.find(name):
            self.client.leave(conversation)

    @Slot(str)
    def mark_room_read(self, name: str) -> None:
        if conversation := self.client.find(name):
            self.client.markers.mark_read(conversation)

    @Slot()
    def show_keys(self) -> None:
        parts = [{"title": title, "rows": [list(row) for row in rows]} for title, rows in KEYS]
        self.read_on.emit("Keys", parts)

    # Files

    @Slot(list)
    def send_files(self, addresses: list[Any]) -> None:
        """Send files, by their `file:` addresses, into the conversation that is looked at."""
        if self.here is None:
            self.presenter.note("Open a room first.")
            return
        for address in addresses:
            path = QUrl(address).toLocalFile()
            if path:
                self._sendings.send(Path(path), self.here)

    @Slot(result=bool)
    def paste_files(self) -> bool:
        """Send the files or the picture that are in the clipboard; whether there is any of these."""
        data = QGuiApplication.clipboard().mimeData()
        files = [url for url in data.urls() if url.isLocalFile()]
        if files:
            self.send_files(files)
        elif self.here is not None and not data.hasText() and (path := pasted_picture(self.desk.scratch)):
            self._pasted = (path, self.here)
            self.picture_pasted.emit(QUrl.fromLocalFile(str(path)).toString())
            return True
        return bool(files)

    @Slot(str)
    def send_pasted(self, caption: str) -> None:
        """The picture that was pasted is to be sent, with these words before it."""
        if self._pasted is not None:
            path, where = self._pasted
            self._pasted = None
            self._sendings.send(path, where, caption)

    # Keeping

    def keep_soon(self) -> None:
        """Write the draft to disk a moment after the last key."""
        if not self._keeping.isActive():
            self._keeping.start()

    def _keep(self) -> None:
        self._visit.keep(self.here.name if self.here else "")

    def end(self) -> None:
        """Keep what is written, and let nothing go on."""
        self.presenter.writing.put_away()
        self._keep()
        for timer in (self._tidying, self._keeping, self._arriving, self._counting):
            timer.stop()
        self._sendings.end()
        self._pictures.end()
