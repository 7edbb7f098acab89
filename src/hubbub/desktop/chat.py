"""The chat window's middle: what is looked at, what is heard, and what its user does with it."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Property, QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication

from hubbub.client import events, finding, telling
from hubbub.client.colours import ON_DARK, ON_LIGHT, colour_of
from hubbub.client.emoji import EMOJI
from hubbub.client.finding import Way, in_order, one_line
from hubbub.client.formatting import links, plain
from hubbub.client.model import Conversation, Kind, Message, Outgoing, Person
from hubbub.client.rooms import sorted_members
from hubbub.client.speech import Speech
from hubbub.client.words import WORDS
from hubbub.connection.visit import Visit
from hubbub.desktop.keys import KEYS
from hubbub.desktop.messages import Manner, MessageModel
from hubbub.desktop.sendings import Pictures, Sendings, pasted_picture
from hubbub.desktop.shown import Rows, Shown, shown
from hubbub.desktop.writing import Writing

if TYPE_CHECKING:
    from hubbub.desktop.desk import Desk

MEMBERS_MAX: Final = 1_000
"""How many members are listed; of more it is told how many."""
EMOJI_MAX: Final = 120
_TIDY_MS: Final = 30
_KEEP_MS: Final = 1_000
_LOST_MS: Final = 1_000
"""How long a server may take to put its user into rooms."""
_WENT_MAX: Final = 50


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
    asked = Signal(str, str, str, int)
    """A question: title, text, the button's words, and the row that it is about."""

    ready = Signal()

    title = shown(str, "title", changed)
    topic = shown(str, "topic", changed)
    is_room = shown(bool, "is_room", changed)
    membership = shown(str, "membership", changed)
    headcount = shown(int, "headcount", changed)
    typing = shown(str, "typing", changed)
    alert = shown(str, "alert", changed)
    can_retry = shown(bool, "can_retry", changed)
    nick = shown(str, "nick", changed)
    standing = shown(str, "standing", changed)
    """Away, a guest, or signed in."""
    network = shown(str, "network", changed)
    lock = shown(str, "lock", changed)
    unread = shown(int, "unread", changed)
    mentions = shown(int, "mentions", changed)
    here_key = shown(str, "here_key", changed)
    search_words = shown(str, "search_words", changed)
    has_fresh = shown(bool, "has_fresh", changed)

    def __init__(self, visit: Visit, desk: "Desk") -> None:
        super().__init__(
            **dict.fromkeys(("title", "topic", "membership", "typing", "alert", "standing", "lock"), ""),
            **dict.fromkeys(("here_key", "search_words"), ""),
            **dict.fromkeys(("is_room", "can_retry", "has_fresh"), False),
            **dict.fromkeys(("headcount", "unread", "mentions"), 0),
            nick=visit.client.nick,
            network=str(visit.address),
        )
        self.client = client = visit.client
        self.desk = desk
        self._visit = visit
        self.speech = Speech(client, self)
        self.console = Conversation(str(visit.address), is_room=False)
        """What is told while one is in no conversation."""
        self._here: Conversation | None = None
        self._first_here = client.fold(visit.first_here) if visit.first_here else ""
        self._chosen: Message | None = None
        self._is_at_end = True
        self._dirty: set[str] = set()
        self._went: list[Conversation] = []
        self._went_at = 0
        self._found: Sequence[tuple[str, Message]] = ()
        self._pictures = Pictures(client, desk.remembered.known, self._picture_came)
        self._messages = MessageModel(client, self._manner(), self._pictures.find)
        self._messages.show(self.console)
        self._rooms = Rows(
            "key",
            "name",
            "isRoom",
            "isHere",
            "isGone",
            "unread",
            "mentions",
            "hasDraft",
            "presence",
            "spoken",
        )
        self._members = Rows("key", "name", "rank", "isAway", "isBot", "status", "colour", "spoken")
        self._goals = Rows("key", "name", "hint", "unread")
        self._results = Rows("key", "where", "sender", "clock", "words")
        self._emoji = Rows("picture", "name")
        self._writing = Writing(client, self.speech, lambda: self._here, self.attempt)
        self._sendings = Sendings(client, desk.remembered.known)
        self._sendings.note.connect(self.note)
        self._writing.drafted.connect(self._keep_soon)
        self._writing.sent.connect(self.to_end)
        self._tidying = self._timer(_TIDY_MS, self._tidy)
        self._keeping = self._timer(_KEEP_MS, self._keep)
        self._losing = self._timer(_LOST_MS, self._show_ways)
        self._tidy_soon("rooms", "title", "members", "state")

    def _timer(self, milliseconds: int, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(then)
        return timer

    # What the window finds in it

    @Property(QObject, constant=True)
    def messages(self) -> QObject:
        return self._messages

    @Property(QObject, constant=True)
    def rooms(self) -> QObject:
        return self._rooms

    @Property(QObject, constant=True)
    def members(self) -> QObject:
        return self._members

    @Property(QObject, constant=True)
    def goals(self) -> QObject:
        return self._goals

    @Property(QObject, constant=True)
    def results(self) -> QObject:
        return self._results

    @Property(QObject, constant=True)
    def emoji(self) -> QObject:
        return self._emoji

    @Property(QObject, constant=True)
    def writing(self) -> QObject:
        return self._writing

    @Property(QObject, constant=True)
    def sendings(self) -> QObject:
        return self._sendings

    def _manner(self) -> Manner:
        return Manner(self.desk.is_dark, self.desk.remembered.settings.clock == 24)

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
        self.console.timeline.append(Message(Kind.NOTE, "", text, int(time.time() * 1000)))
        self._tidy_soon("messages")

    def show(self, conversation: Conversation) -> None:
        if conversation is not self._here:
            self._look_at(conversation)
            self._went = [*self._went[: self._went_at + 1], conversation][-_WENT_MAX:]
            self._went_at = len(self._went) - 1
        self.to_end.emit()

    def _look_at(self, conversation: Conversation | None) -> None:
        self._writing.put_away()
        self._here, self._chosen = conversation, None
        self._is_at_end = True
        unread = conversation.first_unread() if conversation else None
        self._messages.show(conversation or self.console, unread)
        self._writing.come_to(conversation)
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
        elif action == "send" and self._here is not None:
            self._sendings.send(Path(rest).expanduser(), self._here)

    def leave(self, reason: str) -> None:
        self.desk.leave(reason)

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
        handler = _HEARD.get(type(event))
        if handler is not None:
            handler(self, event)

    def _hear_message(self, event: events.MessageReceived) -> None:
        message, conversation = event.message, event.conversation
        if conversation is self._here:
            self._tidy_soon("messages")
        if not message.is_own and message.is_mention and not (conversation is self._here and self._sees_end):
            place = f" in {conversation.name}" if conversation.is_room else ""
            self.desk.ring(f"{message.sender}{place}", one_line(message, 300), conversation.name)

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
        self._went = [one for one in self._went if one is not event.conversation]
        self._went_at = max(min(self._went_at, len(self._went) - 1), 0)
        if event.conversation is self._here:
            self._look_at(next(iter(self._order()), None))

    def _hear_members(self, event: events.MembersChanged) -> None:
        if event.conversation is self._here:
            self._tidy_soon("members", "title")

    def _hear_person(self, event: events.PersonChanged) -> None:
        self._tidy_soon("members", "rooms", "state")

    def _hear_unread(self, event: events.UnreadChanged) -> None:
        self._tidy_soon("rooms", "state")
        if event.conversation is self._here:
            self._read()

    def _hear_typing(self, event: events.TypingChanged) -> None:
        if event.conversation is self._here:
            self._tidy_soon("typing")

    def _hear_welcomed(self, event: events.Welcomed) -> None:
        self.put(alert="", can_retry=False)
        self._tidy_soon("rooms", "title", "members", "state")
        if not event.again:
            self.console.name = self.client.server.network
            for line in self.client.server.motd:
                self.note(line)
            self._losing.start()

    def _show_ways(self) -> None:
        """Somebody who is in no room is told which there are."""
        if self._here is None and self.client.is_here:
            self.note("You are in no room yet. Ctrl+K goes to one, or write /join ROOM.")
            self.client.ask("LIST")

    def _hear_disconnected(self, event: events.Disconnected) -> None:
        self._tidy_soon("rooms", "title", "members", "state")
        if event.retry_seconds is not None:
            again = f"Trying again in {max(round(event.retry_seconds), 1)} s."
            self.put(alert=f"{event.reason} {again} What you write is kept and sent then.", can_retry=True)
        elif not self.client.has_left:
            self.put(alert=event.reason, can_retry=False)

    def _hear_found(self, event: events.SearchFinished) -> None:
        self._found = tuple(reversed(event.found))
        self._results.update(
            {
                "key": f"{name} {message.id}",
                "where": name,
                "sender": message.sender,
                "clock": telling.date_and_clock(message.time_ms),
                "words": finding.snippet(plain(message.text), event.query),
            }
            for name, message in self._found
        )
        count = len(self._found)
        words = f"{count} found." if count else "Nothing was found. Try fewer words."
        self.put(search_words=event.error or words)

    def _hear_nick_refused(self, event: events.NicknameRefused) -> None:
        self.note(f"{event.reason.rstrip('.')}. Write /nick NAME to take another one.")

    def _picture_came(self, message: Message) -> None:
        self._messages.changed(message)

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
        if "rooms" in parts:
            self._rooms.update(self._room_rows())
        if "members" in parts:
            self._members.update(self._member_rows())
        if "title" in parts or "typing" in parts:
            self.put(
                title=self._name_of(here) if here else self.console.name,
                topic=plain(here.topic) if here else "",
                is_room=here.is_room if here else False,
                membership=telling.membership(here) if here else "",
                headcount=len(here.members) if here else 0,
                typing=telling.typing(list(here.typing)) if here else "",
                here_key=here.name if here else "",
                has_fresh=self._messages.unread is not None,
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

    def _name_of(self, conversation: Conversation) -> str:
        person = None if conversation.is_room else self.client.people.find(conversation.name)
        return person.display_name if person else conversation.name

    def _order(self) -> list[Conversation]:
        return in_order(self.client.conversations.values())

    def _room_rows(self) -> Iterable[Mapping[str, Any]]:
        for one in self._order():
            name = self._name_of(one)
            person = None if one.is_room else self.client.people.find(one.name)
            is_gone = one.is_room and not one.is_joined
            unread = f", {one.unread} unread" if one.unread else ""
            mentions = f", {one.mentions} for you" if one.mentions else ""
            yield {
                "key": one.name,
                "name": name.removeprefix("#") if one.is_room else name,
                "isRoom": one.is_room,
                "isHere": one is self._here,
                "isGone": is_gone,
                "unread": one.unread,
                "mentions": one.mentions,
                "hasDraft": bool(one.draft) and one is not self._here,
                "presence": _presence(person),
                "spoken": f"{name}{unread}{mentions}",
            }

    def _member_rows(self) -> Iterable[Mapping[str, Any]]:
        here = self._here
        members = sorted_members(self.client, here.members.values()) if here else []
        colours = ON_DARK if self.desk.is_dark else ON_LIGHT
        for member in members[:MEMBERS_MAX]:
            person = member.person
            status = plain(person.metadata.get("status", ""))
            words = (
                person.display_name,
                "operator" if "@" in member.ranks else "",
                "away" if person.is_away else "",
                status,
            )
            yield {
                "key": person.nick,
                "name": person.display_name,
                "rank": member.ranks[:1],
                "isAway": person.is_away,
                "isBot": person.is_bot,
                "status": status,
                "colour": colour_of(self.client.fold(person.nick), colours),
                "spoken": ", ".join(word for word in words if word),
            }

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
        if self._writing.cancel():
            return True
        self._messages.mark(None)
        self._tidy_soon("title")
        self.to_end.emit()
        return False

    @Slot()
    def jump_unread(self) -> None:
        unread = self._messages.unread or (self._here.first_unread() if self._here else None)
        if unread is not None:
            self._jump_to(unread)

    def _jump_to(self, message: Message) -> None:
        self._messages.sync()
        place = self._messages.place(message)
        if place is not None:
            self.jump.emit(place)

    @Slot(str)
    def jump_to_key(self, message_id: str) -> None:
        """Go to a message of this conversation, wherever it stands."""
        if self._here is not None and message_id:
            self._go_to_message(self._here, message_id)

    # Going

    @Slot(str)
    def go(self, name: str) -> None:
        """Look at a conversation that is open."""
        if conversation := self.client.find(name):
            self.show(conversation)

    @Slot(str)
    def talk_to(self, nick: str) -> None:
        self.attempt(lambda: self.show(self.client.open(nick)))

    @Slot(str)
    def join(self, name: str) -> None:
        self.attempt(lambda: self.speech.go_when_joined(self.speech.room_name(name), ""))

    @Slot(str)
    def find_goals(self, text: str) -> None:
        """What the quick switcher offers for this text."""
        words = {Way.JOIN: "Join this room", Way.TALK: "Talk to them privately"}
        self._goals.update(
            {
                "key": f"{goal.way.value} {goal.name}",
                "name": self._name_of(goal.conversation) if goal.conversation else goal.name,
                "hint": plain(goal.conversation.topic) if goal.conversation else words[goal.way],
                "unread": goal.conversation.unread if goal.conversation else 0,
            }
            for goal in finding.goals(self._order(), text)
        )

    @Slot(str)
    def go_to_goal(self, key: str) -> None:
        way, _, name = key.partition(" ")
        {"go": self.go, "talk": self.talk_to, "join": self.join}[way](name)

    @Slot(int)
    def step(self, step: int) -> None:
        order = self._order()
        if order:
            at = order.index(self._here) if self._here in order else -1
            self.show(order[(at + step) % len(order)])

    @Slot(int)
    def step_unread(self, step: int) -> None:
        if found := finding.unread_step(self._order(), self._here, step):
            self.show(found)

    @Slot()
    def go_to_unread(self) -> None:
        if found := finding.first_unread(self._order()):
            self.show(found)

    @Slot(int)
    def go_back(self, step: int) -> None:
        """To where one was before (-1), or was after that (1)."""
        at = self._went_at + step
        if 0 <= at < len(self._went):
            self._went_at = at
            self._look_at(self._went[at])
            self.to_end.emit()

    @Slot()
    def find_mentions(self) -> None:
        """Show the last mentions in the place of what a search has found."""
        self._found = tuple((room.name, message) for room, message in finding.mentions(self._order()))
        self._results.update(
            {
                "key": f"{name} {message.id}",
                "where": name,
                "sender": message.sender,
                "clock": telling.date_and_clock(message.time_ms),
                "words": one_line(message, 160),
            }
            for name, message in self._found
        )
        self.put(search_words="Mentions of you." if self._found else "Nobody has mentioned you lately.")

    @Slot(str, bool)
    def begin_search(self, text: str, is_here: bool) -> None:
        if not text.strip():
            return
        self.put(search_words="Searching …")
        try:
            self.client.search.find(text, self._here if is_here else None)
        except ValueError as error:
            self.put(search_words=str(error))

    @Slot(int)
    def go_to_found(self, row: int) -> None:
        if 0 <= row < len(self._found):
            name, message = self._found[row]
            conversation = self.client.open(name)
            self.show(conversation)
            self._go_to_message(conversation, message.id)

    def _go_to_message(self, conversation: Conversation, message_id: str) -> None:
        def jump() -> None:
            message = conversation.timeline.find(message_id)
            if message is not None and conversation is self._here:
                self._jump_to(message)

        if conversation.timeline.find(message_id):
            jump()
        else:
            self.client.history.around(conversation, message_id, jump)

    # What is done with a message

    def _at(self, row: int) -> tuple[Conversation, Message] | None:
        message = self._messages.message(row)
        return (self._here, message) if message is not None and self._here is not None else None

    @Slot(int, result="QVariantMap")
    def may(self, row: int) -> dict[str, bool]:
        """What can be done with the message in a row."""
        found = self._at(row)
        if found is None:
            return {}
        message, server = found[1], self.client.server
        return {
            "reply": bool(message.id),
            "react": bool(message.id) and server.has("message-tags"),
            "edit": message.is_own and bool(message.id) and server.has("hubbub/edit"),
            "delete": bool(message.id) and server.has("draft/message-redaction"),
            "report": not message.is_own and bool(message.id) and server.has("hubbub/report"),
            "open": bool(links(message.text)),
        }

    @Slot(int)
    def reply(self, row: int) -> None:
        if found := self._at(row):
            self._writing.reply_to(found[1])

    @Slot(int)
    def edit(self, row: int) -> None:
        if found := self._at(row):
            self._writing.edit(found[1])

    @Slot(int, str)
    def react(self, row: int, reaction: str) -> None:
        """Give a reaction, or take it back."""
        if found := self._at(row):
            here, message = found
            given = self.client.nick not in message.reactions.get(reaction, [])
            self.attempt(lambda: self.client.react(here, message, reaction, given))

    @Slot(int)
    def ask_delete(self, row: int) -> None:
        if found := self._at(row):
            words = f"{found[1].sender}: {one_line(found[1], 200)}"
            self._chosen = found[1]
            self.asked.emit("Delete this message?", words, "Delete it", row)

    @Slot()
    def delete(self) -> None:
        """The question about the chosen message was answered with yes; the row may be another one by now."""
        here, message = self._here, self._chosen
        if here is not None and message is not None:
            self.attempt(lambda: self.client.delete(here, message))

    @Slot(int, str)
    def report(self, row: int, reason: str) -> None:
        if found := self._at(row):
            here, message = found
            self.attempt(lambda: self.client.report(here, message, reason))

    @Slot(int)
    def copy(self, row: int) -> None:
        if found := self._at(row):
            QGuiApplication.clipboard().setText(plain(found[1].text))

    @Slot(int)
    def open_link(self, row: int) -> None:
        found = self._at(row)
        if found and (addresses := links(found[1].text)):
            self.open(addresses[0])

    @Slot(str)
    def open(self, address: str) -> None:
        """Open a link: one to a chat here, any other where the system opens such."""
        if address.startswith("hubbub://"):
            self.desk.follow(address)
        elif address.startswith(("http://", "https://")):
            QDesktopServices.openUrl(QUrl(address))

    @Slot(int)
    def mark_unread(self, row: int) -> None:
        if found := self._at(row):
            here, message = found
            self._is_at_end = False
            self.client.markers.mark_unread(here, message)
            self._messages.mark(message)
            self._tidy_soon("title")

    @Slot(int)
    def again(self, row: int) -> None:
        """Send once more what has failed."""
        item = self._messages.item(row)
        if isinstance(item, Outgoing):
            self.client.outbox.again(item)

    @Slot(int)
    def drop(self, row: int) -> None:
        """Take back what has failed."""
        item = self._messages.item(row)
        if isinstance(item, Outgoing):
            self.client.outbox.drop(item)

    @Slot(str)
    def find_emoji(self, text: str) -> None:
        self._emoji.update(
            {"picture": picture, "name": name.replace("_", " ")}
            for picture, name in finding.emoji_like(text, EMOJI, EMOJI_MAX)
        )

    # People and rooms

    @Slot(str, str)
    def word(self, name: str, rest: str) -> None:
        """Do what a typed command does; that is how menus do it, too."""
        self.speech.say(f"/{name} {rest}".strip())

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
    def paste_picture(self) -> bool:
        """Send the picture that is in the clipboard; whether there is one."""
        if self._here is None or QGuiApplication.clipboard().mimeData().hasText():
            return False
        path = pasted_picture(self.desk.scratch)
        if path is not None:
            self._sendings.send(path, self._here)
        return path is not None

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
        self._writing.put_away()
        self._keep()
        for timer in (self._tidying, self._keeping, self._losing):
            timer.stop()
        self._sendings.end()
        self._pictures.end()


def _presence(person: Person | None) -> str:
    if person is None or person.is_online is None:
        return ""
    return "away" if person.is_online and person.is_away else "here" if person.is_online else "gone"


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
    events.UnreadChanged: Chat._hear_unread,
    events.TypingChanged: Chat._hear_typing,
    events.Welcomed: Chat._hear_welcomed,
    events.Disconnected: Chat._hear_disconnected,
    events.SearchFinished: Chat._hear_found,
    events.NicknameRefused: Chat._hear_nick_refused,
}
