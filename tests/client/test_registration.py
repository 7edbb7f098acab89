"""Coming in, at servers that do what they should and at others: each line is written here."""

import base64

import pytest

from hubbub.client import events
from hubbub.client.client import Client
from hubbub.client.identity import Certificate, Identity, Password, Secret, Token
from hubbub.connection.chat_session import failure
from hubbub.wire.scram import ServerExchange, Stored, derive
from tests.client.client_harness import ClientHarness
from tests.server_harness import ServerHarness

LS = ":srv CAP * LS :sasl=PLAIN,SCRAM-SHA-256,OAUTHBEARER,EXTERNAL draft/account-registration server-time"


class Talk:
    """A client, and a server that is written by hand."""

    def __init__(self, identity: Identity, is_secure: bool = True) -> None:
        self.client = Client(identity, lambda: "fixed-nonce")
        self.client.opened(1000, is_secure=is_secure, is_private=is_secure)
        self.begun = self.sent()

    def sent(self) -> list[str]:
        return [line.decode().rstrip() for line in self.client.take_output()]

    def hear(self, *lines: str) -> list[str]:
        """The server says this; what the client answers."""
        self.client.received("".join(f"{line}\r\n" for line in lines).encode(), 2000)
        return self.sent()

    def events(self) -> list[events.Event]:
        return self.client.take_events()


