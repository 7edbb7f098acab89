"""A password is the same at every door: it signs in wherever it was set, or is refused wherever one is set."""

import base64
from collections.abc import Awaitable, Callable
from typing import Final

import pytest

from hubbub.client import events
from hubbub.client.identity import Identity, Password
from hubbub.engine.accounts import RegisterAccount
from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Credential
from hubbub.node.admin_socket import create_administrator
from hubbub.node.password_queue import CONSOLE
from hubbub.transports.base import WireProtocol
from hubbub.wire.scram import ClientExchange
from tests.client.client_harness import ClientHarness
from tests.server_harness import ServerHarness
from tests.web.http_client import HttpClient

pytestmark = pytest.mark.parametrize(
    "harness", [{"limits.signin_failures": 0}], indirect=True, ids=["harness"]
)

Door = Callable[[ServerHarness, HttpClient, str], Awaitable[str]]
"""Comes as ann with a password; gives what is answered."""


async def said(harness: ServerHarness, name: str, text: str) -> str:
    lines = " | ".join(await harness.ask(name, text))
    harness.people.pop(name).hang_up()
    await harness.settle()
    return lines


async def register_by_irc(harness: ServerHarness, client: HttpClient, password: str) -> str:
    harness.connect("r").type("CAP LS 302\nNICK ann\nUSER ann 0 * :Ann")
    return await said(harness, "r", f"REGISTER ann * :{password}")


async def register_by_nickserv(harness: ServerHarness, client: HttpClient, password: str) -> str:
    await harness.irc("r", nick="ann")
    return await said(harness, "r", f"PRIVMSG NickServ :REGISTER {password}")


async def register_by_netcat(harness: ServerHarness, client: HttpClient, password: str) -> str:
    harness.connect("r", WireProtocol.NETCAT)
    return await said(harness, "r", f"register\tann {password}")


async def register_in_netcat(harness: ServerHarness, client: HttpClient, password: str) -> str:
    await harness.netcat("r", "guest")
    return await said(harness, "r", f"/register ann\t{password}")


async def register_by_client(harness: ServerHarness, client: HttpClient, password: str) -> str:
    return await by_client(harness, Identity("ann", Password(password), registers=True))


async def register_at_the_console(harness: ServerHarness, client: HttpClient, password: str) -> str:
    lines, _ = await create_administrator(harness.node, "ann", password)
    await harness.settle()
    return " ".join(lines)


async def change_by_nickserv(harness: ServerHarness, client: HttpClient, password: str) -> str:
    await harness.account("ann", "the first of two")
    harness.connect("r").type("PASS :ann:the first of two\nNICK ann\nUSER ann 0 * :Ann")
    await harness.look()
    return await said(harness, "r", f'PRIVMSG NickServ :SET PASSWORD "the first of two" "{password}"')


async def change_by_netcat(harness: ServerHarness, client: HttpClient, password: str) -> str:
    await harness.account("ann", "the first of two")
    await harness.netcat("r", "login ann the first of two")
    return await said(harness, "r", f'/password "the first of two" "{password}"')


async def sign_in_by_plain(harness: ServerHarness, client: HttpClient, password: str) -> str:
    harness.connect("s").type("CAP REQ sasl\nNICK ann\nUSER ann 0 * :Ann\nAUTHENTICATE PLAIN")
    return await said(harness, "s", f"AUTHENTICATE {encoded(f'ann{chr(0)}ann{chr(0)}{password}'.encode())}")


async def sign_in_by_scram(harness: ServerHarness, client: HttpClient, password: str) -> str:
    exchange = ClientExchange("ann", password, "nonce")
    harness.connect("s").type("CAP REQ sasl\nNICK ann\nUSER ann 0 * :Ann\nAUTHENTICATE SCRAM-SHA-256")
    first = (await harness.ask("s", f"AUTHENTICATE {encoded(exchange.first())}"))[-1]
    final = exchange.final(base64.b64decode(first.rpartition(" ")[2]))
    harness.people["s"].type(f"AUTHENTICATE {encoded(final)}")
    return await said(harness, "s", "AUTHENTICATE +")


