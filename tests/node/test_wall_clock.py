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
from tests.server_harness import START_MS, House
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
    async with House(tmp_path) as house:
        assert "Clock" not in ConsoleContext(house.node).status()
        house.now_ms += 40 * DAY_MS
        await house.netcat("ann", "register ann correct horse")
        house.now_ms -= 40 * DAY_MS
        await house.restart()
        told = str(ConsoleContext(house.node).status()["Clock"])
        assert told.startswith("The last event here is of ") and told in caplog.messages


async def ahead_for_a_while(house: House, words: str) -> None:
    """Something is said while the clock is 40 days ahead."""
    house.now_ms += 40 * DAY_MS
    await house.ask("ann", f"PRIVMSG #Général :{words}\nJOIN #later\nPART #later")
    house.now_ms -= 40 * DAY_MS


async def set_right(house: House) -> None:
    """The clock has been right again for long enough, and for a minute more; she was away."""
    house.people["ann"].hang_up()
    await house.look()
    house.node.sweep()
    for _ in range(11):
        house.wait(60)
    await house.look()


def times_of(lines: list[str]) -> list[tuple[str, str]]:
    """Day and text of what is in a page of history."""
    found = [line for line in lines if " PRIVMSG " in line]
    return [(line.partition("time=")[2][:10], line.rpartition(" :")[2]) for line in found]


CAPS = "server-time batch draft/chathistory message-tags"
TODAY, THEN = "2026-11-18", "2026-12-28"


async def test_time_does_not_stand_still_after_a_clock_that_was_ahead(house: House) -> None:
    """What is said carries the right time, in the order in which it was said, also after a restart; by time it is
    found where it was said."""
    await house.irc("ann", CAPS)
    await house.ask("ann", "JOIN #Général")
    await house.ask("ann", "PRIVMSG #Général :before")
    await ahead_for_a_while(house, "ahead")
    await set_right(house)
    await house.irc("ann", CAPS)
    await house.ask("ann", "JOIN #Général")
    right_at = house.now_ms
    await house.ask("ann", "PRIVMSG #Général :after")
    everything = [(TODAY, "before"), (THEN, "ahead"), (TODAY, "after")]
    for _ in range(2):
        page = await house.ask("ann", "CHATHISTORY LATEST #Général * 10")
        assert times_of(page) == everything, page
        stamp = format_time(right_at - 1)
        later = await house.ask("ann", f"CHATHISTORY AFTER #Général timestamp={stamp} 10")
        assert times_of(later) == everything[2:]
        earlier = await house.ask("ann", f"CHATHISTORY BEFORE #Général timestamp={stamp} 10")
        assert times_of(earlier) == everything[:2]
        first = await house.ask("ann", f"CHATHISTORY AFTER #Général timestamp={format_time(START_MS - 1)} 10")
        assert times_of(first) == everything
        await house.restart()
        await house.irc("ann", CAPS)
        await house.ask("ann", "JOIN #Général")
    await house.ask("ann", "PRIVMSG #Général :last")
    page = await house.ask("ann", "CHATHISTORY LATEST #Général * 10")
    assert times_of(page) == [*everything, (TODAY, "last")]


async def test_a_clock_that_is_set_right_soon_changes_nothing(house: House) -> None:
    """A machine without a clock of its own begins in the past, until it has heard what time it is."""
    await house.irc("ann", CAPS)
    await house.ask("ann", "JOIN #Général")
    house.now_ms -= 30 * DAY_MS
    house.node.sweep()
    house.wait(300)
    house.now_ms += 30 * DAY_MS
    for _ in range(20):
        house.wait(60)
    assert house.node.state.eras == []


async def test_a_suspension_ends_by_the_clock_of_now(house: House) -> None:
    await house.account("bob")
    await house.irc("ann", CAPS)
    await house.ask("ann", "JOIN #Général")
    await ahead_for_a_while(house, "ahead")
    assert not isinstance(house.node.ask(KeepOut("bob", 5_000, "noise")), Refusal)
    made = house.node.state.names_kept_out["bob"]
    assert made.at == house.now_ms and made.until == house.now_ms + 5_000
    bob = house.connect("bob", WireProtocol.NETCAT)
    bob.type("login bob correct horse")
    assert any("You are suspended until 2026-11-18" in line for line in await house.look())
    house.wait(6)
    bob.type("login bob correct horse")
    assert any("Welcome to Hubbub, bob" in line for line in await house.look())


async def test_an_invitation_ends_by_the_clock_of_now(house: House) -> None:
    await house.irc("ann", CAPS)
    await house.ask("ann", "JOIN #Général")
    await ahead_for_a_while(house, "ahead")
    house.node.ask(CreateInvitation("d" * 64, until=house.now_ms + 5_000))
    assert usable(house.node.state, "d" * 64, house.now_ms)
    session = next(iter(house.node.live.values()))
    assert not isinstance(house.node.ask(ShowInvitation("d" * 64), session), Refusal)
    house.wait(6)
    assert isinstance(house.node.ask(ShowInvitation("d" * 64), session), Refusal)


@pytest.fixture(params=[False, True], ids=["the same server", "after a restart"])
def restarts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


async def do_ahead(house: House, *commands: Command) -> None:
    """What is asked for while the clock is 40 days ahead; she is there, and it is right again afterwards."""
    await house.irc("ann", CAPS)
    house.now_ms += 40 * DAY_MS
    for command in commands:
        assert not isinstance(house.node.ask(command), Refusal)
    house.now_ms -= 40 * DAY_MS


