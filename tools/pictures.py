"""Pictures of the terminal client for the documentation, taken from the running program: `python -m tools.pictures`."""

import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from hubbub.connection.preferences import Place
from hubbub.terminal.app import HubbubApp
from hubbub.terminal.settings import Memory
from tests.server_harness import ServerHarness
from tests.terminal.terminal_harness import TerminalHarness, open_terminal

FOLDER: Final = Path(__file__).resolve().parent.parent / "docs" / "pictures"


async def _conversation(harness: ServerHarness) -> None:
    """A morning in a small company."""
    for name in ("ann", "bob", "cleo"):
        await harness.account(name)
    caps = "message-tags batch draft/metadata-2"
    people = {}
    for name in ("bob", "cleo"):
        people[name] = harness.connect(name, secure=True)
        people[name].type(
            f"CAP REQ :{caps}\nPASS :{name}:correct horse\nNICK {name}\nUSER {name} 0 * :x\nCAP END"
        )
    await harness.look()
    await harness.irc("deploybot", caps)
    await harness.ask("bob", "METADATA * SET display-name :Bob Baker\nJOIN #kitchen,#releases,#tea")
    await harness.ask("cleo", "JOIN #tea,#kitchen,#releases")
    await harness.ask("deploybot", "MODE deploybot +B\nJOIN #releases")
    await harness.ask("bob", "TOPIC #tea :Tea at four, in the garden if it is dry")
    await harness.ask("cleo", "AWAY :in a meeting")


async def _talk(harness: ServerHarness, ann: TerminalHarness) -> None:
    """Half an hour of it, seen by Ann."""

    async def say(name: str, text: str) -> None:
        harness.wait(60)
        harness.people[name].type(text)
        await ann.pilot.pause(0.05)

    await say("bob", "PRIVMSG #tea :Morning! Is the kettle fixed?")
    await say("cleo", "PRIVMSG #tea :It is. The part came yesterday, see https://example.org/kettle")
    await ann.until("example.org/kettle")
    await ann.press("shift+up")
    await ann.type("wonderful, **thank you** :tada:")
    await ann.until("thank you")
    assert ann.app.chat is not None
    here = ann.app.chat.here
    assert here is not None
    said = next(m for m in reversed(here.timeline.messages) if m.sender == "cleo" and m.is_talk)
    for name in ("bob", "ann"):
        if name == "ann":
            ann.app.chat.client.react(here, said, "👍")
        else:
            harness.people[name].type(f"@+draft/react=👍;+reply={said.id} TAGMSG #tea")
    await ann.until("👍 2")
    harness.wait(1500)
    await say("bob", "PRIVMSG #tea :ann: `make tea` builds again, and all 1,240 leaves are green")
    await say("bob", "PRIVMSG #tea :I shall bring biscuits.")
    await say("cleo", "PRIVMSG #kitchen :ann, did you take the blue cup?")
    await say("deploybot", "PRIVMSG #releases :hubbub 0.1.0 is out")
    await say("bob", "PRIVMSG ann :see you at four")
    await say("cleo", "@+typing=active TAGMSG #tea")
    await ann.until("biscuits", "is typing", "2 for you")
    await ann.press(*"I'll be th")
    await ann.until("› I'll be th")


async def _chat(
    folder: Path, theme: str, size: tuple[int, int], then: Callable[[TerminalHarness], Awaitable[None]]
) -> str:
    async with ServerHarness(
        folder, {"server.name": "chat.hubbub", "limits.lines_a_second": 0, "limits.ping_seconds": 0}
    ) as harness:
        await _conversation(harness)
        rooms = ("#tea", "#kitchen", "#releases")
        async with open_terminal(
            harness, "ann", *rooms, password="correct horse", size=size, theme=theme
        ) as ann:
            await ann.until(lambda: ann.app.chat is not None and len(ann.app.chat.client.conversations) >= 4)
            assert ann.app.chat is not None
            ann.app.chat.show(ann.app.chat.client.open("#tea"))
            await _talk(harness, ann)
            await then(ann)
            return ann.app.export_screenshot(title="Hubbub")


async def _nothing(ann: TerminalHarness) -> None:
    """As it is."""


async def _search(ann: TerminalHarness) -> None:
    await ann.press("ctrl+f")
    await ann.until("Search for")
    await ann.type("kettle")
    await ann.until("2 found")


async def _welcome(folder: Path) -> str:
    remembered = Memory(folder / "client", has_keyring=False)
    remembered.been_at(Place("chat.example.org", "ann"))
    remembered.been_at(Place("localhost", "ann", is_guest=True))
    app = HubbubApp(remembered, address="chat.example.org", name="ann")
    async with app.run_test(size=(90, 32)) as pilot:
        await pilot.pause()
        await pilot.press("shift+tab")
        await pilot.pause()
        return app.export_screenshot(title="Hubbub")


PICTURES: Final[dict[str, Callable[[Path], Awaitable[str]]]] = {
    "terminal-dark.svg": lambda folder: _chat(folder, "dark", (110, 30), _nothing),
    "terminal-light.svg": lambda folder: _chat(folder, "light", (110, 30), _nothing),
    "terminal-search.svg": lambda folder: _chat(folder, "dark", (64, 26), _search),
    "terminal-welcome.svg": _welcome,
}
"""File → how it is taken, with an empty folder for the server's data."""


def as_everywhere() -> None:
    """Everybody's pictures show the same times and colours."""
    os.environ |= {"TZ": "UTC", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    time.tzset()


async def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    as_everywhere()
    for name, take in PICTURES.items():
        with tempfile.TemporaryDirectory() as folder:
            (FOLDER / name).write_text(await take(Path(folder)), "utf-8")
        print(f"docs/pictures/{name} is taken.")


if __name__ == "__main__":
    asyncio.run(main())
