"""Every refusal of the engine's policies is met by somebody, and stops being met where what it is for is not so."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from msgspec import Struct

from hubbub.engine import bans, name_policy, policy, room_making
from hubbub.engine.event import Command
from hubbub.engine.refusals import Refusal
from tests.server_harness import ServerHarness
from tests.sign_in import arrive
from tools.refusals import of_engine

LETTERS: Final = {"accounts.name_pattern": r"^\w{3,20}$"}


class Met(Struct, frozen=True):
    """What leads there, line by line as `name: line`; the last one is refused, and `instead` of it would not be."""

    lines: tuple[str, ...]
    instead: str = ""
    settings: Mapping[str, object] = {}


CONVERSATIONS: Final[dict[str, Met]] = {
    "BannedFromRoom": Met(("ann: JOIN #tea", "ann: MODE #tea +b bob", "bob: JOIN #tea"), "eve: JOIN #tea"),
    "InvitationNeeded": Met(
        ("ann: JOIN #tea", "ann: MODE #tea +i", "bob: JOIN #tea"), "ann: INVITE bob #tea"
    ),
    "MayNotCreateRoom": Met(("bob: JOIN #new",), "root: JOIN #new", {"rooms.creation": "administrators"}),
    "MayNotSpeak": Met(("ann: JOIN #tea", "bob: PRIVMSG #tea :hi"), "ann: PRIVMSG #tea :hi"),
    "NameMixed": Met(("bob: NICK p\u0430ypal",), "bob: NICK paypal", LETTERS),
    "NameRefused": Met(("bob: NICK x-y",), "bob: NICK x_y"),
    "NameReserved": Met(("bob: NICK NickServ",), "bob: NICK NickSer"),
    "NickAlike": Met(("ann: NICK b0b",), "ann: NICK bab"),
    "NickTaken": Met(("bob: NICK ann",), "bob: NICK bobby"),
    "NotMember": Met(("ann: JOIN #tea", "bob: KICK #tea ann"), "ann: KICK #tea ann"),
    "NotOperator": Met(("ann: JOIN #tea", "bob: JOIN #tea", "bob: KICK #tea ann"), "ann: KICK #tea bob"),
    "NotPermitted": Met(("bob: WALLOPS :hi",), "root: WALLOPS :hi"),
    "OnlySignedInWrite": Met(
        ("bob: PRIVMSG ann :early", "ann: MODE ann +R", "bob: PRIVMSG ann :late"), "root: PRIVMSG ann :hi"
    ),
    "RoomAlike": Met(("ann: JOIN #bill", "bob: JOIN #bi11"), "bob: JOIN #bull"),
    "RoomExists": Met(("ann: JOIN #tea,#mint", "ann: RENAME #tea #MINT"), "ann: RENAME #tea #sage"),
    "RoomFull": Met(
        ("ann: JOIN #tea", "ann: MODE #tea +l 2", "bob: JOIN #tea", "eve: JOIN #tea"), "root: JOIN #tea"
    ),
    "RoomKeyWrong": Met(("ann: JOIN #tea", "ann: MODE #tea +k x", "bob: JOIN #tea y"), "bob: JOIN #tea x"),
    "RoomNameRefused": Met(("bob: JOIN #\u3164",), "bob: JOIN #x"),
    "RoomNameUnavailable": Met(
        ("ann: JOIN #tea", "ann: MODE #tea +si", "bob: JOIN #tea"), "bob: JOIN #coffee"
    ),
    "RoomUnknown": Met(("bob: PART #tea",), "bob: JOIN #tea"),
    "TooManyRooms": Met(
        ("bob: JOIN #a", "bob: JOIN #b", "bob: JOIN #c"), "ann: JOIN #c", {"limits.rooms_a_person": 2}
    ),
}

ELSEWHERE: Final = {
    "KeptOut": "whoever meets it is not in any more: test_rooms_and_moderation.py, test_bans_of_addresses.py",
    "NoOperators": "only those in a conversation, who have accounts, meet it: test_hubbub_conversations.py",
    "TooManyRoomsMade": "only whoever has an account meets it: test_unused_rooms.py",
    "NotPresent": "no line of a session that has not come in reaches the engine; the dialect answers it",
}


def test_the_list_is_whole() -> None:
    """A refusal that one of the policies takes up has a conversation here, or a reason why it has none."""
    used = {
        name
        for module in (policy, name_policy, room_making, bans)
        for name, found in vars(module).items()
        if isinstance(found, type) and issubclass(found, Refusal) and found is not Refusal
    }
    assert used == CONVERSATIONS.keys() | ELSEWHERE.keys()
    assert not CONVERSATIONS.keys() & ELSEWHERE.keys()


@pytest.mark.parametrize("name", CONVERSATIONS)
async def test_it_is_met(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    met = CONVERSATIONS[name]
    said: list[type[Refusal]] = []

    def refused(refusal: Refusal, command: Command, address: str) -> None:
        said.append(type(refusal))

    async with ServerHarness(tmp_path, {**met.settings}) as harness:
        await harness.account("root", role="admin")
        await arrive(harness, "root")
        for person in ("ann", "bob", "eve"):
            await harness.irc(person)
        monkeypatch.setattr(harness.node.journal, "refused", refused)
        for line in met.lines[:-1]:
            await _type(harness, line)
        assert said == []
        lines = await _type(harness, met.lines[-1])
        assert said == [of_engine()[name]], lines
        said.clear()
        lines = await _type(harness, met.instead)
        assert said == [], lines


async def _type(harness: ServerHarness, line: str) -> list[str]:
    name, _, text = line.partition(": ")
    return await harness.ask(name, text)


@pytest.mark.parametrize(
    ("creation", "may"), [("everyone", "bob ann root"), ("members", "ann root"), ("administrators", "root")]
)
async def test_who_makes_rooms(tmp_path: Path, creation: str, may: str) -> None:
    async with ServerHarness(tmp_path, {"rooms.creation": creation}) as harness:
        await harness.account("root", role="admin")
        for name in ("root", "ann"):
            await arrive(harness, name)
        await harness.irc("bob")
        for name in ("root", "ann", "bob"):
            lines = await harness.ask(name, f"JOIN #of-{name}")
            made = harness.node.state.room_named(f"#of-{name}") is not None
            assert made is (name in may.split())
            refused = f"{name} < :hubbub 403 {name} #of-{name} :There is no room of-{name}, and you may not"
            assert made or lines[0].startswith(refused)


async def test_a_room_is_full_at_its_limit_and_not_before(harness: ServerHarness) -> None:
    for name in ("ann", "bob", "eve", "zed"):
        await harness.irc(name)
    await harness.ask("ann", "JOIN #tea\nMODE #tea +l 3")
    for name in ("bob", "eve"):
        assert f"{name} < :{name}!{name}@local JOIN #tea" in await harness.ask(name, "JOIN #tea")
    assert (await harness.ask("zed", "JOIN #tea"))[0].startswith("zed < :hubbub 471 zed #tea :")
    await harness.ask("eve", "PART #tea")
    assert "zed < :zed!zed@local JOIN #tea" in await harness.ask("zed", "JOIN #tea")


async def test_as_many_rooms_as_allowed_and_no_more(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"limits.rooms_a_person": 2}) as harness:
        await harness.irc("bob")
        await harness.irc("ann")
        await harness.ask("ann", "JOIN #c")
        for name in ("#a", "#b"):
            assert f"bob < :bob!bob@local JOIN {name}" in await harness.ask("bob", f"JOIN {name}")
        for name in ("#c", "#new"):
            assert (await harness.ask("bob", f"JOIN {name}"))[0].startswith(f"bob < :hubbub 405 bob {name} :")
        await harness.ask("bob", "PART #a")
        assert "bob < :bob!bob@local JOIN #c" in await harness.ask("bob", "JOIN #c")


async def test_without_a_limit_somebody_is_in_and_makes_as_many_rooms_as_they_like(tmp_path: Path) -> None:
    settings = {"limits.rooms_a_person": 0, "limits.rooms_made": 0}
    async with ServerHarness(tmp_path, settings) as harness:
        await arrive(harness, "ann")
        for name in ("#a", "#b"):
            assert f"ann < :ann!ann@local JOIN {name}" in await harness.ask("ann", f"JOIN {name}")


async def test_a_key_for_a_room_that_has_none_is_passed_over(harness: ServerHarness) -> None:
    for name in ("ann", "bob"):
        await harness.irc(name)
        assert f"{name} < :{name}!{name}@local JOIN #tea" in await harness.ask(name, "JOIN #tea oolong")


@pytest.mark.parametrize(
    ("modes", "may"), [("-n", True), ("-n+i", False), ("-n+A", False), ("-n+s", False), ("+n", False)]
)
async def test_where_strangers_speak(harness: ServerHarness, modes: str, may: bool) -> None:
    """Only in a room that is open to everybody, known to everybody, and lets them."""
    for name in ("ann", "bob"):
        await harness.irc(name)
    await harness.ask("ann", f"JOIN #tea\nMODE #tea {modes}")
    lines = await harness.ask("bob", "PRIVMSG #tea :hi")
    assert ("ann < :bob!bob@local PRIVMSG #tea :hi" in lines) is may
    assert may or lines[0].startswith(("bob < :hubbub 404 bob #tea", "bob < :hubbub 403 bob #tea"))


@pytest.mark.parametrize(("order", "may"), [("+b invite", True), ("invite +b", False)])
async def test_an_invitation_lifts_a_ban_that_was_there(
    harness: ServerHarness, order: str, may: bool
) -> None:
    for name in ("ann", "bob"):
        await harness.irc(name)
    await harness.ask("ann", "JOIN #tea")
    for act in order.split():
        await harness.ask("ann", "MODE #tea +b bob" if act == "+b" else "INVITE bob #tea")
        harness.wait(1 if act == "invite" else 0)
    assert ("bob < :bob!bob@local JOIN #tea" in await harness.ask("bob", "JOIN #tea")) is may


@pytest.mark.parametrize(("mode", "may"), [("v", False), ("h", True), ("o", True)])
async def test_who_looks_after_what_others_say(harness: ServerHarness, mode: str, may: bool) -> None:
    for name in ("ann", "bob"):
        await harness.irc(name, "message-tags echo-message draft/message-redaction")
        await harness.ask(name, "JOIN #tea")
    await harness.ask("ann", f"MODE #tea +{mode} bob")
    lines = await harness.ask("ann", "PRIVMSG #tea :hi")
    number = lines[0].split("msgid=")[1].split(" ")[0].split(";")[0]
    lines = await harness.ask("bob", f"REDACT #tea {number}")
    assert any(" :bob!bob@local REDACT #tea" in line for line in lines if line.startswith("ann")) is may, (
        lines
    )


@pytest.mark.parametrize(
    ("role", "target", "may"),
    [
        ("moderator", "member", True),
        ("moderator", "moderator", False),
        ("moderator", "admin", False),
        ("admin", "admin", True),
    ],
)
async def test_who_acts_against_whom(harness: ServerHarness, role: str, target: str, may: bool) -> None:
    await harness.account("ann", role=role)
    await harness.account("bob", role=target)
    for name in ("ann", "bob"):
        await arrive(harness, name)
    lines = await harness.ask("ann", "KILL bob :enough")
    assert ("bob" not in {user.nick.text for user in harness.node.state.users.values()}) is may, lines


async def test_the_invisible_see_themselves(harness: ServerHarness) -> None:
    await harness.irc("eve")
    await harness.ask("eve", "MODE eve +i")
    assert " eve H" in (await harness.ask("eve", "WHO e*"))[0], "in no room, and without an account"


@pytest.mark.parametrize("closed", ["+i", "+A"])
@pytest.mark.parametrize("let_in", ["MODE #tea +I bob!*@*", "CS ACCESS #tea ADD bob voice", ""])
async def test_whom_a_closed_room_lets_in(harness: ServerHarness, closed: str, let_in: str) -> None:
    """Whoever is on the list of exceptions, or comes to a rank of theirs."""
    for name in ("ann", "bob"):
        await arrive(harness, name)
    await harness.ask("ann", f"JOIN #tea\nMODE #tea {closed}")
    await harness.ask("ann", let_in)
    seen = [
        line for line in await harness.ask("bob", "JOIN #tea") if line == "bob < :bob!bob@local JOIN #tea"
    ]
    assert bool(seen) is bool(let_in)
