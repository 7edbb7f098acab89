"""Links that wait to be looked up: so many, in fair turns, and only for whoever is still there."""

import asyncio
import gc
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from aiohttp import web

from hubbub.web import preview_queue, previews
from hubbub.web.open_requests import UNDERWAY
from hubbub.web.preview_queue import Asker, Lookups
from hubbub.web.previews import PREVIEWS
from tests.server_harness import Person, ServerHarness
from tests.web.fake_internet import Internet
from tests.web.http_client import Answer, HttpClient, answer_on
from tests.web.test_api import ticket

NewClient = Callable[..., HttpClient]


class Slow:
    """A website that answers nothing until it may, but for what is quick."""

    def __init__(self) -> None:
        self.base = ""
        self.asked: list[str] = []
        self.may_answer = asyncio.Event()

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if "quick" not in request.path:
            await self.may_answer.wait()
        return web.Response(text=f"<title>{request.path}</title>", content_type="text/html")

    async def is_asked(self, links: int) -> None:
        while len(self.asked) < links:
            await asyncio.sleep(0)


@pytest.fixture
async def slow(internet: Internet) -> AsyncIterator[Slow]:
    slow, app = Slow(), web.Application()
    app.router.add_get("/{path:.*}", slow.handle)
    async with internet.website("slow.example.org", app) as slow.base:
        yield slow
        slow.may_answer.set()


async def guest(harness: ServerHarness, new_client: NewClient, name: str, address: str) -> HttpClient:
    harness.connect(name, address=address, secure=True).type(
        f"CAP REQ :hubbub/ticket\nNICK {name}\nUSER {name} 0 * x\nCAP END"
    )
    await harness.look()
    client = new_client(address, secure=True)
    client.bear(await ticket(harness, name))
    return client


async def begin(client: HttpClient, url: str) -> Person:
    """Ask, and let the answer wait."""
    await client.website.ready()
    person, body = client.connect(), json.dumps({"url": url})
    assert person.receiver
    person.receiver.received(
        "POST /api/v1/preview HTTP/1.1\r\nHost: chat.test\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nAuthorization: {client.headers['Authorization']}\r\n\r\n{body}".encode()
    )
    await asyncio.sleep(0)
    return person


async def look(client: HttpClient, url: str) -> Answer:
    return await answer_on(await begin(client, url))


def running(client: HttpClient) -> web.Application:
    runner = client.website._runner
    assert runner
    return runner.app


async def waiting_for(client: HttpClient, requests: int) -> None:
    """Until so many wait."""
    while running(client)[PREVIEWS].lookups.waiting != requests:
        await asyncio.sleep(0)


def held_requests() -> int:
    """How many are somewhere in memory that ask for a preview."""
    found = [one for one in gc.get_objects() if type(one) is web.Request]
    return sum(one.path == "/api/v1/preview" for one in found)


@pytest.fixture
def uncollected() -> Iterator[None]:
    """No garbage is collected meanwhile."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
async def test_who_is_gone_waits_no_more(
    harness: ServerHarness, new_client: NewClient, slow: Slow, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is kept of their requests, and what they alone have asked for is not looked up."""
    ann = await guest(harness, new_client, "ann", "192.0.2.7")
    before = held_requests()
    people = [await begin(ann, f"{slow.base}/{number}") for number in range(20)]
    await slow.is_asked(preview_queue.AT_ONCE_A_PERSON_MAX)
    await waiting_for(ann, 20)
    for person in people:
        person.hang_up()
    await waiting_for(ann, 0)
    while running(ann)[UNDERWAY]._tasks:
        await asyncio.sleep(0)
    del person, people
    while held_requests() != before:
        await asyncio.sleep(0)
    slow.may_answer.set()
    assert (await look(ann, f"{slow.base}/quick")).json["title"] == "/quick"
    assert len(slow.asked) == preview_queue.AT_ONCE_A_PERSON_MAX + 1
    assert not [one for one in caplog.records if one.levelno >= logging.WARNING], "closing a page is no error"


