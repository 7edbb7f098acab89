"""The terminal client at a server in memory: keys go in, the screen is read."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from hubbub.client.identity import Identity, Password
from hubbub.terminal.app import HubbubApp
from hubbub.terminal.settings import Memory
from tests.patience import PATIENCE_SECONDS
from tests.server_harness import Person, ServerHarness


class MemoryWire:
    """A wire to a server in memory."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._data: asyncio.Queue[bytes] = asyncio.Queue()
        self._pump = asyncio.create_task(self._fetch())

    async def _fetch(self) -> None:
        while True:
            await self._person.harness.settle()
            if data := self._person.connection.take():
                self._data.put_nowait(data)
            await asyncio.sleep(0.005)

    async def read(self) -> bytes:
        return await self._data.get()

    def write(self, lines: list[bytes]) -> None:
        assert self._person.receiver is not None
        self._person.receiver.received(b"".join(lines))

    async def close(self) -> None:
        self._pump.cancel()
        self._data.put_nowait(b"")


class TerminalHarness:
    """A user at the terminal client."""

    def __init__(self, app: HubbubApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Write a line, and Enter."""
        names = {
            " ": "space",
            "/": "slash",
            "#": "number_sign",
            "@": "at",
            "?": "question_mark",
            "!": "exclamation_mark",
        }
        names |= {":": "colon", ",": "comma", ".": "full_stop", "\n": "ctrl+j", "-": "minus", "*": "asterisk"}
        await self.pilot.press(*(names.get(letter, letter) for letter in text), "enter")

    def screen(self) -> str:
        """What stands on the screen, line by line."""
        lines = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in lines[: self.app.size.height])

    async def until(self, *parts: str | Callable[[], object]) -> str:
        """Wait until all of these are on the screen, or hold."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    await self.pilot.pause()
                    screen = self.screen()
                    if all(part in screen if isinstance(part, str) else part() for part in parts):
                        return screen
                    await asyncio.sleep(0.02)
        except TimeoutError:
            missing = [part for part in parts if isinstance(part, str) and part not in self.screen()]
            raise AssertionError(f"{missing} never came on the screen:\n{self.screen()}") from None


@asynccontextmanager
async def open_terminal(
    harness: ServerHarness,
    nick: str,
    *rooms: str,
    password: str = "",
    folder: Path | None = None,
    size: tuple[int, int] = (110, 32),
    theme: str = "dark",
) -> AsyncIterator[TerminalHarness]:
    """Open the terminal client and sign in; close it at the end."""

    async def dial() -> MemoryWire:
        return MemoryWire(harness.connect(f"{nick}'s terminal", secure=True))

    identity = Identity(nick, Password(password) if password else None, rooms=rooms)
    remembered = Memory(folder, has_keyring=False)
    remembered.set("theme", theme)
    app = HubbubApp(remembered, dialler=dial, identity=identity)
    async with app.run_test(size=size) as pilot:
        terminal = TerminalHarness(app, pilot)
        await terminal.until(lambda: app.chat is not None and app.chat.client.is_here)
        if rooms:
            await terminal.until(lambda: app.chat is not None and app.chat.here is not None)
        yield terminal
