"""People who have come in with netcat, for tests that begin when they are there."""

import pytest

from tests.server_harness import ServerHarness


@pytest.fixture
async def ann_and_bob(harness: ServerHarness) -> ServerHarness:
    """Ann and bob are there as guests, both in Général."""
    await harness.netcat("ann")
    await harness.netcat("bob")
    return harness


@pytest.fixture
async def tea(harness: ServerHarness) -> ServerHarness:
    """Ann, with an account, has made the room tea; bob, a guest, has come after her. Both stand in it."""
    await harness.netcat("ann", "register ann correct horse")
    await harness.netcat("bob")
    await harness.ask("ann", "/make tea")
    await harness.ask("bob", "/join tea")
    return harness
