"""Tokens over HTTP: made by somebody who is there, seen, used on IRC and over HTTP, and revoked."""

import base64
import logging
from collections.abc import Callable

import pytest

from hubbub.engine.moderation import KeepOutAddress
from hubbub.engine.state import TokenKind
from hubbub.engine.tokens import AddToken, digest_of
from hubbub.node import password_queue
from tests.server_harness import ServerHarness, told
from tests.web.http_client import HttpClient


async def _ticket(harness: ServerHarness, name: str) -> str:
    [line] = told(await harness.ask(name, "TICKET"), name)
    return line.split(" ")[-1]


async def _ann(harness: ServerHarness, client: HttpClient) -> None:
    """Ann is signed in, and the client sends her session's ticket."""
    await harness.account("ann")
    harness.connect("ann").type(
        "CAP REQ hubbub/ticket\nPASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann\nCAP END"
    )
    await harness.look()
    client.bear(await _ticket(harness, "ann"))


async def test_made_seen_used_revoked(harness: ServerHarness, client: HttpClient) -> None:
    await _ann(harness, client)
    made = await client.post("/api/v1/tokens", {"name": "Firefox"})
    assert made.status == 201 and made.json["name"] == "Firefox"
    secret = made.json["token"]
    listed = (await client.get("/api/v1/tokens")).json["tokens"]
    assert [token["name"] for token in listed] == ["Firefox"] and secret not in str(listed)

    bearer = base64.b64encode(f"n,a=ann,\x01auth=Bearer {secret}\x01\x01".encode()).decode()
    harness.connect("phone").type("CAP REQ sasl\nAUTHENTICATE OAUTHBEARER")
    await harness.look()
    assert any(" 900 " in line for line in await harness.ask("phone", f"AUTHENTICATE {bearer}"))

    assert (await client.ask("DELETE", "/api/v1/tokens/Firefox")).status == 204
    assert (await client.ask("DELETE", "/api/v1/tokens/Firefox")).status == 404
    assert (await client.get("/api/v1/tokens")).json == {"tokens": []}
    harness.connect("thief").type("CAP REQ sasl\nAUTHENTICATE OAUTHBEARER")
    await harness.look()
    assert not any(" 900 " in line for line in await harness.ask("thief", f"AUTHENTICATE {bearer}"))


async def test_a_token_makes_no_tokens(harness: ServerHarness, client: HttpClient) -> None:
    await _ann(harness, client)
    secret = (await client.post("/api/v1/tokens", {"name": "bot"})).json["token"]
    client.bear(secret)
    answer = await client.post("/api/v1/tokens", {"name": "another"})
    assert answer.status == 403
    assert answer.error == "This requires a signed-in chat session and its ticket."


async def test_guests_have_none(harness: ServerHarness, client: HttpClient) -> None:
    await harness.irc("gus", "hubbub/ticket")
    client.bear(await _ticket(harness, "gus"))
    assert (await client.get("/api/v1/tokens")).status == 403


async def test_a_ticket_ends_with_its_session(harness: ServerHarness, client: HttpClient) -> None:
    await _ann(harness, client)
    assert (await client.get("/api/v1/tokens")).status == 200
    harness.people["ann"].hang_up()
    await harness.settle()
    assert (await client.get("/api/v1/tokens")).status == 401


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[]", "application/json", 422),
        (b'{"name": 1}', "application/json", 422),
        (b'{"name": "a", "role": "admin"}', "application/json", 422),
        (b'{"name": "a"}', "text/plain", 415),
        (b'{"name": "' + b"a" * 2_000_000 + b'"}', "application/json", 413),
    ],
)
async def test_what_is_no_wish(
    harness: ServerHarness, client: HttpClient, body: bytes, kind: str, status: int
) -> None:
    await _ann(harness, client)
    answer = await client.post("/api/v1/tokens", body=body, Content_Type=kind)
    assert answer.status == status and answer.error.endswith(".")
    assert (await client.get("/api/v1/tokens")).json == {"tokens": []}


