"""Files on their way to the server, and pictures on theirs back."""

import asyncio
import secrets
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QImageReader, QPainter, QPainterPath

from hubbub.client.chat_model import Conversation
from hubbub.client.client import Client
from hubbub.client.custom_emoji import pieces
from hubbub.client.formatting import links
from hubbub.connection.files import FetchFailed, Sending, UploadFailed, fetch, file_host, upload
from hubbub.connection.known_servers import KnownServers
from hubbub.desktop.qt_properties import Rows, Shown, shown

PICTURE_BYTES_MAX: Final = 16 << 20
PICTURES_AT_ONCE: Final = 3
EMOJI_SIZE: Final = QSize(176, 40)
"""Twice what is drawn in a line, for screens with many points."""
FACE_SIZE: Final = QSize(96, 96)
PICTURE_SIZE: Final = QSize(840, 600)
"""Twice what `MessageRow.qml` draws, for screens with many points."""
_PICTURES: Final = (".png", ".jpg", ".jpeg", ".gif", ".webp")
_FORMATS: Final = ("png", "jpg", "jpeg", "gif", "webp")
"""What pictures are read as. Qt knows many more, such as SVG, for which strangers' bytes are a program."""
_LOOK_MS: Final = 100

KEPT: Final = 1_000
"""The most pictures that are kept."""
UNWANTED_SECONDS: Final = 600.0
"""The time after which a picture that nobody has looked at makes way for another one."""


class Tasks:
    """Work in the background that ends with its owner."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def end(self) -> None:
        for task in self._tasks:
            task.cancel()


class Uploads(Shown):
    """Files that are being sent, each with how far it is; what is sent becomes a message with its address."""

    changed = Signal()
    note = Signal(str)
    """A word to its user."""
    rows = shown(QObject, "rows", changed)

    def __init__(self, client: Client, known: KnownServers) -> None:
        self._rows = Rows("key", "name", "share", "error")
        super().__init__(rows=self._rows)
        self._client = client
        self._known = known
        self._tasks = Tasks()
        self._under_way: dict[int, tuple[str, Sending, int, str]] = {}
        self._number = 0
        self._clock = QTimer(self)
        self._clock.setInterval(_LOOK_MS)
        self._clock.timeout.connect(self._tell)

    def send(self, path: Path, where: Conversation, caption: str = "") -> None:
        """Send a file of this computer into a conversation, with words before it."""
        host = file_host(self._client.server.support)
        if not host:
            self.note.emit("This server does not accept files.")
            return
        if not path.is_file():
            self.note.emit(f"There is no file {path}. Check its name.")
            return
        self._number += 1
        sending = Sending()
        self._under_way[self._number] = (path.name, sending, max(path.stat().st_size, 1), "")
        self._tasks.begin(self._send(self._number, path, where, host, caption))
        self._clock.start()
        self._tell()

    async def _send(self, key: int, path: Path, where: Conversation, host: str, caption: str) -> None:
        name, sending, size, _ = self._under_way[key]
        identity = self._client.web_identity
        try:
            link = await upload(host, path, identity, self._known, sending)
        except UploadFailed as error:
            if not sending.is_cancelled:
                self._under_way[key] = (name, sending, size, str(error))
        else:
            self._under_way.pop(key, None)
            self._client.say(where, f"{caption.strip()}\n{link}" if caption.strip() else link)
        self._tell()

    def _tell(self) -> None:
        self._rows.update(
            {"key": key, "name": name, "share": min(sending.sent / size, 1.0), "error": error}
            for key, (name, sending, size, error) in self._under_way.items()
        )
        if all(error for _, _, _, error in self._under_way.values()):
            self._clock.stop()

    @Slot(int)
    def cancel(self, key: int) -> None:
        """Send it no further, or take away that it failed."""
        found = self._under_way.pop(key, None)
        if found is not None:
            found[1].is_cancelled = True
        self._tell()

    def end(self) -> None:
        """Stop all of it."""
        for _, sending, _, _ in self._under_way.values():
            sending.is_cancelled = True
        self._clock.stop()
        self._tasks.end()


class Pictures:
    """Pictures that were sent to this server, fetched when they are to be seen; of no other place."""

    def __init__(
        self, client: Client, known: KnownServers, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._known = known
        self._tasks = Tasks()
        self._folder = tempfile.TemporaryDirectory(prefix="hubbub-pictures-")
        self._clock = clock
        self._found: dict[str, str] = {}
        """Link → where it is on this computer; empty while it comes, or if it can't be shown."""
        self._wanted: dict[str, float] = {}
        """Link → when it was wanted last, the one wanted longest ago first."""
        self._awaited: dict[str, dict[Callable[[], None], None]] = {}
        """Link → whom to tell that it has come."""
        self._few = asyncio.Semaphore(PICTURES_AT_ONCE)

    def in_text(self, text: str, came: Callable[[], None]) -> tuple[str, str]:
        """The address of a text's picture on this computer, empty until it `came`, and its link; empty for none."""
        link = next((one for one in links(text) if self._is_picture(one)), "")
        return (self._find(link, _made_small, came), link) if link else ("", "")

    def of_person(self, nick: str, came: Callable[[], None]) -> str:
        """The same for a person's own picture, drawn round."""
        person = self._client.people.find(nick)
        link = person.metadata.get("avatar", "") if person else ""
        return self._find(link, _made_round, came) if link and self._is_picture(link) else ""

    def emoji_in(self, text: str, came: Callable[[], None]) -> dict[str, str]:
        """The same of the custom emoji that a text names, as far as they are there."""
        host, known = file_host(self._client.server.support), self._client.emoji.known
        names = {one.name for one in pieces(text, known) if one.name} if host and known else ()
        found = {name: self._find(f"{host}/{known[name]}", _made_tiny, came) for name in names}
        return {name: address for name, address in found.items() if address}

    def _find(self, link: str, make: Callable[[bytes, Path], bool], came: Callable[[], None]) -> str:
        if link not in self._found:
            if not self._has_room():
                return ""
            self._found[link] = ""
            self._awaited[link] = {}
            self._tasks.begin(self._fetch(link, make))
        self._wanted.pop(link, None)
        self._wanted[link] = self._clock()
        if link in self._awaited:
            self._awaited[link][came] = None
        return self._found[link]

    def _has_room(self) -> bool:
        """Whether one more is kept. One that was wanted a moment ago never makes way: it would be fetched again."""
        if len(self._wanted) < KEPT:
            return True
        link, wanted_at = next(iter(self._wanted.items()))
        if self._clock() - wanted_at < UNWANTED_SECONDS:
            return False
        self._forget(link)
        return True

    def _forget(self, link: str) -> None:
        del self._wanted[link]
        if address := self._found.pop(link, ""):
            Path(QUrl(address).toLocalFile()).unlink(missing_ok=True)

    def _is_picture(self, link: str) -> bool:
        host = file_host(self._client.server.support)
        try:
            parts, known = urlsplit(link), urlsplit(host)
        except ValueError:
            return False  # anybody may write what is no address
        is_ours = bool(host) and (parts.scheme, parts.netloc) == (known.scheme, known.netloc)
        return is_ours and parts.path.lower().endswith(_PICTURES)

    async def _fetch(self, link: str, make: Callable[[bytes, Path], bool]) -> None:
        try:
            async with self._few:
                identity = self._client.web_identity
                data = await fetch(link, identity, self._known, PICTURE_BYTES_MAX)
        except FetchFailed:
            # The next time it is to be seen it is tried again.
            self._awaited.pop(link, None)
            if link in self._wanted:
                self._forget(link)
            return
        path = Path(self._folder.name) / f"{secrets.token_hex(8)}.png"
        is_shown = await asyncio.to_thread(make, data, path)
        awaited = self._awaited.pop(link, {})
        if is_shown and link in self._wanted:
            self._found[link] = QUrl.fromLocalFile(str(path)).toString()
            for came in awaited:
                came()
        else:
            path.unlink(missing_ok=True)

    def end(self) -> None:
        self._tasks.end()
        self._folder.cleanup()


