"""Limits on a session: who floods waits and then goes, who doesn't read goes, and nobody else notices."""

import asyncio
import gc
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from hubbub.dialects.irc.session import IrcSession
from hubbub.dialects.irc.verb import Verb
from hubbub.dialects.irc.verbs import VERBS
from hubbub.node.session import LiveSession
from hubbub.transports.base import WireProtocol
from hubbub.wire.message import Message
from tests.memory_connection import MemoryConnection
from tests.patience import PATIENCE_SECONDS
from tests.server_harness import ServerHarness


async def until(holds: Callable[[], object]) -> None:
    """Let the loop turn until something holds."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not holds():
            await asyncio.sleep(0)


async def test_who_sends_too_fast_waits_and_loses_nothing(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"limits.lines_a_second": 500, "limits.burst_lines": 5}) as harness:
        await harness.netcat("bob")
        ann = await harness.netcat("ann")
        harness.wait(1)
        await harness.look()
        ann.type("\n".join(f"line {number}" for number in range(8)))
        first = await harness.look()
        assert first == [f"bob < ann: line {number}" for number in range(5)]
        assert not ann.connection.reading
        harness.now_ms += 1000
        await until(lambda: ann.connection.reading)
        assert await harness.look() == [f"bob < ann: line {number}" for number in range(5, 8)]


async def test_who_never_stops_is_disconnected(tmp_path: Path) -> None:
    settings = {"limits.lines_a_second": 500, "limits.burst_lines": 1, "limits.flood_seconds": 60}
    async with ServerHarness(tmp_path, settings) as harness:
        ann = await harness.irc("ann")
        ann.type("\n".join("PING x" for _ in range(100)))
        assert not ann.connection.reading
        harness.now_ms += 61_000
        ann.type("\n".join("PING x" for _ in range(100)))
        await until(lambda: ann.connection.closed)
        assert "Excess flood" in (await harness.look())[-1]


async def test_nobody_is_limited_from_an_address_that_is_exempt(tmp_path: Path) -> None:
    settings = {"limits.lines_a_second": 1, "limits.burst_lines": 1, "limits.exempt": ("127.0.0.0/8",)}
    async with ServerHarness(tmp_path, settings) as harness:
        await harness.irc("ann")
        assert len(await harness.ask("ann", "\n".join("PING x" for _ in range(50)))) == 50


async def test_who_does_not_read_is_dropped_and_the_others_stay(tmp_path: Path) -> None:
    async with ServerHarness(
        tmp_path, {"limits.send_queue_bytes": 2000, "limits.lines_a_second": 0}
    ) as harness:
        await harness.netcat("ann")
        await harness.netcat("bob")
        slow = await harness.netcat("slow")
        await harness.look()
        slow.connection.stalled = True
        for _ in range(10):
            await harness.ask("ann", "x" * 400)
        assert slow.connection.aborted
        assert harness.node.state.user_named("slow") is None
        assert await harness.ask("ann", "still here") == ["bob < ann: still here"]


async def test_what_waits_for_an_answer_is_limited_too(tmp_path: Path) -> None:
    async with ServerHarness(
        tmp_path, {"limits.send_queue_bytes": 20_000, "limits.lines_a_second": 0}
    ) as harness:
        await harness.account("eve")
        await harness.netcat("ann")
        eve = await harness.netcat("eve_")
        await harness.look()
        eve.type("login eve correct horse")
        for _ in range(20):
            harness.people["ann"].type("x" * 2_000)
        live = [session for session in harness.node.live.values() if session.connection is eve.connection]
        assert live[0]._held and sum(map(len, live[0]._held)) <= 22_100
        await harness.look()
        assert eve.connection.closed and harness.node.state.user_named("eve_") is None


async def test_short_lines_that_wait_take_no_more_than_their_bytes(harness: ServerHarness) -> None:
    """Each by itself would take twenty times as much."""
    eve = harness.connect("eve", WireProtocol.NETCAT)
    await harness.look()
    data = b"ab\n" * 85_000
    assert eve.receiver is not None
    gc.collect()
    tracemalloc.start()
    try:
        eve.receiver.received(data)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert not eve.connection.reading
    assert taken < 3 * len(data)


async def test_who_never_says_who_they_are_is_let_go(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"limits.registration_seconds": 30}) as harness:
        silent = harness.connect("silent", WireProtocol.NETCAT)
        await harness.look()
        harness.wait(31)
        assert await harness.look() == ["silent < You took too long to sign in"]
        assert silent.connection.closed


async def test_a_line_without_end_is_thrown_away(harness: ServerHarness) -> None:
    await harness.netcat("bob")
    ann = await harness.netcat("ann")
    await harness.look()
    assert ann.receiver is not None
    for _ in range(100):
        ann.receiver.received(b"x" * 1000)
    ann.receiver.received(b"\nshort\n")
    assert await harness.look() == [
        f"bob < ann: {'x' * 4096}",
        "bob < ann: short",
        "ann < Your message was longer than 4096 bytes and was cut there.",
    ]


async def test_what_comes_during_a_slow_thing_waits_for_its_answer(harness: ServerHarness) -> None:
    await harness.account("ann")
    await harness.netcat("bob")
    session = harness.connect("ann", WireProtocol.NETCAT)
    await harness.look()
    session.type("login ann correct horse\nhello")
    harness.people["bob"].type("hi")
    lines = await harness.look()
    assert lines.index("ann < You are in the room Général.") < len(lines)
    assert "bob < ann: hello" in lines


async def test_a_stopped_disk_stops_the_server_and_shows_nothing_more(harness: ServerHarness) -> None:
    await harness.netcat("ann")
    await harness.netcat("bob")
    await harness.look()

    def fail(events: object) -> None:
        raise OSError("no space left on device")

    harness.node.gate._commit = fail
    harness.people["ann"].type("lost words")
    await until(lambda: harness.stopped_for)
    assert harness.people["bob"].seen() == []
    assert harness.node.health.is_broken


async def test_the_same_line_may_come_in_any_pieces(harness: ServerHarness) -> None:
    await harness.netcat("bob")
    ann = await harness.irc("ann")
    await harness.ask("ann", "JOIN #Général")
    assert ann.receiver is not None
    for byte in "PRIVMSG #Général :grüße\r\n".encode():
        ann.receiver.received(bytes([byte]))
    assert await harness.look() == ["bob < ann: grüße"]


async def test_nothing_is_left_of_who_has_gone(harness: ServerHarness) -> None:
    """Though the room in which they listened is quiet from then on."""

    def sessions() -> int:
        gc.collect()
        found = [thing for thing in gc.get_objects() if type(thing) is LiveSession]
        return sum(session.node is harness.node for session in found)

    for name in ("ann", "bob", "eve"):
        await harness.irc(name)
        await harness.ask(name, "JOIN #tea")
    await harness.ask("ann", "PRIVMSG #tea :hello")
    assert sessions() == 3
    for name in ("ann", "bob"):
        await harness.ask(name, "QUIT")
        harness.people.pop(name).hang_up()
    await harness.settle()
    assert sessions() == 1


async def test_nothing_is_left_of_a_room_that_has_gone(harness: ServerHarness) -> None:
    harness.change("rooms", guests_absence_seconds=0)
    for name in ("ann", "bob"):
        await harness.irc(name)
        await harness.ask(name, "JOIN #tea")
    await harness.ask("ann", "PRIVMSG #tea :hello")
    assert len(harness.node.delivery.audiences) == 1
    for name in ("ann", "bob"):
        await harness.ask(name, "PART #tea")
    assert len(harness.node.delivery.audiences) == 0


async def test_a_place_is_kept_from_when_somebody_is_in(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word is not enough: anybody could hold all places with one."""
    kept: list[MemoryConnection] = []
    monkeypatch.setattr(MemoryConnection, "settled", lambda connection: kept.append(connection))
    for kind, words in ((WireProtocol.IRC, "NICK ann\nUSER ann 0 * :Ann"), (WireProtocol.NETCAT, "bob")):
        person = harness.connect(words, kind)
        person.type("CAP LS" if kind is WireProtocol.IRC else "")
        await harness.look()
        assert person.connection not in kept
        person.type("CAP END\n" + words if kind is WireProtocol.IRC else words)
        await harness.look()
        assert person.connection in kept


