"""Rooms, requests and moderation by plain words: who sees which line of it."""

from pathlib import Path

import pytest

from hubbub.transports.base import WireProtocol
from tests.server_harness import ServerHarness

NOWHERE = "You are not in a room. Join one with /join ROOM. To list the rooms, write /rooms."
OPERATORS = "Only an operator of the room tea can do this."


async def test_join(ann_and_bob: ServerHarness) -> None:
    assert await ann_and_bob.ask("ann", "/make tea") == [
        "ann < ann has joined tea.",
        "ann < You are in the room tea.",
    ]
    assert await ann_and_bob.ask("bob", "/join #TEA") == [
        "ann < bob has joined tea.",
        "bob < bob has joined tea.",
        "bob < You are in the room tea.",
    ]
    assert await ann_and_bob.ask("bob", "/join général") == ["bob < You are in the room Général."]


async def test_join_goes_back_to_a_room_in_which_one_is(tea: ServerHarness) -> None:
    assert await tea.ask("ann", "/join Général") == ["ann < You are in the room Général."]
    assert await tea.ask("ann", "hi") == ["bob < [Général] ann: hi"]


async def test_join_tells_the_topic(tea: ServerHarness) -> None:
    await tea.ask("ann", "/topic Earl Grey")
    await tea.netcat("eve")
    assert (await tea.ask("eve", "/join tea"))[-1] == "eve < Topic: Earl Grey"


async def test_join_with_a_key(tea: ServerHarness) -> None:
    await tea.irc("irc")
    await tea.ask("irc", "JOIN #locked")
    await tea.ask("irc", "MODE #locked +k sesame")
    for line in ("/join locked", "/join locked wrong"):
        assert await tea.ask("bob", line) == [
            "bob < The room locked has a key. Write it after the room's name."
        ]
    assert "bob < You are in the room locked." in await tea.ask("bob", "/join locked sesame")


@pytest.mark.parametrize("name", ["a,b", "what?", "a" * 64, "@x"])
async def test_join_what_can_be_no_room(ann_and_bob: ServerHarness, name: str) -> None:
    (line,) = await ann_and_bob.ask("ann", f"/join {name}")
    assert line.startswith("ann < This room name can't be used. A room name has 1 to 63 bytes")


async def test_leave(tea: ServerHarness) -> None:
    assert await tea.ask("bob", "/leave") == [
        "ann < bob has left tea.",
        "bob < bob has left tea.",
        "bob < You left tea. You are now in the room Général.",
    ]
    assert await tea.ask("bob", "/leave tea") == ["bob < You are not in the room tea. Join it first."]
    await tea.ask("bob", "/leave Général")
    assert await tea.ask("bob", "hello") == [f"bob < {NOWHERE}"]
    assert await tea.ask("bob", "/leave") == ["bob < Write /leave ROOM."]


async def test_leave_another_room_and_stay_here(tea: ServerHarness) -> None:
    assert (await tea.ask("bob", "/leave général"))[
        -1
    ] == "bob < You left Général. You are now in the room tea."


async def test_rooms(tea: ServerHarness) -> None:
    await tea.ask("ann", "/topic Earl Grey")
    assert await tea.ask("bob", "/rooms") == [
        "bob < Rooms:",
        "bob <   Blabla (0 online)",
        "bob <   Comptabilité (0 online, by approval)",
        "bob <   Général (2 online, joined)",
        "bob <   Informatique (0 online, by approval)",
        "bob <   Marketing (0 online, by approval)",
        "bob <   tea (2 online, joined)  Earl Grey",
    ]


async def test_a_secret_room_is_nobodys_business(tea: ServerHarness) -> None:
    await tea.account("root1", role="admin")
    await tea.netcat("root1", "login root1 correct horse")
    await tea.ask("root1", "/admin set room tea listed no")
    await tea.netcat("eve")
    assert not [line for line in await tea.ask("eve", "/rooms") if "tea" in line]
    for line in ("/users tea", "/leave tea"):
        assert await tea.ask("eve", line) == ["eve < There is no room tea. To list the rooms, write /rooms."]
    assert (await tea.ask("root1", "/users tea"))[0] == "root1 < In tea:"


