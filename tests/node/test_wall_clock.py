"""A clock that was wrong once is noticed, and told in the log and to administrators."""

import logging
from pathlib import Path

import pytest

from hubbub.engine.event import Command
from hubbub.engine.ids import ERAS_MAX, first_id_at, first_of_era, id_after, msgid, parse_msgid, time_of
from hubbub.engine.invitations import CreateInvitation, ShowInvitation, usable
from hubbub.engine.moderation import KeepOut, KeepOutAddress
from hubbub.engine.refusals import Refusal
from hubbub.node.admin_context import ConsoleContext
from hubbub.node.wall_clock import WallClock, behind
from hubbub.transports.base import WireProtocol
from hubbub.wire.times import format_time, parse_time
from tests.server_harness import START_MS, ServerHarness
from tests.sign_in import arrive

DAY_MS = 86_400_000


def test_a_jump_is_told_once_and_a_correction_is_none() -> None:
    clock = WallClock(START_MS, 100.0)
    assert clock.jumped(START_MS + 1_000, 101.0) == ""
    assert clock.jumped(START_MS + 1_000 + 59_000, 101.0) == ""
    told = clock.jumped(START_MS + 60_000 + DAY_MS, 101.0)
    assert told.startswith("The clock of this machine jumped by 86400 seconds, from 2026-11-18")
    assert clock.jumped(START_MS + 61_000 + DAY_MS, 102.0) == ""
    assert "by -86400 seconds" in clock.jumped(START_MS + 62_000, 103.0)


def test_a_past_that_is_ahead_is_told() -> None:
    assert behind(START_MS, START_MS + 59_000) == ""
    assert "it is wrong, or was wrong then" in behind(START_MS, START_MS + DAY_MS)


