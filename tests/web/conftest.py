"""A server in memory with its website."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from hubbub.web.app_loader import LazyWebsite
from tests.server_harness import ServerHarness
from tests.web.fake_internet import Internet
from tests.web.http_client import HttpClient


@pytest.fixture
async def harness(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[ServerHarness]:
    """With settings of its own where a test is parametrized with them."""
    async with ServerHarness(tmp_path, getattr(request, "param", None)) as harness:
        yield harness


@pytest.fixture
async def new_client(harness: ServerHarness) -> AsyncIterator[Callable[..., HttpClient]]:
    """`new_client(address, secure)`: an HTTP client of the website."""
    website = LazyWebsite(harness.node)
    harness.node.entrance.website = website.serve
    website.start()

    def make(address: str = "127.0.0.1", secure: bool = False) -> HttpClient:
        return HttpClient(harness, website, address, secure)

    yield make
    await website.stop()


@pytest.fixture
def client(new_client: Callable[..., HttpClient]) -> HttpClient:
    return new_client()


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch) -> Internet:
    """Instead of everything that is not this machine."""
    internet = Internet()
    internet.install(monkeypatch)
    return internet