def sasl(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_a_guest_at_a_modern_server() -> None:
    talk = Talk(Identity("ann"))
    assert talk.begun == ["CAP LS 302", "NICK ann", "USER ann 0 * ann"]
    assert talk.hear(":srv CAP * LS * :server-time multi-prefix") == []
    assert talk.hear(":srv CAP * LS :batch unknown/thing") == ["CAP REQ :batch multi-prefix server-time"]
    assert talk.hear(":srv CAP * ACK :batch multi-prefix server-time") == ["CAP END"]
    assert (
        "PING hubbub-1"
        in talk.hear(":srv 001 ann :Hi", ":srv 005 ann NETWORK=Here :x", ":srv 376 ann :End")[-1]
    )
    assert events.Welcomed("ann", again=False) in talk.events()
    assert talk.client.is_here and talk.client.server.network == "Here"


@pytest.mark.parametrize(
    ("offered", "asked"),
    [
        ("draft/metadata-2=max-subs=1 draft/metadata-3=max-subs=1", "draft/metadata-3"),
        ("draft/metadata-2", "draft/metadata-2"),
    ],
)
def test_of_two_drafts_the_newer_is_asked_for(offered: str, asked: str) -> None:
    """metadata-3: "clients prefer the newer", and ask "for one of the two, never both"."""
    talk = Talk(Identity("ann"))
    assert talk.hear(f":srv CAP * LS :{offered}") == [f"CAP REQ {asked}"]
    talk.hear(f":srv CAP * ACK :{asked}")
    assert talk.client.server.keeps_metadata


def test_an_older_draft_that_comes_later_is_left_alone() -> None:
    talk = Talk(Identity("ann"))
    talk.hear(":srv CAP * LS :draft/metadata-3", ":srv CAP * ACK :draft/metadata-3")
    assert talk.hear(":srv CAP ann NEW :draft/metadata-2") == []


def test_a_server_that_knows_no_capabilities() -> None:
    talk = Talk(Identity("ann"))
    assert talk.hear(":srv 421 ann CAP :Unknown command", ":srv 001 ann :Hi", ":srv 422 ann :No motd") != []
    assert talk.client.is_here


def test_a_password_is_not_for_a_server_without_accounts() -> None:
    talk = Talk(Identity("ann", Password("secret")))
    talk.hear(":srv 001 ann :Hi", ":srv 422 ann :No motd")
    assert any(isinstance(event, events.SignInFailed) for event in talk.events())
    assert talk.client.is_closing and not talk.client.is_here


@pytest.mark.parametrize(
    ("secret", "mechanism", "response"),
    [
        (Token("t0ken"), "OAUTHBEARER", sasl("n,a=ann,\x01auth=Bearer t0ken\x01\x01")),
        (Certificate(), "EXTERNAL", sasl("ann")),
    ],
)
def test_mechanisms(secret: Secret, mechanism: str, response: str) -> None:
    talk = Talk(Identity("ann", secret))
    assert talk.hear(LS) == ["CAP REQ :draft/account-registration sasl server-time"]
    assert talk.hear(":srv CAP * ACK :draft/account-registration sasl server-time") == [
        f"AUTHENTICATE {mechanism}"
    ]
    assert talk.hear("AUTHENTICATE +") == [f"AUTHENTICATE {response}"]
    assert talk.hear(":srv 900 ann ann!u@h ann :You are", ":srv 903 ann :ok") == ["CAP END"]
    assert talk.client.account == "ann"


def to_scram(talk: Talk) -> None:
    talk.hear(LS)
    assert talk.hear(":srv CAP * ACK :sasl draft/account-registration server-time") == [
        "AUTHENTICATE SCRAM-SHA-256"
    ]


def test_scram_is_preferred_and_proves_both_sides() -> None:
    talk = Talk(Identity("ann", Password("pencil")))
    to_scram(talk)
    server = ServerExchange("server-nonce")
    (first,) = talk.hear("AUTHENTICATE +")
    server.read_name(base64.b64decode(first.split()[1]))
    challenge = server.first(Stored.parse(derive("pencil", b"salt", 4096)))
    (final,) = talk.hear(f"AUTHENTICATE {base64.b64encode(challenge).decode()}")
    signature = server.final(base64.b64decode(final.split()[1]))
    assert server.proved
    assert talk.hear(f"AUTHENTICATE {base64.b64encode(signature).decode()}") == ["AUTHENTICATE +"]
    assert talk.hear(":srv 903 ann :ok") == ["CAP END"]


@pytest.mark.parametrize(
    "answer", [sasl("v=AAAA"), sasl("r=other,s=c2FsdA==,i=4096"), "%%%", sasl("nonsense")]
)
def test_a_server_that_does_not_prove_itself_is_left(answer: str) -> None:
    talk = Talk(Identity("ann", Password("pencil")))
    to_scram(talk)
    talk.hear("AUTHENTICATE +")
    assert talk.hear(f"AUTHENTICATE {answer}")[:1] == ["AUTHENTICATE *"]
    assert talk.client.is_closing


def test_success_without_a_signature_is_none() -> None:
    talk = Talk(Identity("ann", Password("pencil")))
    to_scram(talk)
    talk.hear("AUTHENTICATE +")
    assert "CAP END" not in talk.hear(":srv 903 ann :ok")
    assert any(isinstance(event, events.SignInFailed) for event in talk.events())


def test_another_mechanism_where_scram_is_not_taken() -> None:
    talk = Talk(Identity("ann", Password("pencil")))
    talk.hear(":srv CAP * LS :sasl")
    assert talk.hear(":srv CAP * ACK :sasl") == ["AUTHENTICATE SCRAM-SHA-256"]
    assert talk.hear(":srv 908 ann PLAIN,EXTERNAL :are available") == ["AUTHENTICATE PLAIN"]
    assert talk.hear("AUTHENTICATE +") == [f"AUTHENTICATE {sasl(chr(0).join(('ann', 'ann', 'pencil')))}"]
    assert talk.hear(":srv 904 ann :No") == [] and talk.client.is_closing


def test_the_failure_of_a_mechanism_that_another_takes_the_place_of_is_not_told() -> None:
    talk = Talk(Identity("ann", Password("pencil")))
    to_scram(talk)
    assert talk.hear("AUTHENTICATE +") != []
    answers = talk.hear(":srv 908 ann PLAIN,EXTERNAL :are available", ":srv 904 ann :SASL failed")
    assert answers == ["AUTHENTICATE PLAIN"] and not talk.client.is_closing
    assert talk.hear("AUTHENTICATE +", ":srv 903 ann :ok")[-1] == "CAP END"
    assert not any(isinstance(event, events.SignInFailed) for event in talk.events())


def test_a_client_that_is_a_part_of_the_server_says_the_password() -> None:
    talk = Talk(Identity("ann", Password("pencil", is_said=True)))
    talk.hear(":srv CAP * LS :sasl=PLAIN,SCRAM-SHA-256")
    assert talk.hear(":srv CAP * ACK :sasl") == ["AUTHENTICATE PLAIN"]


def test_a_wrong_password_is_told_once_and_nothing_is_tried_again() -> None:
    talk = Talk(Identity("ann", Password("pencil")))
    to_scram(talk)
    talk.hear("AUTHENTICATE +", ":srv 904 ann :SASL authentication failed")
    failures = [event for event in talk.events() if isinstance(event, events.SignInFailed)]
    assert failures == [events.SignInFailed("SASL authentication failed")]
    assert talk.client.is_closing


def test_no_secret_goes_out_in_clear() -> None:
    for registers in (False, True):
        talk = Talk(Identity("ann", Password("pencil"), registers=registers), is_secure=False)
        talk.hear(LS)
        assert talk.hear(":srv CAP * ACK :sasl draft/account-registration server-time") == []
        assert talk.client.is_closing


def test_a_challenge_of_nothing_ends_an_exchange_that_has_begun() -> None:
    """Nothing begins anew: who says nothing where the proof has to come would be told the first part again."""
    for nothing in ("AUTHENTICATE :", "AUTHENTICATE +"):
        talk = Talk(Identity("ann", Password("pencil")))
        to_scram(talk)
        assert len(talk.hear("AUTHENTICATE +")) == 1
        assert talk.hear(nothing) == ["AUTHENTICATE *"]
        assert talk.client.is_closing
        assert any(isinstance(event, events.SignInFailed) for event in talk.events())


def test_a_mechanism_that_may_be_unknown_gives_way_to_a_password_over_tls() -> None:
    """A server of which only the capability is known may answer 904 without 908."""
    for challenged in (False, True):
        talk = Talk(Identity("ann", Password("pencil")))
        talk.hear(":srv CAP * LS :sasl")
        assert talk.hear(":srv CAP * ACK :sasl") == ["AUTHENTICATE SCRAM-SHA-256"]
        if challenged:
            assert len(talk.hear("AUTHENTICATE +")) == 1
        assert talk.hear(":srv 904 ann :SASL authentication failed") == ["AUTHENTICATE PLAIN"]
        assert talk.hear("AUTHENTICATE +") == [f"AUTHENTICATE {sasl(chr(0).join(('ann', 'ann', 'pencil')))}"]
        assert talk.hear(":srv 904 ann :No") == [] and talk.client.is_closing


def test_a_server_that_knows_scram_is_not_told_the_password_where_that_is_wrong() -> None:
    talk = Talk(Identity("ann", Password("guessed")))
    talk.hear(":srv CAP * LS :sasl", ":srv CAP * ACK :sasl")
    server = ServerExchange("server-nonce")
    (first,) = talk.hear("AUTHENTICATE +")
    server.read_name(base64.b64decode(first.split()[1]))
    challenge = server.first(Stored.parse(derive("pencil", b"salt", 4096)))
    talk.hear(f"AUTHENTICATE {base64.b64encode(challenge).decode()}")
    assert talk.hear(":srv 904 ann :No") == [] and talk.client.is_closing


def test_what_is_said_behind_the_end_is_not_heard() -> None:
    """The reason for leaving is the one that was first, as the way to TLS is."""
    talk = Talk(Identity("ann"), is_secure=False)
    assert talk.hear(":srv CAP * LS :sts=port=6697,duration=10", "ERROR :Use TLS") == []
    assert talk.events() == [events.TlsRequired(6697)]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("433 * ann :Nickname is already in use", "Username already taken. Please choose another one."),
        ("432 * ann :Erroneous nickname", "Erroneous nickname. Choose another name."),
        ("432 * ann :Names are of letters. Choose another one.", "Names are of letters. Choose another one."),
    ],
)
def test_why_a_nickname_is_refused_is_said_once(line: str, sentence: str) -> None:
    for secret in (None, Password("pencil")):
        talk = Talk(Identity("ann", secret, registers=secret is not None))
        lines = talk.hear(f":srv {line}", ":srv CAP * LS :draft/account-registration")
        lines += talk.hear(":srv CAP * ACK :draft/account-registration")
        (refused,) = (event for event in talk.events() if isinstance(event, events.NicknameRefused))
        assert failure(refused) == refused.reason == sentence
        assert not any(line.startswith("REGISTER") for line in lines), "the server would say: NEED_NICK"


