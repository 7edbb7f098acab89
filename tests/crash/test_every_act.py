"""Kill the server while people act at every door: what was confirmed to anybody is there afterwards, once, in order.

HUBBUB_CRASHES says how often it is killed; `make crash` asks for 200.
"""

import asyncio
import doctest
import os
import random
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import aiohttp
import pytest

from tests.cli.test_command import hubbub
from tests.crash import ledger as ledger_module
from tests.crash.acts import Api, ask_over_http, found_on_irc, talk_on_irc, talk_on_netcat, until_gone
from tests.crash.audit import History, audit_accounts, audit_api, audit_messages, audit_private, audit_rooms
from tests.crash.doors import IRC_DOORS, PASSWORD, PLACE, Chat, by_tcp, come_in
from tests.crash.ledger import Ledger
from tests.server_process import ServerProcess
from tests.ssh.test_ssh import Terminal, visit

CRASHES = int(os.environ.get("HUBBUB_CRASHES", "3"))
_LIMITS = ("LINES_A_SECOND", "ROOMS_MADE", "ROOMS_MADE_AN_ACCOUNT_A_DAY", "ROOMS_A_PERSON")
SETTINGS = {
    **{f"HUBBUB_LIMITS_{name}": "off" for name in _LIMITS},
    "HUBBUB_LIMITS_EXEMPT": "127.0.0.1",
    "HUBBUB_ACCOUNTS_HASH_MEMORY_KIB": "8192",
    "HUBBUB_ACCOUNTS_HASH_PASSES": "1",
}
_SHOWN = re.compile(rf"@(?:\S+;)?msgid=(?P<id>[^; ]+)\S* :\S+ PRIVMSG {PLACE} :(?:shell-(?P<typed>\d+) )?")


def test_the_ledger() -> None:
    assert doctest.testmod(ledger_module).failed == 0


class Trial:
    """One data folder over many kills."""

    def __init__(self, server: ServerProcess) -> None:
        self.server = server
        self.ledger = Ledger()
        self.numbers = {name: count(1) for name in (*IRC_DOORS, "cat", "api")}
        self.room, self.conversation = History(), History()
        self.seen: list[str] = []
        """The ids that one of them was shown since the start, in that order."""
        self.arrived = asyncio.Condition()
        self.typed = 0
        """What of the lines typed by ssh somebody was shown last."""

    async def people(self) -> None:
        for name in (*IRC_DOORS, "cat", "ear", "shell"):
            line = Chat(await by_tcp(self.server), self.ledger)
            line.type(
                "CAP REQ :draft/account-registration", f"NICK {name}", f"USER {name} 0 * :{name}", "CAP END"
            )
            line.type(f"REGISTER * * :{PASSWORD}", f"JOIN #{name}room", "QUIT")
            await line.until("ERROR")

    @asynccontextmanager
    async def api(self) -> AsyncIterator[tuple[Api, Chat]]:
        boss = await come_in(await by_tcp(self.server), self.ledger, "boss")
        boss.type("TICKET")
        ticket = (await boss.until(" TICKET "))[-1].rpartition(" ")[2]
        async with aiohttp.ClientSession() as http:
            yield Api(http, self.server.port, ticket), boss

    async def act(self, run: int, seconds: float) -> None:
        """People come by every door and act; after a while the server is killed."""
        chats = {
            name: await come_in(await door(self.server), self.ledger, name)
            for name, door in IRC_DOORS.items()
        }
        newcomers = {name: await door(self.server) for name, door in IRC_DOORS.items()}
        watcher = await come_in(await by_tcp(self.server), self.ledger, "ear")
        cat = Chat(await by_tcp(self.server), self.ledger)
        cat.type(f"login cat {PASSWORD}")
        await cat.until("help")
        async with self.api() as (api, _):
            acting = asyncio.create_task(
                until_gone(
                    *(talk_on_irc(chat, name, self.numbers[name]) for name, chat in chats.items()),
                    *(found_on_irc(chats[name], lines, name, run) for name, lines in newcomers.items()),
                    talk_on_netcat(cat, self.server, run, self.numbers["cat"]),
                    ask_over_http(api, self.ledger, self.numbers["api"]),
                    self.watch(watcher),
                )
            )
            await asyncio.wait([acting], timeout=seconds)
            self.server.kill()
            await self.server.ended()
            await acting
        for lines in (*(chat.lines for chat in chats.values()), *newcomers.values()):
            await lines.close()

    async def watch(self, watcher: Chat) -> None:
        """Be shown everything. Raises Gone."""
        self.seen = []
        while True:
            if found := _SHOWN.match(await watcher.hear()):
                self.seen.append(found["id"])
                if found["typed"]:
                    await self.note_typed(int(found["typed"]))

    async def note_typed(self, number: int) -> None:
        async with self.arrived:
            self.typed = max(self.typed, number)
            self.arrived.notify_all()

    async def type_by_ssh(self, terminal: Terminal) -> None:
        """A line after the other, each when the one before it was shown to somebody, whatever happens meanwhile."""
        while True:
            number = self.typed + 1
            terminal.type(f"shell-{number} first\r")
            async with self.arrived:
                await self.arrived.wait_for(lambda number=number: self.typed >= number)  # type: ignore[misc]

    async def audit(self) -> None:
        await audit_messages(self.server, self.ledger, self.room, self.seen)
        await self.note_typed(max((int(name.removeprefix("shell-")) for name in self.room.shell), default=0))
        await audit_private(self.server, self.ledger, self.conversation)
        await audit_rooms(self.server, self.ledger)
        await audit_accounts(self.server, self.ledger)
        async with self.api() as (api, boss):
            await audit_api(api, self.ledger)
            boss.type("QUIT")
        assert not self.ledger.touched, self.ledger.touched


async def drain(terminal: Terminal) -> None:
    """Take what is drawn: a terminal that takes nothing is not read from."""
    while await terminal.process.stdout.read(65_536):
        pass


@pytest.mark.timeout(2 * (120 + 20 * CRASHES))
async def test_nothing_confirmed_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    data, chance = tmp_path / "data", random.Random()
    status, output = await hubbub("admin", "create-admin", "boss", "--data", str(data), typed=f"{PASSWORD}\n")
    assert status == 0, output
    trial = Trial(ServerProcess(data, settings=SETTINGS))
    async with trial.server:
        await trial.people()
        async with visit(trial.server, "shell", password=PASSWORD) as terminal:
            await terminal.until(PLACE[1:])
            ssh = [asyncio.create_task(work) for work in (trial.type_by_ssh(terminal), drain(terminal))]
            for run in range(CRASHES):
                await trial.act(run, chance.uniform(0.05, 1.5))
                await trial.server.start()
                await trial.audit()
            ssh[0].cancel()
            await asyncio.gather(ssh[0], return_exceptions=True)
        assert set(trial.room.shell.values()) <= {1}, "what was typed by ssh is there once"
    print(f"{CRASHES} kills, {trial.ledger.confirmations} acts confirmed, {trial.typed} lines by ssh")
    assert trial.ledger.confirmations > 10 * CRASHES
