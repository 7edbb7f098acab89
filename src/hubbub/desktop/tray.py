"""The icon beside the clock: what is unread, notifications, and the way back to a closed window."""

import sys
from typing import Final

from PySide6.QtCore import QObject, QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from hubbub.desktop.app_controller import AppController
from hubbub.desktop.freedesktop import Notifications

_SIZES: Final = (16, 22, 24, 32, 48, 64, 128, 256)
_GROUND: Final = "#5142cf"
_BADGE: Final = "#c22a38"


def drawn(size: int, count: int = 0) -> QPixmap:
    """The program's sign, `size` pixels wide and high: two talking shapes, with a number where something is new."""
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size / 64, size / 64)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(_GROUND))
    painter.drawRoundedRect(QRectF(2, 2, 60, 60), 16, 16)
    painter.setBrush(QColor("#ffffff"))
    painter.drawRoundedRect(QRectF(13, 14, 30, 20), 8, 8)
    painter.drawPolygon([QPoint(19, 30), QPoint(19, 42), QPoint(30, 33)])
    painter.setBrush(QColor("#c9c2ff"))
    painter.drawRoundedRect(QRectF(26, 30, 26, 17), 7, 7)
    painter.drawPolygon([QPoint(46, 43), QPoint(46, 54), QPoint(36, 46)])
    if count:
        painter.setBrush(QColor(_BADGE))
        painter.drawEllipse(QRectF(30, 0, 34, 34))
        painter.setPen(QColor("#ffffff"))
        font = QFont()
        font.setPixelSize(22 if count < 10 else 17)
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(
            QRectF(30, 0, 34, 34), Qt.AlignmentFlag.AlignCenter, str(count) if count < 100 else "99"
        )
    painter.end()
    return pixmap


def icon(count: int = 0) -> QIcon:
    """In all the sizes that systems ask for."""
    found = QIcon()
    for size in _SIZES:
        found.addPixmap(drawn(size, count))
    return found


class Tray(QObject):
    """Beside the clock, where there is such a place; else notifications are all there is of it."""

    def __init__(self, desk: AppController) -> None:
        super().__init__()
        self._desk = desk
        self._unread = -1
        self._rang_for = ""
        self._icon = QSystemTrayIcon(icon())
        self._notifications = Notifications() if sys.platform == "linux" else None
        if self._notifications is not None:
            self._notifications.clicked.connect(desk.go)
        self._menu = QMenu()
        for words, do in (
            ("Show the chat", desk.shown_again.emit),
            ("Run a server…", desk.want_server),
            ("Leave", desk.leave),
        ):
            self._menu.addAction(words).triggered.connect(lambda checked=False, do=do: do())
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._clicked)
        self._icon.messageClicked.connect(lambda: desk.go(self._rang_for))
        desk.rang.connect(self._ring)
        desk.counted.connect(self._count)
        desk.changed.connect(self._settle)
        self._count(0, 0)
        self._settle()

    @property
    def is_there(self) -> bool:
        """Whether a window that is closed can be opened again from here."""
        return self._icon.isVisible() and QSystemTrayIcon.isSystemTrayAvailable()

    def _settle(self) -> None:
        self._icon.setVisible(self._desk.remembered.settings.tray and QSystemTrayIcon.isSystemTrayAvailable())

    def _clicked(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self._desk.shown_again.emit()

    def _ring(self, title: str, text: str, name: str) -> None:
        self._rang_for = name
        if self._notifications is not None:
            self._notifications.show(title, text, name)
        elif self._icon.isVisible():
            self._icon.showMessage(title, text, icon())

    def _count(self, unread: int, mentions: int) -> None:
        count = mentions or unread
        if count == self._unread:
            return
        self._unread = count
        self._icon.setIcon(icon(count))
        self._icon.setToolTip(f"Hubbub: {count} unread" if count else "Hubbub")
        QGuiApplication.setWindowIcon(icon(count))

    def end(self) -> None:
        self._icon.hide()
        if self._notifications is not None:
            self._notifications.end()
