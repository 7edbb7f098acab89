"""People who chat are told that another program keeps the server from writing, and that it goes on; each of it once."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hubbub.node.lock_notices import FREE, HELD
from hubbub.storage import sqlite
from hubbub.transports.base import WireProtocol
from tests.patience import PATIENCE_SECONDS
from tests.server_harness import ServerHarness


async def shown(harness: ServerHarness, *names: str) -> dict[str, list[str]]:
    """What each of these sees, once all of them see something."""
    seen: dict[str, list[str]] = {name: [] for name in names}
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not all(seen.values()):
            await asyncio.sleep(0.01)
            for name, lines in seen.items():
                lines += harness.people[name].seen()
    return seen


def times(lines: list[str], sentence: str) -> int:
    return sum(sentence in line for line in lines)


async def test_everybody_is_told_once_that_all_waits_and_that_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "SECONDS", 0.05)
    async with ServerHarness(tmp_path) as harness:
        await harness.netcat("ann")
        await harness.irc("bob", "server-time message-tags")
        await harness.ask("bob", "JOIN #Général")
        with closing(sqlite3.connect(tmp_path / "hubbub.db", isolation_level=None)) as shell:
            shell.execute("BEGIN IMMEDIATE")
            harness.people["ann"].type("hello")
            for lines in (await shown(harness, "ann", "bob")).values():
                assert len(lines) == 1 and HELD in lines[0], "what is not kept was shown"
            harness.connect("carl", WireProtocol.NETCAT).type("carl")
            harness.wait(1)
            assert times((await shown(harness, "carl"))["carl"], HELD) == 1
            harness.wait(1)
            harness.people["bob"].type("PRIVMSG #Général :and you")
            assert not harness.people["ann"].seen() and not harness.people["bob"].seen()
            shell.execute("ROLLBACK")
        async with asyncio.timeout(PATIENCE_SECONDS):
            lines = await harness.look()
        for name in ("ann", "bob", "carl"):
            own = [line for line in lines if line.startswith(f"{name} < ")]
            assert times(own, FREE) == 1 and FREE in own[0] and not times(own, HELD)
        assert times(lines, "ann: hello") and times(lines, "and you")
        await harness.netcat("dora")
        assert not harness.node.health.is_broken
