"""Netcat: every word of /help does what it says."""

import pytest

from hubbub.dialects.netcat.commands import SHORT_WORDS, WORDS
from hubbub.transports.base import WireProtocol
from tests.server_harness import ServerHarness


async def in_a_room(harness: ServerHarness, *names: str) -> None:
    """These have accounts and stand in the room tea; the first of them operates it."""
    for name in names:
        await harness.netcat(name, f"register {name} correct horse")
        await harness.ask(name, "/make tea")


async def test_help_knows_every_word(harness: ServerHarness) -> None:
    await harness.netcat("ann")
    told = "\n".join(await harness.ask("ann", "/help"))
    for word in {*SHORT_WORDS.values(), *WORDS.values()}:
        assert (word.usage in told) == (word.usage != "/admin COMMAND")
    assert await harness.ask("ann", "/help join") == [
        "ann < /join ROOM [KEY]",
        "ann <   Join a room, or ask to join it where that requires approval.",
    ]


@pytest.mark.parametrize("word", sorted(set(WORDS) - {"exit", "quit"}))
async def test_a_word_alone_is_always_answered_and_hurts_nobody(harness: ServerHarness, word: str) -> None:
    await in_a_room(harness, "ann")
    assert await harness.ask("ann", f"/{word}")
    assert not harness.people["ann"].connection.closed


async def test_rooms_are_joined_left_and_listed(harness: ServerHarness) -> None:
    await in_a_room(harness, "ann")
    assert await harness.ask("ann", "/leave") == [
        "ann < ann has left tea.",
        "ann < You left tea. You are now in the room Général.",
    ]
    assert await harness.ask("ann", "/leave tea") == ["ann < You are not in the room tea. Join it first."]
    assert await harness.ask("ann", "/leave nowhere") == [
        "ann < There is no room nowhere. To list the rooms, write /rooms."
    ]
    assert "ann < You are in the room tea." in await harness.ask("ann", "/join #tea")
    assert await harness.ask("ann", "/join a,b") == [
        (
            "ann < This room name can't be used. A room name has 1 to 63 bytes, without spaces, commas, "
            "invisible characters or any of * ? ! @ :"
        )
    ]


async def test_who_is_in_a_room(harness: ServerHarness) -> None:
    await in_a_room(harness, "ann", "bob")
    await harness.ask("bob", "/away at lunch")
    assert await harness.ask("ann", "/users") == [
        "ann < In tea:",
        "ann <   ann (founder)",
        "ann <   bob (away: at lunch)",
    ]
    await harness.ask("bob", "/nick robert")
    assert (await harness.ask("ann", "/users tea"))[-1] == "ann <   robert (away: at lunch)"
    await harness.ask("bob", "/exit")
    assert (await harness.ask("ann", "/users tea"))[-1] == "ann <   bob (offline)"


async def test_the_topic(harness: ServerHarness) -> None:
    await in_a_room(harness, "ann", "bob")
    assert await harness.ask("ann", "/topic") == ["ann < tea has no topic. To set one, write: /topic TEXT"]
    told = "ann set the topic of tea: Oolong"
    assert await harness.ask("ann", "/topic Oolong") == [f"ann < {told}", f"bob < {told}"]
    assert await harness.ask("bob", "/topic") == ["bob < The topic of tea: Oolong"]
    assert await harness.ask("bob", "/topic Coffee") == [
        "bob < Only an operator of the room tea can do this."
    ]


async def test_operators(harness: ServerHarness) -> None:
    await in_a_room(harness, "ann", "bob", "eve")
    assert await harness.ask("bob", "/kick eve") == ["bob < Only an operator of the room tea can do this."]
    told = "bob is now an operator in tea."
    assert await harness.ask("ann", "/op bob") == [f"{name} < {told}" for name in ("ann", "bob", "eve")]
    kicked = "bob kicked eve from tea: too loud"
    assert await harness.ask("bob", "/kick eve too loud") == [
        f"{name} < {kicked}" for name in ("ann", "bob", "eve")
    ]
    assert await harness.ask("eve", "hello?") == [
        "eve < You are not in a room. Join one with /join ROOM. To list the rooms, write /rooms."
    ]
    assert "ann < bob is no longer an operator in tea." in await harness.ask("ann", "/deop bob")


