"""What people do in the terminal client, key by key."""

from pathlib import Path

import pytest
from textual.events import Key

from hubbub.terminal.composer import Editor
from hubbub.terminal.key_parser import TerminalBackground
from tests.server_harness import ServerHarness
from tests.terminal.terminal_harness import open_terminal


async def test_talking(harness: ServerHarness) -> None:
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #tea")
    async with open_terminal(harness, "ann", "#tea") as ann:
        await ann.type("hello bob")
        await ann.until("ann (you)", "hello bob")
        harness.people["bob"].type("PRIVMSG #tea :hi Ann, how are you?")
        screen = await ann.until("hi Ann, how are you?", "@bob")
        assert "┃  hi Ann" in screen, "a mention is marked without colour too"
        harness.people["bob"].type("PRIVMSG #tea :and again")
        screen = await ann.until("and again")
        assert screen.count("bob  11:0") == 1, "what one says in a row stands under one name"


async def test_several_lines_and_what_was_sent_before(harness: ServerHarness) -> None:
    async with open_terminal(harness, "ann", "#tea") as ann:
        await ann.type("one\ntwo")
        await ann.until("▎  one", "▎  two")
        await ann.press("ctrl+up")
        await ann.until("› one")
        await ann.press("ctrl+down")
        await ann.until(lambda: "› one" not in ann.screen())


async def test_replying_reacting_editing_deleting(harness: ServerHarness) -> None:
    await harness.irc("bob", "message-tags echo-message")
    await harness.ask("bob", "JOIN #tea")
    async with open_terminal(harness, "ann", "#tea") as ann:
        harness.people["bob"].type("PRIVMSG #tea :which tea?")
        await ann.until("which tea?")
        await ann.press("shift+up")
        await ann.until("Replying to bob: which tea?")
        await ann.type("oolnog")
        await ann.until("↳ bob: which tea?", "oolnog")
        await ann.press("up")
        await ann.until("Editing.", "› oolnog")
        await ann.press("backspace", "backspace", "backspace")
        await ann.type("ong")
        await ann.until("oolong  (edited)")
        await ann.press("f6", "up", "up", "plus")
        await ann.until("React with")
        await ann.type("thumbs_up")
        await ann.until("[👍]")
        assert ann.app.chat is not None
        ann.app.chat.client.emoji.known = {"_own_cat_": "a1"}
        await ann.press("plus")
        await ann.until("React with", ":_own_cat_:")
        await ann.type("own_c")
        await ann.until("[:_own_cat_:]")
        await ann.press("down", "d")
        await ann.until("Delete this message?", "ann: oolong")
        await ann.press("tab", "enter")
        await ann.until("✕ deleted by ann")


async def test_the_words_of_the_old_programs(harness: ServerHarness) -> None:
    await harness.irc("bob")
    async with open_terminal(harness, "ann", "#tea") as ann:
        await ann.type("?list")
        await ann.until("Connected (2): ann, bob")
        await ann.type("/msg bob psst")
        await ann.until("Private message sent to bob")
        assert ":ann!ann@local PRIVMSG bob :psst" in harness.people["bob"].seen()
        await ann.type("/msg nobody psst")
        await ann.until("User nobody not found")


async def test_what_is_typed_in_a_room_stays_there_or_is_kept(harness: ServerHarness) -> None:
    """Nothing goes private by its first word; what looks like a command stays written, and can be sent as text."""
    bob = await harness.irc("bob")
    bob.type("JOIN #tea")
    async with open_terminal(harness, "ann", "#tea") as ann:
        await ann.type("@tom can you bring the key")
        await ann.until("▎  @tom can you bring the key")
        assert ":ann!ann@local PRIVMSG #tea :@tom can you bring the key" in bob.seen()
        await ann.type("/etc/hosts has a wrong line")
        await ann.until(
            "There is no command /etc/hosts.", "Ctrl+T sends this as text", "› /etc/hosts has a wrong line"
        )
        await ann.press("ctrl+t")
        await ann.until(lambda: "Ctrl+T" not in ann.screen())
        assert ":ann!ann@local PRIVMSG #tea :/etc/hosts has a wrong line" in bob.seen()


