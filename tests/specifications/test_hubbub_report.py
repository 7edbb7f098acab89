"""hubbub/report: a message that somebody wants looked at."""

import re

import pytest

from hubbub.admin.interpreter import run
from hubbub.engine.accounts import ChangeRole
from hubbub.engine.names import RoomName
from hubbub.engine.rooms import CreateRoom
from hubbub.engine.state import Role
from hubbub.node.admin_context import ConsoleContext
from tests.server_harness import ServerHarness, told

CAPS = "message-tags hubbub/report echo-message draft/message-redaction"


async def said(harness: ServerHarness, name: str, target: str, text: str) -> str:
    """Somebody says something; its msgid."""
    line = (await ask(harness, name, f"PRIVMSG {target} :{text}"))[-1]
    found = re.search(r"msgid=(\w+)", line)
    assert found
    return found[1]


async def ask(harness: ServerHarness, name: str, text: str) -> list[str]:
    """What they are told when they have typed this."""
    return told(await harness.ask(name, text), name)


async def _come(harness: ServerHarness, *names: str) -> None:
    for name in names:
        await harness.irc(name, CAPS)
    for name in names:
        await ask(harness, name, "JOIN #tea")


async def test_moderators_are_told_and_nobody_else(harness: ServerHarness) -> None:
    """ "The server tells those who look after it"; "The author of the message MUST NOT be told." """
    await harness.account("mod")
    harness.node.ask(ChangeRole("mod", Role.MODERATOR))
    harness.connect("mod").type("PASS :mod:correct horse\nNICK mod\nUSER mod 0 * x")
    await _come(harness, "ann", "bob", "eve")
    number = await said(harness, "eve", "#tea", "an insult")
    await harness.look()
    harness.people["ann"].type(f"REPORT #tea {number} :not nice")
    seen = await harness.look()
    assert told(seen, "ann") == [f":hubbub REPORT #tea {number}"]
    assert [line.partition(" NOTICE ")[2] for line in told(seen, "mod")] == [
        "* :ann reported a message that eve sent in the room tea. To list reports, write: /msg Hubbub reports"
    ]
    assert told(seen, "bob") == told(seen, "eve") == []


async def test_what_it_says_is_kept(harness: ServerHarness) -> None:
    """ "its author may delete it before anybody looks"; and it outlives the server."""
    harness.node.ask(CreateRoom(RoomName.known("tea")))
    await _come(harness, "ann", "eve")
    await said(harness, "eve", "#tea", "good morning")
    number = await said(harness, "eve", "#tea", "an insult")
    await said(harness, "ann", "#tea", "now, now")
    await ask(harness, "ann", f"REPORT #tea {number}")
    await ask(harness, "eve", f"REDACT #tea {number}")
    await harness.restart()
    [report] = harness.node.state.reports.values()
    assert (report.text, report.author, report.by, report.room_name) == ("an insult", "eve", "ann", "tea")
    shown = await run(ConsoleContext(harness.node), "report 1")
    assert [row[1:] for row in shown.rows] == [
        ("eve", "good morning"),
        ("eve", "an insult"),
        ("ann", "now, now"),
    ]


async def test_private_ones_by_one_of_the_two(harness: ServerHarness) -> None:
    await _come(harness, "ann", "bob", "eve")
    number = await said(harness, "eve", "ann", "psst")
    [refused] = await ask(harness, "bob", f"REPORT eve {number}")
    assert " FAIL REPORT UNKNOWN_MSGID eve " in refused and not harness.node.state.reports
    assert await ask(harness, "ann", f"REPORT eve {number}") == [f":hubbub REPORT eve {number}"]
    [report] = harness.node.state.reports.values()
    assert (report.room, report.text) == (0, "psst")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("REPORT #none {}", "INVALID_TARGET"),
        ("REPORT nobody {}", "INVALID_TARGET"),
        ("REPORT #tea 0000000000001", "UNKNOWN_MSGID"),
        ("REPORT #tea x", "UNKNOWN_MSGID"),
        ("REPORT #coffee {}", "UNKNOWN_MSGID"),
    ],
)
async def test_what_can_not_be_reported(harness: ServerHarness, line: str, code: str) -> None:
    await _come(harness, "ann", "eve")
    await ask(harness, "ann", "JOIN #coffee")
    number = await said(harness, "eve", "#tea", "hello")
    [refused] = await ask(harness, "ann", line.format(number))
    assert f" FAIL REPORT {code} " in refused
    assert not harness.node.state.reports


async def test_once_and_not_too_many(harness: ServerHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hubbub.engine.reports.REPORTS_A_PERSON_MAX", 2)
    await _come(harness, "ann", "eve")
    numbers = [await said(harness, "eve", "#tea", text) for text in ("one", "two", "three")]
    answers = [await ask(harness, "ann", f"REPORT #tea {number}") for number in (numbers[0], *numbers)]
    assert ["REPORT_FORBIDDEN" in answer[-1] for answer in answers] == [False, True, False, True]


async def test_a_room_that_one_does_not_read(harness: ServerHarness) -> None:
    await _come(harness, "ann")
    await ask(harness, "ann", "JOIN #lair\nMODE #lair +s")
    number = await said(harness, "ann", "#lair", "hidden")
    await harness.irc("eve", CAPS)
    [refused] = await ask(harness, "eve", f"REPORT #lair {number}")
    assert " FAIL REPORT INVALID_TARGET " in refused


async def test_only_for_those_who_know_it(harness: ServerHarness) -> None:
    await harness.irc("ann")
    assert " 421 ann REPORT " in (await ask(harness, "ann", "REPORT #tea x"))[0]
