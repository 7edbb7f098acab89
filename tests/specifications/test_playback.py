"""znc.in/playback: what was said, for clients that know ZNC's module alone."""

import re

from tests.server_harness import ServerHarness, told

CAPS = "batch server-time znc.in/playback"


async def _talk(harness: ServerHarness) -> None:
    """One message each minute from 11:07:40, which is 1795000060."""
    await harness.irc("ann", CAPS)
    await harness.irc("bob", CAPS)
    await harness.ask("ann", "JOIN #tea,#cocoa")
    await harness.ask("bob", "JOIN #tea")
    for line in ("#tea :one", "#tea :two", "#cocoa :three", "bob :four"):
        harness.wait(60)
        await harness.ask("ann", f"PRIVMSG {line}")


async def _played(harness: ServerHarness, name: str, text: str) -> dict[str, list[str]]:
    """By place: the texts."""
    found: dict[str, list[str]] = {}
    place = ""
    for line in told(await harness.ask(name, text), name):
        if opened := re.fullmatch(r":hubbub BATCH \+\w+ znc.in/playback (\S+)", line):
            place = opened[1]
        elif "PRIVMSG" in line:
            found.setdefault(place, []).append(line.split(" :", 2)[2])
    return found


async def test_playing_everything(harness: ServerHarness) -> None:
    await _talk(harness)
    assert await _played(harness, "bob", "PRIVMSG *playback :PLAY * 0") == {
        "#tea": ["one", "two"],
        "ann": ["four"],
    }


async def test_playing_some_places_and_times(harness: ServerHarness) -> None:
    await _talk(harness)
    for text, found in (
        ("PLAY #tea 1795000060", {"#tea": ["two"]}),
        ("PLAY #tea 1795000059.999 1795000060.000", {"#tea": ["one"]}),
        ("PLAY ann,#c* 0", {"ann": ["four"]}),
        ("play #TEA", {"#tea": ["one", "two"]}),
        ("PLAY #cocoa 0", {}),
        ("PLAY * 1795000600", {}),
    ):
        assert await _played(harness, "bob", f"PRIVMSG *playback :{text}") == found, text


async def test_the_lines_have_their_times(harness: ServerHarness) -> None:
    await _talk(harness)
    (line,) = [
        line
        for line in told(await harness.ask("bob", "PRIVMSG *playback :PLAY ann"), "bob")
        if "four" in line
    ]
    assert re.fullmatch(r"@batch=\w+;time=2026-11-18T11:10:40.000Z :ann!ann@local PRIVMSG bob :four", line)


async def test_listing(harness: ServerHarness) -> None:
    await _talk(harness)
    source = ":*playback!playback@znc.in PRIVMSG bob"
    assert told(await harness.ask("bob", "PRIVMSG *playback :LIST"), "bob") == [
        f"{source} :#tea 1795000060.000 1795000120.000",
        f"{source} :ann 1795000240.000 1795000240.000",
    ]


async def test_mistakes(harness: ServerHarness) -> None:
    await _talk(harness)
    for text in ("", "DANCE", "PLAY * yesterday", "PLAY * 0 1e9", "PLAY * -1", "CLEAR *"):
        (line,) = told(await harness.ask("bob", f"PRIVMSG *playback :{text or ' '}"), "bob")
        assert line.startswith(":*playback!playback@znc.in PRIVMSG bob :")


async def test_nothing_is_replayed_unasked(harness: ServerHarness) -> None:
    await harness.account("bob")
    await harness.irc("ann")
    come = f"PASS :bob:correct horse\nCAP REQ :{CAPS}\nNICK bob\nUSER b 0 * :B\nCAP END"
    harness.connect("bob").type(come)
    await harness.ask("bob", "QUIT")
    await harness.ask("ann", "PRIVMSG bob :missed")
    harness.connect("back").type(come)
    assert "missed" not in " ".join(await harness.look())
    assert await _played(harness, "back", "PRIVMSG *playback :PLAY * 0") == {"ann": ["missed"]}
