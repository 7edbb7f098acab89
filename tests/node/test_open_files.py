"""Open files: as many as the system lets one have, with some kept for what is not a connection."""

import asyncio
import doctest
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from hubbub.node import open_files
from hubbub.node.open_files import WANTED, fitting, raise_limit
from tests.patience import PATIENCE_SECONDS
from tests.server_process import ServerProcess

Limit = tuple[int, int]


class System:
    """A system's limit of open files, soft and hard."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, soft: int, hard: int) -> None:
        self.limit: Limit = (soft, hard)
        monkeypatch.setattr(resource, "getrlimit", lambda what: self.limit)
        monkeypatch.setattr(resource, "setrlimit", self.set)

    def set(self, what: int, limit: Limit) -> None:
        assert what == resource.RLIMIT_NOFILE
        self.limit = limit


@pytest.mark.parametrize(
    ("soft", "hard", "raised"),
    [
        (1024, 1_048_576, WANTED),
        (1024, 4096, 4096),
        (1024, resource.RLIM_INFINITY, WANTED),
        (100_000, 1_048_576, 100_000),
    ],
)
def test_the_soft_limit_is_raised_as_far_as_is_of_use(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, raised: int
) -> None:
    system = System(monkeypatch, soft, hard)
    assert (raise_limit(), system.limit) == (raised, (raised, hard))


def test_a_system_that_refuses_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    System(monkeypatch, 256, resource.RLIM_INFINITY)

    def refuse(what: int, limit: Limit) -> None:
        raise ValueError

    monkeypatch.setattr(resource, "setrlimit", refuse)
    assert raise_limit() == 256


def test_connections_leave_a_reserve() -> None:
    assert doctest.testmod(open_files).failed == 0
    assert fitting(500, 1024) == 500


@pytest.fixture
def usual_limit() -> Iterator[None]:
    """The soft limit that most systems begin with, and a hard one that is no more: processes inherit it."""
    before = resource.prlimit(0, resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, before[0]), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


async def test_a_server_raises_its_limit(usual_limit: None, tmp_path: Path) -> None:
    async with ServerProcess(tmp_path) as server:
        soft, hard = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
        assert soft == min(hard, WANTED) > 256


@contextmanager
def no_more_files(process: int) -> Iterator[None]:
    """The process keeps what it has open, and gets nothing more: the next file's number would be the limit."""
    usual = resource.prlimit(process, resource.RLIMIT_NOFILE)
    taken = {int(path.name) for path in Path(f"/proc/{process}/fd").iterdir()}
    free = next(number for number in count() if number not in taken)
    resource.prlimit(process, resource.RLIMIT_NOFILE, (free, usual[1]))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_NOFILE, usual)


CAPS = "message-tags batch draft/chathistory soju.im/search standard-replies"
READING = {
    "CHATHISTORY LATEST #Général * 10": " BATCH -",
    "SEARCH text=hello": " BATCH -",
    "PRIVMSG NickServ :HELP": "NickServ",
    "MOTD": " 422 ",
}
"""What one asks, and what ends its answer where all is well."""


@pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir(), reason="only Linux tells which files a process has open"
)
async def test_a_server_without_files_to_open_says_so_and_goes_on(tmp_path: Path) -> None:
    """Those who are there talk; who asks for something that needs a file is answered; others come in afterwards."""
    async with ServerProcess(tmp_path) as server:
        ann, bob = [await server.connect() for _ in range(2)]
        for name, line in (("ann", ann), ("bob", bob)):
            line.type(
                f"CAP REQ :{CAPS}", f"NICK {name}", f"USER {name} 0 * :{name}", "CAP END", "JOIN #Général"
            )
            await line.until(" 366 ")
        web = await server.connect()
        web.type("GET /api/v1/place HTTP/1.1", "Host: localhost", "")
        await web.until("HTTP/1.1 200 OK")
        with no_more_files(server.process.pid):
            web.type("GET / HTTP/1.1", "Host: localhost", "")
            await web.until("HTTP/1.1 ")
            late = await server.connect()  # The silent, such as the page's visitor, make room for them.
            ann.type("PRIVMSG #Général :hello")
            await bob.until("hello")
            for asked, end in READING.items():
                ann.type(asked, "PING asked")
                answered = await ann.until("PONG")
                assert any(end in line or "FAIL" in line for line in answered), (asked, answered)
            log = tmp_path / "log" / "app.log"
            async with asyncio.timeout(PATIENCE_SECONDS):
                while "The server can't accept new connections" not in log.read_text():
                    ann.type("PING again")
                    await ann.until("PONG")
        await late.close()
        newcomer = await server.connect()
        newcomer.type("NICK cleo", "USER cleo 0 * :Cleo", "JOIN #Général")
        await newcomer.until(" 366 ")
        for asked, end in READING.items():
            ann.type(asked)
            await ann.until(end)
        newcomer.type("PRIVMSG #Général :good evening")
        await ann.until("good evening")
        assert "Traceback" not in log.read_text()
        server.terminate()
        assert await server.ended() == 0
