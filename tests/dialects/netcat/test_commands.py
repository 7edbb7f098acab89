"""The words about oneself and the server, help, and what is almost a word."""

import pytest

from hubbub.dialects.netcat.commands import SHORT_WORDS, WORDS
from hubbub.dialects.password_words import NOTE
from hubbub.engine.state import Role
from tests.server_harness import ServerHarness


async def test_list(ann_and_bob: ServerHarness) -> None:
    await ann_and_bob.irc("carl")
    for line in ("?list", "?LIST"):
        assert await ann_and_bob.ask("bob", line) == [
            "bob < Connected (3):",
            "bob <   ann",
            "bob <   bob",
            "bob <   carl",
        ]


async def test_nick(ann_and_bob: ServerHarness) -> None:
    told = "ann is now anna."
    assert await ann_and_bob.ask("ann", "/nick anna") == [f"ann < {told}", f"bob < {told}"]
    assert await ann_and_bob.ask("ann", "hi") == ["bob < anna: hi"]
    assert await ann_and_bob.ask("ann", "/nick BOB") == [
        "ann < Username already taken. Please choose another one."
    ]
    assert await ann_and_bob.ask("ann", "/nick a b") == [
        "ann < This name can't be used. Names are 3 to 20 letters, digits or underscores."
    ]


async def test_away_and_back(ann_and_bob: ServerHarness) -> None:
    away = ["ann < You are now away. When you return, write /back."]
    assert await ann_and_bob.ask("ann", "/away lunch") == away
    assert "bob <   ann (away: lunch)" in await ann_and_bob.ask("bob", "/users")
    assert await ann_and_bob.ask("ann", "/away") == away
    assert "bob <   ann (away: away)" in await ann_and_bob.ask("bob", "/users")
    assert await ann_and_bob.ask("ann", "/back") == ["ann < You are no longer away."]
    assert "bob <   ann" in await ann_and_bob.ask("bob", "/users")


async def test_whoami(ann_and_bob: ServerHarness) -> None:
    assert await ann_and_bob.ask("ann", "/whoami") == ["ann < You are ann (a guest), in the room Général."]
    await ann_and_bob.account("root1", role="admin")
    await ann_and_bob.netcat("root1", "login root1 correct horse")
    await ann_and_bob.ask("root1", "/leave")
    assert await ann_and_bob.ask("root1", "/whoami") == [
        "root1 < You are root1 (account root1, admin), in no room."
    ]


async def test_password(ann_and_bob: ServerHarness) -> None:
    changes = '/password "correct horse" "battery staple"'
    assert await ann_and_bob.ask("ann", changes) == [
        "ann < This requires an account. Register one, or log in to yours."
    ]
    await ann_and_bob.ask("ann", "register ann correct horse")
    for unclear in ("/password", "/password abc", "/password one two three"):
        assert await ann_and_bob.ask("ann", unclear) == [
            "ann < Write /password OLD NEW [keep], over an encrypted connection.",
            f"ann < {NOTE}",
        ]
    assert await ann_and_bob.ask("ann", '/password "correct horse" abc') == [
        "ann < A password needs at least 6 characters and may have at most 300 bytes."
    ]
    assert await ann_and_bob.ask("ann", changes) == [
        "ann < Your password was changed. No other sessions were signed in."
    ]
    await ann_and_bob.ask("ann", "/exit")
    await ann_and_bob.netcat("ann", "login ann correct horse")
    assert ann_and_bob.node.state.user_named("ann") is None
    await ann_and_bob.netcat("ann", "login ann battery staple")
    assert ann_and_bob.node.state.user_named("ann")


async def test_admin(ann_and_bob: ServerHarness) -> None:
    await ann_and_bob.account("root1", role="admin")
    await ann_and_bob.netcat("root1", "login root1 correct horse")
    told = "root1 < Write /admin COMMAND. For a list of commands, write /admin help."
    assert await ann_and_bob.ask("root1", "/admin") == [told]
    assert any("kick" in line for line in await ann_and_bob.ask("root1", "/admin help"))
    lines = await ann_and_bob.ask("root1", "/admin kill bob enough")
    assert "bob < Killed by root1: enough" in lines
    assert "ann < bob has left the chat." in lines
    assert await ann_and_bob.ask("ann", "/admin kill root1 revenge") == [
        "ann < Only a moderator can do this."
    ]


async def test_help_lists_every_word_that_one_may_use(ann_and_bob: ServerHarness) -> None:
    lines = await ann_and_bob.ask("ann", "/help")
    assert lines[0] == "ann < Everything you type is sent to the room, except these commands:"
    for word in (*WORDS.values(), *SHORT_WORDS.values()):
        shown = [line for line in lines if line.startswith(f"ann <   {word.usage}  ")]
        assert len(shown) == (word.role is Role.MEMBER), word.usage
    await ann_and_bob.account("mod", role="moderator")
    await ann_and_bob.netcat("mod", "login mod correct horse")
    assert [
        line for line in await ann_and_bob.ask("mod", "/help") if line.startswith("mod <   /admin COMMAND ")
    ]


@pytest.mark.parametrize("word", [*(f"/{word}" for word in WORDS), *SHORT_WORDS])
async def test_help_about_one_word(ann_and_bob: ServerHarness, word: str) -> None:
    found = WORDS.get(word.removeprefix("/")) or SHORT_WORDS[word]
    told = [f"ann < {found.usage}", f"ann <   {found.help}"]
    assert await ann_and_bob.ask("ann", f"/help {word}") == told
    assert await ann_and_bob.ask("ann", f"/HELP {word.upper()}") == told


async def test_help_about_no_word_is_the_whole_list(ann_and_bob: ServerHarness) -> None:
    assert await ann_and_bob.ask("ann", "/help nonsense") == await ann_and_bob.ask("ann", "/help")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/join", "Write /join ROOM."),
        ("/nick", "Write /nick NAME."),
        ("/invite", "Join the room first, then write /invite NAME."),
        ("/kick", "Join the room first, then write /kick NAME REASON."),
        ("/op", "Join the room first, then write /op NAME."),
        ("/deop", "Join the room first, then write /deop NAME."),
        ("/accept", "Write /accept NAME ROOM."),
        ("/deny", "Write /deny NAME ROOM."),
        ("/login", "Write login NAME PASSWORD."),
        ("/register ann", "Write register NAME PASSWORD."),
        (
            "/jion tea",
            (
                "There is no command /jion. Did you mean /join? To send a message that begins with a slash, "
                "write two slashes."
            ),
        ),
        (
            "/xyzzy",
            "There is no command /xyzzy. See /help. To send a message that begins with a slash, write two slashes.",
        ),
        (
            "/",
            "There is no command /. See /help. To send a message that begins with a slash, write two slashes.",
        ),
    ],
)
async def test_a_word_without_what_it_needs_says_how_to_write_it(
    ann_and_bob: ServerHarness, line: str, told: str
) -> None:
    assert await ann_and_bob.ask("ann", line) == [f"ann < {told}"]


async def test_any_space_separates_words(ann_and_bob: ServerHarness) -> None:
    for line in ("@bob\thi", "/msg\tbob\thi", "@bob\u00a0hi", "/MSG  bob  hi"):
        assert "bob < ann (private): hi" in await ann_and_bob.ask("ann", line)


@pytest.mark.parametrize("line", ["exit the building", "?list them", "help", "!exit?", "a @bob", "quit"])
async def test_what_only_begins_like_a_word_is_a_message(ann_and_bob: ServerHarness, line: str) -> None:
    assert await ann_and_bob.ask("ann", line) == [f"bob < ann: {line}"]
