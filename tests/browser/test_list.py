"""The list of messages keeps its end in sight, and a conversation that one comes back to is still there."""

from pathlib import Path
from typing import Final

from PIL import Image
from playwright.async_api import expect

from tests.browser.browser_user import PHONE, BrowserUser
from tests.browser.conftest import Arrive
from tests.server_process import ServerProcess

BELOW: Final = """() => {
  const list = document.querySelector(":not([inert]) > .list");
  return Math.round(list.scrollHeight - list.scrollTop - list.clientHeight);
}"""


async def at_end(user: BrowserUser) -> None:
    await user.drawn()
    assert await user.page.evaluate(BELOW) <= 1


async def test_the_end_stays_in_sight(arrive: Arrive, server: ServerProcess, tmp_path: Path) -> None:
    """Whatever grows or shrinks below: the box, the bars above it, a phone's keyboard, a picture that comes late."""
    ann, bob = await arrive("ann", **PHONE), await arrive("bob")
    for user in (ann, bob):
        await user.come_in()
        await user.go_to("#tea")
    page = ann.page
    for number in range(25):
        await bob.say(f"number {number}")
    await ann.sees("number 24")
    await at_end(ann)
    for text in ("one\ntwo\nthree\nfour\nfive", ""):
        await ann.box.fill(text)
        await at_end(ann)
    await ann.say("/nothing of the kind")
    await expect(page.get_by_role("alert")).to_be_visible()
    await at_end(ann)
    await ann.box.fill("")
    await at_end(ann)
    for height in (430, 844):
        await page.set_viewport_size({"width": 390, "height": height})
        await at_end(ann)
    picture = tmp_path / "late.png"
    Image.new("RGB", (900, 700), "teal").save(picture)
    # Of a client that does not say how large its pictures are.
    await bob.page.evaluate("() => { window.createImageBitmap = () => Promise.reject(new Error('none')); }")
    await bob.page.locator("input[type=file]").first.set_input_files(picture)
    await bob.say("look")
    shown = page.get_by_label("Open late.png").locator("img")
    await shown.wait_for()
    await shown.evaluate("one => one.complete || new Promise((done) => one.addEventListener('load', done))")
    await at_end(ann)
    server.kill()
    await page.locator(".banner").wait_for()
    await at_end(ann)
    for user in (ann, bob):
        user.complaints.clear()


async def test_a_room_that_one_comes_back_to_is_still_there(arrive: Arrive) -> None:
    """Its list is not made anew, and shows at its end what was said meanwhile; only some lists are kept."""
    ann, bob = await arrive("ann"), await arrive("bob")
    for user in (ann, bob):
        await user.come_in()
        await user.go_to("#tea")
    for number in range(30):
        await bob.say(f"number {number}")
    await ann.sees("number 29")
    await ann.page.evaluate("window.first = document.querySelector(':not([inert]) > .list')")
    await ann.go_to("#Général")
    await ann.sees_not("number 29")
    await bob.say("@ann meanwhile")
    await expect(ann.page.get_by_role("link", name="#tea, 1 mention")).to_be_visible()
    await ann.page.get_by_role("link", name="#tea").click()
    await expect(ann.message("meanwhile")).to_be_in_viewport()
    await at_end(ann)
    assert await ann.page.evaluate("window.first === document.querySelector(':not([inert]) > .list')")
    await expect(ann.page.get_by_role("link", name="#tea", exact=True)).to_be_visible()
    for room in ("#a1", "#b2", "#c3", "#d4", "#e5", "#f6"):
        await ann.go_to(room)
    assert await ann.page.locator(".list").count() == 5
    await ann.go_to("#tea")
    await ann.sees("meanwhile")
