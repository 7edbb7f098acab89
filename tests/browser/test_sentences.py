"""What the server answers reads as sentences on the page; nothing of the protocol shows through."""

import re
from typing import Final

from playwright.async_api import expect

from tests.browser.browser_user import first
from tests.browser.conftest import Arrive
from tests.server_process import ServerProcess

PROTOCOL: Final = re.compile(
    r"SASL|Closing link|actually using|channel|nick\b|\+[a-z]|[([]\d+\.\d+", re.IGNORECASE
)
WRONG: Final = "That name and password do not belong together."


async def test_what_the_server_answers(arrive: Arrive, server: ServerProcess) -> None:
    root, bob, thief = await first(arrive, server), await arrive("bob"), await arrive("root")
    page = thief.page
    await page.get_by_role("tab", name="Sign in").click()
    await page.get_by_label("Name", exact=True).fill("root")
    await page.get_by_label("Password", exact=True).fill("another one")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text(WRONG)
    await bob.come_in()
    toast = root.page.get_by_role("status")
    await root.go_to("#tea")
    for text, answer in (
        ("/invite bob", "You invited bob to #tea."),
        ("/invite nobody", "There is no user nobody."),
        ("/invite root", "root is already in #tea."),
        ("/op nobody", "There is no user nobody."),
    ):
        await root.say(text)
        await toast.get_by_text(answer).wait_for()
    await root.go_to("bob")
    await root.say("psst")
    await root.message("psst").get_by_role("button", name="root", exact=True).wait_for()
    await bob.page.get_by_role("link", name=re.compile("root")).click()
    await bob.say("here")
    await root.message("here").get_by_role("button", name="bob", exact=True).click()
    profile = root.page.get_by_role("dialog")
    await expect(profile.get_by_role("definition").filter(has_text="127.0.0.1")).to_have_text("127.0.0.1")
    await root.page.keyboard.press("Escape")
    await root.say("/admin kill bob flooding")
    await bob.page.get_by_text("The server closed this connection: Killed by root: flooding").wait_for()
    for user in (root, bob, thief):
        said = await user.page.locator(".toast, [role=alert]").all_inner_texts()
        assert not PROTOCOL.search("\n".join(said)), said
