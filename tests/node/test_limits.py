"""A person's pace, and what failed sign-ins cost."""

import pytest

from hubbub.engine.refusals import TooManyAttempts
from hubbub.node.limits import Bucket, Networks
from hubbub.node.signin import Attempts


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


def test_networks_hold_an_address_however_either_is_written() -> None:
    for network in ("::ffff:192.0.2.0/120", "192.0.2.0/24"):
        for address in ("192.0.2.7", "::ffff:192.0.2.7", "::FFFF:C000:207"):
            assert Networks((network,)).holds(address)
    assert Networks(("fe80::1%eth0",)).holds("fe80::1%eth1")


def test_failures_slow_down_the_account_and_the_address_each_time_longer() -> None:
    attempts = Attempts(failures=2, delay_seconds=30)
    for _ in range(2):
        assert attempts.refusal("ann", "192.0.2.1", 0) is None
        attempts.failed("ann", "192.0.2.1", 0)
    assert attempts.refusal("Ann", "192.0.2.9", 0) == TooManyAttempts(30), "the account, from anywhere"
    assert attempts.refusal("bob", "192.0.2.1", 0) == TooManyAttempts(30), "the address, for any account"
    assert attempts.refusal("bob", "192.0.2.9", 0) is None
    assert attempts.refusal("ann", "192.0.2.1", 30) is None
    attempts.failed("ann", "192.0.2.1", 30)
    assert attempts.refusal("ann", "192.0.2.1", 30) == TooManyAttempts(60)


def test_a_success_forgives() -> None:
    attempts = Attempts(failures=1, delay_seconds=30)
    attempts.failed("ann", "192.0.2.1", 0)
    assert attempts.refusal("ann", "192.0.2.1", 0)
    attempts.succeeded("ann", "192.0.2.1")
    assert attempts.refusal("ann", "192.0.2.1", 0) is None


def test_no_limit_means_none() -> None:
    attempts = Attempts(failures=0, delay_seconds=30)
    for _ in range(50):
        attempts.failed("ann", "192.0.2.1", 0)
    assert attempts.refusal("ann", "192.0.2.1", 0) is None


def test_what_strangers_make_up_does_not_grow_without_end() -> None:
    attempts = Attempts(failures=1, delay_seconds=30)
    for number in range(12_000):
        attempts.failed(f"name{number}", f"address{number}", 0)
    assert len(attempts._failed) <= 10_000
