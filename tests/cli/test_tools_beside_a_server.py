"""Every subcommand, and a shell of SQLite that reads, beside a server on which people talk: nothing said is lost."""

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from hubbub.cli import main
from hubbub.node.lock_notices import FREE, HELD
from tests.cli.test_command import hubbub
from tests.patience import PATIENCE_SECONDS
from tests.server_process import Line, ServerProcess

PASSWORD = "correct horse"


@dataclass(frozen=True)
class Beside:
    """What is typed beside the server, and what comes of it; `{copy}` is a backup, `{new}` a name that is free."""

    words: tuple[str, ...]
    status: int
    told: str
    typed: str = ""


TOOLS: dict[str, tuple[Beside, ...]] = {
    "serve": (Beside(("serve", "-p", "0"), 1, "A server is already running on"),),
    "chat": (Beside(("chat", "localhost"), 1, "The chat needs a terminal."),),
    "desktop": (Beside(("desktop", "--register"), 0, ""),),
    "admin": (
        Beside(("admin", "status"), 0, "Up for"),
        Beside(("admin", "backup", "{new}"), 0, ""),
        Beside(("admin", "create-admin", "root1"), 0, "root1 is now an administrator", f"{PASSWORD}\n"),
        Beside(("admin",), 0, "Marketing", "rooms\nexit\n"),
    ),
    "config": (Beside(("config",), 0, "server.port"), Beside(("config", "--example"), 0, "[server]")),
    "hash-password": (Beside(("hash-password",), 0, "$argon2id$", f"{PASSWORD}\n"),),
    "new-key": (Beside(("new-key",), 0, "begins with a new key"),),
    "backup": (
        Beside(("backup", "{new}"), 0, "The backup is in"),
        Beside(("backup", "{copy}", "--replace"), 0, "The backup is in"),
        Beside(("backup", "{data}/hubbub.db", "--replace"), 1, "inside the data folder"),
    ),
    "restore": (
        Beside(("restore", "{copy}"), 1, "already contains data"),
        Beside(("restore", "{copy}", "--replace"), 1, "A server is already running on"),
    ),
    "check": (Beside(("check",), 0, "The data is intact."),),
}
NO_DATA = ("chat", "hash-password", "--example", "--register")
"""What is asked of no data folder."""


def test_no_subcommand_is_left_out() -> None:
    assert set(TOOLS) == set(main.commands), "a new subcommand needs a row in TOOLS"


class Talk:
    """Ann says one thing after the other, and bob is shown it."""

    def __init__(self, ann: Line, bob: Line) -> None:
        self._ann, self._bob = ann, bob
        self.said = 0

    async def once(self) -> None:
        self.say()
        await self.heard()

    def say(self) -> None:
        self.said += 1
        self._ann.type(f"PRIVMSG #Général :number {self.said} of ann")

    async def heard(self) -> None:
        await self._bob.until(f"PRIVMSG #Général :number {self.said} of ann")

    async def on(self) -> None:
        while True:
            await self.once()


@asynccontextmanager
async def talk_beside(server: ServerProcess) -> AsyncIterator[Talk]:
    """People talk until the block ends, and are able to say something afterwards."""
    lines = []
    for name in ("ann", "bob"):
        line = await server.connect()
        line.type(
            "CAP REQ :draft/account-registration", f"NICK {name}", f"USER {name} 0 * :{name}", "CAP END"
        )
        line.type(f"REGISTER * * :{PASSWORD}")
        await line.until("REGISTER SUCCESS")
        lines.append(line)
    talk = Talk(*lines)
    await talk.once()
    talking = asyncio.create_task(talk.on())
    yield talk
    assert not talking.done(), talking.exception()
    talking.cancel()
    await asyncio.gather(talking, return_exceptions=True)
    talk.said += 1
    await talk.once()


async def everything_is_there(server: ServerProcess, said: int) -> None:
    """After an orderly stop the data is whole and holds all that was shown, and the next server lets people in."""
    data = ("--data", str(server.data))
    server.terminate()
    assert await server.ended() == 0
    assert await hubbub("check", *data) == (0, "The data is intact.\n")
    with closing(sqlite3.connect(server.data / "hubbub.db")) as database:
        texts = "SELECT text FROM message UNION ALL SELECT text FROM fresh"
        found = database.execute(f"SELECT text FROM ({texts}) WHERE text LIKE 'number % of ann'").fetchall()
    assert len(found) == len(set(found)) and (f"number {said} of ann",) in found
    # What was still being said when the tool had ended may have been said by nobody.
    assert {(f"number {number} of ann",) for number in range(1, said + 1)} - set(found) <= {
        (f"number {said - 1} of ann",)
    }
    await server.start()
    ann = await server.connect()
    ann.type(f"login ann {PASSWORD}")
    await ann.until("Welcome to Hubbub, ann")


