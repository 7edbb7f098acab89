"""The gate: nothing is shown before it is on disk, in one order, and nothing at all once the disk has failed."""

import asyncio
import random
import threading
from collections.abc import AsyncIterator, Sequence

import pytest

from hubbub.engine.audit import ActRecorded
from hubbub.engine.event import Event
from hubbub.node import commit_gate
from hubbub.node.commit_gate import CommitGate, Outlet, SessionGroup


class Disk:
    """Takes rows only when it is let; remembers them in order."""

    def __init__(self) -> None:
        self.may_write = threading.Event()
        self.rows: list[int] = []
        self.commits = 0
        self.is_full = False

    def commit(self, events: Sequence[Event]) -> None:
        assert self.may_write.wait(10)
        if self.is_full:
            raise OSError("no space left")
        self.rows += [event.id for event in events]
        self.commits += 1


class Screen:
    """What one session has been shown."""

    def __init__(self) -> None:
        self.shown: list[bytes] = []
        self.is_closed = False
        self.outlet = Outlet(self._take, self._look, lambda: None)

    def _take(self, data: bytes) -> int:
        self.shown.append(data)
        return 0

    def _look(self, queued_bytes: int, is_last: bool) -> None:
        self.is_closed |= is_last


class Scene:
    def __init__(self) -> None:
        self.disk = Disk()
        self.failures: list[BaseException] = []
        self.failed = asyncio.Event()
        self.gate = CommitGate(asyncio.get_running_loop(), self.disk.commit, self._fail)

    def _fail(self, error: BaseException) -> None:
        self.failures.append(error)
        self.failed.set()


