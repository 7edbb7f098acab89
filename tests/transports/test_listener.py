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
from tests.transports.listener_harness import LONG, Guest, call, dial, open_doorway, settle

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
    async with open_doorway() as doorway, call(doorway) as caller:
        caller.say(words)
        guest = await doorway.guest()
        await doorway.hears(guest, words)
        peer = guest.connection.peer
        host, port = caller.writer.get_extra_info("sockname")
        assert (peer.kind, peer.address, peer.port) == (kind, host, port)
        assert (peer.secure, peer.listener, peer.fingerprint) == (False, "main", None)
        assert doorway.admission.unrecognised == 0


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
    async with open_doorway() as doorway, call(doorway) as caller:
        for byte in words:
            caller.say(bytes([byte]))
            await asyncio.sleep(0)
        guest = await doorway.guest()
        await doorway.hears(guest, words)
        assert guest.kind is kind


async def test_half_a_word_waits_for_the_rest() -> None:
    async with open_doorway() as doorway, call(doorway) as caller:
        caller.say(b"NI")
        await settle(lambda: doorway.admission.total == 1)
        assert doorway.guests == []
        caller.say(b"CK ann\r\n")
        guest = await doorway.guest()
        await doorway.hears(guest, b"NICK ann\r\n")
        assert guest.kind is WireProtocol.IRC


async def test_half_a_word_for_ever_is_a_persons() -> None:
    limits = AdmissionLimits(silence_seconds=LONG, guessing_seconds=0.02)
    async with open_doorway(limits=limits) as doorway, call(doorway) as caller:
        caller.say(b"NI")
        guest = await doorway.guest()
        await doorway.hears(guest, b"NI")
        assert guest.kind is WireProtocol.NETCAT


async def test_half_a_word_and_a_hang_up_end_in_order() -> None:
    limits = AdmissionLimits(silence_seconds=LONG, guessing_seconds=0.02)
    async with open_doorway(limits=limits) as doorway, call(doorway) as caller:
        caller.say(b"NI")
        caller.writer.write_eof()
        guest = await doorway.guest()
        await doorway.until(lambda: guest.ends)
        assert (guest.heard, guest.ends) == (b"NI", [None])


async def test_a_browser_keeps_a_connection_for_later() -> None:
    """It is silent on one while it speaks on another: it is not taken for a person who waits to be greeted."""
    async with open_doorway(limits=AT_ONCE, greeting=b"Who are you?\n") as doorway:
        doorway.admission.note_browser("127.0.0.1", asyncio.get_running_loop().time())
        async with call(doorway) as spare:
            await settle(lambda: doorway.admission.unrecognised == 1)
            for _ in range(50):
                await asyncio.sleep(0)
            assert doorway.guests == []
            spare.say(b"GET / HTTP/1.1\r\n")
            assert (await doorway.guest()).kind is WireProtocol.HTTP


