"""Rooms: listed, added, deleted, renamed, set, and who is in them."""

import pytest

from hubbub.engine.state import Access, History, Role
from tests.admin.admin_harness import AdminHarness


async def test_rooms_are_listed_aligned_whatever_their_letters() -> None:
    harness = AdminHarness()
    assert await harness.says("rooms") == ["There are no rooms."]
    harness.room("Général")
    harness.room("茶室", Access.APPROVAL, secret=True)
    harness.join(harness.arrive("ann"), "Général")
    assert await harness.says("rooms") == [
        "room     access    listed  history  members  online  requests",
        "Général  open      yes     all      1        1       0",
        "茶室     approval  no      all      0        0       0",
        "2 rooms.",
    ]


async def test_add_room_adds_all_or_none() -> None:
    harness = AdminHarness()
    assert await harness.says("add room Sales,#Été,sales") == [
        "The room Sales was created and is open.",
        "The room Été was created and is open.",
    ]
    assert await harness.refuses("add room New,SALES") == ["The room Sales already exists."]
    assert "Write at most 100" in (await harness.refuses("add room " + "a," * 200 + "b"))[0]
    assert (await harness.refuses("add room a,,b"))[0].startswith("A room name is missing.")
    assert (await harness.refuses("add room a,b:c"))[0].startswith("b:c: This room name can't be used.")
    assert (await harness.refuses("add room a, b"))[0].startswith("A room name is missing.")


async def test_delete_and_rename() -> None:
    harness = AdminHarness()
    harness.room("Sales")
    harness.room("Shop")
    assert await harness.refuses("rename room sales Shop") == ["The room Shop already exists."]
    assert await harness.says("rename room sales Market") == ["The room Sales is now called Market."]
    assert await harness.says("delete room #market") == ["The room Market was deleted with its history."]
    assert await harness.refuses("delete room Market") == ["There is no room Market."]
    assert await harness.refuses("rename room Shop") == [
        "The new name is missing. Write: rename room <room> <new name>"
    ]


async def test_set_room() -> None:
    harness = AdminHarness()
    harness.room("Sales")
    room = harness.state.rooms[harness.state.room_names["sales"]]
    assert await harness.says("set room Sales access invitation") == [
        "The room Sales now has the access invitation."
    ]
    assert await harness.says("set room Sales listed no") == ["The room Sales is no longer listed."]
    assert await harness.says("set room Sales History  since  joining") == [
        "The room Sales now shows its members the history: since joining."
    ]
    assert (room.access, room.secret, room.history) == (Access.INVITATION, True, History.SINCE_JOINING)
    assert await harness.says("set room Sales listed yes") == ["The room Sales is now listed."]
    assert not room.secret
    assert await harness.refuses("set room Sales colour blue") == [
        (
            "colour blue is not a room's setting. It is one of: access open, access approval, access invitation, "
            "listed yes, listed no, history all, history since joining, history none. "
            "Write: set room <room> <setting>"
        )
    ]


async def test_members_operators_and_invitations() -> None:
    harness = AdminHarness()
    harness.account("ann")
    harness.account("bob")
    harness.room("Sales", Access.INVITATION)
    assert await harness.says("members Sales") == ["Nobody is in the room Sales."]
    assert await harness.says("invite ann Sales") == ["ann is invited to the room Sales."]
    ann = harness.arrive("ann")
    harness.join(ann, "Sales")
    assert await harness.refuses("invite ann Sales") == ["ann is already in the room Sales."]
    assert await harness.says("op ann sales") == ["ann is now an operator of the room Sales."]
    assert await harness.says("op ann sales") == ["ann is already an operator of the room Sales."]
    assert await harness.says("members Sales") == [
        "name  is        online  since (UTC)",
        "ann   operator  yes     2026-11-20 12:00:00",
        "1 member.",
    ]
    assert await harness.says("deop ann sales") == ["ann is no longer an operator of the room Sales."]
    assert harness.state.rooms[harness.state.room_names["sales"]].members[ann_id(harness)].modes == ""
    assert await harness.refuses("op bob Sales") == ["bob is not in the room Sales."]
    assert await harness.refuses("invite eve Sales") == ["User eve not found"]
    assert await harness.refuses("members Nowhere") == ["There is no room Nowhere."]


def ann_id(harness: AdminHarness) -> int:
    return harness.state.account_names["ann"]


async def test_a_moderator_is_not_shown_secret_rooms() -> None:
    harness = AdminHarness()
    harness.room("Open")
    harness.room("Hidden", secret=True)
    harness.join(harness.arrive("ann"), "Open")
    eve = harness.arrive("eve")
    harness.join(eve, "Hidden")
    harness.act_as("mona", Role.MODERATOR)
    for line in ("rooms", "users", "connections"):
        assert "Hidden" not in "\n".join(await harness.says(line)), line
    assert await harness.refuses("members Hidden") == ["There is no room Hidden."]
    assert harness.completes("members ") == ["Open"]


@pytest.mark.parametrize(
    "line", ["add room x", "delete room Open", "set room Open listed no", "op mona Open"]
)
async def test_a_moderator_changes_no_room(line: str) -> None:
    harness = AdminHarness()
    harness.room("Open")
    harness.act_as("mona", Role.MODERATOR)
    assert await harness.refuses(line) == ["Only an administrator can do this."]
