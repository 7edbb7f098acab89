"""hubbub/report: a message that somebody wants looked at."""

import re

import pytest

from hubbub.admin.interpreter import run
from hubbub.engine.accounts import ChangeRole
from hubbub.engine.names import RoomName
from hubbub.engine.rooms import CreateRoom
from hubbub.engine.state import Role
from hubbub.node.admin_context import ConsoleContext
from tests.server_harness import House, told

CAPS = "message-tags hubbub/report echo-message draft/message-redaction"


async def said(house: House, name: str, target: str, text: str) -> str:
    """Somebody says something; its msgid."""
    line = (await ask(house, name, f"PRIVMSG {target} :{text}"))[-1]
    found = re.search(r"msgid=(\w+)", line)
    assert found
    return found[1]


async def ask(house: House, name: str, text: str) -> list[str]:
    """What they are told when they have typed this."""
    return told(await house.ask(name, text), name)


async def _come(house: House, *names: str) -> None:
    for name in names:
        await house.irc(name, CAPS)
    for name in names:
        await ask(house, name, "JOIN #tea")


async def test_moderators_are_told_and_nobody_else(house: House) -> None:
    """ "The server tells those who look after it"; "The author of the message MUST NOT be told." """
    await house.account("mod")
    house.node.ask(ChangeRole("mod", Role.MODERATOR))
    house.connect("mod").type("PASS :mod:correct horse\nNICK mod\nUSER mod 0 * x")
    await _come(house, "ann", "bob", "eve")
    number = await said(house, "eve", "#tea", "an insult")
    await house.look()
    house.people["ann"].type(f"REPORT #tea {number} :not nice")
    seen = await house.look()
    assert told(seen, "ann") == [f":hubbub REPORT #tea {number}"]
    assert [line.partition(" NOTICE ")[2] for line in told(seen, "mod")] == [
        "* :ann reported a message that eve sent in the room tea. To list reports, write: /msg Hubbub reports"
    ]
    assert told(seen, "bob") == told(seen, "eve") == []


async def test_what_it_says_is_kept(house: House) -> None:
    """ "its author may delete it before anybody looks"; and it outlives the server."""
    house.node.ask(CreateRoom(RoomName.known("tea")))
    await _come(house, "ann", "eve")
    await said(house, "eve", "#tea", "good morning")
    number = await said(house, "eve", "#tea", "an insult")
    await said(house, "ann", "#tea", "now, now")
    await ask(house, "ann", f"REPORT #tea {number}")
    await ask(house, "eve", f"REDACT #tea {number}")
    await house.restart()
    [report] = house.node.state.reports.values()
    assert (report.text, report.author, report.by, report.room_name) == ("an insult", "eve", "ann", "tea")
    shown = await run(ConsoleContext(house.node), "report 1")
    assert [row[1:] for row in shown.rows] == [
        ("eve", "good morning"),
        ("eve", "an insult"),
        ("ann", "now, now"),
    ]


async def test_private_ones_by_one_of_the_two(house: House) -> None:
    await _come(house, "ann", "bob", "eve")
    number = await said(house, "eve", "ann", "psst")
    [refused] = await ask(house, "bob", f"REPORT eve {number}")
    assert " FAIL REPORT UNKNOWN_MSGID eve " in refused and not house.node.state.reports
    assert await ask(house, "ann", f"REPORT eve {number}") == [f":hubbub REPORT eve {number}"]
    [report] = house.node.state.reports.values()
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
async def test_what_can_not_be_reported(house: House, line: str, code: str) -> None:
    await _come(house, "ann", "eve")
    await ask(house, "ann", "JOIN #coffee")
    number = await said(house, "eve", "#tea", "hello")
    [refused] = await ask(house, "ann", line.format(number))
    assert f" FAIL REPORT {code} " in refused
    assert not house.node.state.reports


async def test_once_and_not_too_many(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hubbub.engine.reports.REPORTS_A_PERSON_MAX", 2)
    await _come(house, "ann", "eve")
    numbers = [await said(house, "eve", "#tea", text) for text in ("one", "two", "three")]
    answers = [await ask(house, "ann", f"REPORT #tea {number}") for number in (numbers[0], *numbers)]
    assert ["REPORT_FORBIDDEN" in answer[-1] for answer in answers] == [False, True, False, True]


async def test_a_room_that_one_does_not_read(house: House) -> None:
    await _come(house, "ann")
    await ask(house, "ann", "JOIN #lair\nMODE #lair +s")
    number = await said(house, "ann", "#lair", "hidden")
    await house.irc("eve", CAPS)
    [refused] = await ask(house, "eve", f"REPORT #lair {number}")
    assert " FAIL REPORT INVALID_TARGET " in refused


async def test_only_for_those_who_know_it(house: House) -> None:
    await house.irc("ann")
    assert " 421 ann REPORT " in (await ask(house, "ann", "REPORT #tea x"))[0]
