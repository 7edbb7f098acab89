"""The journeys of people on the page: each as they would make it, in a real browser."""

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Route, WebSocketRoute, expect

from tests.browser.browser_user import PASSWORD, PHONE, BrowserUser, first
from tests.browser.conftest import Arrive
from tests.conftest import need_program
from tests.interop.tmux_terminal import Terminal
from tests.server_process import ServerProcess


async def test_the_first_run(arrive: Arrive, server: ServerProcess) -> None:
    """By the link that the server prints: an administrator is made, the place is named, others are invited."""
    found = re.search(r"/(#/first/\S+)", server.greeting)
    assert found, server.greeting
    root = await arrive("root", path=found[1])
    page = root.page
    await page.get_by_text("This server is new.").wait_for()
    assert "first" not in page.url, "the code does not stay in the address"
    await page.get_by_label("Name of this server").fill("School of Music")
    await page.get_by_label("Name", exact=True).fill("root")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="School of Music").wait_for()
    await root.say("/admin set setting accounts.registration invitation")
    await page.get_by_text("accounts.registration has changed.").wait_for()
    await root.say("/admin add invitation 1 7d class 4b")
    said = await page.get_by_text("Registration link").inner_text()
    link = re.search(r"#/invitation/\S+", said)
    assert link, said

    ann = await arrive("ann")
    await ann.page.get_by_role("tab", name="Guest").wait_for()
    await expect(ann.page.get_by_role("heading", name="School of Music")).to_be_visible()
    await expect(ann.page.get_by_role("tab", name="Register")).to_have_count(0)
    user = await arrive("ann", path=link[0])
    await user.page.get_by_text("You are invited.").wait_for()
    await user.come_in()
    await user.page.get_by_role("button", name="ann Signed in").wait_for()
    # It was for one.
    late = await arrive("eve", path=link[0])
    await expect(late.page.get_by_role("alert")).to_contain_text("is no longer valid")


async def test_registering_and_talking(arrive: Arrive) -> None:
    """Two people, one with an account and one without: talk, reply, react, edit, delete."""
    ann, bob = await arrive("ann"), await arrive("bob")
    await ann.come_in()
    await bob.come_in("Guest")
    for user in (ann, bob):
        await user.go_to("#tea")
    await ann.say("good morning **everybody**")
    await bob.sees("good morning everybody")
    assert await bob.page.locator("article .bold").inner_text() == "everybody"

    await bob.do("good morning", "React with 👍")
    await expect(
        ann.message("good morning").get_by_role("button", name=re.compile("👍 1, by bob"))
    ).to_be_visible()

    await bob.do("good morning", "Reply")
    await bob.say("morning @ann")
    await ann.sees("morning @ann")
    await expect(ann.message("morning @ann").locator(".answered")).to_contain_text("good morning everybody")
    assert "mention" in (await ann.message("morning @ann").get_attribute("class") or "")

    await bob.box.press("ArrowUp")
    await expect(bob.box).to_have_value("morning @ann")
    await bob.say("morning to you, @ann")
    await ann.sees("morning to you")
    await expect(ann.message("morning to you")).to_contain_text("(edited)")

    await bob.do("morning to you", "Delete")
    await bob.page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    await ann.sees("This message was deleted.")
    await ann.sees_not("morning to you")


async def test_a_name_that_is_taken_and_a_password_that_is_wrong(arrive: Arrive) -> None:
    """Bad input gets a clear answer, and the form stays as it was."""
    ann = await arrive("ann")
    await ann.come_in()
    thief = await arrive("ann")
    page = thief.page
    await page.get_by_role("tab", name="Register").click()
    await page.get_by_label("Name", exact=True).fill("ann")
    await page.get_by_label("Password", exact=True).fill("another one")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("already registered")
    await page.get_by_role("tab", name="Sign in").click()
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("password")
    await expect(page.get_by_label("Name", exact=True)).to_have_value("ann")
    await page.get_by_role("tab", name="Guest").click()
    await page.get_by_label("Name", exact=True).fill("a b")
    await page.get_by_role("button", name="Join as a guest").click()
    await expect(page.get_by_role("alert")).to_be_visible()


async def test_staying_signed_in_and_signing_out(arrive: Arrive, server: ServerProcess) -> None:
    """By a token of this browser's own, which can be seen, and which is gone with signing out."""
    ann = await arrive("ann")
    await ann.come_in()
    await ann.go_to("#tea")
    await ann.say("before the reload")
    await ann.sees("before the reload")
    await ann.box.fill("a draft")
    kept = await ann.page.evaluate("JSON.stringify(localStorage)")
    assert "correct horse" not in kept and '\\"token\\"' in kept
    await ann.page.reload()
    await ann.sees("before the reload")
    await expect(ann.box).to_have_value("a draft")
    await ann.page.get_by_label("Settings").click()
    await expect(ann.page.get_by_text("this browser")).to_be_visible()
    await ann.page.get_by_role("button", name="Sign out").click()
    await ann.page.get_by_role("tab", name="Sign in").wait_for()
    assert await ann.page.evaluate("JSON.stringify(localStorage)") == "{}"
    await ann.page.reload()
    await ann.page.get_by_role("tab", name="Sign in").wait_for()


