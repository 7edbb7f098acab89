"""LIST: the rooms that somebody may see, and those that they look for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hubbub.dialects.irc.list import CONDITIONS_MAX
from tests.server_harness import ServerHarness
from tests.sign_in import arrive


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[ServerHarness]:
    """Three rooms: #old was made an hour and a half ago, #tea half an hour ago, #new now."""
    async with ServerHarness(tmp_path, {"rooms.default": ()}) as made:
        await made.irc("ann")
        await made.ask("ann", "JOIN #old")
        await made.ask("ann", "TOPIC #old :Long ago")
        made.now_ms += 60 * 60_000
        await made.irc("bob")
        await made.ask("bob", "JOIN #old")
        await made.ask("bob", "JOIN #tea")
        made.now_ms += 30 * 60_000
        await made.ask("bob", "TOPIC #tea :Oolong")
        await made.ask("ann", "JOIN #new")
        yield made


async def found(harness: ServerHarness, text: str, name: str = "ann") -> list[str]:
    lines = await harness.ask(name, text)
    assert lines[0] == f"{name} < :hubbub 321 {name} Channel :Users  Name"
    assert lines[-1] == f"{name} < :hubbub 323 {name} :End of /LIST"
    return [line.split(" 322 ")[1].split()[1] for line in lines[1:-1]]


async def test_all_rooms(harness: ServerHarness) -> None:
    assert await harness.ask("ann", "LIST") == [
        "ann < :hubbub 321 ann Channel :Users  Name",
        "ann < :hubbub 322 ann #old 2 :Long ago",
        "ann < :hubbub 322 ann #tea 1 Oolong",
        "ann < :hubbub 322 ann #new 1 :",
        "ann < :hubbub 323 ann :End of /LIST",
    ]


@pytest.mark.parametrize(
    ("query", "rooms"),
    [
        ("#TEA,#new", "#tea #new"),
        ("#nowhere", ""),
        ("*e*", "#tea #new"),
        ("#te?,*old", "#old #tea"),
        ("!*e*", "#old"),
        ("*,!#new", "#old #tea"),
        (">1", "#old"),
        ("<2", "#tea #new"),
        (">0,<2,*e*", "#tea #new"),
        ("C<31", "#tea #new"),
        ("c>30", "#old"),
        ("C>29", "#old #tea"),
        ("T<60", "#tea"),
        ("t>60", "#old"),
        ("#tea >1", ""),
        ("#tea <2", "#tea"),
        ("tea", ""),
        (",,", "#old #tea #new"),
        (">999999999", ""),
        ("*" * 100 + "x", ""),
    ],
)
async def test_looking_for_rooms(harness: ServerHarness, query: str, rooms: str) -> None:
    """ELIST=CMNTU: ""C<val" … created … less than `val` minutes ago", "a non-matching !mask", and so on."""
    assert await found(harness, f"LIST {query}") == rooms.split()


@pytest.mark.parametrize("text", [">", "<x", "C<", "T>1x", ">-1", "C<1234567890", "X<3", ">٣"])
async def test_what_is_no_condition(harness: ServerHarness, text: str) -> None:
    why = f"{text} is not a condition. Write >3, <10, C<60, T>60, a room's name or a mask."
    assert await harness.ask("ann", f"LIST {text}") == [f"ann < :hubbub 400 ann LIST :{why}"]


async def test_secret_rooms_are_for_their_members(harness: ServerHarness) -> None:
    await harness.ask("bob", "MODE #tea +s")
    assert await found(harness, "LIST", "bob") == ["#old", "#tea", "#new"]
    for query in ("LIST", "LIST #tea", "LIST *", "LIST T<60", "LIST <9"):
        assert "#tea" not in await found(harness, query, "ann")
    await harness.account("root", role="admin")
    await arrive(harness, "root")
    assert "#tea" in await found(harness, "LIST", "root")


async def test_members_who_are_away_are_not_counted(harness: ServerHarness) -> None:
    await arrive(harness, "eve")
    await harness.ask("eve", "JOIN #tea")
    assert "ann < :hubbub 322 ann #tea 2 Oolong" in await harness.ask("ann", "LIST #tea")
    await harness.ask("eve", "QUIT")
    assert "ann < :hubbub 322 ann #tea 1 Oolong" in await harness.ask("ann", "LIST #tea")


async def test_a_query_has_few_conditions(harness: ServerHarness) -> None:
    """Each is looked at for each room; names may be as many as fit."""
    most = ",".join(["!*x", "*e*", ">0"] + ["<9"] * (CONDITIONS_MAX - 3))
    assert await found(harness, f"LIST {most},#a,#b,#c") == ["#tea", "#new"]
    assert await harness.ask("ann", f"LIST {most},*") == [
        f"ann < :hubbub 400 ann LIST :LIST accepts at most {CONDITIONS_MAX} masks and conditions. Write fewer."
    ]