@pytest.fixture
async def scene(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    # So that few are a crowd that is worth it.
    monkeypatch.setattr(commit_gate, "WORTH_HOLDING", 2)
    made = Scene()
    yield made
    made.disk.may_write.set()
    made.gate.stop()


def row(number: int) -> Event:
    return ActRecorded(number, "ann", "ban", "bob")


async def turns(number: int = 5) -> None:
    """Let the loop go round a few times."""
    for _ in range(number):
        await asyncio.sleep(0)


async def test_nothing_is_shown_before_it_is_on_disk(scene: Scene) -> None:
    screen = Screen()
    scene.gate.keep(row(1))
    scene.gate.show(screen.outlet, b"one\n")
    await turns()
    assert screen.shown == []
    scene.disk.may_write.set()
    await scene.gate.settled()
    assert (scene.disk.rows, screen.shown) == ([1], [b"one\n"])


async def test_what_needs_no_disk_is_shown_at_once_and_in_one_write(scene: Scene) -> None:
    screen = Screen()
    scene.gate.show(screen.outlet, b"one\n")
    scene.gate.show(screen.outlet, b"two\n")
    await turns()
    assert screen.shown == [b"one\ntwo\n"]


async def test_what_needs_no_disk_does_not_overtake_what_does(scene: Scene) -> None:
    screen, other = Screen(), Screen()
    scene.gate.keep(row(1))
    scene.gate.show(screen.outlet, b"kept\n")
    await turns()
    scene.gate.show(screen.outlet, b"light\n")
    scene.gate.show(other.outlet, b"light\n")
    await turns()
    assert screen.shown == other.shown == []
    scene.disk.may_write.set()
    await scene.gate.settled()
    assert screen.shown == [b"kept\n", b"light\n"]
    assert other.shown == [b"light\n"]


async def test_while_one_batch_is_committed_the_next_one_fills(scene: Scene) -> None:
    scene.gate.keep(row(1))
    await turns()
    for number in (2, 3, 4):
        scene.gate.keep(row(number))
        await turns()
    scene.disk.may_write.set()
    await scene.gate.settled()
    assert scene.disk.rows == [1, 2, 3, 4]
    assert scene.disk.commits == 2, "three rows that came during one commit went together"


async def test_when_the_disk_fails_nothing_is_shown_any_more(scene: Scene) -> None:
    screen = Screen()
    scene.disk.is_full = True
    scene.disk.may_write.set()
    scene.gate.keep(row(1))
    scene.gate.show(screen.outlet, b"never\n")
    await scene.failed.wait()
    scene.gate.show(screen.outlet, b"nor this\n")
    await turns()
    assert screen.shown == []
    assert len(scene.failures) == 1


async def test_closing_comes_after_what_was_said(scene: Scene) -> None:
    screen = Screen()
    scene.gate.show(screen.outlet, b"bye\n")
    scene.gate.close(screen.outlet)
    await turns()
    assert (screen.shown, screen.is_closed) == ([b"bye\n"], True)
    silent = Screen()
    scene.gate.close(silent.outlet)
    await turns()
    assert silent.is_closed


async def test_settled_returns_at_once_when_there_is_nothing(scene: Scene) -> None:
    await scene.gate.settled()


async def test_a_crowd_is_shown_the_same_but_for_who_has_said_it(scene: Scene) -> None:
    ann, bob, eve = (Screen() for _ in range(3))
    made: list[Sequence[bytes]] = []

    def form(pieces: Sequence[bytes]) -> bytes:
        made.append(tuple(pieces))
        return b"".join(pieces)

    group = SessionGroup([screen.outlet for screen in (ann, bob, eve)], form)
    scene.gate.show_all(group, b"ann: hello\n", ann.outlet)
    scene.gate.show_all(group, b"bob: hello ann\n", bob.outlet)
    scene.gate.show(ann.outlet, b"for ann alone\n")
    scene.gate.show_all(group, b"the server: hello\n", None)
    await scene.gate.settled()
    assert ann.shown == [b"bob: hello ann\nfor ann alone\nthe server: hello\n"]
    assert bob.shown == [b"ann: hello\nthe server: hello\n"]
    assert eve.shown == [b"ann: hello\nbob: hello ann\nthe server: hello\n"]
    assert len(made) == 1, "what a crowd is shown is made once"


async def test_whoever_leaves_a_crowd_is_shown_what_came_before(scene: Scene) -> None:
    ann, bob = Screen(), Screen()
    group = SessionGroup([ann.outlet, bob.outlet])
    scene.gate.show_all(group, b"one\n", None)
    scene.gate.close(ann.outlet)
    await scene.gate.settled()
    assert (ann.shown, ann.is_closed) == ([b"one\n"], True)
    assert (bob.shown, bob.is_closed) == ([b"one\n"], False)


async def test_what_was_said_in_a_room_meanwhile_is_shown_with_what_was_on_its_way(scene: Scene) -> None:
    ann, bob, eve = Screen(), Screen(), Screen()
    room = SessionGroup([ann.outlet, bob.outlet])
    scene.gate.keep(row(1))
    scene.gate.show_all(room, b"one\n", ann.outlet)
    scene.gate.show(eve.outlet, b"for eve\n")
    await turns()
    scene.gate.keep(row(2))
    scene.gate.show_all(room, b"two\n", bob.outlet)
    scene.gate.close(eve.outlet)
    await turns()
    scene.disk.may_write.set()
    await scene.gate.settled()
    assert (scene.disk.rows, scene.disk.commits) == ([1, 2], 2)
    assert (ann.shown, bob.shown) == ([b"two\n"], [b"one\n"])
    assert (eve.shown, eve.is_closed) == ([b"for eve\n"], True)
    scene.disk.may_write.clear()
    for number in range(3, 6):
        scene.gate.keep(row(number))
        scene.gate.show_all(room, b"%d\n" % number, None)
        await turns()
    scene.disk.may_write.set()
    await scene.gate.settled()
    assert ann.shown == [b"two\n", b"3\n4\n5\n"]


async def test_few_are_shown_at_once_what_is_on_disk(scene: Scene) -> None:
    ann = Screen()
    room = SessionGroup([ann.outlet])
    for number in (1, 2):
        scene.gate.keep(row(number))
        scene.gate.show_all(room, b"%d\n" % number, None)
        await turns()
    scene.disk.may_write.set()
    await scene.gate.settled()
    assert ann.shown == [b"1\n", b"2\n"]


@pytest.mark.parametrize("seed", range(20))
async def test_everybody_is_shown_everything_in_order(scene: Scene, seed: int) -> None:
    """Compared with a queue for each."""
    chance = random.Random(seed)
    screens = [Screen() for _ in range(8)]
    crowds = [
        (chosen, SessionGroup([screen.outlet for screen in chosen]))
        for chosen in (chance.sample(screens, chance.randint(1, 8)) for _ in range(4))
    ]
    wanted: dict[Screen, list[bytes]] = {screen: [] for screen in screens}
    for number in range(60):
        data = b"%d\n" % number
        someone = chance.choice([None, *screens])
        if chance.random() < 0.2 and someone:
            scene.gate.show(someone.outlet, data)
            wanted[someone].append(data)
        else:
            members, group = chance.choice(crowds)
            scene.gate.show_all(group, data, someone.outlet if someone else None)
            for screen in members:
                if screen is not someone:
                    wanted[screen].append(data)
        if chance.random() < 0.5:
            scene.gate.keep(row(number))
        if chance.random() < 0.3:
            scene.disk.may_write.clear()
            await turns(2)
        if chance.random() < 0.2:
            scene.disk.may_write.set()
            await turns(2)
        if chance.random() < 0.1:
            scene.disk.may_write.set()
            await scene.gate.settled()
    scene.disk.may_write.set()
    await scene.gate.settled()
    for screen in screens:
        assert b"".join(screen.shown) == b"".join(wanted[screen])


async def test_whoever_waits_for_the_disk_hears_that_it_failed(scene: Scene) -> None:
    scene.gate.keep(row(1))
    waiting = asyncio.ensure_future(scene.gate.ended())
    await turns()
    assert not waiting.done()
    scene.disk.is_full = True
    scene.disk.may_write.set()
    assert await waiting is False
    assert await scene.gate.ended() is False


async def test_after_the_disk_failed_people_are_told_that_and_nothing_before_it(scene: Scene) -> None:
    screen, gone = Screen(), Screen()
    scene.gate.keep(row(1))
    scene.gate.show(screen.outlet, b"not kept\n")
    await turns()
    scene.gate.show(screen.outlet, b"nor this\n")
    scene.gate.close(gone.outlet)
    scene.disk.is_full = True
    scene.disk.may_write.set()
    assert not await scene.gate.ended()
    scene.gate.give_up()
    scene.gate.keep(row(2))
    scene.gate.show(screen.outlet, b"why\n")
    scene.gate.close(screen.outlet)
    await turns()
    assert screen.shown == [b"why\n"] and screen.is_closed and gone.is_closed
    assert scene.disk.rows == []


async def test_a_farewell_is_shown_though_the_disk_fails_with_it(scene: Scene) -> None:
    screen = Screen()
    scene.gate.keep(row(1))
    scene.gate.show(screen.outlet, b"why\n")
    scene.gate.close(screen.outlet)
    scene.disk.is_full = True
    scene.disk.may_write.set()
    assert not await scene.gate.ended()
    scene.gate.give_up(is_farewell=True)
    await turns()
    assert screen.shown == [b"why\n"] and screen.is_closed
