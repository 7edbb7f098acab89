"""hubbub/edit: one's own messages, changed after they were said."""

import re

from tests.server_harness import ServerHarness, told

CAPS = "batch message-tags echo-message hubbub/edit"


async def _people(harness: ServerHarness) -> None:
    await harness.irc("ann", CAPS)
    await harness.irc("bob", CAPS)
    await harness.irc("old", "message-tags")
    for name in ("ann", "bob", "old"):
        await harness.ask(name, "JOIN #tea")


async def _said(harness: ServerHarness, name: str, text: str) -> str:
    found = re.search(r"msgid=(\w+)", told(await harness.ask(name, text), name)[0])
    assert found
    return found[1]


async def test_everybody_is_told_in_their_own_way(harness: ServerHarness) -> None:
    """ "The server sends `EDIT` to those who have enabled it, and a message with the new text to others." """
    await _people(harness)
    number = await _said(harness, "ann", "PRIVMSG #tea :an exmaple")
    lines = await harness.ask("ann", f"EDIT #tea {number} :an example")
    for name in ("ann", "bob"):
        (line,) = told(lines, name)
        assert re.fullmatch(rf"@msgid=\w+ :ann!ann@local EDIT #tea {number} :an example", line)
    assert told(lines, "old") == [":ann!ann@local PRIVMSG #tea :(edited) an example"]


async def test_several_lines(harness: ServerHarness) -> None:
    await _people(harness)
    number = await _said(harness, "ann", "PRIVMSG #tea :short")
    text = f"BATCH +1 hubbub/edit #tea {number}\n@batch=1 PRIVMSG #tea :one\n@batch=1 PRIVMSG #tea :two\nBATCH -1"
    lines = await harness.ask("ann", text)
    first, *rest = told(lines, "old")
    assert first == ":ann!ann@local PRIVMSG #tea :(edited) one" and rest == [
        ":ann!ann@local PRIVMSG #tea :two"
    ]


async def test_several_lines_for_those_who_know_both(harness: ServerHarness) -> None:
    await harness.irc("ann", f"{CAPS} draft/multiline")
    await harness.ask("ann", "JOIN #tea")
    number = await _said(harness, "ann", "PRIVMSG #tea :short")
    text = f"BATCH +1 hubbub/edit #tea {number}\n@batch=1 PRIVMSG #tea :one\n@batch=1 PRIVMSG #tea :two\nBATCH -1"
    lines = told(await harness.ask("ann", text), "ann")
    found = re.fullmatch(rf"@msgid=\w+ :ann!ann@local BATCH \+(\w+) hubbub/edit #tea {number}", lines[0])
    assert found
    assert lines[1:] == [
        f"@batch={found[1]} :ann!ann@local PRIVMSG #tea :one",
        f"@batch={found[1]} :ann!ann@local PRIVMSG #tea :two",
        f":hubbub BATCH -{found[1]}",
    ]


async def test_only_ones_own(harness: ServerHarness) -> None:
    """ "`EDIT_FORBIDDEN`": also an operator of the room puts no words into anybody's mouth."""
    await _people(harness)
    number = await _said(harness, "bob", "PRIVMSG #tea :mine")
    assert told(await harness.ask("ann", f"EDIT #tea {number} :yours"), "ann") == [
        f":hubbub FAIL EDIT EDIT_FORBIDDEN #tea {number} :You can edit only your own messages."
    ]


async def test_what_can_not_be_edited(harness: ServerHarness) -> None:
    await _people(harness)
    number = await _said(harness, "ann", "PRIVMSG #tea :x")
    for command, answer in (
        (f"EDIT #tea {number} :", "412 ann :No text to send"),
        (f"EDIT #tea {number}", "461 ann EDIT :Not enough parameters"),
        (
            f"EDIT #nowhere {number} :y",
            "FAIL EDIT INVALID_TARGET #nowhere :You can't edit messages in #nowhere.",
        ),
        (
            "EDIT #tea abc :y",
            "FAIL EDIT UNKNOWN_MSGID #tea abc :This message does not exist or was deleted.",
        ),
    ):
        assert told(await harness.ask("ann", command), "ann") == [f":hubbub {answer}"]
    await harness.irc("eve")
    assert await harness.ask("eve", f"EDIT #tea {number} :y") == [
        "eve < :hubbub 421 eve EDIT :Unknown command"
    ]


