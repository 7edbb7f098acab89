"""Members who are offline, on the desktop: the list, finding them, and whether others see when one was online."""

from pathlib import Path

from tests.desktop.desktop_harness import open_desktop, story
from tests.server_process import ServerProcess
from tools.sample_place import fill


@story
async def test_members_who_are_offline(tmp_path: Path) -> None:
    fill(tmp_path / "data", messages=500)
    async with ServerProcess(tmp_path / "data") as server, open_desktop(tmp_path / "client") as ann:
        await ann.fill(address=f"localhost:{server.port}", name="ann", password="correct horse")
        await ann.click("come")
        await ann.until(lambda: ann.desk.values["is_in"])
        chat = ann.chat
        chat.word("join", "general")
        await ann.until("200 members, 1 online", "Operators · 1", "▸  Offline · 199")
        assert chat.members.property("count") == 3
        await ann.click_on("▸  Offline · 199")
        await ann.until("▾  Offline · 199", lambda: chat.members.property("count") == 202)
        ann.find("findMember").forceActiveFocus()
        await ann.type("zeno")
        await ann.until("Zeno", lambda: chat.members.property("count") < 20)
        await ann.press("escape")
        await ann.until(lambda: chat.members.property("count") == 202)
        await ann.press("ctrl+k")
        await ann.until(lambda: ann.find("wanted").hasActiveFocus())
        await ann.type("zeno51")
        await ann.until("(zeno51) privately", "offline")
        await ann.press("enter")
        await ann.until(lambda: chat.values["topic"] == "offline")
        chat.word("whois", "zeno51")
        await ann.until("role: member", "last seen: not shown")
        assert chat.values["has_last_seen"] and not chat.values["tells_last_seen"]
        chat.toggle_last_seen()
        await ann.until(lambda: chat.values["tells_last_seen"])
        chat.toggle_last_seen()
        await ann.until(lambda: not chat.values["tells_last_seen"])