async def test_signed_out_from_elsewhere(arrive: Arrive, server: ServerProcess) -> None:
    """A browser whose token is taken away is out at once: it says why, and has lost nothing that was typed there."""
    ann, elsewhere = await arrive("ann"), await arrive("ann")
    await ann.come_in()
    await ann.go_to("#tea")
    await ann.say("before")
    await ann.sees("before")
    await ann.box.fill("a draft")
    kept = await ann.page.evaluate("localStorage.getItem('hubbub.identity')")
    await elsewhere.come_in("Sign in")
    connections: list[object] = []
    ann.page.on("websocket", lambda socket: connections.append(socket))
    await elsewhere.page.get_by_label("Settings").click()
    others = elsewhere.page.get_by_role("listitem").filter(has_not_text="this browser")
    await others.get_by_role("button", name="Revoke").click()
    await elsewhere.confirm()
    await expect(others.get_by_role("button", name="Revoke")).to_have_count(0)
    await expect(ann.page.get_by_role("alert")).to_contain_text("was revoked. Sign in again.")
    await expect(ann.page.get_by_label("Name", exact=True)).to_have_value("ann")
    secret = json.loads(kept)["token"]
    assert secret not in await ann.page.evaluate("JSON.stringify(localStorage)")
    refused = await ann.page.context.request.post(
        f"http://localhost:{server.port}/files", headers={"Authorization": f"Bearer {secret}"}, data="late"
    )
    assert refused.status == 401
    assert connections == [], "it does not come back with what is void"
    await ann.page.get_by_label("Password", exact=True).fill(PASSWORD)
    await ann.page.keyboard.press("Enter")
    await ann.sees("before")
    await expect(ann.box).to_have_value("a draft")


async def test_a_new_password(arrive: Arrive) -> None:
    """By saying the old one; whoever else is signed in is out, and comes back with the new one."""
    ann, thief = await arrive("ann"), await arrive("ann")
    await ann.come_in()
    await ann.go_to("#tea")
    await thief.come_in("Sign in")
    await thief.go_to("#tea")
    await ann.page.get_by_label("Settings").click()
    page = ann.page
    await expect(page.get_by_text("by token", exact=False)).to_have_count(2)
    await expect(page.get_by_label("Sign out everywhere else")).to_be_checked()
    await page.get_by_label("Current password").fill("wrong horse")
    await page.get_by_label("New password").fill("battery staple")
    await page.get_by_role("button", name="Change password").click()
    await expect(page.get_by_role("alert")).to_contain_text("That is not your current password.")
    ann.complaints.clear()  # The browser's own words for an answer 403.
    await page.get_by_label("Current password").fill(PASSWORD)
    await page.get_by_role("button", name="Change password").click()
    ended = "1 other session was ended, and 1 token, certificate or key was revoked."
    await page.get_by_text(f"Your password was changed. {ended}").wait_for()
    await expect(page.get_by_text("by token", exact=False)).to_have_count(1)
    await expect(thief.page.get_by_role("alert")).to_contain_text("Your password was changed.")
    await thief.page.get_by_label("Password", exact=True).fill(PASSWORD)
    await thief.page.keyboard.press("Enter")
    await expect(thief.page.get_by_role("alert")).to_contain_text("do not belong together")
    await thief.page.get_by_label("Password", exact=True).fill("battery staple")
    await thief.page.keyboard.press("Enter")
    await expect(thief.box).to_be_visible()
    await page.reload()
    await expect(ann.box).to_be_visible()


async def test_a_session_is_ended_and_the_settings_of_the_machine_are_shown(
    arrive: Arrive, server: ServerProcess
) -> None:
    """Where one is signed in stands in the settings; what names a file has no button in the administration."""
    root = await first(arrive, server)
    other = await arrive("root")
    await other.come_in("Sign in")
    await other.page.get_by_label("Settings").click()
    await other.page.get_by_role("button", name="End", exact=True).click()
    await other.confirm()
    await expect(root.page.get_by_role("alert")).to_contain_text("Another session of yours signed you out.")
    await other.page.keyboard.press("Escape")
    await other.page.get_by_label("Administration").click()
    await other.page.get_by_role("tab", name="Settings").click()
    rows = other.page.get_by_role("row")
    owners = rows.filter(has_text="server.motd_file")
    await expect(owners).to_contain_text("owner")
    await other.page.get_by_text("Machine settings can be changed only by the machine’s owner").wait_for()
    await expect(owners.get_by_role("button")).to_have_count(0)
    await expect(rows.filter(has_text="server.network").get_by_role("button")).to_have_count(1)


async def test_a_guest_meets_its_own_ghost(arrive: Arrive, server: ServerProcess) -> None:
    """The name is taken when the page comes back: it says so, tries again, and is in when the name is free."""
    bob = await arrive("bob")
    await bob.come_in("Guest")
    await bob.go_to("#tea")
    port = server.port
    server.kill()
    await server.ended()
    server.options = ("-p", str(port))
    await bob.page.get_by_text("You are offline.").wait_for()
    await bob.say("while it is gone")
    # It can't come back before somebody else has its name.
    await bob.page.evaluate(
        "() => { window.real = WebSocket; window.WebSocket = function () {"
        " setTimeout(() => this.onclose()); this.close = () => {}; } }"
    )
    await server.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"NICK bob\r\nUSER bob 0 * bob\r\n")
    await reader.readuntil(b" 001 ")
    await bob.page.evaluate("() => { window.WebSocket = window.real }")
    await bob.page.get_by_text("The name bob is taken.").wait_for()
    writer.close()
    await bob.sees("while it is gone")
    await expect(bob.page.get_by_text("Waiting for the connection")).to_have_count(0)
    assert await bob.messages() == ["while it is gone"]
    bob.complaints.clear()


async def test_the_server_is_killed_and_comes_back(arrive: Arrive, server: ServerProcess) -> None:
    """What is written meanwhile waits, is sent by itself, and is there once."""
    ann, bob = await arrive("ann"), await arrive("bob")
    for user in (ann, bob):
        await user.come_in()
        await user.go_to("#tea")
    await ann.say("one")
    await bob.sees("one")
    port = server.port
    server.kill()
    await server.ended()
    await ann.page.get_by_text("You are offline.").wait_for()
    await ann.say("two, while it is gone")
    await bob.say("three, while it is gone")
    await expect(ann.page.get_by_text("Waiting for the connection").last).to_be_visible()
    server.options = ("-p", str(port))
    await server.start()
    for user in (ann, bob):
        await user.page.get_by_text("You are offline.").wait_for(state="detached")
        await user.sees("two, while")
        await user.sees("three, while")
    said = await ann.messages()
    assert (
        sorted(said)
        == sorted(await bob.messages())
        == ["one", "three, while it is gone", "two, while it is gone"]
    )
    for user in (ann, bob):
        # The network was away: the browser says so, and that is all.
        assert all("ERR_" in text or "WebSocket" in text for text in user.complaints), user.complaints
        user.complaints.clear()


