"""How Textual draws on an ssh channel, and hears the keys that are pressed at its other end."""

import codecs
import os
from typing import TYPE_CHECKING, Any, Final

from textual import events
from textual._xterm_parser import XTermParser
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message

if TYPE_CHECKING:
    from textual.app import App

QUEUED_BYTES_MAX: Final = 4 << 20
"""A terminal that does not take what is drawn for it is given up."""

ESCAPE_SECONDS: Final = 0.15
"""How long it takes to know that an Escape is no beginning of another key."""

_BEGIN: Final = (
    "\x1b[?1049h"  # the other screen
    "\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h"  # the mouse
    "\x1b[?25l"  # no cursor
    "\x1b[?1004h"  # tell of focus
    "\x1b[>1u"  # keys in full, where the terminal can
    "\x1b[?2004h"  # what is pasted comes as such
)
_END: Final = (
    "\x1b[<u\x1b[?2004l\x1b[?1004l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1049l\x1b[?25h\x1b[0m"
)


class Channel:
    """What the driver needs of the ssh channel; the session fills it in."""

    def __init__(self, write: Any, queued_bytes: Any, abort: Any, size: tuple[int, int]) -> None:
        self.write = write
        self.queued_bytes = queued_bytes
        self.abort = abort
        self.size = size
        self.driver: ChannelDriver | None = None


class ChannelDriver(Driver):
    """One application on one channel, which stands in its attribute `channel`."""

    def __init__(
        self,
        app: "App[Any]",
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._channel: Channel = app.channel  # type: ignore[attr-defined]
        self._channel.driver = self
        self._parser = XTermParser()
        self._decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
        self._is_on = False

    def write(self, data: str) -> None:
        if self._channel.queued_bytes() > QUEUED_BYTES_MAX:
            self._channel.abort()
        else:
            self._channel.write(data.encode(errors="replace"))

    def start_application_mode(self) -> None:
        self._is_on = True
        self.write(_BEGIN)
        self.resized(*self._channel.size)

    def disable_input(self) -> None:
        self._is_on = False

    def stop_application_mode(self) -> None:
        self._is_on = False
        self.write(_END)

    def close(self) -> None:
        """The session closes the channel."""

    def typed(self, data: bytes) -> None:
        """Bytes from the terminal, cut anyhow."""
        if self._is_on:
            for message in self._parser.feed(self._decode(data)):
                self.process_message(message)
            self._loop.call_later(ESCAPE_SECONDS, self._look_again)

    def _look_again(self) -> None:
        """A lone Escape is one, once nothing has followed it for a moment."""
        if self._is_on:
            for message in self._parser.tick():
                self.process_message(message)

    def resized(self, width: int, height: int) -> None:
        self._channel.size = (width, height)
        if self._is_on:
            size = Size(width, height)
            self.send_message(events.Resize(size, size))

    def send_message(self, message: Message) -> None:
        """Everything runs on one loop here."""
        self._loop.create_task(self._app._post_message(message))


def environment_free() -> None:
    """What the server's own terminal can do says nothing about those of the visitors."""
    for name in ("NO_COLOR", "COLORTERM", "TERM", "TEXTUAL_COLOR_SYSTEM", "COLUMNS", "LINES"):
        os.environ.pop(name, None)
