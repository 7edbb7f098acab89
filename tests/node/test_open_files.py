"""Open files: as many as the system lets one have, with some kept for what is not a connection."""

import doctest
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from hubbub.node import open_files
from hubbub.node.open_files import WANTED, fitting, raise_limit
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
