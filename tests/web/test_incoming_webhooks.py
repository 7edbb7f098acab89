"""Webhooks: what programs post is said in a room, and what is said in a room is posted, signed, until it is taken."""

import asyncio
import hashlib
import hmac
import json
import re
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from aiohttp import web

from hubbub.admin.interpreter import run
from hubbub.engine.edits import Edit, Redact
from hubbub.engine.event import Event
from hubbub.engine.messages import MessageSaid, SayInRoom
from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Webhook
from hubbub.node.admin_context import ConsoleContext, PersonContext
from hubbub.storage.base import NotWritten
from hubbub.web import incoming_webhooks, outgoing_webhooks
from hubbub.web.incoming_webhooks import in_words
from tests.opcodes import counting
from tests.patience import PATIENCE_SECONDS
from tests.server_harness import ServerHarness, told
from tests.web.fake_internet import OWN, SOMEWHERE, Internet, serving
from tests.web.http_client import HttpClient

pytestmark = pytest.mark.usefixtures("client")


async def _say(harness: ServerHarness, line: str) -> list[str]:
    """At the console."""
    result = await run(ConsoleContext(harness.node), line)
    assert result.ok, result.lines
    return list(result.lines)


@pytest.fixture
async def ann(harness: ServerHarness) -> str:
    await _say(harness, "add room tea")
    await harness.irc("ann")
    await harness.ask("ann", "JOIN #tea")
    return "ann"


async def _address(harness: ServerHarness, name: str = "Build") -> str:
    lines = await _say(harness, f"add webhook in tea {name}")
    found = re.search(r"/hooks/\S+", lines[0])
    assert found
    return found[0]


# In


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"text": "it is green"}, ["#tea :it is green"]),
        ({"text": "a\nb"}, ["#tea :a", "#tea :b"]),
        (
            {"text": "see <https://x.org/1|build 1> &amp; <!here>"},
            ["#tea :see build 1 (https://x.org/1) & @here"],
        ),
        ({"text": "1 < 2 <https://x.org>"}, ["#tea :1 < 2 https://x.org"]),
        (
            {
                "attachments": [
                    {"title": "Build 7", "title_link": "https://x.org", "text": "failed", "color": "red"}
                ]
            },
            ["#tea :**Build 7** https://x.org", "#tea :failed"],
        ),
        ({"attachments": [{"fallback": "in short"}]}, ["#tea :in short"]),
        ({"text": "x", "channel": "#other", "icon_emoji": ":tada:"}, ["#tea :x"]),
    ],
)
async def test_what_is_posted_is_said(
    harness: ServerHarness, client: HttpClient, ann: str, body: object, said: list[str]
) -> None:
    """Slack's and Mattermost's simple form; the room is the webhook's, whatever the program writes."""
    path = await _address(harness)
    await harness.look()
    answer = await client.post(path, body)
    assert (answer.status, answer.body) == (200, b"ok")
    lines = told(await harness.look(), "ann")
    assert [line.partition(" PRIVMSG ")[2] for line in lines] == said
    assert all(line.startswith(":Build!webhook@hubbub ") for line in lines)


@pytest.mark.parametrize(
    ("form", "payload"),
    [
        (b"payload=%7B%22a%22%3A+1%7D", b'{"a": 1}'),
        (b"a=b&payload=&payload=1%2B1&payload=2", b"1+1"),
        (b"payload=%C3%A9%&b", "é%".encode()),
        (b"payload=%%41%4g%4", b"%A%4g%4"),
        (b"payload", b""),
        (b"", b""),
    ],
)
def test_what_a_form_holds(form: bytes, payload: bytes) -> None:
    assert incoming_webhooks._payload(form) == payload


@pytest.mark.parametrize("piece", [b"%", b"%41", b"%4", b"+", b"="])
def test_a_form_takes_no_steps_for_each_of_its_bytes(piece: bytes) -> None:
    with counting("") as count:
        incoming_webhooks._payload(b"payload=" + piece * 10_000)
    assert count.opcodes < 1_000


