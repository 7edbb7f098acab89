"""The presenter: what every face of a chat decides alike, and the state behind it; the face draws."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from hubbub.client import events
from hubbub.client.chat_model import Conversation, Kind, Message
from hubbub.client.chat_view import View
from hubbub.client.client import Client
from hubbub.client.commands import WORDS
from hubbub.client.composition import Composition
from hubbub.client.input_parser import Speech
from hubbub.client.member_list import MemberList
from hubbub.client.navigation import Goal, Way, first_unread, goals, in_order, one_line, unread_step
from hubbub.client.outage import Outage
from hubbub.client.profiles import ask_last_seen, deeds
from hubbub.client.visited import Visited


class Presenter:
    """The presenter of one chat for terminal and desktop. Pure: `clock` gives the time in milliseconds."""

    def __init__(self, client: Client, view: View, clock: Callable[[], int], place_name: str) -> None:
        self.client = client
        self.view = view
        self.here: Conversation | None = None
        """The conversation that is looked at."""
        self.console = Conversation(place_name, is_room=False)
        """The notes shown while the user is in no conversation."""
        self.speech = Speech(client, self)
        self.writing = Composition(self.speech, view)
        self.members = MemberList(client)
        self._visited = Visited()
        self._outage = Outage()
        self._clock = clock
        self._first_here = ""

    # The conversation that is looked at

    def begin_at(self, name: str) -> None:
        """Look at the conversation of this name once the user is in it: where they were the last time."""
        self._first_here = self.client.fold(name) if name else ""

    def begin(self) -> None:
        """Look at a room that the user is in already, if there is any."""
        rooms = [room for room in self.order() if room.is_joined]
        if rooms:
            self.show(min(rooms, key=lambda room: self.client.fold(room.name) != self._first_here))

    def order(self) -> list[Conversation]:
        """The conversations as they are listed."""
        return in_order(self.client.conversations.values())

    def show(self, conversation: Conversation) -> None:
        """Look at the end of a conversation."""
        if conversation is not self.here:
            self._visited.went(conversation)
            self.look_at(conversation)
        self.view.go_to_end()

    def look_at(self, conversation: Conversation | None) -> None:
        """Look at a conversation or at none; the ways back and forward stay as they are."""
        self.writing.leave()
        self.here = conversation
        self.members.begin()
        self.view.show_messages(conversation, conversation.first_unread() if conversation else None)
        self.writing.come_to(conversation)
        if conversation is not None:
            self.client.look_at(conversation)
            if not conversation.is_room:
                self.client.directory.learn(conversation.name)
        self.view.tidy_soon("rooms", "title", "members", "typing")
        self.view.keep_soon()

    def note(self, text: str, conversation: Conversation | None = None) -> None:
        """Tell the user something, in a conversation or where they look."""
        where = conversation or self.here
        if where is not None:
            self.client.messages.note(where, text)
            return
        message = Message(Kind.NOTE, "", text, self._clock())
        self.console.timeline.append(message)
        self.view.message_arrived(message)

    # What a typed line asks of the face

    def selected(self) -> Message | None:
        return self.view.selected()

    def search(self, text: str) -> None:
        self.view.search(text)

    def read(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        self.view.read(title, rows)

    def act(self, action: str, rest: str) -> None:
        """Do what a command of the face says."""
        _ACTIONS[action](self, rest)

    def _clear(self, rest: str) -> None:
        self.view.clear()

    def _send_file(self, rest: str) -> None:
        self.view.send_file(rest)

    def _set(self, rest: str) -> None:
        name, _, value = rest.partition(" ")
        if not name:
            rows = self.view.preferences.settings_in_words()
            self.note("\n".join(["Settings (to change one, write /set NAME VALUE):", *rows]))
        elif not value:
            raise ValueError(f"Write: /set {name} VALUE")
        else:
            self.note(self.view.preferences.set(name, value))
            self.view.settings_changed()

    def leave(self, reason: str) -> None:
        self.view.leave(reason)

    @property
    def asks_first(self) -> bool:
        return self.view.preferences.settings.newrooms == "ask"

    def ask(self, title: str, text: str, yes: str, then: Callable[[], None]) -> None:
        self.view.ask(title, text, yes, lambda: self.attempt(then))

    def attempt(self, do: Callable[[], object]) -> None:
        """Do an action that the client may refuse; show the refusal to the user."""
        try:
            do()
        except ValueError as error:
            self.note(str(error))

    # What happens

    def heard(self, event: events.Event) -> None:
        """Show what has happened, soon."""
        self.speech.heard(event)
        if isinstance(event, events.Welcomed | events.Connecting | events.Disconnected):
            self._outage.heard(event, self._clock())
            self.tell_outage()
        handler = _HEARD.get(type(event))
        if handler is not None:
            handler(self, event)

    def _hear_message(self, event: events.MessageReceived) -> None:
        message, conversation = event.message, event.conversation
        if conversation is self.here:
            self.view.message_arrived(message)
        is_seen = conversation is self.here and self.view.sees_end
        if message.is_mention and not message.is_own and not is_seen:
            self.view.ring(conversation, message)

    def _hear_message_changed(self, event: events.MessageChanged) -> None:
        if event.conversation is self.here:
            # Answers to it show its words, too.
            self.view.messages_changed()

    def _hear_history(self, event: events.HistoryLoaded) -> None:
        if event.conversation is self.here:
            if self.view.unread_line is None:
                self.view.mark(event.conversation.first_unread())
            self.view.messages_changed()
            self.view.tidy_soon("title")
            self.mark_read()

    def _hear_outbox(self, event: events.OutboxChanged) -> None:
        self.view.keep_soon()
        if event.conversation is self.here:
            self.view.messages_changed(event.outgoing)

    def _hear_opened(self, event: events.ConversationOpened) -> None:
        self.view.tidy_soon("rooms")

    def _hear_conversation(self, event: events.ConversationChanged) -> None:
        self.view.tidy_soon("rooms", "title", "members")
        conversation = event.conversation
        is_wanted = self.client.fold(conversation.name) == self._first_here
        if conversation.is_joined and (self.here is None or is_wanted):
            if is_wanted:
                self._first_here = ""
            self.show(conversation)

    def _hear_closed(self, event: events.ConversationClosed) -> None:
        self.view.tidy_soon("rooms")
        self._visited.closed(event.conversation)
        if event.conversation is self.here:
            self.look_at(next(iter(self.order()), None))

    def _hear_members(self, event: events.MembersChanged) -> None:
        if event.conversation is self.here:
            self.view.tidy_soon("members", "title")

    def _hear_person(self, event: events.PersonChanged) -> None:
        # What they have said stands under another name now, or beside another picture.
        self.view.tidy_soon("members", "rooms", "title", "state", "names")

    def _hear_unread(self, event: events.UnreadChanged) -> None:
        self.view.tidy_soon("rooms", "state")
        if event.conversation is self.here:
            self.mark_read()

    def _hear_typing(self, event: events.TypingChanged) -> None:
        if event.conversation is self.here:
            self.view.tidy_soon("typing")

    def _hear_draft(self, event: events.DraftChanged) -> None:
        self.writing.drafted_elsewhere(event.conversation)
        self.view.tidy_soon("rooms")
        self.view.keep_soon()

    def _hear_emoji(self, event: events.EmojiChanged) -> None:
        self.view.messages_changed()

    def _hear_welcomed(self, event: events.Welcomed) -> None:
        self.view.tidy_soon("rooms", "title", "members", "state")
        ask_last_seen(self.client)
        if not event.again:
            self.console.name = self.client.server.network
            for line in self.client.server.motd:
                self.note(line)
            self.view.show_ways_soon()

    def show_ways(self) -> None:
        """Tell a user who is in no room which rooms there are."""
        if self.here is None and self.client.is_here:
            self.note("You are not in a room yet. Press Ctrl+K, or write /join ROOM.")
            self.client.ask("LIST")

    def _hear_disconnected(self, event: events.Disconnected) -> None:
        self.view.tidy_soon("rooms", "title", "members", "state")

    def tell_outage(self) -> None:
        """Give the banner its words while there is no connection; they count down."""
        words = self._outage.words(self._clock(), self.view.preferences.settings.clock == 24)
        is_told = not self.client.has_left
        can_retry = is_told and self._outage.can_retry
        self.view.show_outage(words if is_told else "", can_retry, self._outage.is_counting)

    def _hear_found(self, event: events.SearchFinished) -> None:
        self.view.show_found(event)

    def _hear_nick_refused(self, event: events.NicknameRefused) -> None:
        self.note(event.reason)
        self.note("Write: /nick NAME")

    def _hear_directory(self, event: events.DirectoryChanged) -> None:
        self.view.goals_changed()

    # Reading

    def mark_read(self) -> None:
        """Count everything here as read, if the user sees the newest message."""
        if self.here is not None and self.view.sees_end and not self.view.is_covered:
            self.client.markers.mark_read(self.here)

    def mark_unread(self, message: Message) -> None:
        """Let everything from a message of this conversation on be unread."""
        if self.here is not None:
            self.client.markers.mark_unread(self.here, message)
            self.view.mark(message)

    def near_top(self) -> None:
        """The oldest messages come into sight: ask for older ones."""
        if self.here is not None and not self.here.timeline.is_whole:
            self.client.history.older(self.here)

    def gap_seen(self, message: Message) -> None:
        """A place is in sight where something may be missing before a message: ask for it."""
        if self.here is not None and message.follows_gap:
            self.client.history.close_gap(self.here, message)

    def jump_unread(self) -> None:
        """Go to the oldest message that is unread."""
        unread = self.view.unread_line or (self.here.first_unread() if self.here else None)
        if unread is not None:
            self.view.jump_to(unread)

    def settle(self) -> None:
        """Go to the end, with everything read."""
        self.view.mark(None)
        self.view.go_to_end()
        self.mark_read()

    # Going

    def _go_to(self, conversation: Conversation | None) -> None:
        if conversation is not None:
            self.show(conversation)

    def go(self, name: str) -> None:
        """Look at a conversation that is open."""
        self._go_to(self.client.find(name))

    def talk_to(self, nick: str) -> None:
        """Look at the conversation with one person."""
        self.attempt(lambda: self.show(self.client.open(nick)))

    def enter(self, name: str) -> None:
        """Join a room that is listed, or that the user means to make."""
        self.attempt(lambda: self.speech.make_or_join(name))

    def goals(self, text: str) -> list[Goal]:
        """The quick switcher's matches for a text; people who are not known yet are looked for."""
        directory = self.client.directory
        directory.seek(text.strip())
        return goals(self.order(), text, directory.rooms, directory.people)

    def goals_note(self) -> str:
        """Why the quick switcher does not offer people who are offline, where the server knows them; or nothing."""
        refusal = self.client.directory.refusal
        return f"Only people who are online are listed. {refusal}" if refusal else ""

    def go_to_goal(self, key: str) -> None:
        """Go where the quick switcher says: a `Way`'s word and a name, with a space between them."""
        way, _, name = key.partition(" ")
        _WAYS[Way(way)](self, name)

    def step(self, step: int) -> None:
        """Look at the next conversation of the list (1) or the previous one (-1), around its end."""
        order = self.order()
        at = order.index(self.here) if self.here in order else -1
        self._go_to(order[(at + step) % len(order)] if order else None)

    def step_unread(self, step: int) -> None:
        """The same among those with something unread."""
        self._go_to(unread_step(self.order(), self.here, step))

    def go_to_unread(self) -> None:
        """Look at the first conversation with something unread, mentions first."""
        self._go_to(first_unread(self.order()))

    def go_back(self, step: int) -> None:
        """Look at what was looked at before (-1), or after that (1)."""
        if (conversation := self._visited.step(step)) is not None:
            self.look_at(conversation)

    def begin_search(self, text: str, where: Conversation | None) -> str:
        """Search in a conversation, or in all; why that can't be, or nothing."""
        try:
            self.client.search.find(text, where)
        except ValueError as error:
            return str(error)
        return ""

    def go_to_found(self, name: str, message_id: str) -> None:
        """Go to a message, in whatever conversation."""
        conversation = self.client.open(name)
        self.show(conversation)
        self.go_to_message(conversation, message_id)

    def go_to_message(self, conversation: Conversation, message_id: str) -> None:
        """Go to a message of the conversation that is looked at; ask for what stands around it if it is not known."""

        def jump() -> None:
            message = conversation.timeline.find(message_id)
            if message is not None and conversation is self.here:
                self.view.messages_changed()
                self.view.jump_to(message, was_sought=True)

        if conversation.timeline.find(message_id):
            jump()
        else:
            self.client.history.around(conversation, message_id, jump)

    # Members

    def find_members(self, text: str) -> None:
        """List the members in whose names a text is found; all of them for none."""
        if text != self.members.wanted:
            self.members.wanted = text
            self.view.tidy_soon("members")

    def toggle_offline(self) -> None:
        """List the members who are offline, or only their number."""
        self.members.is_unfolded = not self.members.is_unfolded
        self.view.tidy_soon("members")

    def deeds(self, nick: str) -> list[tuple[str, str]]:
        """What the user can do with a member, online or not, as `(command, description)`."""
        here = self.here
        me = here.members.get(self.client.fold(self.client.nick)) if here else None
        return deeds(me, self.client.people.name(nick))

    def command(self, name: str, rest: str) -> None:
        """Do what a typed command does; a menu does it that way, too."""
        if reason := self.speech.say(f"/{name} {rest}".strip()):
            self.note(reason)

    # What is done with messages

    def react(self, message: Message, reaction: str) -> None:
        """Give a reaction, or take it back."""
        here = self.here
        if here is not None:
            given = self.client.nick not in message.reactions.get(reaction, [])
            self.attempt(lambda: self.client.react(here, message, reaction, given))

    def ask_delete(self, message: Message) -> None:
        """Delete a message, if the user says yes; they may look elsewhere when the answer comes."""
        here = self.here
        if here is None:
            return

        def delete() -> None:
            self.attempt(lambda: self.client.delete(here, message))

        words = f"{message.sender}: {one_line(message, 200)}"
        self.view.ask("Delete this message?", words, "Delete", delete, is_grave=True)

    def hurry(self) -> None:
        """Try to connect now, or send again what has failed."""
        if not self.client.is_here:
            self.view.connect_now()
        elif self.here is not None:
            WORDS["again"].do(self.speech, "")


