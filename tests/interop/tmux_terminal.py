"""A terminal with a program in it: keys go in, the screen is read."""

import asyncio
import secrets
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from tests.patience import PATIENCE_SECONDS


class Terminal:
    """One program in a tmux of its own, 120 columns by 40 lines."""

    def __init__(self, command: str, environment: Mapping[str, str] | None = None) -> None:
        self.command = command
        self.environment = dict(environment or {})
        self._name = f"hubbub-test-{secrets.token_hex(4)}"

    def __enter__(self) -> Self:
        options = [word for key, value in self.environment.items() for word in ("-e", f"{key}={value}")]
        self._tmux(
            "-f", "/dev/null", "new-session", "-d", *options, "-x", "120", "-y", "40", f"{self.command}; cat"
        )
        return self

    def __exit__(self, *error: object) -> None:
        self._tmux("kill-server")

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-u", "-L", self._name, *words], capture_output=True, text=True, check=False
        )
        return done.stdout

    def type(self, line: str) -> None:
        self._tmux("send-keys", "-l", line)
        self._tmux("send-keys", "Enter")

    def paste(self, file: Path) -> None:
        """Paste a file's lines, as from the clipboard."""
        self._tmux("load-buffer", str(file))
        self._tmux("paste-buffer")

    def screen(self) -> str:
        return self._tmux("capture-pane", "-p", "-S", "-200")

    async def shows(self, line: str, part: str) -> None:
        """Type a line, again if it came too early, until this is on the screen."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while part not in self.screen():
                self.type(line)
                await asyncio.sleep(0.3)

    async def until(self, *parts: str) -> str:
        """Wait until all of these are on the screen; the screen then."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not all(part in (screen := self.screen()) for part in parts):
                    await asyncio.sleep(0.05)
        except TimeoutError:
            missing = [part for part in parts if part not in self.screen()]
            raise AssertionError(f"{missing} never came on the screen:\n{self.screen()}") from None
        return screen
