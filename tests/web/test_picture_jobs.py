"""The processes that read pictures: whoever goes away in the middle leaves nothing behind that keeps others waiting."""

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hubbub.engine.accounts import PASSWORD_RESET, ResetCredential
from hubbub.web.files import CLEANER, VAULT
from hubbub.web.picture_jobs import FAILED, MADE, PictureProcess
from tests.house import House
from tests.web.pictures import PNG, gif
from tests.web.test_api import member
from tests.web.test_revoking import session
from tests.web.visitor import Visitor

Come = Callable[..., Visitor]

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
        gone = asyncio.create_task(jobs.ask(shelf.path("slow", b"slow"), slow))
        other = asyncio.create_task(jobs.ask(shelf.path("fast", b"fast"), fast))
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
    assert await jobs.ask(shelf.path("a", b"a"), shelf.folder / "a.webp") == FAILED
    assert [path.name for path in shelf.folder.iterdir()] == ["a"] and jobs._process is None


async def test_a_process_that_has_ended_meanwhile_is_started_anew(shelf: _Pictures) -> None:
    once = COPYING[2].replace("flush=True)", "flush=True); break")
    jobs = PictureProcess((sys.executable, "-c", once))
    for name in ("a", "b"):
        assert await jobs.ask(shelf.path(name, name.encode()), shelf.folder / f"{name}.webp") == MADE
        assert jobs._process
        while jobs._process.is_alive():
            await asyncio.sleep(0)
    await jobs.stop()


async def test_a_process_that_cannot_be_started(shelf: _Pictures, caplog: pytest.LogCaptureFixture) -> None:
    jobs = PictureProcess((str(shelf.folder / "nothing"),))
    assert await jobs.ask(shelf.path("a", b"a"), shelf.folder / "a.webp") == FAILED
    assert "The process that reads pictures can't be started: No such file or directory" in caplog.text


async def test_a_picture_that_is_deleted_meanwhile_leaves_no_small_form(shelf: _Pictures) -> None:
    deleting = COPYING[2].replace("    if data", "    pathlib.Path(source).unlink()\n    if data")
    jobs = PictureProcess((sys.executable, "-c", deleting))
    assert await jobs.ask(shelf.path("a", b"a"), shelf.folder / "a.webp") == FAILED
    assert list(shelf.folder.iterdir()) == []
    await jobs.stop()


async def test_sessions_that_end_while_their_pictures_are_read(house: House, come: Come) -> None:
    """One thread is enough for everything else, so none is kept by a picture."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    bob = await member(house, "bob", come)
    await bob.website.ready()
    app = bob.website._runner.app  # type: ignore[union-attr]
    await house.ask("bob", "JOIN #tea")
    app[CLEANER]._command = COPYING
    for number in range(3):
        ann = await session(house, come, f"page{number}")
        sending = asyncio.create_task(ann.post("/files", body=gif()))
        while not list(app[VAULT].folder.glob("incoming/*.part")):
            await asyncio.sleep(0)
        assert (await bob.get("/api/v1/rooms/tea/messages")).status == 200, "while it is read"
        house.node.ask(ResetCredential("ann", house.node.passwords.make("correct horse")))
        answer = await sending
        assert (answer.status, answer.error) == (401, PASSWORD_RESET)
        assert list(app[VAULT].folder.glob("incoming/*")) == []
    path = urlsplit((await bob.post("/files", body=PNG)).headers["location"]).path
    assert (await bob.get(path)).body == PNG
    assert (await bob.get("/api/v1/rooms/tea/messages")).status == 200
