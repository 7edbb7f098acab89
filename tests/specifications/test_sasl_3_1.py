"""AUTHENTICATE through the front door: PLAIN and SCRAM-SHA-256, early and late, in order and out of it."""

import base64
from pathlib import Path

import pytest

from hubbub.engine.moderation import KeepOut
from hubbub.wire.scram import ClientExchange
from tests.server_harness import House, Person, told

PLAIN_ANN = base64.b64encode(b"\0ann\0correct horse").decode()
LOGGED_IN = [
    "ann < :hubbub 900 ann ann!ann@local ann :You are now logged in as ann",
    "ann < :hubbub 903 ann :SASL authentication successful",
]


async def arriving(
    house: House, name: str = "ann", address: str = "127.0.0.1", secure: bool = False
) -> Person:
    """Somebody who has asked for the capability and said who they are, and has not ended the negotiation."""
    person = house.connect(name, address=address, secure=secure)
    person.type(f"CAP REQ sasl\nNICK {name}\nUSER {name} 0 * :{name.title()}")
    await house.look()
    return person


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def challenge(lines: list[str]) -> bytes:
    """The mechanism's message in the one AUTHENTICATE line that was seen."""
    (line,) = lines
    return base64.b64decode(line.split(" AUTHENTICATE ")[1])


async def test_plain_before_coming_in(house: House) -> None:
    await house.account("ann")
    await arriving(house)
    assert await house.ask("ann", "AUTHENTICATE plain") == ["ann < :hubbub AUTHENTICATE +"]
    assert await house.ask("ann", f"AUTHENTICATE {PLAIN_ANN}") == LOGGED_IN
    assert (await house.ask("ann", "CAP END"))[
        0
    ] == "ann < :hubbub 001 ann :Welcome to the Hubbub Network, ann"
    # sasl-3.1: after "already authenticating successfully, the server MUST reject it with a 907 numeric"
    already = ["ann < :hubbub 907 ann :You have already authenticated using SASL"]
    assert await house.ask("ann", "AUTHENTICATE PLAIN") == already


async def test_plain_after_coming_in_makes_a_guest_the_account(house: House) -> None:
    await house.account("ann")
    await house.irc("guest", "sasl")
    await house.ask("guest", "AUTHENTICATE PLAIN")
    assert await house.ask("guest", f"AUTHENTICATE {PLAIN_ANN}") == [
        "guest < :hubbub 900 guest guest!guest@local ann :You are now logged in as ann",
        "guest < :hubbub 903 guest :SASL authentication successful",
        "guest < :guest!guest@local JOIN #Général",
        "guest < :hubbub 353 guest = #Général guest",
        "guest < :hubbub 366 guest #Général :End of /NAMES list",
        "guest < :guest!guest@local NICK ann",
    ]


async def by_scram(house: House, name: str) -> None:
    """Up to the response that is the last word of it; that is typed, and not looked at."""
    exchange = ClientExchange("ann", "correct horse", "client-nonce")
    await house.ask(name, "AUTHENTICATE SCRAM-SHA-256")
    first = challenge(await house.ask(name, f"AUTHENTICATE {encoded(exchange.first())}"))
    await house.ask(name, f"AUTHENTICATE {encoded(exchange.final(first))}")
    house.people[name].type("AUTHENTICATE +")


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256"])
@pytest.mark.parametrize("is_present", [False, True], ids=["becomes", "goes over"])
@pytest.mark.parametrize("label", ["", " labeled-response batch"])
async def test_the_numerics_come_first_after_coming_in(
    house: House, mechanism: str, is_present: bool, label: str
) -> None:
    """Under the name of before; then what everybody sees of it, in the same order every time."""
    await house.account("ann")
    if is_present:
        person = house.connect("other", secure=True)
        person.type("PASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann")
        await house.look()
    await house.irc("guest", "sasl account-notify" + label)
    await house.irc("bob", "account-notify")
    for name in ("guest", "bob"):
        await house.ask(name, "JOIN #tea")
    if mechanism == "PLAIN":
        await house.ask("guest", "AUTHENTICATE PLAIN")
        house.people["guest"].type(f"{'@label=7 ' if label else ''}AUTHENTICATE {PLAIN_ANN}")
    else:
        await by_scram(house, "guest")
    house.people["bob"].type("PRIVMSG #tea :beside it")
    seen = [line.split(" ", 1)[1] if line[0] == "@" else line for line in told(await house.look(), "guest")]
    verbs = [line.split()[1] for line in seen if line.split()[1] in ("900", "903", "ACCOUNT", "NICK")]
    wanted = ["900", "903", "NICK"] if is_present else ["900", "903", "ACCOUNT", "NICK"]
    assert verbs == wanted, seen
    assert ":hubbub 900 guest guest!guest@local ann :You are now logged in as ann" in seen
    assert ":hubbub 903 guest :SASL authentication successful" in seen


