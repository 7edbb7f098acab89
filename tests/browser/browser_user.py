"""A user of a browser: clicks, typing, and what the page shows, with waiting only as long as needed."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, Self

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, async_playwright, expect

from tests.conftest import need_program
from tests.patience import PATIENCE_SECONDS
from tests.server_process import ServerProcess

PASSWORD: Final = "correct horse"
_ARGUMENTS: Final = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-quic"),
)
_SHOWN: Final = "article:not([inert] *)"
"""Messages where one looks: those of other conversations stay in the document for a while."""
PHONE: Final[dict[str, Any]] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Debian's, without a window."""
    path = need_program("chromium")
    expect.set_options(timeout=1000 * PATIENCE_SECONDS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


class BrowserUser:
    """One person with one browser profile, on the page of a server."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = name
        self.complaints: list[str] = []
        """What the page's console says that is wrong."""
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        # A profile that is thrown away has no push service, and says so.
        if message.type in ("error", "warning") and "Push API in incognito" not in message.text:
            self.complaints.append(message.text)

    @classmethod
    async def arrive(
        cls, browser: Browser, server: ServerProcess, name: str, path: str = "", **options: Any
    ) -> Self:
        context = await browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | options))
        context.set_default_timeout(1000 * PATIENCE_SECONDS)
        page = await context.new_page()
        user = cls(page, name)
        await page.goto(f"http://localhost:{server.port}/{path}")
        return user

    async def come_in(self, how: str = "Register", password: str = PASSWORD) -> None:
        """Through the first screen; `how` is the name of one of its ways."""
        page = self.page
        await page.get_by_role("tab", name=how, exact=True).click()
        await page.get_by_label("Name", exact=True).fill(self.name)
        if how != "Guest":
            await page.get_by_label("Password", exact=True).fill(password)
        await page.keyboard.press("Enter")
        await page.get_by_role("navigation", name="Conversations").wait_for()

    @property
    def box(self) -> Locator:
        """Where one writes."""
        return self.page.locator("#composer")

    async def go_to(self, name: str) -> None:
        """A room or a person, by the quick switcher."""
        await self.page.keyboard.press("Control+k")
        await self.page.get_by_role("combobox", name="Go to a room or a person").fill(name)
        await self.page.keyboard.press("Enter")
        await expect(self.page.get_by_role("heading", name=name, level=1, exact=True)).to_be_visible()

    async def say(self, text: str) -> None:
        await self.box.fill(text)
        await self.box.press("Enter")

    def message(self, text: str) -> Locator:
        """The message with this text."""
        return self.page.locator(_SHOWN).filter(has_text=text).last

    async def sees(self, text: str) -> None:
        await expect(self.message(text)).to_be_visible()

    async def sees_not(self, text: str) -> None:
        await expect(self.page.locator(_SHOWN).filter(has_text=text)).to_have_count(0)

    async def do(self, text: str, action: str) -> None:
        """One of the things that can be done with a message."""
        message = self.message(text)
        await message.hover()
        await message.get_by_label("More", exact=True).wait_for()
        tool = message.get_by_label(action, exact=True)
        if await tool.count() == 0:
            await message.get_by_label("More").click()
            tool = message.get_by_role("menuitem", name=action, exact=True)
        await tool.click()

    async def confirm(self) -> None:
        """Say once more that one wants what one has asked for."""
        await self.page.get_by_role("alertdialog").get_by_role("button").first.click()

    async def drawn(self) -> None:
        await drawn(self.page)

    async def messages(self) -> list[str]:
        """What is said here, as it reads."""
        return await self.page.locator(f"{_SHOWN} .body").all_inner_texts()


async def drawn(page: Page) -> None:
    """Until the browser has drawn what has changed."""
    frames = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    await page.evaluate(frames)


async def first(
    arrive: Callable[..., Awaitable[BrowserUser]], server: ServerProcess, **options: Any
) -> BrowserUser:
    """The administrator, who has come by the link that the server prints, and has named the place."""
    found = re.search(r"/(#/first/\S+)", server.greeting)
    assert found, server.greeting
    root = await arrive("root", path=found[1], **options)
    await root.page.get_by_label("Name of this server").fill("School of Music")
    await root.page.get_by_label("Name", exact=True).fill("root")
    await root.page.get_by_label("Password", exact=True).fill(PASSWORD)
    await root.page.keyboard.press("Enter")
    await root.page.get_by_label("Administration").wait_for()
    return root