async def test_whose_words_are_there_is_not_greeted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where so many come at once that the clock is looked at before their sockets."""
    look = ProtocolSniffer._look
    came: list[ProtocolSniffer] = []

    def late(arrival: ProtocolSniffer) -> bool:
        came.append(arrival)
        return len(came) > 1 and look(arrival)

    monkeypatch.setattr(ProtocolSniffer, "_look", late)
    monkeypatch.setattr(ProtocolSniffer, "_watch", lambda arrival: None)
    async with open_doorway(limits=AT_ONCE, greeting=b"Who are you?\n") as doorway:
        with dial(doorway) as caller:
            caller.sendall(b"NICK ann\r\n")
            guest = await doorway.guest()
            await doorway.hears(guest, b"NICK ann\r\n")
        assert [guest.kind for guest in doorway.guests] == [WireProtocol.IRC]


async def test_http_makes_a_browser() -> None:
    async with open_doorway() as doorway, call(doorway) as caller:
        assert not doorway.admission.has_browser("127.0.0.1", asyncio.get_running_loop().time())
        caller.say(b"GET / HTTP/1.1\r\n")
        assert (await doorway.guest()).kind is WireProtocol.HTTP
        assert doorway.admission.has_browser("127.0.0.1", asyncio.get_running_loop().time())


async def test_silence_is_greeted_in_the_end_where_a_browser_is() -> None:
    limits = AdmissionLimits(silence_seconds=0.0, browser_seconds=0.01)
    async with open_doorway(limits=limits, greeting=b"Who are you?\n") as doorway:
        doorway.admission.note_browser("127.0.0.1", asyncio.get_running_loop().time())
        async with call(doorway) as person:
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
    async with open_doorway(limits=AT_ONCE, greeting=greeting) as doorway, call(doorway) as caller:
        await caller.hears(b"Who are you?\n")
        guest = await doorway.guest()
        assert doorway.admission.unrecognised == 1
        caller.say(b"ann\n")
        await doorway.hears(guest, b"ann\n")
        guest.connection.write(b"Hello.\n")
        await caller.hears(b"Hello.\n")
        assert (guest.kind, len(doorway.guests), doorway.admission.unrecognised) == (
            WireProtocol.NETCAT,
            1,
            0,
        )


@pytest.mark.parametrize(
    ("words", "kind"), [(b"NICK ann\r\n", WireProtocol.IRC), (b"GET / HTTP/1.1\r\n", WireProtocol.HTTP)]
)
async def test_a_slow_client_is_accepted_anew(words: bytes, kind: WireProtocol) -> None:
    async with open_doorway(limits=AT_ONCE) as doorway, call(doorway) as caller:
        guess = await doorway.guest()
        caller.say(words[:2])
        caller.say(words[2:])
        guest = await doorway.guest(2)
        await doorway.hears(guest, words)
        assert (guess.kind, guess.heard, guess.ends) == (WireProtocol.NETCAT, b"", [SUPERSEDED])
        assert guest.kind is kind
        guess.connection.write(b"not heard")
        guess.connection.abort()
        guest.connection.write(b"heard")
        await caller.hears(b"heard")
        assert doorway.admission.count("127.0.0.1") == 1
        caller.hang_up()
        await doorway.until(lambda: guest.ends)
    assert (len(guess.ends), len(guest.ends)) == (1, 1)


async def test_a_person_who_leaves_without_a_word_is_lost_in_order() -> None:
    async with open_doorway(limits=AT_ONCE) as doorway, call(doorway) as caller:
        guest = await doorway.guest()
        caller.writer.close()
        await doorway.until(lambda: guest.ends)
        assert guest.ends == [None]
        assert guest.connection.queued_bytes == 0
        guest.connection.write(b"too late")
        guest.connection.close()


async def test_a_person_who_was_only_greeted_can_be_closed() -> None:
    async with open_doorway(limits=AT_ONCE) as doorway, call(doorway) as caller:
        guest = await doorway.guest()
        guest.connection.write(b"Closed for today.\n")
        guest.connection.close()
        guest.connection.close()
        assert await caller.hears_the_end() == b"Closed for today.\n"
        await doorway.until(lambda: guest.ends)
        assert guest.ends == [None]


async def test_a_long_greeting_reaches_a_silent_person() -> None:
    greeting = b"Hello.\n" * 1_000_000
    limits = AdmissionLimits(silence_seconds=0.0, close_seconds=LONG, linger_seconds=LONG, queue_bytes=0)
    async with open_doorway(limits=limits) as doorway, call(doorway) as caller:
        guest = await doorway.guest()
        guest.connection.write(greeting)
        assert 0 < guest.connection.queued_bytes < len(greeting)
        guest.connection.write(b"The end.")
        guest.connection.close()
        heard = await caller.hears_the_end()
        assert (len(heard), heard[-10:]) == (len(greeting) + 8, b".\nThe end.")


async def test_a_port_of_one_kind_serves_it_without_a_word() -> None:
    async with open_doorway(kinds=(WireProtocol.IRC,)) as doorway, call(doorway) as caller:
        guest = await doorway.guest()
        caller.say(b"hello\n")
        await doorway.hears(guest, b"hello\n")
        assert guest.kind is WireProtocol.IRC


async def test_a_kind_that_is_not_served_falls_back() -> None:
    async with open_doorway(kinds=(WireProtocol.IRC, WireProtocol.HTTP)) as doorway, call(doorway) as caller:
        caller.say(b"SSH-2.0-x\r\n")
        assert (await doorway.guest()).kind is WireProtocol.IRC


async def test_the_end_comes_after_the_last_words() -> None:
    async with open_doorway() as doorway, call(doorway) as caller:
        caller.say(b"hello\n")
        caller.writer.write_eof()
        guest = await doorway.guest()
        await doorway.until(lambda: guest.ends)
        assert (guest.heard, guest.ends) == (b"hello\n", [None])


async def test_a_reset_says_why() -> None:
    async with open_doorway() as doorway:
        sock = dial(doorway)
        sock.send(b"hello\n")
        guest = await doorway.guest()
        await doorway.hears(guest, b"hello\n")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        sock.close()
        await doorway.until(lambda: guest.ends)
        assert guest.ends == ["Connection reset by peer."]


async def test_a_reader_who_never_reads_is_cut_off_by_the_deadline() -> None:
    limits = AdmissionLimits(silence_seconds=LONG, close_seconds=0.02, linger_seconds=0.01)
    async with open_doorway(limits=limits) as doorway:
        with dial(doorway) as sock:
            sock.send(b"hello\n")
            guest = await doorway.guest()
            while guest.connection.queued_bytes < 1_000_000:
                guest.connection.write(bytes(100_000))
                await asyncio.sleep(0)
            guest.connection.close()
            assert guest.connection.queued_bytes >= 1_000_000
            await doorway.until(lambda: guest.ends)
            assert guest.ends == ["The peer did not accept its data."]


async def test_a_peer_that_ended_and_never_reads_is_cut_off_too() -> None:
    limits = AdmissionLimits(silence_seconds=LONG, close_seconds=0.02, linger_seconds=0.01)
    async with open_doorway(limits=limits, greeting=bytes(8_000_000)) as doorway:
        with dial(doorway) as sock:
            sock.send(b"hello\n")
            sock.shutdown(socket.SHUT_WR)
            guest = await doorway.guest()
            await doorway.until(lambda: guest.ends)
            guest.connection.write(b"too late")
            await settle(lambda: doorway.admission.total == 0)
            assert guest.ends == [None]


async def test_closing_sends_what_is_queued_and_hears_no_more() -> None:
    limits = AdmissionLimits(silence_seconds=LONG, linger_seconds=0.01)
    async with open_doorway(limits=limits) as doorway, call(doorway) as caller:
        caller.say(b"hello\n")
        guest = await doorway.guest()
        await doorway.hears(guest, b"hello\n")
        guest.connection.write(bytes(3_000_000))
        guest.connection.close()
        guest.connection.write(b"more")
        caller.say(b"more\n")
        assert len(await caller.hears_the_end()) == 3_000_000
        await doorway.until(lambda: guest.ends)
        assert (guest.heard, guest.ends) == (b"hello\n", [None])


async def test_a_paused_peer_waits() -> None:
    async with open_doorway(limits=AT_ONCE) as doorway, call(doorway) as caller, call(doorway) as other:
        guest = await doorway.guest()
        other_guest = await doorway.guest(2)
        guest.connection.pause_reading()
        caller.say(b"one\n")
        other.say(b"hello\n")
        await doorway.hears(other_guest, b"hello\n")
        assert guest.heard == b""
        guest.connection.resume_reading()
        await doorway.hears(guest, b"one\n")
        guest.connection.pause_reading()
        caller.say(b"two\n")
        other.say(b"bye\n")
        await doorway.hears(other_guest, b"hello\nbye\n")
        assert guest.heard == b"one\n"
        guest.connection.resume_reading()
        await doorway.hears(guest, b"one\ntwo\n")


async def test_a_pause_outlasts_the_guess() -> None:
    greeting = bytes(8_000_000)
    guests: list[Guest] = []

    def greet(connection: Connection) -> Receiver:
        connection.write(greeting)
        connection.pause_reading()
        guests.append(Guest(connection, doorway))
        return guests[-1]

    async with open_doorway(accept=greet, limits=AT_ONCE) as doorway, call(doorway) as caller:
        await settle(lambda: guests)
        caller.say(b"hello\n")
        await caller.hears(greeting)
        assert guests[0].heard == b""
        guests[0].connection.resume_reading()
        await doorway.hears(guests[0], b"hello\n")


@pytest.mark.parametrize("limits", [AT_ONCE, AdmissionLimits(silence_seconds=LONG, linger_seconds=0.01)])
async def test_a_refused_peer_hears_why(limits: AdmissionLimits) -> None:
    def refuse(connection: Connection) -> None:
        connection.write(b"No.\n")

    async with open_doorway(accept=refuse, limits=limits) as doorway, call(doorway) as caller:
        if limits is not AT_ONCE:
            caller.say(b"hello\n")
        assert await caller.hears_the_end() == b"No.\n"
        await settle(lambda: doorway.admission.total == 0)


async def test_a_bug_behind_the_door_costs_one_peer() -> None:
    def stumble(connection: Connection) -> None:
        raise ZeroDivisionError

    told: list[object] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, what: told.append(what["exception"]))
    async with open_doorway(accept=stumble) as doorway, call(doorway) as caller, call(doorway) as other:
        caller.say(b"hello\n")
        assert await caller.hears_the_end() == b""
        other.say(b"hello\n")
        assert await other.hears_the_end() == b""
        assert [type(error) for error in told] == [ZeroDivisionError, ZeroDivisionError]


async def test_running_out_of_files_keeps_those_who_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hubbub.transports.listener.BREATH_SECONDS", 0.01)
    async with open_doorway() as doorway, call(doorway) as caller:
        caller.say(b"hello\n")
        guest = await doorway.guest()
        guest.connection.settled()
        failures = [errno.EMFILE, errno.EMFILE, errno.ECONNABORTED]
        accept = socket.socket.accept

        def fail_first(sock: socket.socket) -> object:
            if failures:
                code = failures.pop(0)
                raise OSError(code, "Too many open files")
            return accept(sock)

        monkeypatch.setattr(socket.socket, "accept", fail_first)
        async with call(doorway) as late:
            late.say(b"late\n")
            await doorway.hears(await doorway.guest(2), b"late\n")
        assert failures == []
        assert len(doorway.reports) == 1
        assert "Too many open files" in doorway.reports[0]
        guest.connection.write(b"still here")
        await caller.hears(b"still here")


async def test_running_out_of_files_lets_go_of_the_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_doorway() as doorway, call(doorway) as silent:
        await settle(lambda: doorway.admission.total == 1)

        def fail(sock: socket.socket) -> object:
            raise OSError(errno.ENFILE, "File table overflow")

        monkeypatch.setattr(socket.socket, "accept", fail)
        with dial(doorway):
            assert await silent.hears_the_end() == b""


async def test_a_taken_port_is_named() -> None:
    async with open_doorway() as doorway:
        port = doorway.listener.port
        with pytest.raises(PortTaken, match=f"Another program uses port {port} on 127.0.0.1"):
            await Listener(doorway.listener.gate, ["127.0.0.1"], port).start()


async def test_a_foreign_address_is_named() -> None:
    async with open_doorway() as doorway:
        with pytest.raises(AddressUnknown, match=r"203\.0\.113\.9 is not an address of this machine"):
            await Listener(doorway.listener.gate, ["203.0.113.9"], 0).start()


async def test_an_unknown_host_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async def find_nothing(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", find_nothing)
    with pytest.raises(AddressUnknown, match="The host nowhere is unknown"):
        await bind(["nowhere"], 0)


async def test_a_failed_start_leaves_no_port_behind() -> None:
    async with open_doorway() as doorway:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with pytest.raises(AddressUnknown):
            await Listener(doorway.listener.gate, ["127.0.0.1", "203.0.113.9"], port).start()
        listener = Listener(doorway.listener.gate, ["127.0.0.1"], port)
        await listener.start()
        listener.stop()


async def test_everywhere_is_one_port_of_both_families() -> None:
    async with open_doorway() as doorway:
        listener = Listener(doorway.listener.gate, ["*"], 0)
        await listener.start()
        assert {port for _, port in listener.addresses} == {listener.port}
        assert ("0.0.0.0", listener.port) in listener.addresses
        for host, _ in listener.addresses:
            target = {"0.0.0.0": "127.0.0.1", "::": "::1"}[host]
            with socket.create_connection((target, listener.port)) as sock:
                sock.send(b"hello\n")
                guest = await doorway.guest(len(doorway.guests) + 1)
                assert guest.connection.peer.address == target
        listener.stop()


async def test_stopping_keeps_the_connections() -> None:
    async with open_doorway() as doorway, call(doorway) as caller:
        caller.say(b"hello\n")
        guest = await doorway.guest()
        doorway.listener.stop()
        with pytest.raises(ConnectionRefusedError):
            dial(doorway)
        guest.connection.write(b"still here")
        await caller.hears(b"still here")