async def test_no_more_of_a_text_is_read_than_a_message_may_hold(
    harness: ServerHarness, client: HttpClient, ann: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What follows would be cut off, after it was looked through."""
    read: list[str] = []

    def words(text: str) -> str:
        read.append(text)
        return in_words(text)

    monkeypatch.setattr(incoming_webhooks, "in_words", words)
    address = await _address(harness)
    answer = await client.post(address, {"text": "&amp;" * 100_000, "username": "x" * 100_000})
    assert answer.status == 200 and len(read[0]) == 8 * harness.node.settings.limits.multiline_bytes
    assert " PRIVMSG #tea :" in told(await harness.look(), "ann")[-1]


async def test_as_a_form(harness: ServerHarness, client: HttpClient, ann: str) -> None:
    body = urlencode({"payload": json.dumps({"text": "by a form"})}).encode()
    kind = "application/x-www-form-urlencoded"
    answer = await client.post(await _address(harness), body=body, Content_Type=kind)
    assert answer.status == 200 and told(await harness.look(), "ann")[-1].endswith("#tea :by a form")


@pytest.mark.parametrize(
    ("wanted", "called"),
    [
        ("Deploy bot", "Deploy_bot"),
        ("ann", "Build"),
        ("NickServ", "Build"),
        ("a!b@c d", "a_b_c_d"),
        ("é", "Build"),
    ],
)
async def test_under_which_name(
    harness: ServerHarness, client: HttpClient, ann: str, wanted: str, called: str
) -> None:
    """Any that could be a nickname and is nobody's."""
    path = await _address(harness)
    await client.post(path, {"text": "hello", "username": wanted})
    assert told(await harness.look(), "ann")[-1].startswith(f":{called}!webhook@hubbub ")


@pytest.mark.parametrize(
    ("kind", "body", "status", "sentence"),
    [
        ("application/json", b'{"text": ""}', 422, "The message is empty. Send a text."),
        ("application/json", b'{"x": ' + b"[" * 100_000, 400, "The JSON is nested too deeply."),
        (
            "application/x-www-form-urlencoded",
            b"&a=b" * 1000,
            400,
            "The form must have exactly one field: payload.",
        ),
    ],
)
async def test_why_it_can_not_be_said(
    harness: ServerHarness, client: HttpClient, ann: str, kind: str, body: bytes, status: int, sentence: str
) -> None:
    answer = await client.post(await _address(harness), body=body, Content_Type=kind)
    assert (answer.status, answer.error) == (status, sentence)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 422),
        (b"{}", 422),
        (b'{"text": ""}', 422),
        (b'{"text": 5}', 422),
        (b'{"attachments": [{"text": []}]}', 422),
        (b'{"text": "' + b"x" * 2_000_000 + b'"}', 413),
    ],
)
async def test_what_can_not_be_said(
    harness: ServerHarness, client: HttpClient, ann: str, body: bytes, status: int
) -> None:
    path = await _address(harness)
    await harness.look()
    answer = await client.post(path, body=body, Content_Type="application/json")
    assert answer.status == status and answer.error.endswith(".")
    assert told(await harness.look(), "ann") == []


async def test_only_with_the_secret(harness: ServerHarness, client: HttpClient, ann: str) -> None:
    path = await _address(harness)
    answer = await client.post(path[:-1] + ("A" if path[-1] != "A" else "B"), {"text": "x"})
    assert (answer.status, answer.error) == (
        404,
        "There is no such webhook. Ask an administrator for a new address.",
    )
    assert path.rpartition("/")[2] not in " ".join(await _say(harness, "webhooks"))
    await harness.restart()
    assert path.rpartition("/")[2] not in repr(harness.node.state)
    await _say(harness, "delete webhook 1")
    assert (await client.post(path, {"text": "x"})).status == 404


async def test_not_too_fast(harness: ServerHarness, client: HttpClient, ann: str) -> None:
    path = await _address(harness)
    answers = [await client.post(path, {"text": str(number)}) for number in range(50)]
    assert answers[0].status == 200 and answers[-1].status == 429
    assert answers[-1].error.startswith("This webhook posts too fast.")
    assert int(answers[-1].headers["retry-after"]) >= 1


async def test_it_goes_with_its_room(harness: ServerHarness, client: HttpClient, ann: str) -> None:
    path = await _address(harness)
    await _say(harness, "delete room tea")
    assert (await client.post(path, {"text": "x"})).status == 404
    await harness.restart()
    assert not harness.node.state.webhooks


# Out


