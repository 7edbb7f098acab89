"""Who waits for whom while passwords are hashed; the executor does nothing by itself."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

import pytest

from hubbub.node.password_queue import (
    CONSOLE,
    WAITING_AN_ADDRESS_MAX,
    WAITING_MAX,
    Asker,
    Lane,
    NotWanted,
    PasswordQueue,
    QueueFull,
)


class Hand(Executor):
    """Work is done when a test says so, in the order in which it was given."""

    def __init__(self) -> None:
        self.given: list[tuple[Future[Any], Callable[[], Any]]] = []
        self.done: list[Any] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.given.append((future, fn))
        return future

    async def finish(self, number: int = 1) -> None:
        """Do the work that was given first, and let what waits go on."""
        for _ in range(number):
            future, work = self.given.pop(0)
            future.set_running_or_notify_cancel()
            try:
                self.done.append(result := work())
                future.set_result(result)
            except ValueError as error:
                future.set_exception(error)
            for _ in range(5):
                await asyncio.sleep(0)


class Desk:
    """A queue, and those who have asked."""

    def __init__(self, at_once: int = 1) -> None:
        self.hand = Hand()
        self.queue = PasswordQueue(self.hand, at_once)
        self.asked: list[asyncio.Task[Any]] = []

    async def ask(self, what: str, asker: Asker) -> asyncio.Task[Any]:
        task = asyncio.ensure_future(self.queue.run(asker, lambda: what))
        self.asked.append(task)
        await asyncio.sleep(0)
        return task

    async def finish_all(self) -> list[Any]:
        while self.hand.given:
            await self.hand.finish()
        await asyncio.gather(*self.asked, return_exceptions=True)
        return self.hand.done


def signing_in(address: str, **more: Any) -> Asker:
    return Asker(Lane.SIGNING_IN, address, **more)


async def test_no_more_at_once_than_was_said() -> None:
    desk = Desk(at_once=2)
    for number in range(5):
        await desk.ask(str(number), signing_in(f"192.0.2.{number}"))
    assert len(desk.hand.given) == 2
    await desk.hand.finish()
    assert len(desk.hand.given) == 2
    assert await desk.finish_all() == ["0", "1", "2", "3", "4"]


async def test_a_person_who_signs_in_waits_for_one_and_not_for_all_of_another_address() -> None:
    desk = Desk()
    for number in range(9):
        await desk.ask(f"crowd {number}", signing_in("192.0.2.1"))
    await desk.ask("ann", signing_in("192.0.2.2"))
    await desk.hand.finish(2)
    assert desk.hand.done == ["crowd 0", "crowd 1"]
    await desk.hand.finish()
    assert desk.hand.done[-1] == "ann"
    await desk.finish_all()


@pytest.mark.parametrize("lane", Lane)
@pytest.mark.parametrize("at_once", [2, 3, 8])
async def test_one_address_leaves_a_thread_to_the_others(at_once: int, lane: Lane) -> None:
    desk = Desk(at_once)
    for number in range(20):
        await desk.ask(f"crowd {number}", Asker(lane, "192.0.2.1"))
    assert len(desk.hand.given) == at_once - 1
    await desk.hand.finish()
    await desk.ask("ann", Asker(lane, "192.0.2.2"))
    assert len(desk.hand.given) == at_once and desk.hand.given[-1][1]() == "ann", "ann's begins at once"
    await desk.finish_all()
    assert sorted(desk.hand.done) == sorted(["ann", *(f"crowd {number}" for number in range(20))])


async def test_who_signs_in_beside_those_who_register_at_the_same_address_waits_for_none_of_them() -> None:
    desk = Desk(at_once=2)
    for number in range(5):
        await desk.ask(f"new {number}", Asker(Lane.MAKING, "192.0.2.1"))
    await desk.ask("ann", signing_in("192.0.2.1"))
    assert [work() for _, work in desk.hand.given] == ["new 0", "ann"]
    await desk.finish_all()


async def test_who_waits_behind_a_kept_thread_has_its_turn_when_the_thread_is_free() -> None:
    desk = Desk(at_once=2)
    for number in range(3):
        await desk.ask(f"crowd {number}", signing_in("192.0.2.1"))
    await desk.ask("ann", signing_in("192.0.2.2"))
    await desk.ask("bob", signing_in("192.0.2.3"))
    assert await desk.finish_all() == ["crowd 0", "ann", "crowd 1", "bob", "crowd 2"]


async def test_of_several_addresses_each_has_its_turn() -> None:
    desk = Desk()
    await desk.ask("first", signing_in("192.0.2.9"))
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
        for number in range(3):
            await desk.ask(f"{address[-1]}{number}", signing_in(address))
    assert (await desk.finish_all())[1:] == ["10", "20", "30", "11", "21", "31", "12", "22", "32"]


async def test_who_signs_in_again_and_again_goes_behind_the_others_each_time() -> None:
    """Successes as well: whatever was done for an address, the next of it waits for its turn."""
    desk = Desk()
    for number in range(3):
        await desk.ask(f"loop {number}", signing_in("192.0.2.1"))
    await desk.hand.finish()
    await desk.ask("ann", signing_in("192.0.2.2"))
    await desk.ask("loop 3", signing_in("192.0.2.1"))
    assert (await desk.finish_all())[:4] == ["loop 0", "loop 1", "loop 2", "ann"]


async def test_one_subnet_is_one_address() -> None:
    desk = Desk()
    await desk.ask("first", signing_in("192.0.2.9"))
    for number in range(3):
        await desk.ask(f"crowd {number}", signing_in(f"2001:db8::{number}"))
    await desk.ask("ann", signing_in("2001:db8:0:1::1"))
    assert (await desk.finish_all())[:3] == ["first", "crowd 0", "ann"]


async def test_signing_in_and_registering_take_turns_even_at_one_address() -> None:
    desk = Desk()
    for number in range(WAITING_AN_ADDRESS_MAX + 1):
        await desk.ask(f"new {number}", Asker(Lane.MAKING, "192.0.2.1"))
    await desk.ask("ann", signing_in("192.0.2.1"))
    await desk.ask("bob", Asker(Lane.KNOWN, "192.0.2.1"))
    done = await desk.finish_all()
    assert max(done.index("ann"), done.index("bob")) <= 3


async def test_more_than_a_few_of_one_address_are_asked_to_come_again() -> None:
    desk = Desk()
    asked = [await desk.ask(str(n), signing_in("192.0.2.1")) for n in range(WAITING_AN_ADDRESS_MAX + 3)]
    await asyncio.sleep(0)
    refused = [task for task in asked if task.done()]
    assert len(refused) == 2 and all(isinstance(task.exception(), QueueFull) for task in refused)
    assert (
        str(QueueFull.refusal) == "Too many people are signing in at the moment. Try again in a few seconds."
    )
    elsewhere = await desk.ask("ann", signing_in("192.0.2.2"))
    await desk.finish_all()
    assert elsewhere.result() == "ann"


async def test_who_is_exempt_may_have_many_waiting_and_waits_in_turn() -> None:
    desk = Desk()
    for number in range(WAITING_AN_ADDRESS_MAX * 2):
        await desk.ask(str(number), signing_in("192.0.2.1", exempt=True))
    await desk.ask("ann", signing_in("192.0.2.2"))
    done = await desk.finish_all()
    assert len(done) == WAITING_AN_ADDRESS_MAX * 2 + 1 and done.index("ann") == 2


async def test_a_full_queue_makes_room_where_most_waits() -> None:
    desk = Desk()
    group = [await desk.ask("crowd", signing_in("192.0.2.1", exempt=True)) for _ in range(WAITING_MAX + 1)]
    ann = await desk.ask("ann", signing_in("192.0.2.2"))
    await asyncio.sleep(0)
    assert isinstance(group[-1].exception(), QueueFull)
    await desk.finish_all()
    assert ann.result() == "ann"


async def test_a_full_queue_in_which_nobody_has_more_refuses() -> None:
    desk = Desk()
    for number in range(WAITING_MAX + 1):
        await desk.ask(str(number), signing_in(f"address {number}"))
    ann = await desk.ask("ann", signing_in("192.0.2.2"))
    administrator = await desk.ask("a new password", CONSOLE)
    await asyncio.sleep(0)
    assert isinstance(ann.exception(), QueueFull)
    assert not administrator.done(), "whoever administers is never turned away"
    await desk.finish_all()


async def test_nothing_is_done_for_who_is_gone() -> None:
    desk = Desk()
    here = {"eve": True}
    await desk.ask("first", signing_in("192.0.2.9"))
    gone = await desk.ask("eve", signing_in("192.0.2.1", is_wanted=lambda: here["eve"]))
    cancelled = await desk.ask("bob", signing_in("192.0.2.2"))
    await desk.ask("ann", signing_in("192.0.2.3"))
    here["eve"] = False
    cancelled.cancel()
    assert await desk.finish_all() == ["first", "ann"]
    assert isinstance(gone.exception(), NotWanted)


async def test_what_goes_wrong_in_the_work_reaches_who_asked_and_nobody_else() -> None:
    desk = Desk()

    def broken() -> str:
        raise ValueError("a bug")

    wrong = asyncio.ensure_future(desk.queue.run(signing_in("192.0.2.1"), broken))
    await asyncio.sleep(0)
    await desk.ask("ann", signing_in("192.0.2.2"))
    assert await desk.finish_all() == ["ann"]
    with pytest.raises(ValueError, match="a bug"):
        await wrong


async def test_strangers_leave_a_place_to_those_who_are_known() -> None:
    """However many networks a guesser has, whoever signs in where they did before is not turned away."""
    desk = Desk()
    for number in range(WAITING_MAX + 2):
        stranger = await desk.ask(f"stranger{number}", signing_in(f"2001:db8:0:{number:x}::1"))
    with pytest.raises(QueueFull):
        await stranger
    known = await desk.ask("known", Asker(Lane.KNOWN, "192.0.2.1"))
    assert not known.done()
