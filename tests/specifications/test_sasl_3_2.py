"""sasl-3.2: which mechanisms there are, signing in once more, tokens and certificates."""

import base64
import re

import pytest

from hubbub.node.session import LiveSession
from tests.server_harness import House, told

PRINT = "ab" * 32
SUCCESS = "903 ann :SASL authentication successful"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def plain(name: str, password: str) -> str:
    return encoded(f"\0{name}\0{password}")


async def _arriving(house: House, name: str = "ann", fingerprint: str | None = None) -> None:
    house.connect(name, secure=fingerprint is not None, fingerprint=fingerprint)
    house.people[name].type(f"CAP LS 302\nCAP REQ sasl\nNICK {name}\nUSER {name} 0 * :{name.title()}")
    await house.look()


async def _answer(house: House, name: str, text: str) -> list[str]:
    return [line.removeprefix(":hubbub ") for line in told(await house.ask(name, text), name)]


async def _signed_in(house: House, name: str = "ann") -> None:
    """Somebody who has an account, and is in."""
    if house.node.state.account_named(name) is None:
        await house.account(name)
    house.connect(name).type(f"PASS :{name}:correct horse\nNICK {name}\nUSER {name} 0 * :{name.title()}")
    await house.look()


async def _token(house: House, name: str = "ann", label: str = "my bot") -> str:
    lines = told(await house.ask(name, f"NS TOKEN ADD {label}"), name)
    found = re.search(rf"The token {label} is (\S+) - it is shown only once\.", lines[0])
    assert found, lines
    return found[1]


def bearer(token: str, name: str = "") -> str:
    return encoded(f"n,{f'a={name}' if name else ''},\x01host=chat\x01auth=Bearer {token}\x01\x01")


# The list


async def test_the_value_lists_the_mechanisms(house: House) -> None:
    """ "Servers SHOULD advertise the available SASL authentication mechanisms in the value of the `sasl` client
    capability in `CAP LS`."
    """
    house.connect("ann")
    assert " sasl=PLAIN,SCRAM-SHA-256,OAUTHBEARER " in " ".join(await house.ask("ann", "CAP LS 302"))
    house.connect("cert", secure=True, fingerprint=PRINT)
    listed = " ".join(await house.ask("cert", "CAP LS 302"))
    assert " sasl=PLAIN,SCRAM-SHA-256,EXTERNAL,OAUTHBEARER " in listed


async def test_not_where_there_is_none(house: House) -> None:
    """ "Servers MUST NOT advertise the `sasl` capability if the authentication layer is unavailable", and NAK it."""
    house.connect("far", address="192.0.2.7")
    assert "sasl" not in " ".join(await house.ask("far", "CAP LS 302"))
    assert await house.ask("far", "CAP REQ sasl") == ["far < :hubbub CAP * NAK sasl"]


# Once more


async def test_again_to_the_same_account(house: House) -> None:
    """ "Servers SHOULD allow a client, authenticated or otherwise, to reauthenticate by sending a new" one."""
    await house.account("ann")
    await _arriving(house)
    for _ in range(2):
        await house.ask("ann", "AUTHENTICATE PLAIN")
        assert (await _answer(house, "ann", f"AUTHENTICATE {plain('ann', 'correct horse')}"))[-1] == SUCCESS
    await house.ask("ann", "CAP END")
    await house.ask("ann", "AUTHENTICATE PLAIN")
    assert (await _answer(house, "ann", f"AUTHENTICATE {plain('ann', 'correct horse')}"))[-1] == SUCCESS


async def test_to_another_account_before_coming_in(house: House) -> None:
    await house.account("ann")
    await house.account("bob")
    await _arriving(house)
    for name in ("bob", "ann"):
        await house.ask("ann", "AUTHENTICATE PLAIN")
        assert (await _answer(house, "ann", f"AUTHENTICATE {plain(name, 'correct horse')}"))[-1] == SUCCESS
    await house.ask("ann", "CAP END")
    user = house.node.state.user_named("ann")
    assert user and user.account and user.account.name.text == "ann"


