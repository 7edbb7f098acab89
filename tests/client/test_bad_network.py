"""Over a wire that is slow, cut and dead by turns, nothing is lost and nothing is twice."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hubbub.client.chat_model import Delivery
from tests.client.client_harness import ClientHarness, come, settle
from tests.server_harness import ServerHarness


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[ServerHarness]:
    """Without a limit of lines a second: the network is slow enough."""
    async with ServerHarness(tmp_path, {"limits.lines_a_second": 0}) as made:
        yield made


async def test_cut_before_the_server_has_it(harness: ServerHarness) -> None:
    ann = await come(harness, "ann", rooms=("#tea",))
    ann.client.say(ann["#tea"], "hello")
    ann.collect()
    ann.cut()
    harness.wait(120)
    ann.connect()
    await ann.settle()
    assert ann.texts("#tea") == ["ann: hello"] and ann.client.saved() == []


async def test_cut_after_the_server_has_it(harness: ServerHarness) -> None:
    bob = await come(harness, "bob", rooms=("#tea",))
    ann = await come(harness, "ann", rooms=("#tea",))
    ann.client.say(ann["#tea"], "hello")
    ann.collect()
    ann.deliver_up()
    await harness.settle()
    ann.cut()
    ann.connect()
    await settle(ann, bob)
    assert ann.texts("#tea") == bob.texts("#tea") == ["ann: hello"]


async def test_said_while_there_is_no_connection(harness: ServerHarness) -> None:
    ann = await come(harness, "ann", rooms=("#tea",))
    ann.cut()
    for text in ("one", "two", "three"):
        ann.client.say(ann["#tea"], text)
    assert [entry.delivery for entry in ann["#tea"].pending] == [Delivery.WAITING] * 3
    ann.connect()
    await ann.settle()
    assert ann.texts("#tea") == ["ann: one", "ann: two", "ann: three"]


async def test_what_others_say_meanwhile_is_caught_up_without_a_hole(harness: ServerHarness) -> None:
    await harness.account("ann")
    bob = await come(harness, "bob", rooms=("#tea",))
    ann = await come(harness, "ann", "correct horse", rooms=("#tea",))
    await settle(ann, bob)
    harness.wait(1)
    bob.client.say(bob["#tea"], "before")
    await settle(ann, bob)
    ann.cut()
    for number in range(350):
        bob.client.say(bob["#tea"], f"meanwhile {number}")
        harness.wait(1)
        await bob.settle()
    ann.connect()
    await ann.settle()
    assert ann.texts("#tea") == bob.texts("#tea")
    assert len(ann.texts("#tea")) == 351
    assert ann["#tea"].timeline.gaps() == []
    assert ann["#tea"].unread == 351


async def test_a_half_open_connection_is_given_up(harness: ServerHarness) -> None:
    ann = await come(harness, "ann", rooms=("#tea",))
    for _ in range(100):
        harness.wait(1)
        ann.client.tick(harness.now_ms)
        ann.client.take_output()
        if ann.client.is_closing:
            break
    assert ann.client.is_closing and not ann.client.has_left


async def test_the_outbox_survives_the_program(harness: ServerHarness) -> None:
    await harness.account("ann")
    ann = await come(harness, "ann", "correct horse", rooms=("#tea",))
    ann.client.say(ann["#tea"], "said, and cut")
    ann.collect()
    ann.deliver_up()
    await harness.settle()
    ann.cut()
    ann.client.say(ann["#tea"], "not said yet")
    kept = ann.client.saved()
    again = ClientHarness(harness, ann.client.registration.identity, seed=7)
    again.client.restore(kept)
    again.connect()
    await again.settle()
    assert again.texts("#tea") == ["ann: said, and cut", "ann: not said yet"]
    assert again.client.saved() == []


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_the_network_does(harness: ServerHarness, seed: int) -> None:
    """Bytes are delayed and cut anywhere, connections end with and without the server noticing, servers restart."""
    chance = random.Random(seed)
    names = ("ann", "bob")
    for name in names:
        await harness.account(name)
    users = [
        await come(harness, name, "correct horse", seed=seed * 10 + place, rooms=("#tea",))
        for place, name in enumerate(names)
    ]
    said: list[str] = []
    for step in range(250):
        harness.wait(chance.choice((0, 0, 0.2, 2)))
        user = chance.choice(users)
        what = chance.random()
        if what < 0.35:
            text = chance.choice((f"{user.name} {step}", f"{user.name} {step}\nand more"))
            user.client.say(user["#tea"], text)
            said.append(f"{user.name}: {text}")
        elif what < 0.55:
            user.collect()
            user.deliver_up(chance.choice((None, 1, 17, 200)))
        elif what < 0.65:
            await harness.settle()
        elif what < 0.85:
            user.fetch()
            user.deliver_down(chance.choice((None, 1, 33, 500)))
        elif what < 0.95:
            if user.person:
                user.cut(reaches_server=chance.random() < 0.5)
            else:
                user.connect()
        elif what < 0.97:
            await harness.restart()
            for other in users:
                if other.person:
                    other.person = None
                    other.cut()
        user.client.tick(harness.now_ms)
        if user.client.is_closing and user.person:
            user.cut()
    for _ in range(4):
        for user in users:
            if user.person is None:
                user.connect()
            user.client.tick(harness.now_ms)
        await settle(*users)
        harness.wait(16)
        await settle(*users)
    for user in users:
        waits = user.client.saved()
        assert not waits, f"{user.name} still waits for {len(waits)}, such as {waits[0]}"
        assert sorted(user.texts("#tea")) == sorted(said)
        own = [text for text in user.texts("#tea") if text.startswith(f"{user.name}:")]
        assert own == [text for text in said if text.startswith(f"{user.name}:")], "one's own order is kept"
        assert user["#tea"].timeline.gaps() == []
    assert users[0].texts("#tea") == users[1].texts("#tea")
