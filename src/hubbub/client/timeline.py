"""A conversation's known messages, oldest first, with the places where some may be missing.

1 2 | 7 8            a gap: 7 follows one, since the page with 7 and 8 touched nothing that was known
1 2 | 5 6 7 8        the page before 7 joins what is newer: the gap is before 5 now
1 2 3 4 5 6 7 8      the page 2 3 4 5 has 2 and 5 from before, so nothing is missing between them
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Generic, Protocol, TypeVar


class Placed(Protocol):
    """The fields of messages that a timeline needs."""

    id: str
    time_ms: int
    place_ms: int
    follows_gap: bool


M = TypeVar("M", bound=Placed)


class Timeline(Generic[M]):
    """Messages in their order; none with an id is there twice.

    `place_ms` never falls from one message to the next, so that places are found by bisection. What comes live stands
    at the end whatever its time says; pages of history are put where their times belong.
    """

    __slots__ = ("_by_id", "is_whole", "messages")

    def __init__(self) -> None:
        self.messages: list[M] = []
        self.is_whole = False
        """Nothing older than the first message exists, or may be read."""
        self._by_id: dict[str, M] = {}

    def __len__(self) -> int:
        return len(self.messages)

    def find(self, message_id: str) -> M | None:
        return self._by_id.get(message_id) if message_id else None

    def append(self, message: M, *, is_local: bool = False) -> bool:
        """Put what has just happened at the end; whether it was new.

        A `local` message has a time of another clock: it stands where it stands, and moves nothing that follows.
        """
        if not self._note(message):
            return False
        last = self.messages[-1].place_ms if self.messages else 0
        message.place_ms = last if is_local and last else max(message.time_ms, last)
        self.messages.append(message)
        return True

    def merge(self, page: Sequence[M], *, joins_older: bool = False, joins_newer: bool = False) -> list[M]:
        """Put a page of history in its place; those of it that are new.

        Where the page's edge is not known to `join` what stands beside it already, a gap is marked there. What of the
        page was known before shows that there is none: it closes gaps within the page.
        """
        known = [self._by_id.get(message.id, message) for message in page]
        new = [message for message in page if self._note(message)]
        fresh = {id(message) for message in new}
        for message in new:
            message.place_ms = message.time_ms
        if new:
            new.sort(key=lambda message: message.place_ms)
            if not self.messages or new[-1].place_ms < self.messages[0].place_ms:
                self.messages[:0] = new
            else:
                seats = _seats(known, fresh, self.messages)
                self.messages = sorted([*self.messages, *new], key=_order(page, self.messages, seats))
        self._mark_gaps(known, fresh, joins_older, joins_newer)
        return new

    def _mark_gaps(self, page: Sequence[M], fresh: set[int], joins_older: bool, joins_newer: bool) -> None:
        if not page:
            return
        at = sorted((self.index(message), place) for place, message in enumerate(page))
        first, last = at[0][0], at[-1][0]
        for message in self.messages[first + 1 : last + 1]:
            message.follows_gap = False
        oldest, newest = self.messages[first], self.messages[last]
        if joins_older or first == 0:
            oldest.follows_gap = False
        elif id(oldest) in fresh:
            oldest.follows_gap = True
        if last + 1 < len(self.messages):
            after = self.messages[last + 1]
            if joins_newer:
                after.follows_gap = False
            elif id(newest) in fresh:
                after.follows_gap = True

    def _note(self, message: M) -> bool:
        """Whether it is new; what has no id is known by its place."""
        if not message.id:
            return message.place_ms == 0
        if message.id in self._by_id:
            return False
        self._by_id[message.id] = message
        return True

    def index(self, message: M) -> int:
        """The index of a message in it. Raises ValueError for another."""
        at = bisect_right(self.messages, message.place_ms, key=lambda m: m.place_ms) - 1
        while at >= 0 and self.messages[at].place_ms == message.place_ms:
            if self.messages[at] is message:
                return at
            at -= 1
        raise ValueError("the message is not in this timeline")

    def before(self, message: M) -> M | None:
        """The message before this one."""
        at = self.index(message)
        return self.messages[at - 1] if at else None

    def since(self, time_ms: int) -> Iterator[M]:
        """The messages later than a time."""
        start = bisect_right(self.messages, time_ms, key=lambda message: message.place_ms)
        return (self.messages[at] for at in range(start, len(self.messages)))

    def oldest(self) -> M | None:
        """The first message that has an id or at least a time of the server's."""
        return self.messages[0] if self.messages else None

    def newest_known(self) -> M | None:
        """The last message that the server has an id for."""
        return next((message for message in reversed(self.messages) if message.id), None)

    def gaps(self) -> list[M]:
        """The messages before which something may be missing, the newest first."""
        return [message for message in reversed(self.messages) if message.follows_gap]


_Seat = tuple[int, int]
"""Beside which message of the timeline one stands, by its index; and whether before it (-1) or after it (1)."""


def _seats(page: Sequence[Placed], fresh: set[int], others: Sequence[Placed]) -> dict[int, _Seat]:
    """The places of new messages beside known ones of their millisecond: before the next, else after the last."""
    seats: dict[int, _Seat] = {id(message): (at, 0) for at, message in enumerate(others)}
    for side, messages in ((-1, list(reversed(page))), (1, page)):
        beside: Placed | None = None
        for message in messages:
            if id(message) not in fresh:
                beside = message
            elif beside and beside.place_ms == message.place_ms and id(beside) in seats:
                seats.setdefault(id(message), (seats[id(beside)][0], side))
    return seats


def _order(
    page: Sequence[Placed], others: Sequence[Placed], seats: dict[int, _Seat]
) -> Callable[[Placed], tuple[int, str, _Seat]]:
    """By place; of the same millisecond by id, where ids sort like what they are for, else as in the page.

    What has no id goes with what stands before it.
    """
    end = (len(others), 0)
    named = [message for message in page if message.id]
    ties = [(a.id, b.id) for a, b in pairwise(named) if a.time_ms == b.time_ms]
    if any(before >= after for before, after in ties):
        return lambda message: (message.place_ms, "", seats.get(id(message), end))
    ids: dict[int, str] = {}
    for messages in (others, page):
        last = ""
        for message in messages:
            last = ids[id(message)] = message.id or last
    return lambda message: (message.place_ms, ids[id(message)], seats.get(id(message), end))
