"""Tokens over HTTP: made by somebody who is there, seen, used on IRC and over HTTP, and revoked."""

import base64
import logging
from collections.abc import Callable

import pytest

from hubbub.engine.moderation import KeepOutAddress
from hubbub.engine.state import TokenKind
from hubbub.engine.tokens import AddToken, digest_of
from hubbub.node import password_queue
from tests.server_harness import House, told
from tests.web.http_client import Visitor


async def _ticket(house: House, name: str) -> str:
    [line] = told(await house.ask(name, "TICKET"), name)
    return line.split(" ")[-1]


async def _ann(house: House, visitor: Visitor) -> None:
    """Ann is in, signed in, and the visitor asks with her session's ticket."""
    await house.account("ann")
    house.connect("ann").type(
        "CAP REQ hubbub/ticket\nPASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann\nCAP END"
    )
    await house.look()
    visitor.bear(await _ticket(house, "ann"))


async def test_made_seen_used_revoked(house: House, visitor: Visitor) -> None:
    await _ann(house, visitor)
    made = await visitor.post("/api/v1/tokens", {"name": "Firefox"})
    assert made.status == 201 and made.json["name"] == "Firefox"
    secret = made.json["token"]
    listed = (await visitor.get("/api/v1/tokens")).json["tokens"]
    assert [token["name"] for token in listed] == ["Firefox"] and secret not in str(listed)

    bearer = base64.b64encode(f"n,a=ann,\x01auth=Bearer {secret}\x01\x01".encode()).decode()
    house.connect("phone").type("CAP REQ sasl\nAUTHENTICATE OAUTHBEARER")
    await house.look()
    assert any(" 900 " in line for line in await house.ask("phone", f"AUTHENTICATE {bearer}"))

    assert (await visitor.ask("DELETE", "/api/v1/tokens/Firefox")).status == 204
    assert (await visitor.ask("DELETE", "/api/v1/tokens/Firefox")).status == 404
    assert (await visitor.get("/api/v1/tokens")).json == {"tokens": []}
    house.connect("thief").type("CAP REQ sasl\nAUTHENTICATE OAUTHBEARER")
    await house.look()
    assert not any(" 900 " in line for line in await house.ask("thief", f"AUTHENTICATE {bearer}"))


async def test_a_token_makes_no_tokens(house: House, visitor: Visitor) -> None:
    await _ann(house, visitor)
    secret = (await visitor.post("/api/v1/tokens", {"name": "bot"})).json["token"]
    visitor.bear(secret)
    answer = await visitor.post("/api/v1/tokens", {"name": "another"})
    assert answer.status == 403
    assert answer.error == "This requires a signed-in chat session and its ticket."


async def test_guests_have_none(house: House, visitor: Visitor) -> None:
    await house.irc("gus", "hubbub/ticket")
    visitor.bear(await _ticket(house, "gus"))
    assert (await visitor.get("/api/v1/tokens")).status == 403


async def test_a_ticket_ends_with_its_session(house: House, visitor: Visitor) -> None:
    await _ann(house, visitor)
    assert (await visitor.get("/api/v1/tokens")).status == 200
    house.people["ann"].hang_up()
    await house.settle()
    assert (await visitor.get("/api/v1/tokens")).status == 401


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
async def test_what_is_no_wish(house: House, visitor: Visitor, body: bytes, kind: str, status: int) -> None:
    await _ann(house, visitor)
    answer = await visitor.post("/api/v1/tokens", body=body, Content_Type=kind)
    assert answer.status == status and answer.error.endswith(".")
    assert (await visitor.get("/api/v1/tokens")).json == {"tokens": []}


@pytest.mark.parametrize(
    "value",
    ["", "Bearer", "Bearer ", "Bearer x", "Basic !!", "Basic " + "QQ==", "Digest x", "Bearer " + "x" * 3_000],
)
async def test_who_is_not_proved(visitor: Visitor, value: str) -> None:
    answer = await visitor.get("/api/v1/tokens", Authorization=value)
    assert answer.status == 401 and answer.headers["www-authenticate"].startswith("Bearer")


async def test_old_tokens_slow_nobody_down(house: House, visitor: Visitor) -> None:
    """A page that comes back with what its last session had is no attack, and no reason to keep others out."""
    await _ann(house, visitor)
    secret = (await visitor.post("/api/v1/tokens", {"name": "bot"})).json["token"]
    for _ in range(20):
        assert (await visitor.get("/api/v1/tokens", Authorization="Bearer old")).status == 401
    visitor.bear(secret)
    assert (await visitor.get("/api/v1/tokens")).status == 403, "proved, but not in person"
    visitor.sign("ann", "correct horse")
    assert (await visitor.get("/api/v1/tokens")).status == 403


async def test_an_address_that_is_kept_out(house: House, come: Callable[..., Visitor]) -> None:
    house.node.ask(KeepOutAddress("203.0.113.0/24", None, "spam"))
    answer = await come("203.0.113.5", secure=True).get("/")
    assert answer.status == 403 and "spam" in answer.error
    assert (await come("198.51.100.5", secure=True).get("/")).status == 200


async def test_guessing_is_slowed_down(house: House, come: Callable[..., Visitor]) -> None:
    """As it is on IRC, where the guesses come from; its owner is not locked out."""
    await house.account("ann")
    thief = come("203.0.113.7", secure=True)
    thief.sign("ann", "wrong")
    statuses = [(await thief.get("/api/v1/tokens")).status for _ in range(7)]
    assert statuses[0] == 401 and statuses[-1] == 429
    owner = come("203.0.113.8", secure=True)
    owner.sign("ann", "correct horse")
    assert (await owner.get("/api/v1/tokens")).status == 403, "proved, but not in person"


