"""Going: to rooms and people, back to where one was, and to what a search has found."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal, Slot

from hubbub.client import event_text, events, navigation
from hubbub.client.chat_model import Conversation, Message
from hubbub.client.formatting import plain
from hubbub.client.navigation import one_line
from hubbub.desktop.qt_properties import Rows, Shown, part, shown
from hubbub.desktop.side_lists import shown_name

if TYPE_CHECKING:
    from hubbub.desktop.chat import Chat

WENT_MAX: Final = 50
"""How many places one can go back to."""
GOALS_MAX: Final = 200
"""So many are offered at once."""


class Ways(Shown):
    """The ways between conversations and messages."""

    changed = Signal()

    search_words = shown(str, "search_words", changed)
    """What came of a search."""

    goals = part("_goals")
    results = part("_results")

    def __init__(self, chat: "Chat") -> None:
        super().__init__(search_words="")
        self._chat = chat
        self._client = chat.client
        self._goals = Rows("key", "name", "hint", "unread")
        self._results = Rows("key", "where", "sender", "clock", "words")
        self._found: Sequence[tuple[str, Message]] = ()
        self._went: list[Conversation] = []
        self._at = 0
        self._wanted = ""
        """What is written in the quick switcher."""

    # To a conversation

    def went(self, conversation: Conversation) -> None:
        """Another conversation is looked at now."""
        self._went = [*self._went[: self._at + 1], conversation][-WENT_MAX:]
        self._at = len(self._went) - 1

    def closed(self, conversation: Conversation) -> None:
        """Nobody can go back there."""
        self._went = [one for one in self._went if one is not conversation]
        self._at = max(min(self._at, len(self._went) - 1), 0)

    @Slot(str)
    def go(self, name: str) -> None:
        """Look at a conversation that is open."""
        if conversation := self._client.find(name):
            self._chat.show(conversation)

    @Slot(str)
    def talk_to(self, nick: str) -> None:
        self._chat.attempt(lambda: self._chat.show(self._client.open(nick)))

    @Slot(str)
    def join(self, name: str) -> None:
        speech = self._chat.speech
        self._chat.attempt(lambda: speech.go_when_joined(speech.room_name(name), ""))

    @Slot()
    def begin_switch(self) -> None:
        """The quick switcher opens: what there is to go to is asked for anew."""
        self._wanted = ""
        self._client.directory.refresh()
        self.goals_changed()

    @Slot(str)
    def find_goals(self, text: str) -> None:
        """What the quick switcher offers for this text."""
        self._wanted = text
        self.goals_changed()

    def goals_changed(self) -> None:
        """There may be more to go to than before."""
        known = self._client.directory
        found = navigation.goals(self._chat.order(), self._wanted, known.rooms, known.people)
        self._goals.update(
            {
                "key": f"{goal.way.value} {goal.name}",
                "name": shown_name(self._client, goal.conversation) if goal.conversation else goal.words,
                "hint": plain(goal.topic),
                "unread": goal.conversation.unread if goal.conversation else 0,
            }
            for goal in found[:GOALS_MAX]
        )

    @Slot(str)
    def go_to_goal(self, key: str) -> None:
        way, _, name = key.partition(" ")
        {"go": self.go, "talk": self.talk_to, "join": self._enter, "make": self._enter}[way](name)

    def _enter(self, name: str) -> None:
        """A room that is listed, or that its user means to make."""
        self._chat.attempt(lambda: self._chat.speech.make_or_join(name))

    def _show(self, conversation: Conversation | None) -> None:
        if conversation is not None:
            self._chat.show(conversation)

    @Slot(int)
    def step(self, step: int) -> None:
        order, here = self._chat.order(), self._chat.here
        at = order.index(here) if here in order else -1
        self._show(order[(at + step) % len(order)] if order else None)

    @Slot(int)
    def step_unread(self, step: int) -> None:
        self._show(navigation.unread_step(self._chat.order(), self._chat.here, step))

    @Slot()
    def go_to_unread(self) -> None:
        self._show(navigation.first_unread(self._chat.order()))

    @Slot(int)
    def go_back(self, step: int) -> None:
        """To where one was before (-1), or was after that (1)."""
        at = self._at + step
        if 0 <= at < len(self._went):
            self._at = at
            self._chat.look_at(self._went[at])

    # To a message

    @Slot()
    def find_mentions(self) -> None:
        """Show the last mentions in the place of what a search has found."""
        mentions = navigation.mentions(self._chat.order())
        self._list((room.name, message, one_line(message, 160)) for room, message in mentions)
        self.put(search_words="Mentions of you." if mentions else "Nobody has mentioned you lately.")

    @Slot(str, bool)
    def begin_search(self, text: str, is_here: bool) -> None:
        if not text.strip():
            return
        self.put(search_words="Searching …")
        try:
            self._client.search.find(text, self._chat.here if is_here else None)
        except ValueError as error:
            self.put(search_words=str(error))

    def found(self, event: events.SearchFinished) -> None:
        """A search is over; the newest stands above."""
        self._list(
            (name, message, navigation.snippet(plain(message.text), event.query))
            for name, message in reversed(event.found)
        )
        count = len(self._found)
        words = f"{count} found." if count else "Nothing was found. Try fewer words."
        self.put(search_words=event.error or words)

    def _list(self, found: Iterable[tuple[str, Message, str]]) -> None:
        listed = list(found)
        self._found = [(name, message) for name, message, _ in listed]
        self._results.update(
            {
                "key": f"{name} {message.id}",
                "where": name,
                "sender": message.sender,
                "clock": event_text.date_and_clock(message.time_ms),
                "words": words,
            }
            for name, message, words in listed
        )

    @Slot(int)
    def go_to_found(self, row: int) -> None:
        if 0 <= row < len(self._found):
            name, message = self._found[row]
            conversation = self._client.open(name)
            self._chat.show(conversation)
            self._go_to_message(conversation, message.id)

    @Slot(str)
    def jump_to_key(self, message_id: str) -> None:
        """Go to a message of this conversation, wherever it stands."""
        if self._chat.here is not None and message_id:
            self._go_to_message(self._chat.here, message_id)

    def _go_to_message(self, conversation: Conversation, message_id: str) -> None:
        def jump() -> None:
            message = conversation.timeline.find(message_id)
            if message is not None and conversation is self._chat.here:
                self._chat.jump_to(message)

        if conversation.timeline.find(message_id):
            jump()
        else:
            self._client.history.around(conversation, message_id, jump)
