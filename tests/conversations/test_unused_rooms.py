"""Rooms that guests have made, rooms that nobody uses, and how many one may make."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hubbub.engine.unused_rooms import LetRoomGo
from hubbub.node import room_cleanup
from hubbub.node.node import Node
from tests.server_harness import House, told
from tests.sign_in import arrive

CAPS = "batch server-time message-tags draft/chathistory"
HOUR, DAY = 3_600, 86_400


async def pass_time(house: House, seconds: int) -> None:
    """Let time pass, and what happens every minute with it; nobody is asked for a sign of life."""
    house.now_ms += seconds * 1000
    house.node.sweep()
    await house.settle()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with House(tmp_path, {"limits.ping_seconds": 0}) as house:
        yield house


async def history(house: House, name: str) -> list[str]:
    lines = told(await house.ask(name, "CHATHISTORY LATEST #nest * 10"), name)
    return [line.rsplit(" :", 1)[1] for line in lines if " PRIVMSG " in line]


async def test_guests_find_their_room_and_their_words_again(house: House) -> None:
    await house.irc("ann", CAPS)
    await house.ask("ann", "JOIN #nest")
    await house.ask("ann", "TOPIC #nest :ours")
    await house.ask("ann", "PRIVMSG #nest :here it is")
    await house.ask("ann", "QUIT")
    await pass_time(house, HOUR - 1)
    await house.irc("ann2", CAPS)
    lines = told(await house.ask("ann2", "JOIN #nest"), "ann2")
    assert any(" 332 ann2 #nest ours" in line for line in lines), lines
    assert any(line.endswith(" @ann2") for line in lines), "who is first looks after it"
    assert await history(house, "ann2") == ["here it is"]


@pytest.mark.parametrize("how", ["none", "since joining"])
@pytest.mark.parametrize("is_restarted", [False, True])
async def test_nobody_opens_a_history_by_being_first(house: House, how: str, is_restarted: bool) -> None:
    await house.irc("ann", CAPS)
    await house.ask("ann", "JOIN #nest")
    await house.ask("ann", f"PRIVMSG ChanServ :SET #nest HISTORY {how}")
    await house.ask("ann", "PRIVMSG #nest :between us")
    await (house.restart() if is_restarted else house.ask("ann", "QUIT"))
    await house.irc("eve", CAPS)
    assert not any("@eve" in line for line in await house.ask("eve", "JOIN #nest"))
    refused = told(await house.ask("eve", "PRIVMSG ChanServ :SET #nest HISTORY all"), "eve")
    assert not any(" is set to " in line for line in refused)
    assert await history(house, "eve") == []


async def test_nobody_rereads_what_operators_said_by_being_first(house: House) -> None:
    await house.irc("ann", CAPS)
    await house.ask("ann", "JOIN #nest")
    await house.ask("ann", "PRIVMSG @#nest :eve is not to know")
    await house.ask("ann", "PRIVMSG #nest :hello")
    await house.ask("ann", "QUIT")
    await house.irc("eve", CAPS)
    await house.ask("eve", "JOIN #nest")
    await house.ask("eve", "PRIVMSG @#nest :mine")
    assert await history(house, "eve") == ["hello", "mine"]


async def test_also_after_a_restart(house: House) -> None:
    await house.irc("ann", CAPS)
    await house.ask("ann", "JOIN #nest")
    await house.ask("ann", "PRIVMSG #nest :here it is")
    house.now_ms += 10 * DAY * 1000
    await house.restart()
    await pass_time(house, HOUR - 1)
    await house.irc("ann", CAPS)
    await house.ask("ann", "JOIN #nest")
    assert await history(house, "ann") == ["here it is"]


async def test_without_them_it_goes(house: House) -> None:
    await house.irc("ann")
    await house.irc("bob")
    for name in ("ann", "bob"):
        await house.ask(name, "JOIN #nest")
    await house.ask("ann", "PART #nest")
    await pass_time(house, 2 * HOUR)
    assert house.node.state.room_named("#nest"), "bob is in it"
    await house.ask("bob", "PART #nest")
    await pass_time(house, HOUR - 1)
    assert house.node.state.room_named("#nest")
    await pass_time(house, 61)
    assert house.node.state.room_named("#nest") is None
    await house.restart()
    assert house.node.state.room_named("#nest") is None


async def test_it_goes_with_the_last_where_the_settings_say_so(tmp_path: Path) -> None:
    async with House(tmp_path, {"rooms.guests_absence_seconds": 0}) as house:
        await house.irc("ann")
        await house.ask("ann", "JOIN #nest")
        await house.ask("ann", "QUIT")
        assert house.node.state.room_named("#nest") is None


async def leave(house: House, *lines: str) -> None:
    """Ann, who has an account, makes #nest, does something in it, and leaves."""
    await arrive(house, "ann")
    await house.ask("ann", "JOIN #nest")
    for line in lines:
        await house.ask("ann", line)
    await house.ask("ann", "PART #nest")


@pytest.mark.parametrize("is_restarted", [False, True])
async def test_a_members_room_that_was_never_used_goes(house: House, is_restarted: bool) -> None:
    await leave(house)
    await pass_time(house, 29 * DAY)
    assert house.node.state.room_named("#nest")
    if is_restarted:
        await house.restart()
    await pass_time(house, DAY)
    assert house.node.state.room_named("#nest") is None
    assert [act.act for act in house.storage.acts(1)] == ["unused room"]


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
async def test_what_holds_words_or_settings_stays(house: House, line: str) -> None:
    await house.account("bob")
    await leave(house, line)
    await pass_time(house, 400 * DAY)
    assert house.node.state.room_named("#nest")


