"""Requirements B, C and E: nicknames, private messages, announcements, good manners."""

from pathlib import Path

import pytest

from hubbub.dialects.irc.session import IrcSession
from hubbub.transports.base import WireProtocol
from tests.server_harness import House


async def test_b1_a_nickname_is_unique(house: House) -> None:
    await house.netcat("ann")
    house.connect("eve", WireProtocol.NETCAT)
    await house.look()
    refused = ["eve < Username already taken. Please choose another one.", "eve < Choose your nickname:"]
    assert await house.ask("eve", "ann") == refused
    assert await house.ask("eve", "ANN") == refused
    assert "eve < Welcome to Hubbub, eve. Type /help for help, /exit to leave." in await house.ask(
        "eve", "eve"
    )


async def test_b1_an_accounts_name_belongs_to_it_also_while_nobody_is_signed_in(house: House) -> None:
    await house.account("ann")
    house.connect("eve", WireProtocol.NETCAT)
    await house.look()
    assert await house.ask("eve", "ann") == [
        "eve < Username already taken. Please choose another one.",
        "eve < This name belongs to an account. If it is yours, write: login NAME PASSWORD",
        "eve < Choose your nickname:",
    ]


async def test_b2_list_tells_who_is_connected(house: House) -> None:
    await house.netcat("bob")
    await house.irc("ann")
    assert await house.ask("bob", "?list") == ["bob < Connected (2):", "bob <   ann", "bob <   bob"]


async def test_b3_a_private_message(house: House) -> None:
    await house.netcat("ann")
    await house.netcat("bob")
    await house.netcat("eve")
    assert await house.ask("ann", "@bob psst") == [
        "ann < Private message sent to bob",
        "bob < ann (private): psst",
    ]
    assert await house.ask("ann", "@nobody psst") == ["ann < User nobody not found"]
    assert await house.ask("ann", "@bob") == ["ann < Write @NAME TEXT."]
    assert await house.ask("ann", "@") == ["ann < Write @NAME TEXT."]


async def test_b4_everything_else_is_a_message_to_all(house: House) -> None:
    await house.netcat("ann")
    await house.netcat("bob")
    for text in ("hello", "exit the building", "?list them", "a @bob"):
        assert await house.ask("ann", text) == [f"bob < ann: {text}"]


async def test_c2_joining_and_leaving_are_announced(house: House) -> None:
    await house.netcat("ann")
    bob = house.connect("bob", WireProtocol.NETCAT)
    assert await house.look() == ["bob < Choose your nickname:"]
    assert "ann < bob has joined the chat." in await house.ask("bob", "bob")
    bob.hang_up()
    assert "ann < bob has left the chat." in await house.look()


async def test_c3_a_client_that_dies_is_noticed_announced_and_cleaned_up(tmp_path: Path) -> None:
    async with House(tmp_path, {"limits.ping_seconds": 60, "limits.ping_timeout_seconds": 30}) as house:
        await house.netcat("ann")
        await house.irc("bob")
        await house.ask("bob", "JOIN #Général")
        house.wait(61)
        assert await house.look() == ["bob < PING hubbub"]
        house.wait(31)
        lines = await house.look()
        assert "ann < bob has left the chat." in lines
        assert "bob < ERROR :Closing link: (127.0.0.1) [Ping timeout: 92 seconds]" in lines
        assert house.people["bob"].connection.closed
        assert house.node.state.user_named("bob") is None
        assert len(house.node.live) == 1


async def test_c3_who_answers_stays(tmp_path: Path) -> None:
    async with House(tmp_path, {"limits.ping_seconds": 60, "limits.ping_timeout_seconds": 30}) as house:
        await house.irc("bob")
        house.wait(61)
        assert await house.ask("bob", "PONG hubbub") == []
        house.wait(31)
        assert await house.look() == []
        assert house.node.state.user_named("bob")


