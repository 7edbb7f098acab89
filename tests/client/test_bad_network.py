"""Over a wire that is slow, cut and dead by turns, nothing is lost and nothing is twice."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hubbub.client.chat_model import Delivery
from tests.client.client_harness import Seat, come, settle
from tests.server_harness import House


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Without a limit of lines a second: the network is slow enough."""
    async with House(tmp_path, {"limits.lines_a_second": 0}) as made:
        yield made


async def test_cut_before_the_server_has_it(house: House) -> None:
    ann = await come(house, "ann", rooms=("#tea",))
    ann.client.say(ann["#tea"], "hello")
    ann.collect()
    ann.cut()
    house.wait(120)
    ann.connect()
    await ann.settle()
    assert ann.texts("#tea") == ["ann: hello"] and ann.client.saved() == []


async def test_cut_after_the_server_has_it(house: House) -> None:
    bob = await come(house, "bob", rooms=("#tea",))
    ann = await come(house, "ann", rooms=("#tea",))
    ann.client.say(ann["#tea"], "hello")
    ann.collect()
    ann.deliver_up()
    await house.settle()
    ann.cut()
    ann.connect()
    await settle(ann, bob)
    assert ann.texts("#tea") == bob.texts("#tea") == ["ann: hello"]


async def test_said_while_there_is_no_connection(house: House) -> None:
    ann = await come(house, "ann", rooms=("#tea",))
    ann.cut()
    for text in ("one", "two", "three"):
        ann.client.say(ann["#tea"], text)
    assert [entry.delivery for entry in ann["#tea"].pending] == [Delivery.WAITING] * 3
    ann.connect()
    await ann.settle()
    assert ann.texts("#tea") == ["ann: one", "ann: two", "ann: three"]


async def test_what_others_say_meanwhile_is_caught_up_without_a_hole(house: House) -> None:
    await house.account("ann")
    bob = await come(house, "bob", rooms=("#tea",))
    ann = await come(house, "ann", "correct horse", rooms=("#tea",))
    await settle(ann, bob)
    house.wait(1)
    bob.client.say(bob["#tea"], "before")
    await settle(ann, bob)
    ann.cut()
    for number in range(350):
        bob.client.say(bob["#tea"], f"meanwhile {number}")
        house.wait(1)
        await bob.settle()
    ann.connect()
    await ann.settle()
    assert ann.texts("#tea") == bob.texts("#tea")
    assert len(ann.texts("#tea")) == 351
    assert ann["#tea"].timeline.gaps() == []
    assert ann["#tea"].unread == 351


async def test_a_half_open_connection_is_given_up(house: House) -> None:
    ann = await come(house, "ann", rooms=("#tea",))
    for _ in range(100):
        house.wait(1)
        ann.client.tick(house.now_ms)
        ann.client.take_output()
        if ann.client.is_closing:
            break
    assert ann.client.is_closing and not ann.client.has_left


async def test_the_outbox_survives_the_program(house: House) -> None:
    await house.account("ann")
    ann = await come(house, "ann", "correct horse", rooms=("#tea",))
    ann.client.say(ann["#tea"], "said, and cut")
    ann.collect()
    ann.deliver_up()
    await house.settle()
    ann.cut()
    ann.client.say(ann["#tea"], "not said yet")
    kept = ann.client.saved()
    again = Seat(house, ann.client.registration.identity, seed=7)
    again.client.restore(kept)
    again.connect()
    await again.settle()
    assert again.texts("#tea") == ["ann: said, and cut", "ann: not said yet"]
    assert again.client.saved() == []


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_the_network_does(house: House, seed: int) -> None:
    """Bytes are delayed and cut anywhere, connections end with and without the server noticing, servers restart."""
    chance = random.Random(seed)
    names = ("ann", "bob")
    for name in names:
        await house.account(name)
    seats = [
        await come(house, name, "correct horse", seed=seed * 10 + place, rooms=("#tea",))
        for place, name in enumerate(names)
    ]
    said: list[str] = []
    for step in range(250):
        house.wait(chance.choice((0, 0, 0.2, 2)))
        seat = chance.choice(seats)
        what = chance.random()
        if what < 0.35:
            text = chance.choice((f"{seat.name} {step}", f"{seat.name} {step}\nand more"))
            seat.client.say(seat["#tea"], text)
            said.append(f"{seat.name}: {text}")
        elif what < 0.55:
            seat.collect()
            seat.deliver_up(chance.choice((None, 1, 17, 200)))
        elif what < 0.65:
            await house.settle()
        elif what < 0.85:
            seat.fetch()
            seat.deliver_down(chance.choice((None, 1, 33, 500)))
        elif what < 0.95:
            if seat.person:
                seat.cut(reaches_server=chance.random() < 0.5)
            else:
                seat.connect()
        elif what < 0.97:
            await house.restart()
            for other in seats:
                if other.person:
                    other.person = None
                    other.cut()
        seat.client.tick(house.now_ms)
        if seat.client.is_closing and seat.person:
            seat.cut()
    for _ in range(4):
        for seat in seats:
            if seat.person is None:
                seat.connect()
            seat.client.tick(house.now_ms)
        await settle(*seats)
        house.wait(16)
        await settle(*seats)
    for seat in seats:
        waits = seat.client.saved()
        assert not waits, f"{seat.name} still waits for {len(waits)}, such as {waits[0]}"
        assert sorted(seat.texts("#tea")) == sorted(said)
        own = [text for text in seat.texts("#tea") if text.startswith(f"{seat.name}:")]
        assert own == [text for text in said if text.startswith(f"{seat.name}:")], "one's own order is kept"
        assert seat["#tea"].timeline.gaps() == []
    assert seats[0].texts("#tea") == seats[1].texts("#tea")
