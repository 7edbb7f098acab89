"""What is written: marks by keys, lines in both directions, files that are still on their way, and long texts."""

import re
from pathlib import Path
from typing import Final

from playwright.async_api import Route, expect

from tests.browser.browser_user import first
from tests.browser.conftest import Arrive
from tests.server_process import ServerProcess

SIDES: Final = """row => {
  const text = row.querySelector(".body p"), box = text.getBoundingClientRect(), range = document.createRange();
  range.selectNodeContents(text);
  const pieces = [...range.getClientRects()].filter((one) => one.width > 1);
  const lines = [...Map.groupBy(pieces, (one) => Math.round(one.bottom / 12)).values()];
  return lines.map((line) => {
    const left = Math.min(...line.map((one) => one.left)) - box.left;
    return left < box.right - Math.max(...line.map((one) => one.right)) ? "left" : "right";
  });
}"""
"""Of each line of a message, at which side it begins."""


async def test_marks_by_keys_can_be_taken_back(arrive: Arrive) -> None:
    """A key marks what is selected and unmarks it again; the browser's own undoing goes back step by step."""
    ann = await arrive("ann")
    await ann.come_in()
    press = ann.page.keyboard.press
    await ann.box.focus()
    await ann.page.keyboard.type("say it")
    for key, marked in (("b", "say **it**"), ("i", "say *it*"), ("e", "say `it`")):
        await ann.box.evaluate("box => box.setSelectionRange(box.value.length - 2, box.value.length)")
        await press(f"Control+{key}")
        await expect(ann.box).to_have_value(marked)
        await press(f"Control+{key}")
        await expect(ann.box).to_have_value("say it")
        await press("Control+z")
        await expect(ann.box).to_have_value(marked)
        await press("Control+z")
        await expect(ann.box).to_have_value("say it")
    await press("End")
    await ann.page.keyboard.type(" @an")
    await ann.page.get_by_role("listbox").wait_for()
    await press("Enter")
    await expect(ann.box).to_have_value("say it @ann ")
    await press("Control+z")
    await expect(ann.box).to_have_value("say it @an")


async def test_a_line_that_begins_with_a_mention_is_read_from_its_own_side(arrive: Arrive) -> None:
    ann, bob = await arrive("ann"), await arrive("bob")
    for user in (ann, bob):
        await user.come_in()
        await user.go_to("#tea")
    for text, sides in (
        ("@ann שלום", ["right"]),
        ("ann: תודה", ["right"]),
        ("@nobody בוקר טוב", ["right"]),
        ("@ann hello", ["left"]),
        ("@ann שלום\n@bob thanks", ["right", "left"]),
        ("hello\n@ann מה שלומך", ["left", "right"]),
    ):
        await bob.box.fill(text)
        if "\n" not in text:
            direction = await bob.box.evaluate("box => getComputedStyle(box).direction")
            assert direction == {"right": "rtl", "left": "ltr"}[sides[0]]
        await bob.box.press("Enter")
        await bob.sees(text.split("\n")[-1].split(" ", 1)[1])
        assert await bob.page.locator("article").last.evaluate(SIDES) == sides, text


async def test_enter_while_a_file_is_on_its_way(arrive: Arrive, tmp_path: Path) -> None:
    """It waits, says so, and sends by itself; it can be stopped, and what fails stays written."""
    ann, bob = await arrive("ann"), await arrive("bob")
    for user in (ann, bob):
        await user.come_in()
        await user.go_to("#tea")
    page, waits = ann.page, ann.page.get_by_text("This message is sent when its files are uploaded.")
    notes = tmp_path / "notes.txt"
    notes.write_text("notes")
    held: list[Route] = []
    await page.route("**/files", lambda route: held.append(route))
    await page.locator("input[type=file]").first.set_input_files(notes)
    await page.get_by_label("Uploading notes.txt").wait_for()
    await ann.say("with the notes")
    await expect(waits).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(waits).to_have_count(0)
    await expect(ann.box).to_have_value("with the notes")
    await ann.box.press("Enter")
    await ann.go_to("#Général")
    await bob.sees_not("with the notes")
    await held.pop().continue_()
    await bob.sees("with the notes")
    await expect(bob.message("with the notes").get_by_role("link", name="notes.txt")).to_be_visible()
    await ann.go_to("#tea")
    await expect(ann.box).to_have_value("")
    await page.locator("input[type=file]").first.set_input_files(notes)
    await page.get_by_label("Uploading notes.txt").wait_for()
    await ann.say("never sent")
    await held.pop().abort()
    await expect(page.get_by_text("notes.txt was not uploaded.")).to_be_visible()
    await expect(waits).to_have_count(0)
    await expect(ann.box).to_have_value("never sent")
    await bob.sees_not("never sent")
    ann.complaints.clear()


async def test_a_long_text(arrive: Arrive) -> None:
    """It may go as a file; as a message it is folded, and unfolds."""
    ann, bob = await arrive("ann"), await arrive("bob")
    for user in (ann, bob):
        await user.come_in()
        await user.go_to("#tea")
    long = "\n".join(f"line {number} of a long text that goes on and on" for number in range(100))
    await ann.say(long)
    question = ann.page.get_by_role("alert")
    await expect(question).to_contain_text("This text is long")
    await bob.sees_not("line 99")
    await question.get_by_role("button", name="Send as a file").click()
    await bob.page.get_by_role("link", name=re.compile("^Text .*txt")).wait_for()
    await expect(ann.box).to_have_value("")
    await ann.say(long)
    await question.get_by_role("button", name="Send as text").click()
    await expect(ann.box).to_have_value("")
    row = bob.message("line 99")
    await row.wait_for()
    unfold = row.get_by_role("button", name="Show more")
    assert await row.evaluate("one => one.offsetHeight") < 400
    await unfold.click()
    assert await row.evaluate("one => one.offsetHeight") > 1000
    await row.get_by_role("button", name="Show less").click()
    assert await row.evaluate("one => one.offsetHeight") < 400


async def test_an_invitation_that_is_over_says_so_at_once(arrive: Arrive, server: ServerProcess) -> None:
    """Before anything is filled in; one that holds says nothing, and a server that does not answer neither."""
    root = await first(arrive, server)
    await root.say("/admin add invitation 1 7d class 4a")
    link = await root.page.get_by_text(re.compile("#/invitation/")).first.inner_text()
    found = re.search(r"#/invitation/[\w-]+", link)
    assert found
    for path, is_over in ((found[0], False), ("#/invitation/k3sR9pQxZ1vT0aLm", True)):
        user = await arrive("maria", path=path)
        alert = user.page.get_by_role("alert")
        if is_over:
            await expect(alert).to_contain_text("This invitation is no longer valid")
            await expect(alert).to_contain_text("Ask the person who sent it for another one.")
            continue
        await user.page.get_by_role("heading", name="School of Music").wait_for()
        await user.drawn()
        await expect(alert).to_have_count(0)
        await user.page.get_by_label("Name", exact=True).fill("maria")
        await user.page.get_by_label("Password", exact=True).fill("correct horse")
        await user.page.keyboard.press("Enter")
        await user.page.get_by_role("navigation", name="Conversations").wait_for()
    used = await arrive("late", path=found[0])
    await expect(used.page.get_by_role("alert")).to_contain_text("This invitation is no longer valid")