async def test_somebody_else_still_waits_for_it(
    harness: ServerHarness, new_client: NewClient, slow: Slow
) -> None:
    ann, bob = (
        await guest(harness, new_client, "ann", "192.0.2.7"),
        await guest(harness, new_client, "bob", "192.0.2.8"),
    )
    first = await begin(ann, f"{slow.base}/x")
    second = await begin(bob, f"{slow.base}/x")
    await slow.is_asked(1)
    first.hang_up()
    slow.may_answer.set()
    assert (await answer_on(second)).json["title"] == "/x" and slow.asked == ["/x"]


async def test_guests_that_come_anew_from_one_address(
    harness: ServerHarness, new_client: NewClient, slow: Slow
) -> None:
    """Each has a pace of their own; what waits for them all is bounded, and so is what is begun for them."""
    answers: list[asyncio.Task[Answer]] = []
    for number in range(4):
        # IPv6: one customer has a whole subnet.
        client = await guest(harness, new_client, f"guest{number}", f"2001:db8::{number + 1}")
        for link in range(50):
            person = await begin(client, f"{slow.base}/{number}-{link}")
            answers.append(asyncio.ensure_future(answer_on(person)))
            await asyncio.sleep(0)
    refused = len(answers) - preview_queue.WAITING_AN_ADDRESS_MAX
    while sum(one.done() for one in answers) < refused:
        await asyncio.sleep(0)
    told = {(one.result().status, one.result().error.partition(".")[0]) for one in answers if one.done()}
    sentences = ("Your address is looking up too many links", "at once")
    assert told <= {(429, sentences[0]), (429, " ".join(sentences))}
    await waiting_for(client, preview_queue.WAITING_AN_ADDRESS_MAX)
    await slow.is_asked(preview_queue.AT_ONCE_AN_ADDRESS_MAX)
    honest = await guest(harness, new_client, "honest", "192.0.2.7")
    assert (await look(honest, f"{slow.base}/quick")).json["title"] == "/quick"
    assert len(slow.asked) == preview_queue.AT_ONCE_AN_ADDRESS_MAX + 1
    for one in answers:
        one.cancel()


