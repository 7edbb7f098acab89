"""TLS on the port that everybody comes to."""

import asyncio
import hashlib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import pytest
import trustme

from hubbub.transports.admission import AdmissionLimits
from hubbub.transports.base import SUPERSEDED, WireProtocol
from hubbub.transports.stream_connection import StreamConnection
from hubbub.transports.tls_channel import remember_names
from tests.transports.listener_harness import LONG, call, dial, open_doorway, settle

AT_ONCE = AdmissionLimits(silence_seconds=0.0)

VANISHING = (
    (socket.TCP_KEEPIDLE, 60),
    (socket.TCP_KEEPINTVL, 15),
    (socket.TCP_KEEPCNT, 4),
    (socket.TCP_USER_TIMEOUT, 120_000),
)


@dataclass
class Keys:
    """Both ends' side of TLS."""

    authority: trustme.CA
    server: ssl.SSLContext
    client: ssl.SSLContext

    def context(self) -> ssl.SSLContext:
        return self.server


@pytest.fixture
def keys() -> Iterator[Keys]:
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "chat.test").configure_cert(server)
    server.set_alpn_protocols(["irc", "http/1.1"])
    remember_names(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    yield Keys(authority, server, client)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (b"NICK ann\r\n", WireProtocol.IRC),
        (b"GET / HTTP/1.1\r\n", WireProtocol.HTTP),
        (b"hello\n", WireProtocol.NETCAT),
    ],
)
async def test_the_first_words_inside_decide(keys: Keys, words: bytes, kind: WireProtocol) -> None:
    async with (
        open_doorway(tls="auto", context=keys.context) as doorway,
        call(doorway, keys.client) as caller,
    ):
        caller.say(words)
        guest = await doorway.guest()
        await doorway.hears(guest, words)
        peer = guest.connection.peer
        assert (peer.kind, peer.secure, peer.server_name) == (kind, True, "localhost")
        guest.connection.write(b"Hello.\n")
        await caller.hears(b"Hello.\n")
        assert (doorway.admission.total, doorway.admission.unrecognised) == (1, 0)


async def test_words_inside_may_come_byte_by_byte(keys: Keys) -> None:
    async with (
        open_doorway(tls="auto", context=keys.context) as doorway,
        call(doorway, keys.client) as caller,
    ):
        for byte in b"NICK ann\r\n":
            caller.say(bytes([byte]))
            await asyncio.sleep(0)
        guest = await doorway.guest()
        await doorway.hears(guest, b"NICK ann\r\n")
        assert guest.kind is WireProtocol.IRC


@pytest.mark.parametrize(("protocol", "kind"), [("irc", WireProtocol.IRC), ("http/1.1", WireProtocol.HTTP)])
async def test_the_handshake_may_decide(keys: Keys, protocol: str, kind: WireProtocol) -> None:
    keys.client.set_alpn_protocols(["h2", protocol])
    async with open_doorway(tls="auto", context=keys.context) as doorway, call(doorway, keys.client):
        assert (await doorway.guest()).kind is kind


async def test_the_name_that_was_asked_for_is_kept(keys: Keys) -> None:
    keys.client.set_alpn_protocols(["irc"])
    async with (
        open_doorway(tls="auto", context=keys.context) as doorway,
        call(doorway, keys.client, name="chat.test"),
    ):
        assert (await doorway.guest()).connection.peer.server_name == "chat.test"


async def test_a_clients_certificate_is_kept(keys: Keys) -> None:
    keys.server.verify_mode = ssl.CERT_OPTIONAL
    keys.authority.configure_trust(keys.server)
    certificate = keys.authority.issue_cert("ann")
    certificate.configure_cert(keys.client)
    pem = certificate.cert_chain_pems[0].bytes().decode()
    fingerprint = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    async with (
        open_doorway(tls="auto", context=keys.context) as doorway,
        call(doorway, keys.client) as caller,
    ):
        caller.say(b"NICK ann\r\n")
        assert (await doorway.guest()).connection.peer.fingerprint == fingerprint


async def test_silence_inside_is_a_person(keys: Keys) -> None:
    async with (
        open_doorway(
            tls="auto", context=keys.context, limits=AdmissionLimits(silence_seconds=0.05)
        ) as doorway,
        call(doorway, keys.client) as caller,
    ):
        guest = await doorway.guest()
        guest.connection.write(b"Who are you?\n")
        await caller.hears(b"Who are you?\n")
        assert doorway.admission.unrecognised == 1
        caller.say(b"ann\n")
        await doorway.hears(guest, b"ann\n")
        assert (guest.kind, len(doorway.guests), doorway.admission.unrecognised) == (
            WireProtocol.NETCAT,
            1,
            0,
        )


async def test_a_slow_client_inside_is_accepted_anew(keys: Keys) -> None:
    async with (
        open_doorway(tls="only", context=keys.context, limits=AT_ONCE) as doorway,
        call(doorway, keys.client) as caller,
    ):
        guess = await doorway.guest()
        caller.say(b"NICK ann\r\n")
        guest = await doorway.guest(2)
        await doorway.hears(guest, b"NICK ann\r\n")
        assert (guess.kind, guess.ends, guest.kind) == (WireProtocol.NETCAT, [SUPERSEDED], WireProtocol.IRC)


