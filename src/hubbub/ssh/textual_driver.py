"""Textual's driver for an ssh channel: it draws there, and hears the keys from its other end."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from textual import events
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message

from hubbub.ssh.key_queue import Keystrokes
from hubbub.ssh.rate_limits import EVENTS_A_SECOND, Pace
from hubbub.terminal.key_parser import BACKGROUND_QUERY

if TYPE_CHECKING:
    from textual.app import App

QUEUED_BYTES_MAX: Final = 4 << 20
"""A terminal that does not take what is drawn for it is given up."""

ESCAPE_SECONDS: Final = 0.15
"""The time after which an Escape is a key of its own, not the beginning of another."""

BATCH_EVENTS: Final = 8
"""So many events are given to an application before it has handled those that it was given: others wait for that."""
HELD_CHARS_MAX: Final = 4_096
"""Above this, nothing more is read from the channel until the application has come so far."""
ANSWER_SECONDS: Final = 2.0
"""After this an application counts as ready again: what it was given may have gone to a part of it that is gone."""
RESIZE_SECONDS: Final = 0.1
"""At most so often is everything drawn anew because the terminal has another size."""

_CHARACTER_COST: Final = 0.02
"""To understand a character, as a share of what it costs to handle an event."""
_PASTED_COST: Final = 1 / 64
"""The same for a character that is pasted: it is wrapped and drawn."""
_SECOND_COST: Final = 4 * EVENTS_A_SECOND
"""The pause for each second that a batch takes: others have four times as long as one visitor's batch."""

_BEGIN: Final = (
    "\x1b[?1049h"  # the other screen
    "\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h"  # the mouse
    "\x1b[?25l"  # no cursor
    "\x1b[?1004h"  # tell of focus
    "\x1b[>1u"  # keys in full, where the terminal can
    "\x1b[?2004h"  # what is pasted comes as such
) + BACKGROUND_QUERY
_END: Final = (
    "\x1b[<u\x1b[?2004l\x1b[?1004l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1049l\x1b[?25h\x1b[0m"
)


@dataclass
class Channel:
    """The driver's view of an ssh channel; the session provides it."""

    write: Callable[[bytes], Any]
    queued_bytes: Callable[[], int]
    abort: Callable[[], None]
    pause: Callable[[], None]
    resume: Callable[[], None]
    bounded: Callable[[int, int], tuple[int, int]]
    """The size for which is drawn, where a terminal says that it has this one."""
    size: tuple[int, int]
    pace: Pace
    driver: "ChannelDriver | None" = None


class ChannelDriver(Driver):
    """One application on one channel, which stands in its attribute `channel`.

    What is typed is understood only as fast as the application handles it, and as the pace allows. So at most
    `BATCH_EVENTS` wait in it, and the rest is held back where it comes from.
    """

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
        self._keys = Keystrokes()
        self._is_on = False
        self._is_paused = False
        self._batch = 0
        """The number of the events that the application was given and has not handled; 0 if there are none."""
        self._batches = 0
        self._given_at = 0.0
        self._timers: dict[Callable[[], None], asyncio.TimerHandle] = {}
        self._told: tuple[int, int] | None = None
        """The size that the application was told last."""

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
        self.ended()

    def stop_application_mode(self) -> None:
        self.ended()
        self.write(_END)

    def close(self) -> None:
        """The session closes the channel."""

    def ended(self) -> None:
        """The visitor is gone: drop the input that was not handled."""
        self._is_on = False
        self._keys.drop()
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _later(self, seconds: float, what: Callable[[], None]) -> None:
        """Do it then, instead of when it was to be done before."""
        if what in self._timers:
            self._timers[what].cancel()
        self._timers[what] = self._loop.call_later(seconds, what)

    # What is typed

    def typed(self, data: bytes) -> None:
        """Bytes from the terminal, cut anyhow."""
        if not self._is_on:
            return
        self._keys.take(data)
        if self._keys.waiting > HELD_CHARS_MAX and not self._is_paused:
            self._is_paused = True
            self._channel.pause()
        self._go_on()

    def _go_on(self) -> None:
        """Give the application what comes next, if it is ready for it."""
        if self._batch or not self._is_on:
            return
        messages = self._next_messages()
        if messages:
            self._give(messages)
        elif seconds := self._channel.pace.wait():
            self._later(seconds, self._go_on)
        elif not self._keys.waiting:
            self._later(ESCAPE_SECONDS, self._look_again)
        if self._is_paused and self._keys.waiting <= HELD_CHARS_MAX:
            self._is_paused = False
            self._channel.resume()

    def _next_messages(self) -> list[Message]:
        messages: list[Message] = []
        pace = self._channel.pace
        while len(messages) < BATCH_EVENTS and not pace.wait():
            found = self._keys.next()
            if found is None:
                break
            pace.spend(_CHARACTER_COST)
            for message in found:
                if isinstance(message, events.Resize):
                    self.resized(*message.size)  # Some terminals tell it among the keys.
                elif messages and _is_moved_on(messages[-1], message):
                    messages[-1] = message
                else:
                    messages.append(message)
                    pace.spend(1 + _PASTED_COST * len(getattr(message, "text", "")))
        return messages

    def _give(self, messages: list[Message]) -> None:
        self._batches += 1
        self._batch = self._batches
        self._given_at = self._channel.pace.clock()
        for message in messages:
            self.process_message(message)
        self._app.call_later(self._passed_on, self._batch)
        self._later(ANSWER_SECONDS, self._handled)

    def _passed_on(self, batch: int) -> None:
        """The application has passed them on to the part of it that has the focus, or to the screen."""
        target = self._app.focused or self._app.screen
        if batch == self._batch and not target.call_later(self._all_handled, batch):
            self._handled()

    def _all_handled(self, batch: int) -> None:
        if batch == self._batch:
            self._handled()

    def _handled(self) -> None:
        """A batch is handled; others have their turn before the next keys."""
        self._batch = 0
        pace = self._channel.pace
        pace.spend((pace.clock() - self._given_at) * _SECOND_COST)
        if self._is_on:
            self._later(ESCAPE_SECONDS, self._look_again)
            self._later(0, self._go_on)

    def _look_again(self) -> None:
        if self._is_on and not self._batch and (messages := self._keys.tick()):
            self._give(messages)

    # Its size

    def resized(self, width: int, height: int) -> None:
        """Report a new size: the last of many, no more often than the screen can be drawn."""
        self._channel.size = self._channel.bounded(width, height)
        if self._is_on and self._resize_again not in self._timers:
            self._tell_size()

    def _tell_size(self) -> None:
        if self._told != self._channel.size:
            self._told = self._channel.size
            size = Size(*self._told)
            self.send_message(events.Resize(size, size))
            self._later(RESIZE_SECONDS, self._resize_again)

    def _resize_again(self) -> None:
        del self._timers[self._resize_again]
        self._tell_size()

    def send_message(self, message: Message) -> None:
        """Everything runs on one loop here."""
        self._app.post_message(message)


def _is_moved_on(before: Message, now: Message) -> bool:
    """Whether where the mouse was before says nothing any more."""
    return (
        isinstance(before, events.MouseMove)
        and isinstance(now, events.MouseMove)
        and before.button == now.button
    )


def environment_free() -> None:
    """Hide the server's own terminal variables from Textual: visitors have terminals of their own."""
    for name in ("NO_COLOR", "COLORTERM", "TERM", "TEXTUAL_COLOR_SYSTEM", "COLUMNS", "LINES"):
        os.environ.pop(name, None)
