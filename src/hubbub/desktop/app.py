"""The desktop program: its windows, its event loop, and how it begins and ends."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

import qasync  # type: ignore[import-untyped]
from PySide6.QtCore import QObject, QRect, QSettings, QSize, Qt, Slot
from PySide6.QtGui import QGuiApplication, QPixmap, QWindow
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickImageProvider, QQuickWindow
from PySide6.QtWidgets import QApplication

from hubbub.desktop.app_controller import AppController
from hubbub.desktop.garbage import collected_here
from hubbub.desktop.settings import Memory
from hubbub.desktop.single_instance import SERVER, SingleInstance
from hubbub.desktop.tray import Tray, drawn

if TYPE_CHECKING:
    from hubbub.desktop.server_manager import ServerManager

QML: Final = Path(__file__).parent / "qml"
LINK: Final = "hubbub://"


class Sign(QQuickImageProvider):
    """The program's sign for the windows: `image://hubbub/sign`."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Pixmap)

    def requestPixmap(self, name: str, size: QSize, wanted: QSize) -> QPixmap:  # noqa: N802
        return drawn(wanted.width() if wanted.width() > 0 else 64)


class Geometry(QObject):
    """A window's place and size, kept from one start to the next, and what closing it does."""

    def __init__(self, kept: QSettings, name: str, windows: "Windows") -> None:
        super().__init__()
        self._file = kept
        self._name = name
        self._windows = windows
        self._window: QWindow | None = None

    @Slot(QObject)
    def place(self, window: QWindow) -> None:
        """Put a window where it was, unless no screen is there any more."""
        self._window = window
        found = self._file.value(f"{self._name}/place")
        if isinstance(found, QRect) and any(
            screen.availableGeometry().intersects(found.adjusted(40, 40, -40, -40))
            for screen in QGuiApplication.screens()
        ):
            window.setGeometry(found)

    @property
    def was_maximised(self) -> bool:
        return bool(self._file.value(f"{self._name}/maximised") == "yes")

    @Slot(result=bool)
    def closing(self) -> bool:
        """Remember where it is; whether it may close."""
        self.keep()
        return self._windows.may_close(self)

    def keep(self) -> None:
        window = self._window
        if window is None or not window.isVisible():
            return
        is_maximised = bool(window.windowStates() & Qt.WindowState.WindowMaximized)
        self._file.setValue(f"{self._name}/maximised", "yes" if is_maximised else "no")
        if not is_maximised:
            self._file.setValue(f"{self._name}/place", window.geometry())
        self._file.sync()