async def test_administrators_and_the_log_tell_of_a_clock_that_was_wrong(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("hubbub").propagate = True
    async with ServerHarness(tmp_path) as harness:
        assert "Clock" not in ConsoleContext(harness.node).status()
        harness.now_ms += 40 * DAY_MS
        await harness.netcat("ann", "register ann correct horse")
        harness.now_ms -= 40 * DAY_MS
        await harness.restart()
        told = str(ConsoleContext(harness.node).status()["Clock"])
        assert told.startswith("The last event here is of ") and told in caplog.messages


async def ahead_for_a_while(harness: ServerHarness, words: str) -> None:
    """Something is said while the clock is 40 days ahead."""
    harness.now_ms += 40 * DAY_MS
    await harness.ask("ann", f"PRIVMSG #Général :{words}\nJOIN #later\nPART #later")
    harness.now_ms -= 40 * DAY_MS


async def set_right(harness: ServerHarness) -> None:
    """The clock has been right again for long enough, and for a minute more; she was away."""
    harness.people["ann"].hang_up()
    await harness.look()
    harness.node.sweep()
    for _ in range(11):
        harness.wait(60)
    await harness.look()


def times_of(lines: list[str]) -> list[tuple[str, str]]:
    """Day and text of what is in a page of history."""
    found = [line for line in lines if " PRIVMSG " in line]
    return [(line.partition("time=")[2][:10], line.rpartition(" :")[2]) for line in found]


CAPS = "server-time batch draft/chathistory message-tags"
TODAY, THEN = "2026-11-18", "2026-12-28"


async def test_time_does_not_stand_still_after_a_clock_that_was_ahead(harness: ServerHarness) -> None:
    """What is said carries the right time, in the order in which it was said, also after a restart; by time it is
    found where it was said."""
    await harness.irc("ann", CAPS)
    await harness.ask("ann", "JOIN #Général")
    await harness.ask("ann", "PRIVMSG #Général :before")
    await ahead_for_a_while(harness, "ahead")
    await set_right(harness)
    await harness.irc("ann", CAPS)
    await harness.ask("ann", "JOIN #Général")
    right_at = harness.now_ms
    await harness.ask("ann", "PRIVMSG #Général :after")
    everything = [(TODAY, "before"), (THEN, "ahead"), (TODAY, "after")]
    for _ in range(2):
        page = await harness.ask("ann", "CHATHISTORY LATEST #Général * 10")
        assert times_of(page) == everything, page
        stamp = format_time(right_at - 1)
        later = await harness.ask("ann", f"CHATHISTORY AFTER #Général timestamp={stamp} 10")
        assert times_of(later) == everything[2:]
        earlier = await harness.ask("ann", f"CHATHISTORY BEFORE #Général timestamp={stamp} 10")
        assert times_of(earlier) == everything[:2]
        first = await harness.ask(
            "ann", f"CHATHISTORY AFTER #Général timestamp={format_time(START_MS - 1)} 10"
        )
        assert times_of(first) == everything
        await harness.restart()
        await harness.irc("ann", CAPS)
        await harness.ask("ann", "JOIN #Général")
    await harness.ask("ann", "PRIVMSG #Général :last")
    page = await harness.ask("ann", "CHATHISTORY LATEST #Général * 10")
    assert times_of(page) == [*everything, (TODAY, "last")]


async def test_a_clock_that_is_set_right_soon_changes_nothing(harness: ServerHarness) -> None:
    """A machine without a clock of its own begins in the past, until it has heard what time it is."""
    await harness.irc("ann", CAPS)
    await harness.ask("ann", "JOIN #Général")
    harness.now_ms -= 30 * DAY_MS
    harness.node.sweep()
    harness.wait(300)
    harness.now_ms += 30 * DAY_MS
    for _ in range(20):
        harness.wait(60)
    assert harness.node.state.eras == []


async def test_a_suspension_ends_by_the_clock_of_now(harness: ServerHarness) -> None:
    await harness.account("bob")
    await harness.irc("ann", CAPS)
    await harness.ask("ann", "JOIN #Général")
    await ahead_for_a_while(harness, "ahead")
    assert not isinstance(harness.node.ask(KeepOut("bob", 5_000, "noise")), Refusal)
    made = harness.node.state.names_kept_out["bob"]
    assert made.at == harness.now_ms and made.until == harness.now_ms + 5_000
    bob = harness.connect("bob", WireProtocol.NETCAT)
    bob.type("login bob correct horse")
    assert any("You are suspended until 2026-11-18" in line for line in await harness.look())
    harness.wait(6)
    bob.type("login bob correct horse")
    assert any("Welcome to Hubbub, bob" in line for line in await harness.look())


async def test_an_invitation_ends_by_the_clock_of_now(harness: ServerHarness) -> None:
    await harness.irc("ann", CAPS)
    await harness.ask("ann", "JOIN #Général")
    await ahead_for_a_while(harness, "ahead")
    harness.node.ask(CreateInvitation("d" * 64, until=harness.now_ms + 5_000))
    assert usable(harness.node.state, "d" * 64, harness.now_ms)
    session = next(iter(harness.node.live.values()))
    assert not isinstance(harness.node.ask(ShowInvitation("d" * 64), session), Refusal)
    harness.wait(6)
    assert isinstance(harness.node.ask(ShowInvitation("d" * 64), session), Refusal)


@pytest.fixture(params=[False, True], ids=["the same server", "after a restart"])
def restarts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


async def do_ahead(harness: ServerHarness, *commands: Command) -> None:
    """What is asked for while the clock is 40 days ahead; she is there, and it is right again afterwards."""
    await harness.irc("ann", CAPS)
    harness.now_ms += 40 * DAY_MS
    for command in commands:
        assert not isinstance(harness.node.ask(command), Refusal)
    harness.now_ms -= 40 * DAY_MS


@pytest.mark.parametrize(
    "command",
    [KeepOut("bob", 300_000, "noise"), KeepOutAddress("203.0.113.0/24", 300_000, "noise")],
    ids=["a name", "a network"],
)
async def test_a_suspension_made_while_the_clock_was_ahead_lasts_as_long_from_now(
    harness: ServerHarness, command: Command, restarts: bool
) -> None:
    await harness.account("bob")
    await do_ahead(harness, command)
    await set_right(harness)
    if restarts:
        await harness.restart()
    harness.wait(200)
    harness.connect("bob", WireProtocol.NETCAT, "203.0.113.5", secure=True).type("login bob correct horse")
    assert any("You are suspended until 2026-11-18" in line for line in await harness.look())
    harness.wait(100)
    harness.connect("bob", WireProtocol.NETCAT, "203.0.113.5", secure=True).type("login bob correct horse")
    assert any("Welcome to Hubbub, bob" in line for line in await harness.look())


async def test_what_the_right_clock_had_told_stays(harness: ServerHarness, restarts: bool) -> None:
    """A suspension from before, and one from when the clock was right again; a ban has no end that could change."""
    for name in ("bob", "carl", "dora"):
        await harness.account(name)
    harness.node.ask(KeepOut("bob", 90 * DAY_MS, "noise"))
    await do_ahead(harness, KeepOut("carl", None, "noise"))
    harness.node.ask(KeepOut("dora", 90 * DAY_MS, "noise"))
    harness.node.ask(CreateInvitation("f" * 64, until=harness.now_ms + 2 * DAY_MS))
    kept_out = harness.node.state.names_kept_out
    bob, carl, dora = kept_out["bob"], kept_out["carl"], kept_out["dora"]
    invitation = harness.node.state.invitations["f" * 64]
    await set_right(harness)
    if restarts:
        await harness.restart()
    kept_out = harness.node.state.names_kept_out
    assert (kept_out["bob"], kept_out["dora"]) == (bob, dora)
    assert kept_out["carl"].until is None and kept_out["carl"].at < carl.at
    assert harness.node.state.invitations["f" * 64] == invitation


async def test_an_invitation_made_while_the_clock_was_ahead_lasts_as_long_from_now(
    harness: ServerHarness, restarts: bool
) -> None:
    until = harness.now_ms + 40 * DAY_MS + 300_000
    await do_ahead(harness, CreateInvitation("d" * 64, until=until), CreateInvitation("e" * 64))
    await set_right(harness)
    if restarts:
        await harness.restart()
    harness.wait(200)
    assert usable(harness.node.state, "d" * 64, harness.now_ms)
    harness.wait(100)
    assert usable(harness.node.state, "d" * 64, harness.now_ms) is None
    assert usable(harness.node.state, "e" * 64, harness.now_ms)


async def test_what_is_said_after_a_clock_that_was_ahead_is_unread(
    harness: ServerHarness, restarts: bool
) -> None:
    """In a room and a conversation that were read then, and in a room that was joined then."""
    await harness.irc("ann", CAPS)
    await arrive(harness, "bob", f"{CAPS} draft/read-marker")
    harness.now_ms += 40 * DAY_MS
    then = format_time(harness.now_ms)
    places = ("#Général", "#later", "carl")
    await harness.account("carl")
    await harness.ask(
        "bob", f"JOIN #later\nMARKREAD #Général timestamp={then}\nMARKREAD carl timestamp={then}"
    )
    for place in places:
        assert f"timestamp={THEN}" in (await harness.ask("bob", f"MARKREAD {place}"))[-1]
    harness.now_ms -= 40 * DAY_MS
    await set_right(harness)
    set_right_at = harness.now_ms
    if restarts:
        await harness.restart()
    await arrive(harness, "bob", f"{CAPS} draft/read-marker")
    harness.wait(5)
    now = format_time(harness.now_ms)
    for place in places:
        told = (await harness.ask("bob", f"MARKREAD {place}"))[-1].rpartition("timestamp=")[2]
        assert (parse_time(told) or 0) <= set_right_at, (place, told)
        assert f"timestamp={now}" in (await harness.ask("bob", f"MARKREAD {place} timestamp={now}"))[-1]


async def test_a_room_left_while_the_clock_was_ahead_is_empty_since_it_is_right(
    harness: ServerHarness, restarts: bool
) -> None:
    await harness.irc("ann", CAPS)
    await arrive(harness, "bob")
    harness.now_ms += 40 * DAY_MS
    await harness.ask("bob", "JOIN #later\nPART #later")
    harness.now_ms -= 40 * DAY_MS
    await set_right(harness)
    if restarts:
        await harness.restart()
    later = harness.node.state.room_named("#later")
    assert later is not None and 0 < later.emptied <= harness.now_ms


async def test_no_nonce_is_said_twice_after_a_clock_that_was_ahead(harness: ServerHarness) -> None:
    caps, line = (
        f"{CAPS} hubbub/send-once",
        "@hubbub/nonce=019a5b3c5d2f-8d1c9a7be4f0;hubbub/again PRIVMSG #Général :once",
    )
    for _ in range(2):
        await harness.irc("ann", caps)
        await harness.ask("ann", "JOIN #Général")
        await harness.ask("ann", line)
        await ahead_for_a_while(harness, "ahead")
        await harness.restart()
    await harness.irc("ann", caps)
    await harness.ask("ann", "JOIN #Général")
    said = times_of(await harness.ask("ann", "CHATHISTORY LATEST #Général * 10"))
    assert [text for _, text in said] == ["once", "ahead", "ahead"]


def test_there_are_so_many_eras_and_no_more() -> None:
    last = first_of_era(ERAS_MAX - 1, START_MS)
    assert last < 1 << 63 and parse_msgid(msgid(last)) == last
    assert id_after(last, START_MS - DAY_MS) == last + 1 and time_of(last) == START_MS
    assert time_of(id_after(last, START_MS + 5)) == START_MS + 5
    eras = [first_of_era(1, START_MS)]
    assert first_id_at(START_MS - 1, eras) < eras[0] <= first_id_at(START_MS, eras)
