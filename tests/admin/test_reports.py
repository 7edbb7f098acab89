"""Reports: listed, read with what was said around the message, and closed."""

from hubbub.engine.messages import MessageSaid, SayInRoom, SayPrivately
from hubbub.engine.reports import ReportMessage
from hubbub.engine.state import Role
from tests.admin.admin_harness import AdminHarness


def _reported(harness: AdminHarness, said: MessageSaid, by: int, reason: str = "") -> None:
    harness.must(by, ReportMessage(said, reason))


def _said(harness: AdminHarness, session: int, text: str, room: str = "", to: str = "") -> MessageSaid:
    harness.must(session, SayInRoom(room, text) if room else SayPrivately(to, text))
    said = harness.events[-1]
    assert isinstance(said, MessageSaid)
    return said


async def test_read_with_what_was_said_around_it() -> None:
    harness = AdminHarness()
    harness.room("tea")
    ann, eve = harness.arrive("ann"), harness.arrive("eve")
    harness.join(ann, "tea")
    harness.join(eve, "tea")
    said = [_said(harness, eve, f"words {number}", "tea") for number in range(20)]
    _reported(harness, said[10], ann, "not nice")
    listed = await harness.says("reports")
    assert "ann" in listed[1] and "eve" in listed[1] and "words 10" in listed[1] and "not nice" in listed[1]
    shown = await harness.says("report 1")
    assert [line.rpartition("words ")[2] for line in shown[1:-1]] == [str(number) for number in range(5, 16)]
    assert shown[-1] == "ann reported a message by eve in the room tea: not nice"


async def test_a_private_one_alone() -> None:
    harness = AdminHarness()
    ann, eve = harness.arrive("ann"), harness.arrive("eve")
    _said(harness, ann, "our secret", to="eve")
    _reported(harness, _said(harness, eve, "an insult", to="ann"), ann)
    shown = await harness.says("report 1")
    assert "an insult" in shown[1] and "our secret" not in " ".join(shown)
    assert shown[-1] == "ann reported a message by eve in a private conversation: no reason given"


async def test_closed() -> None:
    harness = AdminHarness()
    harness.role = Role.MODERATOR
    ann, eve = harness.arrive("ann"), harness.arrive("eve")
    _reported(harness, _said(harness, eve, "one", to="ann"), ann)
    _reported(harness, _said(harness, eve, "two", to="ann"), ann)
    assert await harness.says("close report 1 eve was warned") == ["The report about eve is closed."]
    assert ["two" in line for line in await harness.says("reports")] == [False, True]
    assert await harness.refuses("close report 2") == [
        "There is no such report. To list the reports, write: reports"
    ]
    assert await harness.refuses("report 5") == [
        "There is no such report. To list the reports, write: reports"
    ]
    [act] = await harness.acts(5)
    assert (act.act, act.subject, act.detail) == ("close report", "eve", "eve was warned")
    await harness.says("close report 1")
    assert await harness.says("reports") == ["There are no open reports."]


async def test_not_for_members() -> None:
    harness = AdminHarness()
    harness.role = Role.MEMBER
    for line in ("reports", "report 1", "close report 1"):
        assert "moderator" in (await harness.refuses(line))[0]