@pytest.mark.parametrize(
    "value",
    ["", "Bearer", "Bearer ", "Bearer x", "Basic !!", "Basic " + "QQ==", "Digest x", "Bearer " + "x" * 3_000],
)
async def test_who_is_not_proved(client: HttpClient, value: str) -> None:
    answer = await client.get("/api/v1/tokens", Authorization=value)
    assert answer.status == 401 and answer.headers["www-authenticate"].startswith("Bearer")


async def test_old_tokens_slow_nobody_down(harness: ServerHarness, client: HttpClient) -> None:
    """A page that comes back with what its last session had is no attack, and no reason to keep others out."""
    await _ann(harness, client)
    secret = (await client.post("/api/v1/tokens", {"name": "bot"})).json["token"]
    for _ in range(20):
        assert (await client.get("/api/v1/tokens", Authorization="Bearer old")).status == 401
    client.bear(secret)
    assert (await client.get("/api/v1/tokens")).status == 403, "proved, but not in person"
    client.sign("ann", "correct horse")
    assert (await client.get("/api/v1/tokens")).status == 403


async def test_an_address_that_is_kept_out(
    harness: ServerHarness, new_client: Callable[..., HttpClient]
) -> None:
    harness.node.ask(KeepOutAddress("203.0.113.0/24", None, "spam"))
    answer = await new_client("203.0.113.5", secure=True).get("/")
    assert answer.status == 403 and "spam" in answer.error
    assert (await new_client("198.51.100.5", secure=True).get("/")).status == 200


async def test_guessing_is_slowed_down(harness: ServerHarness, new_client: Callable[..., HttpClient]) -> None:
    """As it is on IRC, where the guesses come from; its owner is not locked out."""
    await harness.account("ann")
    thief = new_client("203.0.113.7", secure=True)
    thief.sign("ann", "wrong")
    statuses = [(await thief.get("/api/v1/tokens")).status for _ in range(7)]
    assert statuses[0] == 401 and statuses[-1] == 429
    owner = new_client("203.0.113.8", secure=True)
    owner.sign("ann", "correct horse")
    assert (await owner.get("/api/v1/tokens")).status == 403, "proved, but not in person"


async def test_a_wrong_password_is_in_the_log_and_an_old_token_is_no_warning(
    harness: ServerHarness, new_client: Callable[..., HttpClient], caplog: pytest.LogCaptureFixture
) -> None:
    """A page that was open while the server restarted comes with an old ticket: nobody is kept out for that."""
    await harness.account("ann")
    logging.getLogger("hubbub").propagate = True
    caplog.set_level(logging.INFO, "hubbub")
    client = new_client("203.0.113.7", secure=True)
    client.sign('x" from 10.0.0.1\n', "wrong")
    assert (await client.get("/api/v1/tokens")).status == 401
    client.bear("an old ticket")
    assert (await client.get("/api/v1/tokens")).status == 401
    await client.post("/hooks/" + "x" * 20)
    harness.node.journal.flush()
    told = [(entry.levelname, line) for entry in caplog.records for line in entry.getMessage().splitlines()]
    client.sign("ANN", "wrong")
    assert (await client.get("/api/v1/tokens")).status == 401
    told += [(entry.levelname, entry.getMessage()) for entry in caplog.records]
    assert ("WARNING", "Login failed from 203.0.113.7 (http): no such account") in told
    assert ("WARNING", 'Login failed from 203.0.113.7 (http): account "ANN"') in told
    assert "10.0.0.1" not in caplog.text, "who mistakes one field for the other has typed a password there"
    assert ("INFO", "Refused a request from 203.0.113.7: its ticket or token is not valid") in told
    assert ("INFO", "Refused a request from 203.0.113.7: its webhook is not valid") in told