def _read(data: bytes, largest: QSize) -> QImage:
    """A picture, upright and not larger than that; null where it is none of those that are sent as such."""
    bytes_read = QByteArray(data)
    buffer = QBuffer(bytes_read)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    if reader.format().toStdString() not in _FORMATS:
        return QImage()
    reader.setAutoTransform(True)
    size = reader.size()
    if size.width() > largest.width() or size.height() > largest.height():
        reader.setScaledSize(size.scaled(largest, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


def _made_small(data: bytes, path: Path) -> bool:
    """Keep a picture as large as it will be drawn; whether it is one."""
    return _read(data, PICTURE_SIZE).save(str(path))


def _made_tiny(data: bytes, path: Path) -> bool:
    """Keep the picture of a custom emoji; whether it is one."""
    return _read(data, EMOJI_SIZE).save(str(path))


def _made_round(data: bytes, path: Path) -> bool:
    """Keep the middle of a picture as a disc; whether it is one."""
    image = _read(data, FACE_SIZE * 2)
    if image.isNull():
        return False
    fitting = image.scaled(
        FACE_SIZE,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    disc = QImage(FACE_SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    disc.fill(Qt.GlobalColor.transparent)
    painter = QPainter(disc)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shape = QPainterPath()
    shape.addEllipse(disc.rect())
    painter.setClipPath(shape)
    more = (fitting.size() - FACE_SIZE) / 2
    painter.drawImage(-more.width(), -more.height(), fitting)
    painter.end()
    return disc.save(str(path))


def pasted_picture(folder: Path) -> Path | None:
    """The clipboard's picture in a file; None if it holds none."""
    image = QGuiApplication.clipboard().image()
    if image.isNull():
        return None
    path = Path(tempfile.mkstemp(prefix="pasted-", suffix=".png", dir=folder)[1])
    return path if image.save(str(path)) else None
