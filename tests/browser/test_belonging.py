"""People belong to a room also while they are offline: the list of members, their names, the directory, mentions."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Locator, Page, expect

from hubbub.web import static_page
from tests.browser.browser_user import PHONE, BrowserUser
from tests.browser.conftest import Arrive
from tests.browser.test_accessibility import look_through
from tests.server_process import ServerProcess
from tools.sample_place import fill

GENERAL: Final = "#general"
LOOKS: Final[list[dict[str, Any]]] = [{"color_scheme": "light"}, {"color_scheme": "dark"}, PHONE]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A place with 200 accounts and 40 rooms; nobody is connected."""
    assert static_page.read(static_page.FOLDER), "the page is not built: run make"
    fill(tmp_path / "place", messages=2_000)
    settings = {"HUBBUB_LIMITS_LINES_A_SECOND": "0", "HUBBUB_WEB_PREVIEWS": "no"}
    async with ServerProcess(tmp_path / "place", settings=settings) as server:
        yield server


async def comes(arrive: Arrive, name: str, room: str = GENERAL, **options: Any) -> BrowserUser:
    user = await arrive(name, **options)
    await user.come_in("Sign in")
    await user.go_to(room)
    return user


def pane(page: Page) -> Locator:
    return page.get_by_role("complementary")


def offline(page: Page) -> Locator:
    return pane(page).get_by_role("button", name=re.compile("^Offline"))


async def leaves(arrive: Arrive, name: str, shown_name: str) -> None:
    """Somebody registers, has a display name, is in a room of their own, and disconnects."""
    user = await arrive(name)
    await user.come_in()
    await user.go_to("#elsewhere")
    await user.say(f"/name {shown_name}")
    await user.page.get_by_role("button", name=f"{shown_name} Signed in").wait_for()
    await user.page.context.close()


async def test_members_who_are_offline_are_in_the_list(arrive: Arrive) -> None:
    """In groups; those who are offline are folded in a large room, and unfold by click and by keyboard."""
    ann, bob = await comes(arrive, "ann"), await comes(arrive, "bob")
    page = ann.page
    await expect(page.get_by_label("200 members, 2 online").first).to_be_visible()
    headings = pane(page).get_by_role("heading", level=3)
    await expect(headings).to_have_text(
        [re.compile("Operators 1"), re.compile("Online 1"), re.compile("Offline 198")]
    )
    await expect(offline(page)).to_have_attribute("aria-expanded", "false")
    await expect(pane(page).get_by_role("listitem")).to_have_count(2)
    await offline(page).click()
    await expect(pane(page).get_by_role("list", name="Offline")).to_be_visible()
    first_row = pane(page).get_by_role("list", name="Offline").get_by_role("listitem").first
    assert await first_row.get_attribute("aria-setsize") == "198"
    assert await pane(page).get_by_role("listitem").count() < 60, "only what is in sight is drawn"
    await offline(page).focus()
    await page.keyboard.press("Enter")
    await expect(offline(page)).to_have_attribute("aria-expanded", "false")
    await page.keyboard.press("Enter")
    await expect(offline(page)).to_have_attribute("aria-expanded", "true")
    await bob.page.context.close()
    await expect(headings).to_have_text([re.compile("Operators 1"), re.compile("Offline 199")])


async def test_the_list_of_members_by_keyboard(arrive: Arrive) -> None:
    """One stop of Tab; the arrows, Home and End lead to every member, also to those that are not drawn."""
    ann = await comes(arrive, "ann")
    page = ann.page
    await offline(page).click()
    await page.keyboard.press("Shift+Tab")
    focused = page.locator("[data-at]:focus")
    await expect(focused).to_have_attribute("data-at", "0")
    for key, place in (("ArrowDown", "1"), ("End", "199"), ("ArrowUp", "198"), ("Home", "0")):
        await page.keyboard.press(key)
        await expect(focused).to_have_attribute("data-at", place)
        await expect(focused).to_be_in_viewport(ratio=1)
    await page.keyboard.press("End")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Profile")).to_contain_text("Offline")


async def test_a_member_is_found_by_any_name(arrive: Arrive) -> None:
    """By the display name, without its accents, whether online or not."""
    ann = await comes(arrive, "ann")
    find = pane(ann.page).get_by_label("Find a member")
    await find.fill("muller")
    rows = pane(ann.page).get_by_role("listitem")
    await expect(rows.first).to_contain_text("Müller")
    await find.fill("nobody of this name")
    await expect(rows).to_have_count(0)
    await expect(pane(ann.page).get_by_text("No matches.")).to_be_visible()


async def test_authors_who_are_offline_have_names(arrive: Arrive) -> None:
    """In old messages, in what these answer, in reactions, and in what is found."""
    ann = await comes(arrive, "ann")
    page = ann.page
    senders = page.locator("article:not([inert] *) .sender")
    await expect(senders.last).to_have_text(re.compile(" "))
    assert all(" " in name for name in await senders.all_inner_texts()), "a first and a last name"
    answered = page.locator("article:not([inert] *) .answered b")
    assert all(" " in name for name in await answered.all_inner_texts())
    await page.keyboard.press("Control+f")
    await page.get_by_label("Words, or a").fill("kettle")
    await page.keyboard.press("Enter")
    await page.locator(".result").first.wait_for()
    assert all(" " in name for name in await page.locator(".result b").all_inner_texts())


