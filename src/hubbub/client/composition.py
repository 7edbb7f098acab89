"""The text that the user is writing: its draft, the message that it answers or edits, and what becomes of it."""

from hubbub.client.chat_model import Conversation, Message
from hubbub.client.chat_view import View
from hubbub.client.completion import with_emoji
from hubbub.client.emoji import EMOJI
from hubbub.client.event_text import about
from hubbub.client.input_parser import Speech
from hubbub.client.navigation import last_of_others, last_own
from hubbub.client.typed_line import is_secret


class Composition:
    """One text for the conversation that is looked at; the face's box holds it, and tells of each change."""

    def __init__(self, speech: Speech, view: View) -> None:
        self._client = speech.client
        self._speech = speech
        self._view = view
        self.replying: Message | None = None
        self.editing: Message | None = None
        self.doubt = ""
        """Why the text was not said or done."""

    @property
    def here(self) -> Conversation | None:
        return self._speech.here

    # Drafts

    def put_away(self) -> None:
        """Keep what is written, where it is written."""
        if self.here is not None and self.editing is None:
            self.here.draft = self._view.box.text

    def leave(self) -> None:
        """Keep what is written, on the other devices too: its user leaves the conversation, or has sent the text."""
        self.put_away()
        if self.here is not None:
            self._client.drafts.send(self.here)

    def drafted_elsewhere(self, conversation: Conversation) -> None:
        """Show what another device has written here."""
        if conversation is self.here and self.editing is None:
            self._view.box.write(conversation.draft)

    def come_to(self, conversation: Conversation | None) -> None:
        """Take up the draft of another conversation; where there is none, what is written stays."""
        was_editing = self.editing is not None
        self._begin()
        if conversation is not None or was_editing:
            self._view.box.write(conversation.draft if conversation else "")

    def typed(self, text: str) -> None:
        """The user has changed the text."""
        here = self.here
        if self.doubt and not self._view.box.text:
            self._tell("")
        if here is None or self.editing is not None or text == here.draft:
            return
        here.draft = text
        self._view.keep_soon()
        self._client.messages.tell_typing(here, bool(text) and not text.startswith("/"))

    # Sending

    def send(self, text: str, as_text: bool = False) -> None:
        """Say or do a text that was taken out of the box; what can't be done stands there again.

        If `as_text`, it is said, whatever it begins with.
        """
        here, editing = self.here, self.editing
        said = with_emoji(text, EMOJI)
        if not said.strip():
            return
        if editing is not None and here is not None:
            try:
                self._client.edit(here, editing, said)
            except ValueError as error:
                self._refuse(text, str(error))
            else:
                self.come_to(here)
        else:
            self._say(text, said, as_text)
        self.leave()
        self._view.keep_soon()

    def _say(self, text: str, said: str, as_text: bool) -> None:
        say = self._speech.say_as_text if as_text else self._speech.say
        if doubt := say(said, self.replying.id if self.replying else ""):
            self._refuse(text, doubt)
            return
        if not is_secret(said):
            self._view.box.remember(said)
        self._begin()
        self._view.go_to_end()

    def _refuse(self, text: str, doubt: str) -> None:
        self._view.box.give_back(text)
        self._tell(doubt)

    # Replies and edits

    def reply_to(self, message: Message) -> None:
        """Let the text be an answer."""
        if self.editing is not None:
            self.come_to(self.here)
        self._begin(replying=message, doubt=self.doubt)

    def edit(self, message: Message) -> None:
        """Change a message of one's own; of others' nothing happens."""
        if message.is_own and message.id and not message.is_deleted:
            self.put_away()
            self._begin(editing=message, doubt=self.doubt)
            self._view.box.write(message.text)

    def reply_last(self) -> None:
        """Reply to the last message of another person."""
        if self.here is not None and (message := last_of_others(self.here)):
            self.reply_to(message)

    def edit_last(self) -> None:
        """Change what the user has said last."""
        if self.here is not None and (message := last_own(self.here)):
            self.edit(message)

    def cancel(self) -> bool:
        """Leave an edit, an answer or a doubt; whether there was any of these."""
        was_about = self.editing is not None or self.replying is not None or self.doubt != ""
        if self.editing is not None:
            self.come_to(self.here)
        else:
            self._begin()
        return was_about

    def _begin(
        self, *, replying: Message | None = None, editing: Message | None = None, doubt: str = ""
    ) -> None:
        self.replying, self.editing = replying, editing
        self._view.box.turn_to(editing or replying)
        self._tell(doubt)

    def _tell(self, doubt: str) -> None:
        self.doubt = doubt
        self._view.box.tell(about(self.editing, self.replying), doubt, self.editing is None)