def test_long_responses_go_in_pieces() -> None:
    """ "If the last chunk is exactly 400 bytes, it must be followed by" an empty one."""
    for length in (276, 277, 600):
        token = "x" * length
        talk = Talk(Identity("ann", Token(token)))
        talk.hear(LS, ":srv CAP * ACK :sasl draft/account-registration server-time")
        pieces = [line.removeprefix("AUTHENTICATE ") for line in talk.hear("AUTHENTICATE +")]
        assert all(len(piece) == 400 for piece in pieces[:-1]) and len(pieces[-1]) < 400
        whole = "".join(piece for piece in pieces if piece != "+")
        assert token in base64.b64decode(whole).decode()


def test_making_an_account() -> None:
    talk = Talk(Identity("ann", Password("pencil"), registers=True))
    talk.hear(LS)
    assert talk.hear(":srv CAP * ACK :sasl draft/account-registration server-time") == [
        "REGISTER ann * pencil"
    ]
    lines = (":srv 900 ann ann!u@h ann :You are", ":srv REGISTER SUCCESS ann :Made")
    assert talk.hear(*lines) == ["CAP END"]
    assert events.Registered("ann", "Made", is_ready=True) in talk.events()


def test_an_account_that_is_not_made() -> None:
    talk = Talk(Identity("ann", Password("pencil"), registers=True))
    talk.hear(LS, ":srv CAP * ACK :sasl draft/account-registration server-time")
    talk.hear(":srv FAIL REGISTER ACCOUNT_EXISTS ann :Taken")
    assert events.RegistrationFailed("Taken") in talk.events() and talk.client.is_closing