async def test_a_proof_that_is_not_accepted_signs_nobody_in_who_has_come_in(house: House) -> None:
    await house.account("ann")
    await house.irc("guest", "sasl")
    exchange = ClientExchange("ann", "correct horse", "client-nonce")
    await house.ask("guest", "AUTHENTICATE SCRAM-SHA-256")
    first = challenge(await house.ask("guest", f"AUTHENTICATE {encoded(exchange.first())}"))
    await house.ask("guest", f"AUTHENTICATE {encoded(exchange.final(first))}")
    assert (await house.ask("guest", "AUTHENTICATE *"))[0].startswith("guest < :hubbub 906 guest")
    user = house.node.state.user_named("guest")
    assert user and user.account is None


async def test_what_comes_while_the_password_is_checked_waits(house: House) -> None:
    await house.account("ann")
    person = await arriving(house)
    person.type(f"AUTHENTICATE PLAIN\nAUTHENTICATE {PLAIN_ANN}\nCAP END")
    lines = await house.look()
    assert lines[1:4] == [*LOGGED_IN, "ann < :hubbub 001 ann :Welcome to the Hubbub Network, ann"]


@pytest.mark.parametrize(
    "response",
    [
        "+",
        encoded(b"ann"),
        encoded(b"\0ann"),
        encoded(b"\0ann\0"),
        encoded(b"\0\0correct horse"),
        encoded(b"bob\0ann\0correct horse"),
        encoded(b"\0ann\0correct horse\0"),
        encoded(b"\0ann\0wrong"),
        encoded(b"\xff\0\xff\0\xff"),
        "!!!!",
        "AAA",
        "=",
        "ä",
        ":a b",
    ],
)
async def test_a_plain_response_that_is_none_fails_and_may_be_tried_anew(house: House, response: str) -> None:
    await house.account("ann")
    await arriving(house)
    await house.ask("ann", "AUTHENTICATE PLAIN")
    (failed,) = await house.ask("ann", f"AUTHENTICATE {response}")
    assert failed.startswith("ann < :hubbub 904 ann :SASL authentication failed: ")
    await house.ask("ann", "AUTHENTICATE PLAIN")
    assert await house.ask("ann", f"AUTHENTICATE {PLAIN_ANN}") == LOGGED_IN


async def test_a_response_in_chunks(house: House) -> None:
    """ "If the last chunk was exactly 400 bytes long, it must also be followed by `AUTHENTICATE +`" """
    password = "x" * (300 - len("\0ann\0"))
    await house.account("ann", password)
    await arriving(house)
    text = encoded(f"\0ann\0{password}".encode())
    assert len(text) == 400
    await house.ask("ann", "AUTHENTICATE PLAIN")
    assert await house.ask("ann", f"AUTHENTICATE {text}") == []
    assert await house.ask("ann", "AUTHENTICATE +") == LOGGED_IN


async def test_a_response_that_never_ends_is_too_long(house: House) -> None:
    await arriving(house)
    await house.ask("ann", "AUTHENTICATE PLAIN")
    for _ in range(5):
        assert await house.ask("ann", "AUTHENTICATE " + "A" * 400) == []
    # "The server MAY place a limit on the total length of a response": it fails once, and the exchange is over.
    assert await house.ask("ann", "AUTHENTICATE " + "A" * 400) == [
        "ann < :hubbub 904 ann :SASL authentication failed: The response is longer than 2000 bytes in total."
    ]


@pytest.mark.parametrize("last", ["AAAA" * 30, "+"])
async def test_the_rest_of_what_was_too_long_is_answered_already(house: House, last: str) -> None:
    await house.account("ann")
    await arriving(house)
    chunk = "AUTHENTICATE " + "A" * 400
    for refused, code in (([chunk] * 9, "904"), (["AUTHENTICATE " + "A" * 401, chunk], "905")):
        lines = await house.ask("ann", "\n".join(["AUTHENTICATE PLAIN", *refused, f"AUTHENTICATE {last}"]))
        assert [line.split()[3] for line in lines if "AUTHENTICATE" not in line] == [code]
    await house.ask("ann", "AUTHENTICATE PLAIN")
    assert await house.ask("ann", f"AUTHENTICATE {PLAIN_ANN}") == LOGGED_IN


