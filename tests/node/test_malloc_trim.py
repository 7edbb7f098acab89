"""What those who have left took goes back to the system."""

import gc
import platform
import resource
from pathlib import Path

import pytest

from hubbub.node.malloc_trim import MANY, Returning, give_back
from hubbub.transports.base import WireProtocol
from tests.server_harness import ServerHarness

PIECE_BYTES = 20_000
PIECES = 5_000


def test_it_is_given_back_when_half_have_left_and_they_are_many() -> None:
    given: list[int] = []
    returning = Returning(lambda: given.append(sessions))
    for sessions in (0, MANY, 1, MANY - 1, 3 * MANY, 2 * MANY, MANY, 0, 0, MANY + 5, 6, 5, 0):
        returning.look(sessions)
    assert given == [MANY, 0, 5]


async def test_the_server_looks_how_many_there_are(harness: ServerHarness) -> None:
    given: list[int] = []
    harness.node.sweeper.returning = Returning(lambda: given.append(len(harness.node.live)))
    names = [f"p{number}" for number in range(MANY)]
    for name in names:
        harness.connect(name, WireProtocol.NETCAT)
    harness.node.sweep()
    for name in names:
        harness.people[name].hang_up()
    harness.node.sweep()
    assert given == [0]


def test_free_pieces_between_others_are_given_back() -> None:
    if platform.libc_ver()[0] != "glibc":
        pytest.skip("only glibc keeps them")
    pieces = [bytes(PIECE_BYTES) for _ in range(PIECES)]
    kept = pieces[::50]
    full = _resident_bytes()
    pieces.clear()
    gc.collect()
    give_back()
    assert full - _resident_bytes() > PIECES * PIECE_BYTES / 2
    assert len(kept) == PIECES / 50


def _resident_bytes() -> int:
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * resource.getpagesize()