@pytest.mark.parametrize(
    "command",
    [KeepOut("bob", 300_000, "noise"), KeepOutAddress("203.0.113.0/24", 300_000, "noise")],
    ids=["a name", "a network"],
)
async def test_a_suspension_made_while_the_clock_was_ahead_lasts_as_long_from_now(
    house: House, command: Command, restarts: bool
) -> None:
    await house.account("bob")
    await do_ahead(house, command)
    await set_right(house)
    if restarts:
        await house.restart()
    house.wait(200)
    house.connect("bob", WireProtocol.NETCAT, "203.0.113.5", secure=True).type("login bob correct horse")
    assert any("You are suspended until 2026-11-18" in line for line in await house.look())
    house.wait(100)
    house.connect("bob", WireProtocol.NETCAT, "203.0.113.5", secure=True).type("login bob correct horse")
    assert any("Welcome to Hubbub, bob" in line for line in await house.look())


async def test_what_the_right_clock_had_told_stays(house: House, restarts: bool) -> None:
    """A suspension from before, and one from when the clock was right again; a ban has no end that could change."""
    for name in ("bob", "carl", "dora"):
        await house.account(name)
    house.node.ask(KeepOut("bob", 90 * DAY_MS, "noise"))
    await do_ahead(house, KeepOut("carl", None, "noise"))
    house.node.ask(KeepOut("dora", 90 * DAY_MS, "noise"))
    house.node.ask(CreateInvitation("f" * 64, until=house.now_ms + 2 * DAY_MS))
    kept_out = house.node.state.names_kept_out
    bob, carl, dora = kept_out["bob"], kept_out["carl"], kept_out["dora"]
    invitation = house.node.state.invitations["f" * 64]
    await set_right(house)
    if restarts:
        await house.restart()
    kept_out = house.node.state.names_kept_out
    assert (kept_out["bob"], kept_out["dora"]) == (bob, dora)
    assert kept_out["carl"].until is None and kept_out["carl"].at < carl.at
    assert house.node.state.invitations["f" * 64] == invitation


async def test_an_invitation_made_while_the_clock_was_ahead_lasts_as_long_from_now(
    house: House, restarts: bool
) -> None:
    until = house.now_ms + 40 * DAY_MS + 300_000
    await do_ahead(house, CreateInvitation("d" * 64, until=until), CreateInvitation("e" * 64))
    await set_right(house)
    if restarts:
        await house.restart()
    house.wait(200)
    assert usable(house.node.state, "d" * 64, house.now_ms)
    house.wait(100)
    assert usable(house.node.state, "d" * 64, house.now_ms) is None
    assert usable(house.node.state, "e" * 64, house.now_ms)


async def test_what_is_said_after_a_clock_that_was_ahead_is_unread(house: House, restarts: bool) -> None:
    """In a room and a conversation that were read then, and in a room that was joined then."""
    await house.irc("ann", CAPS)
    await arrive(house, "bob", f"{CAPS} draft/read-marker")
    house.now_ms += 40 * DAY_MS
    then = format_time(house.now_ms)
    places = ("#Général", "#later", "carl")
    await house.account("carl")
    await house.ask("bob", f"JOIN #later\nMARKREAD #Général timestamp={then}\nMARKREAD carl timestamp={then}")
    for place in places:
        assert f"timestamp={THEN}" in (await house.ask("bob", f"MARKREAD {place}"))[-1]
    house.now_ms -= 40 * DAY_MS
    await set_right(house)
    set_right_at = house.now_ms
    if restarts:
        await house.restart()
    await arrive(house, "bob", f"{CAPS} draft/read-marker")
    house.wait(5)
    now = format_time(house.now_ms)
    for place in places:
        told = (await house.ask("bob", f"MARKREAD {place}"))[-1].rpartition("timestamp=")[2]
        assert (parse_time(told) or 0) <= set_right_at, (place, told)
        assert f"timestamp={now}" in (await house.ask("bob", f"MARKREAD {place} timestamp={now}"))[-1]


async def test_a_room_left_while_the_clock_was_ahead_is_empty_since_it_is_right(
    house: House, restarts: bool
) -> None:
    await house.irc("ann", CAPS)
    await arrive(house, "bob")
    house.now_ms += 40 * DAY_MS
    await house.ask("bob", "JOIN #later\nPART #later")
    house.now_ms -= 40 * DAY_MS
    await set_right(house)
    if restarts:
        await house.restart()
    later = house.node.state.room_named("#later")
    assert later is not None and 0 < later.emptied <= house.now_ms


async def test_no_nonce_is_said_twice_after_a_clock_that_was_ahead(house: House) -> None:
    caps, line = (
        f"{CAPS} hubbub/send-once",
        "@hubbub/nonce=019a5b3c5d2f-8d1c9a7be4f0;hubbub/again PRIVMSG #Général :once",
    )
    for _ in range(2):
        await house.irc("ann", caps)
        await house.ask("ann", "JOIN #Général")
        await house.ask("ann", line)
        await ahead_for_a_while(house, "ahead")
        await house.restart()
    await house.irc("ann", caps)
    await house.ask("ann", "JOIN #Général")
    said = times_of(await house.ask("ann", "CHATHISTORY LATEST #Général * 10"))
    assert [text for _, text in said] == ["once", "ahead", "ahead"]


def test_there_are_so_many_eras_and_no_more() -> None:
    last = first_of_era(ERAS_MAX - 1, START_MS)
    assert last < 1 << 63 and parse_msgid(msgid(last)) == last
    assert id_after(last, START_MS - DAY_MS) == last + 1 and time_of(last) == START_MS
    assert time_of(id_after(last, START_MS + 5)) == START_MS + 5
    eras = [first_of_era(1, START_MS)]
    assert first_id_at(START_MS - 1, eras) < eras[0] <= first_id_at(START_MS, eras)
