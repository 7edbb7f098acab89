"""The administrator's socket: whoever owns the data folder speaks the commands from another terminal.

One JSON object a line each way. `{"line": …}` runs a command and `{"complete": …}` asks how a line could go on; both
are answered `{"lines": […], "ok": …}`. `{"administrator": …, "password": …}` makes an administrator's account.
"""

import asyncio
import contextlib
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hubbub.admin.completion import complete
from hubbub.admin.interpreter import run
from hubbub.engine.accounts import RegisterAccount
from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Role

from .desk import ConsoleDesk

if TYPE_CHECKING:
    from .node import Node

log = logging.getLogger("hubbub")

LINE_BYTES_MAX: Final = 65_536
_PATH_BYTES_MAX: Final = 100
"""What a socket's path may have on every system."""


class Control:
    """A Unix socket that only its owner can open."""

    def __init__(self, path: Path, node: "Node") -> None:
        self.path = path
        self._node = node
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """What a server that died has left behind is taken away: the folder's lock is held."""
        self.path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            with short(self.path) as path:
                self._server = await asyncio.start_unix_server(self._serve, path, limit=LINE_BYTES_MAX)
        finally:
            os.umask(before)

    async def stop(self) -> None:
        if self._server:
            self._server.close()
        self.path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                lines, ok = await self._answer(line)
                writer.write(json.dumps({"lines": lines, "ok": ok}).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError):
            log.info("The administrator's terminal has gone")
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _answer(self, line: bytes) -> tuple[list[str], bool]:
        """Raises ValueError for what no program of ours would send."""
        asked: Any = json.loads(line)
        if not isinstance(asked, dict):
            raise ValueError("an object is expected")
        operator = str(asked.get("operator", "Console"))[:40]
        if "complete" in asked:
            return complete(self._node.state, Role.ADMIN, str(asked["complete"])), True
        if "administrator" in asked:
            name, password = str(asked["administrator"]), str(asked.get("password", ""))
            return await create_administrator(self._node, name, password)
        result = await run(ConsoleDesk(self._node, operator), str(asked.get("line", "")))
        return list(result.lines), result.ok


async def create_administrator(node: "Node", name: str, password: str) -> tuple[list[str], bool]:
    """Make an account with the role of an administrator; what came of it in a sentence, and whether it did."""
    if refusal := node.passwords.refusal(password):
        return [str(refusal)], False
    credential = await node.passwords.credential(password)
    answer = node.ask(RegisterAccount(name, credential, Role.ADMIN))
    if isinstance(answer, Refusal):
        return [str(answer)], False
    return [f"{name} is an administrator now, and can log in."], True


@contextlib.contextmanager
def short(path: Path) -> Iterator[str]:
    """A path to the same socket that is short enough for the system."""
    whole = str(path)
    if len(os.fsencode(whole)) <= _PATH_BYTES_MAX or not Path("/proc/self/fd").is_dir():
        yield whole
        return
    folder = os.open(path.parent, os.O_PATH)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
