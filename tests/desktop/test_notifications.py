"""Notifications, on a bus of the test's own: what is asked of the desktop, and a click that comes back."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from jeepney import (  # type: ignore[import-untyped]
    DBusAddress,
    HeaderFields,
    MatchRule,
    MessageType,
    message_bus,
    new_method_return,
    new_signal,
)
from jeepney.io.asyncio import Proxy, open_dbus_router  # type: ignore[import-untyped]

from hubbub.desktop.freedesktop import Notifications
from tests.conftest import need_program
from tests.desktop.desktop_harness import story, until

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"


async def bus(tmp_path: Path) -> tuple[asyncio.subprocess.Process, str]:
    """A bus of this test alone."""
    process = await asyncio.create_subprocess_exec(
        *(need_program("dbus-daemon"), "--session", "--nofork", "--print-address"),
        *("--address", f"unix:path={tmp_path}/bus"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    return process, (await process.stdout.readline()).decode().strip()


async def serve(router: Any, asked: list[Any]) -> None:
    """What the desktop is in this test: the third notification is clicked at once."""
    with router.filter(MatchRule(type="method_call", path=PATH), bufsize=10) as calls:
        assert (await Proxy(message_bus, router).RequestName(NAME))[0] == 1
        asked.append("ready")
        while True:
            call = await calls.get()
            assert call.header.message_type is MessageType.method_call
            assert call.header.fields[HeaderFields.member] == "Notify"
            asked.append(call.body)
            number = len(asked)
            await router.send(new_method_return(call, "u", (number,)))
            if call.body[3] == "cleo":
                where = DBusAddress(PATH, interface=NAME)
                await router.send(new_signal(where, "ActionInvoked", "us", (number, "default")))


@story
async def test_a_notification_and_a_click(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process, address = await bus(tmp_path)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    asked: list[Any] = []
    clicked: list[str] = []
    notifications = Notifications()
    notifications.clicked.connect(clicked.append)
    try:
        async with open_dbus_router() as router:
            desktop = asyncio.ensure_future(serve(router, asked))
            await until(lambda: asked)
            notifications.show("bob in #tea", "1 < 2 & <b>bold</b>", "#tea")
            await until(lambda: len(asked) == 2)
            assert asked[1][3:5] == ("bob in #tea", "1 &lt; 2 &amp; &lt;b&gt;bold&lt;/b&gt;")
            notifications.show("cleo", "psst", "cleo")
            await until(lambda: clicked)
            assert clicked == ["cleo"]
            desktop.cancel()
    finally:
        notifications.end()
        process.terminate()
        await process.wait()


@story
async def test_without_a_bus_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nobody")
    notifications = Notifications()
    for _ in range(100):
        notifications.show("bob", "hello", "bob")
    await until(lambda: notifications._task is not None and notifications._task.done())
