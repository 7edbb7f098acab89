"""WHOIS and WHOWAS: what may be told of one person."""

import pytest

from tests.server_harness import ServerHarness
from tests.sign_in import arrive, depart

SINCE = "1795000000"


async def test_what_is_told_of_somebody(harness: ServerHarness) -> None:
    await arrive(harness, "ann")
    await harness.irc("bob")
    await harness.ask("ann", "JOIN #tea")
    await harness.ask("ann", "AWAY :gone for tea")
    assert await harness.ask("bob", "WHOIS ANN") == [
        "bob < :hubbub 311 bob ann ann local * Ann",
        "bob < :hubbub 319 bob ann :#Général ~#tea",
        "bob < :hubbub 312 bob ann hubbub Hubbub",
        "bob < :hubbub 301 bob ann :gone for tea",
        "bob < :hubbub 330 bob ann ann :is logged in as",
        f"bob < :hubbub 317 bob ann 0 {SINCE} :seconds idle, signon time",
        "bob < :hubbub 318 bob ANN :End of /WHOIS list",
    ]


async def test_addresses_are_for_oneself_and_moderators(harness: ServerHarness) -> None:
    """ "sent only to the client itself and to servers operators, as they contain privacy-sensitive information" """
    await harness.account("mod", role="moderator")
    await arrive(harness, "mod")
    await harness.irc("ann", address="127.0.0.9")
    await harness.irc("bob")
    for name in ("ann", "mod"):
        lines = await harness.ask(name, "WHOIS ann")
        assert f"{name} < :hubbub 338 {name} ann 127.0.0.9 :is actually using host" in lines
        assert f"{name} < :hubbub 379 {name} ann :is using modes +" in lines
    assert not any("127.0.0.9" in line for line in await harness.ask("bob", "WHOIS ann"))
    operator = "bob < :hubbub 313 bob mod :is an IRC operator (moderator)"
    assert operator in await harness.ask("bob", "WHOIS mod")


async def test_a_secure_connection(harness: ServerHarness) -> None:
    ann = harness.connect("ann", secure=True)
    ann.type("NICK ann\nUSER ann 0 * :Ann")
    await harness.irc("bob")
    secure = "ann < :hubbub 671 ann {} :is using a secure connection"
    assert secure.format("ann") in await harness.ask("ann", "WHOIS ann")
    assert secure.format("bob") not in await harness.ask("ann", "WHOIS bob")


async def test_secret_rooms_do_not_leak(harness: ServerHarness) -> None:
    for name in ("ann", "bob", "eve"):
        await harness.irc(name)
    for name in ("ann", "bob"):
        await harness.ask(name, "JOIN #hidden")
    await harness.ask("ann", "MODE #hidden +s")
    assert "bob < :hubbub 319 bob ann @#hidden" in await harness.ask("bob", "WHOIS ann")
    assert not any(" 319 " in line for line in await harness.ask("eve", "WHOIS ann"))


async def test_rooms_of_the_invisible(harness: ServerHarness) -> None:
    """ "The channels in this response are affected by the secret channel mode and the invisible user mode" """
    for name in ("ann", "bob", "eve"):
        await harness.irc(name)
    for name in ("ann", "bob"):
        await harness.ask(name, "JOIN #tea")
    await harness.ask("ann", "JOIN #cake")
    await harness.ask("ann", "MODE ann +i")
    assert "bob < :hubbub 319 bob ann @#tea" in await harness.ask("bob", "WHOIS ann")
    assert not any(" 319 " in line for line in await harness.ask("eve", "WHOIS ann"))
    assert "ann < :hubbub 319 ann ann :@#tea @#cake" in await harness.ask("ann", "WHOIS ann")


