"""A name is the same at every door, in whichever form its letters come; a refusal names what the client wrote."""

import unicodedata
from pathlib import Path

import pytest

from hubbub.engine.names import RoomNameRefused
from tests.server_harness import ServerHarness, told

COMPOSED = "#Café"
APART = unicodedata.normalize("NFD", COMPOSED)
WHOLE_NAMES = {"accounts.name_pattern": r"^[^\W\d][\w\u0300-\u036f]{2,19}$", "accounts.name_rule": "letters"}


@pytest.fixture
async def cafe(harness: ServerHarness) -> ServerHarness:
    """Ann and bob are in #Café; ann's keyboard sends é as two characters."""
    for name in ("ann", "bob"):
        await harness.irc(name, "draft/read-marker draft/chathistory draft/metadata-2 batch soju.im/search")
        await harness.ask(name, f"JOIN {APART if name == 'ann' else COMPOSED}")
    return harness


@pytest.mark.parametrize(
    "command",
    [
        "PRIVMSG {} :hi",
        "NOTICE {} :hi",
        "PRIVMSG @{} :hi",
        "TOPIC {}",
        "TOPIC {} :coffee",
        "NAMES {}",
        "MEMBERS {}",
        "WHO {}",
        "LIST {}",
        "MODE {}",
        "MODE {} +m",
        "MODE {} b",
        "INVITE eve {}",
        "KICK {} bob",
        "KNOCK {}",
        "MARKREAD {}",
        "METADATA {} LIST",
        "CHATHISTORY LATEST {} * 10",
        "SEARCH in={};text=hi",
        "NOTIFY {} all",
        "CS INFO {}",
        "PART {}",
        "JOIN {}",
    ],
)
async def test_every_verb_takes_a_room_in_either_form(cafe: ServerHarness, command: str) -> None:
    """The answers are the same but for where a line names what the client wrote."""
    await cafe.irc("eve")
    await cafe.ask("ann", f"PRIVMSG {COMPOSED} :hi")
    lines = [_plain(line) for line in await cafe.ask("ann", command.format(APART))]
    assert not [line for line in lines if " 403 " in line or " 476 " in line or "INVALID" in line], lines
    room = cafe.node.state.room_named(APART)
    assert room is cafe.node.state.room_named(COMPOSED) and room is not None
    if command in ("PRIVMSG {} :hi", "NOTICE {} :hi"):
        assert any(f"{COMPOSED} :hi" in line for line in lines)


def _plain(line: str) -> str:
    return unicodedata.normalize("NFC", line)


async def test_a_room_is_the_same_by_netcat_and_in_masks(cafe: ServerHarness) -> None:
    await cafe.netcat("eve")
    assert f"eve < You are in the room {COMPOSED[1:]}." in await cafe.ask("eve", f"/join {APART[1:]}")
    assert len(await cafe.ask("ann", f"LIST {APART[:3]}*,#caf?")) == 3