async def test_a_slow_handshake_still_finds_tls(keys: Keys) -> None:
    async with open_doorway(tls="auto", context=keys.context, limits=AT_ONCE) as doorway:
        sock = dial(doorway)
        guess = await doorway.guest()
        _, writer = await asyncio.open_connection(sock=sock, ssl=keys.client, server_hostname="localhost")
        writer.write(b"NICK ann\r\n")
        await doorway.until(lambda: [guest for guest in doorway.guests if guest.kind is WireProtocol.IRC])
        guest = doorway.guests[-1]
        await doorway.hears(guest, b"NICK ann\r\n")
        assert (guess.connection.peer.secure, guess.ends) == (False, [SUPERSEDED])
        assert (guest.connection.peer.secure, doorway.admission.total) == (True, 1)
        writer.transport.abort()


async def test_plain_words_pass_beside_tls(keys: Keys) -> None:
    async with open_doorway(tls="auto", context=keys.context) as doorway, call(doorway) as caller:
        caller.say(b"NICK ann\r\n")
        assert not (await doorway.guest()).connection.peer.secure


async def test_a_port_with_tls_only_turns_plain_words_away(keys: Keys) -> None:
    async with open_doorway(tls="only", context=keys.context, kinds=(WireProtocol.IRC,)) as doorway:
        async with call(doorway) as caller:
            caller.say(b"NICK ann\r\n")
            assert b"NICK" not in await caller.hears_the_end()
        await settle(lambda: doorway.admission.total == 0)
        async with call(doorway, keys.client):
            guest = await doorway.guest()
        assert (guest.kind, guest.connection.peer.secure) == (WireProtocol.IRC, True)


async def test_garbage_instead_of_a_handshake_ends_it(keys: Keys) -> None:
    async with open_doorway(tls="auto", context=keys.context) as doorway, call(doorway) as caller:
        caller.say(b"\x16\x03\x01\x00\x05garbage garbage")
        await caller.hears_the_end()
        await settle(lambda: doorway.admission.total == 0)
        assert (doorway.guests, doorway.admission.unrecognised) == ([], 0)


@pytest.mark.parametrize("words", [b"\x16", b"\x16\x03\x01\x02\x00\x01\x00"])
async def test_half_a_handshake_runs_out_of_time(keys: Keys, words: bytes) -> None:
    limits = AdmissionLimits(silence_seconds=LONG, handshake_seconds=0.05)
    async with (
        open_doorway(tls="auto", context=keys.context, limits=limits) as doorway,
        call(doorway) as caller,
    ):
        caller.say(words)
        assert await caller.hears_the_end() == b""
        await settle(lambda: doorway.admission.total == 0)


async def test_a_hang_up_during_the_handshake_ends_it(keys: Keys) -> None:
    async with open_doorway(tls="auto", context=keys.context) as doorway:
        async with call(doorway) as caller:
            caller.say(b"\x16\x03\x01")
            await settle(lambda: doorway.admission.total == 1)
        await settle(lambda: doorway.admission.total == 0)


async def test_half_a_handshake_makes_room_for_others(keys: Keys) -> None:
    limits = AdmissionLimits(silence_seconds=LONG, unrecognised_connections=1)
    async with (
        open_doorway(tls="auto", context=keys.context, limits=limits) as doorway,
        call(doorway) as slow,
    ):
        slow.say(b"\x16\x03\x01")
        await settle(lambda: doorway.admission.total == 1)
        async with call(doorway, keys.client) as caller:
            caller.say(b"NICK ann\r\n")
            await doorway.guest()
            assert await slow.hears_the_end() == b""
            await settle(lambda: doorway.admission.total == 1)


async def test_silence_inside_makes_room_for_others(keys: Keys) -> None:
    limits = AdmissionLimits(silence_seconds=LONG, unrecognised_connections=1)
    async with (
        open_doorway(tls="auto", context=keys.context, limits=limits) as doorway,
        call(doorway, keys.client) as silent,
        call(doorway) as caller,
    ):
        caller.say(b"NICK ann\r\n")
        await doorway.guest()
        assert await silent.hears_the_end() == b""


async def test_half_a_word_inside_and_an_end(keys: Keys) -> None:
    async with (
        open_doorway(tls="auto", context=keys.context) as doorway,
        call(doorway, keys.client) as caller,
    ):
        caller.say(b"NI")
        await caller.writer.drain()
        caller.writer.close()
        guest = await doorway.guest()
        await doorway.until(lambda: guest.ends)
        assert (guest.heard, guest.ends) == (b"NI", [None])


async def test_an_end_inside_without_a_word(keys: Keys) -> None:
    async with open_doorway(tls="auto", context=keys.context) as doorway:
        async with call(doorway, keys.client) as caller:
            caller.writer.close()
            await settle(lambda: doorway.admission.total == 0)
        assert doorway.guests == []


