"""The chat window's middle: what is looked at, what is heard, and what its user does with it."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QGuiApplication

from hubbub.client import event_text, events
from hubbub.client.chat_model import Conversation, Kind, Message, Outgoing
from hubbub.client.commands import WORDS
from hubbub.client.formatting import plain
from hubbub.client.input_parser import Speech
from hubbub.client.navigation import in_order, one_line
from hubbub.client.outage import Outage
from hubbub.connection.chat_session import Visit
from hubbub.connection.connection import now_ms
from hubbub.desktop.composer import Writing
from hubbub.desktop.keys import KEYS
from hubbub.desktop.message_actions import Deeds
from hubbub.desktop.message_rows import Manner, MessageModel
from hubbub.desktop.navigation import Ways
from hubbub.desktop.qt_properties import Rows, Shown, part, shown
from hubbub.desktop.side_lists import MEMBER_ROLES, ROOM_ROLES, member_rows, room_rows, shown_name
from hubbub.desktop.uploads import Pictures, Sendings, pasted_picture

if TYPE_CHECKING:
    from hubbub.desktop.app_controller import Desk

_TIDY_MS: Final = 30
_KEEP_MS: Final = 1_000
_SECOND_MS: Final = 1_000
_LOST_MS: Final = 1_000
"""How long a server may take to put its user into rooms."""


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

    def __init__(self, visit: Visit, desk: "Desk") -> None:
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
        self.speech = Speech(client, self)
        self.console = Conversation(str(visit.address), is_room=False)
        """What is told while one is in no conversation."""
        self._here: Conversation | None = None
        self._outage = Outage()
        self._first_here = client.fold(visit.first_here) if visit.first_here else ""
        self._chosen: Message | None = None
        self._is_at_end = True
        self._dirty: set[str] = set()
        self._pasted: tuple[Path, Conversation] | None = None
        self._pictures = Pictures(client, desk.remembered.known)
        self._messages = MessageModel(client, self._manner(), self._picture, self._face, self._own_emoji)
        self._messages.show(self.console)
        self._rooms = Rows(*ROOM_ROLES)
        self._members = Rows(*MEMBER_ROLES)
        self.going = Ways(self)
        self.doing = Deeds(self)
        self.compose = Writing(client, self.speech, lambda: self._here)
        self._sendings = Sendings(client, desk.remembered.known)
        self._sendings.note.connect(self.note)
        self.compose.drafted.connect(self._keep_soon)
        self.compose.sent.connect(self.to_end)
        self._tidying = self._timer(_TIDY_MS, self._tidy)
        self._keeping = self._timer(_KEEP_MS, self._keep)
        self._arriving = self._timer(_LOST_MS, self._show_ways)
        self._counting = self._timer(_SECOND_MS, self._tell_outage)
        self._tidy_soon("rooms", "title", "members", "state")

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
        self._tidy_soon("members")

    # Face

    @property
    def here(self) -> Conversation | None:
        return self._here

    @Slot(str)
    def note(self, text: str, conversation: Conversation | None = None) -> None:
        where = conversation or self._here
        if where is not None:
            self.client.messages.note(where, text)
            return
        self.console.timeline.append(Message(Kind.NOTE, "", text, now_ms()))
        self._tidy_soon("messages")

    def show(self, conversation: Conversation) -> None:
        if conversation is not self._here:
            self.going.went(conversation)
            self.look_at(conversation)
        self.to_end.emit()

    def look_at(self, conversation: Conversation | None) -> None:
        """Look at the end of a conversation, or at none."""
        self.compose.leave()
        self._here, self._chosen = conversation, None
        self._is_at_end = True
        unread = conversation.first_unread() if conversation else None
        self._messages.show(conversation or self.console, unread)
        self.compose.come_to(conversation)
        if conversation is not None:
            self.client.look_at(conversation)
            self._read()
        self._tidy_soon("rooms", "title", "members", "typing")
        self._keep_soon()

    def selected(self) -> Message | None:
        return self._chosen

    def search(self, text: str) -> None:
        self.search_for.emit(text)

    def read(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        self.read_on.emit(title, [{"title": "", "rows": [list(row) for row in rows]}])

    def act(self, action: str, rest: str) -> None:
        if action == "clear":
            self._messages.clear()
        elif action == "set":
            self._set(rest)
        elif action == "send":
            self.send_files([QUrl.fromLocalFile(str(Path(rest).expanduser()))])

    def leave(self, reason: str) -> None:
        self.desk.leave(reason)

    @property
    def asks_first(self) -> bool:
        return bool(self.desk.remembered.settings.newrooms == "ask")

    def ask(self, title: str, text: str, yes: str, then: Callable[[], None]) -> None:
        self.desk.ask(title, text, yes, lambda: self.attempt(then))

    def _set(self, rest: str) -> None:
        name, _, value = rest.partition(" ")
        if not name:
            rows = self.desk.remembered.settings_in_words()
            self.note("\n".join(["Settings, changed by /set NAME VALUE:", *rows]))
        elif not value:
            raise ValueError(f"Write: /set {name} VALUE")
        else:
            self.note(self.desk.remembered.set(name, value))
            self.desk.restyle()

    def attempt(self, do: Callable[[], object]) -> None:
        """Do what the client may refuse; then its user is told why."""
        try:
            do()
        except ValueError as error:
            self.note(str(error))

    # What happens

    def heard(self, event: events.Event) -> None:
        """Show what has happened, soon."""
        self.speech.heard(event)
        if isinstance(event, events.Welcomed | events.Connecting | events.Disconnected):
            self._outage.heard(event, now_ms())
            self._tell_outage()
        handler = _HEARD.get(type(event))
        if handler is not None:
            handler(self, event)

    def _hear_message(self, event: events.MessageReceived) -> None:
        message, conversation = event.message, event.conversation
        if conversation is self._here:
            self._tidy_soon("messages")
            self._draw_line(conversation, message)
        if not message.is_own and message.is_mention and not (conversation is self._here and self._sees_end):
            place = f" in {conversation.name}" if conversation.is_room else ""
            self.desk.ring(f"{message.sender}{place}", one_line(message, 300), conversation.name)

    def _draw_line(self, here: Conversation, message: Message) -> None:
        """What comes while its user does not look begins below the line «new»."""
        before = self._messages.unread
        is_read = before is None or before.time_ms <= here.read_ms
        if message.is_talk and not message.is_own and is_read and not self._sees_end:
            self._messages.sync()
            self._messages.mark(message)

    def _hear_message_changed(self, event: events.MessageChanged) -> None:
        if event.conversation is self._here:
            # Answers to it show its words, too.
            self._messages.all_changed()

    def _hear_history(self, event: events.HistoryLoaded) -> None:
        if event.conversation is self._here:
            if self._messages.unread is None:
                self._messages.unread = event.conversation.first_unread()
            self._messages.sync()
            self._messages.all_changed()
            self._tidy_soon("title")
            self._read()

    def _hear_outbox(self, event: events.OutboxChanged) -> None:
        self._keep_soon()
        if event.conversation is self._here:
            self._messages.sync()
            self._messages.changed(event.outgoing)

    def _hear_rooms(self, event: events.Event) -> None:
        self._tidy_soon("rooms")

    def _hear_conversation(self, event: events.ConversationChanged) -> None:
        self._tidy_soon("rooms", "title", "members")
        conversation = event.conversation
        is_wanted = self.client.fold(conversation.name) == self._first_here
        if conversation.is_joined and (self._here is None or is_wanted):
            if is_wanted:
                self._first_here = ""
            self.show(conversation)

    def _hear_closed(self, event: events.ConversationClosed) -> None:
        self._tidy_soon("rooms")
        self.going.closed(event.conversation)
        if event.conversation is self._here:
            self.look_at(next(iter(self.order()), None))

    def _hear_members(self, event: events.MembersChanged) -> None:
        if event.conversation is self._here:
            self._tidy_soon("members", "title")

    def _hear_person(self, event: events.PersonChanged) -> None:
        # What they have said stands under another name now, or beside another picture.
        self._tidy_soon("members", "rooms", "state", "names")

    def _hear_unread(self, event: events.UnreadChanged) -> None:
        self._tidy_soon("rooms", "state")
        if event.conversation is self._here:
            self._read()

    def _hear_typing(self, event: events.TypingChanged) -> None:
        if event.conversation is self._here:
            self._tidy_soon("typing")

    def _hear_draft(self, event: events.DraftChanged) -> None:
        self.compose.drafted_elsewhere(event.conversation)
        self._tidy_soon("rooms")
        self._keep_soon()

    def _hear_welcomed(self, event: events.Welcomed) -> None:
        self._tidy_soon("rooms", "title", "members", "state")
        if not event.again:
            self.console.name = self.client.server.network
            for line in self.client.server.motd:
                self.note(line)
            self._arriving.start()

    def _show_ways(self) -> None:
        """Somebody who is in no room is told which there are."""
        if self._here is None and self.client.is_here:
            self.note("You are in no room yet. Ctrl+K goes to one, or write /join ROOM.")
            self.client.ask("LIST")

    def _hear_disconnected(self, event: events.Disconnected) -> None:
        self._tidy_soon("rooms", "title", "members", "state")

    def _tell_outage(self) -> None:
        """The banner's words count down while they are there."""
        words = self._outage.words(now_ms(), self.desk.remembered.settings.clock == 24)
        is_told = not self.client.has_left
        self.put(alert=words if is_told else "", can_retry=self._outage.can_retry and is_told)
        if self._outage.is_counting:
            self._counting.start()

    def _hear_directory(self, event: events.DirectoryChanged) -> None:
        self.going.goals_changed()

    def _hear_found(self, event: events.SearchFinished) -> None:
        self.going.found(event)

    def _hear_nick_refused(self, event: events.NicknameRefused) -> None:
        self.note(event.reason)
        self.note("Write: /nick NAME")

    def _picture(self, message: Message) -> tuple[str, str]:
        return self._pictures.in_text(message.text, lambda: self._messages.changed(message))

    def _own_emoji(self, text: str) -> Mapping[str, str]:
        return self._pictures.emoji_in(text, self._messages.all_changed)

    def _hear_emoji(self, event: events.EmojiChanged) -> None:
        self._messages.all_changed()

    def _face(self, nick: str) -> str:
        return self._pictures.of_person(nick, lambda: self._tidy_soon("members", "names", "state"))

    # Showing what is not messages

    def _tidy_soon(self, *parts: str) -> None:
        """Once for all changes of a moment."""
        self._dirty.update(parts)
        if not self._tidying.isActive():
            self._tidying.start()

    def _tidy(self) -> None:
        parts, self._dirty = self._dirty, set()
        here = self._here
        if "messages" in parts:
            self._messages.sync()
            self._read()
        if "names" in parts:
            self._messages.all_changed()
        if "rooms" in parts:
            self._rooms.update(room_rows(self.client, self.order(), here))
        if "members" in parts:
            self._members.update(member_rows(self.client, here, self._face, self.desk.is_dark))
        if "title" in parts or "typing" in parts:
            self.put(
                title=shown_name(self.client, here) if here else self.console.name,
                topic=plain(here.topic) if here else "",
                is_room=here.is_room if here else False,
                membership=event_text.membership(here) if here else "",
                headcount=len(here.members) if here else 0,
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

    def order(self) -> list[Conversation]:
        """The conversations as they are listed."""
        return in_order(self.client.conversations.values())

    # Reading

    @property
    def _sees_end(self) -> bool:
        return self._is_at_end and self.desk.is_looked_at

    def _read(self) -> None:
        if self._here is not None and self._sees_end:
            self.client.markers.mark_read(self._here)

    def looked_at(self) -> None:
        """Its user has come back to the window."""
        self._read()

    @Slot(bool)
    def at_end(self, is_at_end: bool) -> None:
        """Whether the newest message is in sight."""
        self._is_at_end = is_at_end
        self._read()

    @Slot()
    def near_top(self) -> None:
        """The oldest messages come into sight."""
        if self._here is not None and not self._here.timeline.is_whole:
            self.client.history.older(self._here)

    @Slot(int)
    def gap_seen(self, row: int) -> None:
        """The place where something is missing is in sight."""
        item = self._messages.item(row)
        if self._here is not None and isinstance(item, Message) and item.follows_gap:
            self.client.history.close_gap(self._here, item)

    @Slot(int)
    def choose(self, row: int) -> None:
        """Let commands be about this row; -1 for none."""
        self._chosen = self._messages.message(row)

    def item(self, row: int) -> Message | Outgoing | None:
        return self._messages.item(row)

    def message(self, row: int) -> Message | None:
        """What somebody has said in a row, that is not deleted."""
        return self._messages.message(row)

    @Slot()
    def hurry(self) -> None:
        """Try to connect now, or send again what has failed."""
        if not self.client.is_here:
            self._visit.hurry()
        elif self._here is not None:
            WORDS["again"].do(self.speech, "")

    @Slot(result=bool)
    def settle(self) -> bool:
        """Out of what one is doing; else everything here is read."""
        if self.compose.cancel():
            return True
        self._messages.mark(None)
        self.to_end.emit()
        return False

    def mark_unread(self, message: Message) -> None:
        """Let everything from a message of this conversation on be unread."""
        if self._here is not None:
            self._is_at_end = False
            self.client.markers.mark_unread(self._here, message)
            self._messages.mark(message)

    @Slot()
    def jump_unread(self) -> None:
        unread = self._messages.unread or (self._here.first_unread() if self._here else None)
        if unread is not None:
            self.jump_to(unread)

    def jump_to(self, message: Message) -> None:
        """Bring a message of this conversation into the middle."""
        self._messages.sync()
        place = self._messages.place(message)
        if place is not None:
            self.jump.emit(place)

    # People and rooms

    @Slot(str, str)
    def word(self, name: str, rest: str) -> None:
        """Do what a typed command does; that is how menus do it, too."""
        if reason := self.speech.say(f"/{name} {rest}".strip()):
            self.note(reason)

    @Slot(result=bool)
    def is_operator(self) -> bool:
        """Whether one looks after the room that is looked at."""
        me = self._here.members.get(self.client.fold(self.client.nick)) if self._here else None
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
        if self._here is None:
            self.note("Go to a room first.")
            return
        for address in addresses:
            path = QUrl(address).toLocalFile()
            if path:
                self._sendings.send(Path(path), self._here)

    @Slot(result=bool)
    def paste_files(self) -> bool:
        """Send the files or the picture that are in the clipboard; whether there is any of these."""
        data = QGuiApplication.clipboard().mimeData()
        files = [url for url in data.urls() if url.isLocalFile()]
        if files:
            self.send_files(files)
        elif self._here is not None and not data.hasText() and (path := pasted_picture(self.desk.scratch)):
            self._pasted = (path, self._here)
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

    @Slot()
    def _keep_soon(self) -> None:
        """What was typed is on disk a moment later."""
        if not self._keeping.isActive():
            self._keeping.start()

    def _keep(self) -> None:
        self._visit.keep(self._here.name if self._here else "")

    def end(self) -> None:
        """Keep what is written, and let nothing go on."""
        self.compose.put_away()
        self._keep()
        for timer in (self._tidying, self._keeping, self._arriving, self._counting):
            timer.stop()
        self._sendings.end()
        self._pictures.end()


_HEARD: Final[dict[type[events.Event], Callable[[Chat, Any], None]]] = {
    events.MessageReceived: Chat._hear_message,
    events.MessageChanged: Chat._hear_message_changed,
    events.HistoryLoaded: Chat._hear_history,
    events.OutboxChanged: Chat._hear_outbox,
    events.ConversationOpened: Chat._hear_rooms,
    events.ConversationChanged: Chat._hear_conversation,
    events.ConversationClosed: Chat._hear_closed,
    events.MembersChanged: Chat._hear_members,
    events.PersonChanged: Chat._hear_person,
    events.EmojiChanged: Chat._hear_emoji,
    events.UnreadChanged: Chat._hear_unread,
    events.TypingChanged: Chat._hear_typing,
    events.DraftChanged: Chat._hear_draft,
    events.Welcomed: Chat._hear_welcomed,
    events.Disconnected: Chat._hear_disconnected,
    events.SearchFinished: Chat._hear_found,
    events.DirectoryChanged: Chat._hear_directory,
    events.NicknameRefused: Chat._hear_nick_refused,
}
