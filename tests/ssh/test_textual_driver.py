"""What is typed at a terminal waits where it costs little, and reaches the application no faster than it is handled."""

import asyncio
from typing import Any, cast

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import TextArea

from hubbub.ssh.key_queue import PASTE_CHARS_MAX, Keystrokes
from hubbub.ssh.rate_limits import EVENTS_A_SECOND, EVENTS_AT_ONCE, Pace
from hubbub.ssh.textual_driver import BATCH_EVENTS, HELD_CHARS_MAX, Channel, ChannelDriver
from hubbub.ssh.visitor import _size
from hubbub.terminal.composer import REMOTE_CHARS_MAX, Editor

KEYS = "\x1b[A" * 1_500
"""Such as nobody can take for a text."""


class Field(Editor):
    """Where a visitor writes, without what completes it."""

    def __init__(self) -> None:
        TextArea.__init__(self)

    async def _on_key(self, event: events.Key) -> None:
        """Nothing is completed."""

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Nothing is suggested."""


class Standing:
    """A channel on which nothing is drawn, and a clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls: list[str] = []
        self.channel = Channel(
            write=self._drop,
            queued_bytes=lambda: 0,
            abort=lambda: self.calls.append("abort"),
            pause=lambda: self.calls.append("pause"),
            resume=lambda: self.calls.append("resume"),
            bounded=_size,
            size=(80, 24),
            pace=Pace(lambda: self.now),
        )

    def _drop(self, data: bytes) -> None:
        """Nobody looks at it."""

    @property
    def driver(self) -> ChannelDriver:
        assert self.channel.driver is not None
        return self.channel.driver


class Counting(App[None]):
    """An application with a field, that counts what it is given."""

    def __init__(self, standing: Standing) -> None:
        self.channel = standing.channel
        self.given: list[Any] = []
        self.is_remote = True
        super().__init__(driver_class=cast(Any, ChannelDriver))

    def compose(self) -> ComposeResult:
        yield TextArea(id="field")

    def post_message(self, message: Any) -> bool:
        wanted = events.Key | events.Paste | events.MouseEvent | events.Resize
        if isinstance(message, wanted) and not any(message is one for one in self.given):  # It may bubble.
            self.given.append(message)
        return super().post_message(message)

    def kinds(self) -> list[str]:
        return [type(message).__name__ for message in self.given]


async def started(app: Counting) -> "asyncio.Task[None]":
    """The application runs, and has been drawn."""
    running = asyncio.create_task(app.run_async())
    while not app.is_running or not app.query("#field") or app.query_one(TextArea).size.width == 0:
        assert not running.done(), running
        await asyncio.sleep(0)
    await settled(app)
    app.given.clear()
    return running


async def settled(app: Counting) -> None:
    """It has handled all that it was given, and the driver has had its turns."""
    quiet = 0
    while quiet < 4:
        handled = asyncio.Event()
        app.call_later(handled.set)
        await handled.wait()
        await asyncio.sleep(0)
        driver = app.channel.driver
        quiet = quiet + 1 if driver is None or not driver._batch else 0


async def ended(app: Counting, running: "asyncio.Task[None]") -> None:
    app.exit()
    await running


async def test_keys_become_events_a_few_at_a_time() -> None:
    """Before any of them is handled, no more than a batch is there, and no task for each."""
    standing = Standing()
    app = Counting(standing)
    running = await started(app)
    tasks = len(asyncio.all_tasks())
    standing.driver.typed(KEYS.encode())
    assert len(app.given) == BATCH_EVENTS and len(asyncio.all_tasks()) == tasks
    await ended(app, running)


async def test_the_channel_is_paused_while_much_waits() -> None:
    standing = Standing()
    app = Counting(standing)
    running = await started(app)
    standing.driver.typed(KEYS.encode())
    assert standing.calls == ["pause"]
    while "resume" not in standing.calls:
        standing.now += 5
        standing.driver._go_on()
        await settled(app)
    assert standing.driver._keys.waiting <= HELD_CHARS_MAX
    await ended(app, running)


async def test_the_pace_bounds_what_is_handled() -> None:
    """While no time passes, only what was saved up; then so many a second. Nothing is lost."""
    standing = Standing()
    app = Counting(standing)
    running = await started(app)
    standing.driver.typed(KEYS.encode())
    await settled(app)
    assert EVENTS_AT_ONCE / 2 < len(app.given) <= EVENTS_AT_ONCE
    before = len(app.given)
    standing.now += 0.5
    standing.driver._go_on()
    await settled(app)
    assert before < len(app.given) <= before + EVENTS_A_SECOND / 2 + 1
    await ended(app, running)


