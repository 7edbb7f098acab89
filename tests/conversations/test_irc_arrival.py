"""IRC: coming in, capabilities, tags and labels."""

import base64
import re
from pathlib import Path

import pytest

from tests.server_harness import ServerHarness


async def test_the_greeting_has_its_order(harness: ServerHarness) -> None:
    ann = harness.connect("ann")
    ann.type("NICK ann\nUSER ann 0 * :Ann")
    codes = [line.split()[3] for line in await harness.look()]
    assert codes[:5] == ["001", "002", "003", "004", "005"]
    assert codes[-1] == "422" and "251" in codes


async def test_nothing_but_coming_in_is_answered_before(harness: ServerHarness) -> None:
    harness.connect("ann")
    for line in ("JOIN #tea", "PRIVMSG ann :hi", "WHO *", "KILL ann :x"):
        assert await harness.ask("ann", line) == ["ann < :hubbub 451 * :You have not registered"]
    assert await harness.ask("ann", "FROBNICATE") == ["ann < :hubbub 421 * FROBNICATE :Unknown command"]
    for line in ("USER", "USER a 0 *", "USER a 0 * :", "USER : 0 * Ann"):
        assert await harness.ask("ann", line) == ["ann < :hubbub 461 * USER :Not enough parameters"]
    assert await harness.ask("ann", "NICK") == ["ann < :hubbub 431 * :No nickname given"]


async def test_a_name_that_is_taken_can_be_chosen_anew(harness: ServerHarness) -> None:
    await harness.irc("ann")
    harness.connect("eve")
    assert await harness.ask("eve", "NICK ann\nUSER e 0 * :Eve") == [
        "eve < :hubbub 433 ann ann :Nickname is already in use"
    ]
    assert "eve < :hubbub 001 eve :Welcome to the Hubbub Network, eve" in await harness.ask("eve", "NICK eve")
    assert await harness.ask("eve", "USER e 0 * :Eve") == ["eve < :hubbub 462 eve :You may not reregister"]


async def test_coming_in_waits_for_the_end_of_the_negotiation(harness: ServerHarness) -> None:
    harness.connect("ann")
    *first, last = await harness.ask("ann", "CAP LS 302\nNICK ann\nUSER ann 0 * :Ann")
    assert all(line.startswith("ann < :hubbub CAP * LS * :") for line in first)
    listed = " ".join([*first, last])
    assert last.startswith("ann < :hubbub CAP * LS :") and "sasl=PLAIN,SCRAM-SHA-256" in listed
    assert await harness.ask("ann", "CAP REQ :server-time no-such-thing") == [
        "ann < :hubbub CAP ann NAK :server-time no-such-thing"
    ]
    assert await harness.ask("ann", "CAP REQ :server-time echo-message -batch") == [
        "ann < :hubbub CAP ann ACK :server-time echo-message -batch"
    ]
    assert await harness.ask("ann", "CAP LIST") == [
        "ann < :hubbub CAP ann LIST :server-time echo-message cap-notify"
    ]
    assert "ann < :hubbub 001 ann :Welcome to the Hubbub Network, ann" in await harness.ask("ann", "CAP END")


async def test_an_old_client_gets_no_values(harness: ServerHarness) -> None:
    harness.connect("ann")
    (listed,) = await harness.ask("ann", "CAP LS")
    assert " sasl " in listed and "=" not in listed
    assert await harness.ask("ann", "CAP FOO") == ["ann < :hubbub 410 * FOO :Invalid CAP command"]


async def test_every_message_has_its_id_and_time_and_account(harness: ServerHarness) -> None:
    await harness.account("ann")
    harness.connect("ann").type("PASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann")
    await harness.irc("bob", "message-tags server-time account-tag")
    await harness.ask("bob", "JOIN #Général")
    (line,) = [line for line in await harness.ask("ann", "PRIVMSG #Général :hi") if line.startswith("bob")]
    tags = re.fullmatch(
        r"bob < @time=2026-11-18T11:06:40\.000Z;msgid=([0-9a-z]{13});account=ann :ann!ann@local PRIVMSG #Général :hi",
        line,
    )
    assert tags
    (later,) = [line for line in await harness.ask("ann", "PRIVMSG #Général :ho") if line.startswith("bob")]
    assert re.findall(r"msgid=(\w+)", later)[0] > tags[1], "ids follow the order"


async def test_client_only_tags_are_passed_on_and_no_others(harness: ServerHarness) -> None:
    await harness.irc("ann", "message-tags")
    await harness.irc("bob", "message-tags")
    await harness.irc("old")
    for name in ("ann", "bob", "old"):
        await harness.ask(name, "JOIN #tea")
    lines = await harness.ask("ann", "@+draft/reply=abc;evil=1;+x=a\\sb PRIVMSG #tea :hi")
    assert len(lines) == 2
    assert re.fullmatch(
        r"bob < @msgid=\w+;\+draft/reply=abc;\+x=a\\sb :ann!ann@local PRIVMSG #tea :hi", lines[0]
    )
    assert lines[1] == "old < :ann!ann@local PRIVMSG #tea :hi"
    (typing,) = await harness.ask("ann", "@+typing=active TAGMSG #tea")
    assert typing.startswith("bob < @msgid=") and typing.endswith(
        ";+typing=active :ann!ann@local TAGMSG #tea"
    )
    assert await harness.ask("old", "TAGMSG #tea") == ["old < :hubbub 421 old TAGMSG :Unknown command"]


