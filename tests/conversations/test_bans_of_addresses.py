"""Who is kept out by address stays out, however the ban and the address are written, and at whichever door."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from hubbub.admin.answers import Result
from hubbub.admin.interpreter import run
from hubbub.node.admin_context import ConsoleContext
from hubbub.storage import maintenance, schema
from hubbub.transports.base import GATEWAY, Peer, WireProtocol
from tests.memory_connection import MemoryConnection
from tests.server_harness import ServerHarness, told

HASH = PasswordHasher(time_cost=1, memory_cost=8192).hash("hunter2")
WEBIRC = f'[gateways.webchat]\npassword = "{HASH}"\nnetworks = ["::ffff:203.0.113.0/120"]\n'

SPELLINGS = {
    "198.51.100.7": ("198.51.100.7", "::ffff:198.51.100.7", "::FFFF:C633:6407", "0:0:0:0:0:ffff:c633:6407"),
    "198.51.100.0/24": ("198.51.100.7", "::ffff:198.51.100.7"),
    "::ffff:198.51.100.7": ("198.51.100.7", "::ffff:198.51.100.7"),
    "::ffff:198.51.100.0/120": ("198.51.100.7", "::ffff:198.51.100.7"),
    "fe80::1%eth0": ("fe80::1", "fe80::1%eth1", "FE80:0::1"),
    "fe80::/64": ("fe80::1%3",),
}
PAIRS = [(ban, address) for ban, addresses in SPELLINGS.items() for address in addresses]

DOORS = {
    "irc": (WireProtocol.IRC, "main"),
    "netcat": (WireProtocol.NETCAT, "main"),
    "websocket": (WireProtocol.WEBSOCKET, "main"),
    "ssh": (WireProtocol.SSH, GATEWAY),
}


async def _console(harness: ServerHarness, line: str) -> Result:
    return await run(ConsoleContext(harness.node), line)


def _knock(harness: ServerHarness, door: str, address: str) -> MemoryConnection:
    kind, listener = DOORS[door]
    connection = MemoryConnection(Peer(address, 40000, True, kind, listener))
    harness.node.entrance.accept(connection)
    return connection


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("ban", "address"), PAIRS)
async def test_a_ban_holds_at_every_door(harness: ServerHarness, door: str, ban: str, address: str) -> None:
    first = _knock(harness, door, address)
    answer = await _console(harness, f"ban ip {ban} botnet")
    assert answer.ok, answer.lines
    await harness.settle()
    assert first.closed, "who is here already is out"
    second = _knock(harness, door, address)
    await harness.settle()
    assert second.closed and b"banned" in second.take()


@pytest.mark.parametrize("address", ["198.51.100.7", "0::ffff:198.51.100.7", "0::ffff:c633:6407"])
async def test_a_ban_holds_who_comes_through_a_gateway(tmp_path: Path, address: str) -> None:
    (tmp_path / "hubbub.toml").write_text(WEBIRC)
    async with ServerHarness(tmp_path) as harness:
        await _console(harness, "ban ip ::ffff:198.51.100.0/120 botnet")
        harness.connect("web", address="203.0.113.9", secure=True)
        lines = told(await harness.ask("web", f"WEBIRC hunter2 Example host {address}"), "web")
        assert any("You are banned" in line for line in lines)


OLD_ROWS = [
    ("network", "::ffff:198.51.100.7/128", None, "old form", "Console", 1),
    ("network", "198.51.100.7/32", 9, "shorter", "Console", 2),
    ("network", "::ffff:192.0.2.0/120", None, "a network", "Console", 3),
    ("network", "2001:db8::/64", None, "as it was", "Console", 4),
]


async def test_bans_of_an_older_database_come_into_the_one_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two rows for one network the one that holds longest stays."""
    steps = schema.MIGRATIONS
    step = next(number for number, text in enumerate(steps) if "network_form" in text)
    with closing(sqlite3.connect(tmp_path / "hubbub.db")) as database:
        monkeypatch.setattr(maintenance, "MIGRATIONS", steps[:step])
        maintenance.migrate(database, tmp_path / "hubbub.db")
        monkeypatch.undo()
        database.executemany("INSERT INTO sanction VALUES (?, ?, ?, ?, ?, ?)", OLD_ROWS)
        database.commit()
    async with ServerHarness(tmp_path) as harness:
        kept = {str(network): one.reason for network, one in harness.node.state.networks_kept_out.items()}
        assert kept == {
            "198.51.100.7/32": "old form",
            "192.0.2.0/24": "a network",
            "2001:db8::/64": "as it was",
        }
        assert (await _console(harness, "unban ip ::ffff:198.51.100.7")).ok
        await harness.restart()
        assert set(map(str, harness.node.state.networks_kept_out)) == {"192.0.2.0/24", "2001:db8::/64"}
