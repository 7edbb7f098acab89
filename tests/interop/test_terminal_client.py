"""The terminal client in a real terminal, and by OpenSSH: the program as people start it."""

import asyncio
import shlex
import sys
from pathlib import Path

from tests.conftest import need_program
from tests.interop.tmux_terminal import Terminal
from tests.patience import PATIENCE_SECONDS
from tests.server_process import ServerProcess


async def test_two_terminals_and_a_server_that_is_killed(tmp_path: Path) -> None:
    """One by `hubbub chat`, one by ssh: what they say is there once, in one order, whatever happens to the server."""
    need_program("tmux")
    ssh = need_program("ssh")
    environment = {"HUBBUB_CLIENT_DATA": str(tmp_path / "client")}
    async with ServerProcess(tmp_path / "data") as server:
        chat = f"{shlex.quote(sys.executable)} -m hubbub chat --guest --name ann localhost:{server.port}"
        unknown = (
            f"-o StrictHostKeyChecking=no -o UserKnownHostsFile={tmp_path}/known -o LogLevel=ERROR -F none"
        )
        by_ssh = f"{ssh} -t -p {server.port} {unknown} cleo@localhost"
        with Terminal(chat, environment) as ann, Terminal(by_ssh) as cleo:
            await ann.until("ann, a guest")
            await cleo.until("cleo, a guest")
            for one in (ann, cleo):
                await one.shows("/set newrooms make", "newrooms is make.")
                await one.shows("/set comings all", "comings is all.")
                await one.shows("/join tea", "#tea")
            await ann.until("cleo joined")
            ann.type("good morning")
            await cleo.until("good morning")
            cleo.type("morning, ann")
            await ann.until("┃  morning, ann")
            server.kill()
            await server.ended()
            await ann.until("Reconnecting in")
            await cleo.until("Reconnecting in")
            ann.type("said by ann meanwhile")
            cleo.type("said by cleo meanwhile")
            await ann.until("waiting")
            async with ServerProcess(tmp_path / "data", "-p", str(server.port)):
                for one in (ann, cleo):
                    screen = await one.until("said by ann meanwhile", "said by cleo meanwhile")
                    async with asyncio.timeout(PATIENCE_SECONDS):
                        while "waiting" in screen or "sending" in screen:
                            await asyncio.sleep(0.1)
                            screen = one.screen()
                    for text in (
                        "good morning",
                        "morning, ann",
                        "said by ann meanwhile",
                        "said by cleo meanwhile",
                    ):
                        assert screen.count(f"  {text}") == 1, f"{text!r} is not there once:\n{screen}"
                # A leaving behind a message stands alone; behind a coming, the two would share a line.
                ann.type("good night")
                await cleo.until("good night")
                ann.type("/exit")
                await cleo.until("ann has left the chat")
