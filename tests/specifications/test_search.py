"""soju.im/search: finding messages by their words."""

import re
from typing import Any

import pytest

from hubbub.dialects.irc import search
from hubbub.engine.event import Event
from hubbub.engine.names import RoomName
from hubbub.engine.refusals import DataUnreadable
from hubbub.engine.rooms import ConfigureRoom
from hubbub.engine.state import History
from tests.server_harness import ServerHarness, told

CAPS = "batch server-time message-tags soju.im/search"


async def _talk(harness: ServerHarness) -> None:
    await harness.irc("ann", CAPS)
    await harness.irc("bob", CAPS)
    await harness.ask("ann", "JOIN #tea,#secret")
    await harness.ask("bob", "JOIN #tea")
    for name, line in (
        ("ann", "PRIVMSG #tea :green tea"),
        ("bob", "NOTICE #tea :black tea"),
        ("ann", "PRIVMSG #secret :secret tea"),
        ("ann", "PRIVMSG bob :private tea"),
        ("bob", "PRIVMSG #tea :coffee"),
    ):
        harness.wait(60)
        await harness.ask(name, line)


async def _search(harness: ServerHarness, name: str, attributes: str) -> list[str]:
    """The texts of what is found."""
    lines = told(await harness.ask(name, f"SEARCH {attributes}"), name)
    found = re.fullmatch(r":hubbub BATCH \+(\w+) soju.im/search", lines[0])
    assert found and lines[-1] == f":hubbub BATCH -{found[1]}", lines
    for line in lines[1:-1]:
        assert re.match(rf"@batch={found[1]};time=[0-9TZ:.-]+;msgid=\w+ :\w+!", line), line
    return [line.split(" :", 2)[2] for line in lines[1:-1]]


async def test_by_words_oldest_first_and_only_what_one_may_read(harness: ServerHarness) -> None:
    """A batch of type `soju.im/search` holds the matching PRIVMSG and NOTICE lines, oldest first."""
    await _talk(harness)
    assert await _search(harness, "bob", "text=tea") == ["green tea", "black tea", "private tea"]
    assert await _search(harness, "ann", "text=TEA") == [
        "green tea",
        "black tea",
        "secret tea",
        "private tea",
    ]
    assert await _search(harness, "ann", "text=nowhere") == []
    await harness.irc("eve", CAPS)
    assert await _search(harness, "eve", "text=tea") == []


async def test_narrowed(harness: ServerHarness) -> None:
    await _talk(harness)
    for attributes, texts in (
        ("in=#tea;text=tea", ["green tea", "black tea"]),
        ("in=BOB;text=tea", ["private tea"]),
        ("from=bob", ["black tea", "coffee"]),
        ("from=bob;text=black\\stea", ["black tea"]),
        ("text=tea;limit=2", ["secret tea", "private tea"]),
        ("after=2026-11-18T11:08:40.000Z;text=tea", ["secret tea", "private tea"]),
        ("before=2026-11-18T11:08:40.000Z;text=tea", ["green tea"]),
        ('text="green\\stea"', ["green tea"]),
        ("in=#tea", ["green tea", "black tea", "coffee"]),
    ):
        assert await _search(harness, "ann", attributes) == texts, attributes


async def test_mistakes(harness: ServerHarness) -> None:
    """ "`FAIL SEARCH INVALID_PARAMS`" """
    await _talk(harness)
    for attributes, context in (
        ("in=#nowhere;text=x", "in"),
        ("in=#secret;text=x", "in"),
        ("in=nobody", "in"),
        ("after=yesterday", "after"),
        ("before=", "before"),
        ("limit=0;text=x", "0"),
        ("limit=many;text=x", "many"),
        ("color=red", "color"),
    ):
        (line,) = told(await harness.ask("bob", f"SEARCH {attributes}"), "bob")
        assert line.startswith(f":hubbub FAIL SEARCH INVALID_PARAMS {context} :"), line
    await harness.irc("old")
    assert await harness.ask("old", "SEARCH text=x") == ["old < :hubbub 421 old SEARCH :Unknown command"]
    assert await harness.ask("bob", "SEARCH") == ["bob < :hubbub 461 bob SEARCH :Not enough parameters"]


async def test_an_index_that_can_not_be_read(harness: ServerHarness) -> None:
    """ "`FAIL SEARCH INTERNAL_ERROR`" """
    await _talk(harness)
    harness.storage._writer.execute("DROP TABLE search_part")
    (line,) = told(await harness.ask("bob", "SEARCH text=x"), "bob")
    assert line == f":hubbub FAIL SEARCH INTERNAL_ERROR :{DataUnreadable()}"


async def test_what_was_said_to_operators_is_not_found_by_others(harness: ServerHarness) -> None:
    await _talk(harness)
    await harness.ask("ann", "PRIVMSG @#tea :operators' tea")
    for _ in range(3):
        assert await _search(harness, "bob", "in=#tea;text=tea;limit=1") == ["black tea"]
    assert await _search(harness, "ann", "in=#tea;text=tea;limit=1") == ["operators' tea"]


async def test_little_is_asked_for_as_quickly_among_much_that_is_not_for_the_asker(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else one short line would have the index read once for each message that is passed over."""
    await _talk(harness)
    for number in range(30):
        await harness.ask("ann", f"PRIVMSG @#tea :operators' tea {number}")
    looks: list[int] = []
    read = harness.storage.search

    def search(**asked: Any) -> tuple[Event, ...]:
        looks.append(asked["limit"])
        return read(**asked)

    monkeypatch.setattr(harness.storage, "search", search)
    assert await _search(harness, "bob", "in=#tea;text=tea;limit=1") == ["black tea"]
    assert len(looks) == 1


async def test_since_joining_alone(harness: ServerHarness) -> None:
    await _talk(harness)
    harness.node.ask(ConfigureRoom(RoomName.known("tea"), history=History.SINCE_JOINING))
    await harness.irc("eve", CAPS)
    await harness.ask("eve", "JOIN #tea")
    await harness.ask("ann", "PRIVMSG #tea :new tea")
    assert await _search(harness, "eve", "text=tea") == ["new tea"]


async def test_pages_by_time_leave_nothing_out(harness: ServerHarness) -> None:
    """`before` is a time: a page begins with a whole millisecond, so that the next one follows it."""
    await harness.irc("ann", CAPS)
    await harness.ask("ann", "JOIN #tea")
    for number in range(7):
        harness.now_ms += number % 3 == 0
        await harness.ask("ann", f"PRIVMSG #tea :word {number}")
    for limit in range(1, 5):
        found: list[str] = []
        before = ""
        while page := told(await harness.ask("ann", f"SEARCH text=word;limit={limit}{before}"), "ann")[1:-1]:
            found = [line.rsplit(" ", 1)[1] for line in page] + found
            before = ";before=" + page[0].split("time=")[1].split(";")[0]
        assert found == [str(number) for number in range(7)]


async def test_what_is_found_is_no_longer_than_a_page(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest of it; who searches in a room full of long messages would be cut off."""
    await _talk(harness)
    monkeypatch.setattr(search, "PAGE_BYTES_MAX", 10)
    assert await _search(harness, "ann", "in=#tea") == ["coffee"]