@pytest.mark.parametrize("words", ["/exit", "!exit", "exit"])
async def test_leaving(harness: ServerHarness, words: str) -> None:
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #tea")
    async with open_terminal(harness, "ann", "#tea") as ann:
        await ann.type(words)
        await ann.pilot.pause()
        assert ann.app._exit
    lines = await harness.look()
    assert any("ann!ann@local QUIT" in line for line in lines)


async def test_help_knows_every_word(harness: ServerHarness) -> None:
    from hubbub.client.commands import ALL

    async with open_terminal(harness, "ann", "#tea", size=(110, 90)) as ann:
        await ann.type("/help")
        screen = await ann.until("Commands")
        assert [word.usage for word in ALL if word.usage not in screen] == []
        await ann.press("escape")
        await ann.type("/help join")
        await ann.until("/join ROOM [KEY] – Join a room", "Also: /j.")


async def test_rooms_unread_and_the_switcher(harness: ServerHarness) -> None:
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #tea,#coffee")
    async with open_terminal(harness, "ann", "#tea", "#coffee") as ann:
        await ann.until("#tea", "#coffee")
        assert ann.app.chat is not None
        ann.app.chat.show(ann.app.chat.client.open("#tea"))
        harness.wait(1)
        harness.people["bob"].type("PRIVMSG #coffee :ann: coffee?\nPRIVMSG #coffee :really")
        await ann.until("@1 2")
        await ann.press("alt+a")
        await ann.until("━ new ━", "coffee?")
        await ann.until(lambda: "@1" not in ann.screen())
        await ann.press("ctrl+k")
        await ann.until("Go to")
        await ann.press("t", "e", "a")
        await ann.until("#tea")
        await ann.press("enter")
        await ann.until(
            lambda: (
                ann.app.chat is not None
                and ann.app.chat.here is not None
                and ann.app.chat.here.name == "#tea"
            )
        )
        await ann.press("ctrl+k")
        await ann.press("n", "e", "w", "r")
        await ann.until("Create or join #newr")
        await ann.press("enter")
        await ann.until("▸ #newr")
        await ann.type("/leave")
        await ann.until(lambda: "#newr" not in ann.screen())


async def test_completion(harness: ServerHarness) -> None:
    async with open_terminal(harness, "ann", "#tea") as ann:
        harness.connect("bobby").type("NICK bobby\nUSER bobby 0 * :Bobby\nJOIN #tea")
        await ann.until("bobby")
        await ann.press("b", "o", "tab")
        await ann.until("› bobby:")
        await ann.press(*["backspace"] * 7, "slash", "t", "o", "p")
        await ann.until("/topic", "Show the room's topic")
        await ann.press("tab", *"Oolong", "enter")
        await ann.until("#tea  2 members  Oolong", "ann set the topic: Oolong")
        await ann.press("colon", *"tada")
        await ann.until("🎉")
        await ann.press("tab", "enter")
        await ann.until("🎉", "▎  🎉")


@pytest.mark.parametrize("last", ["enter", "tab"])
async def test_keys_that_come_all_at_once_are_not_completed_to_something_else(
    harness: ServerHarness, last: str
) -> None:
    async with open_terminal(harness, "ann", "#tea") as ann:
        await ann.press("slash", "t", "o", "p")
        await ann.until("Show the room's topic")
        editor = ann.app.screen.query_one(Editor)
        for letter in "ic Oolong":
            editor.post_message(Key(letter, letter))
        editor.post_message(Key(last, None))
        if last == "enter":
            await ann.until("ann set the topic: Oolong")
        else:
            await ann.until("› /topic Oolong")


async def test_searching_goes_to_the_message(harness: ServerHarness) -> None:
    await harness.account("ann")
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #tea")
    await harness.ask("bob", "PRIVMSG #tea :the needle is here")
    harness.wait(3600)
    for number in range(300):
        harness.wait(2)
        await harness.ask("bob", f"PRIVMSG #tea :hay {number}")
    async with open_terminal(harness, "ann", "#tea", password="correct horse") as ann:
        await ann.until("hay 299")
        await ann.press("ctrl+f")
        await ann.until("Search for")
        await ann.type("needle")
        await ann.until("1 found", "the needle is here")
        await ann.press("enter")
        await ann.until("▸  the needle is here", lambda: "Search for" not in ann.screen())
        await ann.until("hay 3")


