"""The window that runs a server: started, looked at, administered, stopped; in a real process of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtQml import QQmlComponent, QQmlEngine

from hubbub.connection.admin_client import Console, NoServer
from hubbub.desktop.app import QML, application
from hubbub.desktop.logview import LogView
from hubbub.desktop.server_manager import ServerManager
from tests.desktop.desktop_harness import DesktopHarness, open_desktop, story, until
from tests.server_process import Line, ServerProcess


@asynccontextmanager
async def steward(tmp_path: Path) -> AsyncIterator[tuple[DesktopHarness, ServerManager]]:
    """Somebody before the server's window; whatever runs in the end is stopped."""
    async with open_desktop(tmp_path / "client", name="Server", data=tmp_path / "data") as desktop:
        (running,) = desktop.windows.servers
        try:
            yield desktop, running
        finally:
            console = Console(tmp_path / "data")
            try:
                await console.ask(line="shutdown")
                while True:
                    await console.ask(about=True)
                    await asyncio.sleep(0.05)
            except NoServer:
                pass


async def irc_client(running: ServerManager, name: str) -> Line:
    reader, writer = await asyncio.open_connection("127.0.0.1", running.values["port"])
    line = Line(reader, writer)
    line.type(name)
    await line.until("help")
    return line


async def begun(running: ServerManager) -> None:
    """Start at a free port."""
    running.start(0)
    await until(lambda: running.values["state"] == "running", lambda: running.values["error"])


@story
async def test_start_see_who_comes_and_stop(tmp_path: Path) -> None:
    async with steward(tmp_path) as (desktop, running):
        await desktop.until("Run a chat server on this computer", "stopped")
        await begun(running)
        await desktop.until("Only this computer can connect", f"http://localhost:{running.values['port']}/")
        await desktop.until("Become administrator")
        bob = await irc_client(running, "bob")
        await desktop.click("page-people")
        running.look()
        await desktop.until("bob", "127.0.0.1:", "netcat")
        await desktop.click_on("bob")
        await desktop.until("Disconnect…", "Ban the address…")
        await desktop.click_on("Disconnect…")
        await desktop.until("They can reconnect at once.", lambda: desktop.find("wish").hasActiveFocus())
        await desktop.press("enter")  # no reason given nothing happens
        await desktop.until(lambda: desktop.has("wish"))
        await desktop.type("Too loud", "enter")
        await bob.until("Too loud")
        await bob.close()
        await desktop.until("session ended", "Nobody is connected.")
        await desktop.click("stop")
        await desktop.until("Stop the server?")
        await desktop.click("sure")
        await desktop.until("stopped", lambda: running.values["state"] == "stopped")


