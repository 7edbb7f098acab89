"""Signing in after coming in: the answer comes first, under the name of before, then what it changes."""

import base64
from collections.abc import Awaitable, Callable

import pytest

from hubbub.wire.scram import ClientExchange
from tests.server_harness import ServerHarness, told

PRINT = "ab" * 32
CAPS = "sasl account-notify draft/account-registration"
Way = Callable[[ServerHarness], Awaitable[None]]
"""The lines of a guest who signs in; the last of them is typed, and not looked at."""


def _encoded(text: str | bytes) -> str:
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def _typed(line: str) -> Way:
    async def way(harness: ServerHarness) -> None:
        harness.people["guest"].type(line)

    return way


def _sasl(mechanism: str, response: str) -> Way:
    async def way(harness: ServerHarness) -> None:
        await harness.ask("guest", f"AUTHENTICATE {mechanism}")
        harness.people["guest"].type(f"AUTHENTICATE {response}")

    return way


async def _scram(harness: ServerHarness) -> None:
    exchange = ClientExchange("ann", "correct horse", "client-nonce")
    await harness.ask("guest", "AUTHENTICATE SCRAM-SHA-256")
    (first,) = await harness.ask("guest", f"AUTHENTICATE {_encoded(exchange.first())}")
    final = exchange.final(base64.b64decode(first.split(" AUTHENTICATE ")[1]))
    await harness.ask("guest", f"AUTHENTICATE {_encoded(final)}")
    harness.people["guest"].type("AUTHENTICATE +")


async def _token(harness: ServerHarness) -> None:
    await harness.irc("maker", CAPS)
    await harness.ask("maker", "NS IDENTIFY ann correct horse")
    lines = told(await harness.ask("maker", "NS TOKEN ADD bot"), "maker")
    token = lines[0].split(" bot is ")[1].split()[0]
    await harness.ask("maker", "QUIT")
    await _sasl("OAUTHBEARER", _encoded(f"n,,\x01auth=Bearer {token}\x01\x01"))(harness)


async def _certificate(harness: ServerHarness) -> None:
    harness.connect("maker", secure=True, fingerprint=PRINT).type(
        "CAP REQ sasl\nNICK maker\nUSER m 0 * :M\nCAP END"
    )
    await harness.ask("maker", "NS IDENTIFY ann correct horse")
    await harness.ask("maker", "NS CERT ADD")
    await harness.ask("maker", "QUIT")
    await _sasl("EXTERNAL", "+")(harness)


WAYS: dict[str, tuple[Way, list[str]]] = {
    "PLAIN": (_sasl("PLAIN", _encoded("\0ann\0correct horse")), ["900", "903"]),
    "SCRAM": (_scram, ["900", "903"]),
    "a token": (_token, ["900", "903"]),
    "a certificate": (_certificate, ["900", "903"]),
    "IDENTIFY": (_typed("PRIVMSG NickServ :IDENTIFY ann correct horse"), ["900", "NOTICE"]),
    "RECOVER": (_typed("NS RECOVER ann correct horse"), ["900", "NOTICE"]),
    "NickServ REGISTER": (_typed("NS REGISTER a-good-password"), ["900", "NOTICE"]),
    "REGISTER": (_typed("REGISTER * * :a good password"), ["REGISTER", "900"]),
    "REGISTER another": (_typed("REGISTER Anna * :a good password"), ["REGISTER", "900"]),
}
ANSWERS = {"900", "903", "NOTICE", "REGISTER"}
CHANGES = {"ACCOUNT", "NICK", "JOIN"}


@pytest.mark.parametrize("is_present", [False, True], ids=["away", "present"])
@pytest.mark.parametrize("way", WAYS)
async def test_the_answer_comes_first(harness: ServerHarness, way: str, is_present: bool) -> None:
    """ "900 … is sent when the user's account name is set (whether by SASL or otherwise)"."""
    await harness.account("ann")
    if is_present:
        await harness.irc("other", CAPS, nick="ann9")
        await harness.ask("other", "NS IDENTIFY ann correct horse")
    act, answer = WAYS[way]
    person = harness.connect("guest", secure=True, fingerprint=PRINT)
    person.type(f"CAP REQ :{CAPS}\nNICK guest\nUSER guest 0 * :Guest\nCAP END")
    await harness.irc("bob", "account-notify")
    for name in ("guest", "bob"):
        await harness.ask(name, "JOIN #tea")
    await act(harness)
    harness.people["bob"].type("PRIVMSG #tea :beside it")
    lines = told(await harness.look(), "guest")
    verbs = [verb for line in lines if (verb := line.split()[1]) in ANSWERS | CHANGES]
    assert verbs[: len(answer)] == answer and not ANSWERS & set(verbs[len(answer) :]), lines
    is_new, goes_over = "REGISTER" in way, is_present and "REGISTER" not in way
    account = {"REGISTER another": "Anna"}.get(way, "guest" if is_new else "ann")
    assert f":hubbub 900 guest guest!guest@local {account} :You are now logged in as {account}" in lines
    changes = [verb for verb in verbs[len(answer) :] if verb in ("ACCOUNT", "NICK")]
    renamed = ["NICK"] if account != "guest" else []
    assert changes == [*([] if goes_over else ["ACCOUNT"]), *renamed], lines


async def test_pass_shows_it_before_the_welcome(harness: ServerHarness) -> None:
    await harness.account("ann")
    harness.connect("ann").type("PASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann")
    lines = told(await harness.look(), "ann")
    assert lines[0] == ":hubbub 900 ann ann!ann@local ann :You are now logged in as ann"
    assert lines[1].startswith(":hubbub 001 ann ")


async def test_verify_signs_nobody_in(harness: ServerHarness) -> None:
    """No registration waits for a code."""
    await harness.irc("guest", CAPS)
    (line,) = told(await harness.ask("guest", "VERIFY guest 1234"), "guest")
    assert line.startswith(":hubbub FAIL VERIFY INVALID_CODE guest :")


@pytest.mark.parametrize(
    "line", ["NS IDENTIFY ann correct horse", "NS REGISTER a-good-password", "REGISTER * * :a good password"]
)
async def test_under_a_label_the_answer_and_what_it_changes_are_one_response(
    harness: ServerHarness, line: str
) -> None:
    await harness.account("ann")
    await harness.irc("guest", f"{CAPS} labeled-response batch")
    lines = told(await harness.ask("guest", f"@label=7 {line}"), "guest")
    assert lines[0].startswith("@label=7 :hubbub BATCH +") and lines[-1].startswith(":hubbub BATCH -")
    verbs = [one.split()[2] for one in lines[1:-1]]
    assert verbs.index("900") < verbs.index("ACCOUNT"), lines
