"""Visitors by ssh on their way to the gateway: many at once wait, and what fails gives their places back."""

import asyncio
import contextlib
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from hubbub.node.ssh_gateway import _NOBODY, TOO_MANY, UNTAKEN_MAX, WAITING_MAX, WAITING_SECONDS, SshGateway
from hubbub.socket_handover import STUCK_SECONDS, Outbox
from hubbub.transports.admission import Admission, AdmissionLimits, Place
from tests.server_harness import ServerHarness


class Process:
    """The gateway's process, which reads nothing unless it is told to."""

    pid = 1

    def __init__(self) -> None:
        self.kills = 0

    def kill(self) -> None:
        self.kills += 1


class Way:
    """A gateway's own end and the other one of its socket, and the visitors who came."""

    def __init__(self, harness: ServerHarness, monkeypatch: pytest.MonkeyPatch) -> None:
        self.gateway = SshGateway(harness.node, harness.data)
        self.process = Process()
        self.admission = Admission(AdmissionLimits(connections_an_address=1_000))
        self.peers: list[socket.socket] = []
        self.started = 0
        monkeypatch.setattr(self.gateway, "_start", self._start)

    def _start(self) -> None:
        self.started += 1
        own, self.other = socket.socketpair()
        self.other.setblocking(False)
        self.gateway._process = cast(Any, self.process)
        self.gateway._begin(own)

    def come(self, count: int) -> None:
        for _ in range(count):
            own, peer = socket.socketpair()
            self.peers.append(peer)
            assert self.admission.enter("127.0.0.1", _NOBODY)
            self.admission.recognise("127.0.0.1", _NOBODY)
            self.gateway.take(own, "127.0.0.1", 1, Place(self.admission, "127.0.0.1"))

    @property
    def done(self) -> int:
        """How many have given their places back."""
        return len(self.peers) - self.admission.total

    def taken(self) -> list[int]:
        """The numbers of the visitors of whom the gateway has been told since the last look."""
        return [told["visit"] for told in self.told()]

    def told(self) -> list[dict[str, Any]]:
        """All that the gateway has been told since the last look."""
        data = b""
        try:
            while True:
                more, fds, _, _ = socket.recv_fds(self.other, 65_536, 100)
                data += more
                for fd in fds:
                    socket.close(fd)
        except BlockingIOError:
            return [json.loads(line) for line in data.splitlines()]

    def got(self, numbers: list[int], ask: str = "got") -> None:
        for number in numbers:
            self.other.send(json.dumps({"visit": number, "ask": ask}).encode() + b"\n")

    async def close(self) -> None:
        """Everything of it: a gateway that is over closes what it holds."""
        self.gateway._is_stopping = True
        self.other.close()
        await turns()
        self.gateway._ended()
        for peer in self.peers:
            peer.close()


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_hundreds_at_once_are_handed_over_in_turn(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gateway that is busy is not killed, and everybody gets there."""
    way = Way(harness, monkeypatch)
    way.come(400)
    assert way.process.kills == 0 and way.done == 0
    seen: list[int] = []
    while len(seen) < 400:
        numbers = way.taken()
        assert 0 < len(numbers) <= UNTAKEN_MAX
        seen += numbers
        way.got(numbers)
        await turns()
    assert seen == list(range(1, 401)) and way.started == 1
    await way.close()


async def test_who_is_too_many_or_waits_too_long_is_turned_away(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a sentence, and their place in the admission is free again."""
    way = Way(harness, monkeypatch)
    way.come(UNTAKEN_MAX + WAITING_MAX)
    assert way.done == 0
    way.come(3)
    assert way.done == 3 and way.peers[-1].recv(200) == TOO_MANY and way.peers[-1].recv(1) == b""
    harness.now_ms += int(WAITING_SECONDS * 1000) + 1
    way.gateway.look()
    assert way.done == 3 + WAITING_MAX and way.process.kills == 0
    await way.close()


async def test_only_a_gateway_that_takes_nothing_for_long_is_ended(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = Way(harness, monkeypatch)
    way.come(1)
    while way.gateway._outbox is not None and not way.gateway._outbox.waiting:
        way.gateway._send({"visit": 1, "filler": "x" * 10_000})
    harness.now_ms += int(STUCK_SECONDS * 1000) - 1
    way.gateway.look()
    assert way.process.kills == 0
    way.taken()
    await turns()
    harness.now_ms += 2
    way.gateway.look()
    assert way.process.kills == 0
    while way.gateway._outbox is not None and not way.gateway._outbox.waiting:
        way.gateway._send({"visit": 1, "filler": "x" * 10_000})
    harness.now_ms += int(STUCK_SECONDS * 1000) + 1
    way.gateway.look()
    assert way.process.kills == 1
    await way.close()


async def test_a_gateway_that_is_gone_gives_all_places_back(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = Way(harness, monkeypatch)
    way.come(UNTAKEN_MAX)
    way.gateway._is_stopping = True
    way.other.close()
    await turns()
    assert way.done == UNTAKEN_MAX and all(peer.recv(1) == b"" for peer in way.peers)
    await way.close()


def full(sock: socket.socket) -> None:
    """Nothing more goes into it."""
    sock.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while True:
            sock.send(b"\n" * 4096)


async def test_what_does_not_go_now_goes_later_with_its_socket(tmp_path: Path) -> None:
    own, other = socket.socketpair()
    full(own)
    over: list[int] = []
    outbox = Outbox(own, lambda: 0.0)
    for number in range(3):
        outbox.put(b"%d\n" % number, (other,), lambda number=number: over.append(number))  # type: ignore[misc]
    assert outbox.waiting == 3 and over == []
    data, fds = b"", 0
    while not data.endswith(b"2\n"):
        await asyncio.sleep(0)
        more, received, _, _ = socket.recv_fds(other, 65_536, 10)
        data, fds = data + more, fds + len(received)
        for fd in received:
            socket.close(fd)
    assert over == [0, 1, 2] and fds == 3 and outbox.waiting == 0
    outbox.put(b"never\n", (), lambda: over.append(3))
    other.close()
    outbox.put(b"never\n", (), lambda: over.append(4))
    outbox.close()
    assert over == [0, 1, 2, 3, 4]
    own.close()


async def test_who_has_not_come_in_by_ssh_makes_room(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As whoever came no further by another way: to begin with ssh is as cheap as a word."""
    way = Way(harness, monkeypatch)
    way.come(UNTAKEN_MAX + 1)
    numbers = way.taken()
    way.got(numbers)
    await turns()
    numbers += way.taken()
    way.got(numbers[-1:])
    inside = way.gateway._visits[numbers[0]]
    inside.settled()
    way.admission.limits = AdmissionLimits(connections=1, connections_an_address=1_000)
    for number in numbers[1:]:
        assert way.admission.enter("192.0.2.1", _NOBODY)
        way.admission.recognise("192.0.2.1", _NOBODY)
        way.admission.leave("192.0.2.1")
        assert way.told() == [{"drop": number, "sockets": 0}]
        way.got([number], "done")
        await turns()
    assert not way.admission.enter("192.0.2.1", _NOBODY)
    assert way.admission.total == 1 and list(way.gateway._visits.values()) == [inside]
    await way.close()


async def test_who_waits_for_the_gateway_makes_room(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = Way(harness, monkeypatch)
    way.come(UNTAKEN_MAX + 1)
    visit = way.gateway._waiting[0]
    visit.drop("There is no place.")
    assert way.done == 1 and not way.gateway._waiting and way.peers[-1].recv(200) == TOO_MANY
    await way.close()


async def test_coming_in_by_ssh_keeps_the_place(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proof alone does not, nor that its connection ends."""
    way = Way(harness, monkeypatch)
    way.come(1)
    (number,) = way.taken()
    way.got([number])
    way.got([number], "open")
    await turns()
    end = _handed(way)
    visit = way.gateway._visits[number]
    outside = way.admission._outside
    assert outside.oldest("127.0.0.1") is visit
    end.send(b"CAP LS\r\n")
    await _until(lambda: len(harness.node.live) == 1)
    assert outside.oldest("127.0.0.1") is visit
    end.send(b"CAP END\r\nNICK ann\r\nUSER ann 0 * :Ann\r\n")
    await _until(lambda: harness.node.state.user_named("ann"))
    assert not outside
    end.close()
    await way.close()


def _handed(way: Way) -> socket.socket:
    """The end of the connection to the chat that the gateway was given."""
    _, fds, _, _ = socket.recv_fds(way.other, 65_536, 1)
    end = socket.socket(fileno=fds[0])
    end.setblocking(False)
    return end


async def _until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0)
