"""The composer: drafts, texts sent before, completion, and sending."""

from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from hubbub.client.chat_model import Message
from hubbub.client.commands import ALL
from hubbub.client.completion import Completer, Completion
from hubbub.client.emoji import EMOJI
from hubbub.client.presenter import Presenter
from hubbub.desktop.qt_properties import Rows, Shown, shown

SENT_MAX: Final = 200


class Composer(Shown):
    """One text for the conversation that is looked at; the window holds it, and tells of each change."""

    changed = Signal()
    put_text = Signal(str, int)
    """Let this text stand there, with the cursor at this place."""

    about = shown(str, "about", changed)
    """What sending will do with the text, unless it is a new message: the reply or edit in progress."""
    doubt = shown(str, "doubt", changed)
    """Why what is written was not done."""
    can_be_text = shown(bool, "can_be_text", changed)
    """Whether what is written can be sent as text instead."""
    suggestions = shown(QObject, "suggestions", changed)

    def __init__(self, presenter: Presenter) -> None:
        self._rows = Rows("text", "hint")
        super().__init__(about="", doubt="", can_be_text=True, suggestions=self._rows)
        self._presenter = presenter
        self._completer = Completer(presenter.client, {word.name: word.help for word in ALL}, EMOJI)
        self._completion: Completion | None = None
        self._text = ""
        self._sent: list[str] = []
        self._recalled: int | None = None
        self._written = ""

    # What the presenter writes

    @property
    def text(self) -> str:
        return self._text

    def write(self, text: str) -> None:
        self._recalled = None
        self._put(text)

    def give_back(self, text: str) -> None:
        if text != self._text:
            self._put(text)

    def remember(self, text: str) -> None:
        self._sent = [*self._sent[-SENT_MAX + 1 :], text]

    def turn_to(self, message: Message | None) -> None:
        """The window says it in words alone; which row is chosen is its own."""

    def tell(self, about: str, doubt: str, can_be_text: bool) -> None:
        self.put(about=about, doubt=doubt, can_be_text=can_be_text)

    # The text

    def _put(self, text: str, at: int | None = None) -> None:
        self._text = text
        self._offer(None)
        self.put_text.emit(text, len(text) if at is None else at)

    @Slot(str, int)
    def typed(self, text: str, cursor: int) -> None:
        """The text is another one."""
        if text == self._text:
            return
        self._text = text
        self._offer(self._completer.complete(text, cursor, self._presenter.here))
        self._presenter.writing.typed(text)

    @Slot(str)
    def send(self, text: str) -> None:
        """Say or do what is written; what can't be done stays written."""
        self._send(text, as_text=False)

    @Slot(str)
    def send_as_text(self, text: str) -> None:
        """Say what is written, whatever it begins with."""
        self._send(text, as_text=True)

    def _send(self, text: str, *, as_text: bool) -> None:
        self._recalled = None
        if text.strip() and self._presenter.writing.editing is None:
            self._put("")
        self._presenter.writing.send(text, as_text)

    @Slot(str, int)
    def recall(self, text: str, step: int) -> None:
        """Bring back the message sent before, or after, the one shown."""
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
        found = self._completer.complete(text, cursor, self._presenter.here, asked=True)
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
        self._presenter.writing.put_away()

    @Slot(result=bool)
    def is_unfinished(self) -> bool:
        """Whether Enter means what is offered: not, where what is written is one already."""
        return self._completion is not None and self._completion.is_unfinished(self._text)

    @Slot(str, int)
    def insert(self, text: str, cursor: int) -> None:
        """Write something where the cursor is, as from the emoji."""
        cursor = min(max(cursor, 0), len(self._text))
        self._put(self._text[:cursor] + text + self._text[cursor:], cursor + len(text))
        self._presenter.writing.put_away()
        self._presenter.view.keep_soon()

    # Replies and edits

    @Slot()
    def edit_last(self) -> None:
        self._presenter.writing.edit_last()

    @Slot()
    def reply_last(self) -> None:
        self._presenter.writing.reply_last()