_ACTIONS: Final[dict[str, Callable[[Presenter, str], None]]] = {
    "clear": Presenter._clear,
    "set": Presenter._set,
    "send": Presenter._send_file,
}

_WAYS: Final[dict[Way, Callable[[Presenter, str], None]]] = {
    Way.GO: Presenter.go,
    Way.TALK: Presenter.talk_to,
    Way.JOIN: Presenter.enter,
    Way.MAKE: Presenter.enter,
}

_HEARD: Final[dict[type[events.Event], Callable[[Presenter, Any], None]]] = {
    events.MessageReceived: Presenter._hear_message,
    events.MessageChanged: Presenter._hear_message_changed,
    events.HistoryLoaded: Presenter._hear_history,
    events.OutboxChanged: Presenter._hear_outbox,
    events.ConversationOpened: Presenter._hear_opened,
    events.ConversationChanged: Presenter._hear_conversation,
    events.ConversationClosed: Presenter._hear_closed,
    events.MembersChanged: Presenter._hear_members,
    events.PersonChanged: Presenter._hear_person,
    events.EmojiChanged: Presenter._hear_emoji,
    events.UnreadChanged: Presenter._hear_unread,
    events.TypingChanged: Presenter._hear_typing,
    events.DraftChanged: Presenter._hear_draft,
    events.Welcomed: Presenter._hear_welcomed,
    events.Disconnected: Presenter._hear_disconnected,
    events.SearchFinished: Presenter._hear_found,
    events.DirectoryChanged: Presenter._hear_directory,
    events.NicknameRefused: Presenter._hear_nick_refused,
}
