"""Saying something: to the room, to one person, and what others say as it is read."""

import asyncio
from pathlib import Path

import pytest

from hubbub.transports.base import WireProtocol
from tests.server_harness import ServerHarness

HOW = "ann < Write @NAME TEXT."


async def irc_eve(harness: ServerHarness) -> None:
    await harness.irc("eve")
    await harness.ask("eve", "JOIN #Général")


async def test_a_message_is_for_everybody_else_in_the_room(ann_and_bob: ServerHarness) -> None:
    await ann_and_bob.netcat("eve")
    assert await ann_and_bob.ask("ann", "  hello, you  ") == [
        "bob < ann: hello, you",
        "eve < ann: hello, you",
    ]


async def test_a_message_from_another_room_names_it(tea: ServerHarness) -> None:
    await tea.ask("bob", "/join Général")
    assert await tea.ask("ann", "hi") == ["bob < [tea] ann: hi"]
    assert await tea.ask("ann", "/me waves") == ["bob < [tea] * ann waves"]


async def test_two_slashes_say_one(ann_and_bob: ServerHarness) -> None:
    assert await ann_and_bob.ask("ann", "//help is a word") == ["bob < ann: /help is a word"]


async def test_an_action(ann_and_bob: ServerHarness) -> None:
    assert await ann_and_bob.ask("ann", "/me waves: hello") == ["bob < * ann waves: hello"]
    assert await ann_and_bob.ask("ann", "/me") == ["ann < Write /me TEXT."]


@pytest.mark.parametrize("words", ["@bob", "/msg bob"])
async def test_a_private_message(ann_and_bob: ServerHarness, words: str) -> None:
    await ann_and_bob.netcat("eve")
    assert await ann_and_bob.ask("ann", f"{words}  pst: you ") == [
        "ann < Private message sent to bob",
        "bob < ann (private): pst: you",
    ]


@pytest.mark.parametrize("line", ["@", "@bob", "@bob ", "@ bob hi", "/msg", "/msg bob"])
async def test_a_private_message_to_nobody_or_without_text(ann_and_bob: ServerHarness, line: str) -> None:
    assert await ann_and_bob.ask("ann", line) == [HOW]


@pytest.mark.parametrize("words", ["@nobody", "/msg nobody"])
async def test_a_private_message_to_a_stranger(ann_and_bob: ServerHarness, words: str) -> None:
    assert await ann_and_bob.ask("ann", f"{words} pst") == ["ann < User nobody not found"]


async def test_the_name_is_told_as_its_owner_writes_it(ann_and_bob: ServerHarness) -> None:
    assert (await ann_and_bob.ask("ann", "@BOB pst"))[0] == "ann < Private message sent to bob"


async def test_a_private_message_to_oneself(ann_and_bob: ServerHarness) -> None:
    assert sorted(await ann_and_bob.ask("ann", "@ann note")) == [
        "ann < Private message sent to ann",
        "ann < ann (private): note",
    ]


async def test_ones_other_sessions_see_what_one_says(harness: ServerHarness) -> None:
    await harness.netcat("bob")
    await harness.netcat("ann", "register ann correct horse")
    harness.connect("second", WireProtocol.NETCAT)
    await harness.look()
    await harness.ask("second", "login ann correct horse")
    assert await harness.ask("ann", "hello") == ["bob < ann: hello", "second < ann: hello"]
    assert await harness.ask("ann", "@bob see: this") == [
        "bob < ann (private): see: this",
        "ann < Private message sent to bob",
        "second < To bob (private): see: this",
    ]


async def test_private_words_of_other_kinds(ann_and_bob: ServerHarness) -> None:
    """From IRC: actions and notices are told apart, and are as private as anything else."""
    await irc_eve(ann_and_bob)
    assert await ann_and_bob.ask("eve", "PRIVMSG bob :\x01ACTION waves: hello\x01") == [
        "bob < * eve (private) waves: hello"
    ]
    assert await ann_and_bob.ask("eve", "NOTICE bob :done") == ["bob < eve (private, notice): done"]


