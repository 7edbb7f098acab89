"""What sessions by ssh cost: memory and processor time of the gateway for each, against the first one."""

import asyncio
import resource
import tempfile
from pathlib import Path

import asyncssh

from tests.server_process import Line, ServerProcess

MESSAGES = 1_000
LIMIT_MIB = 6.0
SAID = 20
PAUSE_SECONDS = 1.0
IDLE_SECONDS = 15
READ_BYTES = 65_536


def _status(process: int, field: str) -> float:
    """A field of /proc in MiB."""
    for line in Path(f"/proc/{process}/status").read_text("utf-8").splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    raise LookupError(field)


def _cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def _child(parent: int) -> int:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text("utf-8").split()
    return int(children[0])


async def ssh(sessions: int) -> list[tuple[str, str]]:
    """Names and figures: guests in one room, each with a terminal of 120 columns and 36 lines."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 65_536), most))
    settings = {"HUBBUB_LIMITS_CONNECTIONS_AN_ADDRESS": "0", "HUBBUB_LIMITS_LINES_A_SECOND": "0"}
    with tempfile.TemporaryDirectory() as folder:
        async with ServerProcess(Path(folder) / "data", settings=settings) as server:
            line = await server.connect()
            line.type("NICK filler", "USER f 0 * :f", "JOIN #tea")
            line.type(
                *(f"PRIVMSG #tea :message {number} with some words in it" for number in range(MESSAGES))
            )
            line.type("PING x")
            await line.until("PONG")
            visitors = [await _arrive(server.port, 0)]
            gateway = _child(server.process.pid)
            first = (_status(gateway, "VmRSS"), _cpu(gateway))
            visitors += [await _arrive(server.port, number) for number in range(1, sessions)]
            memory, cpu = _status(gateway, "VmRSS"), _cpu(gateway)
            idle = await _idle(gateway)
            drawing = await _draw(line, gateway) - idle * PAUSE_SECONDS
            for visitor in visitors:
                await visitor.leave()
    others = sessions - 1
    each = (memory - first[0]) / others
    holds = "holds" if each <= LIMIT_MIB else "DOES NOT HOLD"
    return [
        ("the gateway with one of them", f"{first[0]:8.1f} MiB"),
        (f"the gateway with {sessions}", f"{memory:8.1f} MiB"),
        ("each further one", f"{each:8.2f} MiB   (at most {LIMIT_MIB:.0f}: {holds})"),
        ("processor time until one is in the room", f"{(cpu - first[1]) / others:8.2f} s"),
        ("one on which nothing happens", f"{idle / sessions * 100:8.2f} % of a processor"),
        ("drawing a message on one screen", f"{drawing / sessions * 1000:8.2f} ms of processor time"),
    ]


async def _arrive(port: int, number: int) -> "_Visitor":
    """Somebody comes in, and sees what was said in the room last."""
    connection = await asyncssh.connect(
        "127.0.0.1", port, username=f"guest{number}", known_hosts=None, client_keys=None, config=None
    )
    process = await connection.create_process(term_type="xterm-256color", term_size=(120, 36), encoding=None)
    visitor = _Visitor(connection, process)
    await visitor.until(b"Ctrl+K")
    process.stdin.write(b"/join tea\r")
    await visitor.until(f"message {MESSAGES - 1}".encode())
    visitor.drain()
    return visitor


async def _idle(gateway: int) -> float:
    """The seconds of processor time in a second in which nothing happens."""
    await asyncio.sleep(5 * PAUSE_SECONDS)
    before = _cpu(gateway)
    await asyncio.sleep(IDLE_SECONDS)
    return (_cpu(gateway) - before) / IDLE_SECONDS


async def _draw(line: Line, gateway: int) -> float:
    """The seconds of processor time that a message takes on all screens."""
    before = _cpu(gateway)
    for number in range(SAID):
        line.type(f"PRIVMSG #tea :live {number}")
        await asyncio.sleep(PAUSE_SECONDS)
    return (_cpu(gateway) - before) / SAID


class _Visitor:
    """A terminal at the other end of an ssh connection."""

    def __init__(
        self, connection: asyncssh.SSHClientConnection, process: "asyncssh.SSHClientProcess[bytes]"
    ) -> None:
        self._connection = connection
        self._process = process
        self._draining: asyncio.Task[None] | None = None

    async def until(self, part: bytes) -> None:
        """Read what is drawn until this is among it."""
        drawn = b""
        async with asyncio.timeout(60):
            while part not in drawn:
                drawn = drawn[-10_000:] + await self._process.stdout.read(READ_BYTES)

    def drain(self) -> None:
        """Take whatever is drawn from now on."""
        self._draining = asyncio.create_task(self._drain())

    async def _drain(self) -> None:
        while await self._process.stdout.read(READ_BYTES):
            pass

    async def leave(self) -> None:
        if self._draining is not None:
            self._draining.cancel()
        self._connection.close()
        await self._connection.wait_closed()
