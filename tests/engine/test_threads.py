"""Threads: what counting their unread replies costs."""

from hubbub.engine.event import Origin
from hubbub.engine.messages import MessageSaid, ToRoom
from hubbub.engine.threads import UNREAD_MAX, Summary, Thread, unread_of
from tests.opcodes import counting

ANN, BOB = 1, 2


def _thread() -> Thread:
    """One with as many replies as are counted, by bob and ann in turn, the last one by ann."""
    recent = tuple((number, ANN if number % 2 == 0 else BOB) for number in range(UNREAD_MAX + 10, 10, -1))
    return Thread(MessageSaid(1, Origin(ANN, "ann"), ToRoom(7, "tea"), "which?"), Summary(UNREAD_MAX), recent)


def test_replies_by_others_behind_the_marker_are_unread() -> None:
    thread, last = _thread(), UNREAD_MAX + 10
    assert unread_of(thread, ANN, 0) == UNREAD_MAX // 2
    assert [unread_of(thread, ANN, last - back) for back in (0, 1, 2, 3, 4)] == [0, 0, 1, 1, 2]
    assert [unread_of(thread, BOB, last - back) for back in (0, 1, 2, 3, 4)] == [0, 1, 1, 2, 2]


def test_a_follower_who_has_read_it_all_costs_few_steps() -> None:
    """Each reply counts anew for every follower who is connected."""
    thread = _thread()
    with counting() as count:
        unread_of(thread, BOB, UNREAD_MAX + 9)
    assert 0 < count.opcodes < 100