async def test_users(tea: ServerHarness) -> None:
    await tea.ask("bob", "/away lunch")
    assert await tea.ask("ann", "/users") == [
        "ann < In tea:",
        "ann <   ann (founder)",
        "ann <   bob (away: lunch)",
    ]
    await tea.ask("ann", "/exit")
    assert await tea.ask("bob", "/users tea") == [
        "bob < In tea:",
        "bob <   ann (founder, offline)",
        "bob <   bob (away: lunch)",
    ]
    assert await tea.ask("bob", "/users nowhere") == [
        "bob < There is no room nowhere. To list the rooms, write /rooms."
    ]


async def test_topic(tea: ServerHarness) -> None:
    assert await tea.ask("bob", "/topic") == ["bob < tea has no topic. To set one, write: /topic TEXT"]
    assert await tea.ask("bob", "/topic mine") == [f"bob < {OPERATORS}"]
    told = "ann set the topic of tea: Earl Grey"
    assert await tea.ask("ann", "/topic Earl Grey") == [f"ann < {told}", f"bob < {told}"]
    assert await tea.ask("bob", "/topic") == ["bob < The topic of tea: Earl Grey"]


async def test_history(tea: ServerHarness) -> None:
    for text in ("one", "two", "three"):
        await tea.ask("bob", text)
    shown = [f"ann < [2026-11-18 11:06] bob: {text}" for text in ("one", "two", "three")]
    assert await tea.ask("ann", "/history") == ["ann < --- earlier ---", *shown, "ann < --- now ---"]
    assert await tea.ask("ann", "/history 2") == ["ann < --- earlier ---", *shown[1:], "ann < --- now ---"]


async def test_history_keeps_what_was_said_to_operators_alone(tea: ServerHarness) -> None:
    irc = tea.connect("irc")
    irc.type("PASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann")
    await tea.look()
    assert await tea.ask("irc", "PRIVMSG @#tea :between us") == ["ann < ann: between us"]
    assert await tea.ask("bob", "/history") == ["bob < This room has no messages yet."]
    assert "ann < [2026-11-18 11:06] ann: between us" in await tea.ask("ann", "/history")


async def test_history_takes_no_number_without_end(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"limits.netcat_line_bytes": 10_000}) as harness:
        await harness.netcat("ann")
        told = "ann < Write /history or /history N, with N from 1 to 1000."
        assert await harness.ask("ann", f"/history 000000001{'9' * 6000}") == [told]


@pytest.mark.parametrize("number", ["0", "-1", "1001", "x", "²", "1 2", "000000001" + "9" * 3000])
async def test_history_takes_a_number(tea: ServerHarness, number: str) -> None:
    told = "ann < Write /history or /history N, with N from 1 to 1000."
    assert await tea.ask("ann", f"/history {number}") == [told]


async def test_invite(tea: ServerHarness) -> None:
    await tea.netcat("eve")
    told = "ann invites eve to the room tea. To join, write: /join tea"
    assert await tea.ask("ann", "/invite eve") == [f"ann < {told}", f"eve < {told}"]
    assert await tea.ask("ann", "/invite nobody") == ["ann < User nobody not found"]
    assert await tea.ask("ann", "/invite bob") == ["ann < bob is already in the room tea."]


async def test_kick(tea: ServerHarness) -> None:
    assert await tea.ask("bob", "/kick ann") == [f"bob < {OPERATORS}"]
    told = "ann kicked bob from tea: enough noise"
    assert await tea.ask("ann", "/kick bob enough noise") == [f"ann < {told}", f"bob < {told}"]
    # What was meant for one room is not said in another.
    assert await tea.ask("bob", "what?") == [f"bob < {NOWHERE}"]


async def test_op_and_deop(tea: ServerHarness) -> None:
    assert await tea.ask("bob", "/op bob") == [f"bob < {OPERATORS}"]
    assert await tea.ask("ann", "/op bob") == [
        "ann < bob is now an operator in tea.",
        "bob < bob is now an operator in tea.",
    ]
    assert await tea.ask("ann", "/deop bob") == [
        "ann < bob is no longer an operator in tea.",
        "bob < bob is no longer an operator in tea.",
    ]


