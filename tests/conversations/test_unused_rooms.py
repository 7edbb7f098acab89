"""Rooms that guests have made, rooms that nobody uses, and how many one may make."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hubbub.engine.unused_rooms import LetRoomGo
from hubbub.node import room_cleanup
from hubbub.node.node import Node
from tests.server_harness import ServerHarness, told
from tests.sign_in import arrive

CAPS = "batch server-time message-tags draft/chathistory"
HOUR, DAY = 3_600, 86_400


async def pass_time(harness: ServerHarness, seconds: int) -> None:
    """Let time pass, and what happens every minute with it; nobody is asked for a sign of life."""
    harness.now_ms += seconds * 1000
    harness.node.sweep()
    await harness.settle()


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[ServerHarness]:
    async with ServerHarness(tmp_path, {"limits.ping_seconds": 0}) as harness:
        yield harness


async def history(harness: ServerHarness, name: str) -> list[str]:
    lines = told(await harness.ask(name, "CHATHISTORY LATEST #nest * 10"), name)
    return [line.rsplit(" :", 1)[1] for line in lines if " PRIVMSG " in line]


async def test_guests_find_their_room_and_their_words_again(harness: ServerHarness) -> None:
    await harness.irc("ann", CAPS)
    await harness.ask("ann", "JOIN #nest")
    await harness.ask("ann", "TOPIC #nest :ours")
    await harness.ask("ann", "PRIVMSG #nest :here it is")
    await harness.ask("ann", "QUIT")
    await pass_time(harness, HOUR - 1)
    await harness.irc("ann2", CAPS)
    lines = told(await harness.ask("ann2", "JOIN #nest"), "ann2")
    assert any(" 332 ann2 #nest ours" in line for line in lines), lines
    assert any(line.endswith(" @ann2") for line in lines), "who is first looks after it"
    assert await history(harness, "ann2") == ["here it is"]


@pytest.mark.parametrize("how", ["none", "since joining"])
@pytest.mark.parametrize("is_restarted", [False, True])
async def test_nobody_opens_a_history_by_being_first(
    harness: ServerHarness, how: str, is_restarted: bool
) -> None:
    await harness.irc("ann", CAPS)
    await harness.ask("ann", "JOIN #nest")
    await harness.ask("ann", f"PRIVMSG ChanServ :SET #nest HISTORY {how}")
    await harness.ask("ann", "PRIVMSG #nest :between us")
    await (harness.restart() if is_restarted else harness.ask("ann", "QUIT"))
    await harness.irc("eve", CAPS)
    assert not any("@eve" in line for line in await harness.ask("eve", "JOIN #nest"))
    refused = told(await harness.ask("eve", "PRIVMSG ChanServ :SET #nest HISTORY all"), "eve")
    assert not any(" is set to " in line for line in refused)
    assert await history(harness, "eve") == []


async def test_nobody_rereads_what_operators_said_by_being_first(harness: ServerHarness) -> None:
    await harness.irc("ann", CAPS)
    await harness.ask("ann", "JOIN #nest")
    await harness.ask("ann", "PRIVMSG @#nest :eve is not to know")
    await harness.ask("ann", "PRIVMSG #nest :hello")
    await harness.ask("ann", "QUIT")
    await harness.irc("eve", CAPS)
    await harness.ask("eve", "JOIN #nest")
    await harness.ask("eve", "PRIVMSG @#nest :mine")
    assert await history(harness, "eve") == ["hello", "mine"]


async def test_also_after_a_restart(harness: ServerHarness) -> None:
    await harness.irc("ann", CAPS)
    await harness.ask("ann", "JOIN #nest")
    await harness.ask("ann", "PRIVMSG #nest :here it is")
    harness.now_ms += 10 * DAY * 1000
    await harness.restart()
    await pass_time(harness, HOUR - 1)
    await harness.irc("ann", CAPS)
    await harness.ask("ann", "JOIN #nest")
    assert await history(harness, "ann") == ["here it is"]


async def test_without_them_it_goes(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await harness.irc("bob")
    for name in ("ann", "bob"):
        await harness.ask(name, "JOIN #nest")
    await harness.ask("ann", "PART #nest")
    await pass_time(harness, 2 * HOUR)
    assert harness.node.state.room_named("#nest"), "bob is in it"
    await harness.ask("bob", "PART #nest")
    await pass_time(harness, HOUR - 1)
    assert harness.node.state.room_named("#nest")
    await pass_time(harness, 61)
    assert harness.node.state.room_named("#nest") is None
    await harness.restart()
    assert harness.node.state.room_named("#nest") is None


async def test_it_goes_with_the_last_where_the_settings_say_so(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"rooms.guests_absence_seconds": 0}) as harness:
        await harness.irc("ann")
        await harness.ask("ann", "JOIN #nest")
        await harness.ask("ann", "QUIT")
        assert harness.node.state.room_named("#nest") is None


async def leave(harness: ServerHarness, *lines: str) -> None:
    """Ann, who has an account, makes #nest, does something in it, and leaves."""
    await arrive(harness, "ann")
    await harness.ask("ann", "JOIN #nest")
    for line in lines:
        await harness.ask("ann", line)
    await harness.ask("ann", "PART #nest")


