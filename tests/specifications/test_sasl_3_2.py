"""sasl-3.2: which mechanisms there are, signing in once more, tokens and certificates."""

import base64
import re

import pytest

from hubbub.node.session import LiveSession
from tests.server_harness import ServerHarness, told

PRINT = "ab" * 32
SUCCESS = "903 ann :SASL authentication successful"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def plain(name: str, password: str) -> str:
    return encoded(f"\0{name}\0{password}")


async def _arriving(harness: ServerHarness, name: str = "ann", fingerprint: str | None = None) -> None:
    harness.connect(name, secure=fingerprint is not None, fingerprint=fingerprint)
    harness.people[name].type(f"CAP LS 302\nCAP REQ sasl\nNICK {name}\nUSER {name} 0 * :{name.title()}")
    await harness.look()


async def _answer(harness: ServerHarness, name: str, text: str) -> list[str]:
    return [line.removeprefix(":hubbub ") for line in told(await harness.ask(name, text), name)]


async def _signed_in(harness: ServerHarness, name: str = "ann") -> None:
    """Somebody who has an account, and is in."""
    if harness.node.state.account_named(name) is None:
        await harness.account(name)
    harness.connect(name).type(f"PASS :{name}:correct horse\nNICK {name}\nUSER {name} 0 * :{name.title()}")
    await harness.look()


async def _token(harness: ServerHarness, name: str = "ann", label: str = "my bot") -> str:
    lines = told(await harness.ask(name, f"NS TOKEN ADD {label}"), name)
    found = re.search(rf"The token {label} is (\S+) - it is shown only once\.", lines[0])
    assert found, lines
    return found[1]


def bearer(token: str, name: str = "") -> str:
    return encoded(f"n,{f'a={name}' if name else ''},\x01host=chat\x01auth=Bearer {token}\x01\x01")


# The list


async def test_the_value_lists_the_mechanisms(harness: ServerHarness) -> None:
    """ "Servers SHOULD advertise the available SASL authentication mechanisms in the value of the `sasl` client
    capability in `CAP LS`."
    """
    harness.connect("ann")
    assert " sasl=PLAIN,SCRAM-SHA-256,OAUTHBEARER " in " ".join(await harness.ask("ann", "CAP LS 302"))
    harness.connect("cert", secure=True, fingerprint=PRINT)
    listed = " ".join(await harness.ask("cert", "CAP LS 302"))
    assert " sasl=PLAIN,SCRAM-SHA-256,EXTERNAL,OAUTHBEARER " in listed


async def test_not_where_there_is_none(harness: ServerHarness) -> None:
    """ "Servers MUST NOT advertise the `sasl` capability if the authentication layer is unavailable", and NAK it."""
    harness.connect("far", address="192.0.2.7")
    assert "sasl" not in " ".join(await harness.ask("far", "CAP LS 302"))
    assert await harness.ask("far", "CAP REQ sasl") == ["far < :hubbub CAP * NAK sasl"]


# Once more


async def test_again_to_the_same_account(harness: ServerHarness) -> None:
    """ "Servers SHOULD allow a client, authenticated or otherwise, to reauthenticate by sending a new" one."""
    await harness.account("ann")
    await _arriving(harness)
    for _ in range(2):
        await harness.ask("ann", "AUTHENTICATE PLAIN")
        assert (await _answer(harness, "ann", f"AUTHENTICATE {plain('ann', 'correct horse')}"))[-1] == SUCCESS
    await harness.ask("ann", "CAP END")
    await harness.ask("ann", "AUTHENTICATE PLAIN")
    assert (await _answer(harness, "ann", f"AUTHENTICATE {plain('ann', 'correct horse')}"))[-1] == SUCCESS


async def test_to_another_account_before_coming_in(harness: ServerHarness) -> None:
    await harness.account("ann")
    await harness.account("bob")
    await _arriving(harness)
    for name in ("bob", "ann"):
        await harness.ask("ann", "AUTHENTICATE PLAIN")
        assert (await _answer(harness, "ann", f"AUTHENTICATE {plain(name, 'correct horse')}"))[-1] == SUCCESS
    await harness.ask("ann", "CAP END")
    user = harness.node.state.user_named("ann")
    assert user and user.account and user.account.name.text == "ann"