class Receiver:
    """A program that is told what is said."""

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[tuple[int, str | bytes]] = []
        """What it returns next; then 200 with nothing."""
        self.headers: dict[str, str] = {}
        self.taken = asyncio.Queue[str]()

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.requests.append((dict(request.headers), body))
        status, text = self.answers.pop(0) if self.answers else (200, "")
        if status == 200:
            self.taken.put_nowait(json.loads(body)["text"])
        said = text.encode() if isinstance(text, str) else text
        return web.Response(status=status, body=said, headers=self.headers)

    async def told(self, number: int) -> list[str]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return [await self.taken.get() for _ in range(number)]


@pytest.fixture
async def receiver(internet: Internet) -> AsyncIterator[Receiver]:
    receiver, app = Receiver(), web.Application()
    app.router.add_post("/take", receiver.handle)
    async with internet.website("tickets.example.org", app) as base:
        receiver.url = f"{base}/take"
        yield receiver


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing_webhooks, "FIRST_PAUSE_SECONDS", 0.0)


async def _told_out(harness: ServerHarness, client: HttpClient, receiver: Receiver) -> str:
    """Its secret."""
    await client.get("/healthz")
    lines = await _say(harness, f"add webhook out tea Tickets {receiver.url}")
    return lines[0].rpartition(" ")[2]


async def test_what_is_said_is_posted_and_signed(
    harness: ServerHarness, client: HttpClient, ann: str, receiver: Receiver
) -> None:
    await harness.ask("ann", "PRIVMSG #tea :before")
    secret = await _told_out(harness, client, receiver)
    await harness.ask("ann", "PRIVMSG #tea :one\nPRIVMSG #cocoa :elsewhere\nPRIVMSG #tea :two")
    assert await receiver.told(2) == ["one", "two"]
    headers, body = receiver.requests[0]
    wanted = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    assert headers["Hubbub-Signature"] == f"sha256={wanted}"
    posted = json.loads(body)
    assert headers["Hubbub-Delivery"] == posted["id"]
    assert (posted["webhook"], posted["room"], posted["sender"], posted["account"]) == (
        "Tickets",
        "tea",
        "ann",
        None,
    )


async def test_again_until_it_is_taken(
    harness: ServerHarness, client: HttpClient, ann: str, receiver: Receiver, no_pause: None
) -> None:
    """In order, and each once: what comes later waits."""
    await _told_out(harness, client, receiver)
    receiver.answers = [(500, ""), (302, ""), (404, "")]
    await harness.ask("ann", "PRIVMSG #tea :one\nPRIVMSG #tea :two")
    assert await receiver.told(2) == ["one", "two"]
    assert [json.loads(body)["text"] for _, body in receiver.requests] == ["one"] * 4 + ["two"]


