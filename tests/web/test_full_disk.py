"""A disk that takes nothing, or can't be read, is a sentence to whoever asks over HTTP; what can be read is."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from hubbub.engine.refusals import DataUnreadable, DiskTakesNothing
from tests.damaged_database import damage
from tests.full_disk import disk_takes_nothing
from tests.server_harness import ServerHarness
from tests.web.http_client import Answer, HttpClient
from tests.web.test_api import member, program

NewClient = Callable[..., HttpClient]
ROOM = "/api/v1/rooms/G%C3%A9n%C3%A9ral/messages"
REFUSED = str(DiskTakesNothing())


def is_refused(answer: Answer) -> bool:
    return (answer.status, answer.error) == (507, REFUSED)


async def test_people_read_over_http_and_are_told_why_nothing_is_taken(
    harness: ServerHarness, new_client: NewClient
) -> None:
    ann = await program(await member(harness, "ann", new_client), new_client, "chat", "read", "post")
    assert (await ann.post(ROOM, {"text": "kept words"})).status == 201
    sent = await ann.post("/files", body=b"kept", Content_Disposition='attachment; filename="a.txt"')
    path = sent.headers["location"].split("chat.test", 1)[1]
    with disk_takes_nothing():
        at_once = await asyncio.gather(*(ann.post(ROOM, {"text": "lost words"}) for _ in range(3)))
        assert all(map(is_refused, at_once)), "whoever waits for the disk is answered"
        assert is_refused(await ann.post(ROOM, {"text": "lost words"}))
        assert is_refused(await ann.post("/files", body=b"lost"))
        page = (await ann.get(ROOM)).json["messages"]
        assert [one["text"] for one in page] == ["kept words"]
        assert (await ann.get(path)).body == b"kept"
        assert (await ann.get("/")).status == 200
        assert (await ann.get("/healthz")).status == 200 and (await ann.get("/readyz")).status == 503
    harness.wait(60)
    await harness.settle()
    assert (await ann.get("/readyz")).status == 200
    assert (await ann.post(ROOM, {"text": "again"})).status == 201
    assert (await ann.post("/files", body=b"again")).status == 201


async def test_a_token_is_not_taken_back_and_not_called_unknown(
    harness: ServerHarness, new_client: NewClient
) -> None:
    ann = await member(harness, "ann", new_client)
    assert (await ann.post("/api/v1/tokens", {"name": "phone"})).status == 201
    assert (await ann.ask("DELETE", "/api/v1/tokens/laptop")).status == 404
    harness.node.disk.free_bytes = lambda: 0
    harness.wait(1)
    assert is_refused(await ann.ask("DELETE", "/api/v1/tokens/phone"))


async def test_what_can_not_be_read_is_a_sentence(harness: ServerHarness, new_client: NewClient) -> None:
    """A damaged page of the database; the page and others' business go on."""
    ann = await program(await member(harness, "ann", new_client), new_client, "chat", "read", "post")
    assert (await ann.post(ROOM, {"text": "kept words"})).status == 201
    sent = await ann.post("/files", body=b"kept", Content_Disposition='attachment; filename="a.txt"')
    path = Path(sent.headers["location"].split("chat.test", 1)[1])
    damage(harness)
    for asked in (ROOM, str(path)):
        answer = await ann.get(asked)
        assert (answer.status, answer.error) == (500, str(DataUnreadable()))
    assert (await ann.get("/")).status == 200


async def test_a_file_whose_bytes_are_gone_is_a_sentence(
    harness: ServerHarness, new_client: NewClient
) -> None:
    ann = await program(await member(harness, "ann", new_client), new_client, "chat", "read", "post")
    sent = await ann.post("/files", body=b"kept", Content_Disposition='attachment; filename="a.txt"')
    for file in (harness.data / "files").rglob("*"):
        if file.is_file():
            file.unlink()
    answer = await ann.get(sent.headers["location"].split("chat.test", 1)[1])
    sentence = "The server no longer has the content of this file. Tell its administrator."
    assert (answer.status, answer.error) == (404, sentence)


async def test_a_token_that_the_full_disk_keeps_is_not_unknown(
    harness: ServerHarness, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who revokes a token that leaked must not take it for gone already."""
    ann = await member(harness, "ann", new_client)
    await program(ann, new_client, "read")
    with monkeypatch.context() as full:
        full.setattr(harness.node, "ask", lambda *asked: DiskTakesNothing())
        assert is_refused(await ann.ask("DELETE", "/api/v1/tokens/read"))
    assert (await ann.ask("DELETE", "/api/v1/tokens/read")).status == 204
    assert (await ann.ask("DELETE", "/api/v1/tokens/read")).status == 404
