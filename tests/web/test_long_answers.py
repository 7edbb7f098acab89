"""Long answers: what they hold for readers who take nothing, whom that keeps out, and lists in pages."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import quote

import pytest
from aiohttp import web

from hubbub.admin import people
from hubbub.admin.context import AdminContext
from hubbub.engine.accounts import ChangeRole
from hubbub.engine.state import Account, Role
from hubbub.web import long_answers, rooms, static_page
from hubbub.web.errors import Failure
from hubbub.web.long_answers import LITTLE_BYTES, PIECE_BYTES, Holding, LongAnswers, Pieces, in_pieces
from tests.patience import PATIENCE_SECONDS
from tests.server_harness import Person, ServerHarness
from tests.web.http_client import Answer, HttpClient, answer_on
from tests.web.test_api import NewClient, member

TEXT = 400 * "-"
PAGE = "/api/v1/rooms/tea/messages?limit=200"


class Stubborn:
    """Readers who ask and take nothing of what they are answered."""

    def __init__(self) -> None:
        self.all: list[Person] = []

    async def ask(self, client: HttpClient, path: str) -> Person:
        await client.website.ready()
        person = client.connect()
        assert person.receiver is not None
        # The connection is looked at until its first request is answered.
        person.receiver.received(b"GET /healthz HTTP/1.1\r\nHost: chat.test\r\n\r\n")
        await answer_on(person)
        person.connection.stalled = True
        sent = "".join(f"{name}: {value}\r\n" for name, value in client.headers.items())
        person.receiver.received(f"GET {path} HTTP/1.1\r\nHost: chat.test\r\n{sent}\r\n".encode())
        self.all.append(person)
        return person

    async def asks(self, client: HttpClient, path: str) -> Person:
        """Until the answer is made, and waits."""
        person = await self.ask(client, path)
        await until(lambda: person.connection.queued_bytes)
        return person


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not holds():
            await asyncio.sleep(0)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[LongAnswers]:
    """What counts the answers of the website that is made next."""
    made: list[LongAnswers] = []

    class Counting(LongAnswers):
        def __init__(self) -> None:
            super().__init__()
            made.append(self)

    monkeypatch.setattr(long_answers, "LongAnswers", Counting)
    return made


@pytest.fixture
async def ann(
    harness: ServerHarness, counted: list[LongAnswers], new_client: NewClient
) -> AsyncIterator[HttpClient]:
    """Somebody in a room in which much was said."""
    ann = await member(harness, "ann", new_client)
    await harness.ask("ann", "JOIN #tea")
    for number in range(200):
        harness.people["ann"].type(f"PRIVMSG #tea :{number} {TEXT}")
        harness.wait(1)
    await harness.look()
    yield ann


async def test_an_answer_is_written_as_it_is_taken(ann: HttpClient) -> None:
    """Who takes nothing has a piece of it waiting; who takes it has all of it."""
    stubborn = Stubborn()
    person = await stubborn.asks(ann, PAGE)
    for _ in range(50):
        await asyncio.sleep(0)
    assert person.connection.queued_bytes <= 2 * PIECE_BYTES
    person.connection.stalled = False
    answer = await answer_on(person)
    assert len(answer.json["messages"]) == 200 and len(answer.body) > LITTLE_BYTES


async def test_answers_that_nobody_takes_are_bounded_before_they_are_made(
    harness: ServerHarness,
    ann: HttpClient,
    new_client: NewClient,
    counted: list[LongAnswers],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of one who asks: what is too much is refused before the storage is read; what was taken is free again."""
    read: list[object] = []
    history = harness.node.storage.history

    def counting(**asked: Any) -> Any:
        read.append(asked)
        return history(**asked)

    monkeypatch.setattr(harness.node.storage, "history", counting)
    monkeypatch.setattr(long_answers, "AN_ASKER_BYTES_MAX", rooms.ANSWER_BYTES + 200_000)
    stubborn = Stubborn()
    await stubborn.asks(ann, PAGE)
    await stubborn.asks(ann, PAGE)
    assert 2 * LITTLE_BYTES < counted[0].total < 1 << 20 and len(read) == 2
    before = 2
    refused = await ann.get(PAGE)
    while refused.status == 200:
        await stubborn.asks(ann, PAGE)
        before = len(read)
        refused = await ann.get(PAGE)
    assert (refused.status, refused.headers["retry-after"], len(read)) == (429, "10", before)
    bob = await member(harness, "bob", new_client)
    assert (await bob.get("/api/v1/rooms")).status == 200
    for person in stubborn.all:
        person.connection.stalled = False
        await answer_on(person)
    await until(lambda: counted[0].total == 0)
    assert (await ann.get(PAGE)).status == 200


