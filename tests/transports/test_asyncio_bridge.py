"""A library's protocol over a connection: a peer that takes nothing does not keep it for ever."""

import asyncio
from collections.abc import Callable

import pytest

from hubbub.transports.asyncio_bridge import STALL_SECONDS, Bridge
from hubbub.transports.base import Peer, WireProtocol
from tests.memory_connection import MemoryConnection


class _Watched(MemoryConnection):
    """Tells by hand whether its peer takes what is sent."""

    flow: Callable[[bool], None]

    def watch(self, flow: Callable[[bool], None], least_bytes: int = 0) -> None:
        self.flow = flow

    def taken(self, size: int) -> None:
        del self._written[:size]


class _Clock:
    """Time passes by hand."""

    def __init__(self) -> None:
        self.waiting: list[asyncio.Handle] = []
        self.loop = asyncio.get_running_loop()

    def create_future(self) -> asyncio.Future[None]:
        return self.loop.create_future()

    def call_later(self, seconds: float, call: Callable[[int], None], queued_bytes: int) -> asyncio.Handle:
        assert seconds == STALL_SECONDS
        self.waiting.append(asyncio.Handle(call, (queued_bytes,), self.loop))
        return self.waiting[-1]

    def pass_by(self) -> bool:
        """Whether anything was waited for."""
        waiting, self.waiting = [one for one in self.waiting if not one.cancelled()], []
        for one in waiting:
            one._run()
        return bool(waiting)


@pytest.fixture
async def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    clock = _Clock()
    monkeypatch.setattr("hubbub.transports.asyncio_bridge.asyncio.get_running_loop", lambda: clock)
    return clock


def _stalled() -> tuple[_Watched, Bridge]:
    connection = _Watched(Peer("192.0.2.1", 40000, False, WireProtocol.HTTP, "main"))
    connection.stalled = True
    bridge = Bridge(connection)
    bridge.write(b"x" * 100)
    connection.flow(False)
    return connection, bridge


async def test_a_peer_that_takes_nothing_is_let_go(clock: _Clock) -> None:
    connection, bridge = _stalled()
    assert clock.pass_by() and connection.aborted and bridge.is_closing()


async def test_a_peer_that_takes_a_little_is_waited_for(clock: _Clock) -> None:
    connection, _ = _stalled()
    for _ in range(3):
        connection.taken(1)
        assert clock.pass_by() and not connection.aborted
    assert clock.pass_by() and connection.aborted


async def test_a_peer_that_takes_again_is_not_hurried(clock: _Clock) -> None:
    connection, bridge = _stalled()
    connection.flow(True)
    assert not clock.pass_by() and not connection.aborted
    connection.flow(False)
    bridge.lost(None)
    assert not clock.pass_by()
