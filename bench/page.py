"""What the page costs: bytes and time until it can be used, and processor time for what people do on it.

The baseline is a page with nothing but a box to write in, or the server's own about the API: what the browser and the
machine take by themselves.
"""

import asyncio
import statistics
import tempfile
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, CDPSession, Page

from tests.browser.browser_user import BrowserUser, chromium, drawn
from tests.server_process import ServerProcess

MESSAGES: Final = 2_000
ROOMS: Final = 8
TIMES: Final = 5
TURNS: Final = 60
KEYS: Final = "the quick brown fox jumps over the lazy dog"
SIZE_LIMIT_KB: Final = 150

_WATCH: Final = """() => {
  window.long = 0;
  new PerformanceObserver((list) => { window.long += list.getEntries().length; }).observe({ type: "longtask" });
}"""
_PAINT: Final = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"

Figures = list[tuple[str, str, str]]
"""What was measured, of the page, of the baseline."""


async def page() -> Figures:
    settings = {"HUBBUB_LIMITS_LINES_A_SECOND": "0", "HUBBUB_WEB_PREVIEWS": "no"}
    with tempfile.TemporaryDirectory() as folder:
        async with ServerProcess(Path(folder) / "data", settings=settings) as server, chromium() as browser:
            await _fill(server)
            return [*await _load(browser, server), *await _use(browser, server)]


async def _fill(server: ServerProcess) -> None:
    line = await server.connect()
    line.type("NICK filler", "USER f 0 * :F", *(f"JOIN #room{number}" for number in range(ROOMS)))
    for number in range(ROOMS):
        for start in range(0, MESSAGES, 100):
            line.type(
                *(
                    f"PRIVMSG #room{number} :message {place} {'with some words ' * (place % 7)}"
                    for place in range(start, start + 100)
                )
            )
    line.type("PING filled")
    await line.until("filled")


async def _load(browser: Browser, server: ServerProcess) -> Figures:
    """For somebody who has never been here; each time with an empty cache."""
    own = [await _loaded(browser, f"http://localhost:{server.port}/", "#nick") for _ in range(TIMES)]
    base = [await _loaded(browser, f"http://localhost:{server.port}/api", "main") for _ in range(TIMES)]
    over = "" if own[0]["bytes"] < SIZE_LIMIT_KB * 1000 else f", more than {SIZE_LIMIT_KB}!"
    return [
        ("downloaded, compressed", _size(own[0]) + over, _size(base[0])),
        ("first picture", _ms(own, "paint"), _ms(base, "paint")),
        ("ready for a name", _ms(own, "ready"), _ms(base, "ready")),
        ("processor time until then", _ms(own, "tasks"), _ms(base, "tasks")),
    ]


async def _loaded(browser: Browser, url: str, shown: str) -> dict[str, float]:
    context = await browser.new_context(service_workers="block")
    page = await context.new_page()
    watching = await context.new_cdp_session(page)
    await watching.send("Network.enable")
    await watching.send("Performance.enable")
    got: list[float] = []
    watching.on("Network.loadingFinished", lambda event: got.append(event["encodedDataLength"]))
    began = asyncio.get_running_loop().time()
    await page.goto(url)
    await page.locator(shown).wait_for()
    ready = asyncio.get_running_loop().time() - began
    figures = {
        "ready": ready * 1000,
        "paint": float(await page.evaluate(_PAINT)),
        "tasks": await _tasks(watching),
        "bytes": sum(got),
        "requests": float(len(got)),
    }
    await context.close()
    return figures


async def _tasks(watching: CDPSession) -> float:
    """Milliseconds of processor time of the page so far."""
    found: Any = await watching.send("Performance.getMetrics")
    return next(float(one["value"]) for one in found["metrics"] if one["name"] == "TaskDuration") * 1000


def _size(run: dict[str, float]) -> str:
    return f"{run['bytes'] / 1000:.0f} kB in {run['requests']:.0f}"


def _ms(runs: list[dict[str, float]], name: str) -> str:
    return f"{statistics.median(run[name] for run in runs):.0f} ms"


async def _use(browser: Browser, server: ServerProcess) -> Figures:
    """Typing, going from room to room, and reading back, as somebody does who is in rooms with a long history."""
    user = await BrowserUser.arrive(browser, server, "reader")
    await user.come_in("Guest")
    for number in range(ROOMS):
        await user.go_to(f"#room{number}")
        await user.sees(f"message {MESSAGES - 1}")
    page = user.page
    watching = await page.context.new_cdp_session(page)
    await watching.send("Performance.enable")
    await page.evaluate(_WATCH)
    typed = await _each(watching, len(KEYS), _type(page))
    rooms = await _each(watching, ROOMS, _switch(user))
    await page.evaluate("window.long = 0")
    back = await _each(watching, TURNS, _read_back(user))
    long = await page.evaluate("window.long")
    await page.set_content("<textarea id=composer></textarea>")
    base = await _each(watching, len(KEYS), _type(page))
    return [
        ("a letter: processor time until it is seen", typed, base),
        ("another room", rooms, "-"),
        ("a turn of the wheel, back through history", back, "-"),
        ("tasks over 50 ms meanwhile", f"{long} in {TURNS} turns", "-"),
    ]


async def _each(watching: CDPSession, times: int, doing: Awaitable[None]) -> str:
    before = await _tasks(watching)
    await doing
    return f"{(await _tasks(watching) - before) / times:.1f} ms"


async def _type(page: Page) -> None:
    await page.locator("#composer").click()
    for key in KEYS:
        await page.keyboard.type(key)
        await drawn(page)


async def _switch(user: BrowserUser) -> None:
    for number in range(ROOMS):
        await user.page.get_by_role("link", name=f"#room{number}").click()
        await user.drawn()


async def _read_back(user: BrowserUser) -> None:
    await user.page.mouse.move(600, 400)
    for _ in range(TURNS):
        await user.page.mouse.wheel(0, -1_000)
        await user.drawn()
