"""LUSERS, MOTD, VERSION, TIME, ADMIN, INFO, STATS, LINKS, USERS and HELP."""

from pathlib import Path

import pytest

from hubbub.dialects.irc.message_kinds import KINDS
from hubbub.dialects.irc.verbs import VERBS
from tests.server_harness import ServerHarness
from tests.sign_in import arrive


async def test_how_many_there_are(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await harness.irc("bob")
    await harness.ask("bob", "MODE bob +i")
    harness.connect("eve")
    assert await harness.ask("ann", "LUSERS") == [
        "ann < :hubbub 251 ann :There are 1 users and 1 invisible on 1 servers",
        "ann < :hubbub 253 ann 1 :unknown connection(s)",
        "ann < :hubbub 254 ann 5 :channels formed",
        "ann < :hubbub 255 ann :I have 2 clients and 0 servers",
        "ann < :hubbub 265 ann 2 2 :Current local users 2, max 2",
        "ann < :hubbub 266 ann 2 2 :Current global users 2, max 2",
    ]


async def test_operators_are_counted(harness: ServerHarness) -> None:
    await harness.account("ann", role="admin")
    await arrive(harness, "ann")
    assert "ann < :hubbub 252 ann 1 :operator(s) online" in await harness.ask("ann", "LUSERS")


async def test_the_message_of_the_day(tmp_path: Path) -> None:
    """ "one RPL_MOTDSTART numeric is returned, followed by one or more RPL_MOTD numeric, then one RPL_ENDOFMOTD" """
    async with ServerHarness(tmp_path, {"server.motd": "Be kind.\n\n" + "x" * 360}) as harness:
        await harness.irc("ann")
        assert await harness.ask("ann", "MOTD") == [
            "ann < :hubbub 375 ann :- hubbub Message of the day - ",
            "ann < :hubbub 372 ann :- Be kind.",
            "ann < :hubbub 372 ann :- ",
            f"ann < :hubbub 372 ann :- {'x' * 350}",
            f"ann < :hubbub 372 ann :- {'x' * 10}",
            "ann < :hubbub 376 ann :End of /MOTD command.",
        ]


async def test_without_a_message_of_the_day(harness: ServerHarness) -> None:
    await harness.irc("ann")
    assert await harness.ask("ann", "MOTD") == ["ann < :hubbub 422 ann :MOTD File is missing"]


@pytest.mark.parametrize("verb", ["MOTD", "VERSION", "TIME", "ADMIN", "STATS u"])
async def test_another_server_is_not_known(harness: ServerHarness, verb: str) -> None:
    """ "If <target> is given and a matching server cannot be found, … ERR_NOSUCHSERVER" """
    await harness.irc("ann")
    assert await harness.ask("ann", f"{verb} *.elsewhere") == [
        "ann < :hubbub 402 ann *.elsewhere :No such server"
    ]
    own = await harness.ask("ann", verb)
    assert own and own == await harness.ask("ann", f"{verb} h?b*")
    assert own == await harness.ask("ann", f"{verb} ANN"), "a client's name stands for its server"


async def test_version_tells_what_is_supported(harness: ServerHarness) -> None:
    """ "one RPL_VERSION reply and one or more RPL_ISUPPORT replies" """
    await harness.irc("ann")
    first, *supported = await harness.ask("ann", "VERSION")
    assert first.startswith("ann < :hubbub 351 ann hubbub-")
    assert first.endswith(" hubbub Hubbub")
    assert supported
    assert all(line.startswith("ann < :hubbub 005 ann ") for line in supported)
    assert any(" WHOX " in line for line in supported)


async def test_the_time(harness: ServerHarness) -> None:
    await harness.irc("ann")
    harness.wait(1)
    assert await harness.ask("ann", "TIME") == [
        "ann < :hubbub 391 ann hubbub 1795000001 0 :2026-11-18 11:06:41 UTC"
    ]


async def test_who_runs_the_server(tmp_path: Path) -> None:
    told = {"server.admin_location": "Lyon", "server.admin_name": "The club", "server.admin_email": ""}
    async with ServerHarness(tmp_path, told) as harness:
        await harness.irc("ann")
        assert await harness.ask("ann", "ADMIN") == [
            "ann < :hubbub 256 ann hubbub :Administrative info",
            "ann < :hubbub 257 ann Lyon",
            "ann < :hubbub 258 ann :The club",
            "ann < :hubbub 259 ann :",
        ]


async def test_nobody_says_who_runs_the_server(harness: ServerHarness) -> None:
    await harness.irc("ann")
    assert await harness.ask("ann", "ADMIN") == [
        "ann < :hubbub 423 ann hubbub :No administrative info available"
    ]


async def test_info_ends(harness: ServerHarness) -> None:
    await harness.irc("ann")
    lines = await harness.ask("ann", "INFO")
    assert all(line.startswith("ann < :hubbub 371 ann :") for line in lines[:-1])
    assert lines[-1] == "ann < :hubbub 374 ann :End of INFO list"


async def test_uptime(harness: ServerHarness) -> None:
    await harness.irc("ann")
    harness.now_ms += (86_400 + 3600 + 61) * 1000
    assert await harness.ask("ann", "STATS u") == [
        "ann < :hubbub 242 ann :Server Up 1 days 1:01:01",
        "ann < :hubbub 219 ann u :End of /STATS report",
    ]


async def test_statistics_for_moderators(harness: ServerHarness) -> None:
    await harness.account("mod", role="moderator")
    await arrive(harness, "mod")
    await harness.irc("ann")
    await harness.ask("mod", "HUBBUB ban ip 192.0.2.0/24 spam")
    for letter in "ok":
        assert await harness.ask("ann", f"STATS {letter}") == [
            "ann < :hubbub 481 ann :Permission Denied- You're not an IRC operator",
            f"ann < :hubbub 219 ann {letter} :End of /STATS report",
        ]
    assert await harness.ask("mod", "STATS o") == [
        "mod < :hubbub 243 mod O * * mod moderator",
        "mod < :hubbub 219 mod o :End of /STATS report",
    ]
    assert await harness.ask("mod", "STATS k") == [
        "mod < :hubbub 216 mod K 192.0.2.0/24 :until the ban is lifted, by mod: spam",
        "mod < :hubbub 219 mod k :End of /STATS report",
    ]


async def test_unknown_statistics_have_an_end(harness: ServerHarness) -> None:
    await harness.irc("ann")
    assert await harness.ask("ann", "STATS ?!") == ["ann < :hubbub 219 ann ? :End of /STATS report"]
    assert await harness.ask("ann", "STATS :") == ["ann < :hubbub 219 ann * :End of /STATS report"]


async def test_links_and_users(harness: ServerHarness) -> None:
    await harness.irc("ann")
    end = "ann < :hubbub 365 ann * :End of /LINKS list"
    assert await harness.ask("ann", "LINKS") == ["ann < :hubbub 364 ann hubbub hubbub :0 Hubbub", end]
    assert await harness.ask("ann", "LINKS *.elsewhere") == [end]
    assert await harness.ask("ann", "USERS") == [
        "ann < :hubbub 446 ann :USERS is not available on this server. Use WHO, or NAMES with a room."
    ]


def test_every_verb_has_its_help() -> None:
    assert all(verb.help for verb in VERBS.values())


def test_every_kind_of_message_has_its_verb() -> None:
    assert {row.verb for row in KINDS.values()} <= set(VERBS)


async def test_help(harness: ServerHarness) -> None:
    """ "a single RPL_HELPSTART message, then arbitrarily many RPL_HELPTXT messages, then a single RPL_ENDOFHELP" """
    await harness.irc("ann")
    assert await harness.ask("ann", "HELP motd") == [
        "ann < :hubbub 704 ann MOTD :The command MOTD",
        "ann < :hubbub 705 ann MOTD :",
        "ann < :hubbub 705 ann MOTD MOTD",
        "ann < :hubbub 706 ann MOTD :Shows the message of the day.",
    ]
    index = await harness.ask("ann", "HELP")
    assert index[0].startswith("ann < :hubbub 704 ann *")
    assert index[-1].startswith("ann < :hubbub 706 ann *")
    assert {word.lstrip(":") for line in index for word in line.split()} >= set(VERBS)


async def test_help_that_fits_its_lines(harness: ServerHarness) -> None:
    await harness.irc("ann")
    for verb, text in ((name, row.help) for name, row in VERBS.items()):
        harness.now_ms += 10_000  # so that she is not asked to slow down
        shown = await harness.ask("ann", f"HELP {verb}")
        for said in text:
            assert any(line.endswith(said) for line in shown), f"{verb} is cut"


async def test_no_help(harness: ServerHarness) -> None:
    await harness.irc("ann")
    for subject in (":unknown subject", "x" * 480, ":: "):
        (line,) = await harness.ask("ann", f"HELP {subject}")
        assert line.startswith("ann < :hubbub 524 ann ")
