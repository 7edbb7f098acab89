"""AUTHENTICATE through the front door: PLAIN and SCRAM-SHA-256, early and late, in order and out of it."""

import base64
from pathlib import Path

import pytest

from hubbub.engine.moderation import KeepOut
from hubbub.wire.scram import ClientExchange
from tests.server_harness import Person, ServerHarness, told

PLAIN_ANN = base64.b64encode(b"\0ann\0correct horse").decode()
LOGGED_IN = [
    "ann < :hubbub 900 ann ann!ann@local ann :You are now logged in as ann",
    "ann < :hubbub 903 ann :SASL authentication successful",
]


async def arriving(
    harness: ServerHarness, name: str = "ann", address: str = "127.0.0.1", secure: bool = False
) -> Person:
    """Somebody who has asked for the capability and said who they are, and has not ended the negotiation."""
    person = harness.connect(name, address=address, secure=secure)
    person.type(f"CAP REQ sasl\nNICK {name}\nUSER {name} 0 * :{name.title()}")
    await harness.look()
    return person


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def challenge(lines: list[str]) -> bytes:
    """The mechanism's message in the one AUTHENTICATE line that was seen."""
    (line,) = lines
    return base64.b64decode(line.split(" AUTHENTICATE ")[1])


async def test_plain_before_coming_in(harness: ServerHarness) -> None:
    await harness.account("ann")
    await arriving(harness)
    assert await harness.ask("ann", "AUTHENTICATE plain") == ["ann < :hubbub AUTHENTICATE +"]
    assert await harness.ask("ann", f"AUTHENTICATE {PLAIN_ANN}") == LOGGED_IN
    assert (await harness.ask("ann", "CAP END"))[
        0
    ] == "ann < :hubbub 001 ann :Welcome to the Hubbub Network, ann"
    # sasl-3.1: after "already authenticating successfully, the server MUST reject it with a 907 numeric"
    already = ["ann < :hubbub 907 ann :You have already authenticated using SASL"]
    assert await harness.ask("ann", "AUTHENTICATE PLAIN") == already


async def test_plain_after_coming_in_makes_a_guest_the_account(harness: ServerHarness) -> None:
    await harness.account("ann")
    await harness.irc("guest", "sasl")
    await harness.ask("guest", "AUTHENTICATE PLAIN")
    assert await harness.ask("guest", f"AUTHENTICATE {PLAIN_ANN}") == [
        "guest < :hubbub 900 guest guest!guest@local ann :You are now logged in as ann",
        "guest < :hubbub 903 guest :SASL authentication successful",
        "guest < :guest!guest@local JOIN #Général",
        "guest < :hubbub 353 guest = #Général guest",
        "guest < :hubbub 366 guest #Général :End of /NAMES list",
        "guest < :guest!guest@local NICK ann",
    ]


async def by_scram(harness: ServerHarness, name: str) -> None:
    """Up to the response that is the last word of it; that is typed, and not looked at."""
    exchange = ClientExchange("ann", "correct horse", "client-nonce")
    await harness.ask(name, "AUTHENTICATE SCRAM-SHA-256")
    first = challenge(await harness.ask(name, f"AUTHENTICATE {encoded(exchange.first())}"))
    await harness.ask(name, f"AUTHENTICATE {encoded(exchange.final(first))}")
    harness.people[name].type("AUTHENTICATE +")


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256"])
@pytest.mark.parametrize("is_present", [False, True], ids=["becomes", "goes over"])
@pytest.mark.parametrize("label", ["", " labeled-response batch"])
async def test_the_numerics_come_first_after_coming_in(
    harness: ServerHarness, mechanism: str, is_present: bool, label: str
) -> None:
    """Under the name of before; then what everybody sees of it, in the same order every time."""
    await harness.account("ann")
    if is_present:
        person = harness.connect("other", secure=True)
        person.type("PASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann")
        await harness.look()
    await harness.irc("guest", "sasl account-notify" + label)
    await harness.irc("bob", "account-notify")
    for name in ("guest", "bob"):
        await harness.ask(name, "JOIN #tea")
    if mechanism == "PLAIN":
        await harness.ask("guest", "AUTHENTICATE PLAIN")
        harness.people["guest"].type(f"{'@label=7 ' if label else ''}AUTHENTICATE {PLAIN_ANN}")
    else:
        await by_scram(harness, "guest")
    harness.people["bob"].type("PRIVMSG #tea :beside it")
    seen = [line.split(" ", 1)[1] if line[0] == "@" else line for line in told(await harness.look(), "guest")]
    verbs = [line.split()[1] for line in seen if line.split()[1] in ("900", "903", "ACCOUNT", "NICK")]
    wanted = ["900", "903", "NICK"] if is_present else ["900", "903", "ACCOUNT", "NICK"]
    assert verbs == wanted, seen
    assert ":hubbub 900 guest guest!guest@local ann :You are now logged in as ann" in seen
    assert ":hubbub 903 guest :SASL authentication successful" in seen