async def test_pictures_and_files(arrive: Arrive, tmp_path: Path) -> None:
    from PIL import Image

    Image.effect_noise((900, 600), 80).save(tmp_path / "cat.png")
    (tmp_path / "notes.txt").write_text("hello\n")
    ann, bob, eve = await arrive("ann"), await arrive("bob"), await arrive("eve")
    for user in (ann, bob, eve):
        await user.come_in()
    for user in (ann, bob):
        await user.go_to("#tea")
    await ann.page.get_by_label("Add files").set_input_files([tmp_path / "cat.png", tmp_path / "notes.txt"])
    await ann.box.fill("look")
    await expect(ann.page.get_by_label("Send", exact=True)).to_be_enabled()
    await ann.box.press("Enter")
    picture = bob.page.get_by_role("img", name="cat.png")
    await picture.wait_for()
    await bob.page.wait_for_function("() => document.querySelector('article img')?.naturalWidth === 720")
    async with bob.page.expect_download() as download:
        await bob.page.get_by_role("link", name="notes.txt").click()
    assert (await (await download.value).path()).read_text() == "hello\n"
    await picture.click()
    await expect(bob.page.get_by_role("dialog", name="cat.png")).to_be_visible()
    await bob.page.keyboard.press("Escape")
    await expect(bob.page.get_by_role("dialog", name="cat.png")).to_have_count(0)
    # Whoever was not there is not shown it, even by its address.
    address = await picture.get_attribute("src")
    status = await eve.page.evaluate("path => fetch(path).then(answer => answer.status)", address)
    assert status == 404
    eve.complaints.clear()
    await ann.do("look", "Delete")
    await ann.page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    await bob.sees("This message was deleted.")


async def test_a_picture_is_pasted(arrive: Arrive) -> None:
    """From the clipboard, as one pastes a picture of the screen; it gets a name, and goes with what is written."""
    ann = await arrive("ann", permissions=["clipboard-read", "clipboard-write"])
    bob = await arrive("bob")
    for user in (ann, bob):
        await user.come_in()
        await user.go_to("#tea")
    await ann.page.evaluate(
        """async () => {
          const canvas = Object.assign(document.createElement("canvas"), { width: 300, height: 120 });
          canvas.getContext("2d").fillRect(20, 20, 100, 50);
          const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
          await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
        }"""
    )
    await ann.box.click()
    await ann.page.keyboard.press("Control+v")
    waiting = ann.page.locator(".composer ul li")
    await expect(waiting).to_contain_text("Pasted")
    await ann.box.fill("look at this")
    await ann.page.get_by_label("Send", exact=True).click()
    picture = bob.message("look at this").get_by_role("img")
    await picture.wait_for()
    size = "async (image) => { await image.decode(); return [image.naturalWidth, image.naturalHeight]; }"
    assert await picture.evaluate(size) == [300, 120]
    await expect(waiting).to_have_count(0)


async def test_a_picture_of_oneself(arrive: Arrive, tmp_path: Path) -> None:
    """Chosen in the profile, cut to a square, and seen by everybody; what is no picture changes nothing."""
    ann, bob = await arrive("ann"), await arrive("bob")
    for user in (ann, bob):
        await user.come_in()
        await user.go_to("#tea")
    await ann.say("that is me")
    await bob.sees("that is me")
    await ann.page.get_by_role("button", name="ann Signed in").click()
    (tmp_path / "none.png").write_bytes(b"no picture")
    await ann.page.get_by_label("Choose a picture").set_input_files(tmp_path / "none.png")
    await ann.page.get_by_text("The browser can't read this picture").wait_for()
    Image.new("RGB", (400, 200), "teal").save(tmp_path / "me.png")
    await ann.page.get_by_label("Choose a picture").set_input_files(tmp_path / "me.png")
    picture = bob.message("that is me").locator(".avatar img")
    await picture.wait_for()
    size = await picture.evaluate(
        "async (image) => { await image.decode(); return [image.naturalWidth, image.naturalHeight]; }"
    )
    assert size == [256, 256]
    await ann.page.get_by_role("button", name="Remove picture").click()
    await expect(picture).to_have_count(0)


async def test_with_irssi(arrive: Arrive, server: ServerProcess, tmp_path: Path) -> None:
    """What the page can do, any client can see."""
    irssi = need_program("irssi")
    need_program("tmux")
    ann = await arrive("ann")
    await ann.come_in()
    await ann.go_to("#tea")
    with Terminal(f"{irssi} --home={tmp_path / 'irssi'} -n dora -c localhost -p {server.port}") as dora:
        await dora.until("Welcome")
        await dora.shows("/join #tea", "[#tea]")
        await ann.page.get_by_text("dora joined").wait_for()
        dora.type("hello from irssi")
        await ann.sees("hello from irssi")
        await ann.say("hello *dora*\nsecond line")
        await dora.until("hello *dora*", "second line")
        await ann.do("hello from irssi", "React with 👍")
        await ann.go_to("dora")
        await ann.say("psst")
        await dora.shows("/query ann", "psst")


