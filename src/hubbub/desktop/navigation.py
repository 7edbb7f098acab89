"""Going: to rooms and people, back to where one was, and to what a search has found."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal, Slot

from hubbub.client import event_text, events, navigation
from hubbub.client.chat_model import Message
from hubbub.client.formatting import plain
from hubbub.client.navigation import one_line
from hubbub.desktop.qt_properties import Rows, Shown, part, shown
from hubbub.desktop.side_lists import shown_name

if TYPE_CHECKING:
    from hubbub.desktop.chat import Chat

GOALS_MAX: Final = 200
"""So many are offered at once."""


class Navigation(Shown):
    """The ways between conversations and messages."""

    changed = Signal()

    search_words = shown(str, "search_words", changed)
    """A sentence about the search's result."""

    goals_note = shown(str, "goals_note", changed)
    """Why people who are offline are not offered."""

    goals = part("_goals")
    results = part("_results")

    def __init__(self, chat: "Chat") -> None:
        super().__init__(search_words="", goals_note="")
        self._client = chat.client
        self._presenter = chat.presenter
        self._goals = Rows("key", "name", "hint", "unread")
        self._results = Rows("key", "where", "sender", "clock", "words")
        self._found: Sequence[tuple[str, Message]] = ()
        self._wanted = ""
        """The text in the quick switcher."""

    # To a conversation

    @Slot(str)
    def go(self, name: str) -> None:
        """Look at a conversation that is open."""
        self._presenter.go(name)

    @Slot(str)
    def talk_to(self, nick: str) -> None:
        self._presenter.talk_to(nick)

    @Slot(str)
    def join(self, name: str) -> None:
        speech = self._presenter.speech
        self._presenter.attempt(lambda: speech.go_when_joined(speech.room_name(name), ""))

    @Slot()
    def begin_switch(self) -> None:
        """The quick switcher opens: what there is to go to is asked for anew."""
        self._wanted = ""
        self._client.directory.refresh()
        self.goals_changed()

    @Slot(str)
    def find_goals(self, text: str) -> None:
        """The quick switcher's matches for a text."""
        self._wanted = text
        self.goals_changed()

    def goals_changed(self) -> None:
        """There may be more to go to than before."""
        found = self._presenter.goals(self._wanted)
        self.put(goals_note=self._presenter.goals_note())
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
        self._presenter.go_to_goal(key)

    @Slot(int)
    def step(self, step: int) -> None:
        self._presenter.step(step)

    @Slot(int)
    def step_unread(self, step: int) -> None:
        self._presenter.step_unread(step)

    @Slot()
    def go_to_unread(self) -> None:
        self._presenter.go_to_unread()

    @Slot(int)
    def go_back(self, step: int) -> None:
        """To where one was before (-1), or was after that (1)."""
        self._presenter.go_back(step)

    # To a message

    @Slot()
    def find_mentions(self) -> None:
        """Show the last mentions in the place of what a search has found."""
        mentions = navigation.mentions(self._presenter.order())
        self._list((room.name, message, one_line(message, 160)) for room, message in mentions)
        self.put(search_words="Mentions of you." if mentions else "No recent mentions of you.")

    @Slot(str, bool)
    def begin_search(self, text: str, is_here: bool) -> None:
        if not text.strip():
            return
        self.put(search_words="Searching…")
        if reason := self._presenter.begin_search(text, self._presenter.here if is_here else None):
            self.put(search_words=reason)

    def found(self, event: events.SearchFinished) -> None:
        """A search is over; the newest stands above."""
        self._list(
            (name, message, navigation.snippet(plain(message.text), event.query))
            for name, message in reversed(event.found)
        )
        count = len(self._found)
        words = f"{count} found." if count else "No matches. Try fewer words."
        self.put(search_words=event.error or words)

    def _list(self, found: Iterable[tuple[str, Message, str]]) -> None:
        listed = list(found)
        self._found = [(name, message) for name, message, _ in listed]
        self._results.update(
            {
                "key": f"{name} {message.id}",
                "where": name,
                "sender": self._client.people.name(message.sender),
                "clock": event_text.date_and_clock(message.time_ms),
                "words": words,
            }
            for name, message, words in listed
        )

    @Slot(int)
    def go_to_found(self, row: int) -> None:
        if 0 <= row < len(self._found):
            name, message = self._found[row]
            self._presenter.go_to_found(name, message.id)

    @Slot(str)
    def jump_to_key(self, message_id: str) -> None:
        """Go to a message of this conversation, wherever it stands."""
        here = self._presenter.here
        if here is not None and message_id:
            self._presenter.go_to_message(here, message_id)