async def test_a_proof_that_is_not_accepted_signs_nobody_in_who_has_come_in(harness: ServerHarness) -> None:
    await harness.account("ann")
    await harness.irc("guest", "sasl")
    exchange = ClientExchange("ann", "correct horse", "client-nonce")
    await harness.ask("guest", "AUTHENTICATE SCRAM-SHA-256")
    first = challenge(await harness.ask("guest", f"AUTHENTICATE {encoded(exchange.first())}"))
    await harness.ask("guest", f"AUTHENTICATE {encoded(exchange.final(first))}")
    assert (await harness.ask("guest", "AUTHENTICATE *"))[0].startswith("guest < :hubbub 906 guest")
    user = harness.node.state.user_named("guest")
    assert user and user.account is None


async def test_what_comes_while_the_password_is_checked_waits(harness: ServerHarness) -> None:
    await harness.account("ann")
    person = await arriving(harness)
    person.type(f"AUTHENTICATE PLAIN\nAUTHENTICATE {PLAIN_ANN}\nCAP END")
    lines = await harness.look()
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
async def test_a_plain_response_that_is_none_fails_and_may_be_tried_anew(
    harness: ServerHarness, response: str
) -> None:
    await harness.account("ann")
    await arriving(harness)
    await harness.ask("ann", "AUTHENTICATE PLAIN")
    (failed,) = await harness.ask("ann", f"AUTHENTICATE {response}")
    assert failed.startswith("ann < :hubbub 904 ann :SASL authentication failed: ")
    await harness.ask("ann", "AUTHENTICATE PLAIN")
    assert await harness.ask("ann", f"AUTHENTICATE {PLAIN_ANN}") == LOGGED_IN


async def test_a_response_in_chunks(harness: ServerHarness) -> None:
    """ "If the last chunk was exactly 400 bytes long, it must also be followed by `AUTHENTICATE +`" """
    password = "x" * (300 - len("\0ann\0"))
    await harness.account("ann", password)
    await arriving(harness)
    text = encoded(f"\0ann\0{password}".encode())
    assert len(text) == 400
    await harness.ask("ann", "AUTHENTICATE PLAIN")
    assert await harness.ask("ann", f"AUTHENTICATE {text}") == []
    assert await harness.ask("ann", "AUTHENTICATE +") == LOGGED_IN


async def test_a_response_that_never_ends_is_too_long(harness: ServerHarness) -> None:
    await arriving(harness)
    await harness.ask("ann", "AUTHENTICATE PLAIN")
    for _ in range(5):
        assert await harness.ask("ann", "AUTHENTICATE " + "A" * 400) == []
    # "The server MAY place a limit on the total length of a response": it fails once, and the exchange is over.
    assert await harness.ask("ann", "AUTHENTICATE " + "A" * 400) == [
        "ann < :hubbub 904 ann :SASL authentication failed: The response is longer than 2000 bytes in total."
    ]


@pytest.mark.parametrize("last", ["AAAA" * 30, "+"])
async def test_the_rest_of_what_was_too_long_is_answered_already(harness: ServerHarness, last: str) -> None:
    await harness.account("ann")
    await arriving(harness)
    chunk = "AUTHENTICATE " + "A" * 400
    for refused, code in (([chunk] * 9, "904"), (["AUTHENTICATE " + "A" * 401, chunk], "905")):
        lines = await harness.ask("ann", "\n".join(["AUTHENTICATE PLAIN", *refused, f"AUTHENTICATE {last}"]))
        assert [line.split()[3] for line in lines if "AUTHENTICATE" not in line] == [code]
    await harness.ask("ann", "AUTHENTICATE PLAIN")
    assert await harness.ask("ann", f"AUTHENTICATE {PLAIN_ANN}") == LOGGED_IN


async def test_after_what_was_too_long_something_begins_anew(harness: ServerHarness) -> None:
    """Whether the rest of it was sent or not; and nothing is under way any more when the client comes in."""
    await harness.account("ann")
    await arriving(harness)
    too_long = "\n".join(["AUTHENTICATE PLAIN", *["AUTHENTICATE " + "A" * 400] * 6])
    await harness.ask("ann", too_long)
    assert await harness.ask("ann", "AUTHENTICATE *") == [
        "ann < :hubbub 906 ann :SASL authentication aborted"
    ]
    await harness.ask("ann", too_long)
    assert not [line for line in await harness.ask("ann", "CAP END") if " 906 " in line]


