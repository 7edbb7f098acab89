"""While there is no connection: what was known stays to be seen, and the banner says since when and what comes next."""

from hubbub.client import events
from hubbub.client.event_text import membership
from hubbub.client.outage import Outage
from tests.client.client_harness import come, settle
from tests.server_harness import ServerHarness


async def test_names_members_and_ones_place_in_a_room_stay_and_are_told_anew(harness: ServerHarness) -> None:
    await harness.account("bob")
    ann = await come(harness, "ann", rooms=("#tea",))
    bob = await come(harness, "bob", "correct horse", rooms=("#tea",))
    bob.client.ask("METADATA", "*", "SET", "display-name", "Bob Brown")
    eve = await come(harness, "eve", rooms=("#tea",))
    await settle(ann, bob, eve)
    ann.client.look_at(ann["#tea"])
    await settle(ann)

    def shown() -> list[str]:
        return [member.person.display_name for member in ann["#tea"].members.values()]

    assert shown() == ["ann", "Bob Brown", "eve"]
    ann.cut()
    assert shown() == ["ann", "Bob Brown", "eve"] and membership(ann["#tea"]) == ""
    bob.client.ask("AWAY", "lunch")
    eve.client.leave(eve["#tea"])
    await settle(bob, eve)
    ann.connect()
    await settle(ann)
    assert shown() == ["Bob Brown", "ann"] or shown() == ["ann", "Bob Brown"]
    told = ann.client.people.find("bob")
    assert told is not None and told.is_away and told.is_online and not told.is_outdated
    gone = ann.client.people.find("eve")
    assert gone is None or gone.is_online is None


async def test_who_is_not_let_in_again_is_told_so(harness: ServerHarness) -> None:
    await harness.irc("chief")
    await harness.ask("chief", "JOIN #tea")
    ann = await come(harness, "ann", rooms=("#tea",))
    await settle(ann)
    ann.cut()
    await harness.ask("chief", "MODE #tea +i")
    assert membership(ann["#tea"]) == "" and ann["#tea"].members
    ann.connect()
    await settle(ann)
    assert membership(ann["#tea"]) == "you are not in it" and not ann["#tea"].members


def test_the_banner_says_since_when_why_and_when_it_is_tried_again() -> None:
    minute = 60_000
    start = 1_795_000_000_000
    outage = Outage()
    assert outage.words(start) == "" and outage.is_over
    outage.heard(events.Disconnected("The connection was lost.", 8.0), start)
    first = outage.words(start)
    assert first.startswith("Offline since ") and "Reconnecting in 8 s. The connection was lost." in first
    assert "Reconnecting in 5 s." in outage.words(start + 3_000) and outage.is_counting
    outage.heard(events.Connecting(2), start + 8_000)
    assert "Reconnecting now." in outage.words(start + 8_000) and not outage.is_counting and outage.can_retry
    outage.heard(events.Disconnected("Nobody answers.", 60.0), start + 5 * minute)
    later = outage.words(start + 5 * minute)
    assert later.split(".")[0] == first.split(".")[0], "it counts from when it was cut"
    outage.heard(events.Disconnected("You are banned.", None), start + 6 * minute)
    assert outage.words(start) == "You are banned." and not outage.can_retry
    outage.heard(events.Welcomed("ann", again=True), start + 7 * minute)
    assert outage.is_over and outage.words(start) == ""
