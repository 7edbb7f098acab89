"""Every screen, light and dark, is looked through by axe (WCAG 2.2 AA): it finds nothing."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Page

from tests.browser.browser_user import PHONE, BrowserUser, first
from tests.browser.conftest import Arrive
from tests.server_process import ServerProcess

AXE: Final = Path(__file__).parents[2] / "webclient" / "node_modules" / "axe-core" / "axe.min.js"
_RUN: Final = """async () => {
  const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found = await axe.run(document, {runOnly: rules});
  return found.violations.flatMap(
    (one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
  );
}"""
_SAID: Final = (
    "good morning @ann, see https://example.org `code`\n> quoted\n- one\n- two\n```py\ndef f(): # x\n```"
)


async def look_through(page: Page, where: str) -> None:
    # The page itself loads nothing that it does not bring; this is said around it.
    await page.evaluate(AXE.read_text())
    found = await page.evaluate(_RUN)
    assert not found, f"{where}: " + "\n".join(found)


async def _dialog(user: BrowserUser, label: str) -> None:
    await user.page.get_by_label(label, exact=True).first.click()
    await user.page.get_by_role("dialog").wait_for()
    await user.drawn()


async def _profile(user: BrowserUser) -> None:
    await user.page.get_by_role("complementary").get_by_role("button", name="bob").click()
    await user.page.get_by_role("dialog").wait_for()


async def _thread(user: BrowserUser) -> None:
    await user.do("good morning", "Open thread")
    await user.page.get_by_role("complementary", name="Thread").wait_for()


async def _search(user: BrowserUser) -> None:
    await user.page.keyboard.press("Control+f")
    await user.page.get_by_label("Words, or a").fill("morning")
    await user.page.keyboard.press("Enter")
    await user.page.locator(".result").first.wait_for()


async def _switcher(user: BrowserUser) -> None:
    await user.page.keyboard.press("Control+k")
    await user.page.get_by_role("option").first.wait_for()


async def _emoji(user: BrowserUser) -> None:
    await user.page.get_by_label("Emoji", exact=True).click()
    await user.page.locator(".grid button").nth(40).wait_for()


async def _completion(user: BrowserUser) -> None:
    await user.box.press_sequentially("@b")
    await user.page.get_by_role("listbox").wait_for()


async def _menu(user: BrowserUser) -> None:
    message = user.message("good morning")
    await message.hover()
    await message.get_by_label("More", exact=True).click()
    await user.page.get_by_role("menu").wait_for()


async def _report(user: BrowserUser) -> None:
    await user.do("good morning", "Report to the moderators")
    await user.page.get_by_label("What is wrong with this message?").wait_for()


async def _pins(user: BrowserUser) -> None:
    await user.do("good morning", "Pin for everybody")
    await user.page.get_by_label("1 pinned message").click()
    await user.page.get_by_role("complementary", name="Pinned messages").wait_for()


SCREENS: Final[dict[str, Callable[[BrowserUser], Awaitable[None]]]] = {
    "settings": lambda user: _dialog(user, "Settings"),
    "rooms": lambda user: _dialog(user, "Browse rooms"),
    "this room": lambda user: _dialog(user, "Room options"),
    "profile": _profile,
    "thread": _thread,
    "search": _search,
    "switcher": _switcher,
    "emoji": _emoji,
    "completion": _completion,
    "menu of a message": _menu,
    "report": _report,
    "pins": _pins,
}


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_every_screen(arrive: Arrive, theme: str) -> None:
    ann, bob = await arrive("ann", color_scheme=theme), await arrive("bob")
    await ann.page.get_by_role("tab", name="Register").click()
    await look_through(ann.page, "welcome")
    for user in (ann, bob):
        await user.come_in()
        await user.go_to("#tea")
    await bob.say(_SAID)
    await ann.sees("good morning")
    await ann.do("good morning", "React with 👍")
    await ann.say("/topic Oolong")
    await ann.say("hello")
    await ann.sees("hello")
    await look_through(ann.page, "chat")
    for name, show in SCREENS.items():
        await show(ann)
        await look_through(ann.page, name)
        await ann.page.keyboard.press("Escape")
        await ann.page.keyboard.press("Escape")


CODE: Final = """```python
class Kettle(Pot):  # a comment
    \"\"\"Boils.\"\"\"
    def boil(self, litres: float = 1.5) -> str:
        return f"{litres} litres of water, a line that is much too long for a screen" + "!!!!!!!!!!!!!!!!!!!!!!"
```"""
REAL: Final = (
    CODE,
    "| a | table |\n|---|---|\n| of | cells |",
    "@ann שלום, ראי https://example.org/" + "long-" * 30,
    "> quoted **bold** ~~gone~~\n1. one\n2. two `code`",
    "\x0304red\x03 \x0308,08yellow\x03 \x0301,01black\x03 \x0300,00white\x03 \x0302,04two\x03",
    "\n".join(f"line {number} of a long text" for number in range(30)),
    "👍🏽 ☺ ❤",
)
LOOKS: Final[list[dict[str, Any]]] = [
    {"color_scheme": "light"},
    {"color_scheme": "dark"},
    PHONE | {"color_scheme": "light"},
    PHONE | {"color_scheme": "dark", "viewport": {"width": 320, "height": 640}},
]


@pytest.mark.parametrize("look", LOOKS)
async def test_real_content(arrive: Arrive, look: dict[str, Any]) -> None:
    """What people really write, with what they do to it, and what is asked of them meanwhile."""
    ann, bob = await arrive("ann", **look), await arrive("bob")
    for user in (ann, bob):
        await user.come_in()
        await user.go_to("#" + "a-very-long-name-of-a-room-" * 2)
    await bob.say("/name " + "Somebody With A Long Name " * 2)
    for text in REAL:
        await bob.say(text)
    await ann.sees("❤")
    await bob.do("cells", "React with 👍")
    await ann.page.get_by_role("button", name="👍 1, by").wait_for()
    await ann.message("cells").get_by_role("button", name="👍 1, by").click()
    await ann.say("an answer of one's own, deleted")
    await ann.sees("of one's own")
    await ann.message("of one's own").focus()
    await ann.page.keyboard.press("Delete")
    await look_through(ann.page, "a question")
    await ann.page.keyboard.press("Enter")
    await ann.sees("This message was deleted.")
    await look_through(ann.page, "a conversation")
    await ann.say("/nothing of the kind")
    await ann.page.get_by_role("alert").wait_for()
    await look_through(ann.page, "a doubt")
    await ann.box.fill("long " * 1000)
    await ann.box.press("Enter")
    await ann.page.get_by_role("alert").wait_for()
    await look_through(ann.page, "a long text")
    await ann.box.fill("")
    await _emoji(ann)
    await look_through(ann.page, "emoji")
    await ann.page.keyboard.press("Escape")
    await ann.say("/leave")
    await ann.page.get_by_role("alertdialog").wait_for()
    await look_through(ann.page, "leaving")


@pytest.mark.parametrize("look", [{"color_scheme": "light"}, {"color_scheme": "dark"}, PHONE])
async def test_the_administration(arrive: Arrive, server: ServerProcess, look: dict[str, Any]) -> None:
    root = await first(arrive, server, **look)
    await root.page.get_by_label("Administration").click()
    tabs = root.page.get_by_role("dialog").get_by_role("tab")
    await tabs.first.wait_for()
    for name in await tabs.all_inner_texts():
        await root.page.get_by_role("tab", name=name, exact=True).click()
        await root.drawn()
        await look_through(root.page, name)
    await root.page.get_by_role("tab", name="Rooms").click()
    await root.page.get_by_role("button", name="Rename: Blabla").click()
    await look_through(root.page, "a form")


async def test_on_a_phone(arrive: Arrive) -> None:
    ann = await arrive("ann", **PHONE)
    await ann.come_in()
    await look_through(ann.page, "conversations")
    await ann.go_to("#tea")
    await look_through(ann.page, "a room")


async def test_a_whole_conversation_by_keyboard(arrive: Arrive) -> None:
    """Without a mouse: come in, go to a room, talk, walk through the messages, react, edit, delete."""
    ann = await arrive("ann")
    page = ann.page
    press = page.keyboard.press
    await page.get_by_label("Name", exact=True).wait_for()
    await press("Shift+Tab")
    await press("Shift+Tab")
    await press("Enter")
    await page.get_by_label("Name", exact=True).focus()
    await page.keyboard.type("ann")
    await press("Tab")  # To the name that is shown, which may be left out.
    await press("Tab")
    await page.keyboard.type("correct horse")
    await press("Enter")
    await page.get_by_role("navigation").wait_for()
    await ann.go_to("#tea")
    for text in ("one", "two"):
        await page.keyboard.type(text)
        await press("Enter")
    await ann.sees("two")
    await press("F6")
    await press("F6")
    await page.keyboard.press("Control+k")
    await press("Escape")
    await ann.box.focus()
    await press("Shift+Tab")
    await page.locator("article:not([inert] *)").last.focus()
    await press("ArrowUp")
    await press("+")
    await page.get_by_label("Search emoji").wait_for()
    await page.keyboard.type("tada")
    await page.locator(".grid button[title=':tada:']").wait_for()
    await press("Enter")
    await page.get_by_role("button", name="🎉 1, by ann").wait_for()
    await ann.message("one").focus()
    await press("e")
    await page.keyboard.type(" more")
    await press("Enter")
    await ann.sees("one more")
    await ann.message("two").focus()
    await press("Delete")
    await page.get_by_role("alertdialog").wait_for()
    await press("Enter")
    await ann.sees("This message was deleted.")


async def test_new_messages_are_told_to_a_screen_reader(arrive: Arrive) -> None:
    ann, bob = await arrive("ann"), await arrive("bob")
    for user in (ann, bob):
        await user.come_in()
        await user.go_to("#tea")
    await bob.say("listen")
    log = ann.page.locator("[role=log][aria-live=polite]")
    await log.filter(has_text="bob: listen").wait_for(state="attached")