@pytest.mark.timeout(360)
async def test_a_long_history(arrive: Arrive, server: ServerProcess) -> None:
    """Scrolled through without holes and jumps, gone to by search, and back to the end."""
    line = await server.connect()
    line.type("NICK filler", "USER f 0 * :F", "JOIN #big")
    count = 10_000
    for start in range(0, count, 50):
        line.type(
            *(
                f"PRIVMSG #big :number {number} {'lorem ipsum ' * (number % 9)}"
                for number in range(start, start + 50)
            )
        )
    line.type("PING done")
    await line.until("done")
    ann = await arrive("ann")
    await ann.come_in()
    await ann.go_to("#big")
    await ann.sees(f"number {count - 1}")
    page = ann.page
    await page.mouse.move(600, 400)
    look = """() => {
      const list = document.querySelector(':not([inert]) > .list'), top = list.getBoundingClientRect().top;
      const rows = [...list.querySelectorAll('article')];
      const seen = rows.filter((row) => row.getBoundingClientRect().bottom > top + 5);
      const number = (row) => Number(/number (\\d+)/.exec(row?.innerText ?? '')?.[1] ?? -1);
      return [number(seen[0]), rows.length, rows.map(number).filter((one) => one >= 0)];
    }"""
    before = count
    while before > 0:
        await page.mouse.wheel(0, -3_000)
        await ann.drawn()
        first, drawn, numbers = await page.evaluate(look)
        assert drawn < 260, "only what is near is drawn"
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "there are no holes"
        assert before - 200 <= first <= before, "nothing jumps"
        before = first
    await page.keyboard.press("Control+f")
    await page.get_by_label("Words, or a").fill('"number 4777"')
    await page.keyboard.press("Enter")
    await page.locator(".result").click()
    await expect(page.locator("article.target")).to_contain_text("number 4777")
    await expect(page.locator("article.target")).to_be_in_viewport()
    await page.get_by_label("Go to the latest message").click()
    await expect(ann.message(f"number {count - 1}")).to_be_in_viewport()


async def test_on_a_phone(arrive: Arrive) -> None:
    """One column at a time, and nothing wider than the screen."""
    ann, bob = await arrive("ann", **PHONE), await arrive("bob")
    await ann.come_in()
    await bob.come_in()
    page = ann.page
    await page.get_by_label("Browse rooms").first.tap()
    await page.get_by_label("Name of a new room").fill("tea")
    await page.get_by_role("button", name="Create a room").tap()
    await page.get_by_role("heading", name="#tea", level=1).wait_for()
    await bob.go_to("#tea")
    await bob.say("https://example.org/" + "a-very-long-address" * 12)
    await ann.sees("a-very-long-address")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await ann.box.fill("from a phone")
    await page.get_by_label("Send", exact=True).tap()
    await bob.sees("from a phone")
    await page.get_by_label("2 members").tap()
    await page.get_by_role("complementary").get_by_text("bob").wait_for()
    await page.get_by_role("complementary").get_by_label("Close").tap()
    await page.get_by_label("Back to the conversations").tap()
    await bob.say("new")
    await expect(page.get_by_role("link", name="#tea, 1 unread")).to_be_visible()


async def test_kicked_and_banned(arrive: Arrive) -> None:
    """Whoever it hits is told, and by whom."""
    ann, bob = await arrive("ann"), await arrive("bob")
    for user in (ann, bob):
        await user.come_in()
        await user.go_to("#tea")
    await ann.page.get_by_role("complementary").get_by_role("button", name=re.compile("^B? ?bob")).click()
    await ann.page.get_by_role("button", name="Ban", exact=True).click()
    await ann.confirm()
    await bob.page.get_by_text("ann kicked bob from the room").wait_for()
    await expect(bob.page.get_by_text("You are not in this room.")).to_be_visible()
    await bob.page.get_by_role("button", name="Join", exact=True).click()
    await expect(bob.page.get_by_role("status").filter(has_text="ban")).to_be_visible()


async def test_pins(arrive: Arrive) -> None:
    """Whoever looks after a room pins what all should find again; everybody sees it, also later and in its place."""
    ann, bob = await arrive("ann"), await arrive("bob")
    for user in (ann, bob):
        await user.come_in()
        await user.go_to("#tea")
    await ann.say("rehearsal is on Thursday")
    await bob.say("until then")
    await ann.sees("until then")
    await ann.do("rehearsal is", "Pin for everybody")
    await bob.page.get_by_label("1 pinned message").click()
    await bob.page.get_by_role("complementary").get_by_text("rehearsal is on Thursday").wait_for()
    await bob.message("rehearsal is").hover()
    await bob.message("rehearsal is").get_by_label("More").click()
    await expect(bob.page.get_by_role("menuitem", name="Pin for everybody")).to_have_count(0)
    await bob.page.keyboard.press("Escape")
    late = await arrive("cleo")
    await late.come_in("Guest")
    await late.go_to("#tea")
    await late.page.get_by_label("1 pinned message").click()
    await late.page.get_by_role("complementary").get_by_role("button", name="rehearsal is").click()
    await ann.do("rehearsal is", "Unpin")
    await expect(bob.page.get_by_label("1 pinned message")).to_have_count(0)