async def test_what_was_deleted_or_changed_meanwhile_is_not_posted_as_it_was(
    harness: ServerHarness, client: HttpClient, ann: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what waits behind the one that is not taken."""
    again = asyncio.Event()

    async def pause(seconds: float) -> None:
        await again.wait()

    monkeypatch.setattr(outgoing_webhooks, "asyncio", SimpleNamespace(**{**vars(asyncio), "sleep": pause}))
    await _told_out(harness, client, receiver)
    receiver.answers = [(503, "")]
    live = harness.node.live[next(iter(harness.node.state.users[harness.node.state.nicks["ann"]].sessions))]
    said: list[MessageSaid] = []
    for text in ("one", "two", "three", "four"):
        answer = harness.node.ask(SayInRoom("tea", text), live)
        assert not isinstance(answer, Refusal) and isinstance(answer[0], MessageSaid)
        said.append(answer[0])
    async with asyncio.timeout(20):
        while not harness.node.health.troubles:
            await asyncio.sleep(0)
    for one in (said[0], said[2]):
        harness.node.ask(Redact(one), live)
    harness.node.ask(Edit(said[1], "two, mended"), live)
    again.set()
    assert await receiver.told(2) == ["two, mended", "four"]
    assert [json.loads(body)["text"] for _, body in receiver.requests][1:] == ["two, mended", "four"]


@pytest.mark.parametrize(("is_kept", "posted"), [(True, "mended"), (False, "one")])
async def test_what_is_changed_is_posted_once_that_is_on_disk(
    harness: ServerHarness,
    client: HttpClient,
    ann: str,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    is_kept: bool,
    posted: str,
) -> None:
    """And never, where the disk does not take it."""
    again, written = asyncio.Event(), threading.Event()

    async def pause(seconds: float) -> None:
        await again.wait()

    monkeypatch.setattr(outgoing_webhooks, "asyncio", SimpleNamespace(**{**vars(asyncio), "sleep": pause}))
    await _told_out(harness, client, receiver)
    receiver.answers = [(503, "")]
    live = harness.node.live[next(iter(harness.node.state.users[harness.node.state.nicks["ann"]].sessions))]
    said = harness.node.ask(SayInRoom("tea", "one"), live)
    assert not isinstance(said, Refusal) and isinstance(said[0], MessageSaid)
    await _until(lambda: bool(harness.node.health.troubles))
    gate = harness.node.gate
    commit = gate._commit

    def late(events: Sequence[Event]) -> None:
        written.wait(PATIENCE_SECONDS)
        if not is_kept:
            raise NotWritten("The disk is full.", may_pass=True)
        commit(events)

    monkeypatch.setattr(gate, "_commit", late)
    try:
        harness.node.ask(Edit(said[0], "mended"), live)
        again.set()
        # What tidies the files waits for the disk as well.
        await _until(lambda: len(gate._waiting) > 1 or len(receiver.requests) > 1)
        assert len(receiver.requests) == 1
    finally:
        written.set()
    assert await receiver.told(1) == [posted]


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():
            await asyncio.sleep(0)


async def test_nobody_is_there(
    harness: ServerHarness, client: HttpClient, ann: str, receiver: Receiver
) -> None:
    """It is said in the list, and what could not be posted is posted after the server's next start."""
    await _told_out(harness, client, receiver)
    receiver.answers = [(503, "")] * 3
    await harness.ask("ann", "PRIVMSG #tea :while it is ill")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not harness.node.health.troubles:
            await asyncio.sleep(0)
    assert (await _say(harness, "webhooks"))[-1].endswith("it returns 503")
    await harness.restart()
    receiver.answers.clear()
    again = outgoing_webhooks.Deliveries(harness.node)
    await again.start()
    assert await receiver.told(1) == ["while it is ill"]
    await again.stop()


async def test_given_up(
    harness: ServerHarness,
    client: HttpClient,
    ann: str,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    no_pause: None,
) -> None:
    """After a day; the audit trail tells, and the next message is tried."""
    monkeypatch.setattr(outgoing_webhooks, "GIVE_UP_SECONDS", -1.0)
    await _told_out(harness, client, receiver)
    receiver.answers = [(500, "")]
    await harness.ask("ann", "PRIVMSG #tea :one\nPRIVMSG #tea :two")
    assert await receiver.told(1) == ["two"]
    trail = await _say(harness, "audit 1")
    assert "give up webhook" in trail[-1] and trail[-1].endswith("it returns 500")


async def test_its_answer_is_said(
    harness: ServerHarness, client: HttpClient, ann: str, receiver: Receiver
) -> None:
    """And is not told to it again: it would talk with itself."""
    await _told_out(harness, client, receiver)
    receiver.answers = [(200, '{"text": "ticket 7 is made", "username": "Desk"}')]
    await harness.ask("ann", "PRIVMSG #tea :help")
    assert await receiver.told(1) == ["help"]
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (lines := told(await harness.look(), "ann")):
            await asyncio.sleep(0)
    assert lines == [":Desk!webhook@hubbub PRIVMSG #tea :ticket 7 is made"]
    await harness.ask("ann", "PRIVMSG #tea :thanks")
    assert await receiver.told(1) == ["thanks"]


async def test_only_administrators(harness: ServerHarness, client: HttpClient) -> None:
    await harness.account("bob", role="moderator")
    client.sign("bob", "correct horse")
    assert (await client.get("/api/v1/admin/webhooks")).status == 403
    made = await client.post("/api/v1/admin/add-webhook-in", {"room": "Général", "name": "Build"})
    assert made.status == 403 and not harness.node.state.webhooks


@pytest.mark.parametrize(
    "url",
    [
        *(
            "tickets.example.org",
            "ftp://x.org",
            "https://",
            "javascript:alert(1)",
            "https://müller.example.org/",
        ),
        *(
            "https://x.org:0/",
            "https://x.org:22/",
            "https://x.org:1023/",
            "https://x.org:65536/",
            "http://[::1",
        ),
        f"https://x.org/{'x' * 500}",
    ],
)
async def test_what_is_no_address(harness: ServerHarness, ann: str, url: str) -> None:
    result = await run(ConsoleContext(harness.node), f"add webhook out tea Tickets {url}")
    assert not result.ok and "address" in result.lines[0] and result.lines[0].endswith("Nothing has changed.")
    assert not harness.node.state.webhooks


async def test_none_of_the_own_network_is_taken(
    harness: ServerHarness, client: HttpClient, ann: str, internet: Internet
) -> None:
    """At the console, and at the API: by a sentence, before anything is asked."""
    await harness.account("bob", role="admin")
    client.sign("bob", "correct horse")
    for host in OWN:
        wanted = {"room": "tea", "name": "Tickets", "url": f"http://{host}/take"}
        answer = await client.post("/api/v1/admin/add-webhook-out", wanted)
        assert answer.status in (409, 422), host
        assert answer.error.endswith("Nothing has changed.") or not host.isprintable(), host
        if host and host.isprintable() and host == host.strip():
            result = await run(
                ConsoleContext(harness.node), f"add webhook out tea Tickets http://{host}/take"
            )
            assert not result.ok and result.lines[0].endswith("Nothing has changed."), host
    assert not harness.node.state.webhooks and internet.dialled == internet.refused == []


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.1", "64:ff9b::7f00:1", "192.88.99.1"])
async def test_nor_where_its_name_leads(
    harness: ServerHarness, client: HttpClient, ann: str, receiver: Receiver, internet: Internet, address: str
) -> None:
    """The list says why nothing is posted, and who can change that."""
    internet.names["tickets.example.org"] = [address]
    await _told_out(harness, client, receiver)
    await harness.ask("ann", "PRIVMSG #tea :one")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not harness.node.health.troubles:
            await asyncio.sleep(0)
    [row] = [line for line in await _say(harness, "webhooks") if "Tickets" in line]
    assert row.endswith("its address is neither public nor in web.webhook_networks")
    assert internet.dialled == [] and receiver.requests == []


@pytest.mark.parametrize("harness", [{"web.webhook_networks": ["127.0.0.1", "10.1.2.0/24"]}], indirect=True)
async def test_what_the_owner_has_opened(harness: ServerHarness, client: HttpClient, ann: str) -> None:
    """By number or by name; and nothing else of the own network."""
    receiver, app = Receiver(), web.Application()
    app.router.add_post("/take", receiver.handle)
    async with serving(app) as base:
        for name, host in (("One", base), ("Two", base.replace("127.0.0.1", "localhost"))):
            await client.get("/healthz")
            await _say(harness, f"add webhook out tea {name} {host}/take")
        await harness.ask("ann", "PRIVMSG #tea :one")
        assert await receiver.told(2) == ["one", "one"]
    for url in (
        "http://127.0.0.2:8080/",
        "http://10.1.3.1/",
        "http://[::1]/",
        "http://１２７.0.0.1/",
        "http://127.1/",
    ):
        result = await run(ConsoleContext(harness.node), f"add webhook out tea Tickets {url}")
        assert not result.ok and result.lines[0].endswith("Nothing has changed.")


@pytest.mark.parametrize("key", ["web.webhook_networks", "web.own_networks"])
async def test_only_the_owner_of_the_machine_opens_its_network(
    harness: ServerHarness, client: HttpClient, ann: str, key: str
) -> None:
    """An administrator of the chat is told so, over HTTP and in the chat; the console is the owner's."""
    asked: list[tuple[str, str]] = []

    def change(key: str, words: str) -> list[str]:
        asked.append((key, words))
        return []

    harness.node.change_setting = change
    await harness.account("bob", role="admin")
    client.sign("bob", "correct horse")
    answer = await client.post("/api/v1/admin/set-setting", {"setting": key, "value": "127.0.0.0/8"})
    assert answer.status in (409, 422) and "Its owner can change it" in answer.error
    harness.connect("bob").type("PASS :bob:correct horse\nNICK bob\nUSER x 0 * x")
    await harness.look()
    session = next(iter(harness.node.state.users[harness.node.state.nicks["bob"]].sessions))
    result = await run(
        PersonContext(harness.node, harness.node.live[session]), f"set setting {key} 127.0.0.0/8"
    )
    assert not result.ok and "Its owner can change it" in result.lines[0] and asked == []
    await _say(harness, f"set setting {key} 127.0.0.0/8")
    assert asked == [(key, "127.0.0.0/8")]


async def test_a_redirect_is_no_way_round(
    harness: ServerHarness,
    client: HttpClient,
    ann: str,
    receiver: Receiver,
    internet: Internet,
    no_pause: None,
) -> None:
    await _told_out(harness, client, receiver)
    receiver.answers = [(307, "")]
    await harness.ask("ann", "PRIVMSG #tea :one")
    assert await receiver.told(1) == ["one"]
    assert set(internet.dialled) == {(SOMEWHERE, 80)}


NESTED = '{"x": ' + "[" * 30_000 + "]" * 30_000 + "}"


@pytest.mark.parametrize(
    "answer",
    [
        NESTED,
        "[" * 60_000,
        '{"text": 5}',
        '{"text": "' + "x" * 70_000,
        b'{"text": "\xff"}',
        b"\xed\xa0\x80",
        '{"text": "\\ud800"}',
        "nan",
    ],
)
async def test_an_answer_that_says_nothing(
    harness: ServerHarness,
    client: HttpClient,
    ann: str,
    receiver: Receiver,
    caplog: pytest.LogCaptureFixture,
    answer: str | bytes,
) -> None:
    """It is taken as an answer all the same, and the next message is posted."""
    await _told_out(harness, client, receiver)
    receiver.answers = [(200, answer)]
    await harness.ask("ann", "PRIVMSG #tea :one\nPRIVMSG #tea :two")
    assert await receiver.told(2) == ["one", "two"]
    assert len(receiver.requests) == 2 and told(await harness.look(), "ann") == []
    assert "give up webhook" not in (await _say(harness, "audit"))[-1] and not caplog.records


async def test_an_answer_that_can_not_be_read_takes_the_message(
    harness: ServerHarness, client: HttpClient, ann: str, receiver: Receiver, no_pause: None
) -> None:
    """It is not posted again only because its answer is packed in some way."""
    await _told_out(harness, client, receiver)
    receiver.headers = {"Content-Encoding": "br"}
    await harness.ask("ann", "PRIVMSG #tea :one\nPRIVMSG #tea :two")
    assert await receiver.told(2) == ["one", "two"]
    assert len(receiver.requests) == 2 and not harness.node.health.troubles


@pytest.mark.parametrize("body", [NESTED.encode(), b"[" * 100_000])
async def test_what_is_nested_without_end_is_no_post(
    harness: ServerHarness, client: HttpClient, ann: str, body: bytes
) -> None:
    answer = await client.post(await _address(harness), body=body, Content_Type="application/json")
    assert answer.status in (400, 422) and answer.error.endswith(".")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("&#" + "9" * 5_000 + ";", "&#" + "9" * 5_000 + ";"),
        ("&lt;b&gt; &amp;lt; &copy;", "<b> &lt; &copy;"),
        ("<http://a.b|<http://c.d|e>", "<http://a.b|e (http://c.d)"),
        ("<!here|<!here|x>", "<!here|@here"),
        ("<mailto:a@b.c|Ann>", "Ann (mailto:a@b.c)"),
    ],
)
def test_slacks_signs(text: str, words: str) -> None:
    assert in_words(text) == words


def test_no_sign_is_looked_for_twice() -> None:
    """What a sign may hold ends where the next one begins, and no pattern goes back over what it has read."""
    for pattern in (incoming_webhooks._LINK, incoming_webhooks._CALL):
        assert all("<" in kind for kind in re.findall(r"\[\^[^]]*\]", pattern.pattern))
        assert not re.search(r"\][*+](?!\+)", pattern.pattern)


async def test_a_message_that_meets_a_bug_keeps_back_no_other(
    harness: ServerHarness, client: HttpClient, ann: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is given up, and the log and the audit trail tell so; what was said behind it is posted."""
    whole = outgoing_webhooks._posted

    def buggy(webhook: Webhook, event: MessageSaid) -> outgoing_webhooks.Posted:
        if event.text == "one":
            raise RuntimeError("a bug")
        return whole(webhook, event)

    monkeypatch.setattr(outgoing_webhooks, "_posted", buggy)
    await _told_out(harness, client, receiver)
    await harness.ask("ann", "PRIVMSG #tea :one\nPRIVMSG #tea :two\nPRIVMSG #tea :three")
    assert await receiver.told(2) == ["two", "three"]
    assert any("give up webhook" in line for line in await _say(harness, "audit 5"))
