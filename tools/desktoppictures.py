"""Pictures of the windows for the documentation: `xvfb-run -a python -m tools.desktoppictures`."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QUrl

from tests.desktop.desktop_harness import DesktopHarness, open_desktop, story, until
from tests.server_process import Line, ServerProcess
from tools.pictures import FOLDER
from tools.webpictures import photo

_PAUSE_SECONDS: Final = 0.5
_DATA: Final = "/srv/chat"


async def _take(desktop: DesktopHarness, name: str) -> None:
    await asyncio.sleep(_PAUSE_SECONDS)
    for running in desktop.windows.servers:
        # Whose folders these are is nobody's business.
        running.put(data=_DATA, log_file=f"{_DATA}/log/app.log")
    await desktop.drawn()
    desktop.window.grabWindow().save(str(FOLDER / name))
    print(f"docs/pictures/{name} is taken.")


async def _person(server: ServerProcess, name: str) -> Line:
    line = await server.connect()
    line.type(name)
    await line.until("help")
    return line


async def _says(desktop: DesktopHarness, line: Line, *texts: str) -> None:
    for text in texts:
        line.type(text)
        await desktop.until(text.split("*")[0].split("http")[0].strip()[:20])


async def _chat(server: ServerProcess, folder: Path) -> None:
    async with open_desktop(folder / "client") as ann:
        ann.window.resize(1120, 740)
        await ann.fill(address="chat.example.org", name="ann")
        await _take(ann, "desktop-door.png")
        bob, cleo, dora = [await _person(server, name) for name in ("bob", "cleo", "dora")]
        await ann.come(server.port, "ann", "correct horse", registers=True)
        chat = ann.chat
        messages: Any = chat.messages
        for room in ("releases", "kitchen", "tea"):
            chat.going.join(room)
            await until(lambda room=room: chat.values["title"] == f"#{room}")  # type: ignore[misc]
        for line in (bob, cleo, dora):
            line.type("/make tea")
        await until(lambda: chat.values["headcount"] == 4)
        chat.word("topic", "Tea at four, in the garden if it is dry")
        await _says(ann, bob, "good morning! the kettle is on", "and there is *cake*, from yesterday")
        chat.compose.send("I'll bring **scones** 🫖")
        await ann.until("scones")
        photo(folder / "sunrise.png")
        chat.send_files([QUrl.fromLocalFile(str(folder / "sunrise.png"))])
        await until(lambda: any(messages.row(row)["picture"] for row in range(messages.rowCount())))
        await _says(ann, cleo, "what a morning!", "ann: shall we say four, as always?")
        for row in range(messages.rowCount()):
            if messages.row(row)["words"].startswith("and there is"):
                chat.doing.react(row, "🎉")
                chat.doing.react(row, "❤️")
            if messages.row(row)["words"].startswith("ann: shall"):
                chat.doing.reply(row)
        chat.compose.send("yes, and bring the dog!")
        await ann.until("bring the dog")
        await _says(ann, dora, "It is dry so far: https://weather.example.org/garden")
        for line, words in ((bob, "/make releases"), (dora, "/make kitchen")):
            line.type(words)
        bob.type("version 3 is out")
        dora.type("who has the big pan, ann?")
        await until(lambda: chat.values["unread"] >= 2)
        for theme in ("light", "dark"):
            ann.desk.set("theme", theme)
            await _take(ann, f"desktop-{theme}.png")


async def _server(server: ServerProcess, folder: Path) -> None:
    async with open_desktop(folder / "steward", name="Server", data=server.data) as desktop:
        desktop.window.resize(1080, 720)
        await desktop.until("running")
        await _take(desktop, "server-overview.png")
        await desktop.click("page-people")
        await _take(desktop, "server-people.png")
        await desktop.click("page-settings")
        await _take(desktop, "server-settings.png")
        desktop.desk.set("theme", "dark")
        await desktop.click("page-log")
        await _take(desktop, "server-log.png")


@story
async def _all() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "school"
        settings = {"HUBBUB_SERVER_NETWORK": "School of Music"}
        async with ServerProcess(data, "--lan", settings=settings) as server:
            await _chat(server, Path(folder))
            await _server(server, Path(folder))


if __name__ == "__main__":
    _all()
