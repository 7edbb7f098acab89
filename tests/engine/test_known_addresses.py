"""From where an account's owner has signed in: bounded, the one that was used last stays, and no address is told."""

from hubbub.engine.accounts import AccountRegistered
from hubbub.engine.engine import apply, decide
from hubbub.engine.event import Request
from hubbub.engine.ids import first_id_at
from hubbub.engine.known_addresses import KNOWN_MAX, USE_NOTED_MS, NoteAddress, address_digest
from hubbub.engine.refusals import NotPermitted, Refusal
from hubbub.engine.state import Credential, Role, State

START_MS = 1_795_000_000_000


def with_ann() -> State:
    state = State()
    apply(state, AccountRegistered(7, 7, "ann", Credential("hash", "keys"), Role.MEMBER, True))
    return state


def note(state: State, digest: str, at: int = START_MS) -> int:
    """How many events came of it."""
    answer = decide(state, Request(first_id_at(at), 0, NoteAddress(7, digest)))
    assert not isinstance(answer, Refusal)
    for event in answer:
        apply(state, event)
    return len(answer)


def test_it_is_noted_once_a_day() -> None:
    state = with_ann()
    assert [note(state, "a"), note(state, "a", START_MS + USE_NOTED_MS - 1)] == [1, 0]
    assert note(state, "a", START_MS + USE_NOTED_MS) == 1
    assert state.accounts[7].known == {"a": START_MS + USE_NOTED_MS}


def test_the_one_that_was_used_the_longest_ago_makes_way() -> None:
    state = with_ann()
    for number in range(KNOWN_MAX):
        note(state, f"place {number}", START_MS + number)
    note(state, "place 0", START_MS + USE_NOTED_MS)
    note(state, "elsewhere", START_MS + USE_NOTED_MS)
    known = list(state.accounts[7].known)
    assert len(known) == KNOWN_MAX
    assert known[0] == "place 2" and known[-2:] == ["place 0", "elsewhere"]


def test_only_the_shell_knows_where_somebody_signed_in() -> None:
    answer = decide(with_ann(), Request(first_id_at(START_MS), 3, NoteAddress(7, "a")))
    assert isinstance(answer, NotPermitted)


def test_a_digest_is_of_one_account_on_one_server_and_of_a_whole_subnet() -> None:
    one = address_digest(b"secret", 7, "2001:db8::1")
    assert one == address_digest(b"secret", 7, "2001:db8::2")
    others = [
        address_digest(b"secret", 8, "2001:db8::1"),
        address_digest(b"other", 7, "2001:db8::1"),
        address_digest(b"secret", 7, "2001:db8:0:1::1"),
    ]
    assert one not in others and len(one) == 32