async def test_after_what_was_too_long_something_begins_anew(house: House) -> None:
    """Whether the rest of it was sent or not; and nothing is under way any more when the client comes in."""
    await house.account("ann")
    await arriving(house)
    too_long = "\n".join(["AUTHENTICATE PLAIN", *["AUTHENTICATE " + "A" * 400] * 6])
    await house.ask("ann", too_long)
    assert await house.ask("ann", "AUTHENTICATE *") == ["ann < :hubbub 906 ann :SASL authentication aborted"]
    await house.ask("ann", too_long)
    assert not [line for line in await house.ask("ann", "CAP END") if " 906 " in line]


async def test_a_last_chunk_that_is_too_much(house: House) -> None:
    await arriving(house)
    await house.ask("ann", "\n".join(["AUTHENTICATE PLAIN", *["AUTHENTICATE " + "A" * 400] * 5]))
    assert "904" in (await house.ask("ann", "AUTHENTICATE AAAA"))[0]
    assert (await house.ask("ann", "AUTHENTICATE AAAA"))[0].startswith("ann < :hubbub 908 "), (
        "it is no response"
    )


async def test_aborting(house: House) -> None:
    """ "The client can abort an authentication by sending an asterisk as the data." """
    await arriving(house)
    await house.ask("ann", "AUTHENTICATE PLAIN")
    aborted = ["ann < :hubbub 906 ann :SASL authentication aborted"]
    assert await house.ask("ann", "AUTHENTICATE *") == aborted
    # What follows begins anew: it is no response to what was aborted.
    assert (await house.ask("ann", f"AUTHENTICATE {PLAIN_ANN}"))[0].startswith("ann < :hubbub 908 ")


async def test_coming_in_with_half_an_exchange_aborts_it(house: House) -> None:
    """ "the server SHOULD abort it and send a 906 numeric, then register the client without authentication" """
    await arriving(house)
    await house.ask("ann", "AUTHENTICATE SCRAM-SHA-256")
    lines = await house.ask("ann", "CAP END")
    assert lines[:2] == [
        "ann < :hubbub 906 ann :SASL authentication aborted",
        "ann < :hubbub 001 ann :Welcome to the Hubbub Network, ann",
    ]


async def test_an_unknown_mechanism_is_told_which_there_are(house: House) -> None:
    await arriving(house)
    assert await house.ask("ann", "AUTHENTICATE EXTERNAL") == [
        "ann < :hubbub 908 ann PLAIN,SCRAM-SHA-256,OAUTHBEARER :are available SASL mechanisms",
        "ann < :hubbub 904 ann :SASL authentication failed: Choose another mechanism.",
    ]


async def test_the_capability_is_needed_first(house: House) -> None:
    """ "The client MUST enable the sasl capability before using the AUTHENTICATE command" """
    house.connect("ann")
    assert await house.ask("ann", "AUTHENTICATE PLAIN") == [
        "ann < :hubbub 904 * :SASL authentication failed: Request the capability sasl first: CAP REQ sasl"
    ]


async def test_no_password_in_clear_from_another_machine(house: House) -> None:
    house.connect("ann", address="192.0.2.7").type("CAP REQ sasl")
    (failed,) = await house.ask("ann", "AUTHENTICATE PLAIN")
    assert failed == (
        "ann < :hubbub 904 * :SASL authentication failed: This server accepts passwords and messages only "
        "over an encrypted connection. Connect with TLS to the same port."
    )


async def scram(house: House, name: str, account: str, password: str) -> tuple[ClientExchange, list[str]]:
    """An exchange up to the answer to the proof."""
    client = ClientExchange(account, password, "clientnonce")
    assert await house.ask(name, "AUTHENTICATE SCRAM-SHA-256") == [f"{name} < :hubbub AUTHENTICATE +"]
    first = challenge(await house.ask(name, f"AUTHENTICATE {encoded(client.first())}"))
    return client, await house.ask(name, f"AUTHENTICATE {encoded(client.final(first))}")


async def test_scram(house: House) -> None:
    await house.account("ann")
    await arriving(house)
    client, answer = await scram(house, "ann", "ANN", "correct horse")
    assert client.accepts(challenge(answer))
    # "clients MUST still send an empty response"
    assert await house.ask("ann", "AUTHENTICATE +") == LOGGED_IN
    assert " 001 " in (await house.ask("ann", "CAP END"))[0]


async def test_scram_without_the_last_empty_response(house: House) -> None:
    await house.account("ann")
    await arriving(house)
    await scram(house, "ann", "ann", "correct horse")
    lines = await house.ask("ann", "CAP END")
    assert lines[:3] == [*LOGGED_IN, "ann < :hubbub 001 ann :Welcome to the Hubbub Network, ann"]