async def test_closing_inside_sends_what_is_queued(keys: Keys) -> None:
    async with (
        open_doorway(tls="auto", context=keys.context) as doorway,
        call(doorway, keys.client) as caller,
    ):
        caller.say(b"hello\n")
        guest = await doorway.guest()
        await doorway.hears(guest, b"hello\n")
        guest.connection.write(bytes(1_000_000))
        guest.connection.close()
        assert len(await caller.hears_the_end()) == 1_000_000
        await doorway.until(lambda: guest.ends)
        assert guest.ends == [None]


async def test_a_reader_inside_who_never_reads_is_cut_off(keys: Keys) -> None:
    limits = AdmissionLimits(silence_seconds=LONG, close_seconds=0.02, linger_seconds=0.01)
    async with (
        open_doorway(tls="auto", context=keys.context, limits=limits) as doorway,
        call(doorway, keys.client) as caller,
    ):
        caller.say(b"hello\n")
        guest = await doorway.guest()
        caller.writer.transport.pause_reading()  # type: ignore[attr-defined]
        while guest.connection.queued_bytes < 1_000_000:
            guest.connection.write(bytes(100_000))
            await asyncio.sleep(0)
        guest.connection.close()
        await doorway.until(lambda: guest.ends)
        assert guest.ends == ["The peer did not accept its data."]


async def test_a_bug_inside_costs_one_peer(keys: Keys) -> None:
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, what: told.append(what.get("exception")))
    async with (
        open_doorway(tls="auto", context=keys.context) as doorway,
        call(doorway, keys.client) as caller,
        call(doorway, keys.client) as other,
    ):
        caller.say(b"hello\n")
        other.say(b"hello\n")
        guest = await doorway.guest(2)
        doorway.stumble_on = b"fall\n"
        caller.say(b"fall\n")
        await doorway.until(lambda: [guest for guest in doorway.guests if guest.ends])
        (fallen,) = [guest for guest in doorway.guests if guest.ends]
        assert fallen.ends == ["The connection failed."]
        other.say(b"still here\n")
        (guest,) = [guest for guest in doorway.guests if not guest.ends]
        await doorway.hears(guest, b"hello\nstill here\n")
        assert [type(error) for error in told] == [ZeroDivisionError]


@pytest.mark.parametrize("secure", [False, True])
async def test_a_peer_that_vanishes_or_hurries_is_provided_for(keys: Keys, secure: bool) -> None:
    """Whether something is on its way to it (RFC 5482) or nothing: after two minutes it is known to be gone."""
    client = keys.client if secure else None
    async with open_doorway(tls="auto", context=keys.context) as doorway, call(doorway, client) as caller:
        caller.say(b"hello\n")
        connection = (await doorway.guest()).connection
        sock = cast(asyncio.Transport, cast(StreamConnection, connection)._channel).get_extra_info("socket")
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        for option, value in VANISHING:
            assert sock.getsockopt(socket.IPPROTO_TCP, option) == value


@pytest.mark.parametrize("secure", [False, True])
async def test_an_aborted_connection_takes_every_call(keys: Keys, secure: bool) -> None:
    client = keys.client if secure else None
    async with open_doorway(tls="auto", context=keys.context) as doorway, call(doorway, client) as caller:
        caller.say(b"hello\n")
        guest = await doorway.guest()
        guest.connection.write(bytes(5_000_000))
        for _ in range(2):
            guest.connection.abort()
            assert guest.connection.queued_bytes >= 0
            guest.connection.write(b"too late")
            guest.connection.pause_reading()
            guest.connection.resume_reading()
            guest.connection.close()
            await doorway.until(lambda: guest.ends)
        assert guest.ends == [None]
        assert guest.connection.queued_bytes == 0


@pytest.mark.parametrize("secure", [False, True])
async def test_closing_a_peer_that_vanished_is_harmless(keys: Keys, secure: bool) -> None:
    client = keys.client if secure else None
    async with open_doorway(tls="auto", context=keys.context) as doorway, call(doorway, client) as caller:
        caller.say(b"hello\n")
        guest = await doorway.guest()
        caller.hang_up()
        for _ in range(5):
            guest.connection.write(bytes(1_000_000))
        guest.connection.resume_reading()
        guest.connection.close()
        await doorway.until(lambda: guest.ends)
        assert len(guest.ends) == 1


async def test_a_silent_peer_with_an_untaken_greeting_is_no_tls_client(keys: Keys) -> None:
    greeting = bytes(8_000_000)
    async with open_doorway(tls="auto", context=keys.context, limits=AT_ONCE, greeting=greeting) as doorway:
        with dial(doorway) as sock:
            guest = await doorway.guest()
            assert guest.connection.queued_bytes > 0
            await settle(lambda: doorway.admission.unrecognised == 0)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01" + bytes(3) + bytes(4))
        await doorway.until(lambda: guest.ends)
        assert len(guest.ends) == 1
