"""A clock that was wrong once is noticed, and told in the log and to administrators."""

import logging
from pathlib import Path

import pytest

from hubbub.node.desk import ConsoleDesk
from hubbub.node.wall_clock import WallClock, behind
from tests.house import START_MS, House

DAY_MS = 86_400_000


def test_a_jump_is_told_once_and_a_correction_is_none() -> None:
    clock = WallClock(START_MS, 100.0)
    assert clock.jumped(START_MS + 1_000, 101.0) == ""
    assert clock.jumped(START_MS + 1_000 + 59_000, 101.0) == ""
    told = clock.jumped(START_MS + 60_000 + DAY_MS, 101.0)
    assert told.startswith("The clock of this machine has jumped by 86400 seconds, from 2026-11-18")
    assert clock.jumped(START_MS + 61_000 + DAY_MS, 102.0) == ""
    assert "by -86400 seconds" in clock.jumped(START_MS + 62_000, 103.0)


def test_a_past_that_is_ahead_is_told() -> None:
    assert behind(START_MS, START_MS + 59_000) == ""
    assert "it is wrong, or was wrong then" in behind(START_MS, START_MS + DAY_MS)


async def test_administrators_and_the_log_tell_of_a_clock_that_was_wrong(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("hubbub").propagate = True
    async with House(tmp_path) as house:
        assert "Clock" not in ConsoleDesk(house.node).status()
        house.now_ms += 40 * DAY_MS
        await house.netcat("ann", "register ann correct horse")
        house.now_ms -= 40 * DAY_MS
        await house.restart()
        told = str(ConsoleDesk(house.node).status()["Clock"])
        assert told.startswith("The last thing that happened here is of ") and told in caplog.messages