async def test_scram_a_client_that_does_not_trust_the_server_leaves(house: House) -> None:
    await house.account("ann")
    await arriving(house)
    await scram(house, "ann", "ann", "correct horse")
    lines = await house.ask("ann", "AUTHENTICATE *")
    assert lines[0] == "ann < :hubbub 906 ann :SASL authentication aborted"
    assert lines[1].startswith("ann < ERROR ")


async def test_scram_tells_an_unknown_account_as_it_tells_a_wrong_password(house: House) -> None:
    await house.account("ann")
    await arriving(house, "eve")
    wrong = (await scram(house, "eve", "ann", "wrong"))[1]
    unknown = (await scram(house, "eve", "nobody", "wrong"))[1]
    assert (
        wrong
        == unknown
        == [
            "eve < :hubbub 904 eve :SASL authentication failed: The name or the password is wrong. Try again."
        ]
    )


async def test_scram_gives_an_unknown_account_one_salt_each_time(house: House) -> None:
    await house.account("ann")
    await arriving(house, "eve")
    salts = []
    for name in ("ann", "nobody", "NOBODY", "noone"):
        await house.ask("eve", "AUTHENTICATE SCRAM-SHA-256")
        first = challenge(await house.ask("eve", f"AUTHENTICATE {encoded(f'n,,n={name},r=x'.encode())}"))
        fields = dict(field.split("=", 1) for field in first.decode().split(","))
        assert fields["i"] == "4096"
        assert len(base64.b64decode(fields["s"])) == 16
        salts.append(fields["s"])
        await house.ask("eve", "AUTHENTICATE *")
    assert salts[1] == salts[2]
    assert len(set(salts)) == 3


@pytest.mark.parametrize(
    "first", [b"", b"n,,", b"p=tls-unique,,n=ann,r=x", b"n,a=bob,n=ann,r=x", b"\xff", b"n,,m=1,n=ann,r=x"]
)
async def test_scram_a_first_message_that_is_none_fails(house: House, first: bytes) -> None:
    await house.account("ann")
    await arriving(house)
    await house.ask("ann", "AUTHENTICATE SCRAM-SHA-256")
    (failed,) = await house.ask("ann", f"AUTHENTICATE {encoded(first) or '+'}")
    assert failed.startswith(
        "ann < :hubbub 904 ann :SASL authentication failed: The client's first message is not valid"
    )


async def test_scram_a_proof_for_another_exchange_fails(house: House) -> None:
    await house.account("ann")
    await arriving(house)
    client = ClientExchange("ann", "correct horse", "clientnonce")
    await house.ask("ann", "AUTHENTICATE SCRAM-SHA-256")
    first = challenge(await house.ask("ann", f"AUTHENTICATE {encoded(client.first())}"))
    stale = encoded(client.final(first))
    await house.ask("ann", "AUTHENTICATE *")
    await house.ask("ann", "AUTHENTICATE SCRAM-SHA-256")
    await house.ask("ann", f"AUTHENTICATE {encoded(client.first())}")
    (failed,) = await house.ask("ann", f"AUTHENTICATE {stale}")
    assert failed == (
        "ann < :hubbub 904 ann :SASL authentication failed: The client's proof is not valid: the nonce does not match."
    )


async def test_scram_whoever_has_to_wait_does_not_learn_what_fits(tmp_path: Path) -> None:
    """After failures the right proof is answered as the wrong one is: guessing is slowed down."""
    async with House(tmp_path, {"limits.signin_failures": 1}) as house:
        await house.account("ann")
        await arriving(house, "eve", address="192.0.2.7", secure=True)
        for _ in range(3):
            await scram(house, "eve", "ann", "wrong")
        (wrong,) = (await scram(house, "eve", "ann", "wrong"))[1]
        (right,) = (await scram(house, "eve", "ann", "correct horse"))[1]
        assert wrong == right
        assert "SASL authentication failed: Too many attempts. Try again in " in right


async def test_a_banned_account_is_told_so_once_it_has_proved_itself(house: House) -> None:
    """902 is for an account that "is currently locked out, held, or otherwise … made unavailable"."""
    await house.account("ann")
    house.node.ask(KeepOut("ann", None, "spam"))
    await arriving(house, "eve")
    await house.ask("eve", "AUTHENTICATE PLAIN")
    (failed,) = await house.ask("eve", f"AUTHENTICATE {PLAIN_ANN}")
    assert failed == (
        "eve < :hubbub 902 eve :SASL authentication failed: You are banned until the ban is lifted: spam"
    )
