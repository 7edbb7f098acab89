"""A person's pace, networks, and how many accounts an address may have made."""

import pytest

from hubbub.addresses import count_key
from hubbub.engine.signin import TooManyAttempts
from hubbub.node.limits import Bucket, Daily, Networks, Work


def test_a_burst_passes_then_lines_come_at_the_rate() -> None:
    bucket = Bucket(rate=2, burst=3, now=100.0)
    assert [bucket.take(100.0) for _ in range(3)] == [0, 0, 0]
    assert bucket.take(100.0) == pytest.approx(0.5)
    assert bucket.take(100.5) == 0
    assert bucket.take(100.5) > 0


def test_rest_never_gives_more_than_the_burst() -> None:
    bucket = Bucket(rate=10, burst=2, now=0.0)
    assert [bucket.take(1000.0) for _ in range(3)] == [0, 0, pytest.approx(0.1)]


def test_networks_hold_their_addresses_and_no_others() -> None:
    networks = Networks(("192.0.2.0/24", "2001:db8::1"))
    assert networks.holds("192.0.2.77") and networks.holds("2001:db8::1")
    assert not networks.holds("192.0.3.1") and not networks.holds("nonsense")
    assert not Networks(()).holds("127.0.0.1")


def test_networks_hold_an_address_however_it_is_written() -> None:
    networks = Networks(("192.0.2.7", "fe80::/10"))
    assert networks.holds("::ffff:192.0.2.7") and networks.holds("fe80::1%eth0")


def test_accounts_count_from_when_they_are_asked_for() -> None:
    registrations = Daily()
    assert [registrations.begin(count_key("192.0.2.1"), 2, 0.0) for _ in range(3)] == [
        None,
        None,
        TooManyAttempts(86_400),
    ]
    registrations.give_back(count_key("192.0.2.1"), 0.0, 5.0)
    assert registrations.begin(count_key("192.0.2.1"), 2, 5.0) is None, "nothing came of one of them"
    assert registrations.begin(count_key("192.0.2.2"), 2, 5.0) is None
    assert registrations.begin(count_key("192.0.2.1"), 2, 86_405.0) is None, "a day later"


def test_accounts_of_one_subnet_count_together() -> None:
    registrations = Daily()
    assert registrations.begin(count_key("2001:db8::1"), 1, 0.0) is None
    assert registrations.begin(count_key("2001:db8::2"), 1, 0.0) == TooManyAttempts(86_400)
    assert registrations.begin(count_key("2001:db8:0:1::1"), 1, 0.0) is None


def test_an_address_has_its_share_of_the_work_and_then_waits() -> None:
    work = Work()
    for _ in range(10):
        work.add("192.0.2.7", 0.05, 100.0)
    assert work.wait("192.0.2.7", 100.0) == pytest.approx(0, abs=1e-9)
    work.add("192.0.2.7", 0.05, 100.0)
    assert work.wait("192.0.2.7", 100.0) == pytest.approx(0.2)
    assert work.wait("192.0.2.7", 100.2) == pytest.approx(0, abs=1e-9)
    assert work.wait("192.0.2.8", 100.0) == 0
    work.add("2001:db8::1", 10, 100.0)
    assert work.wait("2001:db8::2", 100.0) == pytest.approx(38)
    assert work.wait("2001:db8::2", 200.0) == 0


def test_what_everybody_does_all_the_time_is_no_work_to_wait_for() -> None:
    work = Work()
    for _ in range(100_000):
        work.add("192.0.2.7", 0.0001, 100.0)
    assert work.wait("192.0.2.7", 100.0) == 0
