"""The PROXY protocol: who really comes, as a proxy says it in either version; and from nobody else."""

import socket
import ssl
import struct

import pytest
import trustme

from hubbub.transports.admission import AdmissionLimits
from hubbub.transports.base import WireProtocol
from hubbub.transports.proxy_protocol import HEADER_BYTES_MAX, Header, NoProxyHeader, read_header
from tests.transports.listener_harness import LONG, call, open_listener, settle

SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"


def version_2(command: int, family: int, body: bytes) -> bytes:
    return SIGNATURE + struct.pack("!BBH", command, family, len(body)) + body


def tcp4(source: str, port: int, more: bytes = b"") -> bytes:
    addresses = socket.inet_aton(source) + socket.inet_aton("127.0.0.1")
    return version_2(0x21, 0x11, addresses + struct.pack("!HH", port, 12345) + more)


def tcp6(source: str, port: int) -> bytes:
    addresses = socket.inet_pton(socket.AF_INET6, source) + socket.inet_pton(socket.AF_INET6, "::1")
    return version_2(0x21, 0x21, addresses + struct.pack("!HH", port, 12345))


TLS_FIELD = b"\x01\x00\x02h2" + b"\x20\x00\x05\x01\x00\x00\x00\x00"
CLEAR_FIELD = b"\x20\x00\x05\x00\x00\x00\x00\x00"

HEADERS = {
    b"PROXY TCP4 198.51.100.3 127.0.0.1 56324 443\r\n": ("198.51.100.3", 56324, False),
    b"PROXY TCP6 2001:db8::7 ::1 65535 443\r\n": ("2001:db8::7", 65535, False),
    b"PROXY TCP6 ::ffff:198.51.100.3 ::1 1 443\r\n": ("198.51.100.3", 1, False),
    b"PROXY UNKNOWN\r\n": ("", 0, False),
    b"PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n": ("", 0, False),
    tcp4("198.51.100.3", 7): ("198.51.100.3", 7, False),
    tcp4("198.51.100.3", 7, TLS_FIELD): ("198.51.100.3", 7, True),
    tcp4("198.51.100.3", 7, CLEAR_FIELD): ("198.51.100.3", 7, False),
    tcp4("198.51.100.3", 7, b"\x20\x00\xff\x01"): ("198.51.100.3", 7, True),
    tcp6("2001:db8::7", 8): ("2001:db8::7", 8, False),
    version_2(0x20, 0x00, b""): ("", 0, False),
    version_2(0x20, 0x11, b"whatever it says here"): ("", 0, False),
    version_2(0x21, 0x31, bytes(216)): ("", 0, False),
    version_2(0x21, 0x00, b""): ("", 0, False),
}


@pytest.mark.parametrize("header", HEADERS)
def test_headers(header: bytes) -> None:
    """ "PROXY protocol", 2.1 and 2.2: whole with anything behind it, and not whole before its end."""
    address, port, secure = HEADERS[header]
    assert read_header(header + b"NICK ann\r\n") == Header(len(header), address, port, secure)
    assert [read_header(header[:length]) for length in range(len(header))] == [None] * len(header)


@pytest.mark.parametrize(
    "beginning",
    [
        b"NICK ann\r\n",
        b"PROXY TCP4 198.51.100.3 127.0.0.1 56324\r\n",
        b"PROXY TCP4 198.51.100.3 127.0.0.1 56324 443 1\r\n",
        b"PROXY TCP4 198.51.100.3 127.0.0.1 65536 443\r\n",
        b"PROXY TCP4 198.51.100.3 127.0.0.1 -1 443\r\n",
        b"PROXY TCP4 2001:db8::7 ::1 1 443\r\n",
        b"PROXY TCP6 198.51.100.3 127.0.0.1 1 443\r\n",
        b"PROXY TCP4 nowhere 127.0.0.1 1 443\r\n",
        b"PROXY UDP4 198.51.100.3 127.0.0.1 1 443\r\n",
        b"PROXY \r\n",
        b"PROXY TCP4 " + b" " * 200,
        b"PROXY UNKNOWN " + b"x" * 100 + b"\r\n",
        SIGNATURE + b"\x11\x11\x00\x00",
        SIGNATURE + b"\x22\x11\x00\x00",
        version_2(0x21, 0x11, b"short"),
        SIGNATURE + struct.pack("!BBH", 0x21, 0x11, HEADER_BYTES_MAX),
    ],
)
def test_what_is_no_header(beginning: bytes) -> None:
    with pytest.raises(NoProxyHeader):
        read_header(beginning)


def everybody(address: str) -> bool:
    return True