@pytest.mark.timeout(1200)
async def test_no_tool_beside_a_server_does_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One after the other beside the same server, since each start costs more than all that is tried."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "menu"))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    data, copy = tmp_path / "data", tmp_path / "copy.hub"
    async with ServerProcess(data, settings={"HUBBUB_LIMITS_EXEMPT": "127.0.0.1"}) as server:
        assert (await hubbub("backup", str(copy), "--data", str(data)))[0] == 0
        async with talk_beside(server) as talk:
            for number, beside in enumerate(beside for tools in TOOLS.values() for beside in tools):
                places = {"copy": copy, "new": tmp_path / f"{number}.hub", "data": data}
                words = [word.format(**places) for word in beside.words]
                if not set(NO_DATA) & set(words):
                    words[1:1] = ("--data", str(data))
                before = talk.said
                status, output = await hubbub(*words, typed=beside.typed)
                assert status == beside.status and beside.told in output, (words, output)
                assert "Traceback" not in output, words
                assert talk.said > before, f"nobody could talk beside {words}"
        await everything_is_there(server, talk.said)


@contextmanager
def shell(data: Path, *statements: str) -> Iterator[None]:
    """A shell of SQLite that somebody has left open."""
    with closing(sqlite3.connect(data / "hubbub.db", isolation_level=None, timeout=60)) as database:
        for statement in statements:
            database.execute(statement).fetchall()
        yield


async def test_a_shell_left_open_while_it_reads(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path, settings={"HUBBUB_LIMITS_EXEMPT": "127.0.0.1"}) as server:
        async with talk_beside(server) as talk:
            with shell(tmp_path, "BEGIN", "SELECT count(*) FROM message"):
                before = talk.said
                # People go on, whatever it keeps the server from tidying up; so do the server's own tools.
                assert (await hubbub("check", "--data", str(tmp_path)))[0] == 0
                assert talk.said > before
        await everything_is_there(server, talk.said)


HOLD = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
database.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
database.execute("ROLLBACK")
"""


@asynccontextmanager
async def held_lock(data: Path) -> AsyncIterator[None]:
    """Another program has begun to write, and thinks until the block ends."""
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", HOLD, str(data / "hubbub.db")),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert program.stdout is not None
        assert await program.stdout.readline() == b"held\n"
        yield
    finally:
        await program.communicate(b"\n")
    assert program.returncode == 0


async def logged(server: ServerProcess, sentence: str) -> None:
    """Until its log, which is its terminal's, has told this."""
    terminal = server.process.stdout
    assert terminal is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        while sentence not in (line := (await terminal.readline()).decode()):
            assert line, f"it ended, and never told: {sentence}"


async def test_a_program_that_holds_the_lock_for_writing(tmp_path: Path) -> None:
    """Whoever runs the server is told; nobody is shown what is not kept; it goes on where it was."""
    settings = {"HUBBUB_LIMITS_EXEMPT": "127.0.0.1", "HUBBUB_LOG_CONSOLE": "yes"}
    async with ServerProcess(tmp_path, settings=settings) as server:
        async with talk_beside(server) as talk:
            late = await server.connect()
            async with held_lock(tmp_path):
                await logged(server, "Another program holds the database lock")
                late.type("NICK late", "USER late 0 * :late")
                held = talk.said
                assert (await hubbub("check", "--data", str(tmp_path)))[0] == 0
                assert (await hubbub("backup", str(tmp_path.with_suffix(".hub")), "--data", str(tmp_path)))[
                    0
                ] == 0
                assert talk.said == held, "what is not kept was shown"
                await late.until(HELD)
            await late.until(FREE)
            await logged(server, "The database lock is free again")
        assert talk.said > held
        await everything_is_there(server, talk.said)


async def test_a_server_that_stops_beside_a_held_lock(tmp_path: Path) -> None:
    """It ends with a sentence; what anybody was shown is there."""
    async with ServerProcess(tmp_path, settings={"HUBBUB_LOG_CONSOLE": "yes"}) as server:
        ann = await server.connect()
        ann.type(
            "NICK ann", "USER ann 0 * :ann", "CAP REQ echo-message", "JOIN #Général", "PRIVMSG #Général :kept"
        )
        await ann.until("PRIVMSG #Général :kept")
        async with held_lock(tmp_path):
            ann.type("PRIVMSG #Général :not kept")
            await logged(server, "Another program holds the database lock")
            server.terminate()
            status = await server.ended()
        assert server.process.stdout is not None
        assert status == 1 and b"Traceback" not in await server.process.stdout.read()
    assert await hubbub("check", "--data", str(tmp_path)) == (0, "The data is intact.\n")
    with closing(sqlite3.connect(tmp_path / "hubbub.db")) as database:
        texts = [
            text for (text,) in database.execute("SELECT text FROM message UNION ALL SELECT text FROM fresh")
        ]
    assert texts == ["kept"]
