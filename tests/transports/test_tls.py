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
from tests.transports.listener_harness import LONG, call, dial, open_listener, settle

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
        open_listener(tls="auto", context=keys.context) as harness,
        call(harness, keys.client) as caller,
    ):
        caller.say(words)
        receiver = await harness.receiver()
        await harness.hears(receiver, words)
        peer = receiver.connection.peer
        assert (peer.kind, peer.secure, peer.server_name) == (kind, True, "localhost")
        receiver.connection.write(b"Hello.\n")
        await caller.hears(b"Hello.\n")
        assert (harness.admission.total, harness.admission.unrecognised) == (1, 0)


async def test_words_inside_may_come_byte_by_byte(keys: Keys) -> None:
    async with (
        open_listener(tls="auto", context=keys.context) as harness,
        call(harness, keys.client) as caller,
    ):
        for byte in b"NICK ann\r\n":
            caller.say(bytes([byte]))
            await asyncio.sleep(0)
        receiver = await harness.receiver()
        await harness.hears(receiver, b"NICK ann\r\n")
        assert receiver.kind is WireProtocol.IRC


@pytest.mark.parametrize(("protocol", "kind"), [("irc", WireProtocol.IRC), ("http/1.1", WireProtocol.HTTP)])
async def test_the_handshake_may_decide(keys: Keys, protocol: str, kind: WireProtocol) -> None:
    keys.client.set_alpn_protocols(["h2", protocol])
    async with open_listener(tls="auto", context=keys.context) as harness, call(harness, keys.client):
        assert (await harness.receiver()).kind is kind


async def test_the_name_that_was_asked_for_is_kept(keys: Keys) -> None:
    keys.client.set_alpn_protocols(["irc"])
    async with (
        open_listener(tls="auto", context=keys.context) as harness,
        call(harness, keys.client, name="chat.test"),
    ):
        assert (await harness.receiver()).connection.peer.server_name == "chat.test"


async def test_a_clients_certificate_is_kept(keys: Keys) -> None:
    keys.server.verify_mode = ssl.CERT_OPTIONAL
    keys.authority.configure_trust(keys.server)
    certificate = keys.authority.issue_cert("ann")
    certificate.configure_cert(keys.client)
    pem = certificate.cert_chain_pems[0].bytes().decode()
    fingerprint = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    async with (
        open_listener(tls="auto", context=keys.context) as harness,
        call(harness, keys.client) as caller,
    ):
        caller.say(b"NICK ann\r\n")
        assert (await harness.receiver()).connection.peer.fingerprint == fingerprint


async def test_silence_inside_is_a_person(keys: Keys) -> None:
    async with (
        open_listener(
            tls="auto", context=keys.context, limits=AdmissionLimits(silence_seconds=0.05)
        ) as harness,
        call(harness, keys.client) as caller,
    ):
        receiver = await harness.receiver()
        receiver.connection.write(b"Who are you?\n")
        await caller.hears(b"Who are you?\n")
        assert harness.admission.unrecognised == 1
        caller.say(b"ann\n")
        await harness.hears(receiver, b"ann\n")
        assert (receiver.kind, len(harness.receivers), harness.admission.unrecognised) == (
            WireProtocol.NETCAT,
            1,
            0,
        )


async def test_a_slow_client_inside_is_accepted_anew(keys: Keys) -> None:
    async with (
        open_listener(tls="only", context=keys.context, limits=AT_ONCE) as harness,
        call(harness, keys.client) as caller,
    ):
        guess = await harness.receiver()
        caller.say(b"NICK ann\r\n")
        receiver = await harness.receiver(2)
        await harness.hears(receiver, b"NICK ann\r\n")
        assert (guess.kind, guess.ends, receiver.kind) == (
            WireProtocol.NETCAT,
            [SUPERSEDED],
            WireProtocol.IRC,
        )


async def test_a_slow_handshake_still_finds_tls(keys: Keys) -> None:
    async with open_listener(tls="auto", context=keys.context, limits=AT_ONCE) as harness:
        sock = dial(harness)
        guess = await harness.receiver()
        _, writer = await asyncio.open_connection(sock=sock, ssl=keys.client, server_hostname="localhost")
        writer.write(b"NICK ann\r\n")
        await harness.until(
            lambda: [receiver for receiver in harness.receivers if receiver.kind is WireProtocol.IRC]
        )
        receiver = harness.receivers[-1]
        await harness.hears(receiver, b"NICK ann\r\n")
        assert (guess.connection.peer.secure, guess.ends) == (False, [SUPERSEDED])
        assert (receiver.connection.peer.secure, harness.admission.total) == (True, 1)
        writer.transport.abort()


