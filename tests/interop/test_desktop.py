"""Both windows as people start them, on an X server: real keys go in, and everybody else sees what comes of them."""

import asyncio
import contextlib
import os
import shlex
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, cast

import pytest

from bench.servers import free_port
from hubbub.connection.admin_client import Console, NoServer
from tests.browser.browser_user import BrowserUser, chromium
from tests.conftest import need_program
from tests.interop.tmux_terminal import Terminal
from tests.patience import PATIENCE_SECONDS
from tests.server_process import Line, ServerProcess

BEFORE_AGAIN_SECONDS: Final = 5
"""How long what was typed may take to show before it is typed anew."""


class Screen:
    """An X server, and hands at its keyboard."""

    def __init__(self, display: str) -> None:
        self.environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8"}

    def xdotool(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
        return done.stdout.strip()

    async def window(self, title: str) -> str:
        """The window with this in its title, with the keyboard in it."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (found := self.xdotool("search", "--onlyvisible", "--name", title)):
                await asyncio.sleep(0.05)
        window = found.splitlines()[-1]
        self.xdotool("windowfocus", "--sync", window)
        return window

    def keys(self, *keys: str) -> None:
        self.xdotool("key", "--delay", "20", *keys)

    def type(self, text: str) -> None:
        self.xdotool("type", "--delay", "15", text)

    async def says(self, text: str, seen: Coroutine[Any, Any, object]) -> None:
        """Write this and press Return twice, again while it isn't seen: a busy machine loses what comes too early."""
        seeing = asyncio.ensure_future(seen)
        try:
            while not seeing.done():
                self.keys("ctrl+a")
                self.type(text)
                self.keys("Return", "Return")
                await asyncio.wait((seeing,), timeout=BEFORE_AGAIN_SECONDS)
            await seeing
        finally:
            seeing.cancel()

    @asynccontextmanager
    async def desktop(self, folder: Path, *words: str) -> AsyncIterator[None]:
        """`hubbub desktop`, until it is not needed any more."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "hubbub", "desktop", *words),
            env={**self.environment, "HUBBUB_CLIENT_DATA": str(folder)},
        )
        try:
            yield
        finally:
            if process.returncode is None:
                process.terminate()
            async with asyncio.timeout(PATIENCE_SECONDS):
                await process.wait()


@asynccontextmanager
async def x_server() -> AsyncIterator[Screen]:
    xvfb = need_program("Xvfb")
    reading, writing = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *(xvfb, "-displayfd", str(writing), "-screen", "0", "1400x900x24", "-nolisten", "tcp"),
        pass_fds=(writing,),
        stderr=asyncio.subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield Screen(f":{(await asyncio.to_thread(told.readline)).strip()}")
    finally:
        process.terminate()
        await process.wait()


async def answer(console: Console, wanted: bool) -> Mapping[str, Any]:
    """What the server says of itself, once it is there; or nothing, once it is not."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                found = await console.ask(about=True)
            except NoServer:
                if not wanted:
                    return {}
            else:
                if wanted:
                    return found
            await asyncio.sleep(0.05)


@asynccontextmanager
async def stopped_in_the_end(data: Path) -> AsyncIterator[Console]:
    """Whatever becomes of the test, the server on this data is stopped."""
    console = Console(data)
    try:
        yield console
    finally:
        with contextlib.suppress(NoServer):
            await console.ask(line="shutdown")
            await answer(console, False)
        await console.close()


async def test_a_server_from_its_window_and_a_chat_of_four(tmp_path: Path) -> None:
    need_program("xdotool")
    need_program("tmux")
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        pytest.skip(f"Qt can't be used: {error}")
    data, port = tmp_path / "data", free_port()
    data.mkdir()
    (data / "hubbub.toml").write_text(f"[server]\nport = {port}\n[web]\npreviews = false\n", "utf-8")
    async with stopped_in_the_end(data) as console, x_server() as screen:
        async with screen.desktop(tmp_path / "steward", "--server", "--data", str(data)):
            window = await screen.window("Hubbub server")
            height = int(
                screen.xdotool("getwindowgeometry", "--shell", window).split("HEIGHT=")[1].split()[0]
            )
            screen.xdotool("mousemove", "--window", window, "105", str(height - 30), "click", "1")
            assert (await answer(console, True))["port"] == port
            await screen.window("Hubbub – server")
        # The window is gone, and the server is not.
        await answer(console, True)
        async with (
            contextlib.AsyncExitStack() as leaving,
            screen.desktop(tmp_path / "ann", f"hubbub://localhost:{port}/tea"),
            chromium() as browser,
        ):
            await screen.window("Hubbub")
            chat = f"{shlex.quote(sys.executable)} -m hubbub chat --guest --name cleo localhost:{port}"
            server = cast(ServerProcess, SimpleNamespace(port=port))
            bob = Line(*await asyncio.open_connection("127.0.0.1", port))
            leaving.push_async_callback(bob.close)
            bob.type("bob", "/make tea")
            await bob.until("You are in the room tea")
            dora = await BrowserUser.arrive(browser, server, "dora")
            await dora.come_in("Guest")
            await dora.go_to("#tea")
            with Terminal(chat, {"HUBBUB_CLIENT_DATA": str(tmp_path / "cleo")}) as cleo:
                await cleo.until("cleo, a guest")
                await cleo.shows("/join tea", "#tea")
                await screen.says("ann", screen.window("#tea – Hubbub"))
                await screen.says("hello from the window", bob.until("ann: hello from the window"))
                await cleo.until("hello from the window")
                await dora.sees("hello from the window")
                bob.type("hello from netcat")
                cleo.type("hello from the terminal")
                await dora.sees("hello from the terminal")
                await dora.say("hello from the page")
                await bob.until("dora: hello from the page")
                await cleo.until("hello from the page")
                # What is answered to was seen.
                await _replies(screen, cleo)
                await screen.says("!exit", bob.until("ann has left the chat"))
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), 1).close()


async def _replies(screen: Screen, cleo: Terminal) -> None:
    """Answer to the last message until it is the page's: it may not have come yet."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while "↳ dora: hello from the page" not in cleo.screen():
            screen.keys("shift+Up")
            screen.type("I see you all")
            screen.keys("Return")
            await asyncio.sleep(0.5)
