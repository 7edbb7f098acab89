"""Emoji of the place's own: added in the settings, written, chosen and given as reactions, and gone again."""

import io
import re

from PIL import Image, ImageDraw
from playwright.async_api import Page, expect

from tests.browser.conftest import Arrive


def picture() -> bytes:
    drawn = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    draw = ImageDraw.Draw(drawn)
    draw.ellipse((10, 10, 190, 190), fill="#f2b233", outline="#333", width=8)
    draw.rectangle((60, 120, 140, 140), fill="#333")
    out = io.BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()


async def choose(page: Page, name: str, body: bytes, called: str = "") -> None:
    """Choose a picture in the settings, and add it."""
    await page.get_by_label("Choose a picture").set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": body}
    )
    if called:
        await page.get_by_label("Name, such as party_cat").fill(called)
    await page.get_by_role("button", name="Add", exact=True).click()


async def test_added_written_chosen_given_renamed_and_deleted(arrive: Arrive) -> None:
    ann, bob = await arrive("ann"), await arrive("bob")
    for user in (ann, bob):
        await user.come_in()
        await user.go_to("#tea")
    await ann.say("before it :blobby: was there")
    await bob.sees("before it :blobby: was there")

    page = ann.page
    await page.get_by_role("button", name="Settings", exact=True).click()
    section = page.get_by_role("region", name="This server's emoji")
    await expect(section.get_by_text("There are no emoji yet.")).to_be_visible()
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(section.get_by_role("alert")).to_have_text("Choose a picture first.")
    await choose(page, "blobby.png", b"no picture at all", "blobby")
    await expect(section.get_by_role("alert")).to_have_text("An emoji must be a PNG, GIF or WebP picture.")
    await choose(page, "Blobby.png", picture(), "X Y")
    await expect(section.get_by_role("alert")).to_contain_text("2 to 32 lowercase letters")
    await choose(page, "Blobby.png", picture(), "wave")
    await expect(section.get_by_role("alert")).to_contain_text("The emoji :wave: already exists.")
    await choose(page, "Blobby.png", picture(), "blobby")
    await expect(section.get_by_role("status")).to_have_text("The emoji :blobby: was added.")
    await expect(section.get_by_role("listitem").get_by_text(":blobby:")).to_be_visible()
    await page.keyboard.press("Escape")

    # What was said before shows it now, to everybody, and without a reload.
    shown = bob.page.locator("article img[alt=':blobby:']")
    await expect(shown).to_have_count(1)
    await expect(shown).to_have_attribute("title", ":blobby:")
    assert await shown.evaluate("async (one) => { await one.decode(); return one.naturalWidth }") == 128

    await bob.box.press_sequentially("so :blob")
    option = bob.page.get_by_role("option").filter(has_text=":blobby:")
    await expect(option.locator("img")).to_be_visible()
    await option.click()
    await expect(bob.box).to_have_value("so :blobby: ")
    await bob.box.press("Enter")
    await ann.sees("so")
    await expect(ann.page.locator("article img[alt=':blobby:']")).to_have_count(2)
    await bob.say("not `:blobby:` in code, and :nobody: is nobody")
    await ann.sees("nobody: is nobody")
    await expect(ann.page.locator("article img[alt=':blobby:']")).to_have_count(2)
    await bob.say(":blobby:")
    await expect(ann.page.locator("article .large img[alt=':blobby:']")).to_have_count(1)

    await page.get_by_label("Emoji", exact=True).click()
    await page.get_by_role("tab", name="This server's emoji").click()
    await page.locator(".grid button[title=':blobby:']").click()
    await expect(ann.box).to_have_value(":blobby: ")
    await ann.box.fill("")
    message = ann.message("so")
    await message.hover()
    await message.get_by_role("button", name="React", exact=True).click()
    await page.get_by_label("Search emoji").fill("blob")
    await page.keyboard.press("Enter")
    reaction = bob.page.locator(".reactions button img[alt=':blobby:']")
    await expect(reaction).to_be_visible()

    await page.get_by_role("button", name="Settings", exact=True).click()
    await section.get_by_role("button", name="Rename :blobby:").click()
    await page.get_by_role("alertdialog").get_by_role("textbox").fill("bobbly")
    await page.keyboard.press("Enter")
    await expect(section.get_by_text(":bobbly:")).to_be_visible()
    await expect(bob.page.locator("article img[alt=':blobby:']")).to_have_count(0)
    await bob.sees("so :blobby:")
    await section.get_by_role("button", name="Delete :bobbly:").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    await expect(section.get_by_text("There are no emoji yet.")).to_be_visible()
    # What the server refuses is an error to the browser; the picture that could not be drawn is none of the page's.
    ann.complaints[:] = [
        one for one in ann.complaints if "the server responded with a status of 4" not in one
    ]


async def test_who_has_added_none_is_told_who_may(arrive: Arrive) -> None:
    gus = await arrive("gus")
    await gus.come_in("Guest")
    await gus.page.get_by_role("button", name="Settings", exact=True).click()
    section = gus.page.get_by_role("region", name="This server's emoji")
    await expect(section.get_by_text(re.compile("Only people with an account can add emoji"))).to_be_visible()
    await expect(section.get_by_role("button", name="Add", exact=True)).to_have_count(0)
