"""Requirements B, C and E: nicknames, private messages, announcements, good manners."""

from pathlib import Path

import pytest

from hubbub.dialects.irc.session import IrcSession
from hubbub.transports.base import WireProtocol
from tests.server_harness import ServerHarness


async def test_b1_a_nickname_is_unique(harness: ServerHarness) -> None:
    await harness.netcat("ann")
    harness.connect("eve", WireProtocol.NETCAT)
    await harness.look()
    refused = ["eve < Username already taken. Please choose another one.", "eve < Choose your nickname:"]
    assert await harness.ask("eve", "ann") == refused
    assert await harness.ask("eve", "ANN") == refused
    assert "eve < Welcome to Hubbub, eve. Type /help for help, /exit to leave." in await harness.ask(
        "eve", "eve"
    )


async def test_b1_an_accounts_name_belongs_to_it_also_while_nobody_is_signed_in(
    harness: ServerHarness,
) -> None:
    await harness.account("ann")
    harness.connect("eve", WireProtocol.NETCAT)
    await harness.look()
    assert await harness.ask("eve", "ann") == [
        "eve < Username already taken. Please choose another one.",
        "eve < This name belongs to an account. If it is yours, write: login NAME PASSWORD",
        "eve < Choose your nickname:",
    ]


async def test_b2_list_tells_who_is_connected(harness: ServerHarness) -> None:
    await harness.netcat("bob")
    await harness.irc("ann")
    assert await harness.ask("bob", "?list") == ["bob < Connected (2):", "bob <   ann", "bob <   bob"]


async def test_b3_a_private_message(harness: ServerHarness) -> None:
    await harness.netcat("ann")
    await harness.netcat("bob")
    await harness.netcat("eve")
    assert await harness.ask("ann", "@bob psst") == [
        "ann < Private message sent to bob",
        "bob < ann (private): psst",
    ]
    assert await harness.ask("ann", "@nobody psst") == ["ann < User nobody not found"]
    assert await harness.ask("ann", "@bob") == ["ann < Write @NAME TEXT."]
    assert await harness.ask("ann", "@") == ["ann < Write @NAME TEXT."]


async def test_b4_everything_else_is_a_message_to_all(harness: ServerHarness) -> None:
    await harness.netcat("ann")
    await harness.netcat("bob")
    for text in ("hello", "exit the building", "?list them", "a @bob"):
        assert await harness.ask("ann", text) == [f"bob < ann: {text}"]


async def test_c2_joining_and_leaving_are_announced(harness: ServerHarness) -> None:
    await harness.netcat("ann")
    bob = harness.connect("bob", WireProtocol.NETCAT)
    assert await harness.look() == ["bob < Choose your nickname:"]
    assert "ann < bob has joined the chat." in await harness.ask("bob", "bob")
    bob.hang_up()
    assert "ann < bob has left the chat." in await harness.look()


async def test_c3_a_client_that_dies_is_noticed_announced_and_cleaned_up(tmp_path: Path) -> None:
    async with ServerHarness(
        tmp_path, {"limits.ping_seconds": 60, "limits.ping_timeout_seconds": 30}
    ) as harness:
        await harness.netcat("ann")
        await harness.irc("bob")
        await harness.ask("bob", "JOIN #Général")
        harness.wait(61)
        assert await harness.look() == ["bob < PING hubbub"]
        harness.wait(31)
        lines = await harness.look()
        assert "ann < bob has left the chat." in lines
        assert "bob < ERROR :Closing link: (127.0.0.1) [Ping timeout: 92 seconds]" in lines
        assert harness.people["bob"].connection.closed
        assert harness.node.state.user_named("bob") is None
        assert len(harness.node.live) == 1


async def test_c3_who_answers_stays(tmp_path: Path) -> None:
    async with ServerHarness(
        tmp_path, {"limits.ping_seconds": 60, "limits.ping_timeout_seconds": 30}
    ) as harness:
        await harness.irc("bob")
        harness.wait(61)
        assert await harness.ask("bob", "PONG hubbub") == []
        harness.wait(31)
        assert await harness.look() == []
        assert harness.node.state.user_named("bob")