async def test_a_last_chunk_that_is_too_much(harness: ServerHarness) -> None:
    await arriving(harness)
    await harness.ask("ann", "\n".join(["AUTHENTICATE PLAIN", *["AUTHENTICATE " + "A" * 400] * 5]))
    assert "904" in (await harness.ask("ann", "AUTHENTICATE AAAA"))[0]
    assert (await harness.ask("ann", "AUTHENTICATE AAAA"))[0].startswith("ann < :hubbub 908 "), (
        "it is no response"
    )


async def test_aborting(harness: ServerHarness) -> None:
    """ "The client can abort an authentication by sending an asterisk as the data." """
    await arriving(harness)
    await harness.ask("ann", "AUTHENTICATE PLAIN")
    aborted = ["ann < :hubbub 906 ann :SASL authentication aborted"]
    assert await harness.ask("ann", "AUTHENTICATE *") == aborted
    # What follows begins anew: it is no response to what was aborted.
    assert (await harness.ask("ann", f"AUTHENTICATE {PLAIN_ANN}"))[0].startswith("ann < :hubbub 908 ")


async def test_coming_in_with_half_an_exchange_aborts_it(harness: ServerHarness) -> None:
    """ "the server SHOULD abort it and send a 906 numeric, then register the client without authentication" """
    await arriving(harness)
    await harness.ask("ann", "AUTHENTICATE SCRAM-SHA-256")
    lines = await harness.ask("ann", "CAP END")
    assert lines[:2] == [
        "ann < :hubbub 906 ann :SASL authentication aborted",
        "ann < :hubbub 001 ann :Welcome to the Hubbub Network, ann",
    ]


async def test_an_unknown_mechanism_is_told_which_there_are(harness: ServerHarness) -> None:
    await arriving(harness)
    assert await harness.ask("ann", "AUTHENTICATE EXTERNAL") == [
        "ann < :hubbub 908 ann PLAIN,SCRAM-SHA-256,OAUTHBEARER :are available SASL mechanisms",
        "ann < :hubbub 904 ann :SASL authentication failed: Choose another mechanism.",
    ]


async def test_the_capability_is_needed_first(harness: ServerHarness) -> None:
    """ "The client MUST enable the sasl capability before using the AUTHENTICATE command" """
    harness.connect("ann")
    assert await harness.ask("ann", "AUTHENTICATE PLAIN") == [
        "ann < :hubbub 904 * :SASL authentication failed: Request the capability sasl first: CAP REQ sasl"
    ]


async def test_no_password_in_clear_from_another_machine(harness: ServerHarness) -> None:
    harness.connect("ann", address="192.0.2.7").type("CAP REQ sasl")
    (failed,) = await harness.ask("ann", "AUTHENTICATE PLAIN")
    assert failed == (
        "ann < :hubbub 904 * :SASL authentication failed: This server accepts passwords and messages only "
        "over an encrypted connection. Connect with TLS to the same port."
    )


async def scram(
    harness: ServerHarness, name: str, account: str, password: str
) -> tuple[ClientExchange, list[str]]:
    """An exchange up to the answer to the proof."""
    client = ClientExchange(account, password, "clientnonce")
    assert await harness.ask(name, "AUTHENTICATE SCRAM-SHA-256") == [f"{name} < :hubbub AUTHENTICATE +"]
    first = challenge(await harness.ask(name, f"AUTHENTICATE {encoded(client.first())}"))
    return client, await harness.ask(name, f"AUTHENTICATE {encoded(client.final(first))}")


async def test_scram(harness: ServerHarness) -> None:
    await harness.account("ann")
    await arriving(harness)
    client, answer = await scram(harness, "ann", "ANN", "correct horse")
    assert client.accepts(challenge(answer))
    # "clients MUST still send an empty response"
    assert await harness.ask("ann", "AUTHENTICATE +") == LOGGED_IN
    assert " 001 " in (await harness.ask("ann", "CAP END"))[0]


async def test_scram_without_the_last_empty_response(harness: ServerHarness) -> None:
    await harness.account("ann")
    await arriving(harness)
    await scram(harness, "ann", "ann", "correct horse")
    lines = await harness.ask("ann", "CAP END")
    assert lines[:3] == [*LOGGED_IN, "ann < :hubbub 001 ann :Welcome to the Hubbub Network, ann"]