async def test_scrolling_loads_history(harness: ServerHarness) -> None:
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #tea")
    for number in range(250):
        harness.wait(2)
        await harness.ask("bob", f"PRIVMSG #tea :line {number:03}")
    async with open_terminal(harness, "ann", "#tea") as ann:
        await ann.until("line 249")
        for _ in range(40):
            await ann.press("pageup")
            await ann.pilot.pause(0.05)
        await ann.until("line 000")
        await ann.press("escape")
        await ann.until("line 249")


async def test_comings_and_goings_are_told_as_one_wants(harness: ServerHarness) -> None:
    await harness.irc("eve")
    await harness.ask("eve", "JOIN #tea")
    async with open_terminal(harness, "ann", "#tea") as ann:
        for name in ("bob", "carl"):
            await harness.irc(name)
            harness.people[name].type("JOIN #tea")
        harness.people["bob"].type("PRIVMSG #tea :one\nPART #tea :later")
        harness.people["carl"].type("PART #tea")
        harness.people["eve"].type("PRIVMSG #tea :two")
        screen = await ann.until("one", "two")
        assert "joined" not in screen and "left" not in screen
        await ann.type("/set comings spoke")
        await ann.until("← bob left (later)", lambda: "carl" not in ann.screen())
        await ann.type("/set comings all")
        await ann.until("joined", "carl")
        await ann.type("/set comings none")
        await ann.until(lambda: "carl" not in ann.screen())


async def test_a_mistyped_room_is_asked_about(harness: ServerHarness) -> None:
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #coffee")
    async with open_terminal(harness, "ann", "#tea") as ann:
        await ann.type("/join cofee")
        await ann.until("There is no room #cofee in the list", "Did you mean #coffee?")
        await ann.press("escape")
        await ann.press("ctrl+k", *"nob")
        await ann.until("Create or join #nob", lambda: "Message nob" not in ann.screen())
        await ann.press("escape", "ctrl+k", *"coff")
        await ann.until("Join #coffee")
        await ann.press("enter")
        await ann.until("▸ #coffee")
        await ann.type("/set newrooms make")
        await ann.until("newrooms is make.")
        await ann.type("/join third")
        await ann.until("▸ #third")


async def test_without_a_connection_all_that_is_known_stays(harness: ServerHarness) -> None:
    await harness.account("ann")
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #tea")
    async with open_terminal(harness, "ann", "#tea", password="correct horse") as ann:
        await ann.until("@bob")
        assert ann.app.chat is not None
        client = ann.app.chat.client
        client.received(b"ERROR :The server is stopped for a moment.\r\n", client.now_ms)
        screen = await ann.until("Offline since", "The server is stopped for a moment.", "Retry now (Ctrl+R)")
        assert "@bob" in screen and "you are not in it" not in screen and "Reconnecting" in screen
        await ann.pilot.click("#try-now")
        await ann.until("@bob", lambda: client.is_here and "Offline since" not in ann.screen())


async def test_code_is_a_block_that_keeps_its_spaces(harness: ServerHarness) -> None:
    await harness.irc("bob", "batch message-tags draft/multiline")
    await harness.ask("bob", "JOIN #tea")
    async with open_terminal(harness, "ann", "#tea") as ann:
        await ann.type("so:\n```py\nif a:\n    b  =  1\n```\nsee `it`")
        screen = await ann.until("▎  so:", "▎  if a:", "▎      b  =  1", "▎  see it")
        assert "```" not in screen and "py" not in screen
        await ann.press("f6", "up", "c")
        await ann.until(lambda: "```py\nif a:\n    b  =  1\n```" in ann.app.clipboard)


@pytest.mark.parametrize(
    ("colours", "theme"),
    [
        ("0;15", "light"),
        ("0;7", "light"),
        ("0;default;15", "light"),
        ("15;0", "dark"),
        ("15;8", "dark"),
        ("0;default", "dark"),
        ("", "dark"),
        ("15", "light"),
        ("x;y;" + "z" * 9000, "dark"),
    ],
)
async def test_the_theme_is_as_colorfgbg_tells_where_the_terminal_does_not_answer(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch, colours: str, theme: str
) -> None:
    monkeypatch.setenv("COLORFGBG", colours)
    async with open_terminal(harness, "ann", theme="auto") as ann:
        assert ann.app.theme == f"hubbub-{theme}"
        ann.app.post_message(TerminalBackground((1.0, 1.0, 1.0) if theme == "dark" else (0.0, 0.0, 0.0)))
        other = "hubbub-light" if theme == "dark" else "hubbub-dark"
        await ann.until(lambda: ann.app.theme == other)


