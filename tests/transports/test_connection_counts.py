"""Which address has most connections that may have to make room, and what it costs to know that."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.addresses import count_key, parse_address
from hubbub.transports.admission import Admission, AdmissionLimits
from hubbub.transports.connection_counts import Crowds
from tests.opcodes import counting

ADDRESSES = [
    *(
        f"2001:db8:{customer}:{site:x}{subnet:02x}::1"
        for customer in "12"
        for site in (1, 2)
        for subnet in (0, 1)
    ),
    *("192.0.2.1", "192.0.2.2", "console"),
]


def networks(key: str) -> list[str]:
    """Of its /48, its /56 and itself the names that nobody else has."""
    if ":" not in key:
        return [key] * 3
    number = int(parse_address(key.partition("/")[0]))
    return [f"{number >> 80}/48", f"{number >> 72}/56", key]


@given(st.lists(st.tuples(st.sampled_from(ADDRESSES), st.integers(0, 3), st.booleans())))
def test_the_greatest_crowd_is_the_one_that_a_search_would_find(steps: list[tuple[str, int, bool]]) -> None:
    crowds, there = Crowds[int](), dict[tuple[str, int], None]()
    for address, number, comes in steps:
        key = count_key(address)
        if comes:
            crowds.add(key, number)
            there.setdefault((key, number))
        else:
            assert crowds.remove(key, number) is ((key, number) in there)
            there.pop((key, number), None)
        left = [networks(key) for key, _ in there]
        assert len(crowds) == len(left)
        if not left:
            continue
        found = networks(crowds.most())
        for level, name in enumerate(found):
            counts = Counter(one[level] for one in left if one[:level] == found[:level])
            assert counts[name] == max(counts.values())
            assert level or counts[name] == crowds.greatest
        assert crowds.count(crowds.most()) == sum(one[-1] == found[-1] for one in left)


def test_the_oldest_of_an_address_is_the_first_that_was_not_renewed() -> None:
    crowds = Crowds[str]()
    for one in ("a", "b", "c"):
        crowds.add("192.0.2.1", one)
    crowds.renew("192.0.2.1", "a")
    crowds.renew("192.0.2.1", "nobody")
    crowds.renew("192.0.2.2", "a")
    crowds.add("192.0.2.1", "b")
    assert crowds.oldest("192.0.2.1") == "b"
    assert crowds.oldest("192.0.2.2") is None
    assert [crowds.remove("192.0.2.1", one) for one in ("b", "c", "b", "a")] == [True, True, False, True]
    assert len(crowds) == 0 and not crowds.keys()


class Someone:
    def __init__(self, admission: Admission, address: str) -> None:
        self._admission, self._address = admission, address

    def drop(self, reason: str) -> None:
        self._admission.leave(self._address)


def opcodes_of_a_newcomer(addresses: int, speak: bool) -> int:
    """Where it is full, with as many connections as addresses."""
    limits = AdmissionLimits(addresses, connections_an_address=addresses, unrecognised_connections=addresses)
    admission = Admission(limits)

    def come(address: str) -> None:
        someone = Someone(admission, address)
        assert admission.enter(address, someone)
        if speak:
            admission.recognise(address, someone)
            admission.await_entry(address, someone)

    for number in range(addresses):
        come(f"2001:db8:{number >> 12:x}:{number & 0xFFF:x}::1")
    with counting() as count:
        come("2001:db8:ffff::1")
    assert admission.total == addresses
    return count.opcodes


@pytest.mark.parametrize("speak", [False, True])
def test_however_many_addresses_fill_the_server_a_newcomer_costs_the_same(speak: bool) -> None:
    """Else who has a /48 makes every connection that comes cost as much as ten thousand."""
    assert opcodes_of_a_newcomer(5_000, speak) < 1.5 * opcodes_of_a_newcomer(50, speak)