async def sign_in_by_client(harness: ServerHarness, client: HttpClient, password: str) -> str:
    return await by_client(harness, Identity("ann", Password(password)))


async def sign_in_by_pass(harness: ServerHarness, client: HttpClient, password: str) -> str:
    harness.connect("s")
    return await said(harness, "s", f"PASS :ann:{password}\nNICK ann\nUSER ann 0 * :Ann")


async def sign_in_by_nickserv(harness: ServerHarness, client: HttpClient, password: str) -> str:
    await harness.irc("s", nick="guest")
    return await said(harness, "s", f"PRIVMSG NickServ :IDENTIFY ann {password}")


async def sign_in_by_netcat(harness: ServerHarness, client: HttpClient, password: str) -> str:
    harness.connect("s", WireProtocol.NETCAT)
    return await said(harness, "s", f"login ann\t{password}")


async def sign_in_in_netcat(harness: ServerHarness, client: HttpClient, password: str) -> str:
    await harness.netcat("s", "guest")
    return await said(harness, "s", f"login ann {password}")


async def sign_in_by_http(harness: ServerHarness, client: HttpClient, password: str) -> str:
    client.sign("ann", password)
    answer = await client.get("/api/v1/rooms")
    await harness.settle()
    return "You are logged in." if answer.status == 200 else answer.error


async def by_client(harness: ServerHarness, identity: Identity) -> str:
    user = ClientHarness(harness, identity)
    user.connect()
    await user.settle()
    failed = [one for one in user.events if isinstance(one, events.SignInFailed | events.RegistrationFailed)]
    user.cut()
    await harness.settle()
    return failed[0].reason if failed else "You are logged in."


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


REGISTERING: Final[tuple[Door, ...]] = (
    *(register_by_irc, register_by_nickserv, register_by_netcat, register_in_netcat, register_by_client),
    *(register_at_the_console, change_by_nickserv, change_by_netcat),
)
SIGNING_IN: Final[tuple[Door, ...]] = (
    *(sign_in_by_plain, sign_in_by_scram, sign_in_by_client, sign_in_by_pass, sign_in_by_nickserv),
    *(sign_in_by_netcat, sign_in_in_netcat, sign_in_by_http),
)
DONE: Final = ("SUCCESS", "Registered as ann", "logged in", "now an administrator", "was changed")
IN: Final = (" 900 ", " 903 ", " 001 ", "logged in", "Logged in as ann")

SAME: Final = (
    ("correct horse battery", "correct horse battery"),
    ("two  spaces,\u00a0three", "two\u2003 spaces, three"),
    ("cr\u00e8me br\u00fbl\u00e9e", "cre\u0300me bru\u0302le\u0301e"),
    ("cre\u0300me-bru\u0302le\u0301e", "cr\u00e8me-br\u00fbl\u00e9e"),
    ("\uff47\uff52\uff45\uff45\uff4e\uff14\uff12\uff0d\uff54\uff45\uff41", "green42-tea"),
    ("soft\u00adhyphen\u200binvisible", "softhyphen\ufeffinvisible"),
    ("f\u00fcr\u3000alle", "f\u00fcr alle"),
    ("party\U0001f389\ufe0fwith\u2168", "party\U0001f389withIX"),
    ("\u05e9\u05dc\u05d5\u05dd-abc-\uff11", "\u05e9\u05dc\u05d5\u05dd-abc-1"),
)
"""As it is typed at one door and at another."""


@pytest.mark.parametrize("register", REGISTERING, ids=lambda door: door.__name__)
@pytest.mark.parametrize(("one", "other"), SAME, ids=lambda text: ascii(text))
async def test_what_registers_at_one_door_signs_in_at_all(
    harness: ServerHarness, client: HttpClient, register: Door, one: str, other: str
) -> None:
    answer = await register(harness, client, one)
    if register is register_by_nickserv and one.split() != [one]:
        assert "A password can't contain spaces here" in answer
        return
    assert any(word in answer for word in DONE), answer
    for sign_in in SIGNING_IN:
        for typed in (one, other):
            answer = await sign_in(harness, client, typed)
            assert any(word in answer for word in IN), (sign_in.__name__, ascii(typed), answer)
        answer = await sign_in(harness, client, f"{one}x")
        assert not any(word in answer for word in IN), (sign_in.__name__, answer)


