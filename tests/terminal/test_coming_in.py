"""The first screen: where to, as whom, and whether the server is the one it should be."""

from pathlib import Path

import pytest
from textual.widgets import Button, Input

from hubbub.connection.address import parse_address
from hubbub.connection.chat_session import Wish
from hubbub.connection.preferences import Place
from hubbub.terminal.app import HubbubApp
from hubbub.terminal.settings import Memory
from tests.server_process import ServerProcess
from tests.terminal.terminal_harness import TerminalHarness


def fill(app: HubbubApp, **fields: str) -> None:
    for name, value in fields.items():
        app.screen.query_one(f"#{name}", Input).value = value


async def test_as_a_guest_then_with_an_account(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server:
        remembered = Memory(tmp_path / "client", has_keyring=False)
        app = HubbubApp(remembered, address=f"localhost:{server.port}")
        async with app.run_test(size=(100, 40)) as pilot:
            terminal = TerminalHarness(app, pilot)
            await terminal.until("Sign in", f"localhost:{server.port}")
            await terminal.press("enter", "enter")
            await terminal.until("Enter a name")
            fill(app, name="ann", password="short")
            app.screen.query_one("#register", Button).press()
            await terminal.until("password", lambda: app.screen.query_one("#error").display)
            fill(app, password="correct horse")
            app.screen.query_one("#register", Button).press()
            await terminal.until("#Général", "Ctrl+K")
        for password, words in (("wrong horse", "Try again"), ("correct horse", "#Général")):
            await _come_again(Memory(tmp_path / "client", has_keyring=False), server.port, password, words)


async def _come_again(remembered: Memory, port: int, password: str, words: str) -> None:
    """Choose the place where one has been, and give a password."""
    app = HubbubApp(remembered)
    async with app.run_test(size=(100, 40)) as pilot:
        terminal = TerminalHarness(app, pilot)
        await terminal.until(f"ann at localhost:{port}")
        await terminal.press("enter")
        await terminal.until(lambda: app.focused is not None and app.focused.id == "password")
        await terminal.type(password)
        await terminal.until(words)


async def test_a_guest_begins_in_the_welcome_room(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server:
        app = HubbubApp(Memory(tmp_path / "client", has_keyring=False), address=f"localhost:{server.port}")
        async with app.run_test(size=(100, 40)) as pilot:
            terminal = TerminalHarness(app, pilot)
            await terminal.until("Sign in")
            fill(app, name="guest")
            app.screen.query_one("#come", Button).press()
            await terminal.until("#Général", "Ctrl+K")
            await terminal.type("is anybody here?")
            await terminal.until("▎  is anybody here?")


async def test_the_fingerprint_is_shown_and_a_change_is_an_alarm(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server:
        wish = Wish(parse_address(f"ircs://localhost:{server.port}"), "ann")
        fingerprint = server.greeting.split("SHA-256 ")[1][:4]
        for is_first in (True, False):
            app = HubbubApp(Memory(tmp_path / "client", has_keyring=False), wish)
            async with app.run_test(size=(110, 36)) as pilot:
                terminal = TerminalHarness(app, pilot)
                if is_first:
                    await terminal.until("Do you trust this server?", fingerprint)
                    await terminal.press("enter")
                await terminal.until("a guest", "TLS")
        port = server.port
    async with ServerProcess(tmp_path / "other", "-p", str(port)):
        app = HubbubApp(Memory(tmp_path / "client", has_keyring=False), wish)
        async with app.run_test(size=(110, 36)) as pilot:
            terminal = TerminalHarness(app, pilot)
            await terminal.until("The server's certificate has changed", "Before:", "Now:")
            await terminal.press("enter")
            await terminal.until("certificate has changed", lambda: len(app.screen_stack) == 2)


async def test_nobody_answers(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server:
        port = server.port
    app = HubbubApp(Memory(tmp_path / "client", has_keyring=False), address=f"localhost:{port}", name="ann")
    async with app.run_test(size=(100, 40)) as pilot:
        terminal = TerminalHarness(app, pilot)
        await terminal.until("Password")
        await terminal.press("enter")
        await terminal.until("No server answers at localhost")
        fill(app, address="not an address!")
        app.screen.query_one("#come", Button).press()
        await terminal.until("Enter the server's address")


@pytest.mark.parametrize("place", [Place("x", "ann"), Place("localhost", "bob", is_guest=True)])
async def test_where_one_has_been_is_offered(tmp_path: Path, place: Place) -> None:
    remembered = Memory(tmp_path, has_keyring=False)
    remembered.been_at(place)
    app = HubbubApp(remembered)
    async with app.run_test(size=(100, 40)) as pilot:
        await TerminalHarness(app, pilot).until(
            f"{place.name} at {place.address}", "(guest)" if place.is_guest else ""
        )