def test_nicknames_that_are_taken() -> None:
    bot = Talk(Identity("ann", varies=True))
    bot.hear(":srv CAP * LS :server-time", ":srv CAP * ACK :server-time")
    assert bot.hear(":srv 433 * ann :In use") == ["NICK ann_"]
    assert bot.hear(":srv 433 * ann_ :In use") == ["NICK ann__"]
    person = Talk(Identity("ann"))
    person.hear(":srv CAP * LS :", ":srv 433 * ann :In use")
    taken = "Username already taken. Please choose another one."
    assert events.NicknameRefused("ann", taken) in person.events()
    person.client.take_nick("anna")
    assert person.sent() == ["NICK anna"]


def test_ones_own_nickname_is_taken_again_once_it_is_proved() -> None:
    talk = Talk(Identity("ann", Token("t")))
    talk.hear(
        LS,
        ":srv 433 * ann :Belongs to an account",
        ":srv CAP * ACK :sasl draft/account-registration server-time",
    )
    talk.hear("AUTHENTICATE +")
    assert talk.hear(":srv 900 * ann!u@h ann :You are", ":srv 903 * :ok") == ["NICK ann", "CAP END"]


def test_sts_upgrades_and_is_kept() -> None:
    plain = Talk(Identity("ann"), is_secure=False)
    assert plain.hear(":srv CAP * LS :sts=port=6697,duration=10 server-time") == []
    assert plain.events() == [events.TlsRequired(6697)] and plain.client.is_closing
    secure = Talk(Identity("ann"))
    secure.hear(":srv CAP * LS :sts=duration=3600,port=6697")
    assert secure.events() == [events.TlsPromised(3600)]
    for value in ("sts", "sts=", "sts=port=0", "sts=port=x", "sts=port=99999"):
        odd = Talk(Identity("ann"), is_secure=False)
        odd.hear(f":srv CAP * LS :{value}")
        assert not odd.client.is_closing


def test_capabilities_come_and_go() -> None:
    talk = Talk(Identity("ann"))
    talk.hear(
        ":srv CAP * LS :server-time", ":srv CAP * ACK :server-time", ":srv 001 ann :Hi", ":srv 422 ann :x"
    )
    assert talk.hear(":srv CAP ann NEW :batch unknown") == ["CAP REQ batch"]
    talk.hear(":srv CAP ann ACK :batch")
    assert talk.client.server.has("batch")
    talk.hear(":srv CAP ann DEL :batch")
    assert not talk.client.server.has("batch")


def test_what_is_refused_is_not_enabled() -> None:
    talk = Talk(Identity("ann"))
    talk.hear(":srv CAP * LS :server-time batch")
    assert talk.hear(":srv CAP * NAK :server-time batch") == ["CAP END"]
    assert not talk.client.server.enabled


@pytest.mark.parametrize("secret", [None, Password("correct horse")])
async def test_a_name_of_two_words_is_refused_at_once(
    harness: ServerHarness, secret: Password | None
) -> None:
    """It could not be said to the server, and nobody waits for its answer."""
    user = ClientHarness(harness, Identity("Maria Rossi", secret, registers=secret is not None))
    user.connect()
    (refused,) = user.seen(events.NicknameRefused)
    assert isinstance(refused, events.NicknameRefused) and "contain spaces" in refused.reason
    assert user.client.is_closing