@pytest.mark.parametrize(
    "start",
    [
        "CAP REQ :-draft/multiline\n@batch=x PING :a",
        "@batch=xx PING :a",
        "@my-batch=x PING :a",
        "@batch=x;batch=y PING :a",
        "batch=x PING :a",
    ],
)
async def test_only_what_a_batch_collects_is_part_of_a_message(tmp_path: Path, start: str) -> None:
    """Whatever is handled by itself costs as much as a line, so that no batch is a way around the pace."""
    async with ServerHarness(tmp_path, {"limits.lines_a_second": 1, "limits.burst_lines": 20}) as harness:
        ann = await harness.irc("ann", "batch message-tags draft/multiline")
        ann.type("BATCH +x draft/multiline #tea")
        *before, line = start.split("\n")
        for text in before:
            ann.type(text)
        harness.wait(30)
        await harness.look()
        ann.type("\n".join([line] * 30))
        assert not ann.connection.reading
        assert len(await harness.look()) <= 20


async def test_who_keeps_the_server_busy_waits_with_all_of_their_sessions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with ServerHarness(tmp_path) as harness:
        busy = 0.0
        harness.node.work_clock = lambda: busy
        for name, address in (("ann", "127.0.0.7"), ("eve", "127.0.0.7"), ("bob", "127.0.0.8")):
            await harness.irc(name, address=address)

        def lists(talk: IrcSession, message: Message) -> None:
            nonlocal busy
            busy += 0.6
            talk.notice("a long list")

        monkeypatch.setitem(VERBS, "LIST", Verb(lists, ("LIST", "Lists the rooms.")))
        assert len(await harness.ask("ann", "LIST\nPING x")) == 1
        assert await harness.ask("eve", "PING x") == []
        assert await harness.ask("bob", "PING x") == ["bob < :hubbub PONG hubbub x"]
        harness.now_ms += 60_000
        await until(harness.people["eve"].seen)