async def test_an_author_of_no_common_room_has_a_name(arrive: Arrive) -> None:
    """Somebody who has left the room, and whom nothing else tells of."""
    await comes(arrive, "ann", "#tea")
    nora = await arrive("nora")
    await nora.come_in()
    await nora.go_to("#tea")
    await nora.say("/name Nora Farewell")
    await nora.say("good bye")
    await nora.sees("good bye")
    await nora.say("/leave")
    await nora.page.get_by_role("alertdialog").get_by_role("button", name="Leave").click()
    await expect(nora.page.get_by_role("heading", name="#tea", level=1)).to_have_count(0)
    await nora.page.context.close()
    bob = await comes(arrive, "bob", "#tea")
    await bob.sees("good bye")
    await expect(bob.message("good bye").locator(".sender")).to_have_text("Nora Farewell")


async def test_writing_to_somebody_of_the_directory(arrive: Arrive) -> None:
    """By the shown name of somebody who is in none of one's rooms and is offline; page by page."""
    await leaves(arrive, "nora", "Zacharias Nobody")
    ann = await comes(arrive, "ann")
    page = ann.page
    await page.get_by_label("Write to somebody").click()
    dialog = page.get_by_role("dialog", name="Write to somebody")
    options = dialog.get_by_role("option")
    await expect(options).to_have_count(20)
    await dialog.get_by_role("button", name="Show more").click()
    await expect(options).to_have_count(40)
    await dialog.get_by_role("combobox").fill("zachari")
    await expect(options.first).to_contain_text("Zacharias Nobody")
    await expect(options.first).to_contain_text("nora · Offline")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Zacharias Nobody", level=1)).to_be_visible()
    await ann.say("are you there?")
    await ann.sees("are you there?")
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox").fill("noone")
    await expect(page.get_by_role("option")).to_contain_text(["noone"])


async def test_the_directory_is_not_for_guests(arrive: Arrive) -> None:
    eve = await arrive("eve")
    await eve.come_in("Guest")
    await eve.page.get_by_label("Write to somebody").click()
    await expect(eve.page.get_by_role("dialog")).to_contain_text(
        "You can't search all the people on this server."
    )


async def test_mentioning_somebody_who_is_not_in_the_room(arrive: Arrive) -> None:
    """The writer sees it, and invites them or writes to them; it is said once, and goes when they come."""
    await leaves(arrive, "nora", "Nora Away")
    ann, bob = await comes(arrive, "ann", "#tea"), await comes(arrive, "bob", "#tea")
    told = ann.page.get_by_text("Nora Away is not in this room.")
    await ann.say("ask @nora about it, @ann, @bob, @nobody_at_all")
    await expect(told).to_be_visible()
    await expect(ann.page.get_by_text("is not in this room.")).to_have_count(1)
    await bob.sees("ask @nora")
    await expect(bob.page.get_by_text("is not in this room.")).to_have_count(0)
    await look_through(ann.page, "somebody who is not here")
    pill = ann.message("ask @nora").get_by_role("button", name="@nora", exact=True)
    await expect(pill).to_have_attribute("title", "Nora Away (Offline)")
    await ann.page.get_by_role("button", name="Invite Nora Away").click()
    await expect(told).to_have_count(0)
    await ann.say("really, @nora")
    await ann.sees("really, @nora")
    await expect(told).to_have_count(0)
    nora = await arrive("nora")
    await nora.come_in("Sign in")
    await nora.go_to("#tea")
    await expect(pill).to_have_attribute("title", "Nora Away")
    nora.complaints.clear()


async def test_the_profile_of_somebody_who_is_offline(arrive: Arrive) -> None:
    """When they were last seen, if they allow it, and what they are; they can be written to, and kicked."""
    cleo = await comes(arrive, "cleo")
    await cleo.page.get_by_label("Settings").click()
    switch = cleo.page.get_by_label("Let others see when I was last online")
    await switch.check()
    await cleo.page.keyboard.press("Escape")
    await cleo.page.get_by_label("Settings").click()
    await expect(switch).to_be_checked()
    await cleo.page.context.close()
    bob = await comes(arrive, "bob")
    await offline(bob.page).click()
    await pane(bob.page).get_by_label("Find a member").fill("cleo")
    await (
        pane(bob.page)
        .get_by_role("listitem")
        .get_by_role("button", name=re.compile("Cleo.*Last seen"))
        .first.click()
    )
    profile = bob.page.get_by_role("dialog", name="Profile")
    await expect(profile.get_by_text("Last seen", exact=True)).to_be_visible()
    await expect(profile).to_contain_text("moderator")
    await expect(profile.get_by_role("button", name="Write a message")).to_be_visible()
    await bob.page.context.close()
    ann = await comes(arrive, "ann")
    await pane(ann.page).get_by_label("Find a member").fill("cleo")
    await pane(ann.page).get_by_role("listitem").first.get_by_role("button").click()
    await ann.page.get_by_role("dialog").get_by_role("button", name="Kick").click()
    await ann.confirm()
    await expect(ann.page.get_by_label("199 members, 1 online").first).to_be_visible()


@pytest.mark.parametrize("look", LOOKS)
async def test_how_it_looks(arrive: Arrive, look: dict[str, Any]) -> None:
    """axe finds nothing in any of it, and on a phone nothing stands out of sight."""
    ann = await comes(arrive, "ann", **look)
    page = ann.page
    if look is PHONE:
        await page.get_by_label("200 members").tap()
    await offline(page).click()
    await ann.drawn()
    await look_through(page, "members")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await pane(page).get_by_role("list", name="Offline").get_by_role("button").first.click()
    await page.get_by_role("dialog", name="Profile").wait_for()
    await look_through(page, "profile")
    await page.keyboard.press("Escape")
    if look is PHONE:
        await pane(page).get_by_label("Close").tap()
        await page.get_by_label("Back to the conversations").tap()
    await page.get_by_label("Write to somebody").click()
    await expect(page.get_by_role("option")).to_have_count(20)
    await look_through(page, "people")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
