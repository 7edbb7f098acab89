"""A disk that takes nothing: nothing is shown that is not kept, people read on, and it goes on by itself."""

from pathlib import Path

import pytest

from hubbub.engine.accounts import RegisterAccount
from hubbub.engine.refusals import DiskTakesNothing
from hubbub.engine.state import Credential
from hubbub.node.admin_context import ConsoleContext
from hubbub.node.disk import AGAIN, FULL, GONE, PAUSES_SECONDS, ROOM_AGAIN_BYTES_MIN, ROOM_BYTES_MIN, Disk
from hubbub.storage.base import StorageError
from tests.full_disk import disk_takes_nothing
from tests.server_harness import House, told
from tests.sign_in import arrive

REFUSED = str(DiskTakesNothing())
LOST = "lost words"


async def failed(house: House) -> None:
    """Somebody has spoken into a disk that takes nothing, and everybody was told."""
    house.people["ann"].type(LOST)
    while not house.node.disk.trouble:
        await house.node.gate.ended()
    lines = await house.look()
    assert all(lines.count(f"{name} < {GONE}") == 1 for name in ("ann", "bob"))
    assert not any(LOST in line for line in lines)


async def tried_again(house: House) -> None:
    house.wait(PAUSES_SECONDS[-1])
    await house.settle()


async def test_people_come_back_to_read_and_it_goes_on_by_itself(house: House) -> None:
    await house.account("ann")
    await house.netcat("ann", "login ann correct horse")
    await house.netcat("bob")
    await house.ask("ann", "kept words")
    last = house.node.clock.last_id
    with disk_takes_nothing():
        await failed(house)
        assert house.node.clock.last_id > last, "no id is given out twice"
        assert not house.node.state.users and not house.node.live
        await house.netcat("ann", "login ann correct horse")
        await house.netcat("bob")
        assert any("ann: kept words" in line for line in await house.ask("bob", "/history"))
        assert "bob <   ann" in await house.ask("bob", "?list")
        assert any("ann: kept words" in line for line in await house.ask("bob", "/search kept"))
        for line in ("hello", "@ann psst", "register bob correct horse"):
            assert await house.ask("bob", line) == [f"bob < {REFUSED}"]
        assert "written" in str(ConsoleContext(house.node).status()["Read-only"])
        await tried_again(house)
        assert house.node.disk.trouble
    await tried_again(house)
    assert told(await house.look(), "bob") == [f"*** {AGAIN}"]
    assert "ann < bob: hello" in await house.ask("bob", "hello")
    assert "Read-only" not in ConsoleContext(house.node).status()
    await house.restart()
    assert house.node.state.account_named("ann")
    bob = await house.netcat("bob")
    said = "\n".join(await house.ask(bob.name, "/history"))
    assert "kept words" in said and "hello" in said and LOST not in said


async def test_the_state_is_what_is_stored(house: House) -> None:
    """What happened between the last commit and the failure never was."""
    await house.netcat("ann")
    await house.netcat("bob")
    with disk_takes_nothing():
        answer = house.node.ask(RegisterAccount("carl", Credential("hash", "")))
        assert not isinstance(answer, DiskTakesNothing)
        assert house.node.state.account_named("carl")
        await failed(house)
        assert house.node.state.account_named("carl") is None
        assert [room.name.text for room in house.node.state.rooms.values()].count("Général") == 1
        assert isinstance(house.node.ask(RegisterAccount("carl", Credential("hash", ""))), DiskTakesNothing)
    await tried_again(house)
    house.node.ask(RegisterAccount("carl", Credential("hash", "")))
    await house.settle()


async def test_the_last_room_is_not_taken(house: House) -> None:
    """Nobody is disconnected: what would be written is refused before it happens."""
    await house.netcat("ann")
    await house.netcat("bob")
    house.node.disk.free_bytes = lambda: ROOM_BYTES_MIN - 1
    house.wait(1)
    assert f"bob < *** {FULL}" in await house.look()
    assert await house.ask("ann", "hello") == [f"ann < {REFUSED}"]
    await tried_again(house)
    assert house.node.disk.trouble.startswith("Less than 10 MB of disk space is free")
    house.node.disk.free_bytes = lambda: ROOM_AGAIN_BYTES_MIN - 1
    await tried_again(house)
    assert house.node.disk.trouble, "else it would be full and not full by turns"
    house.node.disk.free_bytes = lambda: ROOM_AGAIN_BYTES_MIN
    await tried_again(house)
    assert f"bob < *** {AGAIN}" in await house.look()
    assert "bob < ann: hello" in await house.ask("ann", "hello")


