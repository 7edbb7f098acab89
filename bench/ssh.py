"""What sessions by ssh cost: memory and processor time of the gateway for each, against the first one."""

import asyncio
import resource
import tempfile
from pathlib import Path

import asyncssh

from tests.process import ServerProcess

SESSIONS = 100
MESSAGES = 1_000
LIMIT_MIB = 6.0


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


async def _visit(
    port: int, number: int
) -> tuple[asyncssh.SSHClientConnection, asyncssh.SSHClientProcess[bytes]]:
    connection = await asyncssh.connect(
        "127.0.0.1", port, username=f"guest{number}", known_hosts=None, client_keys=None, config=None
    )
    process = await connection.create_process(term_type="xterm-256color", term_size=(120, 36), encoding=None)
    return connection, process


async def _until(process: "asyncssh.SSHClientProcess[bytes]", part: bytes) -> None:
    """Read what is drawn until this is among it."""
    drawn = b""
    async with asyncio.timeout(60):
        while part not in drawn:
            drawn = drawn[-10_000:] + await process.stdout.read(65_536)


async def _drain(process: "asyncssh.SSHClientProcess[bytes]") -> None:
    while await process.stdout.read(65_536):
        pass


async def measure(sessions: int) -> None:
    """Many guests in one room of a thousand messages, each with a terminal of 120 columns and 36 lines."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536), hard))
    settings = {
        "HUBBUB_LIMITS_CONNECTIONS_AN_ADDRESS": "0",
        "HUBBUB_LIMITS_LINES_A_SECOND": "0",
    }
    with tempfile.TemporaryDirectory() as folder:
        async with ServerProcess(Path(folder) / "data", settings=settings) as server:
            line = await server.connect()
            line.type("NICK filler", "USER f 0 * :f", "JOIN #tea")
            line.type(
                *(f"PRIVMSG #tea :message {number} with some words in it" for number in range(MESSAGES)),
                "PING x",
            )
            await line.until("PONG")
            visitors = []
            first = (0.0, 0.0)
            for number in range(sessions):
                connection, process = await _visit(server.port, number)
                await _until(process, b"Ctrl+K")
                process.stdin.write(b"/join tea\r")
                await _until(process, b"message 999")
                visitors.append((connection, process, asyncio.create_task(_drain(process))))
                if number == 0:
                    gateway = _child(server.process.pid)
                    first = (_status(gateway, "VmRSS"), _cpu(gateway))
            memory, cpu = _status(gateway, "VmRSS"), _cpu(gateway)
            others = sessions - 1
            each = (memory - first[0]) / others
            print(f"gateway with one session       {first[0]:8.1f} MiB")
            print(f"gateway with {sessions:4} sessions     {memory:8.1f} MiB")
            holds = "yes" if each <= LIMIT_MIB else "NO"
            print(f"each further session           {each:8.2f} MiB   (at most {LIMIT_MIB}: {holds})")
            print(f"all in all, each               {memory / sessions:8.2f} MiB")
            print(f"processor time to start each   {(cpu - first[1]) / others:8.2f} s")
            said = 20
            before = _cpu(gateway)
            for number in range(said):
                line.type(f"PRIVMSG #tea :live {number}")
                await asyncio.sleep(0.2)
            await asyncio.sleep(1)
            drawn = _cpu(gateway) - before
            print(
                f"drawing a message on a screen  {drawn / said / sessions * 1000:8.2f} ms of processor time"
            )
            for connection, _, task in visitors:
                task.cancel()
                connection.abort()


def main(arguments: list[str]) -> None:
    asyncio.run(measure(int(arguments[0]) if arguments else SESSIONS))