async def test_plain_words_pass_beside_tls(keys: Keys) -> None:
    async with open_listener(tls="auto", context=keys.context) as harness, call(harness) as caller:
        caller.say(b"NICK ann\r\n")
        assert not (await harness.receiver()).connection.peer.secure


async def test_a_port_with_tls_only_turns_plain_words_away(keys: Keys) -> None:
    async with open_listener(tls="only", context=keys.context, kinds=(WireProtocol.IRC,)) as harness:
        async with call(harness) as caller:
            caller.say(b"NICK ann\r\n")
            assert b"NICK" not in await caller.hears_the_end()
        await settle(lambda: harness.admission.total == 0)
        async with call(harness, keys.client):
            receiver = await harness.receiver()
        assert (receiver.kind, receiver.connection.peer.secure) == (WireProtocol.IRC, True)


async def test_garbage_instead_of_a_handshake_ends_it(keys: Keys) -> None:
    async with open_listener(tls="auto", context=keys.context) as harness, call(harness) as caller:
        caller.say(b"\x16\x03\x01\x00\x05garbage garbage")
        await caller.hears_the_end()
        await settle(lambda: harness.admission.total == 0)
        assert (harness.receivers, harness.admission.unrecognised) == ([], 0)


@pytest.mark.parametrize("words", [b"\x16", b"\x16\x03\x01\x02\x00\x01\x00"])
async def test_half_a_handshake_runs_out_of_time(keys: Keys, words: bytes) -> None:
    limits = AdmissionLimits(silence_seconds=LONG, handshake_seconds=0.05)
    async with (
        open_listener(tls="auto", context=keys.context, limits=limits) as harness,
        call(harness) as caller,
    ):
        caller.say(words)
        assert await caller.hears_the_end() == b""
        await settle(lambda: harness.admission.total == 0)


async def test_a_hang_up_during_the_handshake_ends_it(keys: Keys) -> None:
    async with open_listener(tls="auto", context=keys.context) as harness:
        async with call(harness) as caller:
            caller.say(b"\x16\x03\x01")
            await settle(lambda: harness.admission.total == 1)
        await settle(lambda: harness.admission.total == 0)


async def test_half_a_handshake_makes_room_for_others(keys: Keys) -> None:
    limits = AdmissionLimits(silence_seconds=LONG, unrecognised_connections=1)
    async with (
        open_listener(tls="auto", context=keys.context, limits=limits) as harness,
        call(harness) as slow,
    ):
        slow.say(b"\x16\x03\x01")
        await settle(lambda: harness.admission.total == 1)
        async with call(harness, keys.client) as caller:
            caller.say(b"NICK ann\r\n")
            await harness.receiver()
            assert await slow.hears_the_end() == b""
            await settle(lambda: harness.admission.total == 1)


async def test_silence_inside_makes_room_for_others(keys: Keys) -> None:
    limits = AdmissionLimits(silence_seconds=LONG, unrecognised_connections=1)
    async with (
        open_listener(tls="auto", context=keys.context, limits=limits) as harness,
        call(harness, keys.client) as silent,
        call(harness) as caller,
    ):
        caller.say(b"NICK ann\r\n")
        await harness.receiver()
        assert await silent.hears_the_end() == b""


async def test_half_a_word_inside_and_an_end(keys: Keys) -> None:
    async with (
        open_listener(tls="auto", context=keys.context) as harness,
        call(harness, keys.client) as caller,
    ):
        caller.say(b"NI")
        await caller.writer.drain()
        caller.writer.close()
        receiver = await harness.receiver()
        await harness.until(lambda: receiver.ends)
        assert (receiver.heard, receiver.ends) == (b"NI", [None])


async def test_an_end_inside_without_a_word(keys: Keys) -> None:
    async with open_listener(tls="auto", context=keys.context) as harness:
        async with call(harness, keys.client) as caller:
            caller.writer.close()
            await settle(lambda: harness.admission.total == 0)
        assert harness.receivers == []


async def test_closing_inside_sends_what_is_queued(keys: Keys) -> None:
    async with (
        open_listener(tls="auto", context=keys.context) as harness,
        call(harness, keys.client) as caller,
    ):
        caller.say(b"hello\n")
        receiver = await harness.receiver()
        await harness.hears(receiver, b"hello\n")
        receiver.connection.write(bytes(1_000_000))
        receiver.connection.close()
        assert len(await caller.hears_the_end()) == 1_000_000
        await harness.until(lambda: receiver.ends)
        assert receiver.ends == [None]


