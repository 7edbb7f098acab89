"""What was said, and the audit trail."""

from hubbub.admin import history
from hubbub.engine.message_kinds import TAGS
from hubbub.engine.messages import SayInRoom, SayPrivately
from tests.admin.admin_harness import AdminHarness


async def test_messages_of_the_last_minutes() -> None:
    harness = AdminHarness()
    harness.room("Sales")
    ann = harness.arrive("ann")
    harness.arrive("bob")
    harness.join(ann, "Sales")
    harness.must(ann, SayInRoom("Sales", "long ago"))
    harness.time += 600_001
    harness.must(ann, SayInRoom("Sales", "hel\x02lo"))
    harness.must(ann, SayInRoom("Sales", "\x01ACTION waves\x01"))
    harness.must(ann, SayInRoom("Sales", "", kind=TAGS))
    harness.must(ann, SayPrivately("bob", "our secret"))
    assert await harness.says("messages 10m") == [
        "[2026-11-20 12:10:00] #Sales ann: hello",
        "[2026-11-20 12:10:00] #Sales * ann waves",
        "[2026-11-20 12:10:00] ann → bob (private)",
    ]
    harness.time += 10_000_000
    assert await harness.says("messages 1s") == ["No messages since 2026-11-20 14:56:39 UTC."]
    assert len(await harness.says("messages 100y")) == 4


async def test_a_long_list_says_that_it_is_cut() -> None:
    harness = AdminHarness()
    harness.room("Sales")
    ann = harness.arrive("ann")
    harness.join(ann, "Sales")
    for number in range(history.MESSAGES_MAX + 1):
        harness.must(ann, SayInRoom("Sales", str(number)))
    lines = await harness.says("messages 1h")
    assert lines[0] == "Only the latest 1000 messages are shown."
    assert lines[1].endswith("ann: 1")
    assert lines[-1].endswith("ann: 1000")


async def test_audit() -> None:
    harness = AdminHarness()
    assert await harness.says("audit") == ["The audit trail is empty."]
    harness.room("Sales")
    await harness.says("rename room Sales Shop")
    await harness.says("ban ip 192.0.2.7 Flooding")
    assert await harness.says("audit 2") == [
        "time (UTC)           by       did          to            how",
        "2026-11-20 12:00:00  Console  rename room  Sales         Shop",
        "2026-11-20 12:00:00  Console  ban ip       192.0.2.7/32  Banned until the ban is lifted: Flooding",
    ]
    assert await harness.refuses("audit 0") == ["0 is not a number from 1 to 1000. Write: audit [number]"]
    assert await harness.refuses("audit ²") == ["² is not a number from 1 to 1000. Write: audit [number]"]


async def test_mistakes() -> None:
    harness = AdminHarness()
    assert await harness.refuses("messages") == ["The time is missing. Write: messages <time>"]
    assert (await harness.refuses("messages yesterday"))[0].startswith("yesterday is not a time.")
    assert await harness.refuses("messages 10m 5") == ["5 is one argument too many. Write: messages <time>"]