@pytest.mark.parametrize(
    ("limit", "status"), [("AN_ADDRESS_BYTES_MAX", 429), ("ALL_BYTES_MAX", 503)], ids=["address", "all"]
)
async def test_many_accounts_hold_no_more_than_one_address_and_all_may(
    harness: ServerHarness,
    ann: HttpClient,
    new_client: NewClient,
    counted: list[LongAnswers],
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    status: int,
) -> None:
    bob = await member(harness, "bob", new_client)
    monkeypatch.setattr(long_answers, limit, rooms.ANSWER_BYTES + LITTLE_BYTES)
    stubborn = Stubborn()
    person = await stubborn.asks(ann, PAGE)
    answer = await bob.get("/api/v1/rooms")
    assert answer.status == status, answer.body
    person.connection.abort()
    assert person.receiver is not None
    person.receiver.lost("gone")
    await until(lambda: counted[0].total == 0)
    assert (await bob.get("/api/v1/rooms")).status == 200


async def test_a_reader_who_is_too_slow_is_disconnected(
    ann: HttpClient, counted: list[LongAnswers], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_answers, "GRACE_SECONDS", 0)
    monkeypatch.setattr(long_answers, "SLOWEST_BYTES_A_SECOND", 1 << 30)
    person = await Stubborn().ask(ann, PAGE)
    await until(lambda: person.connection.aborted)
    await until(lambda: counted[0].total == 0)


async def test_the_page_is_written_as_it_is_taken(new_client: NewClient) -> None:
    """Strangers may ask for its longest file."""
    files = static_page.read(static_page.FOLDER)
    path, file = max(files.items(), key=lambda item: len(item[1].body))
    assert len(file.body) > LITTLE_BYTES
    client = new_client()
    person = await Stubborn().asks(client, path)
    for _ in range(50):
        await asyncio.sleep(0)
    assert person.connection.queued_bytes <= 2 * PIECE_BYTES
    assert (await client.get(path)).body == file.body


async def test_rooms_in_pages(harness: ServerHarness, ann: HttpClient) -> None:
    for name in ("Zoo", "bar", "été"):
        await harness.ask("ann", f"JOIN #{name}")
    whole = [room["name"] for room in (await ann.get("/api/v1/rooms")).json["rooms"]]
    found: list[str] = []
    while page := (await ann.get(_after(found))).json["rooms"]:
        assert len(page) <= 2
        found += [room["name"] for room in page]
    assert found == whole and len(set(found)) == len(found) > 3


def _after(found: list[str]) -> str:
    return f"/api/v1/rooms?limit=2&after={quote(found[-1]) if found else ''}"


async def administrator(harness: ServerHarness, new_client: NewClient) -> HttpClient:
    client = await member(harness, "root", new_client)
    account = harness.node.state.account_named("root")
    assert account
    harness.node.ask(ChangeRole("root", Role.ADMIN))
    for name in ("ada", "bob", "cleo", "dan", "eve"):
        await harness.account(name)
    return client


async def part(root: HttpClient, way: str, **asked: Any) -> Answer:
    if way == "line":
        return await root.post("/api/v1/admin", {"line": "users", **asked})
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return await root.get(f"/api/v1/admin/users?{query}")


@pytest.mark.parametrize("way", ["line", "operation"])
async def test_an_administrators_list_in_parts(
    harness: ServerHarness, new_client: NewClient, way: str
) -> None:
    root = await administrator(harness, new_client)
    whole = (await part(root, way)).json
    assert whole["next"] is None
    rows: list[list[str]] = []
    offset: int | None = 0
    while offset is not None:
        done = (await part(root, way, limit=2, offset=offset)).json
        assert len(done["rows"]) <= 2 and len(done["lines"]) == 1 + len(done["rows"]) + 1
        rows, offset = rows + done["rows"], done["next"]
    assert rows == whole["rows"] and len(rows) == 6
    found = (await part(root, way, find="CLE")).json
    assert [row[0] for row in found["rows"]] == ["cleo"] and found["next"] is None