async def test_a_label_comes_back_on_the_whole_answer(harness: ServerHarness) -> None:
    await harness.irc("ann", "labeled-response batch echo-message message-tags")
    await harness.ask("ann", "JOIN #tea")
    (echo,) = await harness.ask("ann", "@label=one PRIVMSG #tea :hi")
    assert echo.startswith("ann < @label=one;msgid=") and echo.endswith(" :ann!ann@local PRIVMSG #tea :hi")
    assert await harness.ask("ann", "@label=two PONG x") == ["ann < @label=two :hubbub ACK"]
    assert await harness.ask("ann", "@label=three PRIVMSG nobody :hi") == [
        "ann < @label=three :hubbub 401 ann nobody :No such nick/channel"
    ]
    lines = await harness.ask("ann", "@label=four NAMES #tea")
    reference = re.fullmatch(r"ann < @label=four :hubbub BATCH \+(\w+) labeled-response", lines[0])
    assert reference
    assert lines[-1] == f"ann < :hubbub BATCH -{reference[1]}"
    assert all(line.startswith(f"ann < @batch={reference[1]} ") for line in lines[1:-1])


async def test_a_label_waits_for_what_is_slow(harness: ServerHarness) -> None:
    await harness.account("ann")
    await harness.irc("guest1", "labeled-response batch")
    await harness.irc("bob")
    harness.people["guest1"].type("@label=slow PRIVMSG NickServ :IDENTIFY ann wrong")
    harness.people["bob"].type("PRIVMSG guest1 :meanwhile")
    lines = [line for line in await harness.look() if line.startswith("guest1")]
    assert lines[0].startswith("guest1 < @label=slow ") and "NOTICE" in lines[0]
    assert lines[1] == "guest1 < :bob!bob@local PRIVMSG guest1 :meanwhile"


async def test_notifications_go_to_those_who_asked_for_them(harness: ServerHarness) -> None:
    await harness.irc("new", "away-notify setname account-notify extended-join invite-notify")
    await harness.irc("old")
    await harness.irc("ann")
    await harness.account("bob")
    for name in ("new", "old", "ann"):
        await harness.ask(name, "JOIN #tea")
    assert "new < :ann!ann@local AWAY :lunch" in await harness.ask("ann", "AWAY :lunch")
    assert "new < :ann!ann@local SETNAME :Ann the Third" in await harness.ask("ann", "SETNAME :Ann the Third")
    lines = await harness.ask("ann", "PRIVMSG NickServ :IDENTIFY bob correct horse")
    assert "new < :ann!ann@local ACCOUNT bob" in lines
    assert "new < :ann!ann@local NICK bob" in lines and "old < :ann!ann@local NICK bob" in lines
    assert not [line for line in lines if line.startswith("old") and "NICK" not in line]


async def test_a_server_password_is_asked_of_everyone(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"server.password": "open sesame"}) as harness:
        for words in ("", "PASS wrong\n"):
            eve = harness.connect("eve")
            eve.type(f"{words}NICK eve\nUSER eve 0 * :Eve")
            assert (await harness.look())[0] == "eve < :hubbub 464 eve :Password incorrect"
            assert eve.connection.closed
        harness.connect("ann").type("PASS :open sesame\nNICK ann\nUSER ann 0 * :Ann")
        assert "ann < :hubbub 001 ann :Welcome to the Hubbub Network, ann" in await harness.look()


async def test_guests_can_be_kept_out_by_a_setting(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"accounts.guests": False}) as harness:
        eve = harness.connect("eve")
        eve.type("NICK eve\nUSER eve 0 * :Eve")
        assert (await harness.look())[0].startswith(
            "eve < :hubbub FAIL * ACCOUNT_REQUIRED :This server doesn't admit guests."
        )
        assert eve.connection.closed


async def test_malformed_lines_get_a_clear_answer_and_change_nothing(harness: ServerHarness) -> None:
    ann = await harness.irc("ann")
    await harness.look()
    assert ann.receiver is not None
    for data, answer in (
        (b"\r\n\r\n   \r\n", []),
        (b"PRIVMSG ann :\xff\xfe\r\n", ["FAIL PRIVMSG INVALID_UTF8"]),
        (b"A" * 600 + b"\r\n", ["417"]),
        (b"@" + b"a" * 5000 + b" PING x\r\n", ["417"]),
        (b":::::\r\n", ["400"]),
        (b"\x00\x01\x02\r\n", ["400"]),
        (b"PRIVMSG\r\nPRIVMSG ann\r\n", ["411", "412"]),
    ):
        ann.receiver.received(data)
        lines = await harness.look()
        assert len(lines) == len(answer), (data[:20], lines)
        assert all(part in line for part, line in zip(answer, lines, strict=True)), lines
    assert await harness.ask("ann", "PING still") == ["ann < :hubbub PONG hubbub still"]


async def test_who_is_signed_in_may_ask_for_what_is_no_nickname(
    harness: ServerHarness, caplog: pytest.LogCaptureFixture
) -> None:
    await harness.account("bob", "correct horse")
    harness.connect("bob")
    plain = base64.b64encode(b"\0bob\0correct horse").decode()
    await harness.ask("bob", f"CAP REQ sasl\nAUTHENTICATE PLAIN\nAUTHENTICATE {plain}")
    assert await harness.ask("bob", "NICK :a b\nWHO") == ["bob < :hubbub 451 a :You have not registered"]
    assert await harness.ask("bob", "NICK ::\nCAP LIST") == ["bob < :hubbub CAP * LIST sasl"]
    (welcome, *_) = await harness.ask("bob", "USER b 0 * :B\nCAP END")
    assert welcome.startswith("bob < :hubbub 001 bob ")
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
