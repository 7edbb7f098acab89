"""The processes that read pictures: whoever goes away in the middle leaves nothing behind that keeps others waiting."""

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hubbub.engine.accounts import PASSWORD_RESET, ResetCredential
from hubbub.web.fair_queue import FairLine
from hubbub.web.files import CLEANER, VAULT
from hubbub.web.picture_jobs import BUSY, FAILED, MADE, PictureProcess, Thumbnails
from tests.server_harness import ServerHarness
from tests.web.http_client import HttpClient
from tests.web.pictures import PNG, gif
from tests.web.test_api import member
from tests.web.test_revoking import session

NewClient = Callable[..., HttpClient]

COPYING = (
    sys.executable,
    "-c",
    """
import json, pathlib, sys, time
for line in sys.stdin:
    number, source, target = json.loads(line)
    data = pathlib.Path(source).read_bytes()
    pathlib.Path(target).write_bytes(data)
    if data[:4] in (b"GIF8", b"slow"):
        time.sleep(600)
    print(number, "made", flush=True)
""",
)
"""In the place of the process: it copies, and comes to no end with a GIF."""
COUNTING = COPYING[2].replace("    if data", "    open(source + '.times', 'a').write('x')\n    if data")
"""The same, and notes how often it was asked for each."""


class _Pictures:
    """In a folder, each with its content."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    async def begun(self, target: Path) -> None:
        while not target.with_name(f"{target.name}.part").exists():
            await asyncio.sleep(0)


@pytest.fixture
def shelf(tmp_path: Path) -> _Pictures:
    return _Pictures(tmp_path)


async def test_who_goes_in_the_middle_takes_no_answer_from_others(shelf: _Pictures) -> None:
    jobs = PictureProcess(COPYING)
    for _ in range(3):
        slow, fast = shelf.folder / "slow.webp", shelf.folder / "fast.webp"
        gone = asyncio.create_task(jobs.ask(shelf.path("slow", b"slow"), slow, "ann"))
        other = asyncio.create_task(jobs.ask(shelf.path("fast", b"fast"), fast, "ann"))
        await shelf.begun(slow)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        assert sorted(path.name for path in shelf.folder.iterdir() if "slow" in path.name) == ["slow"]
        assert await other == MADE and fast.read_bytes() == b"fast"
        fast.unlink()
    await jobs.stop()


async def test_a_process_that_answers_another_question_is_ended(shelf: _Pictures) -> None:
    wrong = COPYING[2].replace("print(number,", "print(number + 1,")
    jobs = PictureProcess((sys.executable, "-c", wrong))
    assert await jobs.ask(shelf.path("a", b"a"), shelf.folder / "a.webp", "ann") == FAILED
    assert [path.name for path in shelf.folder.iterdir()] == ["a"] and jobs._process is None


async def test_a_process_that_has_ended_meanwhile_is_started_anew(shelf: _Pictures) -> None:
    once = COPYING[2].replace("flush=True)", "flush=True); break")
    jobs = PictureProcess((sys.executable, "-c", once))
    for name in ("a", "b"):
        assert await jobs.ask(shelf.path(name, name.encode()), shelf.folder / f"{name}.webp", "ann") == MADE
        assert jobs._process
        while jobs._process.is_alive():
            await asyncio.sleep(0)
    await jobs.stop()


async def test_a_process_that_cannot_be_started(shelf: _Pictures, caplog: pytest.LogCaptureFixture) -> None:
    jobs = PictureProcess((str(shelf.folder / "nothing"),))
    assert await jobs.ask(shelf.path("a", b"a"), shelf.folder / "a.webp", "ann") == BUSY
    assert "The process that reads pictures failed to start: No such file or directory" in caplog.text


async def test_a_picture_that_is_deleted_meanwhile_leaves_no_small_form(shelf: _Pictures) -> None:
    deleting = COPYING[2].replace("    if data", "    pathlib.Path(source).unlink()\n    if data")
    jobs = PictureProcess((sys.executable, "-c", deleting))
    assert await jobs.ask(shelf.path("a", b"a"), shelf.folder / "a.webp", "ann") == BUSY
    assert list(shelf.folder.iterdir()) == []
    await jobs.stop()


async def test_who_asks_for_the_same_waits_for_the_same(shelf: _Pictures) -> None:
    """It is read once, and goes on as long as one of them is there."""
    jobs = Thumbnails((sys.executable, "-c", COUNTING.replace('b"slow"', 'b"other"')))
    source, target = shelf.path("a", b"slow" * 20), shelf.folder / "a.webp"
    first, *others = (asyncio.create_task(jobs.make(source, target, name)) for name in ("ann", "bob", "cat"))
    await asyncio.sleep(0)
    first.cancel()
    assert await asyncio.gather(*others) == [True, True]
    assert (shelf.folder / "a.times").read_text() == "x"
    await jobs.stop()


async def test_asked_for_anew_while_it_is_given_up(shelf: _Pictures) -> None:
    jobs = PictureProcess(COPYING)
    source, target = shelf.path("a", b"slow"), shelf.folder / "a.webp"
    gone = asyncio.create_task(jobs.ask(source, target, "ann"))
    await shelf.begun(target)
    gone.cancel()
    await asyncio.sleep(0)
    source.write_bytes(b"fast")
    assert await jobs.ask(source, target, "bob") == MADE and gone.cancelled()
    assert not jobs._jobs and jobs._line.take() is None
    await jobs.stop()


async def test_a_picture_that_could_not_be_read_is_not_tried_again(
    shelf: _Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hubbub.web.picture_jobs.FAILED_MAX", 2)
    refusing = COUNTING.replace('"made"', '"not"')
    jobs = Thumbnails((sys.executable, "-c", refusing))
    for name in ("a", "a", "b", "c", "b", "a"):
        assert not await jobs.make(shelf.path(name, name.encode()), shelf.folder / f"{name}.webp", "ann")
    times = {path.name: path.read_text() for path in shelf.folder.glob("*.times")}
    assert times == {"a.times": "xx", "b.times": "x", "c.times": "x"}, "of two it is remembered"
    await jobs.stop()


async def test_who_has_much_to_be_read_waits_behind_others(shelf: _Pictures) -> None:
    logging = COPYING[2].replace("    if data", "    open('order', 'a').write(data.decode())\n    if data")
    jobs = PictureProcess((sys.executable, "-c", f"import os; os.chdir({str(shelf.folder)!r})\n{logging}"))
    asked = [
        jobs.ask(shelf.path(f"{asker}{n}", asker[0].encode()), shelf.folder / f"{asker}{n}.webp", asker)
        for asker, times in (("ann", 13), ("bob", 2), ("cat", 1))
        for n in range(times)
    ]
    answers = await asyncio.gather(*asked)
    assert answers == [MADE] * 12 + [BUSY] + [MADE] * 3
    assert (shelf.folder / "order").read_text() == "abcab" + "a" * 10
    await jobs.stop()


async def test_what_waits_when_the_server_stops(shelf: _Pictures) -> None:
    jobs = PictureProcess(COPYING)
    running, waiting = (
        asyncio.create_task(jobs.ask(shelf.path(name, b"slow"), shelf.folder / f"{name}.webp", "ann"))
        for name in ("a", "b")
    )
    await shelf.begun(shelf.folder / "a.webp")
    await jobs.stop()
    assert [await running, await waiting] == [BUSY, BUSY]
    assert sorted(path.name for path in shelf.folder.iterdir()) == ["a", "b"] and jobs._process is None


def test_a_newcomer_finds_a_place_in_a_line_that_is_full() -> None:
    line = FairLine[int](3, 4)
    assert [line.enter("ann", n) for n in range(4)] == [True, True, True, False]
    assert [line.enter(name, 9) for name in ("bob", "bob", "cat")] == [True, False, True]
    line.leave("bob", 9)
    assert [line.take() for _ in range(5)] == [0, 9, 1, 2, None]


async def test_sessions_that_end_while_their_pictures_are_read(
    harness: ServerHarness, new_client: NewClient
) -> None:
    """One thread is enough for everything else, so none is kept by a picture."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    bob = await member(harness, "bob", new_client)
    await bob.website.ready()
    app = bob.website._runner.app  # type: ignore[union-attr]
    await harness.ask("bob", "JOIN #tea")
    app[CLEANER]._command = COPYING
    for number in range(3):
        ann = await session(harness, new_client, f"page{number}")
        sending = asyncio.create_task(ann.post("/files", body=gif()))
        while not list(app[VAULT].folder.glob("incoming/*.part")):
            await asyncio.sleep(0)
        assert (await bob.get("/api/v1/rooms/tea/messages")).status == 200, "while it is read"
        harness.node.ask(ResetCredential("ann", harness.node.proofs.passwords.make("correct horse")))
        answer = await sending
        assert (answer.status, answer.error) == (401, PASSWORD_RESET)
        assert list(app[VAULT].folder.glob("incoming/*")) == []
    path = urlsplit((await bob.post("/files", body=PNG)).headers["location"]).path
    assert (await bob.get(path)).body == PNG
    assert (await bob.get("/api/v1/rooms/tea/messages")).status == 200
