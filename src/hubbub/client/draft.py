"""One draft: the text in the box of a conversation, and how it goes together with what other devices have written."""

from dataclasses import dataclass

from hubbub.client.typed_line import is_secret
from hubbub.text import clean_lines


@dataclass(slots=True, eq=False)
class Draft:
    """The text in one box, and what the server knows of it. Pure: the page's core follows the same vectors.

    `text` came from the version `base`, whose text was `saved`. It is `own` if it was typed here.
    """

    text: str = ""
    base: str = ""
    saved: str = ""
    own: bool = False
    waiting: tuple[str, str] | None = None
    """Another device's version and text, to be shown when the box is empty."""
    under_way: str | None = None
    """The text sent to the server and not acknowledged."""
    unanswered: str | None = None
    """The text sent on a connection that has ended, unacknowledged."""
    refused: str | None = None

    def typed(self, text: str) -> None:
        """Its user has written, or sent what was written."""
        if text != self.text:
            self.text, self.own = text, bool(text)

    def wanted(self) -> str:
        """The text that the server shall keep: no password, and not spaces alone."""
        text = clean_lines(self.text.replace("\r\n", "\n").replace("\r", "\n"))
        return "" if is_secret(text) or not text.strip() else text

    def change(self) -> tuple[str, str] | None:
        """The base and the text to send now; None if there is nothing to send, or something is under way."""
        wanted = self.wanted()
        if self.under_way is not None or wanted in (self.saved, self.refused):
            return None
        self.under_way, self.refused = wanted, None
        return self.base, wanted

    def heard(self, version: str, since: str, text: str) -> bool:
        """The server has this version; whether the box has another text now."""
        if version <= self.base:
            return False
        if self.under_way is not None:
            # What is under way comes behind this version.
            self.waiting = (version, text) if text else None
            return False
        if text == self.text or (text and text == self.unanswered):
            self._settle(version, text)
            return False
        is_next = self.base != "" and since <= self.base
        if not self.text or (self.text == self.saved and (is_next or not self.own)):
            return self._adopt(version, text)
        if text:
            self.waiting = (version, text)
        else:
            self._settle(version, "")
        return False

    def answered(self, version: str, since: str, text: str) -> bool:
        """The server has answered what was under way; whether the box has another text now."""
        sent, self.under_way = self.under_way, None
        if sent or not text:
            self._settle(version, sent or "")
            return False
        return self.heard(version, since, text)

    def turned_down(self) -> None:
        """The server does not keep what was under way: it stays here alone until it changes."""
        self.refused, self.under_way = self.under_way, None

    def cut(self) -> None:
        """The connection has ended."""
        self.unanswered = self.under_way if self.under_way is not None else self.unanswered
        self.under_way = None

    def absent(self) -> None:
        """The server has no draft here: send it anew."""
        self.base = self.saved = ""
        self.waiting = None

    def show_waiting(self) -> bool:
        """Put another device's text into the box if that is empty; whether that was so."""
        if self.waiting is None or self.text or self.under_way is not None:
            return False
        return self._adopt(*self.waiting)

    def _adopt(self, version: str, text: str) -> bool:
        self.text, self.own = text, False
        self._settle(version, text)
        return True

    def _settle(self, version: str, saved: str) -> None:
        self.base, self.saved = version, saved
        self.waiting = self.unanswered = self.refused = None
