"""What people expect of a program on their computer: one of it, its place, its look, and a voice for screen readers."""

import asyncio
import re
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt, QUrl
from PySide6.QtGui import QAccessible, QAccessibleInterface

from hubbub.desktop.app import application, server_words
from hubbub.desktop.desktop_entry import register
from hubbub.desktop.single_instance import SingleInstance
from hubbub.desktop.tray import drawn
from tests.desktop.desktop_harness import DesktopHarness, open_desktop, story, until
from tests.server_process import ServerProcess

ROLES = (
    QAccessible.Role.Button,
    QAccessible.Role.EditableText,
    QAccessible.Role.CheckBox,
    QAccessible.Role.List,
    QAccessible.Role.ListItem,
    QAccessible.Role.MenuItem,
    QAccessible.Role.PageTab,
    QAccessible.Role.Table,
    QAccessible.Role.Link,
)


def parts(one: QAccessibleInterface) -> list[QAccessibleInterface]:
    """A window's parts as a screen reader finds them."""
    found = [one]
    for at in range(one.childCount()):
        found += parts(one.child(at))
    return found


def spoken(desktop: DesktopHarness) -> dict[str, str]:
    """Name → role, of what can be used and is not hidden; each of them has a name."""
    window = QAccessible.queryAccessibleInterface(desktop.window)
    assert window is not None
    found: dict[str, str] = {}
    for part in parts(window):
        if part.role() in ROLES and not part.state().invisible:
            name = part.text(QAccessible.Text.Name)
            assert name.strip(), f"A {part.role().name} has no name, at {part.rect()}."
            found[name] = part.role().name
    return found


