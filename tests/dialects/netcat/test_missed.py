"""What was said privately while one was away: each once, in order, however one comes back."""

import asyncio

import pytest

from hubbub.dialects.netcat import history
from hubbub.engine.rooms import DeleteRoom
from hubbub.transports.base import WireProtocol
from tests.server_harness import ServerHarness


@pytest.fixture
async def away(harness: ServerHarness) -> ServerHarness:
    """Ann has an account and is away; bob and eve are there."""
    await harness.account("ann")
    await harness.netcat("bob")
    await harness.netcat("eve")
    return harness


async def back(harness: ServerHarness, first: str = "login ann correct horse") -> list[str]:
    """Ann comes back; what she sees of what she missed."""
    harness.connect("ann", WireProtocol.NETCAT)
    await harness.look()
    return missed(await harness.ask("ann", first))


def missed(lines: list[str]) -> list[str]:
    own = [line.removeprefix("ann < ") for line in lines if line.startswith("ann < ")]
    return own[own.index("While you were away:") + 1 :] if "While you were away:" in own else []


async def test_from_several_in_the_order_in_which_it_was_said(away: ServerHarness) -> None:
    for name, text in (("bob", "one"), ("eve", "two"), ("bob", "three")):
        assert await away.ask(name, f"@ann {text}") == [f"{name} < Private message sent to ann"]
        away.wait(60)
    assert await back(away) == [
        "[2026-11-18 11:06] bob (private): one",
        "[2026-11-18 11:07] eve (private): two",
        "[2026-11-18 11:08] bob (private): three",
    ]
    await away.ask("ann", "/exit")
    assert await back(away) == []


async def test_also_to_a_guest_who_logs_in_later(away: ServerHarness) -> None:
    await away.ask("bob", "@ann hello")
    assert await back(away, "guest_ann") == []
    assert missed(await away.ask("ann", "login ann correct horse")) == [
        "[2026-11-18 11:06] bob (private): hello"
    ]


async def test_also_to_who_is_in_no_room(away: ServerHarness) -> None:
    await back(away)
    for line in ("/leave", "/exit"):
        await away.ask("ann", line)
    await away.ask("bob", "@ann hello")
    for name in [room.name for room in away.node.state.rooms.values()]:
        away.node.ask(DeleteRoom(name))
    assert await back(away) == ["[2026-11-18 11:06] bob (private): hello"]


async def test_not_to_a_second_session(away: ServerHarness) -> None:
    await away.ask("bob", "@ann hello")
    await back(away)
    away.people["first"] = away.people.pop("ann")
    assert await back(away) == []


async def test_what_is_said_at_the_very_moment_is_shown_once(away: ServerHarness) -> None:
    await away.ask("bob", "@ann before")
    ann = away.connect("ann", WireProtocol.NETCAT)
    await away.look()
    ann.type("login ann correct horse")
    while away.node.state.user_named("ann") is None:
        await asyncio.sleep(0)
    away.people["bob"].type("@ann meanwhile")
    lines = [line for line in await away.look() if line.startswith("ann < ") and "(private)" in line]
    assert sorted(lines) == [
        "ann < [2026-11-18 11:06] bob (private): before",
        "ann < bob (private): meanwhile",
    ]


async def test_only_the_newest_of_very_many(away: ServerHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MISSED_LINES_MAX", 2)
    for text in ("one", "two", "three"):
        await away.ask("bob", f"@ann {text}")
    assert await back(away) == [
        "[2026-11-18 11:06] bob (private): two",
        "[2026-11-18 11:06] bob (private): three",
        "bob sent more messages; these are the latest 2.",
    ]


async def test_the_servers_own_word_is_a_plain_sentence(away: ServerHarness) -> None:
    await back(away)
    for line in ("/join Marketing", "/exit"):
        await away.ask("ann", line)
    await away.account("root1", role="admin")
    await away.netcat("root1", "login root1 correct horse")
    assert await away.ask("root1", "/accept ann Marketing") == [
        "root1 < ann is now a member of the room Marketing."
    ]
    assert await back(away) == [
        "[2026-11-18 11:06] root1 accepted your request. You are now a member of the room Marketing."
    ]


async def test_after_a_broken_connection_what_may_not_have_arrived_comes_again(away: ServerHarness) -> None:
    """But not what one has said oneself."""
    await back(away)
    await away.ask("ann", "@bob are you there?")
    await away.ask("bob", "@ann yes")
    away.people["ann"].hang_up("Connection reset by peer")
    assert await back(away) == ["[2026-11-18 11:06] bob (private): yes"]