async def test_reported_and_suspended(arrive: Arrive, server: ServerProcess) -> None:
    """A message is reported, a moderator sees it with what was said around it, suspends its author, and lifts that."""
    root = await first(arrive, server)
    eve, bob = await arrive("eve"), await arrive("bob")
    await eve.come_in()
    await bob.come_in()
    for user in (root, eve, bob):
        await user.go_to("#tea")
    await root.say("we were here first")
    await bob.sees("we were here first")
    await eve.say("buy cheap violins")
    await bob.sees("buy cheap violins")
    await bob.do("cheap violins", "Report to the moderators")
    await bob.page.get_by_label("What is wrong with this message?").fill("advertising")
    await bob.page.keyboard.press("Enter")
    await bob.page.get_by_text("The message was reported.").wait_for()
    await expect(bob.page.get_by_label("Administration")).to_have_count(0)
    await root.page.get_by_text("bob reported a message that eve sent").wait_for()
    desk = root.page.get_by_role("dialog", name="Administration")
    await root.page.get_by_label("Administration").click()
    await desk.get_by_role("tab", name="Reports").click()
    await desk.get_by_role("button", name="Show: 1").click()
    around = desk.get_by_role("status")
    await expect(around).to_contain_text("we were here first")
    await expect(around).to_contain_text("bob reported a message by eve in the room tea: advertising")
    await desk.get_by_role("button", name="Suspend: 1").click()
    await desk.get_by_label("Duration").fill("soon")
    await desk.get_by_label("Reason").fill("advertising")
    await root.page.keyboard.press("Enter")
    await expect(desk.get_by_role("alert")).to_contain_text("soon is not a time")
    # The browser writes down every answer that is a refusal.
    root.complaints.clear()
    await desk.get_by_label("Duration").fill("1h")
    await desk.get_by_role("button", name="Suspend", exact=True).click()
    await eve.page.get_by_role("alert").get_by_text("advertising").wait_for()
    await desk.get_by_role("button", name="Close: 1").click()
    await desk.get_by_role("button", name="Close", exact=True).last.click()
    await desk.get_by_text("There are no open reports.").wait_for()
    await desk.get_by_role("tab", name="Bans").click()
    await desk.get_by_role("button", name="Lift: eve").click()
    await desk.get_by_text("There are no suspensions or bans.").wait_for()
    await desk.get_by_role("tab", name="Audit trail").click()
    await expect(desk.get_by_role("row").nth(1)).to_contain_text("root")
    await eve.page.get_by_label("Password", exact=True).fill(PASSWORD)
    await eve.page.keyboard.press("Enter")
    await eve.page.get_by_role("navigation", name="Conversations").wait_for()
    eve.complaints.clear()


async def test_the_console_in_the_page(arrive: Arrive, server: ServerProcess) -> None:
    """Everything that the console can, with completion and what was typed before."""
    root = await first(arrive, server)
    page = root.page
    await page.get_by_label("Administration").click()
    await page.get_by_role("tab", name="Console").click()
    await page.keyboard.type("add ro")
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("Type a command")).to_have_value("add room ")
    await page.keyboard.type("Sales")
    await page.keyboard.press("Enter")
    await page.get_by_text("The room Sales was created and is open.").wait_for()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await page.get_by_text("The room Sales already exists.").wait_for()


async def test_a_list_that_has_changed_meanwhile(arrive: Arrive, server: ServerProcess) -> None:
    """Somebody else has taken the first row away: its number means another one now, and that stays."""
    root, other = await first(arrive, server), await arrive("root")
    await other.come_in("Sign in")
    for note in ("class 4a", "class 4b"):
        await root.say(f"/admin add invitation 1 7d {note}")
    await root.page.get_by_label("Administration").click()
    await root.page.get_by_role("tab", name="Invitations").click()
    await root.page.get_by_role("cell", name="class 4b").wait_for()
    await other.say("/admin delete invitation 1")
    await other.page.get_by_text("The invitation for class 4a is deleted.").wait_for()
    await root.page.get_by_role("button", name="Delete: 1").click()
    await root.confirm()
    await root.page.get_by_text("The list has changed in the meantime").wait_for()
    await expect(root.page.get_by_role("cell", name="class 4a")).to_have_count(0)
    await root.page.keyboard.press("Escape")
    await root.page.get_by_role("button", name="Delete: 1").click()
    await root.confirm()
    await root.page.get_by_text("The invitation for class 4b is deleted.").wait_for()


async def test_in_french_and_from_right_to_left(arrive: Arrive) -> None:
    """The browser's language is the page's; texts in other directions stand as they are read."""
    ann = await arrive("ann", locale="fr-FR")
    page = ann.page
    await page.get_by_role("tab", name="Créer un compte").click()
    await page.get_by_label("Nom", exact=True).fill("ann")
    await page.get_by_label("Mot de passe", exact=True).fill("annannann")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Choisissez-en un autre.")
    await page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_role("navigation", name="Conversations").wait_for()
    await expect(page.get_by_placeholder("Écrire à #Général")).to_be_visible()
    await ann.say("שלום עולם")
    await ann.sees("שלום עולם")
    direction = "row => getComputedStyle(row.querySelector('.body')).direction"
    assert await ann.message("שלום עולם").evaluate(direction) == "rtl"
    await page.get_by_label("Réglages").click()
    await page.get_by_label("Langue").select_option("en")
    await expect(page.get_by_role("dialog", name="Settings")).to_be_visible()


async def test_opened_without_a_network(arrive: Arrive, server: ServerProcess) -> None:
    """It opens with what it knows, takes what is written, and sends it when the server is back."""
    ann = await arrive("ann")
    await ann.come_in()
    await ann.go_to("#tea")
    await ann.say("known before")
    await ann.sees("known before")
    await ann.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    kept = """async () => {
      if (!(await indexedDB.databases()).length) return false;
      return new Promise((done) => {
        indexedDB.open("hubbub").onsuccess = (event) => {
          const all = event.target.result.transaction("chat").objectStore("chat").getAll();
          all.onsuccess = () => done(JSON.stringify(all.result).includes("known before"));
        };
      });
    }"""
    while not await ann.page.evaluate(kept):
        await ann.drawn()
    port = server.port
    server.kill()
    await server.ended()
    await ann.page.reload()
    await ann.sees("known before")
    await ann.say("written without a network")
    await expect(ann.page.get_by_text("Waiting for the connection")).to_be_visible()
    await ann.page.reload()
    await expect(ann.page.get_by_text("written without a network")).to_be_visible()
    server.options = ("-p", str(port))
    await server.start()
    await ann.page.get_by_text("Waiting for the connection").wait_for(state="detached")
    assert await ann.messages() == ["known before", "written without a network"]
    ann.complaints.clear()


