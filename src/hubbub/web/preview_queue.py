"""The queue of links to preview: bounded, fair between addresses; a link leaves it when nobody waits for it."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import Any, Final, Generic, TypeVar

from hubbub.web.errors import Failure

log = logging.getLogger("hubbub")

T = TypeVar("T")
K = TypeVar("K")

AT_ONCE_MAX: Final = 8
AT_ONCE_AN_ADDRESS_MAX: Final = 4
AT_ONCE_A_PERSON_MAX: Final = 3
"""The lookups of one person at once, so that one person's slow links do not fill all places."""
WAITING_MAX: Final = 1_000
"""The most requests that wait, for one link or several: each holds memory."""
WAITING_AN_ADDRESS_MAX: Final = 120
WAITING_A_PERSON_MAX: Final = 60
"""A room with a link in every message that is seen."""
PAUSE_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class Asker:
    """`address` is what it is counted as. Askers exempt from limits wait in turn too."""

    person: int
    address: str
    is_exempt: bool = False


@dataclass(eq=False, slots=True)
class _Link(Generic[T]):
    url: str
    asks: dict["_Ask[T]", None] = field(default_factory=dict)
    task: asyncio.Task[None] | None = None
    """Once it has begun."""


@dataclass(eq=False, slots=True)
class _Ask(Generic[T]):
    """One request; its answer is cancelled where it had to make room."""

    asker: Asker
    link: _Link[T]
    answer: asyncio.Future[T | None]


class _Turns:
    """Whose link is next: addresses take turns, at each of them its people, and of each person what came first."""

    def __init__(self) -> None:
        self._lines: dict[str, dict[int, dict[_Ask[Any], None]]] = {}
        """The address, and the person at it, whose turn it is first."""
        self._begun_at = Counter[str]()
        self._begun_of = Counter[int]()

    def add(self, ask: _Ask[Any]) -> None:
        self._lines.setdefault(ask.asker.address, {}).setdefault(ask.asker.person, {})[ask] = None

    def remove(self, ask: _Ask[Any]) -> None:
        """Nothing where it does not wait any more."""
        address, person = ask.asker.address, ask.asker.person
        people = self._lines.get(address, {})
        line = people.get(person, {})
        line.pop(ask, None)
        if not line:
            people.pop(person, None)
        if not people:
            self._lines.pop(address, None)

    def next(self) -> _Ask[Any] | None:
        """Its person and its address go behind the others."""
        if self._begun_at.total() >= AT_ONCE_MAX:
            return None
        for address, people in self._lines.items():
            if self._begun_at[address] >= AT_ONCE_AN_ADDRESS_MAX:
                continue
            for person, line in people.items():
                if self._begun_of[person] < AT_ONCE_A_PERSON_MAX:
                    people[person] = people.pop(person)
                    self._lines[address] = self._lines.pop(address)
                    return next(iter(line))
        return None

    def begin(self, asker: Asker) -> None:
        self._begun_at[asker.address] += 1
        self._begun_of[asker.person] += 1

    def end(self, asker: Asker) -> None:
        _one_less(self._begun_at, asker.address)
        _one_less(self._begun_of, asker.person)