async def test_e1_names_follow_the_rule_and_the_rule_is_told_in_words(house: House) -> None:
    house.connect("eve", WireProtocol.NETCAT)
    await house.look()
    for name in ("ab", "a" * 21, "with space", "ann!", "ännchen", "../etc", "NickServ2\x1b"):
        lines = await house.ask("eve", name)
        assert lines[0].startswith(
            "eve < This name can't be used. Names are 3 to 20 letters, digits or underscores"
        )
    await house.irc("ann")
    told = "This name can't be used. Names are 3 to 20 letters, digits or underscores."
    assert await house.ask("ann", "NICK a|b") == [f"ann < :hubbub 432 ann a|b :{told}"]


async def test_e1_the_pattern_is_a_setting(tmp_path: Path) -> None:
    rule = {"accounts.name_pattern": "^[a-z]{2}$", "accounts.name_rule": "two small letters"}
    async with House(tmp_path, rule) as house:
        house.connect("eve", WireProtocol.NETCAT)
        await house.look()
        assert (await house.ask("eve", "eve"))[
            0
        ] == "eve < This name can't be used. Names are two small letters."
        assert "Welcome" in (await house.ask("eve", "ev"))[0]


async def test_e2_exit_leaves_and_the_others_are_told(house: House) -> None:
    for word in ("/exit", "!exit", "exit", "/quit", "EXIT"):
        await house.netcat("ann")
        await house.netcat("bob")
        assert await house.ask("ann", word) == ["ann < Goodbye.", "bob < ann has left the chat."]
        await house.ask("bob", "/exit")


async def test_e3_disconnections_at_any_moment_hurt_nobody(house: House) -> None:
    await house.netcat("ann")
    half = house.connect("half", WireProtocol.IRC)
    half.type("NICK half")
    half.hang_up("Connection reset by peer")
    silent = house.connect("silent", WireProtocol.NETCAT)
    silent.hang_up()
    hasty = house.connect("hasty", WireProtocol.NETCAT)
    hasty.type("register hasty correct horse")
    hasty.hang_up("Connection reset by peer")
    await house.look()
    await house.netcat("bob")
    assert await house.ask("ann", "still here") == ["bob < ann: still here"]
    assert len(house.node.live) == 2 == len(house.node.state.sessions)


async def test_what_was_sent_before_hanging_up_still_counts(house: House) -> None:
    await house.account("bob")
    await house.netcat("ann")
    script = house.connect("script", WireProtocol.NETCAT)
    script.type("login bob correct horse\nhello from a script")
    script.hang_up()
    lines = await house.look()
    assert "ann < bob: hello from a script" in lines
    assert "ann < bob has left the chat." in lines


async def test_a_bug_ends_one_session_and_no_other(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.netcat("ann")
    await house.irc("bob")
    await house.ask("bob", "JOIN #Général")
    monkeypatch.setattr(IrcSession, "received", lambda talk, line: 1 / 0)
    lines = await house.ask("bob", "PRIVMSG #Général :boom")
    assert "bob < ERROR :Closing link: (127.0.0.1) [Something went wrong on the server]" in lines
    assert "ann < bob has left the chat." in lines
    await house.netcat("eve")
    assert await house.ask("ann", "fine") == ["eve < ann: fine"]


async def test_what_others_say_does_not_come_before_an_answer_that_was_asked_for_earlier(
    house: House,
) -> None:
    await house.netcat("ann")
    await house.netcat("bob")
    await house.ask("bob", "old news")
    house.people["ann"].type("/history 1")
    house.people["bob"].type("@ann psst\nnews")
    lines = [line for line in await house.look() if line.startswith("ann")]
    assert lines[1].endswith("bob: old news")
    assert lines[-2:] == ["ann < bob (private): psst", "ann < bob: news"]


async def test_a_mistyped_room_is_doubted_before_it_is_made(house: House) -> None:
    await house.netcat("bob")
    await house.ask("bob", "/make coffee")
    await house.netcat("ann")
    doubt = (
        "There is no room cofee. Did you mean coffee? To create it, write /make cofee or repeat the command."
    )
    assert await house.ask("ann", "/join cofee") == [f"ann < {doubt}"]
    assert await house.ask("ann", "/join coffee") != [] and house.node.state.room_named("cofee") is None
    assert await house.ask("ann", "/join cofee") == [f"ann < {doubt}"], "something else was written between"
    assert "ann < You are in the room cofee." in await house.ask("ann", "/join cofee")