async def test_what_is_told_of(arrive: Arrive) -> None:
    """Mentions by default, all or nothing as one likes, and nothing while one is not to be disturbed."""
    ann, bob = await arrive("ann", permissions=["notifications"]), await arrive("bob")
    for user in (ann, bob):
        await user.come_in()
        await user.go_to("#tea")
    page = ann.page
    await page.get_by_label("Settings").click()
    await page.get_by_label("Notify me of messages").check()
    await page.keyboard.press("Escape")
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await page.evaluate("document.hasFocus = () => false")
    await page.evaluate("""() => {
      window.told = [];
      ServiceWorkerRegistration.prototype.showNotification = (title, {body}) => window.told.push(`${title}: ${body}`);
    }""")

    async def says(text: str) -> list[str]:
        await bob.say(text)
        await ann.sees(text)
        await page.evaluate("navigator.serviceWorker.getRegistration().then(() => true)")
        await ann.drawn()
        found: list[str] = await page.evaluate("window.told.splice(0)")
        return found

    assert await says("nothing special") == []
    assert await says("look, @ann!") == ["bob in #tea: look, @ann!"]
    bell = page.get_by_label("You are notified only when somebody mentions you in this conversation.")
    await bell.click()
    assert await says("ann again") == []
    await page.get_by_label("You are not notified of anything in this conversation.").click()
    assert await says("anything") == ["bob in #tea: anything"]
    await page.get_by_label("Settings").click()
    await page.get_by_label("Do not disturb").check()
    await page.keyboard.press("Escape")
    assert await says("hush") == []


async def test_pushed_while_nobody_looks(arrive: Arrive) -> None:
    """The service worker tells of what is pushed; what is no message is no notice."""
    ann = await arrive("ann", permissions=["notifications"])
    await ann.come_in()
    await ann.go_to("#tea")
    page = ann.page
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    worker = page.context.service_workers[0]
    told = await worker.evaluate(
        """async () => {
          const shown = [];
          self.registration.showNotification = (title, options) => shown.push([title, options.body, options.data.hash]);
          self.clients.matchAll = () => [];
          for (const data of [
            "@msgid=06hwya4s6c2s0;time=2026-11-20T11:40:11.590Z :bob!b@h PRIVMSG #tea :ann: \\x02look\\x02",
            ":bob!b@h PRIVMSG ann :psst", "", "nonsense", ":bob!b@h QUIT :bye",
          ]) {
            const waiting = [];
            const event = Object.assign(new ExtendableEvent("push"), { data: { text: () => data } });
            event.waitUntil = (one) => waiting.push(one);
            self.dispatchEvent(event);
            await Promise.all(waiting);
          }
          return shown;
        }"""
    )
    assert told == [
        ["bob – #tea", "ann: look", "#/%23tea/06hwya4s6c2s0"],
        ["bob", "psst", "#/bob/"],
    ]


async def test_what_one_is_told_of_is_known_everywhere(arrive: Arrive) -> None:
    ann, phone = await arrive("ann"), await arrive("ann", **PHONE)
    await ann.come_in()
    await phone.come_in("Sign in")
    for user in (ann, phone):
        await user.go_to("#tea")
    await ann.page.get_by_label(
        "You are notified only when somebody mentions you in this conversation."
    ).click()
    await phone.page.get_by_label("You are not notified of anything in this conversation.").wait_for()
    await phone.page.reload()
    await phone.page.get_by_label("You are not notified of anything in this conversation.").wait_for()


async def test_what_is_written_in_a_room_stays_there_or_in_the_box(arrive: Arrive) -> None:
    """Nothing goes private by its first word, whoever is away; what looks like a command can be sent as text."""
    tom = await arrive("tom")
    await tom.come_in()
    await tom.page.context.close()
    ann, bob = await arrive("ann"), await arrive("bob")
    await ann.come_in()
    await bob.come_in()
    for user in (ann, bob):
        await user.go_to("#tea")
    for text in ("@tom can you bring the key", "@here lunch!", "@property"):
        await ann.say(text)
        await bob.sees(text)
    await expect(ann.page.get_by_role("heading", name="#tea", level=1)).to_be_visible()
    for text, why in (
        ("/etc/hosts has a wrong line", "There is no command /etc/hosts."),
        ("/topic", "Write: /topic TEXT"),
        ("/msg bob,ann psst", "Write one name"),
        ("@NickServ IDENTIFY ann pw", "This text may contain a password."),
        ("/shrug x", "There is no command /shrug."),
    ):
        await ann.say(text)
        await expect(ann.page.get_by_role("alert")).to_contain_text(why)
        await expect(ann.box).to_have_value(text)
    await ann.page.get_by_role("button", name="Send as text").click()
    await bob.sees("/shrug x")
    await expect(ann.box).to_have_value("")
    await expect(ann.box).to_be_focused()
    await expect(ann.page.get_by_role("alert")).to_have_count(0)
    assert await bob.messages() == ["@tom can you bring the key", "@here lunch!", "@property", "/shrug x"]


async def test_a_guest_begins_in_the_welcome_room(arrive: Arrive) -> None:
    """What is typed first has somewhere to go."""
    ann, guest = await arrive("ann"), await arrive("guest")
    await ann.come_in()
    await guest.come_in("Guest")
    await expect(guest.page.get_by_role("heading", name="#Général", level=1)).to_be_visible()
    await guest.say("hello, is anybody here?")
    await ann.sees("hello, is anybody here?")


