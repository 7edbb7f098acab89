"""Pictures of the page for the documentation, taken in a real browser: `python -m tools.webpictures`."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFilter
from playwright.async_api import Browser

from tests.browser.browser_user import PHONE, BrowserUser, chromium, first
from tests.server_process import ServerProcess
from tools.pictures import FOLDER

_SIZE: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 800}}

_CODE: Final = """For those who asked, the new greeting:
```python
def greet(name: str) -> str:
    return f"Good morning, {name}"
```"""


def photo(path: Path) -> None:
    """A sunrise, as far as a few lines paint one."""
    picture = Image.new("RGB", (1280, 720))
    draw = ImageDraw.Draw(picture)
    for line in range(720):
        draw.line([(0, line), (1280, line)], fill=(250 - line // 5, 150 + line // 12, 110 + line // 6))
    draw.ellipse((540, 250, 760, 470), fill=(255, 236, 170))
    for step, colour in enumerate(((92, 96, 140), (66, 70, 112), (40, 44, 80))):
        peaks = [(x, 430 + step * 80 + (x * 7919 + step * 131) % 90) for x in range(0, 1400, 140)]
        draw.polygon([(0, 720), *peaks, (1400, 720)], fill=colour)
    picture.filter(ImageFilter.GaussianBlur(1.2)).save(path)


async def _say(user: BrowserUser, *texts: str) -> None:
    for text in texts:
        await user.say(text)
        await user.sees(text.split("\n")[0].replace("*", "").replace("`", "").lstrip("#> -")[:24].strip())


async def _morning(browser: Browser, server: ServerProcess, folder: Path, theme: str) -> BrowserUser:
    """A morning in a small company, as Ann sees it."""
    people = [await BrowserUser.arrive(browser, server, name) for name in ("bob", "cleo")]
    ann = await BrowserUser.arrive(browser, server, "ann", color_scheme=theme, **_SIZE)
    for user in (ann, *people):
        await user.come_in()
        for room in ("#releases", "#kitchen", "#tea"):
            await user.go_to(room)
    bob, cleo = people
    await bob.say("/name Bob Baker")
    await cleo.say("/status In the mountains until Friday")
    await ann.say("/topic Tea at four, in the garden if it is dry")
    await _say(bob, "good morning! the kettle is on", "and there is **cake**, from yesterday")
    await _say(cleo, "Look what I woke up to")
    photo(folder / "sunrise.png")
    await cleo.page.get_by_label("Add files").set_input_files(folder / "sunrise.png")
    await cleo.page.locator(".composer ul li").first.wait_for()
    await cleo.page.get_by_label("Send", exact=True).click()
    await ann.page.get_by_role("img", name="sunrise.png").wait_for()
    await ann.do("Look what I woke up to", "React with ❤️")
    await bob.do("Look what I woke up to", "React with ❤️")
    await bob.do("Look what I woke up to", "Reply")
    await _say(bob, "@cleo now I am jealous")
    await _say(ann, _CODE)
    await ann.do("good morning! the kettle", "Pin for everybody")
    await bob.go_to("#kitchen")
    await bob.say("who has the blue mug, @ann?")
    await cleo.go_to("ann")
    await cleo.say("could you look at the release notes?")
    await ann.page.get_by_role("link", name="cleo, 1 mention").wait_for()
    return ann


async def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with chromium() as browser:
            for theme in ("light", "dark"):
                async with ServerProcess(
                    folder / theme,
                    settings={"HUBBUB_LIMITS_LINES_A_SECOND": "0", "HUBBUB_WEB_PREVIEWS": "no"},
                ) as server:
                    ann = await _morning(browser, server, folder, theme)
                    await ann.page.mouse.move(5, 5)
                    await ann.page.wait_for_timeout(800)
                    await ann.page.screenshot(path=FOLDER / f"web-{theme}.png")
                    if theme == "light":
                        await _phone(browser, server)
                        await _administration(browser, server)


async def _phone(browser: Browser, server: ServerProcess) -> None:
    dora = await BrowserUser.arrive(browser, server, "dora", color_scheme="dark", **PHONE)
    await dora.come_in()
    await dora.go_to("#tea")
    await dora.page.get_by_role("img", name="sunrise.png").wait_for()
    await dora.page.wait_for_timeout(800)
    await dora.page.screenshot(path=FOLDER / "web-phone.png")


async def _administration(browser: Browser, server: ServerProcess) -> None:
    root = await first(
        lambda name, **options: BrowserUser.arrive(browser, server, name, **options), server, **_SIZE
    )
    page = root.page
    for line in ("kick ip 192.0.2.0/24 1d Flooding", "ban mallory Advertising", "set role bob moderator"):
        await root.say(f"/admin {line}")
    await page.get_by_label("Administration").click()
    await page.get_by_role("tab", name="People").click()
    await page.get_by_role("cell", name="moderator").wait_for()
    await page.wait_for_timeout(800)
    await page.screenshot(path=FOLDER / "web-administration.png")


if __name__ == "__main__":
    asyncio.run(main())
