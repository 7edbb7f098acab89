"""What failed attempts cost, counted by address, and by address and name together."""

import pytest

from hubbub.engine.signin import TooManyAttempts
from hubbub.node.attempt_counters import (
    ENTRIES_MAX,
    FORGET_SECONDS,
    PAUSE_SECONDS_MAX,
    SCATTERED_MAX,
    Attempt,
    Attempts,
    Secret,
)


def at(
    name: str, address: str = "192.0.2.1", secret: Secret = Secret.ACCOUNT, is_known: bool = False
) -> Attempt:
    return Attempt(secret, name, address, "irc", is_known)


def tries(
    attempts: Attempts, attempt: Attempt, fits: bool = False, now: float = 0.0
) -> TooManyAttempts | None:
    """One whole attempt, if it may begin; else why not."""
    if refusal := attempts.refusal(attempt, now):
        return refusal
    assert not attempts.must_wait(attempt, now)
    attempts.begin(attempt, now)
    attempts.end(attempt, fits, now)
    return None


def guesses(attempts: Attempts, number: int, attempt: Attempt, now: float = 0.0) -> None:
    for _ in range(number):
        assert tries(attempts, attempt, now=now) is None


@pytest.fixture
def attempts() -> Attempts:
    return Attempts(failures=5, delay_seconds=30)


def test_after_some_failures_an_address_has_to_wait_each_time_longer(attempts: Attempts) -> None:
    guesses(attempts, 5, at("ann"))
    assert tries(attempts, at("ann"), True) == TooManyAttempts(30)
    assert tries(attempts, at("bob"), True) == TooManyAttempts(30), "whatever is guessed at from there"
    assert tries(attempts, at("Ann"), now=30) is None
    assert tries(attempts, at("ANN"), now=30) == TooManyAttempts(60)


def test_nobody_is_locked_out_from_elsewhere(attempts: Attempts) -> None:
    guesses(attempts, 5, at("ann"))
    assert tries(attempts, at("ann", "192.0.2.2"), True) is None


def test_where_the_owner_is_known_only_failures_at_this_account_count(attempts: Attempts) -> None:
    """A school has one address: who guesses at others there slows down who has never been there, and nobody else."""
    guesses(attempts, 5, at("bob"))
    owner = at("ann", is_known=True)
    assert tries(attempts, at("eve")) == TooManyAttempts(30)
    assert tries(attempts, owner, True) is None
    guesses(attempts, 5, owner)
    assert tries(attempts, owner) == TooManyAttempts(30)
    for at_seconds, wait in ((30, 60), (90, 120), (210, 120), (330, 120)):
        assert tries(attempts, owner, now=at_seconds) is None
        assert tries(attempts, owner, True, at_seconds) == TooManyAttempts(wait), (
            "a neighbour's guesses, perhaps"
        )


def test_one_customer_has_a_whole_subnet(attempts: Attempts) -> None:
    for number in range(5):
        guesses(attempts, 1, at("ann", f"2001:db8::{number}"))
    assert tries(attempts, at("ann", "2001:db8::ffff")) == TooManyAttempts(30)
    assert tries(attempts, at("ann", "2001:db8:0:1::1")) is None


def test_a_success_forgives_what_its_owner_failed_at_and_nothing_else(attempts: Attempts) -> None:
    guesses(attempts, 4, at("ann"))
    assert tries(attempts, at("ann"), True) is None
    guesses(attempts, 4, at("ann"))
    assert tries(attempts, at("ann"), True) is None
    for guess in range(4):
        guesses(attempts, 1, at(f"victim{guess}"))
        assert tries(attempts, at("ann"), True) is None
    guesses(attempts, 1, at("victim"))
    assert tries(attempts, at("victim")) == TooManyAttempts(30)


def test_attempts_count_from_when_they_begin(attempts: Attempts) -> None:
    ann = at("ann")
    for _ in range(5):
        assert not attempts.must_wait(ann, 0)
        attempts.begin(ann, 0)
    assert attempts.must_wait(ann, 0) and attempts.must_wait(at("bob"), 0)
    assert not attempts.must_wait(at("bob", "192.0.2.2"), 0)
    for _ in range(5):
        attempts.end(ann, False, 0)
    assert not attempts.must_wait(ann, 0)
    assert attempts.refusal(ann, 0) == TooManyAttempts(30)
    attempts.begin(ann, 30)
    assert attempts.must_wait(ann, 30), "after failures one at a time"


def test_an_attempt_that_was_never_looked_at_counts_for_nothing(attempts: Attempts) -> None:
    for _ in range(20):
        attempts.begin(at("ann"), 0)
        attempts.end(at("ann"), None, 0)
    guesses(attempts, 5, at("ann"))


def test_one_failure_after_the_other_is_forgotten(attempts: Attempts) -> None:
    guesses(attempts, 4, at("ann"))
    guesses(attempts, 2, at("ann"), FORGET_SECONDS)
    assert tries(attempts, at("ann"), now=FORGET_SECONDS) == TooManyAttempts(30)
    guesses(attempts, 5, at("ann"), 10 * FORGET_SECONDS)


def test_each_kind_of_secret_has_counts_of_its_own(attempts: Attempts) -> None:
    for secret in Secret:
        guesses(attempts, 5, at("root", secret=secret))
        assert tries(attempts, at("root", secret=secret))


def test_an_account_that_is_guessed_at_from_everywhere_is_guessed_at_slowly(attempts: Attempts) -> None:
    """Its owner waits a few seconds where they have never been, and nowhere else; a stranger has one guess."""
    for number in range(SCATTERED_MAX):
        guesses(attempts, 1, at("ann", f"192.0.2.{number}"))
    for number in range(PAUSE_SECONDS_MAX + 5):
        guesser = at("ann", f"198.51.100.{number}")
        assert attempts.begin(guesser, 0) == min(number + 1, PAUSE_SECONDS_MAX)
        attempts.end(guesser, False, 0)
        assert attempts.refusal(guesser, 0) == TooManyAttempts(30)
    assert attempts.begin(at("ann", "203.0.113.1"), 0) == PAUSE_SECONDS_MAX, "a pause, and no refusal"
    assert attempts.begin(at("ann", "203.0.113.2", is_known=True), 0) == 0
    assert attempts.begin(at("bob", "203.0.113.3"), 0) == 0


def test_no_limit_means_none() -> None:
    attempts = Attempts(failures=0, delay_seconds=30)
    guesses(attempts, 50, at("ann"))


def test_with_many_addresses_nobody_pushes_out_what_holds_them_back(attempts: Attempts) -> None:
    guesses(attempts, 5, at("ann"))
    for number in range(ENTRIES_MAX + 1_000):
        guesses(attempts, 1, at(f"name{number}", f"address{number}"))
    assert tries(attempts, at("ann")) == TooManyAttempts(30)
    for counts in (attempts._places, attempts._pairs, attempts._scattered):
        assert len(counts) <= ENTRIES_MAX


def test_what_ends_after_it_was_pushed_out_is_no_mistake(attempts: Attempts) -> None:
    attempts.end(at("ann"), True, 0)
    attempts.end(at("ann"), None, 0)
    guesses(attempts, 5, at("ann"))
