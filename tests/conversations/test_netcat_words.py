"""Netcat: every word of /help does what it says."""

import pytest

from hubbub.dialects.netcat.commands import SHORT_WORDS, WORDS
from hubbub.transports.base import WireProtocol
from tests.server_harness import House


async def in_a_room(house: House, *names: str) -> None:
    """These have accounts and stand in the room tea; the first of them operates it."""
    for name in names:
        await house.netcat(name, f"register {name} correct horse")
        await house.ask(name, "/make tea")


async def test_help_knows_every_word(house: House) -> None:
    await house.netcat("ann")
    told = "\n".join(await house.ask("ann", "/help"))
    for word in {*SHORT_WORDS.values(), *WORDS.values()}:
        assert (word.usage in told) == (word.usage != "/admin COMMAND")
    assert await house.ask("ann", "/help join") == [
        "ann < /join ROOM [KEY]",
        "ann <   Join a room, or ask to join it where that requires approval.",
    ]


@pytest.mark.parametrize("word", sorted(set(WORDS) - {"exit", "quit"}))
async def test_a_word_alone_is_always_answered_and_hurts_nobody(house: House, word: str) -> None:
    await in_a_room(house, "ann")
    assert await house.ask("ann", f"/{word}")
    assert not house.people["ann"].connection.closed


async def test_rooms_are_joined_left_and_listed(house: House) -> None:
    await in_a_room(house, "ann")
    assert await house.ask("ann", "/leave") == [
        "ann < ann has left tea.",
        "ann < You left tea. You are now in the room Général.",
    ]
    assert await house.ask("ann", "/leave tea") == ["ann < You are not in the room tea. Join it first."]
    assert await house.ask("ann", "/leave nowhere") == [
        "ann < There is no room nowhere. To list the rooms, write /rooms."
    ]
    assert "ann < You are in the room tea." in await house.ask("ann", "/join #tea")
    assert await house.ask("ann", "/join a,b") == [
        (
            "ann < This room name can't be used. A room name has 1 to 63 bytes, without spaces, commas, "
            "invisible characters or any of * ? ! @ :"
        )
    ]


async def test_who_is_in_a_room(house: House) -> None:
    await in_a_room(house, "ann", "bob")
    await house.ask("bob", "/away at lunch")
    assert await house.ask("ann", "/users") == [
        "ann < In tea:",
        "ann <   ann (founder)",
        "ann <   bob (away: at lunch)",
    ]
    await house.ask("bob", "/nick robert")
    assert (await house.ask("ann", "/users tea"))[-1] == "ann <   robert (away: at lunch)"
    await house.ask("bob", "/exit")
    assert (await house.ask("ann", "/users tea"))[-1] == "ann <   bob (offline)"


async def test_the_topic(house: House) -> None:
    await in_a_room(house, "ann", "bob")
    assert await house.ask("ann", "/topic") == ["ann < tea has no topic. To set one, write: /topic TEXT"]
    told = "ann set the topic of tea: Oolong"
    assert await house.ask("ann", "/topic Oolong") == [f"ann < {told}", f"bob < {told}"]
    assert await house.ask("bob", "/topic") == ["bob < The topic of tea: Oolong"]
    assert await house.ask("bob", "/topic Coffee") == ["bob < Only an operator of the room tea can do this."]


async def test_operators(house: House) -> None:
    await in_a_room(house, "ann", "bob", "eve")
    assert await house.ask("bob", "/kick eve") == ["bob < Only an operator of the room tea can do this."]
    told = "bob is now an operator in tea."
    assert await house.ask("ann", "/op bob") == [f"{name} < {told}" for name in ("ann", "bob", "eve")]
    kicked = "bob kicked eve from tea: too loud"
    assert await house.ask("bob", "/kick eve too loud") == [
        f"{name} < {kicked}" for name in ("ann", "bob", "eve")
    ]
    assert await house.ask("eve", "hello?") == [
        "eve < You are not in a room. Join one with /join ROOM. To list the rooms, write /rooms."
    ]
    assert "ann < bob is no longer an operator in tea." in await house.ask("ann", "/deop bob")


async def test_invitations(house: House) -> None:
    await in_a_room(house, "ann")
    await house.netcat("bob", "register bob correct horse")
    assert "bob < ann invites bob to the room tea. To join, write: /join tea" in await house.ask(
        "ann", "/invite bob"
    )


async def test_names_and_presence(house: House) -> None:
    await house.netcat("ann")
    await house.netcat("bob")
    assert await house.ask("ann", "/whoami") == ["ann < You are ann (a guest), in the room Général."]
    assert await house.ask("ann", "/nick anna") == ["ann < ann is now anna.", "bob < ann is now anna."]
    assert await house.ask("ann", "/me waves") == ["bob < * anna waves"]
    assert await house.ask("ann", "/away") == ["ann < You are now away. When you return, write /back."]
    assert await house.ask("ann", "/back") == ["ann < You are no longer away."]
    assert await house.ask("ann", "//etc/hosts") == ["bob < anna: /etc/hosts"]
    assert await house.ask("ann", "/jion tea") == [
        (
            "ann < There is no command /jion. Did you mean /join? To send a message that begins with a slash, "
            "write two slashes."
        )
    ]
    assert await house.ask("ann", "/msg bob psst") == [
        "ann < Private message sent to bob",
        "bob < anna (private): psst",
    ]


async def test_a_password_is_changed(house: House) -> None:
    await in_a_room(house, "ann")
    assert await house.ask("ann", '/password "wrong horse" "battery staple"') == [
        (
            "ann < That is not your current password. Nothing has changed. Try again, or ask an administrator "
            "for a new one."
        )
    ]
    assert await house.ask("ann", '/password "correct horse" "battery staple" keep') == [
        "ann < Your password was changed. Your other sessions stay signed in."
    ]
    await house.ask("ann", "/exit")
    house.connect("ann", WireProtocol.NETCAT)
    await house.look()
    assert await house.ask("ann", "login ann correct horse") == [
        "ann < The name or the password is wrong. Try again."
    ]
    assert "ann < Logged in as ann." in await house.ask("ann", "login ann battery staple")


async def test_history_is_read_back(house: House) -> None:
    await house.netcat("ann")
    for number in range(5):
        await house.ask("ann", f"line {number}")
    assert await house.ask("ann", "/history 2") == [
        "ann < --- earlier ---",
        "ann < [2026-11-18 11:06] ann: line 3",
        "ann < [2026-11-18 11:06] ann: line 4",
        "ann < --- now ---",
    ]
    for wrong in ("0", "-1", "x", "99999999999999999999", "²"):
        assert await house.ask("ann", f"/history {wrong}") == [
            "ann < Write /history or /history N, with N from 1 to 1000."
        ]


async def test_what_was_said_to_operators_alone_stays_with_them(house: House) -> None:
    await in_a_room(house, "ann", "bob")
    await house.irc("irc")
    await house.ask("irc", "JOIN #tea")
    assert await house.ask("irc", "PRIVMSG @#tea :bob is trouble") == ["ann < irc: bob is trouble"]
    assert "bob is trouble" in "\n".join(await house.ask("ann", "/history"))
    assert "bob is trouble" not in "\n".join(await house.ask("bob", "/history"))


async def test_telnets_negotiations_are_no_words(house: House) -> None:
    await house.netcat("bob")
    ann = await house.netcat("ann")
    await house.look()
    assert ann.receiver is not None
    ann.receiver.received(b"\xff\xfb\x1f\xff\xfa\x1f\x00P\x00\x18\xff\xf0hello\r\n")
    assert await house.look() == ["bob < ann: hello"]