@pytest.mark.parametrize("is_restarted", [False, True])
async def test_a_members_room_that_was_never_used_goes(harness: ServerHarness, is_restarted: bool) -> None:
    await leave(harness)
    await pass_time(harness, 29 * DAY)
    assert harness.node.state.room_named("#nest")
    if is_restarted:
        await harness.restart()
    await pass_time(harness, DAY)
    assert harness.node.state.room_named("#nest") is None
    assert [act.act for act in harness.storage.acts(1)] == ["unused room"]


@pytest.mark.parametrize(
    "line",
    [
        "PRIVMSG #nest :a word",
        "TOPIC #nest :about something",
        "MODE #nest +i",
        "MODE #nest +s",
        "MODE #nest +k secret",
        "MODE #nest +l 5",
        "MODE #nest +m",
        "MODE #nest +b eve!*@*",
        "INVITE bob #nest",
    ],
)
async def test_what_holds_words_or_settings_stays(harness: ServerHarness, line: str) -> None:
    await harness.account("bob")
    await leave(harness, line)
    await pass_time(harness, 400 * DAY)
    assert harness.node.state.room_named("#nest")


async def test_a_room_with_a_member_or_an_administrators_stays(harness: ServerHarness) -> None:
    await arrive(harness, "ann")
    await harness.ask("ann", "JOIN #nest")
    await harness.ask("ann", "QUIT")
    await pass_time(harness, 400 * DAY)
    assert harness.node.state.room_named("#nest"), "ann is a member, present or not"
    assert harness.node.state.room_named("#Blabla"), "nobody was ever in it, and it was made on purpose"


async def makes(harness: ServerHarness, name: str, room: str) -> str:
    """The number that refuses it; empty if it is made."""
    harness.now_ms += 5_000
    seen = told(await harness.ask(name, f"JOIN #{room}"), name)
    assert seen, (name, room)
    first = seen[0]
    await harness.ask(name, f"PART #{room}")
    return "" if " JOIN " in first else first.split()[1]


async def test_so_many_rooms_in_a_day(tmp_path: Path) -> None:
    settings = {"limits.rooms_made_an_account_a_day": 2, "limits.rooms_made_an_address_a_day": 3}
    async with ServerHarness(tmp_path, settings) as harness:
        await arrive(harness, "ann")
        assert [await makes(harness, "ann", f"r{number}") for number in range(3)] == ["", "", "405"]
        assert await makes(harness, "ann", "r1") == "", "it is there already"
        await harness.irc("bob", address="127.0.0.1")
        assert [await makes(harness, "bob", f"s{number}") for number in range(2)] == ["", "405"]
        person = harness.connect("eve", address="192.0.2.1", secure=True)
        person.type("NICK eve\nUSER eve 0 * :Eve")
        await harness.look()
        assert await makes(harness, "eve", "t") == ""
        harness.now_ms += DAY * 1000
        assert await makes(harness, "ann", "r3") == ""