async def test_guests_come_and_go_though_nothing_is_written(house: House) -> None:
    await house.irc("ann")
    await house.ask("ann", "JOIN #tea")
    await house.ask("ann", "JOIN #Général")
    house.node.disk.free_bytes = lambda: 0
    house.wait(1)
    house.people["ann"].hang_up()
    bob = await house.irc("bob")
    assert len(house.node.live) == 1
    lines = await house.ask("bob", "JOIN #Général")
    assert any("353 bob = #Général bob" in line for line in lines), lines
    assert any("PART" in line for line in await house.ask("bob", "PART #Général"))
    assert await house.ask("bob", "JOIN #new") == [
        f"bob < :hubbub FAIL JOIN DISK_TAKES_NOTHING :{REFUSED}"
    ], bob


@pytest.mark.parametrize("seconds", [0, 3_600])
async def test_a_room_that_went_meanwhile_does_not_come_back(tmp_path: Path, seconds: int) -> None:
    """It would stand beside the next one of its name, and take that one's name with it when it goes again."""
    settings = {"rooms.guests_absence_seconds": seconds, "limits.ping_seconds": 0}
    async with House(tmp_path, settings) as house:
        await house.irc("ann")
        await house.ask("ann", "JOIN #nest")
        house.node.disk.free_bytes = lambda: 0
        house.wait(1)
        await house.ask("ann", "QUIT")
        house.wait(seconds + 60)
        await house.settle()
        assert house.node.state.room_named("nest") is None
        house.node.disk.free_bytes = lambda: ROOM_AGAIN_BYTES_MIN
        await tried_again(house)
        await arrive(house, "bob")
        await house.ask("bob", "JOIN #nest")
        for _ in range(2):
            await house.restart()
            house.wait(seconds + 60)
            await house.settle()
            assert [room.name.text for room in house.node.state.rooms.values()].count("nest") == 1
            assert house.node.state.room_named("nest")


async def test_guests_rooms_go_also_when_the_disk_has_failed(house: House) -> None:
    house.change("limits", ping_seconds=0)
    await house.irc("eve")
    await house.ask("eve", "JOIN #nest")
    await house.netcat("ann")
    await house.netcat("bob")
    with disk_takes_nothing():
        await failed(house)
        assert house.node.state.room_named("nest")
    await tried_again(house)
    house.wait(3_660)
    await house.settle()
    assert house.node.state.room_named("nest") is None
    await house.restart()
    assert house.node.state.room_named("nest") is None


async def test_data_that_can_not_be_read_again_ends_the_server(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.netcat("ann")

    def broken() -> object:
        raise StorageError("The data can't be read.")

    monkeypatch.setattr(house.storage, "load", broken)
    with disk_takes_nothing():
        house.people["ann"].type(LOST)
        while not house.stopped_for:
            await house.node.gate.ended()
    assert house.node.health.is_broken


def test_it_is_tried_less_and_less_often() -> None:
    disk, now = Disk(), 0.0
    for pause in (*PAUSES_SECONDS, PAUSES_SECONDS[-1]):
        disk.fail("full", now)
        assert not disk.is_due(now + pause - 0.1) and disk.is_due(now + pause)
        now += pause
        disk.is_tried = True
        assert not disk.is_due(now)
    disk.recover()
    assert not disk.is_due(now)
    disk.fail("full", now)
    assert disk.is_due(now + PAUSES_SECONDS[0])


async def test_a_folder_that_is_gone_tells_nothing_of_its_room(tmp_path: Path) -> None:
    async with House(tmp_path) as house:

        def gone() -> int:
            raise FileNotFoundError

        house.node.disk.free_bytes = gone
        assert house.node.disk.has_room()
