"""A server in memory with its website."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from hubbub.web.app_loader import LazyWebsite
from tests.server_harness import House
from tests.web.fake_internet import Internet
from tests.web.http_client import Visitor


@pytest.fixture
async def house(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[House]:
    """With settings of its own where a test is parametrized with them."""
    async with House(tmp_path, getattr(request, "param", None)) as house:
        yield house


@pytest.fixture
async def come(house: House) -> AsyncIterator[Callable[..., Visitor]]:
    """`come(address, secure)`: somebody who asks the website."""
    website = LazyWebsite(house.node)
    house.node.entrance.website = website.serve
    website.start()

    def make(address: str = "127.0.0.1", secure: bool = False) -> Visitor:
        return Visitor(house, website, address, secure)

    yield make
    await website.stop()


@pytest.fixture
def visitor(come: Callable[..., Visitor]) -> Visitor:
    return come()


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch) -> Internet:
    """Instead of everything that is not this machine."""
    internet = Internet()
    internet.install(monkeypatch)
    return internet
