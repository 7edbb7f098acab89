"""People who have come in with netcat, for tests that begin when they are there."""

import pytest

from tests.server_harness import House


@pytest.fixture
async def ann_and_bob(house: House) -> House:
    """Ann and bob are there as guests, both in Général."""
    await house.netcat("ann")
    await house.netcat("bob")
    return house


@pytest.fixture
async def tea(house: House) -> House:
    """Ann, with an account, has made the room tea; bob, a guest, has come after her. Both stand in it."""
    await house.netcat("ann", "register ann correct horse")
    await house.netcat("bob")
    await house.ask("ann", "/make tea")
    await house.ask("bob", "/join tea")
    return house
