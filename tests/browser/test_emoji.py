"""Emoji: in one style, in the tone of skin that one has chosen, and those that one has used stand first."""

from playwright.async_api import expect

from tests.browser.conftest import Arrive


async def test_tones_and_recent_ones(arrive: Arrive) -> None:
    ann, bob = await arrive("ann"), await arrive("bob")
    for user in (ann, bob):
        await user.come_in()
        await user.go_to("#tea")
    page = ann.page
    await page.get_by_label("Emoji", exact=True).click()
    await page.get_by_title("Medium", exact=True).click()
    await page.get_by_label("Search emoji").fill("waving hand")
    await page.locator(".grid button[title=':wave:']").click()
    await expect(ann.box).to_have_value("👋🏽 ")
    await ann.box.press("Enter")
    await bob.sees("👋🏽")
    await ann.say("well done :+1: :tada:")
    await bob.sees("well done 👍🏽 🎉")
    await page.reload()
    await ann.sees("well done")
    await page.get_by_label("Emoji", exact=True).click()
    await expect(page.locator(".grid button").first).to_have_text("👋🏽")
    await expect(page.get_by_role("radio", name="Medium", exact=True)).to_be_checked()
    await page.get_by_title("Default (yellow)").click()
    await page.get_by_label("Search emoji").fill("waving hand")
    await expect(page.locator(".grid button[title=':wave:']")).to_have_text("👋")


async def test_all_in_one_style(arrive: Arrive) -> None:
    """Also those that a text font has drawn in black and white, among words."""
    ann = await arrive("ann")
    await ann.come_in()
    emoji = "☺❤✔☎♻⚽😀"
    await ann.say(f"words {emoji} words")
    await ann.sees("words")
    session = await ann.page.context.new_cdp_session(ann.page)
    await session.send("DOM.enable")
    await session.send("CSS.enable")
    root = await session.send("DOM.getDocument")
    found = await session.send(
        "DOM.querySelector", {"nodeId": root["root"]["nodeId"], "selector": "article .body p"}
    )
    fonts = (await session.send("CSS.getPlatformFontsForNode", found))["fonts"]
    drawn = {one["familyName"]: one["glyphCount"] for one in fonts}
    assert drawn["Noto Color Emoji"] == len(emoji), drawn