@story
async def test_everything_has_a_name_for_a_screen_reader(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server, open_desktop(tmp_path / "client") as ann:
        door = spoken(ann)
        assert door["Server"] == "EditableText" and door["Sign in"] == "Button"
        assert door["Password; leave it empty to join as a guest"] == "EditableText"
        bob = await server.connect()
        bob.type("bob")
        await bob.until("help")
        await ann.come(server.port, "ann", "correct horse", registers=True)
        bob.type("hello ann")
        await ann.until("hello ann")
        await ann.drawn()
        chat = spoken(ann)
        assert chat["Message"] == "EditableText" and chat["Messages"] == "List"
        assert chat["Send files (Ctrl+U)"] == "Button" and chat["Members"] == "List"
        assert any(name.startswith("bob, ") and name.endswith(": hello ann") for name in chat)
    async with (
        ServerProcess(tmp_path / "data"),
        open_desktop(tmp_path / "client", name="Server", data=tmp_path / "data") as desktop,
    ):
        await desktop.until("running")
        for page in ("overview", "people", "requests", "rooms", "bans", "log", "settings"):
            await desktop.click(f"page-{page}")
            await desktop.drawn()
            names = spoken(desktop)
            assert "Online" in names or "Online, 1" in names


async def test_there_is_one_of_it(tmp_path: Path) -> None:
    heard: list[str] = []
    first, second = SingleInstance(tmp_path / "client"), SingleInstance(tmp_path / "client")
    assert first.take() and not second.take()
    await first.listen(heard.append)
    for words in ("hubbub://localhost/tea", "x" * 100_000, "two\nlines"):
        assert await asyncio.to_thread(second.tell, words)
        await until(lambda: len(heard) >= 1)
    await until(lambda: len(heard) == 3)
    assert heard[0] == "hubbub://localhost/tea" and len(heard[1]) < 5_000 and heard[2] == "two"
    assert (tmp_path / "client" / "desktop.sock").stat().st_mode & 0o077 == 0
    another = SingleInstance(tmp_path / "other")
    assert another.take()
    another.end()
    first.end()
    assert second.take()
    second.end()


@story
async def test_a_window_is_where_it_was(tmp_path: Path) -> None:
    async with open_desktop(tmp_path / "client") as ann:
        ann.window.setGeometry(QRect(30, 40, 640, 480))
        await ann.drawn()
    async with open_desktop(tmp_path / "client") as ann:
        assert ann.window.geometry() == QRect(30, 40, 640, 480)
        ann.window.setWindowStates(Qt.WindowState.WindowMaximized)
        await ann.drawn()
    async with open_desktop(tmp_path / "client") as ann:
        assert ann.window.windowStates() & Qt.WindowState.WindowMaximized
        ann.window.setWindowStates(Qt.WindowState.WindowNoState)
        ann.window.setGeometry(QRect(90_000, 40, 640, 480))
        await ann.drawn()
    async with open_desktop(tmp_path / "client") as ann:
        assert ann.window.x() < 90_000


@story
async def test_dark_and_light(tmp_path: Path) -> None:
    async with open_desktop(tmp_path / "client") as ann:
        ann.desk.set("theme", "dark")
        await ann.drawn()
        dark = ann.window.grabWindow().pixelColor(5, 5).lightness()
        ann.desk.set("theme", "light")
        await ann.drawn()
        light = ann.window.grabWindow().pixelColor(5, 5).lightness()
        assert dark < 60 and light > 200
        ann.desk.set("theme", "nonsense")
        assert ann.desk.values["theme"] == "light"
    async with open_desktop(tmp_path / "client") as ann:
        assert ann.desk.values["theme"] == "light"


@story
async def test_it_rings_when_nobody_looks(tmp_path: Path) -> None:
    rung: list[tuple[str, str, str]] = []
    async with ServerProcess(tmp_path / "data") as server, open_desktop(tmp_path / "client") as ann:
        ann.desk.rang.connect(lambda *what: rung.append(what))
        bob = await server.connect()
        bob.type("bob")
        await bob.until("help")
        await ann.come(server.port, "ann", "correct horse", registers=True)
        ann.desk.look(True)
        bob.type("ann: you look")
        await ann.until("ann: you look")
        ann.desk.look(False)
        bob.type("not for anybody", "ann: you don't look", "@ann psst")
        await until(lambda: len(rung) == 2)
        await ann.until("not for anybody", "you don't look")
        fresh = ann.message("not for anybody")
        assert fresh.property("fresh") and not ann.message("you don't look").property("fresh")
        assert rung == [("bob in #Général", "ann: you don't look", "#Général"), ("bob", "psst", "bob")]
        ann.desk.go("bob")
        await ann.until("psst", lambda: ann.chat.values["title"] == "bob")
        ann.desk.set("notify", "off")
        ann.desk.go("#Général")
        bob.type("ann: again")
        await ann.until("ann: again")
        assert len(rung) == 2


@pytest.mark.parametrize("count", [0, 3, 42, 500])
def test_the_sign_is_drawn_in_any_size(count: int) -> None:
    application()
    for size in (16, 64):
        assert drawn(size, count).width() == size
    assert (drawn(64, count).toImage() == drawn(64).toImage()) is (count == 0)


def test_a_place_in_the_menu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    application()
    monkeypatch.setattr(sys, "executable", '/opt/my "chat" $1/100%/python')
    told = register({"XDG_DATA_HOME": str(tmp_path), "PATH": ""})
    entry = (tmp_path / "applications" / "hubbub.desktop").read_text("utf-8")
    # What the desktop reads, by the specification's two steps: the file's escapes, then the quotes.
    command = re.findall(r"^Exec=(.*) %u$", entry, re.MULTILINE)[0].replace("\\\\", "\\")
    program = re.findall(r'^"(.*)" -m hubbub desktop$', command)[0].replace("%%", "%")
    assert re.sub(r"\\(.)", r"\1", program) == '/opt/my "chat" $1/100%/python'
    assert "MimeType=x-scheme-handler/hubbub;" in entry and str(tmp_path) in told[0]
    assert (tmp_path / "icons" / "hicolor" / "128x128" / "apps" / "hubbub.png").stat().st_size > 100


@story
async def test_each_folder_has_one_window(tmp_path: Path) -> None:
    """The folder travels with the request: what is named is shown, and never the one that happens to be open."""
    one, other = tmp_path / "one", tmp_path / "the other, ü%20"
    async with open_desktop(tmp_path / "client", name="Server", data=one) as desktop:
        windows = desktop.windows
        for data, count in ((one, 1), (other, 2), (other, 2), (one, 2), (None, 2)):
            windows.wanted(server_words(data))
            assert [running.values["data"] for running in windows.servers] == [str(one), str(other)][:count]
        second = DesktopHarness(windows, "Server")
        assert second.window is not desktop.window
        await second.until(str(other))
        await desktop.until(str(one))
        windows.servers[0].choose_data(QUrl.fromLocalFile(str(other)))
        await desktop.until("This folder is open in another window.")
        assert windows.servers[0].values["data"] == str(one)
