"""A server in a process of its own, and a browser."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from hubbub.web import static_page
from tests.browser.browser_user import Guest, chromium
from tests.server_process import ServerProcess

Arrive = Callable[..., Awaitable[Guest]]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    assert static_page.read(static_page.FOLDER), "the page is not built: run make"
    # What links lead to would be asked of other machines.
    settings = {"HUBBUB_LIMITS_LINES_A_SECOND": "0", "HUBBUB_WEB_PREVIEWS": "no"}
    async with ServerProcess(tmp_path / "data", settings=settings) as server:
        yield server


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def arrive(browser: Browser, server: ServerProcess) -> AsyncIterator[Arrive]:
    """`await arrive("ann")`: somebody in front of the page; nobody's page complains of anything."""
    guests: list[Guest] = []

    async def make(name: str, **options: Any) -> Guest:
        guest = await Guest.arrive(browser, server, name, **options)
        guests.append(guest)
        return guest

    yield make
    complaints = {guest.name: guest.complaints for guest in guests if guest.complaints}
    assert not complaints
