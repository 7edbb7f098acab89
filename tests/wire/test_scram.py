"""SCRAM-SHA-256: RFC 7677's example, both sides against each other, and exchanges that are none."""

import base64

import pytest

from hubbub.wire.scram import ClientExchange, ScramError, ServerExchange, Stored, derive

# RFC 7677, section 3: the example exchange.
SALT = base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
CLIENT_NONCE = "rOprNGfwEbeRWgbNEkqO"
SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
SERVER_FIRST = f"r={CLIENT_NONCE}{SERVER_NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096".encode()
CLIENT_FINAL = (
    f"c=biws,r={CLIENT_NONCE}{SERVER_NONCE},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=".encode()
)
SERVER_FINAL = b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


def test_the_servers_side_of_the_example() -> None:
    server = ServerExchange(SERVER_NONCE)
    assert server.read_name(f"n,,n=user,r={CLIENT_NONCE}".encode()) == "user"
    assert server.first(Stored.parse(derive("pencil", SALT, 4096))) == SERVER_FIRST
    assert server.final(CLIENT_FINAL) == SERVER_FINAL
    assert server.proved


def test_the_clients_side_of_the_example() -> None:
    client = ClientExchange("user", "pencil", CLIENT_NONCE)
    assert client.first() == f"n,,n=user,r={CLIENT_NONCE}".encode()
    assert client.final(SERVER_FIRST) == CLIENT_FINAL
    assert client.accepts(SERVER_FINAL)
    assert not client.accepts(b"v=AAAA") and not client.accepts(b"e=other-error")


def test_a_wrong_password_is_not_proved() -> None:
    server, client = ServerExchange("server"), ClientExchange("an=n,", "wrong", "client")
    assert server.read_name(client.first()) == "an=n,"
    server.final(client.final(server.first(Stored.parse(derive("right", SALT, 4096)))))
    assert not server.proved


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"n",
        b"n,,",
        b"n,,n=,r=x",
        b"n,,n=ann",
        b"p=tls-unique,,n=ann,r=x",
        b"\xff",
        b"n,b,n=ann,r=x",
        b"n,a=bob,n=ann,r=x",
    ],
)
def test_a_first_message_that_is_none_is_refused(first: bytes) -> None:
    with pytest.raises(ScramError):
        ServerExchange("nonce").read_name(first)


@pytest.mark.parametrize(
    "final",
    [
        b"",
        b"c=biws,r=clientserver",
        b"c=biws,r=other,p=AAAA",
        b"c=AAAA,r=clientserver,p=AAAA",
        b"c=biws,r=clientserver,p=AAAA",
        b"c=biws,r=clientserver,p=!!!!",
        b"\xff",
    ],
)
def test_a_proof_that_is_none_is_refused(final: bytes) -> None:
    server = ServerExchange("server")
    server.read_name(b"n,,n=ann,r=client")
    server.first(Stored.parse(derive("right", SALT, 4096)))
    with pytest.raises(ScramError):
        server.final(final)
    assert not server.proved


def test_a_server_that_asks_for_endless_work_is_refused() -> None:
    for iterations in ("0", "-1", "x", "99999999999", "9" * 5000, ""):
        with pytest.raises(ScramError):
            ClientExchange("ann", "pw", "client").final(f"r=clientserver,s=AAAA,i={iterations}".encode())


def test_acting_for_oneself_is_acting_for_nobody_else() -> None:
    server = ServerExchange("server")
    assert server.read_name(b"y,a=ann,n=ann,r=client") == "ann"


@pytest.mark.parametrize(
    "text", ["", "SCRAM-SHA-256$4096:AAAA", "a$b:c$d:e", "SCRAM-SHA-256$4096:!$AAAA:AAAA"]
)
def test_what_is_stored_wrongly_is_not_read(text: str) -> None:
    with pytest.raises(ScramError):
        Stored.parse(text)
