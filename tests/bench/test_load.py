"""The load that measures: it notices every line that is lost, doubled or out of order, and so can be believed."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bench.load import Failed, load
from bench.native import NoCompiler, program
from bench.servers import HUBBUB, LIMIT, Kind, Running
from tests.conftest import need_program

TALK = {"people": 20, "rooms": 4, "each": 2, "flight": 4, "messages": 200}


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    need_program("cc")
    try:
        program("load"), program("limit")
    except NoCompiler as error:
        if os.environ.get("HUBBUB_REQUIRE_ALL"):
            raise
        pytest.skip(str(error))


@pytest.mark.parametrize("server", [LIMIT, HUBBUB], ids=lambda kind: kind.name)
def test_everybody_is_shown_everything(server: Kind) -> None:
    with server.running() as running:
        reading = load(running, TALK)
    assert reading.messages == 200
    # Rooms of ten: each message is shown to nine.
    assert reading.deliveries == 200 * 9
    assert reading.server_cpu > 0


@pytest.mark.parametrize(
    ("options", "tls"),
    [
        ({"kind": "websocket"}, False),
        ({"kind": "netcat", "each": 1}, False),
        ({"mixed": 1}, True),
        ({"rooms": 0, "pairs": 1}, False),
        ({"messages": 0, "rate": 200, "seconds": 1}, False),
        ({"burst": 8}, False),
        ({"again": 1, "messages": 0}, False),
    ],
    ids=lambda options: " ".join(options) if isinstance(options, dict) else "",
)
def test_by_every_way(options: dict[str, int | str], tls: bool) -> None:
    with HUBBUB.running() as running:
        reading = load(running, {**TALK, **options}, tls=tls)
    assert reading.deliveries or reading.sessions == 20


Change = Callable[[list[bytes]], list[bytes]]
LIES: dict[str, Change] = {
    "lost": lambda lines: [line for line in lines if b"00000003" not in line],
    "doubled": lambda lines: lines * 2,
    "late": lambda lines: lines[::-1],
}


@pytest.fixture(params=LIES)
async def liar(request: pytest.FixtureRequest) -> AsyncIterator[Running]:
    """A server for two that does with what is said what it should not."""
    people: dict[str, asyncio.StreamWriter] = {}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nick = ""
        while data := await reader.read(65_536):
            said = []
            for line in data.splitlines(keepends=True):
                if line.startswith(b"NICK "):
                    nick = line.split()[1].decode()
                    people[nick] = writer
                    writer.write(f":liar 001 {nick} :Welcome\r\n".encode())
                elif line.startswith(b"PRIVMSG "):
                    said.append(f":{nick}!u@h ".encode() + line)
            for other, its in people.items():
                if other != nick:
                    its.writelines(LIES[request.param](said))
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield Running("a liar", os.getpid(), server.sockets[0].getsockname()[1], folder=Path())
        for writer in people.values():
            writer.close()


async def test_a_lie_is_noticed(liar: Running) -> None:
    options = {"people": 2, "pairs": 1, "burst": 8, "messages": 8, "patience": 1}
    with pytest.raises(Failed, match=r"had to come|Lost"):
        await asyncio.to_thread(load, liar, options)


async def test_somebody_who_is_sent_away_is_noticed() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"ERROR :Closing link: too many\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        running = Running("a doorman", os.getpid(), server.sockets[0].getsockname()[1])
        with pytest.raises(Failed, match="too many"):
            await asyncio.to_thread(load, running, {"people": 1, "storm": 1})