async def test_of_a_long_list_only_the_rows_of_a_part_are_made(
    harness: ServerHarness, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = await administrator(harness, new_client)
    made: list[str] = []
    absent = people._absent

    def row(desk: AdminContext, account: Account, now: int) -> tuple[str, ...]:
        made.append(account.name.text)
        return absent(desk, account, now)

    monkeypatch.setattr(people, "_absent", row)
    done = (await part(root, "operation", limit=2, offset=1)).json
    assert [row[0] for row in done["rows"]] == ["ada", "bob"] and done["next"] == 3
    assert made == ["ada", "bob", "cleo"]


async def test_lines_in_parts_and_what_changes_something_goes_on_nowhere(
    harness: ServerHarness, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = await administrator(harness, new_client)
    await harness.ask("root", "JOIN #tea")
    for number in range(5):
        await harness.ask("root", f"PRIVMSG #tea :{number} {TEXT}")
    monkeypatch.setattr("hubbub.admin.answers.PART_CHARACTERS_MAX", 2 * len(TEXT) + 100)
    lines: list[str] = []
    offset: int | None = 0
    while offset is not None:
        done = (await root.get(f"/api/v1/admin/messages?time=1h&offset={offset}")).json
        assert 1 <= len(done["lines"]) <= 2
        lines, offset = lines + done["lines"], done["next"]
    assert [line.split(": ")[1][0] for line in lines] == [*"01234"]
    done = (await root.post("/api/v1/admin", {"line": "add room chess", "offset": 1})).json
    assert not done["ok"] and done["lines"] == ["Only a list can continue. Nothing was changed."]
    assert harness.node.state.room_named("chess") is None


async def test_suggestions_are_few(
    harness: ServerHarness, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = await administrator(harness, new_client)
    monkeypatch.setattr("hubbub.web.admin.SUGGESTIONS_MAX", 3)
    commands = (await root.get("/api/v1/admin/commands")).json["commands"]
    assert max(len(field["suggestions"]) for form in commands for field in form["fields"]) == 3


@pytest.mark.parametrize("number", ["0", "-1", "+1", "٣", "1_0", "9" * 4000, "0" * 4000 + "1", "5" * 400])
async def test_numbers_in_paths_and_queries(
    harness: ServerHarness, new_client: NewClient, number: str
) -> None:
    """Of thousands of digits, too: Python refuses to read those."""
    root = await administrator(harness, new_client)
    asked = quote(number)
    own = (await root.get("/api/v1/sessions")).json["sessions"][0]["number"]
    for path in (asked, f"{own}{asked}", f"{str(own).zfill(18)}{asked}"):
        assert (await root.ask("DELETE", f"/api/v1/sessions/{path}")).status == 404
    for query in ("admin/users?offset", "admin/users?limit", "rooms?limit", "rooms/tea/messages?limit"):
        answer = await root.get(f"/api/v1/{query}={asked}")
        assert answer.status in (200, 422), answer.body
        json.loads(answer.body)


def test_what_is_held_is_counted_once_and_free_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often it is released; what becomes less is not refused, whatever the limits are meanwhile."""
    answers = LongAnswers()
    one, other = Holding(answers, "ann", "here"), Holding(answers, "bob", "there")
    one.resize(100, is_exempt=False)
    other.resize(30, is_exempt=False)
    for limit in ("AN_ASKER_BYTES_MAX", "AN_ADDRESS_BYTES_MAX", "ALL_BYTES_MAX"):
        monkeypatch.setattr(long_answers, limit, 50)
    one.resize(60, is_exempt=False)
    with pytest.raises(Failure):
        one.resize(61, is_exempt=False)
    assert answers.total == 90
    for _ in range(2):
        one.release()
    assert answers.total == 30
    other.resize(0, is_exempt=False)
    assert answers.total == 0 and not answers._askers and not answers._addresses


async def test_little_answers_are_not_counted(ann: HttpClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is kept from what takes no room by what waits for them."""
    monkeypatch.setattr(long_answers, "AN_ASKER_BYTES_MAX", 0)
    assert (await ann.get("/api/v1/me")).status == 200
    assert (await ann.get(PAGE)).status == 429


@pytest.mark.parametrize("harness", [{"limits.exempt": ("127.0.0.0/8",)}], indirect=True)
async def test_an_address_that_is_exempt_holds_as_much_as_its_people(
    ann: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_answers, "AN_ADDRESS_BYTES_MAX", rooms.ANSWER_BYTES + LITTLE_BYTES)
    await Stubborn().asks(ann, PAGE)
    assert (await ann.get(PAGE)).status == 200


async def test_addresses_of_one_network_are_one(
    harness: ServerHarness,
    ann: HttpClient,
    new_client: NewClient,
    counted: list[LongAnswers],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of IPv6 one has a whole network: a reader who comes from each of its addresses holds no more."""
    monkeypatch.setattr(long_answers, "AN_ADDRESS_BYTES_MAX", rooms.ANSWER_BYTES + LITTLE_BYTES)
    bob = await member(harness, "bob", new_client)
    clients = []
    for one, address in ((ann, "2001:db8::1"), (bob, "2001:db8::2")):
        clients.append(new_client(address, secure=True))
        clients[-1].headers = one.headers
    await Stubborn().asks(clients[0], PAGE)
    assert (await clients[1].get("/api/v1/rooms")).status == 429


def test_pieces_are_little_answers() -> None:
    assert 2 * PIECE_BYTES <= LITTLE_BYTES == 65_536
    for size, kind in ((LITTLE_BYTES, bytes), (LITTLE_BYTES + 1, Pieces)):
        response = web.Response(body=b"x" * size)
        in_pieces(response)
        assert type(response.body) is kind


async def test_what_a_broken_request_held_is_free_again(
    harness: ServerHarness, ann: HttpClient, counted: list[LongAnswers], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that ends in no answer of its own, after room was made for one."""
    held: list[int] = []

    def gone(**_: Any) -> Any:
        held.append(counted[0].total)
        raise ConnectionResetError

    monkeypatch.setattr(harness.node.storage, "history", gone)
    assert (await ann.get(PAGE)).status == 400
    assert held == [rooms.ANSWER_BYTES] and counted[0].total == 0
