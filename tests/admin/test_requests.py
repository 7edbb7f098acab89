"""Requests for rooms: listed, accepted, denied."""

from hubbub.engine.messages import MessageSaid
from hubbub.engine.state import Access
from tests.admin.admin_harness import Office


def asking() -> Office:
    """Ann asks for two rooms."""
    office = Office()
    office.account("ann")
    office.account("bob")
    for name in ("Marketing", "Sales", "Board"):
        office.room(name, Access.APPROVAL)
    ann = office.arrive("ann")
    office.join(ann, "Marketing", "I write the \x1bleaflets")
    office.time += 1000
    office.join(ann, "Sales")
    return office


def rooms_of(office: Office, name: str) -> list[str]:
    account = office.state.account_named(name)
    assert account
    return [room.name.text for room in account.rooms.values()]


async def test_pending_rooms() -> None:
    office = asking()
    expected = [
        "username  room       since (UTC)          says",
        "ann       Marketing  2026-11-20 12:00:00  I write the leaflets",
        "ann       Sales      2026-11-20 12:00:01",
    ]
    assert await office.says("pending rooms ann") == expected
    assert await office.says("pending rooms") == expected
    assert await office.says("pending rooms bob") == ["bob has no requests."]
    assert await office.refuses("pending rooms eve") == ["There is no account eve."]
    assert await Office().says("pending rooms") == ["There are no requests."]


async def test_accept_pending_accepts_all_that_are_named_or_none() -> None:
    office = asking()
    assert await office.refuses("accept pending ann Sales,Board,Nowhere") == [
        "ann has not asked to join the room Board.",
        "There is no room Nowhere.",
    ]
    assert await office.says("accept pending ANN sales,marketing") == [
        "ann is now a member of the room Sales.",
        "ann is now a member of the room Marketing.",
    ]
    assert rooms_of(office, "ann") == ["Sales", "Marketing"]


async def test_accept_pending_all() -> None:
    office = asking()
    assert await office.says("accept pending ann all") == [
        "ann is now a member of the room Marketing.",
        "ann is now a member of the room Sales.",
    ]
    assert await office.refuses("accept pending ann all") == ["ann has no requests."]
    assert await office.refuses("accept pending eve all") == ["There is no account eve."]
    assert await office.refuses("accept pending ann #all") == ["There is no room all."]
    assert await office.refuses('accept pending ann "all"') == ["There is no room all."]
    assert await office.refuses("accept pending ann") == [
        "The room1,room2,... is missing. Write: accept pending <username> <room1,room2,...>"
    ]


async def test_deny_pending_tells_the_person_why() -> None:
    office = asking()
    assert await office.says("deny pending ann Marketing,Sales Ask your teacher") == [
        "The request of ann to join the room Marketing is denied.",
        "The request of ann to join the room Sales is denied.",
    ]
    assert rooms_of(office, "ann") == []
    told = [event.text for event in office.events if isinstance(event, MessageSaid)]
    assert told[0] == "Console denied your request to join the room Marketing: Ask your teacher"
    assert await office.refuses("deny pending ann Sales") == ["ann has not asked to join the room Sales."]


async def test_pending_is_named_with_what_could_follow() -> None:
    assert await Office().refuses("accept bob") == [
        (
            "accept bob is not a command. Write one of: accept account <username>; "
            "accept pending <username> <room1,room2,...>"
        )
    ]
