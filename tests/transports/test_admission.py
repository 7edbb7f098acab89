"""Who may come in when it is full."""

import pytest

from hubbub.transports.admission import Admission, AdmissionLimits
from hubbub.transports.base import WireProtocol
from tests.transports.listener_harness import LONG, call, dial, open_listener, settle


class Someone:
    """Waits to say something; writes down that it was dropped."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    def drop(self, reason: str) -> None:
        self.reasons.append(reason)


def come(admission: Admission, address: str, count: int) -> list[Someone]:
    people = [Someone() for _ in range(count)]
    for someone in people:
        admission.enter(address, someone)
    return people


def dropped(people: list[Someone]) -> list[bool]:
    return [bool(someone.reasons) for someone in people]


def test_silence_makes_room_where_it_is_most_crowded() -> None:
    admission = Admission(AdmissionLimits(unrecognised_connections=4))
    alone = come(admission, "192.0.2.1", 1)
    crowd = come(admission, "192.0.2.2", 3)
    assert admission.enter("192.0.2.3", Someone())
    assert (dropped(alone), dropped(crowd)) == ([False], [True, False, False])
    assert admission.unrecognised == 4


def test_too_much_silence_makes_room_by_itself() -> None:
    """Whatever crowd has spoken."""
    admission = Admission(AdmissionLimits(unrecognised_connections=1))
    crowd = [come_and_speak(admission, "192.0.2.1", 1)[0] for _ in range(3)]
    silent = come(admission, "192.0.2.2", 1)
    assert admission.enter("192.0.2.3", Someone())
    assert (dropped(crowd), dropped(silent), admission.unrecognised) == ([False] * 3, [True], 1)


def test_a_full_server_drops_silence_and_keeps_who_spoke() -> None:
    admission = Admission(AdmissionLimits(connections=2))
    spoke, silent = come(admission, "192.0.2.1", 2)
    admission.recognise("192.0.2.1", spoke)
    assert admission.enter("192.0.2.2", Someone())
    assert dropped([spoke, silent]) == [False, True]


def test_a_full_server_of_people_refuses() -> None:
    admission = Admission(AdmissionLimits(connections=2))
    for someone in come(admission, "192.0.2.1", 2):
        admission.recognise("192.0.2.1", someone)
    assert not admission.enter("192.0.2.2", Someone())
    assert (admission.total, admission.count("192.0.2.2")) == (2, 0)
    admission.leave("192.0.2.1")
    assert admission.enter("192.0.2.2", Someone())


def test_a_subnet_of_ipv6_has_one_address_limit() -> None:
    admission = Admission(AdmissionLimits(connections_an_address=2))
    for address in ("2001:db8::1", "2001:db8::2"):
        someone = Someone()
        assert admission.enter(address, someone)
        admission.recognise(address, someone)
    assert not admission.enter("2001:db8::3", Someone())
    assert admission.enter("2001:db8:0:1::1", Someone())
    admission.leave("2001:db8::1")
    silent = Someone()
    assert admission.enter("2001:db8::4", silent)
    assert admission.enter("2001:db8::5", Someone()) and silent.reasons, (
        "the silent one of the subnet makes room"
    )


def test_an_address_has_its_own_limit() -> None:
    admission = Admission(
        AdmissionLimits(connections_an_address=2), exempt=lambda address: address == "192.0.2.9"
    )
    first, second = come(admission, "192.0.2.1", 2)
    admission.recognise("192.0.2.1", first)
    assert admission.enter("192.0.2.1", Someone())
    assert dropped([first, second]) == [False, True]
    exempt = come(admission, "192.0.2.9", 5)
    assert (dropped(exempt), admission.count("192.0.2.9")) == ([False] * 5, 5)


def test_whoever_makes_room_in_a_full_server_is_one() -> None:
    admission = Admission(AdmissionLimits(connections=2, connections_an_address=1))
    (near,), (far,) = come(admission, "192.0.2.1", 1), come(admission, "192.0.2.2", 1)
    assert admission.enter("192.0.2.1", Someone())
    assert dropped([near, far]) == [True, False]


def test_an_address_of_people_refuses_and_says_so() -> None:
    admission = Admission(AdmissionLimits(connections_an_address=1))
    (someone,) = come(admission, "192.0.2.1", 1)
    admission.recognise("192.0.2.1", someone)
    assert not admission.enter("192.0.2.1", Someone())
    assert admission.enter("192.0.2.2", Someone())


def test_whoever_leaves_is_forgotten() -> None:
    admission = Admission(AdmissionLimits())
    for someone in come(admission, "192.0.2.1", 2):
        admission.recognise("192.0.2.1", someone)
        admission.recognise("192.0.2.1", someone)
        admission.leave("192.0.2.1")
    assert (admission.total, admission.unrecognised, admission.count("192.0.2.1")) == (0, 0, 0)
    assert not admission.drop_from_crowd()


async def test_hundreds_of_silent_connections_keep_nobody_out() -> None:
    limits = AdmissionLimits(silence_seconds=LONG, connections_an_address=10, unrecognised_connections=5)
    async with open_listener(limits=limits) as harness:
        silent = [dial(harness) for _ in range(300)]
        async with call(harness) as caller:
            caller.say(b"NICK ann\r\n")
            receiver = await harness.receiver()
            assert receiver.kind is WireProtocol.IRC
            more = [dial(harness) for _ in range(20)]
            caller.say(b"USER ann\r\n")
            await harness.hears(receiver, b"NICK ann\r\nUSER ann\r\n")
            await settle(lambda: harness.admission.total <= 6)
            assert receiver.ends == []
        for sock in silent + more:
            sock.close()


async def test_a_greeted_person_who_stays_silent_makes_room_too() -> None:
    limits = AdmissionLimits(silence_seconds=0.0, unrecognised_connections=1)
    async with open_listener(limits=limits) as harness, call(harness) as silent:
        receiver = await harness.receiver()
        async with call(harness):
            assert await silent.hears_the_end() == b""
            await harness.until(lambda: receiver.ends)
            assert receiver.ends == ["Too many connections were idle."]


async def test_whoever_finds_no_place_gets_an_apology() -> None:
    limits = AdmissionLimits(silence_seconds=LONG, connections_an_address=1)
    async with open_listener(limits=limits, apology=b"Full.\n") as harness, call(harness) as caller:
        caller.say(b"NICK ann\r\n")
        (await harness.receiver()).connection.settled()
        async with call(harness) as late:
            assert await late.hears_the_end() == b"Full.\n"
        assert harness.reports == ["A connection from 127.0.0.1 was refused: too many connections."]
        assert harness.admission.total == 1


async def test_the_end_drops_whoever_said_nothing() -> None:
    async with open_listener() as harness, call(harness) as silent:
        await settle(lambda: harness.admission.total == 1)
        harness.admission.drop_newcomers()
        assert await silent.hears_the_end() == b""
        await settle(lambda: harness.admission.total == 0)


def come_and_speak(admission: Admission, address: str, count: int) -> list[Someone]:
    people = come(admission, address, count)
    for someone in people:
        admission.recognise(address, someone)
        admission.await_entry(address, someone)
    return people


def test_a_word_keeps_nobody_out() -> None:
    """Who spoke and came no further makes room as the silent do; who is in never does."""
    admission = Admission(AdmissionLimits(connections=5))
    settled, crowd = come_and_speak(admission, "192.0.2.1", 1), come_and_speak(admission, "192.0.2.2", 2)
    admission.settle("192.0.2.1", settled[0])
    silent = come(admission, "192.0.2.3", 2)
    for number in range(4):
        assert admission.drop_from_crowd()
        inorder = [silent[0], crowd[0], silent[1], crowd[1]]
        assert dropped(inorder) == [place <= number for place in range(4)]
    assert not admission.enter("192.0.2.4", Someone()) and dropped(settled) == [False]


def test_those_who_speak_at_once_keep_out_nobody_who_is_silent_for_a_moment() -> None:
    """As everybody is who begins with TLS. Of the same address, too."""
    admission = Admission(AdmissionLimits(connections=20, connections_an_address=5))
    for number in range(19):
        come_and_speak(admission, f"2001:db8:1:{number}::1", 1)
    person = come(admission, "192.0.2.1", 1)
    for number in range(19, 40):
        come_and_speak(admission, f"2001:db8:1:{number}::1", 1)
    assert dropped(person) == [False]
    near = Admission(AdmissionLimits(connections_an_address=5))
    come_and_speak(near, "192.0.2.1", 4)
    person = come(near, "192.0.2.1", 1)
    for _ in range(3):
        come_and_speak(near, "192.0.2.1", 1)
    assert dropped(person) == [False]


def test_a_silent_crowd_makes_room_before_those_who_spoke_elsewhere() -> None:
    admission = Admission(AdmissionLimits(connections=12))
    clients = [come_and_speak(admission, f"192.0.2.{number}", 2) for number in range(4)]
    crowd = [come(admission, f"2001:db8:1:{number}::1", 1)[0] for number in range(4)]
    assert admission.enter("192.0.2.9", Someone())
    assert dropped(crowd) == [True, False, False, False]
    assert [dropped(one) for one in clients] == [[False, False]] * 4


def test_a_word_makes_room_for_others_from_the_same_address() -> None:
    admission = Admission(AdmissionLimits(connections_an_address=2))
    first, second = come_and_speak(admission, "192.0.2.1", 2)
    admission.settle("192.0.2.1", first)
    assert admission.enter("192.0.2.1", Someone()) and dropped([first, second]) == [False, True]


def test_a_wide_network_is_one_crowd() -> None:
    admission = Admission(AdmissionLimits(connections=7))
    alone = come_and_speak(admission, "2001:db8:1::1", 3)
    spread = [come_and_speak(admission, f"2001:db8:2:{number}::1", 1)[0] for number in range(4)]
    assert admission.enter("192.0.2.1", Someone())
    assert dropped(alone) == [False] * 3 and dropped(spread) == [True, False, False, False]


async def test_who_has_come_in_stays() -> None:
    """On real connections."""
    limits = AdmissionLimits(connections=2, silence_seconds=LONG)
    async with open_listener(limits=limits) as harness, call(harness) as one, call(harness) as two:
        one.say(b"CAP LS\r\n")
        inside = await harness.receiver()
        inside.connection.settled()
        two.say(b"CAP LS\r\n")
        outside = await harness.receiver(2)
        async with call(harness) as three:
            await harness.until(lambda: outside.ends)
            three.say(b"CAP LS\r\n")
            await harness.receiver(3)
            assert not inside.ends
            assert outside.ends == ["Too many connections did not sign in."]


def test_who_was_just_answered_makes_room_after_the_others_of_its_address() -> None:
    admission = Admission(AdmissionLimits(connections_an_address=3))
    first, second, third = come_and_speak(admission, "192.0.2.1", 3)
    admission.settle("192.0.2.1", third)
    for one in (first, third):
        admission.renew("192.0.2.1", one)
    assert admission.enter("192.0.2.1", Someone()) and dropped([first, second, third]) == [False, True, False]


@pytest.mark.parametrize(
    ("network", "most"), [("2001:db8:1:1{:02x}::1", 8), ("2001:db8:1:{:02x}00::1", 32), ("192.0.2.{}", 99)]
)
def test_whoever_has_many_networks_of_ipv6_fills_no_server(network: str, most: int) -> None:
    """A customer may have a /56 or a /48: of the addresses that are counted, 256 or 65,536."""
    admission = Admission(AdmissionLimits(connections_an_address=2))

    def enter(number: int) -> bool:
        address, someone = network.format(number), Someone()
        is_let_in = admission.enter(address, someone)
        if is_let_in:
            admission.recognise(address, someone)
        return is_let_in

    assert [enter(number) for number in range(99)] == [True] * most + [False] * (99 - most)
    assert admission.enter("2001:db8:2::1", Someone())
    admission.leave(network.format(0))
    assert enter(98)


def test_within_a_full_network_of_ipv6_silence_makes_room() -> None:
    admission = Admission(AdmissionLimits(connections_an_address=1))
    silent = [come(admission, f"2001:db8:1:1{number:02x}::1", 1)[0] for number in range(4)]
    elsewhere = come(admission, "2001:db8:1:200::1", 1)
    assert admission.enter("2001:db8:1:1ff::1", Someone())
    assert sum(dropped(silent)) == 1 and dropped(elsewhere) == [False]


def test_networks_that_nobody_comes_from_are_forgotten() -> None:
    admission = Admission(AdmissionLimits())
    for _ in range(3):
        admission.enter("2001:db8::1", Someone())
    for _ in range(3):
        admission.leave("2001:db8::1")
    assert not admission._networks