async def test_a_reader_inside_who_never_reads_is_cut_off(keys: Keys) -> None:
    limits = AdmissionLimits(silence_seconds=LONG, close_seconds=0.02, linger_seconds=0.01)
    async with (
        open_listener(tls="auto", context=keys.context, limits=limits) as harness,
        call(harness, keys.client) as caller,
    ):
        caller.say(b"hello\n")
        receiver = await harness.receiver()
        caller.writer.transport.pause_reading()  # type: ignore[attr-defined]
        while receiver.connection.queued_bytes < 1_000_000:
            receiver.connection.write(bytes(100_000))
            await asyncio.sleep(0)
        receiver.connection.close()
        await harness.until(lambda: receiver.ends)
        assert receiver.ends == ["The peer did not accept its data."]


async def test_a_bug_inside_costs_one_peer(keys: Keys) -> None:
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, what: told.append(what.get("exception")))
    async with (
        open_listener(tls="auto", context=keys.context) as harness,
        call(harness, keys.client) as caller,
        call(harness, keys.client) as other,
    ):
        caller.say(b"hello\n")
        other.say(b"hello\n")
        receiver = await harness.receiver(2)
        harness.stumble_on = b"fall\n"
        caller.say(b"fall\n")
        await harness.until(lambda: [receiver for receiver in harness.receivers if receiver.ends])
        (fallen,) = [receiver for receiver in harness.receivers if receiver.ends]
        assert fallen.ends == ["The connection failed."]
        other.say(b"still here\n")
        (receiver,) = [receiver for receiver in harness.receivers if not receiver.ends]
        await harness.hears(receiver, b"hello\nstill here\n")
        assert [type(error) for error in told] == [ZeroDivisionError]


@pytest.mark.parametrize("secure", [False, True])
async def test_a_peer_that_vanishes_or_hurries_is_provided_for(keys: Keys, secure: bool) -> None:
    """Whether something is on its way to it (RFC 5482) or nothing: after two minutes it is known to be gone."""
    client = keys.client if secure else None
    async with open_listener(tls="auto", context=keys.context) as harness, call(harness, client) as caller:
        caller.say(b"hello\n")
        connection = (await harness.receiver()).connection
        sock = cast(asyncio.Transport, cast(StreamConnection, connection)._channel).get_extra_info("socket")
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        for option, value in VANISHING:
            assert sock.getsockopt(socket.IPPROTO_TCP, option) == value


@pytest.mark.parametrize("secure", [False, True])
async def test_an_aborted_connection_takes_every_call(keys: Keys, secure: bool) -> None:
    client = keys.client if secure else None
    async with open_listener(tls="auto", context=keys.context) as harness, call(harness, client) as caller:
        caller.say(b"hello\n")
        receiver = await harness.receiver()
        receiver.connection.write(bytes(5_000_000))
        for _ in range(2):
            receiver.connection.abort()
            assert receiver.connection.queued_bytes >= 0
            receiver.connection.write(b"too late")
            receiver.connection.pause_reading()
            receiver.connection.resume_reading()
            receiver.connection.close()
            await harness.until(lambda: receiver.ends)
        assert receiver.ends == [None]
        assert receiver.connection.queued_bytes == 0


@pytest.mark.parametrize("secure", [False, True])
async def test_closing_a_peer_that_vanished_is_harmless(keys: Keys, secure: bool) -> None:
    client = keys.client if secure else None
    async with open_listener(tls="auto", context=keys.context) as harness, call(harness, client) as caller:
        caller.say(b"hello\n")
        receiver = await harness.receiver()
        caller.hang_up()
        for _ in range(5):
            receiver.connection.write(bytes(1_000_000))
        receiver.connection.resume_reading()
        receiver.connection.close()
        await harness.until(lambda: receiver.ends)
        assert len(receiver.ends) == 1


async def test_a_silent_peer_with_an_untaken_greeting_is_no_tls_client(keys: Keys) -> None:
    greeting = bytes(8_000_000)
    async with open_listener(tls="auto", context=keys.context, limits=AT_ONCE, greeting=greeting) as harness:
        with dial(harness) as sock:
            receiver = await harness.receiver()
            assert receiver.connection.queued_bytes > 0
            await settle(lambda: harness.admission.unrecognised == 0)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01" + bytes(3) + bytes(4))
        await harness.until(lambda: receiver.ends)
        assert len(receiver.ends) == 1