async def test_a_request_names_the_account_that_asks(tea: ServerHarness) -> None:
    """Whatever nickname it goes by: it is the account that is accepted."""
    await tea.account("root1", role="admin")
    await tea.netcat("root1", "login root1 correct horse")
    await tea.ask("root1", "/admin set room tea access approval")
    await tea.netcat("eve", "register eve correct horse")
    await tea.ask("eve", "/nick evelyn")
    lines = await tea.ask("eve", "/join tea")
    assert "ann < eve asks to join the room tea. To accept, write: /accept eve tea" in lines
    assert await tea.ask("eve", "/requests") == ["eve < There are no requests."]
    assert await tea.ask("ann", "/requests") == ["ann < Requests:", "ann <   eve asks to join tea"]
    lines = await tea.ask("ann", "/accept eve tea")
    assert "ann < eve is now a member of the room tea." in lines
    assert "eve < ann accepted your request. You are now a member of the room tea." in lines


async def test_deny(tea: ServerHarness) -> None:
    await tea.account("root1", role="admin")
    await tea.netcat("root1", "login root1 correct horse")
    await tea.netcat("eve", "register eve correct horse")
    await tea.ask("eve", "/join Marketing")
    assert await tea.ask("root1", "/deny eve Marketing") == [
        "root1 < The request is denied, and eve is notified.",
        "eve < root1 denied your request to join the room Marketing.",
    ]
    assert await tea.ask("root1", "/deny eve Marketing") == [
        "root1 < eve has not asked to join the room Marketing."
    ]


async def test_a_guest_needs_an_account_to_ask(ann_and_bob: ServerHarness) -> None:
    assert await ann_and_bob.ask("bob", "/join Marketing") == [
        "bob < This requires an account. Register one, or log in to yours."
    ]


async def test_what_an_administrator_does_to_a_room_is_told(tea: ServerHarness) -> None:
    await tea.account("root1", role="admin")
    await tea.netcat("root1", "login root1 correct horse")
    lines = await tea.ask("root1", "/admin rename room tea coffee")
    told = "The room tea is now called coffee."
    assert lines[:2] == [f"ann < {told}", f"bob < {told}"]
    assert await tea.ask("ann", "hi") == ["bob < ann: hi"]
    lines = await tea.ask("root1", "/admin delete room coffee")
    gone = ["The room coffee was deleted.", NOWHERE]
    assert lines[:4] == [*(f"ann < {line}" for line in gone), *(f"bob < {line}" for line in gone)]


async def test_an_announcement_and_a_role_are_told(ann_and_bob: ServerHarness) -> None:
    await ann_and_bob.account("root1", role="admin")
    await ann_and_bob.netcat("root1", "login root1 correct horse")
    lines = await ann_and_bob.ask("root1", "/admin announce Tea at four")
    assert [line for line in lines if "Tea" in line][:2] == [
        "ann < *** root1: Tea at four",
        "bob < *** root1: Tea at four",
    ]
    await ann_and_bob.ask("ann", "register ann correct horse")
    assert "ann < ann is now a moderator." in await ann_and_bob.ask("root1", "/admin set role ann moderator")


async def test_the_suspended_are_told_until_when_and_why(ann_and_bob: ServerHarness) -> None:
    await ann_and_bob.account("root1", role="admin")
    await ann_and_bob.netcat("root1", "login root1 correct horse")
    lines = await ann_and_bob.ask("root1", "/admin kick bob 10m spam")
    assert "bob < Suspended until 2026-11-18 11:16:40 UTC: spam" in lines
    assert "ann < bob has left the chat." in lines
    ann_and_bob.connect("bob", WireProtocol.NETCAT)
    await ann_and_bob.look()
    assert (await ann_and_bob.ask("bob", "bob"))[0] == (
        "bob < You are suspended until 2026-11-18 11:16:40 UTC: spam"
    )