async def test_one_address_does_not_look_up_ever_more(
    harness: ServerHarness, new_client: NewClient, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks there; what is known already costs nothing more."""
    monkeypatch.setattr(previews, "BURST_NEW_LINKS", 3)
    ann, bob = (
        await guest(harness, new_client, "ann", "192.0.2.7"),
        await guest(harness, new_client, "bob", "192.0.2.7"),
    )
    assert [(await look(ann, f"{slow.base}/quick{number}")).status for number in range(3)] == [200] * 3
    answer = await look(bob, f"{slow.base}/quick9")
    assert answer.status == 429 and answer.headers["retry-after"] == "1"
    assert answer.error.startswith("Your address is looking up too many links.")
    assert (await look(bob, f"{slow.base}/quick1")).status == 200
    carl = await guest(harness, new_client, "carl", "192.0.2.8")
    assert (await look(carl, f"{slow.base}/quick9")).status == 200


async def test_a_person_waits_for_so_many(
    harness: ServerHarness, new_client: NewClient, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_queue, "WAITING_A_PERSON_MAX", 2)
    ann = await guest(harness, new_client, "ann", "192.0.2.7")
    for number in range(2):
        await begin(ann, f"{slow.base}/{number}")
    answer = await look(ann, f"{slow.base}/quick")
    assert (answer.status, answer.error) == (
        429,
        "You are looking up too many links at once. Try again in 5 s.",
    )


async def test_a_link_is_found_at_the_first_turn_of_any_that_ask(
    harness: ServerHarness, new_client: NewClient, slow: Slow
) -> None:
    """Whoever asked first has many slow ones before it; others do not wait for those."""
    ann, bob = (
        await guest(harness, new_client, "ann", "192.0.2.7"),
        await guest(harness, new_client, "bob", "192.0.2.8"),
    )
    for number in range(12):
        await begin(ann, f"{slow.base}/{number}")
    first = await begin(ann, f"{slow.base}/quick")
    assert (await look(bob, f"{slow.base}/quick")).json["title"] == "/quick"
    assert (await answer_on(first)).json["title"] == "/quick"
    assert slow.asked.count("/quick") == 1 and len(slow.asked) == preview_queue.AT_ONCE_A_PERSON_MAX + 1


@pytest.mark.parametrize("harness", [{"limits.exempt": ("192.0.2.0/24",)}], indirect=True)
async def test_who_is_exempt_waits_in_turn_and_for_as_many_as_they_like(
    harness: ServerHarness, new_client: NewClient, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_queue, "WAITING_A_PERSON_MAX", 2)
    ann = await guest(harness, new_client, "ann", "192.0.2.7")
    for number in range(9):
        await begin(ann, f"{slow.base}/{number}")
    await slow.is_asked(preview_queue.AT_ONCE_A_PERSON_MAX)
    await waiting_for(ann, 9)
    assert len(slow.asked) == preview_queue.AT_ONCE_A_PERSON_MAX


class Waiting:
    """Asks in memory, of which none is answered until it may."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.may_end = asyncio.Event()
        self.lookups = Lookups(self._look_up)
        self.gone = asyncio.get_running_loop().create_future()

    async def _look_up(self, url: str) -> str:
        self.begun.append(url)
        await self.may_end.wait()
        if url == "bug":
            raise RuntimeError(url)
        return url

    async def ask(self, url: str, address: str, person: int) -> asyncio.Task[str | None]:
        asking = self.lookups.ask(url, Asker(person, address), self.gone)
        task = asyncio.ensure_future(asking)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return task


async def test_addresses_take_turns() -> None:
    """However many ask at one of them."""
    waiting = Waiting()
    tasks = [await waiting.ask(f"a{number}", "a", number) for number in range(30)]
    tasks += [await waiting.ask(f"b{number}", "b", 100) for number in range(10)]
    tasks += [await waiting.ask(f"c{number}", "c", 200 + number) for number in range(10)]
    assert waiting.begun == ["a0", "a1", "a2", "a3", "b0", "b1", "b2", "c0"]
    waiting.may_end.set()
    await asyncio.gather(*tasks)
    rest = [url[0] for url in waiting.begun[8:26]]
    assert min(rest.count(one) for one in "abc") >= 5


async def test_where_too_much_waits_the_greatest_crowd_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview_queue, "WAITING_MAX", 10)
    waiting = Waiting()
    crowd = [await waiting.ask(f"a{number}", "a", number) for number in range(10)]
    newcomer = await waiting.ask("b", "b", 100)
    with pytest.raises(web.HTTPException) as refused:
        await crowd[-1]
    assert getattr(refused.value, "status_code", 0) == 503
    another = await waiting.ask("a10", "a", 10)
    with pytest.raises(web.HTTPException):
        await another
    assert waiting.lookups.waiting == 10
    waiting.may_end.set()
    assert await newcomer == "b" and await asyncio.gather(*crowd[:-1]) == [
        f"a{number}" for number in range(9)
    ]
    assert waiting.lookups.waiting == 0 and not waiting.lookups.is_asked("b")


async def test_a_bug_answers_nothing_and_frees_its_turn(caplog: pytest.LogCaptureFixture) -> None:
    waiting = Waiting()
    waiting.may_end.set()
    assert await (await waiting.ask("bug", "a", 1)) is None
    assert await (await waiting.ask("x", "a", 1)) == "x"
    assert "A bug in looking up a link" in caplog.text and not waiting.lookups.is_asked("bug")
