"""MONITOR: who is told when somebody appears or vanishes."""

from pathlib import Path

from tests.server_harness import ServerHarness


async def test_adding_says_who_is_there_and_who_is_not(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await harness.irc("bob")
    assert await harness.ask("ann", "MONITOR + BOB,eve,,bob") == [
        "ann < :hubbub 730 ann bob!bob@local",
        "ann < :hubbub 731 ann eve",
    ]
    assert await harness.ask("ann", "MONITOR L") == [
        "ann < :hubbub 732 ann bob,eve",
        "ann < :hubbub 733 ann :End of MONITOR list",
    ]
    assert await harness.ask("ann", "monitor s") == [
        "ann < :hubbub 730 ann bob!bob@local",
        "ann < :hubbub 731 ann eve",
    ]


async def test_appearing_and_vanishing(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await harness.ask("ann", "MONITOR + bob,eve")
    bob = harness.connect("bob")
    bob.type("NICK bob\nUSER bob 0 * :Bob")
    lines = [line for line in await harness.look() if line.startswith("ann")]
    assert lines == ["ann < :hubbub 730 ann bob!bob@local"]
    lines = [line for line in await harness.ask("bob", "NICK eve") if line.startswith("ann")]
    assert lines == ["ann < :hubbub 731 ann bob", "ann < :hubbub 730 ann eve!bob@local"]
    lines = [line for line in await harness.ask("bob", "QUIT") if line.startswith("ann")]
    assert lines == ["ann < :hubbub 731 ann eve"]


async def test_signing_in_gives_up_the_name_one_came_by(harness: ServerHarness) -> None:
    """As docs/use/irc.md says: NICK to the account's name, 731 of the old one, 730 of the account's."""
    await harness.account("bob")
    await harness.irc("ann")
    await harness.irc("guest")
    await harness.ask("ann", "MONITOR + guest,bob")
    lines = await harness.ask("guest", "NS IDENTIFY bob correct horse")
    assert ":guest!guest@local NICK bob" in " ".join(lines)
    assert [line for line in lines if line.startswith("ann")] == [
        "ann < :hubbub 731 ann guest",
        "ann < :hubbub 730 ann bob!guest@local",
    ]


async def test_removing_and_clearing_say_nothing(harness: ServerHarness) -> None:
    """ "No output will be returned for use of this command." """
    await harness.irc("ann")
    await harness.ask("ann", "MONITOR + bob,eve,zed")
    assert await harness.ask("ann", "MONITOR - EVE,nobody") == []
    assert (await harness.ask("ann", "MONITOR L"))[0] == "ann < :hubbub 732 ann bob,zed"
    assert await harness.ask("ann", "MONITOR C") == []
    assert await harness.ask("ann", "MONITOR L") == ["ann < :hubbub 733 ann :End of MONITOR list"]
    assert await harness.ask("ann", "MONITOR S") == []


async def test_what_can_not_be_a_nickname_is_not_watched(harness: ServerHarness) -> None:
    """A target "MUST be a valid nick as determined by the IRC daemon" """
    await harness.irc("ann")
    assert await harness.ask("ann", "MONITOR + *!*@*,a b") == ["ann < :hubbub 731 ann *!*@*,a"]
    assert await harness.ask("ann", "MONITOR + :x y,\x02") == ["ann < :hubbub 731 ann :x y,\x02"]
    assert await harness.ask("ann", "MONITOR L") == ["ann < :hubbub 733 ann :End of MONITOR list"]


async def test_a_full_list_names_what_did_not_fit(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"limits.monitored_names": 10}) as harness:
        await harness.irc("ann")
        names = [f"somebody_{number:02}" for number in range(40)]
        lines = await harness.ask("ann", "MONITOR + " + ",".join(names[:35]))
        assert lines[0] == f"ann < :hubbub 731 ann {','.join(names[:10])}"
        rest = [line.split(" ")[6] for line in lines[1:]]
        assert all(line.startswith("ann < :hubbub 734 ann 10 ") for line in lines[1:])
        assert all(line.endswith(" :Monitor list is full.") for line in lines[1:])
        assert ",".join(rest) == ",".join(names[10:35])
        assert (await harness.ask("ann", "MONITOR L"))[0] == f"ann < :hubbub 732 ann {','.join(names[:10])}"


async def test_long_lists_are_wrapped(harness: ServerHarness) -> None:
    await harness.irc("ann")
    names = [f"somebody_with_name{number:02}" for number in range(40)]
    await harness.ask("ann", "MONITOR + " + ",".join(names[:20]))
    await harness.ask("ann", "MONITOR + " + ",".join(names[20:]))
    lines = [line for line in await harness.ask("ann", "MONITOR L") if " 732 " in line]
    assert len(lines) == 2
    assert all(len(line.removeprefix("ann < ").encode()) <= 510 for line in lines)
    assert ",".join(line.split(" ")[-1] for line in lines) == ",".join(names)


async def test_mistakes(harness: ServerHarness) -> None:
    await harness.irc("ann")
    assert await harness.ask("ann", "MONITOR") == ["ann < :hubbub 461 ann MONITOR :Not enough parameters"]
    assert await harness.ask("ann", "MONITOR +") == ["ann < :hubbub 461 ann MONITOR :Not enough parameters"]
    assert await harness.ask("ann", "MONITOR -") == ["ann < :hubbub 461 ann MONITOR :Not enough parameters"]
    wrong = "ann < :hubbub FAIL MONITOR INVALID_PARAMS :Write MONITOR + or - with nicknames, or MONITOR C, L or S."
    for line in ("MONITOR X", "MONITOR :", "MONITOR +- bob", "MONITOR bob"):
        assert await harness.ask("ann", line) == [wrong]
    harness.connect("eve")
    assert await harness.ask("eve", "MONITOR + ann") == ["eve < :hubbub 451 * :You have not registered"]
