"""Group chats in the clients' core: by the vectors that the page's core follows too, and at a server."""

import json
from pathlib import Path

from hubbub.client import events, group_chats
from hubbub.client.client import Client
from hubbub.client.identity import Identity
from tests.client.client_harness import ClientHarness, come, settle
from tests.server_harness import ServerHarness

VECTORS = Path(__file__).parent / "vectors" / "group_chats.json"
GREETING = (
    ":srv CAP * LS :hubbub/conversations draft/metadata-2 extended-join batch", ":srv CAP * ACK :draft/metadata-2",
    ":srv 001 ann :Hi", ":srv 005 ann CASEMAPPING=ascii CHANTYPES=# :are supported", ":srv 422 ann :none",
)  # fmt: skip


def test_each_line_does_what_it_does_on_the_page() -> None:
    client = Client(Identity("ann"), lambda: "x")
    client.opened(1_000, is_secure=True, is_private=True)
    client.received("".join(f"{line}\r\n" for line in GREETING).encode(), 1_000)
    for now, (line, expected) in enumerate(json.loads(VECTORS.read_text("utf-8"))):
        client.received(f"{line}\r\n".encode(), 2_000 + now)
        room = client.find("#talk-1")
        assert room is not None and room.is_group_chat and room.is_among_people, line
        found = {"participants": sorted(room.participants.values()), "title": group_chats.title(client, room)}
        assert found == {key: expected[key] for key in found}, line
        assert room.mentions == expected.get("mentions", 0), line
    assert client.find("eve") is None


async def _three(harness: ServerHarness) -> tuple[ClientHarness, ClientHarness]:
    for name in ("ann", "bob", "carol", "dave"):
        await harness.account(name)
    return await come(harness, "ann", "correct horse"), await come(harness, "bob", "correct horse")


async def test_one_opens_it_and_the_others_have_it(harness: ServerHarness) -> None:
    ann, bob = await _three(harness)
    assert group_chats.are_offered(ann.client)
    group_chats.begin(ann.client, ["bob", "carol"])
    await settle(ann, bob)
    (opened,) = ann.seen(events.GroupChatOpened)
    assert isinstance(opened, events.GroupChatOpened)
    room = opened.conversation
    assert room.is_joined and group_chats.title(ann.client, room) == "bob, carol"
    assert bob.seen(events.GroupChatOpened) == []
    other = bob[room.name]
    assert other.is_joined and group_chats.title(bob.client, other) == "ann, carol"
    harness.wait(1)
    ann.client.say(room, "hello")
    await settle(ann, bob)
    assert (other.unread, other.mentions) == (1, 1)
    carol = await come(harness, "carol", "correct horse")
    assert group_chats.title(carol.client, carol[room.name]) == "ann, bob"


async def test_the_same_people_open_the_same_one(harness: ServerHarness) -> None:
    ann, bob = await _three(harness)
    found = []
    for names in (["bob", "carol"], ["Carol", "Bob"], ["bob", "dave"]):
        group_chats.begin(ann.client, names)
        await settle(ann, bob)
        found += [event for event in ann.seen() if isinstance(event, events.GroupChatOpened)]
    first, again, other = [event.conversation for event in found]
    assert first is again is not other


async def test_people_are_added_and_leave(harness: ServerHarness) -> None:
    ann, bob = await _three(harness)
    group_chats.begin(ann.client, ["bob", "carol"])
    await settle(ann, bob)
    (room,) = (one for one in ann.client.conversations.values() if one.is_group_chat)
    ann.seen()
    group_chats.add(ann.client, room, ["dave"])
    await settle(ann, bob)
    assert ann.seen(events.GroupChatOpened) == [], "it is open already"
    assert group_chats.others(bob.client, bob[room.name]) == ["ann", "carol", "dave"]
    bob.client.leave(bob[room.name])
    await settle(ann, bob)
    assert group_chats.others(ann.client, room) == ["carol", "dave"]
    assert bob.client.find(room.name) is None


async def test_a_refusal_is_told(harness: ServerHarness) -> None:
    ann, _ = await _three(harness)
    group_chats.begin(ann.client, ["bob"])
    await settle(ann)
    (refused,) = ann.seen(events.Refused)
    assert isinstance(refused, events.Refused)
    assert refused.text == "Name at least two other people. To one person, send a private message."