async def test_the_history_has_the_new_text_and_says_so(harness: ServerHarness) -> None:
    """ "The history has the message with its last text, and the tag `hubbub/edited` with the time of the edit." """
    await _people(harness)
    number = await _said(harness, "ann", "PRIVMSG #tea :an exmaple")
    harness.wait(60)
    await harness.ask("ann", f"EDIT #tea {number} :an example")
    await harness.irc("kim", "batch server-time message-tags draft/chathistory hubbub/edit")
    await harness.ask("kim", "JOIN #tea")
    lines = told(await harness.ask("kim", "CHATHISTORY LATEST #tea * 10"), "kim")
    assert [re.sub(r"batch=\w+", "batch=b", line) for line in lines[1:-1]] == [
        (
            f"@batch=b;time=2026-11-18T11:06:40.000Z;msgid={number};hubbub/edited=2026-11-18T11:07:40.000Z "
            ":ann!ann@local PRIVMSG #tea :an example"
        )
    ]


async def test_privately(harness: ServerHarness) -> None:
    await _people(harness)
    number = await _said(harness, "ann", "PRIVMSG bob :hi")
    (line,) = told(await harness.ask("ann", f"EDIT bob {number} :ho"), "bob")
    assert line.endswith(f":ann!ann@local EDIT bob {number} :ho")


async def test_netcat_reads_it_in_words(harness: ServerHarness) -> None:
    await _people(harness)
    await harness.netcat("nat")
    await harness.ask("ann", "JOIN #Général")
    number = await _said(harness, "ann", "PRIVMSG #Général :an exmaple")
    lines = await harness.ask("ann", f"EDIT #Général {number} :an example")
    assert told(lines, "nat") == ["ann (edited): an example"]
    (line,) = told(await harness.ask("nat", "/history"), "nat")[1:-1]
    assert line == "[2026-11-18 11:06] ann (edited): an example"


async def test_edits_are_events_of_the_history(harness: ServerHarness) -> None:
    """ "With `draft/event-playback`, a client that has negotiated `hubbub/edit` also gets the `EDIT` lines at the
    places where the edits happened; of a message that was deleted since, none."
    """
    await _people(harness)
    first = await _said(harness, "ann", "PRIVMSG #tea :frist")
    second = await _said(harness, "ann", "PRIVMSG #tea :secnod")
    await harness.ask("ann", f"EDIT #tea {first} :first")
    await harness.ask("ann", f"EDIT #tea {second} :second")
    await harness.irc("mod", "message-tags draft/message-redaction")
    await harness.ask("mod", "JOIN #tea")
    await harness.ask("ann", "MODE #tea +o mod")
    await harness.ask("mod", f"REDACT #tea {second} :off topic")
    caps = "batch server-time message-tags draft/chathistory draft/event-playback"
    for name, more, wanted in (
        ("kim", "hubbub/edit", ["PRIVMSG #tea :first", f"EDIT #tea {first} :first"]),
        (
            "lea",
            "hubbub/edit draft/message-redaction",
            [
                "PRIVMSG #tea :first",
                "PRIVMSG #tea :(deleted)",
                f"EDIT #tea {first} :first",
                f"REDACT #tea {second} :off topic",
            ],
        ),
        ("ned", "", ["PRIVMSG #tea :first"]),
    ):
        await harness.irc(name, f"{caps} {more}")
        await harness.ask(name, "JOIN #tea")
        lines = told(await harness.ask(name, "CHATHISTORY LATEST #tea * 50"), name)
        shown = [line.split(" ", 2)[2] for line in lines if re.search(r" (PRIVMSG|EDIT|REDACT) ", line)]
        assert shown == wanted, name


async def test_edits_of_a_conversation_under_the_names_of_today(harness: ServerHarness) -> None:
    caps = f"{CAPS} server-time draft/chathistory draft/event-playback"
    await harness.irc("ann", caps)
    await harness.irc("bob", caps)
    number = await _said(harness, "ann", "PRIVMSG bob :hi")
    await harness.ask("ann", f"EDIT bob {number} :hello")
    await harness.ask("bob", "NICK robert")
    await harness.ask("ann", "NICK anna")
    lines = told(await harness.ask("bob", "CHATHISTORY LATEST anna * 50"), "bob")
    shown = [line.split(" ", 1)[1] for line in lines[1:-1]]
    assert shown == [":anna!ann@local PRIVMSG robert :hello", f":anna!ann@local EDIT robert {number} :hello"]
