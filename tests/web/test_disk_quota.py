"""Room for files: a reserve of the disk, and how much all files may take; nobody fills a disk to see it."""

from collections.abc import Callable

import pytest

from hubbub.admin.interpreter import run
from hubbub.node.admin_context import ConsoleContext
from hubbub.web.blob_store import Vault
from hubbub.web.files import tidy
from tests.server_harness import ServerHarness
from tests.web.http_client import HttpClient, answer_on
from tests.web.test_api import member
from tests.web.test_request_bodies import begin

NewClient = Callable[..., HttpClient]

NEARLY_FULL = "The server's disk is nearly full, so it accepts no files for now. Tell its administrator."
FULL = "All files together may take up 1 kB on this server. Ask an administrator for more space."


async def _send(client: HttpClient, size: int) -> tuple[int, str]:
    answer = await client.post("/files", body=b"x" * size)
    return answer.status, "" if answer.status == 201 else answer.error


@pytest.mark.parametrize("harness", [{"files.reserve_bytes": 1_000}], indirect=True)
async def test_the_reserve_stays_free(harness: ServerHarness, new_client: NewClient) -> None:
    ann = await member(harness, "ann", new_client)
    harness.node.disk.free_bytes = lambda: 1_500
    assert await _send(ann, 501) == (507, NEARLY_FULL)
    assert await _send(ann, 500) == (201, "")
    harness.node.disk.free_bytes = lambda: 999
    assert await _send(ann, 0) == (507, NEARLY_FULL)
    assert len(harness.node.state.file_bytes) == 1


@pytest.mark.parametrize("harness", [{"files.reserve_bytes": 0}], indirect=True)
async def test_no_reserve(harness: ServerHarness, new_client: NewClient) -> None:
    ann = await member(harness, "ann", new_client)
    harness.node.disk.free_bytes = lambda: 10
    assert await _send(ann, 10) == (201, "") and await _send(ann, 11) == (507, NEARLY_FULL)


@pytest.mark.parametrize(
    ("harness", "sentence"),
    [
        ({"files.reserve_bytes": 1_000}, NEARLY_FULL),
        ({"files.total_bytes": 1_000, "files.reserve_bytes": 0}, FULL),
    ],
    indirect=["harness"],
)
async def test_what_comes_is_reckoned_with(
    harness: ServerHarness, new_client: NewClient, sentence: str
) -> None:
    """Of several files at once, each of which would fit, those are refused that don't fit together."""
    ann, bob = await member(harness, "ann", new_client), await member(harness, "bob", new_client)
    harness.node.disk.free_bytes = lambda: 2_000
    for _ in range(3):
        await begin(ann, "POST /files HTTP/1.1\r\nContent-Length: 300")
    assert await _send(bob, 101) == (507, sentence)
    assert await _send(bob, 100) == (201, "")


@pytest.mark.parametrize("harness", [{"files.total_bytes": 1_000}], indirect=True)
async def test_who_gives_up_gives_the_room_back(
    harness: ServerHarness, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hubbub.web.files.STALL_SECONDS", 0.05)
    ann = await member(harness, "ann", new_client)
    person = await begin(ann, "POST /files HTTP/1.1\r\nContent-Length: 900")
    assert (await answer_on(person)).status == 408
    assert await _send(ann, 1_000) == (201, "")


@pytest.mark.parametrize(
    ("harness", "sentence"),
    [
        ({"files.reserve_bytes": 1_000}, NEARLY_FULL),
        ({"files.total_bytes": 1_000, "files.reserve_bytes": 0}, FULL),
    ],
    indirect=["harness"],
)
async def test_a_file_that_does_not_say_how_long_it_is(
    harness: ServerHarness, new_client: NewClient, sentence: str
) -> None:
    ann = await member(harness, "ann", new_client)
    harness.node.disk.free_bytes = lambda: 2_000
    person = await begin(ann, "POST /files HTTP/1.1\r\nTransfer-Encoding: chunked")
    assert person.receiver is not None
    person.receiver.received(b"258\r\n%s\r\n" % (b"x" * 600) * 2 + b"0\r\n\r\n")
    answer = await answer_on(person)
    assert (answer.status, answer.error) == (507, sentence)
    assert [path for path in (harness.data / "files").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("harness", [{"files.total_bytes": 1_000}], indirect=True)
async def test_all_files_together(harness: ServerHarness, new_client: NewClient) -> None:
    """Whosever they are; what goes makes room again, and a start forgets nothing."""
    ann, bob = await member(harness, "ann", new_client), await member(harness, "bob", new_client)
    assert await _send(ann, 600) == (201, "")
    assert await _send(bob, 401) == (507, FULL)
    assert await _send(bob, 400) == (201, "") and await _send(ann, 1) == (507, FULL)
    harness.now_ms += 2 * 86_400_000
    await tidy(harness.node, Vault(harness.data / "files"))
    assert await _send(bob, 1_000) == (201, "")


@pytest.mark.parametrize("harness", [{"files.reserve_bytes": 1_000}], indirect=True)
async def test_the_operator_is_told_once(
    harness: ServerHarness, new_client: NewClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "hubbub")
    ann = await member(harness, "ann", new_client)
    harness.node.disk.free_bytes = lambda: 999
    for _ in range(3):
        assert (await _send(ann, 1))[0] == 507
    low = "The disk has 999 bytes left, files.reserve_bytes is 1 kB: the server accepts no files"
    assert [one.getMessage() for one in caplog.records if one.levelname == "WARNING"] == [low]
    status = await run(ConsoleContext(harness.node), "status")
    assert (
        "Disk",
        "999 bytes free, less than files.reserve_bytes: the server accepts no files",
    ) in status.rows
    figures = (await ann.get("/metrics", Host="localhost")).body.decode()
    assert "hubbub_disk_free_bytes 999.0" in figures and "hubbub_disk_reserve_bytes 1000.0" in figures
    harness.node.disk.free_bytes = lambda: 5_000
    assert await _send(ann, 1) == (201, "")
    assert "The disk has 5 kB left: the server accepts files again" in caplog.text
    assert ("Disk", "5 kB free") in (await run(ConsoleContext(harness.node), "status")).rows


@pytest.mark.parametrize("harness", [{"files.quota_bytes": 1_000}], indirect=True)
async def test_who_promises_much_promises_no_more_than_their_own_may_take(
    harness: ServerHarness, new_client: NewClient
) -> None:
    """What one announces and never sends keeps no more room from others than one could fill."""
    ann, bob = await member(harness, "ann", new_client), await member(harness, "bob", new_client)
    for _ in range(2):
        await begin(ann, "POST /files HTTP/1.1\r\nContent-Length: 450")
    assert (await ann.post("/files", body=b"x" * 101)).status == 413
    assert await _send(ann, 100) == (201, "") and await _send(bob, 1_000) == (201, "")
