"""Where one writes: drafts, what was sent before, completion, and what becomes of the text."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from hubbub.client.chat_model import Conversation, Message
from hubbub.client.client import Client
from hubbub.client.commands import ALL
from hubbub.client.completion import Completer, Completion, with_emoji
from hubbub.client.emoji import EMOJI
from hubbub.client.event_text import about
from hubbub.client.input_parser import Speech
from hubbub.client.navigation import last_of_others, last_own
from hubbub.client.typed_line import is_secret
from hubbub.desktop.qt_properties import Rows, Shown, shown

SENT_MAX: Final = 200


class Writing(Shown):
    """One text for the conversation that is looked at; the window holds it, and tells of each change."""

    changed = Signal()
    put_text = Signal(str, int)
    """Let this text stand there, with the cursor at this place."""
    sent = Signal()
    """A text was said, or done."""
    drafted = Signal()
    """What is written, or waits to be sent, is different: it is to be kept."""

    about = shown(str, "about", changed)
    """What becomes of the text, where it is no new message."""
    doubt = shown(str, "doubt", changed)
    """Why what is written was not done."""
    can_be_text = shown(bool, "can_be_text", changed)
    """Whether what is written can be sent as text instead."""
    suggestions = shown(QObject, "suggestions", changed)

    def __init__(
        self,
        client: Client,
        speech: Speech,
        here: Callable[[], Conversation | None],
    ) -> None:
        self._rows = Rows("text", "hint")
        super().__init__(about="", doubt="", can_be_text=True, suggestions=self._rows)
        self._client = client
        self._speech = speech
        self._here = here
        self._completer = Completer(client, {word.name: word.help for word in ALL}, EMOJI)
        self._completion: Completion | None = None
        self._text = ""
        self._sent: list[str] = []
        self._recalled: int | None = None
        self._written = ""
        self.replying: Message | None = None
        self.editing: Message | None = None

    # The text

    def _put(self, text: str, at: int | None = None) -> None:
        self._text = text
        self._offer(None)
        self.put_text.emit(text, len(text) if at is None else at)

    def put_away(self) -> None:
        """Keep what is written, where it is written."""
        here = self._here()
        if here is not None and self.editing is None:
            here.draft = self._text

    def leave(self) -> None:
        """Keep what is written, on the other devices too: its user leaves the conversation."""
        self.put_away()
        if here := self._here():
            self._client.drafts.send(here)

    def drafted_elsewhere(self, conversation: Conversation) -> None:
        """Another device has written here."""
        if conversation is self._here() and self.editing is None:
            self._put(conversation.draft)

    def come_to(self, conversation: Conversation | None) -> None:
        """Take up the draft of another conversation."""
        self.replying = self.editing = None
        self._recalled = None
        self.put(doubt="")
        self._tell()
        self._put(conversation.draft if conversation else "")

    @Slot(str, int)
    def typed(self, text: str, cursor: int) -> None:
        """The text is another one."""
        if text == self._text:
            return
        self._text = text
        if not text:
            self.put(doubt="")
        here = self._here()
        self._offer(self._completer.complete(text, cursor, here))
        if here is None or self.editing is not None:
            return
        here.draft = text
        self.drafted.emit()
        self._client.messages.tell_typing(here, bool(text) and not text.startswith("/"))

    @Slot(str)
    def send(self, text: str) -> None:
        """Say or do what is written; what can't be done stays written."""
        self._send(text, self._speech.say)

    @Slot(str)
    def send_as_text(self, text: str) -> None:
        """Say what is written, whatever it begins with."""
        self._send(text, self._speech.say_as_text)

    def _send(self, text: str, say: Callable[[str, str], str]) -> None:
        here, editing, replying = self._here(), self.editing, self.replying
        said = with_emoji(text, EMOJI)
        self._recalled = None
        if not said.strip():
            return
        if editing is not None and here is not None:
            try:
                self._client.edit(here, editing, said)
            except ValueError as error:
                self.put(doubt=str(error))
            else:
                self.come_to(here)
            return
        self._put("")
        doubt = say(said, replying.id if replying else "")
        if not doubt:
            if not is_secret(said):
                self._sent = [*self._sent[-SENT_MAX + 1 :], said]
            if self._here() is here:
                self.replying = None
                self._tell()
            self.sent.emit()
        else:
            self._put(text)
        self.put(doubt=doubt)
        if here is not None and self._here() is here:
            here.draft = self._text
            self._client.drafts.send(here)
        self.drafted.emit()

    @Slot(str, int)
    def recall(self, text: str, step: int) -> None:
        """What was sent before, or after."""
        if self._recalled is None:
            if step > 0 or not self._sent:
                return
            self._written = text
            self._recalled = len(self._sent)
        at = self._recalled + step
        if at >= len(self._sent):
            self._recalled = None
            self._put(self._written)
        elif at >= 0:
            self._recalled = at
            self._put(self._sent[at])

    # Completion

    def _offer(self, completion: Completion | None) -> None:
        self._completion = completion
        found = completion.suggestions if completion else ()
        self._rows.update(
            {"text": one.text.strip(), "hint": one.hint} for one in {s.text: s for s in found}.values()
        )

    @Slot()
    def dismiss(self) -> None:
        """Offer nothing for now."""
        self._offer(None)

    @Slot(str, int)
    def complete(self, text: str, cursor: int) -> None:
        """Complete the word at the cursor, as Tab does."""
        found = self._completer.complete(text, cursor, self._here(), asked=True)
        self._text = text
        self._completion = found
        if found and len(found.suggestions) == 1:
            self.accept(0)
        else:
            self._offer(found)

    @Slot(int)
    def accept(self, at: int) -> None:
        """Write what is offered."""
        completion = self._completion
        if completion is None or not 0 <= at < len(completion.suggestions):
            return
        before = self._text[: completion.start] + completion.suggestions[at].text
        self._put(before + self._text[completion.end :], len(before))
        self.put_away()

    @Slot(result=bool)
    def is_unfinished(self) -> bool:
        """Whether Enter means what is offered: not, where what is written is one already."""
        completion = self._completion
        if completion is None or not completion.suggestions:
            return False
        word = self._text[completion.start : completion.end]
        return all(suggestion.text.strip() != word for suggestion in completion.suggestions)

    @Slot(str, int)
    def insert(self, text: str, cursor: int) -> None:
        """Write something where the cursor is, as from the emoji."""
        cursor = min(max(cursor, 0), len(self._text))
        self._put(self._text[:cursor] + text + self._text[cursor:], cursor + len(text))
        self.put_away()
        self.drafted.emit()

    # Replies and edits

    def reply_to(self, message: Message) -> None:
        """Let the text be an answer."""
        if self.editing is not None:
            self.come_to(self._here())
        self.replying = message
        self._tell()

    def edit(self, message: Message) -> None:
        """Change a message of one's own."""
        if message.is_own and message.id and not message.is_deleted:
            self.put_away()
            self.replying, self.editing = None, message
            self._tell()
            self._put(message.text)

    @Slot()
    def edit_last(self) -> None:
        here = self._here()
        if here is not None and (message := last_own(here)):
            self.edit(message)

    @Slot()
    def reply_last(self) -> None:
        here = self._here()
        if here is not None and (message := last_of_others(here)):
            self.reply_to(message)

    @Slot(result=bool)
    def cancel(self) -> bool:
        """Out of an edit or an answer; whether there was one."""
        was_about = self.editing is not None or self.replying is not None or self.doubt != ""
        if self.editing is not None:
            self.come_to(self._here())
        self.replying = None
        self.put(doubt="")
        self._tell()
        return was_about

    def _tell(self) -> None:
        self.put(about=about(self.editing, self.replying), can_be_text=self.editing is None)