REFUSED: Final = (
    ("iloveyou", "most common"),
    ("QWERTYUIOP", "most common"),
    ("\uff49\uff4c\uff4f\uff56\uff45\uff59\uff4f\uff55", "most common"),
    ("ann2026", "the name of the account"),
    ("AnnAnnAnn", "the name of the account"),
    ("nna!nna!", "the name of the account"),
    ("annqwerty", "the name of the account"),
    ("Hubbub!", "or of the server"),
    ("short", "at least 6 characters"),
    ("\u00ad\u200b\u2060\ufeff\u00ad\u200b\u00ad", "at least 6 characters"),
    ("\u00e9" * 151, "at most 300 bytes"),
    ("\ufdfa" * 20, "at most 300 bytes"),
    ("green\ttea-42", "control characters"),
    ("bell\x07green", "control characters"),
    ("private\ue000use", "control characters"),
)


@pytest.mark.parametrize("register", REGISTERING, ids=lambda door: door.__name__)
@pytest.mark.parametrize(("password", "why"), REFUSED, ids=lambda text: ascii(text)[:24])
async def test_what_will_not_do_is_refused_at_every_door_with_the_reason(
    harness: ServerHarness, client: HttpClient, register: Door, password: str, why: str
) -> None:
    answer = await register(harness, client, password)
    if register is register_by_nickserv and password.split() != [password]:
        why = "A password can't contain spaces here"
    assert why in answer, answer
    if (account := harness.node.state.account_named("ann")) is not None:
        assert await harness.node.proofs.passwords.fits("the first of two", account.credential, CONSOLE)


@pytest.mark.parametrize("password", [" edges ", "edges-x\u3000", "nul\0nul\0nul"])
async def test_what_some_doors_would_drop_is_refused_where_it_arrives(
    harness: ServerHarness, password: str
) -> None:
    lines, done = await create_administrator(harness.node, "ann", password)
    assert not done and "begin or end with a space" in lines[0]


async def test_a_name_within_a_longer_password_is_fine(harness: ServerHarness) -> None:
    assert harness.node.proofs.password_refusal("a channel tunnel", "ann") is None
    assert harness.node.proofs.password_refusal("ab is short", "ab") is None
    assert harness.node.proofs.password_refusal("green hubbub tea 42", "ann") is None


def raw_credential(harness: ServerHarness, password: str) -> Credential:
    """As earlier versions made it: the Argon2id hash of what was typed."""
    hasher = harness.node.proofs.passwords._hashing._hasher()
    made = harness.node.proofs.passwords.make(password)
    return Credential(hasher.hash(password), made.scram)


@pytest.mark.parametrize(
    "typed", ["cre\u0300me bru\u0302le\u0301e", "tab\there", " edges ", "\u00adsoft\u00ad"]
)
async def test_who_has_an_older_hash_gets_in_and_is_hashed_as_today(
    harness: ServerHarness, client: HttpClient, typed: str
) -> None:
    answer = harness.node.ask(RegisterAccount("ann", raw_credential(harness, typed)))
    assert not isinstance(answer, Refusal)
    answers = [await sign_in_by_plain(harness, client, typed) for _ in range(2)]
    assert all(" 903 " in answer for answer in answers)
    account = harness.node.state.account_named("ann")
    assert account and not harness.node.proofs.passwords.may_be_renewed("x", account.credential, True)
    passwords = harness.node.proofs.passwords
    assert await passwords.renewed(typed, account.credential, True) is None
    assert " 903 " not in await sign_in_by_plain(harness, client, f"{typed}x")
    await harness.restart()
    assert " 903 " in await sign_in_by_plain(harness, client, typed)


async def test_one_too_long_password_is_not_another_that_is_empty(harness: ServerHarness) -> None:
    made = raw_credential(harness, "")
    for typed in ("x" * 301, "\ufdfa" * 200, ""):
        fits = await harness.node.proofs.passwords.fits(typed, made, CONSOLE)
        assert fits == (typed == "")