async def test_what_takes_long_is_paid_for() -> None:
    """After a batch that has taken a second, others have four."""
    standing = Standing()
    app = Counting(standing)
    running = await started(app)
    standing.driver.typed(KEYS.encode())
    standing.now += 1
    standing.driver._handled()
    assert standing.channel.pace.wait() > 2
    await ended(app, running)


async def test_terminals_of_one_address_share_the_pace() -> None:
    ours = Pace(lambda: 0.0)
    ours.spend(EVENTS_AT_ONCE + 30)
    assert ours.wait() * EVENTS_A_SECOND > 30


async def test_a_run_of_text_is_one_paste() -> None:
    standing = Standing()
    app = Counting(standing)
    running = await started(app)
    standing.driver.typed(b"a" * 2_000 + b"\r" + b"hello\r")
    await settled(app)
    assert app.kinds() == ["Paste", *["Key"] * 7]
    assert app.query_one(TextArea).text == "a" * 2_000 + "\nhello\n"
    await ended(app, running)


async def test_what_nobody_waits_for_is_dropped() -> None:
    """A session that has ended leaves no event, no text and no timer behind."""
    standing = Standing()
    app = Counting(standing)
    running = await started(app)
    standing.driver.typed(KEYS.encode())
    standing.driver.ended()
    given = len(app.given)
    standing.now += 100
    await settled(app)
    standing.driver.typed(b"more")
    await settled(app)
    assert len(app.given) == given == BATCH_EVENTS
    assert standing.driver._keys.waiting == 0 and not standing.driver._timers
    await ended(app, running)


async def test_a_mouse_that_moves_is_where_it_is_last() -> None:
    standing = Standing()
    app = Counting(standing)
    running = await started(app)
    standing.driver.typed(b"".join(b"\x1b[<35;%d;5M" % column for column in range(1, 60)))
    await settled(app)
    moves = [message for message in app.given if isinstance(message, events.MouseMove)]
    assert 1 <= len(moves) < BATCH_EVENTS and moves[-1].screen_x == 58
    await ended(app, running)


async def test_the_size_is_told_once_in_a_while_and_bounded() -> None:
    """Also where it is told among the keys, as some terminals do."""
    standing = Standing()
    app = Counting(standing)
    running = await started(app)
    await told(standing)
    for width in range(60, 80):
        standing.driver.resized(width, 24)
    assert app.kinds() == ["Resize"] and app.given[0].size == (60, 24)
    standing.driver.typed(b"\x1b[48;90000;90000;1;1t")
    await told(standing)
    assert app.kinds() == ["Resize", "Resize"] and app.given[1].size == _size(90_000, 90_000)
    await ended(app, running)


async def told(standing: Standing) -> None:
    """The time after which another size may be told has passed."""
    if standing.driver._resize_again in standing.driver._timers:
        standing.driver._timers[standing.driver._resize_again].cancel()
        standing.driver._resize_again()
    if standing.driver._resize_again in standing.driver._timers:
        await told(standing)


async def test_what_a_visitor_writes_is_bounded() -> None:
    """Each change of a long line costs as much as it is long."""
    standing = Standing()
    app = Counting(standing)
    running = await started(app)
    field = Field()
    await app.mount(field)
    for _ in range(3):
        field.insert("a" * (REMOTE_CHARS_MAX // 2 + 1))
    assert len(field.text) == REMOTE_CHARS_MAX
    field.delete((0, 0), (0, 10))
    field.insert("b" * 5)
    assert len(field.text) == REMOTE_CHARS_MAX - 5
    await ended(app, running)


def understood(keys: Keystrokes) -> list[str]:
    """What all of it means that is whole."""
    said: list[str] = []
    while (found := keys.next()) is not None:
        said += [one.text if isinstance(one, events.Paste) else cast(events.Key, one).key for one in found]
    return said


def test_what_is_pasted_is_not_gathered_without_end() -> None:
    """It comes in pieces, also while its end has not come, and however it is cut."""
    text = "x\r" * 5_000
    for size in (1, 7, 9_000):
        keys = Keystrokes()
        data = f"\x1b[200~{text}\x1b[201~q".encode()
        said: list[str] = []
        for at in range(0, len(data), size):
            keys.take(data[at : at + size])
            said += understood(keys)
            assert keys.waiting < 6
        assert "".join(said[:-1]) == text and said[-1] == "q"
        assert max(map(len, said)) <= PASTE_CHARS_MAX


def test_keys_mean_what_they_did() -> None:
    keys = Keystrokes()
    keys.take("\x1b[A\x1b[200~\x1b[20\x1b[201~é\x1b[97;5u\t".encode())
    assert understood(keys) == ["up", "\x1b[20", "é", "ctrl+a", "tab"]


def test_a_key_with_an_impossible_number_ends_nothing() -> None:
    keys = Keystrokes()
    keys.take(b"\x1b[99999999999ua")
    assert understood(keys)[-1] == "a"