async def test_a_room_that_opens_late_takes_nothing_away(arrive: Arrive) -> None:
    """Where one is let in slowly, what one has opened meanwhile stays, with what is typed in it."""
    guest = await arrive("guest")
    page, let_in, held = guest.page, asyncio.Event(), list[str | bytes]()

    async def slow(browser: WebSocketRoute) -> None:
        """Hold everything from the welcome room's JOIN on."""
        server = browser.connect_to_server()

        def pass_on(line: str | bytes) -> None:
            if held or (" JOIN #" in str(line) and not let_in.is_set()):
                held.append(line)
            else:
                browser.send(line)

        server.on_message(pass_on)
        await let_in.wait()
        for line in held:
            browser.send(line)
        held.clear()

    await page.route_web_socket("**/irc", slow)
    await guest.come_in("Guest")
    await page.keyboard.press("Control+k")
    switcher = page.get_by_role("combobox", name="Go to a room or a person")
    await switcher.fill("#tea")
    let_in.set()
    await expect(page.get_by_role("heading", name="#Général", level=1, include_hidden=True)).to_be_visible()
    await expect(switcher).to_have_value("#tea")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="#tea", level=1)).to_be_visible()


async def test_a_name_that_can_be_none(arrive: Arrive, server: ServerProcess) -> None:
    """The rule shows while one types; nobody waits for what can't be, on the wizard and by an invitation neither."""
    found = re.search(r"/(#/first/\S+)", server.greeting)
    assert found
    root = await arrive("root", path=found[1])
    await root.page.get_by_label("Name of this server").fill("School of Music")
    for user in (root, await arrive("maria"), await arrive("maria", path="#/invitation/k3sR9pQxZ1vT0aLm")):
        page = user.page
        if user is not root:
            await page.get_by_role("tab", name="Register").click()
        name = page.get_by_label("Name", exact=True)
        await name.fill("Maria Rossi")
        await expect(name).to_have_attribute("aria-invalid", "true")
        await page.get_by_label("Password", exact=True).fill(PASSWORD)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("Names are 3 to 20 letters")
    await page.get_by_role("tab", name="Sign in").click()
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("A name can't contain spaces.")
    page = root.page
    await page.get_by_label("Name", exact=True).fill("maria")
    await page.get_by_label("Display name (optional)").fill("Maria Rossi")
    await page.keyboard.press("Enter")
    await page.get_by_label("Administration").wait_for()
    await root.say("hello")
    await expect(root.message("hello")).to_contain_text("Maria Rossi")


async def test_a_server_that_says_nothing(arrive: Arrive) -> None:
    """Ten seconds of silence are a sentence, and one may try again."""
    ann = await arrive("ann")
    page = ann.page
    await page.clock.install()
    await page.route_web_socket("**/irc", lambda socket: None)
    await page.get_by_role("tab", name="Guest").click()
    await page.get_by_label("Name", exact=True).fill("ann")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Signing in…")).to_be_disabled()
    await page.clock.run_for(10_001)
    await expect(page.get_by_role("alert")).to_contain_text("for ten seconds")
    await expect(page.get_by_role("button", name="Join as a guest", exact=True)).to_be_enabled()


async def test_a_mention_that_was_missed_on_a_new_browser(arrive: Arrive) -> None:
    """Also in a room where nothing had been said when one was there last."""
    ann, bob = await arrive("ann"), await arrive("bob")
    await ann.come_in()
    await bob.come_in()
    for user in (ann, bob):
        await user.go_to("#tea")
    await ann.page.context.close()
    await bob.say("@ann where are you?")
    await bob.say("nobody knows")
    await bob.sees("nobody knows")
    new = await arrive("ann")
    await new.come_in("Sign in")
    await expect(new.page.get_by_role("link", name="#tea, 1 mention")).to_be_visible()


async def test_long_names_and_many_rooms_on_a_small_screen(arrive: Arrive, server: ServerProcess) -> None:
    """A name of 64 characters pushes nothing out of sight, in any script, however much is unread."""
    ann, bob = await arrive("ann", **PHONE | {"viewport": {"width": 320, "height": 640}}), await arrive("bob")
    await ann.come_in()
    await bob.come_in()
    page = ann.page
    names = [f"#{'a' * 63}", f"#{'ש' * 31}", f"#{'long-name-' * 6}end"]
    for name in names:
        await page.get_by_label("Browse rooms").first.tap()
        await page.get_by_label("Name of a new room").fill(name.removeprefix("#"))
        await page.get_by_role("button", name="Create a room").tap()
        await page.get_by_role("heading", name=name, level=1).wait_for()
        for control in ("Room options", "1 member"):
            await expect(page.get_by_label(control, exact=True)).to_be_in_viewport(ratio=1)
        await page.get_by_label("Back to the conversations").tap()
    await bob.go_to(names[0])
    await bob.say("@ann hello")
    badge = page.get_by_role("link", name=re.compile("^#aaa.*1 mention")).locator(".badge")
    await expect(badge).to_be_in_viewport(ratio=1)
    for control in ("Settings", "Browse rooms"):
        await expect(page.get_by_label(control, exact=True).first).to_be_in_viewport(ratio=1)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_two_tabs_lose_nothing_of_each_other(arrive: Arrive, server: ServerProcess) -> None:
    """Drafts are one; what a tab had still to send when it was killed is sent by the other, once."""
    ann, bob = await arrive("ann"), await arrive("bob")
    await ann.come_in()
    await bob.come_in()
    for user in (ann, bob):
        await user.go_to("#tea")
    page = await ann.page.context.new_page()
    second = BrowserUser(page, "ann")
    await page.route_web_socket("**/irc", lambda socket: None)
    await ann.box.fill("a draft")
    await page.goto(f"http://localhost:{server.port}/#/%23tea")
    await expect(second.box).to_have_value("a draft")
    await second.box.fill("another draft")
    await expect(ann.box).to_have_value("another draft")
    await second.say("from the tab that is killed")
    is_kept = "JSON.stringify(localStorage).includes('is killed')"
    while not await page.evaluate(is_kept):
        await second.drawn()
    await expect(ann.box).to_have_value("")
    await ann.say("from the tab that stays")
    await bob.sees("from the tab that stays")
    await bob.sees_not("from the tab that is killed")
    await page.close()
    await bob.sees("from the tab that is killed")
    assert await bob.messages() == ["from the tab that stays", "from the tab that is killed"]
    while await ann.page.evaluate(is_kept):
        await ann.drawn()
    assert second.complaints == []


