"""Requests for rooms: listed, accepted, denied."""

from hubbub.engine.messages import MessageSaid
from hubbub.engine.state import Access
from tests.admin.admin_harness import AdminHarness


def asking() -> AdminHarness:
    """Ann asks for two rooms."""
    harness = AdminHarness()
    harness.account("ann")
    harness.account("bob")
    for name in ("Marketing", "Sales", "Board"):
        harness.room(name, Access.APPROVAL)
    ann = harness.arrive("ann")
    harness.join(ann, "Marketing", "I write the \x1bleaflets")
    harness.time += 1000
    harness.join(ann, "Sales")
    return harness


def rooms_of(harness: AdminHarness, name: str) -> list[str]:
    account = harness.state.account_named(name)
    assert account
    return [room.name.text for room in account.rooms.values()]


async def test_pending_rooms() -> None:
    harness = asking()
    expected = [
        "username  room       since (UTC)          says",
        "ann       Marketing  2026-11-20 12:00:00  I write the leaflets",
        "ann       Sales      2026-11-20 12:00:01",
    ]
    assert await harness.says("pending rooms ann") == expected
    assert await harness.says("pending rooms") == expected
    assert await harness.says("pending rooms bob") == ["bob has no requests."]
    assert await harness.refuses("pending rooms eve") == ["There is no account eve."]
    assert await AdminHarness().says("pending rooms") == ["There are no requests."]


async def test_accept_pending_accepts_all_that_are_named_or_none() -> None:
    harness = asking()
    assert await harness.refuses("accept pending ann Sales,Board,Nowhere") == [
        "ann has not asked to join the room Board.",
        "There is no room Nowhere.",
    ]
    assert await harness.says("accept pending ANN sales,marketing") == [
        "ann is now a member of the room Sales.",
        "ann is now a member of the room Marketing.",
    ]
    assert rooms_of(harness, "ann") == ["Sales", "Marketing"]


async def test_accept_pending_all() -> None:
    harness = asking()
    assert await harness.says("accept pending ann all") == [
        "ann is now a member of the room Marketing.",
        "ann is now a member of the room Sales.",
    ]
    assert await harness.refuses("accept pending ann all") == ["ann has no requests."]
    assert await harness.refuses("accept pending eve all") == ["There is no account eve."]
    assert await harness.refuses("accept pending ann #all") == ["There is no room all."]
    assert await harness.refuses('accept pending ann "all"') == ["There is no room all."]
    assert await harness.refuses("accept pending ann") == [
        "The room1,room2,... is missing. Write: accept pending <username> <room1,room2,...>"
    ]


async def test_deny_pending_tells_the_person_why() -> None:
    harness = asking()
    assert await harness.says("deny pending ann Marketing,Sales Ask your teacher") == [
        "The request of ann to join the room Marketing is denied.",
        "The request of ann to join the room Sales is denied.",
    ]
    assert rooms_of(harness, "ann") == []
    told = [event.text for event in harness.events if isinstance(event, MessageSaid)]
    assert told[0] == "Console denied your request to join the room Marketing: Ask your teacher"
    assert await harness.refuses("deny pending ann Sales") == ["ann has not asked to join the room Sales."]


async def test_pending_is_named_with_what_could_follow() -> None:
    assert await AdminHarness().refuses("accept bob") == [
        (
            "accept bob is not a command. Write one of: accept account <username>; "
            "accept pending <username> <room1,room2,...>"
        )
    ]
