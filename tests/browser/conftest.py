"""A server in a process of its own, and a browser."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from hubbub.web import static_page
from tests.browser.browser_user import BrowserUser, chromium
from tests.server_process import ServerProcess

Arrive = Callable[..., Awaitable[BrowserUser]]


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
    users: list[BrowserUser] = []

    async def make(name: str, **options: Any) -> BrowserUser:
        user = await BrowserUser.arrive(browser, server, name, **options)
        users.append(user)
        return user

    yield make
    complaints = {user.name: user.complaints for user in users if user.complaints}
    assert not complaints