@pytest.mark.parametrize("header", [tcp4("198.51.100.3", 7), b"PROXY TCP4 198.51.100.3 127.0.0.1 7 443\r\n"])
async def test_who_comes_through_is_who_it_says(header: bytes) -> None:
    async with open_listener(is_proxy=everybody) as harness, call(harness) as caller:
        caller.say(header + b"NICK ann\r\n")
        receiver = await harness.receiver()
        await harness.hears(receiver, b"NICK ann\r\n")
        peer = receiver.connection.peer
        assert (peer.address, peer.port, peer.kind, peer.secure) == (
            "198.51.100.3",
            7,
            WireProtocol.IRC,
            False,
        )
        assert harness.admission.count("198.51.100.3") == 1 == harness.admission.total
    assert harness.admission.count("127.0.0.1") == 0


async def test_byte_by_byte() -> None:
    async with open_listener(is_proxy=everybody) as harness, call(harness) as caller:
        for byte in tcp6("2001:db8::7", 8) + b"hello\n":
            caller.say(bytes([byte]))
        receiver = await harness.receiver()
        await harness.hears(receiver, b"hello\n")
        assert receiver.connection.peer.address == "2001:db8::7"


async def test_tls_behind_the_header() -> None:
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    async with (
        open_listener(is_proxy=everybody, tls="auto", context=lambda: server) as harness,
        call(harness) as caller,
    ):
        caller.say(tcp4("198.51.100.3", 7))
        await caller.writer.start_tls(client, server_hostname="localhost")
        caller.say(b"NICK ann\r\n")
        receiver = await harness.receiver()
        assert (receiver.connection.peer.address, receiver.connection.peer.secure) == ("198.51.100.3", True)


async def test_tls_that_ends_at_the_proxy() -> None:
    async with open_listener(is_proxy=everybody) as harness, call(harness) as caller:
        caller.say(tcp4("198.51.100.3", 7, TLS_FIELD) + b"NICK ann\r\n")
        receiver = await harness.receiver()
        assert receiver.connection.peer.secure


async def test_the_proxy_itself_looks_whether_we_live() -> None:
    async with open_listener(is_proxy=everybody) as harness, call(harness) as caller:
        caller.say(version_2(0x20, 0x00, b"") + b"NICK ann\r\n")
        receiver = await harness.receiver()
        assert receiver.connection.peer.address == "127.0.0.1"


async def test_a_proxy_without_a_header_is_sent_away_and_the_log_says_so() -> None:
    async with open_listener(is_proxy=everybody) as harness, call(harness) as caller:
        caller.say(b"NICK ann\r\n")
        await caller.hears_the_end()
        await settle(lambda: harness.admission.total == 0)
        assert harness.receivers == []
        assert harness.reports == ["The proxy 127.0.0.1 does not speak the PROXY protocol. Configure it to."]


@pytest.mark.parametrize("words", [b"", b"PROXY TCP4 198", SIGNATURE])
async def test_a_header_that_never_ends(words: bytes) -> None:
    limits = AdmissionLimits(handshake_seconds=0.05, silence_seconds=LONG)
    async with open_listener(is_proxy=everybody, limits=limits) as harness, call(harness) as caller:
        caller.say(words)
        await caller.hears_the_end()
        await settle(lambda: harness.admission.total == 0)
        assert harness.receivers == []


async def test_hanging_up_in_the_middle() -> None:
    """What has come stays to be looked at: that nobody is there any more shows when the time is up."""
    limits = AdmissionLimits(handshake_seconds=0.05, silence_seconds=LONG)
    async with open_listener(is_proxy=everybody, limits=limits) as harness:
        async with call(harness) as caller:
            caller.say(b"PROXY TCP4")
        await settle(lambda: harness.admission.total == 0)


async def test_limits_are_for_where_people_really_are() -> None:
    limits = AdmissionLimits(connections_an_address=1, silence_seconds=LONG)
    async with (
        open_listener(
            is_proxy=everybody, exempt=lambda address: address == "127.0.0.1", limits=limits
        ) as harness,
        call(harness) as one,
        call(harness) as other,
        call(harness) as third,
    ):
        one.say(tcp4("198.51.100.3", 7) + b"NICK ann\r\n")
        (await harness.receiver()).connection.settled()
        third.say(tcp4("198.51.100.9", 7) + b"NICK bob\r\n")
        await harness.receiver(2)
        other.say(tcp4("198.51.100.3", 8) + b"NICK eve\r\n")
        await other.hears_the_end()
        assert harness.admission.total == 2


async def test_nobody_else_says_where_they_are() -> None:
    async with open_listener() as harness, call(harness) as caller:
        header = b"PROXY TCP4 198.51.100.3 127.0.0.1 7 443\r\n"
        caller.say(header)
        receiver = await harness.receiver()
        await harness.hears(receiver, header)
        assert receiver.connection.peer.address == "127.0.0.1"