async def test_whoever_may_make_no_more_rooms_learns_nothing_of_a_secret_one(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"limits.rooms_made_an_address_a_day": 1}) as harness:
        harness.connect("ann", address="192.0.2.1", secure=True).type("NICK ann\nUSER ann 0 * :Ann")
        await harness.ask("ann", "JOIN #vault\nMODE #vault +si")
        await harness.irc("bob")
        assert await makes(harness, "bob", "nest") == ""
        assert [await makes(harness, "bob", room) for room in ("fresh", "vault", "nest")] == [
            "405",
            "405",
            "",
        ]


async def test_a_room_that_may_not_be_made_does_not_count(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"limits.rooms_made_an_address_a_day": 1}) as harness:
        await harness.irc("bob")
        for _ in range(3):
            assert await makes(harness, "bob", "Bla\u200bbla") not in ("", "405")
        assert await makes(harness, "bob", "nest") == ""


async def test_so_many_rooms_in_all(tmp_path: Path) -> None:
    settings = {"limits.rooms_made": 2, "limits.rooms_made_an_account_a_day": 0}
    async with ServerHarness(tmp_path, settings) as harness:
        await arrive(harness, "ann")
        assert [await makes(harness, "ann", f"r{number}") for number in range(3)] == ["", "", "405"]
        await harness.restart()
        await arrive(harness, "ann")
        assert await makes(harness, "ann", "r9") == "405"


async def test_a_room_of_a_guests_counts_for_whoever_keeps_it(tmp_path: Path) -> None:
    settings = {"limits.rooms_made": 2, "limits.rooms_made_an_account_a_day": 0}
    async with ServerHarness(tmp_path, settings) as harness:
        await harness.irc("ann")
        for number in range(3):
            await harness.ask("ann", f"JOIN #r{number}")
        await harness.ask("ann", "NS REGISTER correct-horse-battery")
        answers = [(await harness.ask("ann", f"CS REGISTER #r{number}"))[-1] for number in range(3)]
        assert ["permanent" in answer for answer in answers] == [True, True, False], answers
        await harness.restart()
        rooms = harness.node.state.rooms.values()
        (ann,) = harness.node.state.accounts
        assert sum(room.maker == ann for room in rooms) == 2


async def test_what_was_ever_said_in_a_room_is_read_once(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await leave(harness, "PRIVMSG #nest :something")
    read: list[int] = []

    def counted(node: Node, room: int) -> bool:
        read.append(room)
        return True

    monkeypatch.setattr(room_cleanup, "_was_used", counted)
    for _ in range(3):
        await pass_time(harness, 31 * DAY)
    assert len(read) == 1 and harness.node.state.room_named("#nest")


async def test_administrators_make_as_many_as_they_like(tmp_path: Path) -> None:
    settings = {
        "limits.rooms_made": 1,
        "limits.rooms_made_an_account_a_day": 1,
        "limits.rooms_made_an_address_a_day": 1,
    }
    async with ServerHarness(tmp_path, settings) as harness:
        await harness.account("ann", role="admin")
        person = harness.connect("ann", secure=True)
        person.type("PASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann")
        await harness.look()
        assert [await makes(harness, "ann", f"r{number}") for number in range(3)] == ["", "", ""]


@pytest.mark.parametrize(
    "settings",
    [{"rooms_made_an_address_a_day": 1, "exempt": ["127.0.0.1"]}, {"rooms_made_an_address_a_day": 0}],
    ids=["exempt", "no limit"],
)
async def test_whose_rooms_are_not_counted(tmp_path: Path, settings: dict[str, object]) -> None:
    async with ServerHarness(
        tmp_path, {f"limits.{name}": value for name, value in settings.items()}
    ) as harness:
        await harness.irc("bob")
        assert [await makes(harness, "bob", f"r{number}") for number in range(2)] == ["", ""]


async def test_a_room_in_use_is_not_let_go(harness: ServerHarness) -> None:
    await leave(harness)
    for room in (harness.node.state.room_named("#nest"), harness.node.state.room_named("#Blabla")):
        assert room
        assert str(harness.node.ask(LetRoomGo(room.id))) == "The room doesn't exist, or is in use."
        assert harness.node.state.rooms[room.id] is room
