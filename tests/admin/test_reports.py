"""Reports: listed, read with what was said around the message, and closed."""

from hubbub.engine.messages import MessageSaid, SayInRoom, SayPrivately
from hubbub.engine.reports import ReportMessage
from hubbub.engine.state import Role
from tests.admin.admin_harness import Office


def _reported(office: Office, said: MessageSaid, by: int, reason: str = "") -> None:
    office.must(by, ReportMessage(said, reason))


def _said(office: Office, session: int, text: str, room: str = "", to: str = "") -> MessageSaid:
    office.must(session, SayInRoom(room, text) if room else SayPrivately(to, text))
    said = office.events[-1]
    assert isinstance(said, MessageSaid)
    return said


async def test_read_with_what_was_said_around_it() -> None:
    office = Office()
    office.room("tea")
    ann, eve = office.arrive("ann"), office.arrive("eve")
    office.join(ann, "tea")
    office.join(eve, "tea")
    said = [_said(office, eve, f"words {number}", "tea") for number in range(20)]
    _reported(office, said[10], ann, "not nice")
    listed = await office.says("reports")
    assert "ann" in listed[1] and "eve" in listed[1] and "words 10" in listed[1] and "not nice" in listed[1]
    shown = await office.says("report 1")
    assert [line.rpartition("words ")[2] for line in shown[1:-1]] == [str(number) for number in range(5, 16)]
    assert shown[-1] == "ann reported a message by eve in the room tea: not nice"


async def test_a_private_one_alone() -> None:
    office = Office()
    ann, eve = office.arrive("ann"), office.arrive("eve")
    _said(office, ann, "our secret", to="eve")
    _reported(office, _said(office, eve, "an insult", to="ann"), ann)
    shown = await office.says("report 1")
    assert "an insult" in shown[1] and "our secret" not in " ".join(shown)
    assert shown[-1] == "ann reported a message by eve in a private conversation: no reason given"


async def test_closed() -> None:
    office = Office()
    office.role = Role.MODERATOR
    ann, eve = office.arrive("ann"), office.arrive("eve")
    _reported(office, _said(office, eve, "one", to="ann"), ann)
    _reported(office, _said(office, eve, "two", to="ann"), ann)
    assert await office.says("close report 1 eve was warned") == ["The report about eve is closed."]
    assert ["two" in line for line in await office.says("reports")] == [False, True]
    assert await office.refuses("close report 2") == [
        "There is no such report. To list the reports, write: reports"
    ]
    assert await office.refuses("report 5") == [
        "There is no such report. To list the reports, write: reports"
    ]
    [act] = await office.acts(5)
    assert (act.act, act.subject, act.detail) == ("close report", "eve", "eve was warned")
    await office.says("close report 1")
    assert await office.says("reports") == ["There are no open reports."]


async def test_not_for_members() -> None:
    office = Office()
    office.role = Role.MEMBER
    for line in ("reports", "report 1", "close report 1"):
        assert "moderator" in (await office.refuses(line))[0]
