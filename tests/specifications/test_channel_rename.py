"""channel-rename: a room under another name, with everything else as it was."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server_harness import ServerHarness, told


async def _people(harness: ServerHarness) -> None:
    await harness.irc("ann", "draft/channel-rename")
    await harness.irc("bob", "draft/channel-rename")
    await harness.irc("old")
    for name in ("ann", "bob", "old"):
        await harness.ask(name, "JOIN #boaring")
    await harness.ask("ann", "TOPIC #boaring :Wood")


async def test_those_who_know_it(harness: ServerHarness) -> None:
    """ "A channel rename preserves all channel state"; "The server to client command MUST always include" a reason."""
    await _people(harness)
    lines = await harness.ask("ann", "RENAME #boaring #boring :Typo fix")
    for name in ("ann", "bob"):
        assert told(lines, name) == [":ann!ann@local RENAME #boaring #boring :Typo fix"]
    lines = await harness.ask("ann", "RENAME #boring #wood")
    assert told(lines, "bob") == [":ann!ann@local RENAME #boring #wood :"]
    assert told(await harness.ask("bob", "TOPIC #wood"), "bob")[0] == ":hubbub 332 bob #wood Wood"
    assert told(await harness.ask("old", "PRIVMSG #wood :hi"), "bob") == [":old!old@local PRIVMSG #wood :hi"]


async def test_the_fallback(harness: ServerHarness) -> None:
    """ "Send the client a `PART` message for the old channel name, with part message matching the rename reason";
    "a `JOIN` message followed by the usual messages".
    """
    await _people(harness)
    lines = told(await harness.ask("ann", "RENAME #boaring #boring :Typo fix"), "old")
    assert lines[:3] == [
        ":old!old@local PART #boaring :Typo fix",
        ":old!old@local JOIN #boring",
        ":hubbub 332 old #boring Wood",
    ]
    assert [line.split()[1] for line in lines[3:]] == ["333", "353", "366"]


async def test_only_the_case(harness: ServerHarness) -> None:
    """ "Implementations MUST allow channels to be renamed while only changing the casing"; the fallback "SHOULD NOT be
    used" then.
    """
    await _people(harness)
    lines = await harness.ask("ann", "RENAME #boaring #Boaring")
    assert told(lines, "bob") == [":ann!ann@local RENAME #boaring #Boaring :"] and told(lines, "old") == []


async def test_a_client_without_the_capability_renames_too(harness: ServerHarness) -> None:
    """ "the server SHOULD rename the channel, but use the fallback mechanism to report the name change" """
    await harness.irc("old")
    await harness.ask("old", "JOIN #foo")
    lines = told(await harness.ask("old", "RENAME #foo #bar :Changing the channel name"), "old")
    assert lines[:2] == [":old!old@local PART #foo :Changing the channel name", ":old!old@local JOIN #bar"]


async def test_errors(harness: ServerHarness) -> None:
    """ "`CHANNEL_NAME_IN_USE`", "`CANNOT_RENAME`"; "If existing error numerics … are more appropriate, they SHOULD be
    used instead."
    """
    await _people(harness)
    await harness.ask("bob", "JOIN #good")
    for name, command, answer in (
        (
            "ann",
            "RENAME #boaring #good",
            "FAIL RENAME CHANNEL_NAME_IN_USE #boaring #good :The channel name is",
        ),
        ("ann", "RENAME #boaring %local", "FAIL RENAME CANNOT_RENAME #boaring %local :"),
        ("ann", "RENAME #boaring #a*b", "FAIL RENAME CANNOT_RENAME #boaring #a*b :"),
        ("bob", "RENAME #boaring #x", "482 bob #boaring :"),
        ("ann", "RENAME #good #x", "442 ann #good :"),
        ("ann", "RENAME #nowhere #x", "403 ann #nowhere :"),
        ("ann", "RENAME #boaring", "461 ann RENAME :"),
    ):
        (line,) = told(await harness.ask(name, command), name)
        assert line.startswith(f":hubbub {answer}"), line


async def test_redirection(harness: ServerHarness) -> None:
    """ "send a `FAIL JOIN CHANNEL_RENAMED` message to clients attempting to join the old channel name"; "the `470`
    numeric … SHOULD NOT be used when the capability has been negotiated".
    """
    await _people(harness)
    await harness.ask("ann", "RENAME #boaring #bar")
    await harness.irc("new", "draft/channel-rename")
    (line,) = told(await harness.ask("new", "JOIN #boaring"), "new")
    assert re.match(r":hubbub FAIL JOIN CHANNEL_RENAMED #boaring #bar :", line)
    await harness.irc("elder")
    lines = told(await harness.ask("elder", "JOIN #boaring"), "elder")
    assert lines[:2] == [
        ":hubbub 470 elder #boaring #bar :The channel has been renamed",
        ":elder!elder@local JOIN #bar",
    ]


@pytest.fixture
async def forgetful(tmp_path: Path) -> AsyncIterator[ServerHarness]:
    """Rooms of guests go with them there."""
    async with ServerHarness(tmp_path, {"rooms.guests_absence_seconds": 0}) as harness:
        yield harness


async def test_a_new_room_may_take_an_old_name_once_nothing_bears_it(forgetful: ServerHarness) -> None:
    harness = forgetful
    await _people(harness)
    await harness.ask("ann", "RENAME #boaring #bar")
    for name in ("ann", "bob", "old"):
        await harness.ask(name, "PART #bar")
    # The room was a guest's: it is gone, and so is what it was called.
    assert told(await harness.ask("ann", "JOIN #boaring"), "ann")[0] == ":ann!ann@local JOIN #boaring"


async def test_the_old_name_leads_there_after_a_restart(harness: ServerHarness) -> None:
    await harness.account("ann")
    come = "PASS :ann:correct horse\nNICK ann\nUSER a 0 * :A"
    harness.connect("ann").type(come)
    await harness.ask("ann", "JOIN #tea\nRENAME #tea #coffee")
    await harness.restart()
    await harness.irc("bob")
    assert "bob < :hubbub 470 bob #tea #coffee :The channel has been renamed" in await harness.ask(
        "bob", "JOIN #tea"
    )


async def test_an_old_name_is_another_rooms_for_as_long_as_that_has_it(forgetful: ServerHarness) -> None:
    """And leads to the renamed one before and after, also after a restart."""
    harness = forgetful
    await harness.account("ann")
    for name, come in (("ann", "PASS :ann:correct horse\n"), ("bob", ""), ("eve", "")):
        harness.connect(name).type(f"{come}NICK {name}\nUSER {name} 0 * :X")
    await harness.ask("ann", "JOIN #tea\nRENAME #tea #mint")
    assert ":hubbub 470 eve #tea #mint" in " ".join(await harness.ask("eve", "JOIN #tea"))
    await harness.ask("eve", "PART #mint")
    await harness.ask("bob", "JOIN #cup\nRENAME #cup #tea")
    assert "eve < :eve!eve@local JOIN #tea" in await harness.ask("eve", "JOIN #tea")
    for name in ("eve", "bob"):
        await harness.ask(name, "PART #tea")
    assert ":hubbub 470 eve #tea #mint" in " ".join(await harness.ask("eve", "JOIN #tea"))
    await harness.restart()
    await harness.irc("zed")
    assert ":hubbub 470 zed #tea #mint" in " ".join(await harness.ask("zed", "JOIN #tea"))
