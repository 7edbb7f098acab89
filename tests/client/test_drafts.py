"""Drafts on several devices: the rule by vectors that the page's core follows too, and clients at a server."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from hubbub.client import events
from hubbub.client.draft import Draft
from hubbub.client.identity import Identity, Password
from tests.client.client_harness import ClientHarness
from tests.server_harness import ServerHarness

VECTORS = json.loads((Path(__file__).parent / "vectors/drafts.json").read_text("utf-8"))


def _change(draft: Draft) -> list[str] | None:
    change = draft.change()
    return list(change) if change else None


STEPS: dict[str, Callable[..., Any]] = {
    "typed": Draft.typed,
    "change": _change,
    "heard": Draft.heard,
    "answered": Draft.answered,
    "refused": Draft.turned_down,
    "cut": Draft.cut,
    "absent": Draft.absent,
    "show": Draft.show_waiting,
    "text": lambda draft: draft.text,
}
ASKS = ("change", "heard", "answered", "show", "text")
"""What gives something, which is the last word of the step."""


@pytest.mark.parametrize(("name", "steps"), VECTORS, ids=[name for name, _ in VECTORS])
def test_the_vectors(name: str, steps: list[list[Any]]) -> None:
    draft = Draft()
    for word, *given in steps:
        if word in ASKS:
            *given, expected = given
            assert STEPS[word](draft, *given) == expected, (word, given)
        else:
            STEPS[word](draft, *given)


class Devices:
    """Two devices of ann, and what stands in their boxes for a room."""

    def __init__(self, harness: ServerHarness) -> None:
        self.harness = harness
        self.phone, self.laptop = (
            ClientHarness(harness, Identity("ann", Password("correct horse")), seed) for seed in (1, 2)
        )

    async def talk(self) -> None:
        """Bring everything where it goes, until nobody has anything more to say."""
        for _ in range(12):
            await self.harness.settle()
            for user in (self.phone, self.laptop):
                user.fetch()
                user.deliver_down()
                user.deliver_up()
        await self.harness.settle()

    async def pause(self) -> None:
        """What is written stands there for a moment."""
        for _ in range(2):
            self.harness.wait(1)
            for user in (self.phone, self.laptop):
                user.client.tick(self.harness.now_ms)
                user.collect()
        await self.talk()

    def type(self, user: ClientHarness, text: str, room: str = "#tea") -> None:
        user.client.open(room).draft = text

    def send(self, user: ClientHarness, text: str) -> None:
        conversation = user.client.open("#tea")
        user.client.say(conversation, text)
        conversation.draft = ""
        user.client.drafts.send(conversation)
        user.collect()

    def boxes(self, room: str = "#tea") -> list[str]:
        return [user.client.open(room).draft for user in (self.phone, self.laptop)]


@pytest.fixture
async def ann(harness: ServerHarness) -> AsyncIterator[Devices]:
    await harness.account("ann")
    await harness.account("bob")
    devices = Devices(harness)
    for user in (devices.phone, devices.laptop):
        user.connect()
        await devices.talk()
    devices.phone.client.join("#tea")
    devices.phone.collect()
    await devices.talk()
    yield devices


async def test_it_stands_on_the_other_device_and_vanishes_when_it_is_sent(ann: Devices) -> None:
    ann.type(ann.phone, "is the kettle")
    await ann.pause()
    assert ann.boxes() == ["is the kettle"] * 2
    changed = [one for one in ann.laptop.events if isinstance(one, events.DraftChanged)]
    assert [one.conversation.name for one in changed] == ["#tea"]
    ann.send(ann.laptop, "is the kettle on?")
    await ann.talk()
    assert ann.boxes() == ["", ""]


async def test_a_long_one_of_several_lines_comes_whole(ann: Devices) -> None:
    text = "one\n\n" + "é" * 900 + "\nthree"
    ann.type(ann.phone, text)
    await ann.pause()
    assert ann.boxes() == [text] * 2
    ann.type(ann.laptop, "")
    await ann.pause()
    assert ann.boxes() == ["", ""]


async def test_both_write_at_once_and_nothing_is_lost(ann: Devices) -> None:
    ann.type(ann.phone, "mine")
    ann.type(ann.laptop, "theirs")
    await ann.pause()
    assert ann.boxes() == ["mine", "theirs"]
    ann.send(ann.phone, "mine")
    await ann.pause()
    await ann.pause()
    assert ann.boxes() == ["theirs", "theirs"]
    ann.send(ann.laptop, "theirs")
    await ann.pause()
    assert ann.boxes() == ["", ""]


async def test_what_happened_while_a_device_was_away(ann: Devices) -> None:
    ann.type(ann.phone, "is the kettle")
    await ann.pause()
    ann.phone.cut()
    ann.send(ann.laptop, "is the kettle on?")
    ann.type(ann.laptop, "psst", "bob")
    await ann.pause()
    ann.phone.connect()
    await ann.pause()
    assert ann.boxes() == ["", ""]
    assert ann.boxes("bob") == ["psst", "psst"]


async def test_what_was_written_without_a_connection_goes_up_later(ann: Devices) -> None:
    ann.phone.cut()
    ann.type(ann.phone, "on the train")
    ann.phone.connect()
    await ann.pause()
    await ann.pause()
    assert ann.boxes() == ["on the train"] * 2


async def test_a_password_and_a_guest_s_words_stay_where_they_are(ann: Devices) -> None:
    ann.type(ann.phone, "/login ann correct horse")
    await ann.pause()
    assert ann.boxes() == ["/login ann correct horse", ""]
    account = ann.harness.node.state.account_named("ann")
    assert account is not None and account.drafts == {}
    guest = ClientHarness(ann.harness, Identity("gus"))
    guest.connect()
    for _ in range(6):
        await ann.harness.settle()
        guest.fetch()
        guest.deliver_down()
        guest.deliver_up()
    guest.client.open("ann").draft = "hello"
    for _ in range(3):
        guest.client.tick(ann.harness.now_ms)
    guest.collect()
    assert b"DRAFT" not in guest.to_server