async def test_the_theme_is_as_the_terminals_background(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLORFGBG", raising=False)
    async with open_terminal(harness, "ann", "#tea", theme="auto") as ann:
        assert ann.app.theme == "hubbub-dark"
        ann.app.post_message(TerminalBackground((1.0, 1.0, 0.9)))
        await ann.until(lambda: ann.app.theme == "hubbub-light")
        await ann.type("/set theme dark")
        await ann.until(lambda: ann.app.theme == "hubbub-dark")


async def test_pending_and_failed(harness: ServerHarness) -> None:
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #tea")
    async with open_terminal(harness, "ann", "#tea") as ann:
        harness.people["bob"].type("MODE #tea +m")
        await ann.until("bob set +m")
        await ann.type("let me speak")
        await ann.until("✗ not sent:", "moderated", "/again")
        harness.people["bob"].type("MODE #tea -m")
        await ann.until("bob set -m")
        await ann.press("ctrl+r")
        await ann.until("▎  let me speak", lambda: "✗" not in ann.screen())


async def test_typing(harness: ServerHarness) -> None:
    await harness.irc("bob", "message-tags")
    await harness.ask("bob", "JOIN #tea")
    async with open_terminal(harness, "ann", "#tea") as ann:
        harness.people["bob"].type("@+typing=active TAGMSG #tea")
        await ann.until("bob is typing…")
        harness.people["bob"].type("PRIVMSG #tea :done")
        await ann.until("done", lambda: "is typing" not in ann.screen())


async def test_a_draft_survives_a_restart(harness: ServerHarness, tmp_path: Path) -> None:
    await harness.account("ann")
    async with open_terminal(
        harness, "ann", "#tea", password="correct horse", folder=tmp_path / "client"
    ) as ann:
        await ann.press(*"unfinished")
        await ann.until("› unfinished")
        await ann.press("ctrl+q")
        await ann.pilot.pause()
    async with open_terminal(
        harness, "ann", "#tea", password="correct horse", folder=tmp_path / "client"
    ) as ann:
        await ann.until("› unfinished")


async def test_a_draft_is_on_all_devices_until_it_is_sent(harness: ServerHarness) -> None:
    """Another device sees what is typed here, goes on with it, and sends it: then it is gone here."""
    await harness.account("ann")
    phone = harness.connect("phone")
    phone.type("CAP REQ :batch hubbub/drafts\nPASS :ann:correct horse\nNICK ann\nUSER x 0 * x\nCAP END")
    await harness.look()
    async with open_terminal(harness, "ann", "#tea", password="correct horse") as ann:
        heard: list[str] = []

        def version(text: str) -> str:
            heard.extend(phone.seen())
            last = [line for line in heard if " DRAFT #tea " in line][-1:]
            return last[0].split()[3] if last and last[0].endswith(f" :{text}") else ""

        await ann.press(*"tea?")
        await ann.until("› tea?", lambda: version("tea?"))
        phone.type(f"DRAFT #tea {version('tea?')} :tea at five?")
        await ann.until("› tea at five?")
        await ann.until(lambda: version("tea at five?"))
        phone.type(f"PRIVMSG #tea :tea at five?\nDRAFT #tea {version('tea at five?')}")
        await ann.until("▎  tea at five?", lambda: "› tea at five?" not in ann.screen())
        await ann.press(*"no")
        await ann.until(lambda: version("no"))
        await ann.press("enter")
        await ann.until("▎  no", lambda: version(""))


async def test_no_password_is_kept(harness: ServerHarness, tmp_path: Path) -> None:
    async with open_terminal(harness, "ann", "#tea", folder=tmp_path / "client") as ann:
        await ann.type("/register ann verysecret")
        await ann.until("registered")
        await ann.press("ctrl+up")
        await ann.pilot.pause()
        assert "verysecret" not in ann.screen()
        await ann.press("ctrl+q")
        await ann.pilot.pause()
    assert all("verysecret" not in file.read_text("utf-8") for file in (tmp_path / "client").iterdir())


async def test_nothing_that_arrives_can_break_the_screen(harness: ServerHarness) -> None:
    async with open_terminal(harness, "ann", "#tea") as ann:
        assert ann.app.chat is not None
        client = ann.app.chat.client
        hostile = (
            "\x1b[2J\x1b]0;title\x07",
            "\x9b31m",
            "a\u202eb",
            "日本語テキスト" * 20,
            "👩‍👩‍👧‍👦 family",
            "e\u0301" * 50,
            "שלום עולם",
        )
        for text in hostile:
            client.received(f":eve!e@x PRIVMSG #tea :{text}\r\n".encode(), harness.now_ms)
        client.received(b":eve!e@x PRIVMSG #tea :[bold]markup[/bold] [link=x]\r\n", harness.now_ms)
        client.received(b":eve!e@x TOPIC #tea :\x1b[2J[red]topic\r\n", harness.now_ms)
        screen = await ann.until("[bold]markup[/bold]", "[red]topic", "family")
        assert "\x1b" not in screen and "\x9b" not in screen and "\u202e" not in screen
        strips = ann.app.screen._compositor.render_strips()
        assert {strip.cell_length for strip in strips} == {110}, "every line is as wide as the screen"


@pytest.mark.parametrize("width", [40, 60, 80, 200])
async def test_narrow_and_wide(harness: ServerHarness, width: int) -> None:
    async with open_terminal(harness, "ann", "#tea", size=(width, 24)) as ann:
        await ann.type("hello there")
        screen = await ann.until("hello there")
        assert all(len(line) <= width for line in screen.split("\n"))
        assert ("Rooms" in screen) is (width >= 72)
        await ann.press("alt+s")
        await ann.until(lambda: ("Rooms" in ann.screen()) is (width < 72))


async def test_keys_and_palette(harness: ServerHarness) -> None:
    async with open_terminal(harness, "ann", "#tea") as ann:
        await ann.press("f1")
        await ann.until("go to a room or a person")
        await ann.press("pagedown")
        await ann.until("select a message")
        await ann.press("escape")
        await ann.press("ctrl+p")
        await ann.until("Search")
        await ann.press(*"mentions")
        await ann.until("Mentions  (Alt+M)")


async def test_settings(harness: ServerHarness, tmp_path: Path) -> None:
    async with open_terminal(harness, "ann", "#tea", folder=tmp_path / "client") as ann:
        await ann.type("/set clock 12")
        await ann.until("clock is 12.")
        await ann.type("/set clock 13")
        await ann.until("Write: /set clock 24 or 12")
        await ann.press(*["backspace"] * 20)
        await ann.type("/set theme light")
        await ann.until("theme is light.", lambda: ann.app.theme == "hubbub-light")
    assert '"clock": 12' in (tmp_path / "client" / "settings.json").read_text("utf-8")


async def test_requests_and_the_console(harness: ServerHarness) -> None:
    await harness.account("ann", role="admin")
    await harness.account("bob")
    async with open_terminal(harness, "ann", "#tea", password="correct horse") as ann:
        bob = harness.connect("bob", secure=True)
        bob.type("PASS :bob:correct horse\nNICK bob\nUSER bob 0 * :Bob\nJOIN #Marketing")
        await ann.until("bob asks to join #Marketing", "/accept bob")
        await ann.type("/accept bob")
        await harness.settle()
        await ann.until("bob", lambda: "JOIN #Marketing" in "\n".join(bob.seen()))
        await ann.type("/admin users")
        await ann.until("ann", "admin")


async def test_no_colour_at_all(harness: ServerHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #tea")
    async with open_terminal(harness, "ann", "#tea") as ann:
        await ann.type("mine")
        harness.people["bob"].type("PRIVMSG #tea :ann: yours")
        screen = await ann.until("▎  mine", "┃  ann: yours", "(you)")
        assert "▸ #tea" in screen
        assert ann.app.no_color


async def test_an_edit_that_cannot_be_keeps_its_text(harness: ServerHarness) -> None:
    async with open_terminal(harness, "ann", "#tea") as ann:
        await ann.type("first")
        await ann.until("▎  first")
        assert ann.app.chat is not None
        await ann.press("up")
        await ann.until("Editing.")
        ann.app.chat.client.server.enabled.discard("hubbub/edit")
        await ann.type(" and second")
        await ann.until("This server can't edit messages.", "› first and second")
