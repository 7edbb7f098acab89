"""Notifications as Linux desktops show them, also where there is no place for an icon beside the clock.

Desktop Notifications Specification, 1.2: `org.freedesktop.Notifications.Notify`, and its signal ActionInvoked.
"""

import asyncio
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from hubbub.bounded import Bounded

WAIT_SECONDS: Final = 5
TEXT_CHARACTERS_MAX: Final = 500
SHOWN_MAX: Final = 50
_NAME: Final = "org.freedesktop.Notifications"
_PATH: Final = "/org/freedesktop/Notifications"


class Notifications(QObject):
    """The desktop's own, over the session's bus; where there is none, nothing is shown."""

    clicked = Signal(str)
    """A notification was clicked that came for this."""

    def __init__(self) -> None:
        super().__init__()
        self._task: asyncio.Task[None] | None = None
        self._wanted: asyncio.Queue[tuple[str, str, str]] = asyncio.Queue(SHOWN_MAX)
        self._shown: Bounded[int, str] = Bounded(SHOWN_MAX)

    def show(self, title: str, text: str, about: str) -> None:
        """Show one, soon; what comes faster than it can be shown is not."""
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._run())
        if not self._wanted.full():
            self._wanted.put_nowait((title, text[:TEXT_CHARACTERS_MAX], about))

    async def _run(self) -> None:
        try:
            from jeepney import MatchRule, message_bus  # type: ignore[import-untyped]
            from jeepney.io.asyncio import Proxy, open_dbus_router  # type: ignore[import-untyped]
        except ImportError:
            return
        rule = MatchRule(type="signal", interface=_NAME, path=_PATH)
        try:
            async with open_dbus_router() as router:
                with router.filter(rule, bufsize=SHOWN_MAX) as signals:
                    await Proxy(message_bus, router).AddMatch(rule)
                    hearing = asyncio.ensure_future(self._hear(signals))
                    try:
                        while True:
                            await self._show(router, *await self._wanted.get())
                    finally:
                        hearing.cancel()
        except (OSError, KeyError, ValueError, TimeoutError):
            # There is no bus, or it has gone: the next one tries again.
            return

    async def _show(self, router: Any, title: str, text: str, about: str) -> None:
        from jeepney import DBusAddress, DBusErrorResponse, new_method_call

        where = DBusAddress(_PATH, bus_name=_NAME, interface=_NAME)
        # "app_name, replaces_id, app_icon, summary, body, actions, hints, expire_timeout"
        body: tuple[Any, ...] = ("Hubbub", 0, "hubbub", title, _plain(text), ["default", "Open"], {}, -1)
        message = new_method_call(where, "Notify", "susssasa{sv}i", body)
        async with asyncio.timeout(WAIT_SECONDS):
            answer = await router.send_and_get_reply(message)
        try:
            from jeepney.wrappers import unwrap_msg  # type: ignore[import-untyped]

            (number,) = unwrap_msg(answer)
        except (DBusErrorResponse, ValueError):
            return
        self._shown[number] = about

    async def _hear(self, signals: Any) -> None:
        from jeepney import HeaderFields

        while True:
            signal = await signals.get()
            about = self._shown.get(signal.body[0]) if signal.body else None
            if about is not None and signal.header.fields.get(HeaderFields.member) == "ActionInvoked":
                self.clicked.emit(about)

    def end(self) -> None:
        if self._task is not None:
            self._task.cancel()


def _plain(text: str) -> str:
    """4: a body may have markup; what is meant as text is written so that it stays text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
