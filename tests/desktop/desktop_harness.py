"""The desktop in this process, drawn off the screen: keys and clicks go in, what stands in the window is read."""

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import qasync  # type: ignore[import-untyped]
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QTextDocument
from PySide6.QtQml import QQmlError
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest

from hubbub.desktop.app import Windows, application
from hubbub.desktop.chat import Chat
from hubbub.desktop.settings import Memory
from tests.patience import PATIENCE_SECONDS

STORY_SECONDS: Final = 4 * PATIENCE_SECONDS

KEYS: Final = {
    "enter": Qt.Key.Key_Return,
    "escape": Qt.Key.Key_Escape,
    "tab": Qt.Key.Key_Tab,
    "up": Qt.Key.Key_Up,
    "down": Qt.Key.Key_Down,
    "left": Qt.Key.Key_Left,
    "right": Qt.Key.Key_Right,
    "pageup": Qt.Key.Key_PageUp,
    "pagedown": Qt.Key.Key_PageDown,
    "f1": Qt.Key.Key_F1,
    "f6": Qt.Key.Key_F6,
    "+": Qt.Key.Key_Plus,
    "/": Qt.Key.Key_Slash,
    "delete": Qt.Key.Key_Delete,
}
HELD: Final = {
    "ctrl": Qt.KeyboardModifier.ControlModifier,
    "alt": Qt.KeyboardModifier.AltModifier,
    "shift": Qt.KeyboardModifier.ShiftModifier,
}