async def test_a_link_that_leads_nowhere(arrive: Arrive) -> None:
    """To a room, a person, a message or a file that is not there: a sentence, and nothing else happens."""
    ann = await arrive("ann")
    await ann.come_in()
    await ann.go_to("#tea")
    await ann.say("good morning")
    await ann.sees("good morning")
    for place, sentence in (
        ("%23nowhere", "You are not in a room #nowhere"),
        ("nobody", "You are not in a room nobody and have no conversation with a user of that name."),
        ("%20", "This link is not valid."),
        ("%E0%A4%A/%", "You are not in a room %E0%A4%A"),
        ("file/none/none.png", "This link is not valid."),
        ("%23tea/06hwya4s6c2s0", "This message does not exist"),
        ("%23tea/%00", "This message does not exist"),
        ("%23tea/" + "x" * 10_000, "This message does not exist"),
        ("%23" + "x" * 10_000, "This link is not valid."),
        ("invitation/abcdefgh", "You are already signed in."),
    ):
        await ann.page.evaluate("(place) => { location.hash = `#/${place}`; }", place)
        await expect(ann.page.get_by_text(sentence).last).to_be_visible()
        await expect(ann.page.get_by_role("heading", name="#tea", level=1, exact=True)).to_be_visible()
    await ann.page.goto(ann.page.url.partition("#")[0] + "#/%23nowhere")
    await ann.page.reload()
    await expect(ann.page.get_by_text("You are not in a room #nowhere").last).to_be_visible()
    # A room can be joined from there, by the keyboard too; the offer stays until it is taken.
    offer = ann.page.get_by_role("status").get_by_role("button", name="Join", exact=True)
    await offer.focus()
    await ann.page.keyboard.press("Enter")
    await expect(ann.page.get_by_role("heading", name="#nowhere", level=1, exact=True)).to_be_visible()
    await expect(offer).to_have_count(0)
    assert ann.complaints == []


async def test_a_room_that_is_entered_while_one_arrives_is_opened(arrive: Arrive) -> None:
    """The answer to JOIN comes after the page has looked where its address leads."""
    ann = await arrive("ann")
    asked, joins = asyncio.Queue[Route](), asyncio.Queue[Callable[[], None]]()
    await ann.page.route("**/api/v1/me", asked.put)

    def between(page: WebSocketRoute) -> None:
        server = page.connect_to_server()

        def sent(line: str | bytes) -> None:
            if "JOIN #tea" in str(line):
                joins.put_nowait(lambda: server.send(line))
            else:
                server.send(line)

        page.on_message(sent)

    await ann.page.route_web_socket("**", between)
    await ann.page.reload()
    await ann.come_in()
    await ann.page.keyboard.press("Control+k")
    await ann.page.get_by_role("combobox", name="Go to a room or a person").fill("#tea")
    await ann.page.keyboard.press("Enter")
    join = await joins.get()
    async with ann.page.expect_response("**/api/v1/me"):
        await (await asked.get()).continue_()
    await ann.page.evaluate("() => new Promise(requestAnimationFrame)")
    join()
    await expect(ann.page.get_by_role("heading", name="#tea", level=1, exact=True)).to_be_visible()
    await expect(ann.page.get_by_text("You are not in a room")).to_have_count(0)
    assert ann.complaints == []


async def test_a_draft_is_on_all_devices_until_it_is_sent(arrive: Arrive) -> None:
    """Two browsers of one account: the text goes over, is gone on with, and vanishes where it was not sent."""
    desk, phone = await arrive("ann"), await arrive("ann", **PHONE)
    await desk.come_in()
    await desk.go_to("#tea")
    await phone.come_in("Sign in")
    await phone.page.goto(phone.page.url.partition("#")[0] + "#/%23tea")
    await desk.box.fill("is the\nkettle")
    await expect(phone.box).to_have_value("is the\nkettle")
    await phone.box.fill("is the\nkettle on?")
    await expect(desk.box).to_have_value("is the\nkettle on?")
    await desk.box.press("Enter")
    await phone.sees("kettle on?")
    await expect(desk.box).to_have_value("")
    await expect(phone.box).to_have_value("")


async def test_a_draft_is_there_when_a_device_comes_back_and_gone_when_it_was_sent(arrive: Arrive) -> None:
    desk, phone = await arrive("ann"), await arrive("ann")
    await desk.come_in()
    await desk.go_to("#tea")
    await phone.come_in("Sign in")
    await phone.go_to("#tea")
    await phone.box.fill("is the kettle")
    await expect(desk.box).to_have_value("is the kettle")
    await phone.page.context.set_offline(True)
    await desk.box.press("Enter")
    await desk.sees("is the kettle")
    await phone.page.context.set_offline(False)
    await expect(phone.box).to_have_value("")


async def test_both_write_at_once_and_neither_loses_a_word(arrive: Arrive) -> None:
    desk, phone = await arrive("ann"), await arrive("ann")
    await desk.come_in()
    await desk.go_to("#tea")
    await phone.come_in("Sign in")
    await phone.go_to("#tea")
    await desk.box.fill("from the desk")
    await phone.box.fill("from the phone")
    await phone.say("said by the phone")
    await desk.sees("said by the phone")
    await expect(phone.box).to_have_value("from the desk")
    await expect(desk.box).to_have_value("from the desk")