async def test_to_another_account_later(harness: ServerHarness) -> None:
    """ "`ERR_SASLALREADY` is appropriate if changing accounts is not supported" """
    await harness.account("ann")
    await harness.account("bob")
    await _arriving(harness)
    await harness.ask("ann", f"AUTHENTICATE PLAIN\nAUTHENTICATE {plain('ann', 'correct horse')}\nCAP END")
    await harness.ask("ann", "AUTHENTICATE PLAIN")
    (line,) = await _answer(harness, "ann", f"AUTHENTICATE {plain('bob', 'correct horse')}")
    assert line.startswith("907 ann :")
    user = harness.node.state.user_named("ann")
    assert user and user.account and user.account.name.text == "ann"


async def test_giving_up_a_second_try_is_no_end(harness: ServerHarness) -> None:
    await harness.account("ann")
    await _arriving(harness)
    await harness.ask("ann", f"AUTHENTICATE PLAIN\nAUTHENTICATE {plain('ann', 'correct horse')}")
    await harness.ask("ann", "AUTHENTICATE PLAIN")
    assert (await _answer(harness, "ann", "AUTHENTICATE *"))[0].startswith("906 ")
    assert "001" in " ".join(await harness.ask("ann", "CAP END"))


# OAUTHBEARER


async def test_a_token_signs_in(harness: ServerHarness) -> None:
    """RFC 7628, 3.1: the client's response with `auth=Bearer`."""
    await _signed_in(harness)
    token = await _token(harness)
    for number, name in enumerate(("", "ann", "ANN")):
        await _arriving(harness, f"bot{number}")
        assert await _answer(harness, f"bot{number}", "AUTHENTICATE OAUTHBEARER") == ["AUTHENTICATE +"]
        lines = await _answer(harness, f"bot{number}", f"AUTHENTICATE {bearer(token, name)}")
        assert lines[0].startswith(f"900 bot{number} ") and " ann :" in lines[0]
        assert lines[1].startswith("903 ")


@pytest.mark.parametrize("wrong", ["other", "", "no such"])
async def test_a_token_that_is_none(harness: ServerHarness, wrong: str) -> None:
    """RFC 7628, 3.2.2 and 3.2.3: an error in JSON, a dummy response, and only then the failure."""
    await _signed_in(harness)
    await harness.account("bob")
    token = await _token(harness)
    await _arriving(harness, "bot")
    await harness.ask("bot", "AUTHENTICATE OAUTHBEARER")
    response = bearer(token, "bob") if wrong == "other" else bearer(wrong or " ")
    lines = await _answer(harness, "bot", f"AUTHENTICATE {response}")
    if wrong:
        assert b'"status":"invalid_token"' in base64.b64decode(lines[0].split()[1])
        lines = await _answer(harness, "bot", f"AUTHENTICATE {encoded(chr(1))}")
    (line,) = lines
    assert line.startswith("904 bot :")


@pytest.mark.parametrize(
    "response",
    [
        "",
        "n,,",
        "n,,\x01auth=Bearer x",
        "y,,\x01auth=Bearer x\x01\x01",
        "n,,\x01auth=Basic x\x01\x01",
        "\x01\x01",
    ],
)
async def test_responses_that_hold_no_token(harness: ServerHarness, response: str) -> None:
    await _arriving(harness)
    await harness.ask("ann", "AUTHENTICATE OAUTHBEARER")
    (line,) = await _answer(harness, "ann", f"AUTHENTICATE {encoded(response) or '+'}")
    assert line == "904 ann :SASL authentication failed: The response contains no bearer token."


async def test_a_token_in_a_passwords_place(harness: ServerHarness) -> None:
    await _signed_in(harness)
    token = await _token(harness)
    harness.connect("bot").type(f"PASS :ann:{token}\nNICK bot\nUSER b 0 * :B")
    assert ":hubbub 001 ann " in " ".join(await harness.look())


async def test_tokens_are_listed_and_taken_back(harness: ServerHarness) -> None:
    await _signed_in(harness)
    first, second = await _token(harness, label="first"), await _token(harness, label="second one")
    assert first != second
    lines = told(await harness.ask("ann", "NS TOKEN LIST"), "ann")
    assert [line.split(" :", 1)[1] for line in lines] == [
        "first, since 2026-11-18T11:06:40.000Z",
        "second one, since 2026-11-18T11:06:40.000Z",
    ]
    assert "already" in told(await harness.ask("ann", "NS TOKEN ADD first"), "ann")[0]
    await harness.ask("ann", "NS TOKEN DEL first")
    await harness.restart()
    for token, code in ((first, "AUTHENTICATE"), (second, "900")):
        await _arriving(harness, "bot")
        await harness.ask("bot", "AUTHENTICATE OAUTHBEARER")
        lines = await _answer(harness, "bot", f"AUTHENTICATE {bearer(token)}")
        assert lines[0].startswith(code), lines


