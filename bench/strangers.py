"""How long somebody's message waits while strangers send what nobody wants, beside a server that nobody else asks."""

import asyncio
import contextlib
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator, Mapping
from typing import Final

from .results import Row, Table, Target, median
from .servers import HUBBUB
from .talk import IrcClient

MESSAGES: Final = 300
PAUSE_SECONDS: Final = 0.01
AT_ONCE: Final = 8
"""Connections of the attacker, each begun again as soon as the last one ends."""
WAIT_SECONDS_MAX: Final = 1.0

_ROOM: Final = "#bench"


def _bomb() -> bytes:
    """4 MB of gzip that hold 4 GB."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = deflate.compress(bytes(1 << 20)) + deflate.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + piece * 4096


def _request(head: str, body: bytes) -> bytes:
    return f"{head}\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def attacks() -> Mapping[str, bytes]:
    """What is sent on each connection, by its name."""
    bomb = _bomb()
    return {
        "4 MB that hold 4 GB, to /files": _request("POST /files HTTP/1.1\r\nContent-Encoding: gzip", bomb),
        "the same to a path that is not there": _request("POST /x HTTP/1.1\r\nContent-Encoding: gzip", bomb),
        "4 MB in plain that nobody wants": _request("POST /files HTTP/1.1", bytes(len(bomb))),
        "10,000 requests at once": b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 10_000,
    }


def strangers() -> list[Table]:
    """Medians and the longest of each; the attacker is another process, on the same processors."""
    rows, targets = [], []
    with HUBBUB.running() as server:
        for name in ("nobody else", *attacks()):
            with _attacked(server.port, name) if name != "nobody else" else contextlib.nullcontext():
                waits = asyncio.run(_waits(server.port))
            middle, longest = median(waits), sorted(waits)[-1]
            rows.append(Row(name, (f"{middle * 1e3:.1f}", f"{longest * 1e3:.1f}")))
            if len(rows) > 1:
                targets.append(Target(f"a message's longest wait: {name}", longest, WAIT_SECONDS_MAX, " s"))
    note = (
        f"{MESSAGES} messages, from being sent to being read by another session; {AT_ONCE} connections attack "
        "without a pause and without credentials, with no limits on what an address may ask for."
    )
    title = "Latency of a message in milliseconds, while strangers send unwanted data"
    return [Table(title, ("median", "longest"), tuple(rows), (note,), tuple(targets))]


async def _waits(port: int) -> list[float]:
    author, reader = await IrcClient.come(port, "author"), await IrcClient.come(port, "reader")
    for one in (author, reader):
        await one.count(f"JOIN {_ROOM}", "JOIN")
    waits = []
    for number in range(MESSAGES):
        began = time.perf_counter()
        author.send(f"PRIVMSG {_ROOM} :message {number}.")
        await reader.until(f"message {number}.")
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(PAUSE_SECONDS)
    await author.leave()
    await reader.leave()
    return waits


@contextlib.contextmanager
def _attacked(port: int, name: str) -> Iterator[None]:
    attacker = subprocess.Popen(
        [sys.executable, "-m", "bench.strangers", str(port), name], stdout=subprocess.PIPE
    )
    assert attacker.stdout is not None
    attacker.stdout.readline()
    try:
        yield
    finally:
        attacker.terminate()
        attacker.wait()
        attacker.stdout.close()


async def _attack(port: int, data: bytes) -> None:
    async def again() -> None:
        while True:
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(data)
                while await reader.read(65_536):
                    pass
                writer.close()

    print("begun", flush=True)
    await asyncio.gather(*(again() for _ in range(AT_ONCE)))


if __name__ == "__main__":
    asyncio.run(_attack(int(sys.argv[1]), attacks()[sys.argv[2]]))