class Windows:
    """All windows of one program."""

    def __init__(self, folder: Path, remembered: Memory | None = None, data: Path | None = None) -> None:
        """`folder` is what is remembered; `data` is the folder of the server that may be run."""
        self.servers: list[ServerManager] = []
        """One for each folder of data, in the order in which they were asked for; each has a window of its own."""
        self.desk = AppController(remembered or Memory(folder))
        self.tray = Tray(self.desk)
        self.engine = QQmlApplicationEngine()
        self.engine.addImageProvider("hubbub", Sign())
        self.ended = asyncio.Event()
        self._folder = folder
        self._data = data
        self._kept = QSettings(str(folder / "windows.ini"), QSettings.Format.IniFormat)
        self._windows: dict[tuple[str, object], tuple[QQuickWindow, Geometry]] = {}
        """By name, and what is shown in it."""
        self.desk.left.connect(self.ended.set)
        self.desk.server_wanted.connect(lambda: self.open_server())
        self.desk.shown_again.connect(self.open_chat)

    def window(self, name: str) -> QQuickWindow | None:
        """The window of this name that was opened last."""
        found = [window for (other, _), (window, _) in self._windows.items() if other == name]
        return found[-1] if found else None

    def _open(self, name: str, properties: Mapping[str, Any]) -> QQuickWindow:
        key = (name, next(iter(properties.values())))
        found = self._windows.get(key, (None, None))[0]
        if found is None:
            memory = Geometry(self._kept, name, self)
            self.engine.setInitialProperties({**properties, "memory": memory})
            before = len(self.engine.rootObjects())
            self.engine.load(str(QML / f"{name}.qml"))
            made = self.engine.rootObjects()[before:]
            if not made or not isinstance(made[0], QQuickWindow):
                raise RuntimeError(f"Qt can't show the window {name}.qml.")
            found = made[0]
            self._windows[key] = (found, memory)
            if memory.was_maximised:
                found.showMaximized()
        # Not `show`, which would take away that it is maximised.
        found.setWindowStates(found.windowStates() & ~Qt.WindowState.WindowMinimized)
        found.setVisible(True)
        found.raise_()
        found.requestActivate()
        return found

    def open_chat(self) -> None:
        self._open("Main", {"desk": self.desk})

    def open_server(self, data: Path | None = None) -> None:
        """The window of the server on this folder; where none is named, on the last that is open, or the usual one."""
        found = next(
            (one for one in self.servers if data and one.values["data"] == str(data.absolute())), None
        )
        if data is None and self.servers:
            found = self.servers[-1]
        if found is None:
            # Only who runs a server needs what draws its QR code.
            from hubbub.desktop.server_manager import ServerManager

            found = ServerManager(self._kept, self._folder, data or self._data, self._is_open)
            self.servers.append(found)
        self._open("Server", {"running": found, "desk": self.desk})

    def _is_open(self, data: str) -> bool:
        return any(one.values["data"] == data for one in self.servers)

    def may_close(self, memory: Geometry) -> bool:
        """Whether a window closes now; the last one ends the program, unless it can be opened again from the tray."""
        others = [one for one, other in self._windows.values() if other is not memory and one.isVisible()]
        if not others and not self.tray.is_there:
            self.desk.leave()
        return True

    def wanted(self, words: str) -> None:
        """The program was started again, with these arguments."""
        word, _, folder = words.partition(" ")
        if word == SERVER:
            self.open_server(Path(unquote(folder)) if folder else None)
            return
        if words.startswith(LINK):
            self.desk.follow(words)
        self.open_chat()

    async def end(self) -> None:
        for _, memory in self._windows.values():
            memory.keep()
        self.tray.end()
        for running in self.servers:
            await running.end()
        await self.desk.end()
        for window, _ in self._windows.values():
            window.close()
        self.engine.deleteLater()


def application() -> QApplication:
    """The one that Qt wants; its windows' closing does not end it."""
    os.environ.setdefault("QT_QUICK_CONTROLS_STYLE", "Basic")
    if sys.platform == "linux" and not any(Path("/dev/dri").glob("render*")):
        # Without a graphics card Qt's own drawing takes half the memory and a third of the time of OpenGL's.
        os.environ.setdefault("QT_QUICK_BACKEND", "software")
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("Hubbub")
    app.setDesktopFileName("hubbub")
    app.setQuitOnLastWindowClosed(False)
    return app


def run(folder: Path, link: str = "", *, is_server: bool = False, data: Path | None = None) -> None:
    """Open the windows, or bring those to the front that are open already; until their user leaves."""
    instance = SingleInstance(folder)
    if not instance.take():
        instance.tell(server_words(data) if is_server else link)
        return
    loop = qasync.QEventLoop(application())
    asyncio.set_event_loop(loop)
    with collected_here(), loop, contextlib.suppress(asyncio.CancelledError):
        loop.run_until_complete(_run(Windows(folder, data=data), link, is_server, instance))


def server_words(data: Path | None) -> str:
    """The request for the window of a server; the folder is encoded as one word of ASCII."""
    return f"{SERVER} {quote(str(data.absolute()))}" if data else SERVER


async def _run(windows: Windows, link: str, is_server: bool, instance: SingleInstance) -> None:
    await instance.listen(windows.wanted)
    if is_server:
        windows.open_server()
    else:
        windows.open_chat()
        windows.desk.begin(link)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, windows.desk.leave)
    await windows.ended.wait()
    instance.end()
    await windows.end()