async def test_e1_names_follow_the_rule_and_the_rule_is_told_in_words(harness: ServerHarness) -> None:
    harness.connect("eve", WireProtocol.NETCAT)
    await harness.look()
    for name in ("ab", "a" * 21, "with space", "ann!", "ännchen", "../etc", "NickServ2\x1b"):
        lines = await harness.ask("eve", name)
        assert lines[0].startswith(
            "eve < This name can't be used. Names are 3 to 20 letters, digits or underscores"
        )
    await harness.irc("ann")
    told = "This name can't be used. Names are 3 to 20 letters, digits or underscores."
    assert await harness.ask("ann", "NICK a|b") == [f"ann < :hubbub 432 ann a|b :{told}"]


async def test_e1_the_pattern_is_a_setting(tmp_path: Path) -> None:
    rule = {"accounts.name_pattern": "^[a-z]{2}$", "accounts.name_rule": "two small letters"}
    async with ServerHarness(tmp_path, rule) as harness:
        harness.connect("eve", WireProtocol.NETCAT)
        await harness.look()
        assert (await harness.ask("eve", "eve"))[
            0
        ] == "eve < This name can't be used. Names are two small letters."
        assert "Welcome" in (await harness.ask("eve", "ev"))[0]


async def test_e2_exit_leaves_and_the_others_are_told(harness: ServerHarness) -> None:
    for word in ("/exit", "!exit", "exit", "/quit", "EXIT"):
        await harness.netcat("ann")
        await harness.netcat("bob")
        assert await harness.ask("ann", word) == ["ann < Goodbye.", "bob < ann has left the chat."]
        await harness.ask("bob", "/exit")


async def test_e3_disconnections_at_any_moment_hurt_nobody(harness: ServerHarness) -> None:
    await harness.netcat("ann")
    half = harness.connect("half", WireProtocol.IRC)
    half.type("NICK half")
    half.hang_up("Connection reset by peer")
    silent = harness.connect("silent", WireProtocol.NETCAT)
    silent.hang_up()
    hasty = harness.connect("hasty", WireProtocol.NETCAT)
    hasty.type("register hasty correct horse")
    hasty.hang_up("Connection reset by peer")
    await harness.look()
    await harness.netcat("bob")
    assert await harness.ask("ann", "still here") == ["bob < ann: still here"]
    assert len(harness.node.live) == 2 == len(harness.node.state.sessions)


async def test_what_was_sent_before_hanging_up_still_counts(harness: ServerHarness) -> None:
    await harness.account("bob")
    await harness.netcat("ann")
    script = harness.connect("script", WireProtocol.NETCAT)
    script.type("login bob correct horse\nhello from a script")
    script.hang_up()
    lines = await harness.look()
    assert "ann < bob: hello from a script" in lines
    assert "ann < bob has left the chat." in lines


async def test_a_bug_ends_one_session_and_no_other(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await harness.netcat("ann")
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #Général")
    monkeypatch.setattr(IrcSession, "received", lambda talk, line: 1 / 0)
    lines = await harness.ask("bob", "PRIVMSG #Général :boom")
    assert "bob < ERROR :Closing link: (127.0.0.1) [Something went wrong on the server]" in lines
    assert "ann < bob has left the chat." in lines
    await harness.netcat("eve")
    assert await harness.ask("ann", "fine") == ["eve < ann: fine"]


async def test_what_others_say_does_not_come_before_an_answer_that_was_asked_for_earlier(
    harness: ServerHarness,
) -> None:
    await harness.netcat("ann")
    await harness.netcat("bob")
    await harness.ask("bob", "old news")
    harness.people["ann"].type("/history 1")
    harness.people["bob"].type("@ann psst\nnews")
    lines = [line for line in await harness.look() if line.startswith("ann")]
    assert lines[1].endswith("bob: old news")
    assert lines[-2:] == ["ann < bob (private): psst", "ann < bob: news"]


async def test_a_mistyped_room_is_doubted_before_it_is_made(harness: ServerHarness) -> None:
    await harness.netcat("bob")
    await harness.ask("bob", "/make coffee")
    await harness.netcat("ann")
    doubt = (
        "There is no room cofee. Did you mean coffee? To create it, write /make cofee or repeat the command."
    )
    assert await harness.ask("ann", "/join cofee") == [f"ann < {doubt}"]
    assert await harness.ask("ann", "/join coffee") != [] and harness.node.state.room_named("cofee") is None
    assert await harness.ask("ann", "/join cofee") == [f"ann < {doubt}"], "something else was written between"
    assert "ann < You are in the room cofee." in await harness.ask("ann", "/join cofee")