async def test_people_are_found_in_either_form(tmp_path: Path) -> None:
    """Where the rule for names allows such letters."""
    composed, apart = "Andrée", unicodedata.normalize("NFD", "Andrée")
    async with ServerHarness(tmp_path, WHOLE_NAMES) as harness:
        await harness.account(apart)
        await harness.irc("bob")
        await harness.irc("eve", nick=unicodedata.normalize("NFD", "Renée"))
        assert (
            harness.node.state.account_named(composed) is harness.node.state.account_named(apart) is not None
        )
        for name in ("Renée", unicodedata.normalize("NFD", "Renée")):
            assert await harness.ask("bob", f"PRIVMSG {name} :hi") == [
                "eve < :bob!bob@local PRIVMSG Renée :hi"
            ]
            assert (await harness.ask("bob", f"WHOIS {name}"))[0].startswith("bob < :hubbub 311 bob Renée ")
            assert (await harness.ask("bob", f"MONITOR + {name}"))[0].startswith(
                "bob < :hubbub 730 bob Renée!"
            )
        assert (await harness.ask("bob", f"NICK {apart}"))[0].startswith("bob < :hubbub 433 ")
        await harness.ask("bob", f"JOIN #tea\nMODE #tea +b {unicodedata.normalize('NFD', 'Renée')}")
        assert (await harness.ask("eve", "JOIN #tea"))[0].startswith("eve < :hubbub 474 ")


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("JOIN bad", ["403 ann bad :No such channel"]),
        ("PART bad", ["403 ann bad :No such channel"]),
        ("KNOCK bad", ["403 ann bad :No such channel"]),
        ("KICK bad bob", ["403 ann bad :No such channel"]),
        ("INVITE bob inv", ["403 ann inv :No such channel"]),
        ("RENAME bad #good", ["403 ann bad :No such channel"]),
        ("TOPIC bad", ["403 ann bad :No such channel"]),
        ("PRIVMSG ##nope :x", ["403 ann ##nope :No such channel"]),
        ("PART ##nope", ["403 ann ##nope :No such channel"]),
        ("JOIN #in@id", ["476 ann #in@id :"]),
        (f"JOIN #{'x' * 70}", [f"476 ann #{'x' * 70} :"]),
        ("PART #tea,in@id,#in@id", ["442 ann #tea :", "403 ann in@id :", "476 ann #in@id :"]),
        (
            "NICK a-name-of-more-than-forty-letters-and-with-dashes",
            ["432 ann a-name-of-more-than-forty-letters-and-"],
        ),
    ],
)
async def test_what_is_refused_is_named_as_it_was_written(
    harness: ServerHarness, text: str, answers: list[str]
) -> None:
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #tea")
    await harness.irc("ann")
    lines = told(await harness.ask("ann", text), "ann")
    assert len(lines) == len(answers)
    for line, answer in zip(lines, answers, strict=True):
        assert line.startswith(f":hubbub {answer}")
    if text.startswith("NICK"):
        assert lines[0].split()[3] == text.split()[1]


async def test_what_is_refused_within_a_list_of_rooms(harness: ServerHarness) -> None:
    await harness.irc("ann")
    lines = told(await harness.ask("ann", "JOIN #valid,inv@lid,#TEA"), "ann")
    assert ":ann!ann@local JOIN #valid" in lines and ":ann!ann@local JOIN #TEA" in lines
    assert ":hubbub 403 ann inv@lid :No such channel" in lines


async def test_what_is_named_twice_is_meant_once(harness: ServerHarness) -> None:
    """In whatever case; the key beside a room stays its own."""
    for name in ("ann", "bob"):
        await harness.irc(name)
    await harness.ask("ann", "JOIN #tea,#cocoa\nMODE #cocoa +k two")
    await harness.ask("bob", "JOIN #tea,#TEA,#cocoa one,one,two")
    assert await harness.ask("ann", "PRIVMSG bob,BOB,#tea,#Tea :hi") == [
        "bob < :ann!ann@local PRIVMSG bob :hi",
        "bob < :ann!ann@local PRIVMSG #tea :hi",
    ]
    assert told(await harness.ask("ann", "NAMES #tea,#TEA"), "ann")[1:] == [
        ":hubbub 366 ann #tea :End of /NAMES list"
    ]
    assert told(await harness.ask("ann", "KICK #tea bob,BOB :out"), "bob") == [
        ":ann!ann@local KICK #tea bob :out"
    ]
    assert told(await harness.ask("bob", "PART #cocoa,#COCOA"), "bob") == [":bob!bob@local PART #cocoa"]


async def test_as_many_rooms_as_people(harness: ServerHarness) -> None:
    """RFC 2812, 3.2.8: "either one channel parameter and multiple user parameter, or as many channel parameters"."""
    for name in ("ann", "bob", "eve"):
        await harness.irc(name)
        await harness.ask(name, "JOIN #a,#b")
    lines = told(await harness.ask("ann", "KICK #a,#b bob,eve :out"), "ann")
    assert lines == [":ann!ann@local KICK #a bob :out", ":ann!ann@local KICK #b eve :out"]
    for text in ("KICK #a,#b bob", "KICK #a,#b bob,eve,ann"):
        assert await harness.ask("ann", text) == [
            "ann < :hubbub 461 ann KICK :Write one channel, or as many channels as nicknames"
        ]
    assert told(await harness.ask("ann", "KICK #a,#in@id eve,bob"), "ann") == [
        ":ann!ann@local KICK #a eve :ann",
        f":hubbub 476 ann #in@id :{RoomNameRefused('in@id', 63)}",
    ]
