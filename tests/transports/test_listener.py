"""One port, real sockets on loopback: who is taken for what, and what passes between both ends."""

import asyncio
import errno
import socket

import pytest

from hubbub.transports.admission import BROWSER_SEEN_SECONDS, Admission, AdmissionLimits
from hubbub.transports.base import SUPERSEDED, Connection, Receiver, WireProtocol
from hubbub.transports.listener import Listener
from hubbub.transports.ports import AddressUnknown, PortTaken, bind
from hubbub.transports.protocol_sniffer import ProtocolSniffer
from tests.transports.listener_harness import LONG, RecordingReceiver, call, dial, open_listener, settle

AT_ONCE = AdmissionLimits(silence_seconds=0.0)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (b"NICK ann\r\n", WireProtocol.IRC),
        (b"GET / HTTP/1.1\r\n", WireProtocol.HTTP),
        (b"SSH-2.0-x\r\n", WireProtocol.SSH),
        (b"hello\n", WireProtocol.NETCAT),
        (b"\x16\x03\x01", WireProtocol.NETCAT),
    ],
)
async def test_the_first_words_decide(words: bytes, kind: WireProtocol) -> None:
    async with open_listener() as harness, call(harness) as caller:
        caller.say(words)
        receiver = await harness.receiver()
        await harness.hears(receiver, words)
        peer = receiver.connection.peer
        host, port = caller.writer.get_extra_info("sockname")
        assert (peer.kind, peer.address, peer.port) == (kind, host, port)
        assert (peer.secure, peer.listener, peer.fingerprint) == (False, "main", None)
        assert harness.admission.unrecognised == 0


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (b"NICK ann\r\nUSER a 0 * :A\r\n", WireProtocol.IRC),
        (b"@label=1 NICK ann\r\n", WireProtocol.IRC),
        (b"POST /a HTTP/1.1\r\n", WireProtocol.HTTP),
        (b"nickel\n", WireProtocol.NETCAT),
    ],
)
async def test_words_may_come_byte_by_byte(words: bytes, kind: WireProtocol) -> None:
    async with open_listener() as harness, call(harness) as caller:
        for byte in words:
            caller.say(bytes([byte]))
            await asyncio.sleep(0)
        receiver = await harness.receiver()
        await harness.hears(receiver, words)
        assert receiver.kind is kind


async def test_half_a_word_waits_for_the_rest() -> None:
    async with open_listener() as harness, call(harness) as caller:
        caller.say(b"NI")
        await settle(lambda: harness.admission.total == 1)
        assert harness.receivers == []
        caller.say(b"CK ann\r\n")
        receiver = await harness.receiver()
        await harness.hears(receiver, b"NICK ann\r\n")
        assert receiver.kind is WireProtocol.IRC


async def test_half_a_word_for_ever_is_a_persons() -> None:
    limits = AdmissionLimits(silence_seconds=LONG, guessing_seconds=0.02)
    async with open_listener(limits=limits) as harness, call(harness) as caller:
        caller.say(b"NI")
        receiver = await harness.receiver()
        await harness.hears(receiver, b"NI")
        assert receiver.kind is WireProtocol.NETCAT


async def test_half_a_word_and_a_hang_up_end_in_order() -> None:
    limits = AdmissionLimits(silence_seconds=LONG, guessing_seconds=0.02)
    async with open_listener(limits=limits) as harness, call(harness) as caller:
        caller.say(b"NI")
        caller.writer.write_eof()
        receiver = await harness.receiver()
        await harness.until(lambda: receiver.ends)
        assert (receiver.heard, receiver.ends) == (b"NI", [None])


async def test_a_browser_keeps_a_connection_for_later() -> None:
    """It is silent on one while it speaks on another: it is not taken for a person who waits to be greeted."""
    async with open_listener(limits=AT_ONCE, greeting=b"Who are you?\n") as harness:
        harness.admission.note_browser("127.0.0.1", asyncio.get_running_loop().time())
        async with call(harness) as spare:
            await settle(lambda: harness.admission.unrecognised == 1)
            for _ in range(50):
                await asyncio.sleep(0)
            assert harness.receivers == []
            spare.say(b"GET / HTTP/1.1\r\n")
            assert (await harness.receiver()).kind is WireProtocol.HTTP


