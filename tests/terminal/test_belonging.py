"""Members who are offline, in the terminal: the list, the directory, names, and what can be done with them."""

from pathlib import Path

from hubbub.client.identity import Identity, Password
from hubbub.client.profiles import tell_last_seen
from hubbub.terminal.side_lists import MemberRows
from tests.client.client_harness import ClientHarness
from tests.filled_place import filled_place
from tests.server_harness import ServerHarness
from tests.terminal.terminal_harness import open_terminal


async def absent_bob(harness: ServerHarness) -> None:
    """Bob has an account and a display name, has said something in #tea, and is gone."""
    for name in ("ann", "bob"):
        await harness.account(name)
    bob = ClientHarness(harness, Identity("bob", account="bob", secret=Password("correct horse")))
    bob.connect()
    await bob.settle()
    bob.client.join("#tea")
    bob.client.ask("METADATA", "*", "SET", "display-name", "Bob Jones")
    tell_last_seen(bob.client, True)
    await bob.settle()
    bob.client.say(bob["#tea"], "the kettle is on")
    await bob.settle()
    bob.cut()
    await harness.settle()


async def test_a_large_room_lists_everybody(tmp_path: Path) -> None:
    async with (
        filled_place(tmp_path) as harness,
        open_terminal(harness, "ann", "#general", password="correct horse") as ann,
    ):
        await ann.type("/join #general")
        await ann.until("200 members, 1 online", "Operators · 1", "▸ Offline · 199")
        rows = ann.app.screen.query_one(MemberRows)
        rows.focus()
        await ann.press("end", "enter")
        await ann.until("▾ Offline · 199", lambda: rows.option_count > 200)
        await ann.press("z", "e", "n", "o")
        await ann.until("/zeno▏", lambda: rows.option_count < 20)
        await ann.press("escape")
        await ann.until("▾ Offline · 199")


async def test_somebody_offline_is_named_found_and_described(harness: ServerHarness) -> None:
    await absent_bob(harness)
    async with open_terminal(harness, "ann", "#tea", password="correct horse", size=(120, 40)) as ann:
        await ann.until("2 members, 1 online", "Offline · 1", "Bob Jones @bob", "the kettle is on")
        rows = ann.app.screen.query_one(MemberRows)
        rows.focus()
        await ann.press("end", "space")
        await ann.until("Message Bob Jones privately", "Show details", lambda: "Kick" not in ann.screen())
        await ann.press("down", "enter")
        await ann.until("name: Bob Jones", "role: member", "last seen: 20")
        await ann.press("ctrl+k")
        await ann.type("jones")
        await ann.until("Bob Jones  offline, last seen 20")
        await ann.type("are you there?")
        await ann.until("are you there?", "ann (you)")
        await ann.type("/lastseen on")
        await ann.until("Others see when you were last online.")


async def test_a_guest_is_told_why_nobody_offline_is_found(harness: ServerHarness) -> None:
    await absent_bob(harness)
    async with open_terminal(harness, "gus", "#tea") as gus:
        await gus.press("ctrl+k")
        await gus.until("Only people who are online are listed.")
