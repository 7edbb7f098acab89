"""How each protocol begins."""

import pytest

from hubbub.transports.protocol_signatures import LOOK_BYTES, Opening, recognise

BEGINNINGS = [
    (b"\x16\x03\x01", Opening.TLS),
    (b"SSH-2.0-OpenSSH_9.2", Opening.SSH),
    (b"ssh-2.0", Opening.OTHER),
    (b"GET / HTTP/1.1\r\n", Opening.HTTP),
    (b"OPTIONS * HTTP/1.1\r\n", Opening.HTTP),
    (b"POST /hooks/1 HTTP/1.1\r\n", Opening.HTTP),
    (b"GET lost\n", Opening.OTHER),
    (b"get / \n", Opening.OTHER),
    (b"CAP LS 302\r\n", Opening.IRC),
    (b"nick ann\r\n", Opening.IRC),
    (b"Pass secret\r\n", Opening.IRC),
    (b"USER ann 0 * :Ann\r\n", Opening.IRC),
    (b"QUIT\n", Opening.IRC),
    (b"PING\r\n", Opening.IRC),
    (b"WEBIRC a b c d\r\n", Opening.IRC),
    (b"@label=1 CAP LS\r\n", Opening.IRC),
    (b":ann NICK ann\r\n", Opening.IRC),
    (b"@a=b :ann  NICK ann\r\n", Opening.IRC),
    (b"@bob hello\n", Opening.OTHER),
    (b"@bob GET /\n", Opening.OTHER),
    (b"@bob SSH-2.0\n", Opening.OTHER),
    (b"@bob\n", Opening.OTHER),
    (b"@ NICK ann\n", Opening.OTHER),
    (b":) hello\n", Opening.OTHER),
    (b"usermax\n", Opening.OTHER),
    (b"passenger\n", Opening.OTHER),
    (b"capital\n", Opening.OTHER),
    (b"register ann secret\n", Opening.OTHER),
    (b"login ann secret\n", Opening.OTHER),
    (b"hello\n", Opening.OTHER),
    (b"?list\n", Opening.OTHER),
    (b"\n", Opening.OTHER),
    (b"\xff\x00", Opening.OTHER),
]


@pytest.mark.parametrize(("beginning", "opening"), BEGINNINGS)
def test_a_beginning_tells_what_speaks(beginning: bytes, opening: Opening) -> None:
    assert recognise(beginning) is opening


@pytest.mark.parametrize(("beginning", "opening"), BEGINNINGS)
def test_no_part_of_a_beginning_is_taken_for_something_else(beginning: bytes, opening: Opening) -> None:
    for length in range(len(beginning)):
        assert recognise(beginning[:length]) in (Opening.UNDECIDED, opening)


@pytest.mark.parametrize(
    "beginning", [b"", b"N", b"nick", b"GET", b"GET ", b"S", b"@time=1", b"@a :b", b":a "]
)
def test_a_part_that_fits_something_is_undecided(beginning: bytes) -> None:
    assert recognise(beginning) is Opening.UNDECIDED


def test_endless_tags_are_nobodys() -> None:
    tags = b"@" + b"a" * LOOK_BYTES
    assert recognise(tags[: LOOK_BYTES - 1]) is Opening.UNDECIDED
    assert recognise(tags[:LOOK_BYTES]) is Opening.OTHER