async def test_whose_words_are_there_is_not_greeted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where so many come at once that the clock is looked at before their sockets."""
    look = ProtocolSniffer._look
    came: list[ProtocolSniffer] = []

    def late(arrival: ProtocolSniffer) -> bool:
        came.append(arrival)
        return len(came) > 1 and look(arrival)

    monkeypatch.setattr(ProtocolSniffer, "_look", late)
    monkeypatch.setattr(ProtocolSniffer, "_watch", lambda arrival: None)
    async with open_listener(limits=AT_ONCE, greeting=b"Who are you?\n") as harness:
        with dial(harness) as caller:
            caller.sendall(b"NICK ann\r\n")
            receiver = await harness.receiver()
            await harness.hears(receiver, b"NICK ann\r\n")
        assert [receiver.kind for receiver in harness.receivers] == [WireProtocol.IRC]


async def test_http_makes_a_browser() -> None:
    async with open_listener() as harness, call(harness) as caller:
        assert not harness.admission.has_browser("127.0.0.1", asyncio.get_running_loop().time())
        caller.say(b"GET / HTTP/1.1\r\n")
        assert (await harness.receiver()).kind is WireProtocol.HTTP
        assert harness.admission.has_browser("127.0.0.1", asyncio.get_running_loop().time())


async def test_silence_is_greeted_in_the_end_where_a_browser_is() -> None:
    limits = AdmissionLimits(silence_seconds=0.0, browser_seconds=0.01)
    async with open_listener(limits=limits, greeting=b"Who are you?\n") as harness:
        harness.admission.note_browser("127.0.0.1", asyncio.get_running_loop().time())
        async with call(harness) as person:
            await person.hears(b"Who are you?\n")


def test_a_browser_is_forgotten() -> None:
    admission = Admission(AdmissionLimits())
    assert not admission.has_browser("192.0.2.1", 0.0)
    admission.note_browser("192.0.2.1", 100.0)
    assert admission.has_browser("192.0.2.1", 100.0 + BROWSER_SEEN_SECONDS - 1)
    assert not admission.has_browser("192.0.2.1", 100.0 + BROWSER_SEEN_SECONDS)
    assert not admission.has_browser("192.0.2.2", 100.0)


async def test_silence_is_a_person_who_waits_to_be_greeted() -> None:
    greeting = b"Who are you?\n"
    async with open_listener(limits=AT_ONCE, greeting=greeting) as harness, call(harness) as caller:
        await caller.hears(b"Who are you?\n")
        receiver = await harness.receiver()
        assert harness.admission.unrecognised == 1
        caller.say(b"ann\n")
        await harness.hears(receiver, b"ann\n")
        receiver.connection.write(b"Hello.\n")
        await caller.hears(b"Hello.\n")
        assert (receiver.kind, len(harness.receivers), harness.admission.unrecognised) == (
            WireProtocol.NETCAT,
            1,
            0,
        )


@pytest.mark.parametrize(
    ("words", "kind"), [(b"NICK ann\r\n", WireProtocol.IRC), (b"GET / HTTP/1.1\r\n", WireProtocol.HTTP)]
)
async def test_a_slow_client_is_accepted_anew(words: bytes, kind: WireProtocol) -> None:
    async with open_listener(limits=AT_ONCE) as harness, call(harness) as caller:
        guess = await harness.receiver()
        caller.say(words[:2])
        caller.say(words[2:])
        receiver = await harness.receiver(2)
        await harness.hears(receiver, words)
        assert (guess.kind, guess.heard, guess.ends) == (WireProtocol.NETCAT, b"", [SUPERSEDED])
        assert receiver.kind is kind
        guess.connection.write(b"not heard")
        guess.connection.abort()
        receiver.connection.write(b"heard")
        await caller.hears(b"heard")
        assert harness.admission.count("127.0.0.1") == 1
        caller.hang_up()
        await harness.until(lambda: receiver.ends)
    assert (len(guess.ends), len(receiver.ends)) == (1, 1)


async def test_a_person_who_leaves_without_a_word_is_lost_in_order() -> None:
    async with open_listener(limits=AT_ONCE) as harness, call(harness) as caller:
        receiver = await harness.receiver()
        caller.writer.close()
        await harness.until(lambda: receiver.ends)
        assert receiver.ends == [None]
        assert receiver.connection.queued_bytes == 0
        receiver.connection.write(b"too late")
        receiver.connection.close()


async def test_a_person_who_was_only_greeted_can_be_closed() -> None:
    async with open_listener(limits=AT_ONCE) as harness, call(harness) as caller:
        receiver = await harness.receiver()
        receiver.connection.write(b"Closed for today.\n")
        receiver.connection.close()
        receiver.connection.close()
        assert await caller.hears_the_end() == b"Closed for today.\n"
        await harness.until(lambda: receiver.ends)
        assert receiver.ends == [None]


async def test_a_long_greeting_reaches_a_silent_person() -> None:
    greeting = b"Hello.\n" * 1_000_000
    limits = AdmissionLimits(silence_seconds=0.0, close_seconds=LONG, linger_seconds=LONG, queue_bytes=0)
    async with open_listener(limits=limits) as harness, call(harness) as caller:
        receiver = await harness.receiver()
        receiver.connection.write(greeting)
        assert 0 < receiver.connection.queued_bytes < len(greeting)
        receiver.connection.write(b"The end.")
        receiver.connection.close()
        heard = await caller.hears_the_end()
        assert (len(heard), heard[-10:]) == (len(greeting) + 8, b".\nThe end.")


async def test_a_port_of_one_kind_serves_it_without_a_word() -> None:
    async with open_listener(kinds=(WireProtocol.IRC,)) as harness, call(harness) as caller:
        receiver = await harness.receiver()
        caller.say(b"hello\n")
        await harness.hears(receiver, b"hello\n")
        assert receiver.kind is WireProtocol.IRC


async def test_a_kind_that_is_not_served_falls_back() -> None:
    async with open_listener(kinds=(WireProtocol.IRC, WireProtocol.HTTP)) as harness, call(harness) as caller:
        caller.say(b"SSH-2.0-x\r\n")
        assert (await harness.receiver()).kind is WireProtocol.IRC


async def test_the_end_comes_after_the_last_words() -> None:
    async with open_listener() as harness, call(harness) as caller:
        caller.say(b"hello\n")
        caller.writer.write_eof()
        receiver = await harness.receiver()
        await harness.until(lambda: receiver.ends)
        assert (receiver.heard, receiver.ends) == (b"hello\n", [None])


async def test_a_reset_says_why() -> None:
    async with open_listener() as harness:
        sock = dial(harness)
        sock.send(b"hello\n")
        receiver = await harness.receiver()
        await harness.hears(receiver, b"hello\n")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        sock.close()
        await harness.until(lambda: receiver.ends)
        assert receiver.ends == ["Connection reset by peer."]


async def test_a_reader_who_never_reads_is_cut_off_by_the_deadline() -> None:
    limits = AdmissionLimits(silence_seconds=LONG, close_seconds=0.02, linger_seconds=0.01)
    async with open_listener(limits=limits) as harness:
        with dial(harness) as sock:
            sock.send(b"hello\n")
            receiver = await harness.receiver()
            while receiver.connection.queued_bytes < 1_000_000:
                receiver.connection.write(bytes(100_000))
                await asyncio.sleep(0)
            receiver.connection.close()
            assert receiver.connection.queued_bytes >= 1_000_000
            await harness.until(lambda: receiver.ends)
            assert receiver.ends == ["The peer did not accept its data."]


async def test_a_peer_that_ended_and_never_reads_is_cut_off_too() -> None:
    limits = AdmissionLimits(silence_seconds=LONG, close_seconds=0.02, linger_seconds=0.01)
    async with open_listener(limits=limits, greeting=bytes(8_000_000)) as harness:
        with dial(harness) as sock:
            sock.send(b"hello\n")
            sock.shutdown(socket.SHUT_WR)
            receiver = await harness.receiver()
            await harness.until(lambda: receiver.ends)
            receiver.connection.write(b"too late")
            await settle(lambda: harness.admission.total == 0)
            assert receiver.ends == [None]


async def test_closing_sends_what_is_queued_and_hears_no_more() -> None:
    limits = AdmissionLimits(silence_seconds=LONG, linger_seconds=0.01)
    async with open_listener(limits=limits) as harness, call(harness) as caller:
        caller.say(b"hello\n")
        receiver = await harness.receiver()
        await harness.hears(receiver, b"hello\n")
        receiver.connection.write(bytes(3_000_000))
        receiver.connection.close()
        receiver.connection.write(b"more")
        caller.say(b"more\n")
        assert len(await caller.hears_the_end()) == 3_000_000
        await harness.until(lambda: receiver.ends)
        assert (receiver.heard, receiver.ends) == (b"hello\n", [None])


async def test_a_paused_peer_waits() -> None:
    async with open_listener(limits=AT_ONCE) as harness, call(harness) as caller, call(harness) as other:
        receiver = await harness.receiver()
        other_guest = await harness.receiver(2)
        receiver.connection.pause_reading()
        caller.say(b"one\n")
        other.say(b"hello\n")
        await harness.hears(other_guest, b"hello\n")
        assert receiver.heard == b""
        receiver.connection.resume_reading()
        await harness.hears(receiver, b"one\n")
        receiver.connection.pause_reading()
        caller.say(b"two\n")
        other.say(b"bye\n")
        await harness.hears(other_guest, b"hello\nbye\n")
        assert receiver.heard == b"one\n"
        receiver.connection.resume_reading()
        await harness.hears(receiver, b"one\ntwo\n")


async def test_a_pause_outlasts_the_guess() -> None:
    greeting = bytes(8_000_000)
    receivers: list[RecordingReceiver] = []

    def greet(connection: Connection) -> Receiver:
        connection.write(greeting)
        connection.pause_reading()
        receivers.append(RecordingReceiver(connection, harness))
        return receivers[-1]

    async with open_listener(accept=greet, limits=AT_ONCE) as harness, call(harness) as caller:
        await settle(lambda: receivers)
        caller.say(b"hello\n")
        await caller.hears(greeting)
        assert receivers[0].heard == b""
        receivers[0].connection.resume_reading()
        await harness.hears(receivers[0], b"hello\n")


@pytest.mark.parametrize("limits", [AT_ONCE, AdmissionLimits(silence_seconds=LONG, linger_seconds=0.01)])
async def test_a_refused_peer_hears_why(limits: AdmissionLimits) -> None:
    def refuse(connection: Connection) -> None:
        connection.write(b"No.\n")

    async with open_listener(accept=refuse, limits=limits) as harness, call(harness) as caller:
        if limits is not AT_ONCE:
            caller.say(b"hello\n")
        assert await caller.hears_the_end() == b"No.\n"
        await settle(lambda: harness.admission.total == 0)


async def test_a_bug_behind_the_door_costs_one_peer() -> None:
    def stumble(connection: Connection) -> None:
        raise ZeroDivisionError

    told: list[object] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, what: told.append(what["exception"]))
    async with open_listener(accept=stumble) as harness, call(harness) as caller, call(harness) as other:
        caller.say(b"hello\n")
        assert await caller.hears_the_end() == b""
        other.say(b"hello\n")
        assert await other.hears_the_end() == b""
        assert [type(error) for error in told] == [ZeroDivisionError, ZeroDivisionError]


async def test_running_out_of_files_keeps_those_who_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hubbub.transports.listener.BREATH_SECONDS", 0.01)
    async with open_listener() as harness, call(harness) as caller:
        caller.say(b"hello\n")
        receiver = await harness.receiver()
        receiver.connection.settled()
        failures = [errno.EMFILE, errno.EMFILE, errno.ECONNABORTED]
        accept = socket.socket.accept

        def fail_first(sock: socket.socket) -> object:
            if failures:
                code = failures.pop(0)
                raise OSError(code, "Too many open files")
            return accept(sock)

        monkeypatch.setattr(socket.socket, "accept", fail_first)
        async with call(harness) as late:
            late.say(b"late\n")
            await harness.hears(await harness.receiver(2), b"late\n")
        assert failures == []
        assert len(harness.reports) == 1
        assert "Too many open files" in harness.reports[0]
        receiver.connection.write(b"still here")
        await caller.hears(b"still here")


async def test_running_out_of_files_lets_go_of_the_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_listener() as harness, call(harness) as silent:
        await settle(lambda: harness.admission.total == 1)

        def fail(sock: socket.socket) -> object:
            raise OSError(errno.ENFILE, "File table overflow")

        monkeypatch.setattr(socket.socket, "accept", fail)
        with dial(harness):
            assert await silent.hears_the_end() == b""


async def test_a_taken_port_is_named() -> None:
    async with open_listener() as harness:
        port = harness.listener.port
        with pytest.raises(PortTaken, match=f"Another program uses port {port} on 127.0.0.1"):
            await Listener(harness.listener.gate, ["127.0.0.1"], port).start()


async def test_a_foreign_address_is_named() -> None:
    async with open_listener() as harness:
        with pytest.raises(AddressUnknown, match=r"203\.0\.113\.9 is not an address of this machine"):
            await Listener(harness.listener.gate, ["203.0.113.9"], 0).start()


async def test_an_unknown_host_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async def find_nothing(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", find_nothing)
    with pytest.raises(AddressUnknown, match="The host nowhere is unknown"):
        await bind(["nowhere"], 0)


async def test_a_failed_start_leaves_no_port_behind() -> None:
    async with open_listener() as harness:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with pytest.raises(AddressUnknown):
            await Listener(harness.listener.gate, ["127.0.0.1", "203.0.113.9"], port).start()
        listener = Listener(harness.listener.gate, ["127.0.0.1"], port)
        await listener.start()
        listener.stop()


async def test_everywhere_is_one_port_of_both_families() -> None:
    async with open_listener() as harness:
        listener = Listener(harness.listener.gate, ["*"], 0)
        await listener.start()
        assert {port for _, port in listener.addresses} == {listener.port}
        assert ("0.0.0.0", listener.port) in listener.addresses
        for host, _ in listener.addresses:
            target = {"0.0.0.0": "127.0.0.1", "::": "::1"}[host]
            with socket.create_connection((target, listener.port)) as sock:
                sock.send(b"hello\n")
                receiver = await harness.receiver(len(harness.receivers) + 1)
                assert receiver.connection.peer.address == target
        listener.stop()


async def test_stopping_keeps_the_connections() -> None:
    async with open_listener() as harness, call(harness) as caller:
        caller.say(b"hello\n")
        receiver = await harness.receiver()
        harness.listener.stop()
        with pytest.raises(ConnectionRefusedError):
            dial(harness)
        receiver.connection.write(b"still here")
        await caller.hears(b"still here")
