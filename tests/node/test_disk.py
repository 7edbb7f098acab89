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
from tests.server_harness import ServerHarness, told
from tests.sign_in import arrive

REFUSED = str(DiskTakesNothing())
LOST = "lost words"


async def failed(harness: ServerHarness) -> None:
    """Somebody has spoken into a disk that takes nothing, and everybody was told."""
    harness.people["ann"].type(LOST)
    while not harness.node.disk.trouble:
        await harness.node.gate.ended()
    lines = await harness.look()
    assert all(lines.count(f"{name} < {GONE}") == 1 for name in ("ann", "bob"))
    assert not any(LOST in line for line in lines)


async def tried_again(harness: ServerHarness) -> None:
    harness.wait(PAUSES_SECONDS[-1])
    await harness.settle()


async def test_people_come_back_to_read_and_it_goes_on_by_itself(harness: ServerHarness) -> None:
    await harness.account("ann")
    await harness.netcat("ann", "login ann correct horse")
    await harness.netcat("bob")
    await harness.ask("ann", "kept words")
    last = harness.node.clock.last_id
    with disk_takes_nothing():
        await failed(harness)
        assert harness.node.clock.last_id > last, "no id is given out twice"
        assert not harness.node.state.users and not harness.node.live
        await harness.netcat("ann", "login ann correct horse")
        await harness.netcat("bob")
        assert any("ann: kept words" in line for line in await harness.ask("bob", "/history"))
        assert "bob <   ann" in await harness.ask("bob", "?list")
        assert any("ann: kept words" in line for line in await harness.ask("bob", "/search kept"))
        for line in ("hello", "@ann psst", "register bob correct horse"):
            assert await harness.ask("bob", line) == [f"bob < {REFUSED}"]
        assert "written" in str(ConsoleContext(harness.node).status()["Read-only"])
        await tried_again(harness)
        assert harness.node.disk.trouble
    await tried_again(harness)
    assert told(await harness.look(), "bob") == [f"*** {AGAIN}"]
    assert "ann < bob: hello" in await harness.ask("bob", "hello")
    assert "Read-only" not in ConsoleContext(harness.node).status()
    await harness.restart()
    assert harness.node.state.account_named("ann")
    bob = await harness.netcat("bob")
    said = "\n".join(await harness.ask(bob.name, "/history"))
    assert "kept words" in said and "hello" in said and LOST not in said


async def test_the_state_is_what_is_stored(harness: ServerHarness) -> None:
    """What happened between the last commit and the failure never was."""
    await harness.netcat("ann")
    await harness.netcat("bob")
    with disk_takes_nothing():
        answer = harness.node.ask(RegisterAccount("carl", Credential("hash", "")))
        assert not isinstance(answer, DiskTakesNothing)
        assert harness.node.state.account_named("carl")
        await failed(harness)
        assert harness.node.state.account_named("carl") is None
        assert [room.name.text for room in harness.node.state.rooms.values()].count("Général") == 1
        assert isinstance(harness.node.ask(RegisterAccount("carl", Credential("hash", ""))), DiskTakesNothing)
    await tried_again(harness)
    harness.node.ask(RegisterAccount("carl", Credential("hash", "")))
    await harness.settle()


async def test_the_last_room_is_not_taken(harness: ServerHarness) -> None:
    """Nobody is disconnected: what would be written is refused before it happens."""
    await harness.netcat("ann")
    await harness.netcat("bob")
    harness.node.disk.free_bytes = lambda: ROOM_BYTES_MIN - 1
    harness.wait(1)
    assert f"bob < *** {FULL}" in await harness.look()
    assert await harness.ask("ann", "hello") == [f"ann < {REFUSED}"]
    await tried_again(harness)
    assert harness.node.disk.trouble.startswith("Less than 10 MB of disk space is free")
    harness.node.disk.free_bytes = lambda: ROOM_AGAIN_BYTES_MIN - 1
    await tried_again(harness)
    assert harness.node.disk.trouble, "else it would be full and not full by turns"
    harness.node.disk.free_bytes = lambda: ROOM_AGAIN_BYTES_MIN
    await tried_again(harness)
    assert f"bob < *** {AGAIN}" in await harness.look()
    assert "bob < ann: hello" in await harness.ask("ann", "hello")


async def test_guests_come_and_go_though_nothing_is_written(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await harness.ask("ann", "JOIN #tea")
    await harness.ask("ann", "JOIN #Général")
    harness.node.disk.free_bytes = lambda: 0
    harness.wait(1)
    harness.people["ann"].hang_up()
    bob = await harness.irc("bob")
    assert len(harness.node.live) == 1
    lines = await harness.ask("bob", "JOIN #Général")
    assert any("353 bob = #Général bob" in line for line in lines), lines
    assert any("PART" in line for line in await harness.ask("bob", "PART #Général"))
    assert await harness.ask("bob", "JOIN #new") == [
        f"bob < :hubbub FAIL JOIN DISK_TAKES_NOTHING :{REFUSED}"
    ], bob


@pytest.mark.parametrize("seconds", [0, 3_600])
async def test_a_room_that_went_meanwhile_does_not_come_back(tmp_path: Path, seconds: int) -> None:
    """It would stand beside the next one of its name, and take that one's name with it when it goes again."""
    settings = {"rooms.guests_absence_seconds": seconds, "limits.ping_seconds": 0}
    async with ServerHarness(tmp_path, settings) as harness:
        await harness.irc("ann")
        await harness.ask("ann", "JOIN #nest")
        harness.node.disk.free_bytes = lambda: 0
        harness.wait(1)
        await harness.ask("ann", "QUIT")
        harness.wait(seconds + 60)
        await harness.settle()
        assert harness.node.state.room_named("nest") is None
        harness.node.disk.free_bytes = lambda: ROOM_AGAIN_BYTES_MIN
        await tried_again(harness)
        await arrive(harness, "bob")
        await harness.ask("bob", "JOIN #nest")
        for _ in range(2):
            await harness.restart()
            harness.wait(seconds + 60)
            await harness.settle()
            assert [room.name.text for room in harness.node.state.rooms.values()].count("nest") == 1
            assert harness.node.state.room_named("nest")


async def test_guests_rooms_go_also_when_the_disk_has_failed(harness: ServerHarness) -> None:
    harness.change("limits", ping_seconds=0)
    await harness.irc("eve")
    await harness.ask("eve", "JOIN #nest")
    await harness.netcat("ann")
    await harness.netcat("bob")
    with disk_takes_nothing():
        await failed(harness)
        assert harness.node.state.room_named("nest")
    await tried_again(harness)
    harness.wait(3_660)
    await harness.settle()
    assert harness.node.state.room_named("nest") is None
    await harness.restart()
    assert harness.node.state.room_named("nest") is None


async def test_data_that_can_not_be_read_again_ends_the_server(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await harness.netcat("ann")

    def broken() -> object:
        raise StorageError("The data can't be read.")

    monkeypatch.setattr(harness.storage, "load", broken)
    with disk_takes_nothing():
        harness.people["ann"].type(LOST)
        while not harness.stopped_for:
            await harness.node.gate.ended()
    assert harness.node.health.is_broken


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
    async with ServerHarness(tmp_path) as harness:

        def gone() -> int:
            raise FileNotFoundError

        harness.node.disk.free_bytes = gone
        assert harness.node.disk.has_room()