async def test_scram_a_client_that_does_not_trust_the_server_leaves(harness: ServerHarness) -> None:
    await harness.account("ann")
    await arriving(harness)
    await scram(harness, "ann", "ann", "correct horse")
    lines = await harness.ask("ann", "AUTHENTICATE *")
    assert lines[0] == "ann < :hubbub 906 ann :SASL authentication aborted"
    assert lines[1].startswith("ann < ERROR ")


async def test_scram_tells_an_unknown_account_as_it_tells_a_wrong_password(harness: ServerHarness) -> None:
    await harness.account("ann")
    await arriving(harness, "eve")
    wrong = (await scram(harness, "eve", "ann", "wrong"))[1]
    unknown = (await scram(harness, "eve", "nobody", "wrong"))[1]
    assert (
        wrong
        == unknown
        == [
            "eve < :hubbub 904 eve :SASL authentication failed: The name or the password is wrong. Try again."
        ]
    )


async def test_scram_gives_an_unknown_account_one_salt_each_time(harness: ServerHarness) -> None:
    await harness.account("ann")
    await arriving(harness, "eve")
    salts = []
    for name in ("ann", "nobody", "NOBODY", "noone"):
        await harness.ask("eve", "AUTHENTICATE SCRAM-SHA-256")
        first = challenge(await harness.ask("eve", f"AUTHENTICATE {encoded(f'n,,n={name},r=x'.encode())}"))
        fields = dict(field.split("=", 1) for field in first.decode().split(","))
        assert fields["i"] == "4096"
        assert len(base64.b64decode(fields["s"])) == 16
        salts.append(fields["s"])
        await harness.ask("eve", "AUTHENTICATE *")
    assert salts[1] == salts[2]
    assert len(set(salts)) == 3


@pytest.mark.parametrize(
    "first", [b"", b"n,,", b"p=tls-unique,,n=ann,r=x", b"n,a=bob,n=ann,r=x", b"\xff", b"n,,m=1,n=ann,r=x"]
)
async def test_scram_a_first_message_that_is_none_fails(harness: ServerHarness, first: bytes) -> None:
    await harness.account("ann")
    await arriving(harness)
    await harness.ask("ann", "AUTHENTICATE SCRAM-SHA-256")
    (failed,) = await harness.ask("ann", f"AUTHENTICATE {encoded(first) or '+'}")
    assert failed.startswith(
        "ann < :hubbub 904 ann :SASL authentication failed: The client's first message is not valid"
    )


async def test_scram_a_proof_for_another_exchange_fails(harness: ServerHarness) -> None:
    await harness.account("ann")
    await arriving(harness)
    client = ClientExchange("ann", "correct horse", "clientnonce")
    await harness.ask("ann", "AUTHENTICATE SCRAM-SHA-256")
    first = challenge(await harness.ask("ann", f"AUTHENTICATE {encoded(client.first())}"))
    stale = encoded(client.final(first))
    await harness.ask("ann", "AUTHENTICATE *")
    await harness.ask("ann", "AUTHENTICATE SCRAM-SHA-256")
    await harness.ask("ann", f"AUTHENTICATE {encoded(client.first())}")
    (failed,) = await harness.ask("ann", f"AUTHENTICATE {stale}")
    assert failed == (
        "ann < :hubbub 904 ann :SASL authentication failed: The client's proof is not valid: the nonce does not match."
    )


async def test_scram_whoever_has_to_wait_does_not_learn_what_fits(tmp_path: Path) -> None:
    """After failures the right proof is answered as the wrong one is: guessing is slowed down."""
    async with ServerHarness(tmp_path, {"limits.signin_failures": 1}) as harness:
        await harness.account("ann")
        await arriving(harness, "eve", address="192.0.2.7", secure=True)
        for _ in range(3):
            await scram(harness, "eve", "ann", "wrong")
        (wrong,) = (await scram(harness, "eve", "ann", "wrong"))[1]
        (right,) = (await scram(harness, "eve", "ann", "correct horse"))[1]
        assert wrong == right
        assert "SASL authentication failed: Too many attempts. Try again in " in right


async def test_a_banned_account_is_told_so_once_it_has_proved_itself(harness: ServerHarness) -> None:
    """902 is for an account that "is currently locked out, held, or otherwise … made unavailable"."""
    await harness.account("ann")
    harness.node.ask(KeepOut("ann", None, "spam"))
    await arriving(harness, "eve")
    await harness.ask("eve", "AUTHENTICATE PLAIN")
    (failed,) = await harness.ask("eve", f"AUTHENTICATE {PLAIN_ANN}")
    assert failed == (
        "eve < :hubbub 902 eve :SASL authentication failed: You are banned until the ban is lifted: spam"
    )