async def test_ones_own_private_action_is_read_whole(harness: ServerHarness) -> None:
    await harness.netcat("bob")
    await harness.netcat("ann", "register ann correct horse")
    irc = harness.connect("irc")
    irc.type("PASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann")
    await harness.look()
    lines = await harness.ask("irc", "PRIVMSG bob :\x01ACTION waves: hello\x01")
    assert lines == ["bob < * ann (private) waves: hello", "ann < To bob (private): * ann waves: hello"]
    assert "ann < To bob (private): done" in await harness.ask("irc", "NOTICE bob :done")


async def test_notices_and_what_is_for_programs(ann_and_bob: ServerHarness) -> None:
    await irc_eve(ann_and_bob)
    both = ["ann < eve (notice): done", "bob < eve (notice): done"]
    assert await ann_and_bob.ask("eve", "NOTICE #Général :done") == both
    for target in ("#Général", "bob"):
        assert await ann_and_bob.ask("eve", f"PRIVMSG {target} :\x01VERSION\x01") == []


async def test_tags_alone_are_not_shown(ann_and_bob: ServerHarness) -> None:
    await ann_and_bob.irc("eve", "message-tags")
    await ann_and_bob.ask("eve", "JOIN #Général")
    assert await ann_and_bob.ask("eve", "@+typing=active TAGMSG #Général") == []


async def test_formatting_is_for_those_who_can_show_it(ann_and_bob: ServerHarness) -> None:
    await irc_eve(ann_and_bob)
    assert await ann_and_bob.ask("eve", "PRIVMSG #Général :\x02bold\x02 \x0304,01red\x03 \x1dslant\x0f") == [
        "ann < eve: bold red slant",
        "bob < eve: bold red slant",
    ]
    assert await ann_and_bob.ask("ann", "\x02bold\x02") == [
        "bob < ann: bold",
        "eve < :ann!netcat@local PRIVMSG #Général :\x02bold\x02",
    ]


@pytest.mark.parametrize(
    ("line", "others"),
    [
        ("{}", "bob < ann: {}"),
        ("/me {}", "bob < * ann {}"),
        ("@bob {}", "bob < ann (private): {}"),
    ],
)
async def test_the_sender_is_told_what_was_cut(tmp_path: Path, line: str, others: str) -> None:
    async with ServerHarness(tmp_path, {"limits.message_bytes": 350}) as harness:
        await harness.netcat("ann")
        await harness.netcat("bob")
        lines = await harness.ask("ann", line.format("x" * 400))
        told = "ann < Your message was longer than 350 bytes and was cut there."
        assert [seen for seen in lines if seen == told] == [told]
        room_left = 350 - len("\x01ACTION ") * line.startswith("/me")
        assert others.format("x" * room_left) in lines


async def test_what_others_say_waits_for_a_slow_answer(ann_and_bob: ServerHarness) -> None:
    """A room's history comes whole, and what is said meanwhile after it."""
    await ann_and_bob.ask("bob", "one")
    await ann_and_bob.look()
    ann, bob = ann_and_bob.people["ann"], ann_and_bob.people["bob"]
    ann.type("/history")
    await asyncio.sleep(0)
    bob.type("two")
    assert [line for line in await ann_and_bob.look() if line.startswith("ann")] == [
        "ann < --- earlier ---",
        "ann < [2026-11-18 11:06] bob: one",
        "ann < --- now ---",
        "ann < bob: two",
    ]


async def test_looking_for_words(harness: ServerHarness) -> None:
    await harness.netcat("ann")
    await harness.netcat("bob")
    for name, line in (
        ("ann", "green tea"),
        ("bob", "black tea"),
        ("ann", "@bob private tea"),
        ("bob", "coffee"),
    ):
        await harness.ask(name, line)
    assert await harness.ask("bob", "/search TEA") == [
        "bob < [2026-11-18 11:06] [Général] ann: green tea",
        "bob < [2026-11-18 11:06] [Général] bob: black tea",
        "bob < [2026-11-18 11:06] ann (private): private tea",
    ]
    assert await harness.ask("bob", '/search "tea green"') == ["bob < No matches."]
    assert await harness.ask("bob", "/search") == [
        "bob < Write /search WORDS. Put a phrase in double quotes."
    ]