async def test_to_another_account_later(house: House) -> None:
    """ "`ERR_SASLALREADY` is appropriate if changing accounts is not supported" """
    await house.account("ann")
    await house.account("bob")
    await _arriving(house)
    await house.ask("ann", f"AUTHENTICATE PLAIN\nAUTHENTICATE {plain('ann', 'correct horse')}\nCAP END")
    await house.ask("ann", "AUTHENTICATE PLAIN")
    (line,) = await _answer(house, "ann", f"AUTHENTICATE {plain('bob', 'correct horse')}")
    assert line.startswith("907 ann :")
    user = house.node.state.user_named("ann")
    assert user and user.account and user.account.name.text == "ann"


async def test_giving_up_a_second_try_is_no_end(house: House) -> None:
    await house.account("ann")
    await _arriving(house)
    await house.ask("ann", f"AUTHENTICATE PLAIN\nAUTHENTICATE {plain('ann', 'correct horse')}")
    await house.ask("ann", "AUTHENTICATE PLAIN")
    assert (await _answer(house, "ann", "AUTHENTICATE *"))[0].startswith("906 ")
    assert "001" in " ".join(await house.ask("ann", "CAP END"))


# OAUTHBEARER


async def test_a_token_signs_in(house: House) -> None:
    """RFC 7628, 3.1: the client's response with `auth=Bearer`."""
    await _signed_in(house)
    token = await _token(house)
    for number, name in enumerate(("", "ann", "ANN")):
        await _arriving(house, f"bot{number}")
        assert await _answer(house, f"bot{number}", "AUTHENTICATE OAUTHBEARER") == ["AUTHENTICATE +"]
        lines = await _answer(house, f"bot{number}", f"AUTHENTICATE {bearer(token, name)}")
        assert lines[0].startswith(f"900 bot{number} ") and " ann :" in lines[0]
        assert lines[1].startswith("903 ")


@pytest.mark.parametrize("wrong", ["other", "", "no such"])
async def test_a_token_that_is_none(house: House, wrong: str) -> None:
    """RFC 7628, 3.2.2 and 3.2.3: an error in JSON, a dummy response, and only then the failure."""
    await _signed_in(house)
    await house.account("bob")
    token = await _token(house)
    await _arriving(house, "bot")
    await house.ask("bot", "AUTHENTICATE OAUTHBEARER")
    response = bearer(token, "bob") if wrong == "other" else bearer(wrong or " ")
    lines = await _answer(house, "bot", f"AUTHENTICATE {response}")
    if wrong:
        assert b'"status":"invalid_token"' in base64.b64decode(lines[0].split()[1])
        lines = await _answer(house, "bot", f"AUTHENTICATE {encoded(chr(1))}")
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
async def test_responses_that_hold_no_token(house: House, response: str) -> None:
    await _arriving(house)
    await house.ask("ann", "AUTHENTICATE OAUTHBEARER")
    (line,) = await _answer(house, "ann", f"AUTHENTICATE {encoded(response) or '+'}")
    assert line == "904 ann :SASL authentication failed: The response contains no bearer token."


async def test_a_token_in_a_passwords_place(house: House) -> None:
    await _signed_in(house)
    token = await _token(house)
    house.connect("bot").type(f"PASS :ann:{token}\nNICK bot\nUSER b 0 * :B")
    assert ":hubbub 001 ann " in " ".join(await house.look())


async def test_tokens_are_listed_and_taken_back(house: House) -> None:
    await _signed_in(house)
    first, second = await _token(house, label="first"), await _token(house, label="second one")
    assert first != second
    lines = told(await house.ask("ann", "NS TOKEN LIST"), "ann")
    assert [line.split(" :", 1)[1] for line in lines] == [
        "first, since 2026-11-18T11:06:40.000Z",
        "second one, since 2026-11-18T11:06:40.000Z",
    ]
    assert "already" in told(await house.ask("ann", "NS TOKEN ADD first"), "ann")[0]
    await house.ask("ann", "NS TOKEN DEL first")
    await house.restart()
    for token, code in ((first, "AUTHENTICATE"), (second, "900")):
        await _arriving(house, "bot")
        await house.ask("bot", "AUTHENTICATE OAUTHBEARER")
        lines = await _answer(house, "bot", f"AUTHENTICATE {bearer(token)}")
        assert lines[0].startswith(code), lines


