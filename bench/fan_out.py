"""One big room: what one delivery costs the server's processor, beside a server that only copies."""

import asyncio
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

TEXT = "x" * 100
LOST_SECONDS = 30
"""A delivery that takes longer is lost, and the measurement has failed."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement: processor time of the server in µs for each delivery, and deliveries a second."""

    name: str
    cpu_us: float
    a_second: float


class Receiver(asyncio.Protocol):
    """Somebody in the room: counts the messages that come, and tells when all have."""

    def __init__(self, greeting: bytes, ready: bytes) -> None:
        self.greeting = greeting
        self.ready = ready
        self.is_ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.count = 0
        self.wanted = 0
        self.done: asyncio.Future[None] | None = None
        self._tail = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        if self.greeting:
            self.transport.write(self.greeting)

    def data_received(self, data: bytes) -> None:
        data = self._tail + data
        if not self.is_ready.done():
            self._tail = data[-100:]
            if self.ready in data:
                self._tail = b""
                self.is_ready.set_result(None)
            return
        whole, newline, self._tail = data.rpartition(b"\n")
        self.count += whole.count(TEXT.encode()) if newline else 0
        if self.done and self.count >= self.wanted and not self.done.done():
            self.done.set_result(None)

    def expect(self, number: int) -> asyncio.Future[None]:
        self.wanted = self.count + number
        self.done = asyncio.get_running_loop().create_future()
        return self.done


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far, of all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


async def measure(
    name: str, command: Sequence[str], irc: bool, people: int, messages: int, flight: int
) -> Figure:
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        port = next(int(found[1]) for line in process.stdout if (found := re.search(r"port (\d+)", line)))
        receivers = [await _come(port, number, irc) for number in range(people)]
        line = f"PRIVMSG #bench :{TEXT}\r\n" if irc else f"{TEXT}\r\n"
        await _say(receivers, line, people, flight)
        before, began = cpu_seconds(process.pid), asyncio.get_running_loop().time()
        for _ in range(messages // flight):
            await _say(receivers, line, people, flight)
        seconds = asyncio.get_running_loop().time() - began
        deliveries = (messages // flight) * flight * people
        return Figure(name, (cpu_seconds(process.pid) - before) / deliveries * 1e6, deliveries / seconds)
    finally:
        process.terminate()
        if process.stdin:
            process.stdin.close()
        process.wait()


async def _come(port: int, number: int, irc: bool) -> Receiver:
    nick = f"person{number}"
    caps = "CAP REQ echo-message\r\n" if number == 0 else ""
    end = "CAP END\r\n" if caps else ""
    greeting = f"{caps}NICK {nick}\r\nUSER {nick} 0 * :x\r\n{end}JOIN #bench\r\n" if irc else ""
    _, receiver = await asyncio.get_running_loop().create_connection(
        lambda: Receiver(greeting.encode(), b" 366 " if irc else b"ready"), "127.0.0.1", port
    )
    await receiver.is_ready
    return receiver


async def _say(receivers: list[Receiver], line: str, people: int, flight: int) -> None:
    waiting = [receiver.expect(flight) for receiver in receivers]
    receivers[0].transport.write(line.encode() * flight)
    async with asyncio.timeout(LOST_SECONDS):
        await asyncio.gather(*waiting)


async def fan_out(people: int = 200, messages: int = 1600) -> list[tuple[int, list[Figure]]]:
    """The figures of both servers, with one message awaited and with sixteen in flight."""
    found = []
    for flight in (1, 16):
        with tempfile.TemporaryDirectory() as data:
            Path(data, "hubbub.toml").write_text(
                'limits.exempt = ["127.0.0.1"]\nlog.console = false\nlimits.lines_a_second = 0\n'
            )
            hubbub = [sys.executable, "-m", "hubbub", "serve", "-p", "0", "--data", data]
            copier = [sys.executable, "-m", "bench.copier"]
            number = messages if flight > 1 else messages // 8
            found.append(
                (
                    flight,
                    [
                        await measure("a server that only copies", copier, False, people, number, flight),
                        await measure("hubbub, each message on disk", hubbub, True, people, number, flight),
                    ],
                )
            )
    return found