@story
async def test_a_server_that_runs_is_taken_up_and_goes_on(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server:
        async with open_desktop(tmp_path / "client", name="Server", data=tmp_path / "data") as desktop:
            await desktop.until("running", f"http://localhost:{server.port}/")
            desktop.window.close()
            await desktop.until("Keep the server running?")
            assert not desktop.windows.ended.is_set()
            await desktop.press("escape")
            await desktop.until(lambda: not desktop.has("keepRunning"))
            desktop.window.close()
            await desktop.until(lambda: desktop.has("keepRunning"))
            await desktop.click("keepRunning")
            await until(desktop.windows.ended.is_set)
        assert server.process.returncode is None
        async with open_desktop(tmp_path / "client", name="Server", data=tmp_path / "data") as desktop:
            await desktop.until("running")
            server.kill()
            await server.ended()
            await desktop.until("stopped", lambda: not desktop.has("code"))


@story
async def test_why_it_does_not_start(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "other") as other, steward(tmp_path) as (desktop, running):
        running.start(other.port)
        await desktop.until("stopped", lambda: "port" in running.values["error"])
        (tmp_path / "data" / "hubbub.toml").write_text("[server]\nport = 99999\n", "utf-8")
        await desktop.click("startHere")
        await desktop.until("server.port", lambda: desktop.has("startError"))
        (tmp_path / "data" / "hubbub.toml").unlink()
        await begun(running)
        await desktop.until(lambda: not desktop.has("startError"))


@story
async def test_requests_rooms_settings_and_a_backup(tmp_path: Path) -> None:
    async with steward(tmp_path) as (desktop, running):
        await begun(running)
        await desktop.click("page-rooms")
        await desktop.until("Général", "approval")
        await desktop.click("addRoom")
        await desktop.type("Chess club", "enter")
        await desktop.until(lambda: desktop.has("toast") and not desktop.has("wish"))
        await desktop.click("addRoom")
        await desktop.type("Chess", "enter")
        await desktop.until("Chess")
        await desktop.click("page-settings")
        await desktop.until("server.network", "The name of this chat, as people see it.")
        await desktop.click("settingWords")
        await desktop.type("network")
        await desktop.until(lambda: "server.motd" not in desktop.screen())
        running.set_setting("server.network", "School of Music")
        await until(lambda: running.values["network"] == "School of Music")
        assert "School of Music" in (tmp_path / "data" / "hubbub.toml").read_text("utf-8")
        running.set_setting("server.network", "")
        await desktop.until(lambda: desktop.has("said"))
        await desktop.click("page-overview")
        running.back_up()
        await desktop.until("The backup is in")
        assert list((tmp_path / "data" / "backups").glob("hubbub-*.db"))


@story
async def test_requests_are_accepted(tmp_path: Path) -> None:
    settings = {"HUBBUB_ACCOUNTS_REGISTRATION": "approval"}
    async with (
        ServerProcess(tmp_path / "data", settings=settings) as server,
        open_desktop(tmp_path / "client", name="Server", data=tmp_path / "data") as desktop,
    ):
        dora = await server.connect()
        dora.type("register dora correct horse")
        await dora.until("administrator")
        (running,) = desktop.windows.servers
        running.look()
        await until(lambda: running.values["waiting"] == 1)
        await desktop.click("page-requests")
        await desktop.until("dora asks for an account")
        await desktop.click("accept")
        await desktop.until("There are no requests.")


@story
async def test_the_log_is_followed_and_filtered(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text(
        "2026-11-20 11:40:11,590 - INFO - one\n2026-11-20 11:40:12,001 - WARNING - two\n", "utf-8"
    )
    log = LogView()
    log.follow(path)
    assert _words(log) == ["one", "two"]
    with path.open("a", encoding="utf-8") as file:
        file.write("| and more of two\n2026-11-20 11:40:13,000 - ERROR - thr")
        file.flush()
        log.look()
        assert _words(log) == ["one", "two", "| and more of two"]
        file.write("ee\n")
    log.look()
    assert _words(log)[-1] == "three" and log.row(2)["level"] == "WARNING"
    log.follow(None)
    log.follow(path)
    assert [log.row(row)["level"] for row in range(4)] == ["INFO", "WARNING", "WARNING", "ERROR"]
    log.filter("", "WARNING")
    assert _words(log) == ["two", "| and more of two", "three"]
    log.filter("MORE", "DEBUG")
    assert _words(log) == ["| and more of two"]
    log.filter("", "DEBUG")
    path.rename(tmp_path / "app.log.1")
    path.write_text("2026-11-20 11:41:00,000 - INFO - begun anew\n", "utf-8")
    log.look()
    assert _words(log)[-1] == "begun anew"
    path.unlink()
    log.look()
    log.end()


def _words(log: LogView) -> list[str]:
    return [str(log.row(row)["words"]) for row in range(log.rowCount())]


def test_every_part_of_a_window_can_be_made() -> None:
    """Also those that are seen seldom."""
    application()
    engine = QQmlEngine()
    for path in sorted(QML.glob("*.qml")):
        component = QQmlComponent(engine, QUrl.fromLocalFile(str(path)))
        assert not component.isError(), component.errorString()


@story
async def test_a_server_without_a_log_in_a_file(tmp_path: Path) -> None:
    async with (
        ServerProcess(tmp_path / "data", settings={"HUBBUB_LOG_FILE": "no"}) as server,
        open_desktop(tmp_path / "client", name="Server", data=tmp_path / "data") as desktop,
    ):
        await desktop.until("running")
        await desktop.click("page-log")
        await desktop.until("The server keeps no log file.", "No matches.")
        server.kill()
        await server.ended()
        await desktop.until("stopped")


@story
async def test_the_server_is_stopped_with_its_window(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server:
        async with open_desktop(tmp_path / "client", name="Server", data=tmp_path / "data") as desktop:
            await desktop.until("running")
            desktop.window.close()
            await desktop.until("Keep the server running?")
            await desktop.click("stopAndClose")
            await until(desktop.windows.ended.is_set)
        assert await server.ended() == 0


@story
async def test_what_a_start_has_said_is_not_left_behind(tmp_path: Path) -> None:
    async with steward(tmp_path) as (_, running):
        await begun(running)
        assert running.values["first"] and not list((tmp_path / "client").glob("server-start-*"))