async def test_a_token_is_kept_as_a_digest_alone(house: House) -> None:
    await _signed_in(house)
    token = await _token(house)
    house.storage.checkpoint()
    assert token.encode() not in (house.data / "hubbub.db").read_bytes()


async def test_a_guest_has_no_tokens(house: House) -> None:
    await house.irc("ann")
    for word in ("TOKEN ADD x", "TOKEN LIST", "CERT LIST", f"CERT ADD {PRINT}"):
        (line,) = told(await house.ask("ann", f"NS {word}"), "ann")
        assert "log in" in line.lower(), line


# EXTERNAL


async def test_a_certificate_signs_in(house: House) -> None:
    """RFC 4422, Appendix A: "the client sends the initial response", empty for its own identity."""
    await house.account("ann")
    await _arriving(house, "ann", PRINT)
    await house.ask("ann", f"AUTHENTICATE PLAIN\nAUTHENTICATE {plain('ann', 'correct horse')}\nCAP END")
    (line,) = told(await house.ask("ann", "NS CERT ADD"), "ann")
    assert PRINT in line
    for number, response in enumerate(("+", encoded("ann"))):
        name = f"guest{number}"
        await _arriving(house, name, PRINT)
        assert await _answer(house, name, "AUTHENTICATE EXTERNAL") == ["AUTHENTICATE +"]
        assert (await _answer(house, name, f"AUTHENTICATE {response}"))[-1].startswith("903 ")


async def test_a_certificate_of_nobodys_or_of_somebody_elses(house: House) -> None:
    await _signed_in(house)
    await house.account("bob")
    (line,) = told(await house.ask("ann", f"NS CERT ADD {PRINT.upper()}"), "ann")
    assert "sent another certificate" in line, "nobody takes one that they have only read of"
    session = house.people["ann"].receiver
    assert isinstance(session, LiveSession)
    session.fingerprint = PRINT
    await house.ask("ann", f"NS CERT ADD {PRINT.upper()}")
    for fingerprint, response in (("cd" * 32, "+"), (PRINT, encoded("bob"))):
        await _arriving(house, "eve", fingerprint)
        await house.ask("eve", "AUTHENTICATE EXTERNAL")
        (line,) = await _answer(house, "eve", f"AUTHENTICATE {response}")
        assert line.startswith("904 eve :")


async def test_a_token_is_no_certificate_and_the_other_way_round(house: House) -> None:
    await _signed_in(house)
    token = await _token(house)
    digest = next(iter(house.node.state.tokens))
    await _arriving(house, "eve", digest)
    await house.ask("eve", "AUTHENTICATE EXTERNAL")
    assert (await _answer(house, "eve", "AUTHENTICATE +"))[0].startswith("904 ")
    assert token != digest


async def test_fingerprints_that_are_none(house: House) -> None:
    await _signed_in(house)
    for text in ("CERT ADD", "CERT ADD abc", f"CERT ADD {'g' * 64}", "CERT DANCE", f"CERT DEL {PRINT}"):
        (line,) = told(await house.ask("ann", f"NS {text}"), "ann")
        assert line.startswith(":NickServ!")
    assert house.node.state.tokens == {}


async def test_whois_tells_moderators_and_oneself_of_the_certificate(house: House) -> None:
    """modern-irc: RPL_WHOISCERTFP is for "the client itself" and operators."""
    await _arriving(house, "ann", PRINT)
    await house.ask("ann", "CAP END")
    line = f":hubbub 276 ann ann :has client certificate fingerprint {PRINT}"
    assert line in told(await house.ask("ann", "WHOIS ann"), "ann")
    await house.irc("bob")
    assert "276" not in " ".join(await house.ask("bob", "WHOIS ann"))