async def test_the_right_password_is_not_kept_waiting_where_its_owner_has_been(
    harness: ServerHarness, new_client: Callable[..., HttpClient]
) -> None:
    await harness.account("ann")
    client = new_client("203.0.113.7", secure=True)
    client.sign("ann", "correct horse")
    assert (await client.get("/api/v1/tokens")).status == 403, "proved, but not in person"
    client.sign("nobody", "wrong")
    statuses = [(await client.get("/api/v1/tokens")).status for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    slowed = await client.get("/api/v1/tokens")
    assert slowed.headers["retry-after"] == "30"
    client.sign("ann", "correct horse")
    assert (await client.get("/api/v1/tokens")).status == 403


@pytest.mark.parametrize(
    "value", ["Bearer \xff", "Basic \xff\xff", "Basic é", "Basic ====", "Bearer " + "\x80" * 500]
)
async def test_credentials_that_are_no_text_are_nobodys(
    harness: ServerHarness, client: HttpClient, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    """They are their sender's mistake, and no bug that fills the log."""
    client.headers["Authorization"] = value
    assert (await client.get("/api/v1/me")).status == 401
    del client.headers["Authorization"]
    client.headers["Cookie"] = f"hubbub-files={value}"
    assert (await client.get("/files/" + "x" * 24)).status in (401, 404)
    assert "bug" not in caplog.text


@pytest.mark.parametrize(
    ("length", "answer"), [(2_000, "The name or the password is wrong"), (2_004, "Sign in with a name")]
)
async def test_credentials_are_so_long_at_most(client: HttpClient, length: int, answer: str) -> None:
    client.sign("ann", "x" * (length // 4 * 3 - len("ann:")))
    assert len(client.headers["Authorization"]) == len("Basic ") + length
    assert (await client.get("/api/v1/me")).error.startswith(answer)


async def test_what_is_no_base64_is_not_read_as_if_it_were(
    harness: ServerHarness, client: HttpClient
) -> None:
    await harness.account("ann")
    client.sign("ann", "correct horse")
    assert (await client.get("/api/v1/me")).status == 200
    client.headers["Authorization"] += "!"
    assert (await client.get("/api/v1/me")).error.startswith("Sign in with a name")


async def test_a_token_in_a_passwords_place_is_its_owners(harness: ServerHarness, client: HttpClient) -> None:
    """By no other name than theirs; and what a certificate is known by is no secret."""
    await _ann(harness, client)
    await harness.account("bob")
    session = next(iter(harness.node.live.values()))
    harness.node.ask(AddToken("bot", digest_of("a long secret")), session)
    harness.node.ask(AddToken("c" * 64, digest_of("shown to everybody"), TokenKind.CERTIFICATE), session)
    for name, secret, status in (
        ("ann", "a long secret", 200),
        ("bob", "a long secret", 401),
        ("nobody", "a long secret", 401),
        ("ann", "shown to everybody", 401),
        ("bob", "correct horse", 200),
    ):
        client.sign(name, secret)
        assert (await client.get("/api/v1/me")).status == status, (name, secret)
    client.bear("shown to everybody")
    assert (await client.get("/api/v1/me")).status == 401


async def test_an_unknown_secret_is_not_the_first_sessions_ticket(
    harness: ServerHarness, client: HttpClient
) -> None:
    await _ann(harness, client)
    assert 1 in harness.node.live
    client.bear("unknown")
    assert (await client.get("/api/v1/me")).status == 401


async def test_a_password_that_finds_no_place_in_the_queue_proves_nothing(
    harness: ServerHarness, client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await harness.account("ann")
    monkeypatch.setattr(password_queue, "WAITING_AN_ADDRESS_MAX", 0)
    client.sign("ann", "correct horse")
    answer = await client.get("/api/v1/me")
    assert (answer.status, answer.error) == (503, str(password_queue.QueueFull.refusal))


async def test_a_token_of_bytes_that_are_no_text_is_no_request(
    client: HttpClient, caplog: pytest.LogCaptureFixture
) -> None:
    head = b"GET /api/v1/me HTTP/1.1\r\nHost: chat.test\r\nConnection: close\r\nAuthorization: Bearer \xff\xfe\r\n\r\n"
    assert (await client.raw(head)).status == 400
    assert "bug" not in caplog.text