async def test_a_wrong_password_is_in_the_log_and_an_old_token_is_no_warning(
    house: House, come: Callable[..., Visitor], caplog: pytest.LogCaptureFixture
) -> None:
    """A page that was open while the server restarted comes with an old ticket: nobody is kept out for that."""
    await house.account("ann")
    logging.getLogger("hubbub").propagate = True
    caplog.set_level(logging.INFO, "hubbub")
    visitor = come("203.0.113.7", secure=True)
    visitor.sign('x" from 10.0.0.1\n', "wrong")
    assert (await visitor.get("/api/v1/tokens")).status == 401
    visitor.bear("an old ticket")
    assert (await visitor.get("/api/v1/tokens")).status == 401
    await visitor.post("/hooks/" + "x" * 20)
    house.node.journal.flush()
    told = [(entry.levelname, line) for entry in caplog.records for line in entry.getMessage().splitlines()]
    visitor.sign("ANN", "wrong")
    assert (await visitor.get("/api/v1/tokens")).status == 401
    told += [(entry.levelname, entry.getMessage()) for entry in caplog.records]
    assert ("WARNING", "Login failed from 203.0.113.7 (http): no such account") in told
    assert ("WARNING", 'Login failed from 203.0.113.7 (http): account "ANN"') in told
    assert "10.0.0.1" not in caplog.text, "who mistakes one field for the other has typed a password there"
    assert ("INFO", "Refused a request from 203.0.113.7: its ticket or token is not valid") in told
    assert ("INFO", "Refused a request from 203.0.113.7: its webhook is not valid") in told


async def test_the_right_password_is_not_kept_waiting_where_its_owner_has_been(
    house: House, come: Callable[..., Visitor]
) -> None:
    await house.account("ann")
    visitor = come("203.0.113.7", secure=True)
    visitor.sign("ann", "correct horse")
    assert (await visitor.get("/api/v1/tokens")).status == 403, "proved, but not in person"
    visitor.sign("nobody", "wrong")
    statuses = [(await visitor.get("/api/v1/tokens")).status for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    slowed = await visitor.get("/api/v1/tokens")
    assert slowed.headers["retry-after"] == "30"
    visitor.sign("ann", "correct horse")
    assert (await visitor.get("/api/v1/tokens")).status == 403


@pytest.mark.parametrize(
    "value", ["Bearer \xff", "Basic \xff\xff", "Basic é", "Basic ====", "Bearer " + "\x80" * 500]
)
async def test_credentials_that_are_no_text_are_nobodys(
    house: House, visitor: Visitor, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    """They are their sender's mistake, and no bug that fills the log."""
    visitor.headers["Authorization"] = value
    assert (await visitor.get("/api/v1/me")).status == 401
    del visitor.headers["Authorization"]
    visitor.headers["Cookie"] = f"hubbub-files={value}"
    assert (await visitor.get("/files/" + "x" * 24)).status in (401, 404)
    assert "bug" not in caplog.text


@pytest.mark.parametrize(
    ("length", "answer"), [(2_000, "The name or the password is wrong"), (2_004, "Sign in with a name")]
)
async def test_credentials_are_so_long_at_most(visitor: Visitor, length: int, answer: str) -> None:
    visitor.sign("ann", "x" * (length // 4 * 3 - len("ann:")))
    assert len(visitor.headers["Authorization"]) == len("Basic ") + length
    assert (await visitor.get("/api/v1/me")).error.startswith(answer)


async def test_what_is_no_base64_is_not_read_as_if_it_were(house: House, visitor: Visitor) -> None:
    await house.account("ann")
    visitor.sign("ann", "correct horse")
    assert (await visitor.get("/api/v1/me")).status == 200
    visitor.headers["Authorization"] += "!"
    assert (await visitor.get("/api/v1/me")).error.startswith("Sign in with a name")


async def test_a_token_in_a_passwords_place_is_its_owners(house: House, visitor: Visitor) -> None:
    """By no other name than theirs; and what a certificate is known by is no secret."""
    await _ann(house, visitor)
    await house.account("bob")
    session = next(iter(house.node.live.values()))
    house.node.ask(AddToken("bot", digest_of("a long secret")), session)
    house.node.ask(AddToken("c" * 64, digest_of("shown to everybody"), TokenKind.CERTIFICATE), session)
    for name, secret, status in (
        ("ann", "a long secret", 200),
        ("bob", "a long secret", 401),
        ("nobody", "a long secret", 401),
        ("ann", "shown to everybody", 401),
        ("bob", "correct horse", 200),
    ):
        visitor.sign(name, secret)
        assert (await visitor.get("/api/v1/me")).status == status, (name, secret)
    visitor.bear("shown to everybody")
    assert (await visitor.get("/api/v1/me")).status == 401


async def test_an_unknown_secret_is_not_the_first_sessions_ticket(house: House, visitor: Visitor) -> None:
    await _ann(house, visitor)
    assert 1 in house.node.live
    visitor.bear("unknown")
    assert (await visitor.get("/api/v1/me")).status == 401


async def test_a_password_that_finds_no_place_in_the_queue_proves_nothing(
    house: House, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.account("ann")
    monkeypatch.setattr(password_queue, "WAITING_AN_ADDRESS_MAX", 0)
    visitor.sign("ann", "correct horse")
    answer = await visitor.get("/api/v1/me")
    assert (answer.status, answer.error) == (503, str(password_queue.QueueFull.refusal))


async def test_a_token_of_bytes_that_are_no_text_is_no_request(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    head = b"GET /api/v1/me HTTP/1.1\r\nHost: chat.test\r\nConnection: close\r\nAuthorization: Bearer \xff\xfe\r\n\r\n"
    assert (await visitor.raw(head)).status == 400
    assert "bug" not in caplog.text
