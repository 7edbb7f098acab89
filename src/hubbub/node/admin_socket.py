"""The administrator's socket: the data folder's owner sends commands from another terminal.

One JSON object a line each way. `{"line": …}` runs a command and `{"complete": …}` asks how a line could go on; both
are answered `{"lines": […], "ok": …}`, of a list also with `heads` and `rows`; `"folder"` says from where names of
files are understood. `{"administrator": …, "password": …}`
makes an administrator's account. `{"about": true}` is answered with what there is to know of the server, and
`{"settings": true}` with every setting and what it means.
"""

import asyncio
import contextlib
import json
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hubbub.config import explained
from hubbub.engine.accounts import RegisterAccount
from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Role
from hubbub.sockets import short

from .admin_context import ConsoleContext

if TYPE_CHECKING:
    from .node import Node

log = logging.getLogger("hubbub")

LINE_BYTES_MAX: Final = 65_536


class Control:
    """A Unix socket that only its owner can open."""

    def __init__(self, path: Path, node: "Node", about: Callable[[], Mapping[str, Any]]) -> None:
        self.path = path
        self._node = node
        self._about = about
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Start to listen; a dead server's socket is removed, which is safe under the folder's lock."""
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
                writer.write(json.dumps(await self._answer(line)).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError):
            log.info("The administrator's terminal disconnected")
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _answer(self, line: bytes) -> Mapping[str, Any]:
        """Raises ValueError for what no program of ours would send."""
        # As late as this: they are a twentieth of the server's start.
        from hubbub.admin.completion import complete
        from hubbub.admin.interpreter import run

        asked: Any = json.loads(line)
        if not isinstance(asked, dict):
            raise ValueError("an object is expected")
        operator = str(asked.get("operator", "Console"))[:40]
        if "about" in asked:
            about = self._about()
            await self._node.gate.ended()  # It may tell of an invitation that was made just now.
            return about
        if "settings" in asked:
            return {"settings": [asdict(one) for one in explained(self._node.loaded)]}
        if "complete" in asked:
            return {"lines": complete(self._node.state, Role.ADMIN, str(asked["complete"])), "ok": True}
        if "administrator" in asked:
            name, password = str(asked["administrator"]), str(asked.get("password", ""))
            lines, ok = await create_administrator(self._node, name, password)
            return {"lines": lines, "ok": ok}
        desk = ConsoleContext(self._node, operator, str(asked.get("folder", "")))
        result = await run(desk, str(asked.get("line", "")))
        return {"lines": result.lines, "ok": result.ok, "heads": result.heads, "rows": result.rows}


async def create_administrator(node: "Node", name: str, password: str) -> tuple[list[str], bool]:
    """Make an account with the role of an administrator; what came of it in a sentence, and whether it did."""
    from hubbub.admin.interpreter import NOT_KEPT

    if refusal := node.proofs.password_refusal(password, name):
        return [str(refusal)], False
    credential = await node.proofs.passwords.credential(password)
    answer = node.ask(RegisterAccount(name, credential, Role.ADMIN))
    if isinstance(answer, Refusal):
        return [str(answer)], False
    if not await node.gate.ended():
        return [NOT_KEPT], False
    return [f"{name} is now an administrator and can log in."], True
