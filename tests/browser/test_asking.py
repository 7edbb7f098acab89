"""What can't be taken back is asked before it is done, where one looks; Esc and Back close the innermost first."""

from playwright.async_api import Locator, expect

from tests.browser.browser_user import PHONE, BrowserUser, first
from tests.browser.conftest import Arrive
from tests.server_process import ServerProcess


async def asked(user: BrowserUser, about: str) -> Locator:
    """The question is in the middle of what one sees, and the focus in it."""
    question = user.page.get_by_role("alertdialog")
    await expect(question).to_contain_text(about)
    await expect(question).to_be_in_viewport(ratio=1)
    await expect(question.locator(":focus")).to_have_count(1)
    return question


async def test_leaving_and_putting_out_are_asked(arrive: Arrive) -> None:
    ann, bob = await arrive("ann"), await arrive("bob")
    for user in (ann, bob):
        await user.come_in()
        await user.go_to("#tea")
    people = ann.page.get_by_role("complementary")
    for button, about in (("Kick", "They can rejoin."), ("Ban", "until an operator lifts the ban")):
        await people.get_by_role("button", name="bob").click()
        await ann.page.get_by_role("button", name=button, exact=True).click()
        await asked(ann, about)
        await ann.page.keyboard.press("Escape")
        await expect(ann.page.get_by_role("dialog", name="Profile")).to_be_visible()
        await ann.page.keyboard.press("Escape")
        await expect(ann.page.get_by_role("dialog", name="Profile")).to_have_count(0)
    for typed, about in (("/kick bob", "Kick bob"), ("/ban bob", "Ban bob"), ("/leave", "Leave #tea?")):
        await ann.say(typed)
        await (await asked(ann, about)).get_by_role("button", name="Cancel").click()
    await ann.say("still here")
    await bob.sees("still here")
    assert await people.get_by_role("button", name="bob").count() == 1
    await ann.page.get_by_label("Room options").click()
    await expect(ann.page.get_by_role("checkbox", name="Only operators can set the topic")).to_be_checked()
    await ann.page.get_by_role("button", name="Leave room").click()
    await asked(ann, "You can rejoin at any time.")
    await ann.page.keyboard.press("Enter")
    await expect(ann.page.get_by_role("link", name="#tea")).to_have_count(0)


async def test_a_question_stands_in_sight_wherever_it_is_about(arrive: Arrive) -> None:
    """Of the last message in the list, and of one in a thread beside it; what is inside closes first."""
    ann = await arrive("ann")
    await ann.come_in()
    await ann.go_to("#tea")
    for number in range(30):
        await ann.say(f"number {number}")
    await ann.sees("number 29")
    await ann.do("number 29", "Delete")
    await asked(ann, "number 29")
    await ann.page.keyboard.press("Escape")
    await ann.do("number 29", "Open thread")
    thread = ann.page.get_by_role("complementary", name="Thread")
    row = thread.locator("article").first
    await row.hover()
    await row.get_by_label("More", exact=True).click()
    await expect(thread.get_by_role("menuitem").first).to_be_focused()
    await thread.get_by_role("menuitem", name="Delete").click()
    await asked(ann, "number 29")
    question, menu = ann.page.get_by_role("alertdialog"), thread.get_by_role("menu")
    for is_back in (False, True):
        if is_back:
            await ann.do("number 28", "Delete")
        await expect(question).to_be_visible()
        await (ann.page.go_back() if is_back else ann.page.keyboard.press("Escape"))
        await expect(question).to_have_count(0)
        await expect(thread).to_be_visible()
    await row.hover()
    await row.get_by_label("More", exact=True).click()
    await ann.page.keyboard.press("Escape")
    await expect(menu).to_have_count(0)
    await expect(thread).to_be_visible()
    await ann.page.go_back()
    await expect(thread).to_have_count(0)
    await expect(ann.page.get_by_role("heading", name="#tea", level=1)).to_be_visible()
    await expect(ann.box).to_be_focused()
    await ann.sees("number 29")


async def test_back_on_a_phone(arrive: Arrive) -> None:
    """It closes what lies above, then the room, as often as one opens something; and leads nowhere else."""
    ann = await arrive("ann", **PHONE)
    await ann.come_in()
    page = ann.page
    conversations = page.get_by_role("navigation", name="Conversations")
    for _ in range(2):
        await page.get_by_role("link", name="#Général").tap()
        await expect(ann.box).to_be_visible()
        for opened, shown in (
            (page.get_by_label("Emoji", exact=True), page.get_by_role("dialog", name="Choose an emoji")),
            (page.get_by_label("Room options"), page.get_by_role("dialog", name="#Général")),
            (page.get_by_label("1 member", exact=True), page.get_by_role("complementary")),
        ):
            await opened.tap()
            await expect(shown).to_be_visible()
            await page.go_back()
            await expect(shown).to_have_count(0)
            await expect(ann.box).to_be_visible()
        await page.go_back()
        await expect(conversations).to_be_visible()
        await expect(ann.box).to_be_hidden()


async def test_the_administration_asks_inside(arrive: Arrive, server: ServerProcess) -> None:
    root, bob = await first(arrive, server), await arrive("bob")
    await bob.come_in()
    await root.page.get_by_label("Administration").click()
    await root.page.get_by_role("tab", name="People").click()
    for way in ("Escape", "Back"):
        await root.page.get_by_role("button", name="Disconnect: bob").click()
        await asked(root, "Disconnect")
        await (root.page.go_back() if way == "Back" else root.page.keyboard.press(way))
        await expect(root.page.get_by_role("alertdialog")).to_have_count(0)
        await expect(root.page.get_by_role("tab", name="People")).to_be_visible()