async def test_more_rooms_than_fit_a_line(harness: ServerHarness) -> None:
    await harness.irc("ann")
    names = [f"#{'x' * 50}{number}" for number in range(20)]
    for name in names:
        await harness.ask("ann", f"JOIN {name}")
    lines = [line for line in await harness.ask("ann", "WHOIS ann") if " 319 " in line]
    assert all(len(line.encode()) <= 510 + len("ann < ") for line in lines)
    shown = [word.lstrip(":@") for line in lines for word in line.split()[6:]]
    assert shown == names


@pytest.mark.parametrize("nick", ["zed", "#tea", "NickServ", "*"])
async def test_nobody(harness: ServerHarness, nick: str) -> None:
    await harness.irc("ann")
    assert await harness.ask("ann", f"WHOIS {nick}") == [
        f"ann < :hubbub 401 ann {nick} :No such nick/channel",
        f"ann < :hubbub 318 ann {nick} :End of /WHOIS list",
    ]


async def test_an_account_that_is_away_is_nobody(harness: ServerHarness) -> None:
    await harness.account("zed")
    await harness.irc("ann")
    assert (await harness.ask("ann", "WHOIS zed"))[0] == "ann < :hubbub 401 ann zed :No such nick/channel"


async def test_where_it_is_asked(harness: ServerHarness) -> None:
    """ "If the <target> parameter is specified, it SHOULD be a server name or the nick of a user." """
    await harness.irc("ann")
    own = await harness.ask("ann", "WHOIS ann")
    assert own == await harness.ask("ann", "WHOIS hubbub ann") == await harness.ask("ann", "WHOIS ann ann")
    assert await harness.ask("ann", "WHOIS elsewhere ann") == [
        "ann < :hubbub 402 ann elsewhere :No such server"
    ]


async def test_of_several_the_first(harness: ServerHarness) -> None:
    """ "if the client sent multiple nicks, this MUST be the comma-separated list of nicks, even if some … dropped" """
    await harness.irc("ann")
    await harness.irc("bob")
    lines = await harness.ask("ann", "WHOIS bob,ann")
    assert lines[0] == "ann < :hubbub 311 ann bob bob local * Bob"
    assert lines[-1] == "ann < :hubbub 318 ann bob,ann :End of /WHOIS list"
    assert len([line for line in lines if " 311 " in line]) == 1


@pytest.mark.parametrize("text", ["WHOIS", "WHOIS :", "WHOIS ,", "WHOWAS", "WHOWAS :"])
async def test_no_nickname(harness: ServerHarness, text: str) -> None:
    await harness.irc("ann")
    assert await harness.ask("ann", text) == ["ann < :hubbub 431 ann :No nickname given"]


async def test_who_was_here(harness: ServerHarness) -> None:
    """ "The history is searched backward, returning the most recent entry first." """
    await harness.irc("ann")
    await arrive(harness, "bob")
    await depart(harness, "bob")
    harness.wait(60)
    await arrive(harness, "bob2", account="bob")
    await harness.ask("bob2", "NICK bob")
    await harness.ask("bob2", "NICK bob3")
    last, first = "2026-11-18T11:07:40.000Z", "2026-11-18T11:06:40.000Z"
    newest = [
        "ann < :hubbub 314 ann bob bob2 local * Bob2",
        f"ann < :hubbub 312 ann bob hubbub :left at {last}",
    ]
    oldest = [
        "ann < :hubbub 314 ann bob bob local * Bob",
        f"ann < :hubbub 312 ann bob hubbub :left at {first}",
    ]
    end = ["ann < :hubbub 369 ann BOB :End of WHOWAS"]
    for count in ("", " 0", " -1", " x", " 7"):
        assert await harness.ask("ann", f"WHOWAS BOB{count}") == newest + oldest + end
    assert await harness.ask("ann", "WHOWAS BOB 1") == newest + end


async def test_nobody_was_here(harness: ServerHarness) -> None:
    await harness.irc("ann")
    assert await harness.ask("ann", "WHOWAS ann") == [
        "ann < :hubbub 406 ann ann :There was no such nickname",
        "ann < :hubbub 369 ann ann :End of WHOWAS",
    ]