async def test_a_token_is_kept_as_a_digest_alone(harness: ServerHarness) -> None:
    await _signed_in(harness)
    token = await _token(harness)
    harness.storage.checkpoint()
    assert token.encode() not in (harness.data / "hubbub.db").read_bytes()


async def test_a_guest_has_no_tokens(harness: ServerHarness) -> None:
    await harness.irc("ann")
    for word in ("TOKEN ADD x", "TOKEN LIST", "CERT LIST", f"CERT ADD {PRINT}"):
        (line,) = told(await harness.ask("ann", f"NS {word}"), "ann")
        assert "log in" in line.lower(), line


# EXTERNAL


async def test_a_certificate_signs_in(harness: ServerHarness) -> None:
    """RFC 4422, Appendix A: "the client sends the initial response", empty for its own identity."""
    await harness.account("ann")
    await _arriving(harness, "ann", PRINT)
    await harness.ask("ann", f"AUTHENTICATE PLAIN\nAUTHENTICATE {plain('ann', 'correct horse')}\nCAP END")
    (line,) = told(await harness.ask("ann", "NS CERT ADD"), "ann")
    assert PRINT in line
    for number, response in enumerate(("+", encoded("ann"))):
        name = f"guest{number}"
        await _arriving(harness, name, PRINT)
        assert await _answer(harness, name, "AUTHENTICATE EXTERNAL") == ["AUTHENTICATE +"]
        assert (await _answer(harness, name, f"AUTHENTICATE {response}"))[-1].startswith("903 ")


async def test_a_certificate_of_nobodys_or_of_somebody_elses(harness: ServerHarness) -> None:
    await _signed_in(harness)
    await harness.account("bob")
    (line,) = told(await harness.ask("ann", f"NS CERT ADD {PRINT.upper()}"), "ann")
    assert "sent another certificate" in line, "nobody takes one that they have only read of"
    session = harness.people["ann"].receiver
    assert isinstance(session, LiveSession)
    session.fingerprint = PRINT
    await harness.ask("ann", f"NS CERT ADD {PRINT.upper()}")
    for fingerprint, response in (("cd" * 32, "+"), (PRINT, encoded("bob"))):
        await _arriving(harness, "eve", fingerprint)
        await harness.ask("eve", "AUTHENTICATE EXTERNAL")
        (line,) = await _answer(harness, "eve", f"AUTHENTICATE {response}")
        assert line.startswith("904 eve :")


async def test_a_token_is_no_certificate_and_the_other_way_round(harness: ServerHarness) -> None:
    await _signed_in(harness)
    token = await _token(harness)
    digest = next(iter(harness.node.state.tokens))
    await _arriving(harness, "eve", digest)
    await harness.ask("eve", "AUTHENTICATE EXTERNAL")
    assert (await _answer(harness, "eve", "AUTHENTICATE +"))[0].startswith("904 ")
    assert token != digest


async def test_fingerprints_that_are_none(harness: ServerHarness) -> None:
    await _signed_in(harness)
    for text in ("CERT ADD", "CERT ADD abc", f"CERT ADD {'g' * 64}", "CERT DANCE", f"CERT DEL {PRINT}"):
        (line,) = told(await harness.ask("ann", f"NS {text}"), "ann")
        assert line.startswith(":NickServ!")
    assert harness.node.state.tokens == {}


async def test_whois_tells_moderators_and_oneself_of_the_certificate(harness: ServerHarness) -> None:
    """modern-irc: RPL_WHOISCERTFP is for "the client itself" and operators."""
    await _arriving(harness, "ann", PRINT)
    await harness.ask("ann", "CAP END")
    line = f":hubbub 276 ann ann :has client certificate fingerprint {PRINT}"
    assert line in told(await harness.ask("ann", "WHOIS ann"), "ann")
    await harness.irc("bob")
    assert "276" not in " ".join(await harness.ask("bob", "WHOIS ann"))
