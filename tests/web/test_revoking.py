"""Over HTTP: sessions and tokens seen and ended, the password changed, and requests that end with their proof."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from hubbub.engine.accounts import PASSWORD_RESET, ResetCredential, SetCredential
from hubbub.engine.moderation import KeepOut, KeepOutAddress
from hubbub.engine.refusals import Refusal
from hubbub.engine.revocation import SIGNED_OUT
from hubbub.engine.state import Credential
from hubbub.engine.tokens import digest_of
from hubbub.node.file_passes import INHERITED_MAX, FilePasses
from hubbub.node.password_queue import Asker
from hubbub.web import blob_store, sessions
from hubbub.web.files import VAULT
from hubbub.web.open_requests import UNDERWAY
from tests.server_harness import Person, ServerHarness, told
from tests.web.http_client import Answer, HttpClient, answer_on

NewClient = Callable[..., HttpClient]


async def session(
    harness: ServerHarness, new_client: NewClient, name: str, account: str = "ann", role: str = ""
) -> HttpClient:
    """Somebody who is in by a password, and asks with the ticket of that session."""
    if harness.node.state.account_named(account) is None:
        await harness.account(account, role=role)
    harness.connect(name).type(
        f"CAP REQ :hubbub/ticket standard-replies\nPASS :{account}:correct horse\nNICK {account}\n"
        f"USER {account} 0 * :{account}\nCAP END"
    )
    await harness.look()
    client = new_client()
    client.bear(told(await harness.ask(name, "TICKET"), name)[-1].split(" ")[-1])
    return client


async def token(client: HttpClient, name: str, **wish: object) -> str:
    made = await client.post("/api/v1/tokens", {"name": name, **wish})
    assert made.status == 201, made.body
    return str(made.json["token"])


async def sending(client: HttpClient) -> Person:
    """A file is on its way, and one half of it has come."""
    await client.website.ready()
    person = client.connect()
    assert person.receiver
    head = f"POST /files HTTP/1.1\r\nHost: chat.test\r\nAuthorization: {client.headers['Authorization']}\r\n"
    person.receiver.received(f"{head}Content-Length: 8\r\n\r\nhalf".encode())
    while not list(running(client)[VAULT].folder.glob("incoming/*")):
        await asyncio.sleep(0)
    return person


def running(client: HttpClient) -> web.Application:
    runner = client.website._runner
    assert runner
    return runner.app


async def test_a_page_that_is_revoked(harness: ServerHarness, new_client: NewClient) -> None:
    """The session that a page has signed in stays by a token, and ends with it; so does its ticket."""
    page, other = await session(harness, new_client, "page"), await session(harness, new_client, "other")
    await token(page, "Firefox", stays=True)
    assert (await page.get("/api/v1/me")).status == 200
    assert (await other.ask("DELETE", "/api/v1/tokens/Firefox")).status == 204
    sentence = "The token Firefox was revoked. Sign in again."
    assert told(await harness.look(), "page") == [
        f":hubbub FAIL * SIGNED_OUT :{sentence}",
        f"ERROR :Closing link: (127.0.0.1) [{sentence}]",
    ]
    assert (await page.get("/api/v1/me")).status == 401
    assert (await page.post("/files", body=b"x")).status == 401
    assert (await other.get("/api/v1/me")).status == 200


async def test_a_token_for_somebody_else_is_not_the_sessions_own(
    harness: ServerHarness, new_client: NewClient
) -> None:
    page = await session(harness, new_client, "page")
    await token(page, "bot")
    assert (await page.ask("DELETE", "/api/v1/tokens/bot")).status == 204
    assert (await page.get("/api/v1/me")).status == 200


async def test_sessions_are_seen_and_ended(harness: ServerHarness, new_client: NewClient) -> None:
    page, other = await session(harness, new_client, "page"), await session(harness, new_client, "other")
    await token(page, "Firefox", stays=True)
    shown = (await other.get("/api/v1/sessions")).json["sessions"]
    assert [(one["by"], one["token"], one["own"]) for one in shown] == [
        ("token", "Firefox", False),
        ("password", "", True),
    ]
    assert (await other.ask("DELETE", f"/api/v1/sessions/{shown[0]['number']}")).status == 204
    assert told(await harness.look(), "page")[0] == f":hubbub FAIL * SIGNED_OUT :{SIGNED_OUT}"
    assert (await page.get("/api/v1/me")).status == 401
    assert (await other.get("/api/v1/tokens")).json["tokens"] == []
    for nobodys in ("99", "x", "1" * 30, "²"):
        answer = await other.ask(
            "DELETE", f"/api/v1/sessions/{nobodys.encode().hex() if nobodys == '²' else nobodys}"
        )
        assert answer.status == 404 and answer.error == "You have no such session."


async def test_of_very_many_sessions_the_newest_are_seen_and_ones_own(
    harness: ServerHarness, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "SHOWN_MAX", 2)
    own, *_, last = [await session(harness, new_client, name) for name in ("own", "second", "third", "last")]
    shown = [(await one.get("/api/v1/sessions")).json["sessions"] for one in (own, last)]
    assert [[one["own"] for one in some] for some in shown] == [[True, False], [False, True]]
    assert shown[0][1]["number"] == shown[1][1]["number"], "the last one"


async def test_the_password_is_changed_by_whoever_knows_it(
    harness: ServerHarness, new_client: NewClient
) -> None:
    page, other = await session(harness, new_client, "page"), await session(harness, new_client, "other")
    bot = new_client()
    bot.bear(await token(other, "bot", scopes=["read"]))
    wish: dict[str, Any] = {"old": "wrong horse", "new": "battery staple"}
    refused = await page.ask("PUT", "/api/v1/password", as_json=wish)
    assert refused.status == 403 and refused.error.startswith("That is not your current password.")
    wish["old"] = "correct horse"
    kept = await page.ask(
        "PUT", "/api/v1/password", as_json={**wish, "new": "third one", "everywhere": False}
    )
    assert kept.json == {"sessions": 0, "tokens": 0} and (await bot.get("/api/v1/me")).status == 200
    wish["old"] = "third one"
    assert (await bot.ask("PUT", "/api/v1/password", as_json=wish)).status == 403, "a token is for less"
    changed = await page.ask("PUT", "/api/v1/password", as_json=wish)
    assert changed.status == 200 and changed.json == {"sessions": 1, "tokens": 1}
    assert (await page.get("/api/v1/me")).status == 200
    assert (await other.get("/api/v1/me")).status == 401 and (await bot.get("/api/v1/me")).status == 401
    bot.sign("ann", "third one")
    assert (await bot.get("/api/v1/me")).status == 401


async def test_guessing_the_old_password_counts(harness: ServerHarness, new_client: NewClient) -> None:
    page = await session(harness, new_client, "page")
    wish = {"old": "wrong horse", "new": "battery staple"}
    statuses = [(await page.ask("PUT", "/api/v1/password", as_json=wish)).status for _ in range(7)]
    assert statuses[0] == 403 and statuses[-1] == 429


@pytest.mark.parametrize("by", ["ticket", "token", "password"])
async def test_a_file_that_is_still_being_sent(
    harness: ServerHarness, new_client: NewClient, by: str
) -> None:
    """Its sender was let in, and is not any more: it is not kept, whatever they prove themselves with."""
    sender = await session(harness, new_client, "page")
    if by == "token":
        sender.bear(await token(sender, "bot"))
    elif by == "password":
        sender.sign("ann", "correct horse")
    person = await sending(sender)
    harness.node.ask(ResetCredential("ann", harness.node.proofs.passwords.make("another one")))
    answer = await answer_on(person)
    assert answer.status == 401 and answer.error.endswith(".")
    if by == "ticket":
        assert answer.error == PASSWORD_RESET
    assert harness.node.state.file_bytes == {}


async def test_a_ban_ends_what_a_token_has_begun(harness: ServerHarness, new_client: NewClient) -> None:
    sender = await session(harness, new_client, "page")
    sender.bear(await token(sender, "bot"))
    person = await sending(sender)
    harness.node.ask(KeepOut("ann", None, "spam"))
    answer = await answer_on(person)
    assert answer.status == 401 and "Banned" in answer.error
    assert harness.node.state.file_bytes == {}


async def test_a_ban_of_an_address_ends_what_others_there_have_begun(
    harness: ServerHarness, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where one of them is gone, and what was asked by them is still being done."""
    page = await session(harness, new_client, "page")
    sender = new_client("192.0.2.7", secure=True)
    sender.bear(await token(page, "bot"))
    still, gone = asyncio.Event(), sender.connect()
    with monkeypatch.context() as patched:
        patched.setattr(harness.node.gate, "settled", still.wait)
        assert gone.receiver
        gone.receiver.received(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
        while not running(sender)[UNDERWAY]._tasks:
            await asyncio.sleep(0)
        gone.receiver.lost(None)
    person = await sending(sender)
    answer = harness.node.ask(KeepOutAddress("192.0.2.7", None, "spam"))
    assert not isinstance(answer, Refusal)
    still.set()
    refused = await answer_on(person)
    assert refused.status == 401 and "banned" in refused.error


async def test_others_go_on(harness: ServerHarness, new_client: NewClient) -> None:
    sender = await session(harness, new_client, "page", "bob")
    person = await sending(sender)
    await session(harness, new_client, "other", "ann")
    harness.node.ask(ResetCredential("ann", harness.node.proofs.passwords.make("another one")))
    assert person.receiver
    person.receiver.received(b"more")
    assert (await answer_on(person)).status == 201


@pytest.mark.parametrize(("by", "status"), [("ticket", 201), ("token", 201), ("password", 401)])
async def test_what_a_new_password_keeps_open_goes_on(
    harness: ServerHarness, new_client: NewClient, by: str, status: int
) -> None:
    """But for what the old password alone has proved."""
    sender = await session(harness, new_client, "page")
    if by == "token":
        sender.bear(await token(sender, "bot"))
    elif by == "password":
        sender.sign("ann", "correct horse")
    person = await sending(sender)
    credential = harness.node.proofs.passwords.make("another one")
    harness.node.ask(SetCredential(credential, everywhere=False), next(iter(harness.node.live.values())))
    assert person.receiver
    person.receiver.received(b"more")
    assert (await answer_on(person)).status == status


async def test_what_is_asked_takes_no_effect_once_its_token_is_revoked(
    harness: ServerHarness, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An administrator's token is revoked while the password that it asks for is being hashed."""
    root = await session(harness, new_client, "root", "root", "admin")
    await harness.account("ann")
    before = harness.node.state.account_named("ann")
    assert before
    credential = before.credential
    program = new_client()
    program.bear(await token(root, "bot", scopes=["admin"]))
    begun = asyncio.Event()

    async def hashing(password: str) -> Credential:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(harness.node.proofs.passwords, "credential", hashing)
    asking = asyncio.create_task(program.post("/api/v1/admin/reset-password", {"username": "ann"}))
    await begun.wait()
    assert (await root.ask("DELETE", "/api/v1/tokens/bot")).status == 204
    answer: Answer = await asking
    assert answer.status == 401 and answer.error == "This token was revoked. Create another one."
    assert before.credential is credential


async def test_a_password_that_is_replaced_while_it_is_proved(
    harness: ServerHarness, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await harness.account("ann")
    thief = new_client()
    thief.sign("ann", "correct horse")

    look = harness.node.proofs.passwords.fits

    async def fits(password: str, credential: Credential | None, asker: Asker) -> bool:
        fitted = await look(password, credential, asker)
        if fitted:
            harness.node.ask(ResetCredential("ann", harness.node.proofs.passwords.make("another one")))
        return fitted

    monkeypatch.setattr(harness.node.proofs.passwords, "fits", fits)
    assert (await thief.get("/api/v1/me")).status == 401


async def test_ones_own_token_is_revoked_and_answered(harness: ServerHarness, new_client: NewClient) -> None:
    """The request by which it happens is answered, though it ends the session that asks it."""
    page = await session(harness, new_client, "page")
    secret = await token(page, "Firefox", stays=True)
    assert digest_of(secret) in harness.node.state.tokens
    assert (await page.ask("DELETE", "/api/v1/tokens/Firefox")).status == 204
    assert (await page.get("/api/v1/me")).status == 401


async def test_a_file_that_had_come_whole_just_then(
    harness: ServerHarness, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bytes are on their way to the disk: they are gone again, and nothing waits for them."""
    sender = await session(harness, new_client, "page")
    begun, may_go_on = threading.Event(), threading.Event()
    finish = blob_store._finish

    def slowly(part: Path, place: Path) -> None:
        begun.set()
        may_go_on.wait()
        finish(part, place)

    monkeypatch.setattr(blob_store, "_finish", slowly)
    sending_it = asyncio.create_task(sender.post("/files", body=b"whole"))
    while not begun.is_set():
        await asyncio.sleep(0)
    harness.node.ask(ResetCredential("ann", harness.node.proofs.passwords.make("another one")))
    may_go_on.set()
    answer = await sending_it
    assert answer.status == 401 and answer.error == PASSWORD_RESET
    assert harness.node.state.file_bytes == {}
    assert [path for path in (harness.data / "files").rglob("*") if path.is_file()] == []


async def test_a_file_that_is_still_being_read(
    harness: ServerHarness, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = await session(harness, new_client, "page")
    path = urlsplit((await reader.post("/files", body=b"secret")).headers["location"]).path
    begun = asyncio.Event()

    async def slowly(self: web.FileResponse, request: web.BaseRequest) -> None:
        begun.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(web.FileResponse, "prepare", slowly)
    reading = asyncio.create_task(reader.get(path))
    await begun.wait()
    harness.node.ask(ResetCredential("ann", harness.node.proofs.passwords.make("another one")))
    with pytest.raises(ConnectionError):
        await reading


async def tab(harness: ServerHarness, new_client: NewClient, name: str, secret: str) -> HttpClient:
    """A tab of a browser that is signed in by its token, and has the cookie for files that the tabs share."""
    harness.connect(name).type(
        f"CAP REQ :hubbub/ticket\nPASS :ann:{secret}\nNICK ann\nUSER ann 0 * :ann\nCAP END"
    )
    await harness.look()
    client = new_client()
    client.bear(told(await harness.ask(name, "TICKET"), name)[-1].split(" ")[-1])
    await cookie(client)
    return client


async def cookie(client: HttpClient) -> None:
    given = await client.post("/api/v1/files/cookie")
    assert given.status == 204, given.body
    client.headers["Cookie"] = given.headers["set-cookie"].partition(";")[0]


async def reads(new_client: NewClient, path: str, holder: HttpClient) -> bool:
    """By the cookie alone."""
    browser = new_client()
    browser.headers["Cookie"] = holder.headers["Cookie"]
    return (await browser.get(path)).status == 200


@pytest.fixture
async def browser(
    harness: ServerHarness, new_client: NewClient
) -> tuple[HttpClient, HttpClient, HttpClient, str]:
    """Where ann is signed in elsewhere, two tabs of one browser, and where a file is."""
    first = await session(harness, new_client, "first")
    path = urlsplit((await first.post("/files", body=b"secret")).headers["location"]).path
    secret = await token(first, "Firefox")
    return (
        first,
        await tab(harness, new_client, "one", secret),
        await tab(harness, new_client, "two", secret),
        path,
    )


Browser = tuple[HttpClient, HttpClient, HttpClient, str]


async def test_a_tab_that_closes_leaves_the_cookie_good_for_the_others(
    harness: ServerHarness, new_client: NewClient, browser: Browser
) -> None:
    _, one, two, path = browser
    await harness.ask("two", "QUIT")
    assert await reads(new_client, path, two) and await reads(new_client, path, one)
    await cookie(one)
    assert await reads(new_client, path, one)
    await harness.ask("one", "QUIT")
    assert not await reads(new_client, path, two) and not await reads(new_client, path, one)
    assert len(harness.node.proofs.file_passes) == 0


async def test_a_cookie_of_a_tab_that_has_closed_ends_with_the_token(
    harness: ServerHarness, new_client: NewClient, browser: Browser
) -> None:
    """Though its owner is signed in elsewhere."""
    first, _, two, path = browser
    await cookie(first)
    await harness.ask("two", "QUIT")
    assert await reads(new_client, path, two)
    assert (await first.ask("DELETE", "/api/v1/tokens/Firefox")).status == 204
    assert not await reads(new_client, path, two) and await reads(new_client, path, first)
    assert len(harness.node.proofs.file_passes) == 1


async def test_sessions_by_a_password_take_no_cookie_over(
    harness: ServerHarness, new_client: NewClient
) -> None:
    """Somebody else may have come by it, and the owner changes it from here."""
    page, thief = await session(harness, new_client, "page"), await session(harness, new_client, "thief")
    path = urlsplit((await page.post("/files", body=b"secret")).headers["location"]).path
    await cookie(page)
    await cookie(thief)
    assert await reads(new_client, path, thief)
    await harness.ask("thief", "QUIT")
    assert not await reads(new_client, path, thief) and await reads(new_client, path, page)


def test_a_session_takes_over_only_so_many() -> None:
    passes = FilePasses()
    own = passes.give(1)
    given = [passes.give(number) for number in range(2, INHERITED_MAX + 5)]
    for number in range(2, INHERITED_MAX + 5):
        passes.end(number, [1])
    assert len(passes) == INHERITED_MAX + 1 and passes.holder(own) == passes.holder(given[-1]) == 1
    assert passes.holder(given[0]) == 0