class Lookups(Generic[T]):
    """Looks up each link once for all who ask for it meanwhile, at the first turn that any of them has."""

    def __init__(self, look_up: Callable[[str], Awaitable[T | None]]) -> None:
        self._look_up = look_up
        self._links: dict[str, _Link[T]] = {}
        self._waiting: dict[str, dict[_Ask[T], None]] = {}
        """Address → its requests, the last one last; also those whose links are being looked up."""
        self._of_person = Counter[int]()
        self._turns = _Turns()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def waiting(self) -> int:
        """The number of waiting requests."""
        return self._of_person.total()

    def is_asked(self, url: str) -> bool:
        """Whether a request waits for it, or it is being looked up."""
        return url in self._links

    async def ask(self, url: str, asker: Asker, gone: asyncio.Future[None]) -> T | None:
        """Raises Failure where too much waits already, and ConnectionResetError as soon as its peer is `gone`."""
        ask = self._enter(url, asker)
        try:
            self._begin()
            await asyncio.wait((ask.answer, gone), return_when=asyncio.FIRST_COMPLETED)
            if ask.answer.cancelled():
                raise _full()
            if not ask.answer.done():
                raise ConnectionResetError("the peer is gone")
            return ask.answer.result()
        finally:
            self._leave(ask)

    async def stop(self) -> None:
        for ask in [ask for asks in self._waiting.values() for ask in asks]:
            self._turn_away(ask)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _enter(self, url: str, asker: Asker) -> _Ask[T]:
        if not asker.is_exempt:
            self._check(asker)
        link = self._links.setdefault(url, _Link(url))
        ask = _Ask(asker, link, asyncio.get_running_loop().create_future())
        link.asks[ask] = None
        self._waiting.setdefault(asker.address, {})[ask] = None
        self._of_person[asker.person] += 1
        if link.task is None:
            self._turns.add(ask)
        return ask

    def _check(self, asker: Asker) -> None:
        own = len(self._waiting.get(asker.address, ()))
        if self._of_person[asker.person] >= WAITING_A_PERSON_MAX:
            raise _too_many("You are looking up too many links at once.")
        if own >= WAITING_AN_ADDRESS_MAX:
            raise _too_many("Your address is looking up too many links at once.")
        if self.waiting >= WAITING_MAX and not self._make_room(own):
            raise _full()

    def _make_room(self, own: int) -> bool:
        """Turn away the last one of the address for which most wait, if that are more than wait for the newcomer's."""
        crowd = max(self._waiting.values(), key=len)
        if len(crowd) <= own + 1:
            return False
        self._turn_away(next(reversed(crowd)))
        return True

    def _turn_away(self, ask: _Ask[T]) -> None:
        ask.answer.cancel()
        self._leave(ask)

    def _leave(self, ask: _Ask[T]) -> None:
        """Remove a request, if it is there. A link without requests is not looked up; a lookup under way ends."""
        address, link = ask.asker.address, ask.link
        waiting = self._waiting.get(address, {})
        if ask not in waiting:
            return
        del waiting[ask], link.asks[ask]
        if not waiting:
            del self._waiting[address]
        _one_less(self._of_person, ask.asker.person)
        self._turns.remove(ask)
        if not link.asks and self._links.get(link.url) is link:
            del self._links[link.url]
            if link.task:
                link.task.cancel()

    def _begin(self) -> None:
        while ask := self._turns.next():
            self._turns.begin(ask.asker)
            for one in ask.link.asks:
                self._turns.remove(one)
            task = ask.link.task = asyncio.get_running_loop().create_task(self._run(ask.link))
            task.add_done_callback(partial(self._ended, ask.asker))
            self._tasks.add(task)

    async def _run(self, link: _Link[T]) -> None:
        found = None
        try:
            found = await self._look_up(link.url)
        except Exception:
            log.exception("A bug in looking up a link")
        # Unless nobody waits for it any more, and somebody has asked anew.
        if self._links.get(link.url) is link:
            del self._links[link.url]
        for ask in link.asks:
            ask.answer.set_result(found)

    def _ended(self, asker: Asker, task: asyncio.Task[None]) -> None:
        """Also one that was cancelled, be it before it could begin."""
        self._tasks.discard(task)
        self._turns.end(asker)
        self._begin()


def _one_less(counter: Counter[K], key: K) -> None:
    counter[key] -= 1
    if not counter[key]:
        del counter[key]


def _too_many(sentence: str) -> Failure:
    return _come_again(HTTPStatus.TOO_MANY_REQUESTS, sentence)


def _full() -> Failure:
    return _come_again(
        HTTPStatus.SERVICE_UNAVAILABLE, "The server is looking up too many links at the moment."
    )


def _come_again(status: HTTPStatus, sentence: str) -> Failure:
    return Failure(status, f"{sentence} Try again in {PAUSE_SECONDS} s.", {"Retry-After": str(PAUSE_SECONDS)})
