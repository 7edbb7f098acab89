"""Slips of the pen: which name was meant, and what it costs to find it."""

import random
from pathlib import Path

import pytest

from hubbub.engine.names import RoomName
from hubbub.engine.rooms import CreateRoom
from hubbub.spelling import meant
from tests.opcodes import counting
from tests.server_harness import ServerHarness

ROOMS = 40
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuv"
A_ROOM_MAX = 1_000
"""Opcodes for each room that is looked at; to compare every letter with every other takes ten thousands."""


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        *(("cofee", "coffee"), ("lobbby", "lobby"), ("lobyb", "lobby"), ("obby", "lobby"), ("lobb", "lobby")),
        *(("lobby", "bobby"), ("lobby-", "lobby"), ("général", "généraal"), ("aaa", "aaaa"), ("team", "tea")),
    ],
)
def test_one_slip_is_understood(wanted: str, name: str) -> None:
    assert meant(wanted, ["other", name, "zzz"]) == name


@pytest.mark.parametrize(
    ("wanted", "name"), [("ab", "xy"), ("tea", "coffee"), ("tea", "t"), ("a", "b"), ("lbby", "loobyy")]
)
def test_what_is_unlike_is_not_meant(wanted: str, name: str) -> None:
    assert meant(wanted, [name]) == ""


def test_the_most_like_is_meant() -> None:
    assert meant("coffe", ["cofxx", "coffee", "coffem"]) == "coffee"


@pytest.mark.parametrize("same", [0, 30])
async def test_strangers_make_no_names_for_which_it_is_dear(tmp_path: Path, same: int) -> None:
    """One burst of somebody by netcat kept everybody waiting for seconds, with some eighty rooms of guests."""
    chance = random.Random(1)

    def name() -> str:
        return LETTERS[:same] + "".join(chance.sample(LETTERS[same:], len(LETTERS) - same))

    async with ServerHarness(tmp_path) as harness:
        await harness.netcat("eve")

        async def asked() -> int:
            with counting("") as count:
                harness.people["eve"].type(f"/join {name()}")
            assert any("There is no room" in line for line in await harness.look())
            return count.opcodes

        before = await asked()
        for _ in range(ROOMS):
            made = RoomName.parse(name())
            assert isinstance(made, RoomName)
            harness.node.ask(CreateRoom(made))
        await harness.settle()
        assert await asked() - before <= A_ROOM_MAX * ROOMS