async def test_invitations(harness: ServerHarness) -> None:
    await in_a_room(harness, "ann")
    await harness.netcat("bob", "register bob correct horse")
    assert "bob < ann invites bob to the room tea. To join, write: /join tea" in await harness.ask(
        "ann", "/invite bob"
    )


async def test_names_and_presence(harness: ServerHarness) -> None:
    await harness.netcat("ann")
    await harness.netcat("bob")
    assert await harness.ask("ann", "/whoami") == ["ann < You are ann (a guest), in the room Général."]
    assert await harness.ask("ann", "/nick anna") == ["ann < ann is now anna.", "bob < ann is now anna."]
    assert await harness.ask("ann", "/me waves") == ["bob < * anna waves"]
    assert await harness.ask("ann", "/away") == ["ann < You are now away. When you return, write /back."]
    assert await harness.ask("ann", "/back") == ["ann < You are no longer away."]
    assert await harness.ask("ann", "//etc/hosts") == ["bob < anna: /etc/hosts"]
    assert await harness.ask("ann", "/jion tea") == [
        (
            "ann < There is no command /jion. Did you mean /join? To send a message that begins with a slash, "
            "write two slashes."
        )
    ]
    assert await harness.ask("ann", "/msg bob psst") == [
        "ann < Private message sent to bob",
        "bob < anna (private): psst",
    ]


async def test_a_password_is_changed(harness: ServerHarness) -> None:
    await in_a_room(harness, "ann")
    assert await harness.ask("ann", '/password "wrong horse" "battery staple"') == [
        (
            "ann < That is not your current password. Nothing has changed. Try again, or ask an administrator "
            "for a new one."
        )
    ]
    assert await harness.ask("ann", '/password "correct horse" "battery staple" keep') == [
        "ann < Your password was changed. Your other sessions stay signed in."
    ]
    await harness.ask("ann", "/exit")
    harness.connect("ann", WireProtocol.NETCAT)
    await harness.look()
    assert await harness.ask("ann", "login ann correct horse") == [
        "ann < The name or the password is wrong. Try again."
    ]
    assert "ann < Logged in as ann." in await harness.ask("ann", "login ann battery staple")


async def test_history_is_read_back(harness: ServerHarness) -> None:
    await harness.netcat("ann")
    for number in range(5):
        await harness.ask("ann", f"line {number}")
    assert await harness.ask("ann", "/history 2") == [
        "ann < --- earlier ---",
        "ann < [2026-11-18 11:06] ann: line 3",
        "ann < [2026-11-18 11:06] ann: line 4",
        "ann < --- now ---",
    ]
    for wrong in ("0", "-1", "x", "99999999999999999999", "²"):
        assert await harness.ask("ann", f"/history {wrong}") == [
            "ann < Write /history or /history N, with N from 1 to 1000."
        ]


async def test_what_was_said_to_operators_alone_stays_with_them(harness: ServerHarness) -> None:
    await in_a_room(harness, "ann", "bob")
    await harness.irc("irc")
    await harness.ask("irc", "JOIN #tea")
    assert await harness.ask("irc", "PRIVMSG @#tea :bob is trouble") == ["ann < irc: bob is trouble"]
    assert "bob is trouble" in "\n".join(await harness.ask("ann", "/history"))
    assert "bob is trouble" not in "\n".join(await harness.ask("bob", "/history"))


async def test_telnets_negotiations_are_no_words(harness: ServerHarness) -> None:
    await harness.netcat("bob")
    ann = await harness.netcat("ann")
    await harness.look()
    assert ann.receiver is not None
    ann.receiver.received(b"\xff\xfb\x1f\xff\xfa\x1f\x00P\x00\x18\xff\xf0hello\r\n")
    assert await harness.look() == ["bob < ann: hello"]