async def test_a_room_with_a_member_or_an_administrators_stays(house: House) -> None:
    await arrive(house, "ann")
    await house.ask("ann", "JOIN #nest")
    await house.ask("ann", "QUIT")
    await pass_time(house, 400 * DAY)
    assert house.node.state.room_named("#nest"), "ann is a member, present or not"
    assert house.node.state.room_named("#Blabla"), "nobody was ever in it, and it was made on purpose"


async def makes(house: House, name: str, room: str) -> str:
    """The number that refuses it; empty if it is made."""
    house.now_ms += 5_000
    seen = told(await house.ask(name, f"JOIN #{room}"), name)
    assert seen, (name, room)
    first = seen[0]
    await house.ask(name, f"PART #{room}")
    return "" if " JOIN " in first else first.split()[1]


async def test_so_many_rooms_in_a_day(tmp_path: Path) -> None:
    settings = {"limits.rooms_made_an_account_a_day": 2, "limits.rooms_made_an_address_a_day": 3}
    async with House(tmp_path, settings) as house:
        await arrive(house, "ann")
        assert [await makes(house, "ann", f"r{number}") for number in range(3)] == ["", "", "405"]
        assert await makes(house, "ann", "r1") == "", "it is there already"
        await house.irc("bob", address="127.0.0.1")
        assert [await makes(house, "bob", f"s{number}") for number in range(2)] == ["", "405"]
        person = house.connect("eve", address="192.0.2.1", secure=True)
        person.type("NICK eve\nUSER eve 0 * :Eve")
        await house.look()
        assert await makes(house, "eve", "t") == ""
        house.now_ms += DAY * 1000
        assert await makes(house, "ann", "r3") == ""


async def test_whoever_may_make_no_more_rooms_learns_nothing_of_a_secret_one(tmp_path: Path) -> None:
    async with House(tmp_path, {"limits.rooms_made_an_address_a_day": 1}) as house:
        house.connect("ann", address="192.0.2.1", secure=True).type("NICK ann\nUSER ann 0 * :Ann")
        await house.ask("ann", "JOIN #vault\nMODE #vault +si")
        await house.irc("bob")
        assert await makes(house, "bob", "nest") == ""
        assert [await makes(house, "bob", room) for room in ("fresh", "vault", "nest")] == ["405", "405", ""]


async def test_a_room_that_may_not_be_made_does_not_count(tmp_path: Path) -> None:
    async with House(tmp_path, {"limits.rooms_made_an_address_a_day": 1}) as house:
        await house.irc("bob")
        for _ in range(3):
            assert await makes(house, "bob", "Bla\u200bbla") not in ("", "405")
        assert await makes(house, "bob", "nest") == ""


async def test_so_many_rooms_in_all(tmp_path: Path) -> None:
    settings = {"limits.rooms_made": 2, "limits.rooms_made_an_account_a_day": 0}
    async with House(tmp_path, settings) as house:
        await arrive(house, "ann")
        assert [await makes(house, "ann", f"r{number}") for number in range(3)] == ["", "", "405"]
        await house.restart()
        await arrive(house, "ann")
        assert await makes(house, "ann", "r9") == "405"


async def test_a_room_of_a_guests_counts_for_whoever_keeps_it(tmp_path: Path) -> None:
    settings = {"limits.rooms_made": 2, "limits.rooms_made_an_account_a_day": 0}
    async with House(tmp_path, settings) as house:
        await house.irc("ann")
        for number in range(3):
            await house.ask("ann", f"JOIN #r{number}")
        await house.ask("ann", "NS REGISTER correct-horse-battery")
        answers = [(await house.ask("ann", f"CS REGISTER #r{number}"))[-1] for number in range(3)]
        assert ["permanent" in answer for answer in answers] == [True, True, False], answers
        await house.restart()
        rooms = house.node.state.rooms.values()
        (ann,) = house.node.state.accounts
        assert sum(room.maker == ann for room in rooms) == 2


async def test_what_was_ever_said_in_a_room_is_read_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await leave(house, "PRIVMSG #nest :something")
    read: list[int] = []

    def counted(node: Node, room: int) -> bool:
        read.append(room)
        return True

    monkeypatch.setattr(room_cleanup, "_was_used", counted)
    for _ in range(3):
        await pass_time(house, 31 * DAY)
    assert len(read) == 1 and house.node.state.room_named("#nest")


async def test_administrators_make_as_many_as_they_like(tmp_path: Path) -> None:
    settings = {
        "limits.rooms_made": 1,
        "limits.rooms_made_an_account_a_day": 1,
        "limits.rooms_made_an_address_a_day": 1,
    }
    async with House(tmp_path, settings) as house:
        await house.account("ann", role="admin")
        person = house.connect("ann", secure=True)
        person.type("PASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann")
        await house.look()
        assert [await makes(house, "ann", f"r{number}") for number in range(3)] == ["", "", ""]


@pytest.mark.parametrize(
    "settings",
    [{"rooms_made_an_address_a_day": 1, "exempt": ["127.0.0.1"]}, {"rooms_made_an_address_a_day": 0}],
    ids=["exempt", "no limit"],
)
async def test_whose_rooms_are_not_counted(tmp_path: Path, settings: dict[str, object]) -> None:
    async with House(tmp_path, {f"limits.{name}": value for name, value in settings.items()}) as house:
        await house.irc("bob")
        assert [await makes(house, "bob", f"r{number}") for number in range(2)] == ["", ""]


async def test_a_room_in_use_is_not_let_go(house: House) -> None:
    await leave(house)
    for room in (house.node.state.room_named("#nest"), house.node.state.room_named("#Blabla")):
        assert room
        assert str(house.node.ask(LetRoomGo(room.id))) == "The room doesn't exist, or is in use."
        assert house.node.state.rooms[room.id] is room