def story(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """An async test on Qt's own loop."""

    @functools.wraps(test)
    def run(*arguments: Any, **named: Any) -> None:
        loop = qasync.QEventLoop(application())
        asyncio.set_event_loop(loop)
        try:
            with loop:
                loop.run_until_complete(asyncio.wait_for(test(*arguments, **named), STORY_SECONDS))
        finally:
            asyncio.set_event_loop(None)

    return run


async def until(what: Callable[[], object], why: Callable[[], str] = lambda: "") -> None:
    """Wait until this holds."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not what():
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(why() or "it never came to be") from None


async def outside(do: Callable[[], object]) -> None:
    """Do what lets Qt handle events: not within a task, as others may go on meanwhile."""
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def run() -> None:
        try:
            do()
        except Exception as error:
            done.set_exception(error)
        else:
            done.set_result(None)

    QTimer.singleShot(0, run)
    await done


class DesktopHarness:
    """A user at one window of the desktop client."""

    def __init__(self, windows: Windows, name: str) -> None:
        self.windows = windows
        self.desk = windows.desk
        found = windows.window(name)
        assert found is not None
        self.window: QQuickWindow = found

    @property
    def chat(self) -> Chat:
        found = self.desk.values["chat"]
        assert isinstance(found, Chat)
        return found

    # Reading

    def items(self) -> Iterator[QQuickItem]:
        """Everything that is drawn, from above to below; what covers the rest comes last."""
        pending = [self.window.contentItem()]
        while pending:
            item = pending.pop()
            if item.isVisible():
                yield item
                pending += sorted(item.childItems(), key=lambda one: (one.z(), one.y()), reverse=True)

    def find(self, name: str) -> QQuickItem:
        """The part with this object name that is drawn."""
        found = next((item for item in self.items() if item.objectName() == name), None)
        assert found is not None, f"There is no {name} in the window."
        return found

    def has(self, name: str) -> bool:
        return any(item.objectName() == name for item in self.items())

    def screen(self) -> str:
        """The words in the window."""
        words = []
        for item in self.items():
            text = item.property("text")
            if isinstance(text, str) and text and self._is_in_sight(item):
                words.append(_plain(text))
        return "\n".join(words)

    def _is_in_sight(self, item: QQuickItem) -> bool:
        place = item.mapRectToScene(item.boundingRect())
        return bool(place.intersects(self.window.contentItem().boundingRect()))

    async def until(self, *parts: str | Callable[[], object]) -> None:
        """Wait until all of these stand in the window, or hold."""
        await until(
            lambda: all(part in self.screen() if isinstance(part, str) else part() for part in parts),
            lambda: f"{[part for part in parts if isinstance(part, str)]} never came:\n{self.screen()}",
        )

    def message(self, words: str) -> QQuickItem:
        """The row in which these words stand."""
        found = [
            item
            for item in self.items()
            if item.property("spoken") is not None and words in (item.property("words") or "")
        ]
        assert found, f"No message has {words!r}:\n{self.screen()}"
        return found[-1]

    # Doing

    async def press(self, *keys: str) -> None:
        """Press keys, such as `ctrl+k` or `enter`."""
        for key in keys:
            *held, last = key.split("+") if key != "+" else ["+"]
            modifiers = Qt.KeyboardModifier.NoModifier
            for name in held:
                modifiers |= HELD[name]
            await self._key(KEYS.get(last) or last, modifiers)

    async def _key(
        self, key: Qt.Key | str, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        whatever: Any = key
        await outside(lambda: QTest.keyClick(self.window, whatever, modifiers))

    async def type(self, text: str, *then: str) -> None:
        """Write where the cursor is, then press keys."""
        for letter in text:
            await self._key(letter)
        await self.press(*then)

    async def say(self, text: str) -> None:
        self.find("editor").forceActiveFocus()
        await self.type(text, "enter")

    async def fill(self, **fields: str) -> None:
        for name, text in fields.items():
            self.find(name).setProperty("text", text)

    async def drawn(self) -> None:
        """Wait for the next picture: only then everything stands where it belongs."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.window.frameSwapped.connect(
            lambda: done.set_result(None), Qt.ConnectionType.SingleShotConnection
        )
        self.window.update()
        await done

    async def click(self, name: str) -> None:
        """Click on the middle of a part."""
        await self.click_at(self.find(name))

    async def click_at(self, item: QQuickItem, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        await self.drawn()
        middle = item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()
        held = Qt.KeyboardModifier.NoModifier
        await outside(lambda: QTest.mouseMove(self.window, middle))
        await outside(lambda: QTest.mouseClick(self.window, button, held, middle))

    async def click_on(self, words: str) -> None:
        """Click on a button or a row that says this."""
        found = [item for item in self.items() if item.property("text") == words]
        found.sort(key=lambda item: item.metaObject().indexOfSignal("clicked()") >= 0)
        assert found, f"Nothing to click says {words!r}:\n{self.screen()}"
        await self.click_at(found[-1])

    async def dismiss(self, words: str) -> None:
        """Read why one is not let in, in its dialog, and close that."""
        await self.until("You are not in", words, lambda: self.find("no").hasActiveFocus())
        await self.press("enter")
        await self.until(lambda: "You are not in" not in self.screen())

    async def come(self, port: int, name: str, password: str = "", *, registers: bool = False) -> None:
        """Come in by the door, and into the first room."""
        await self.fill(address=f"localhost:{port}", name=name, password=password)
        await self.click("register" if registers else "come")
        await self.until(lambda: self.desk.values["is_in"])
        if not password:
            await self.fill(editor="/join Général")
            await self.press("enter")
        await self.until("Members", lambda: self.chat.values["title"] == "#Général")


def _plain(text: str) -> str:
    if not text.startswith(("<", "&")):
        return text
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText().replace("\u00a0", " ")


@asynccontextmanager
async def open_desktop(
    folder: Path, link: str = "", *, name: str = "Main", data: Path | None = None
) -> AsyncIterator[DesktopHarness]:
    """Open the desktop client; close it at the end."""
    windows = Windows(folder, Memory(folder, has_keyring=False), data)
    complaints: list[str] = []

    def complain(errors: list[QQmlError]) -> None:
        complaints.extend(error.toString() for error in errors)

    windows.engine.warnings.connect(complain)
    try:
        if name == "Main":
            windows.open_chat()
            windows.desk.begin(link)
        else:
            windows.open_server()
        desktop = DesktopHarness(windows, name)
        await outside(lambda: QTest.qWaitForWindowExposed(desktop.window))
        yield desktop
        assert not complaints, "\n".join(complaints)
    finally:
        await windows.end()
