"""WHOIS and WHOWAS: what may be told of one person."""

import pytest

from tests.server_harness import House
from tests.sign_in import arrive, depart

SINCE = "1795000000"


async def test_what_is_told_of_somebody(house: House) -> None:
    await arrive(house, "ann")
    await house.irc("bob")
    await house.ask("ann", "JOIN #tea")
    await house.ask("ann", "AWAY :gone for tea")
    assert await house.ask("bob", "WHOIS ANN") == [
        "bob < :hubbub 311 bob ann ann local * Ann",
        "bob < :hubbub 319 bob ann :#Général ~#tea",
        "bob < :hubbub 312 bob ann hubbub Hubbub",
        "bob < :hubbub 301 bob ann :gone for tea",
        "bob < :hubbub 330 bob ann ann :is logged in as",
        f"bob < :hubbub 317 bob ann 0 {SINCE} :seconds idle, signon time",
        "bob < :hubbub 318 bob ANN :End of /WHOIS list",
    ]


async def test_addresses_are_for_oneself_and_moderators(house: House) -> None:
    """ "sent only to the client itself and to servers operators, as they contain privacy-sensitive information" """
    await house.account("mod", role="moderator")
    await arrive(house, "mod")
    await house.irc("ann", address="127.0.0.9")
    await house.irc("bob")
    for name in ("ann", "mod"):
        lines = await house.ask(name, "WHOIS ann")
        assert f"{name} < :hubbub 338 {name} ann 127.0.0.9 :is actually using host" in lines
        assert f"{name} < :hubbub 379 {name} ann :is using modes +" in lines
    assert not any("127.0.0.9" in line for line in await house.ask("bob", "WHOIS ann"))
    operator = "bob < :hubbub 313 bob mod :is an IRC operator (moderator)"
    assert operator in await house.ask("bob", "WHOIS mod")


async def test_a_secure_connection(house: House) -> None:
    ann = house.connect("ann", secure=True)
    ann.type("NICK ann\nUSER ann 0 * :Ann")
    await house.irc("bob")
    secure = "ann < :hubbub 671 ann {} :is using a secure connection"
    assert secure.format("ann") in await house.ask("ann", "WHOIS ann")
    assert secure.format("bob") not in await house.ask("ann", "WHOIS bob")


async def test_secret_rooms_do_not_leak(house: House) -> None:
    for name in ("ann", "bob", "eve"):
        await house.irc(name)
    for name in ("ann", "bob"):
        await house.ask(name, "JOIN #hidden")
    await house.ask("ann", "MODE #hidden +s")
    assert "bob < :hubbub 319 bob ann @#hidden" in await house.ask("bob", "WHOIS ann")
    assert not any(" 319 " in line for line in await house.ask("eve", "WHOIS ann"))


async def test_rooms_of_the_invisible(house: House) -> None:
    """ "The channels in this response are affected by the secret channel mode and the invisible user mode" """
    for name in ("ann", "bob", "eve"):
        await house.irc(name)
    for name in ("ann", "bob"):
        await house.ask(name, "JOIN #tea")
    await house.ask("ann", "JOIN #cake")
    await house.ask("ann", "MODE ann +i")
    assert "bob < :hubbub 319 bob ann @#tea" in await house.ask("bob", "WHOIS ann")
    assert not any(" 319 " in line for line in await house.ask("eve", "WHOIS ann"))
    assert "ann < :hubbub 319 ann ann :@#tea @#cake" in await house.ask("ann", "WHOIS ann")


async def test_more_rooms_than_fit_a_line(house: House) -> None:
    await house.irc("ann")
    names = [f"#{'x' * 50}{number}" for number in range(20)]
    for name in names:
        await house.ask("ann", f"JOIN {name}")
    lines = [line for line in await house.ask("ann", "WHOIS ann") if " 319 " in line]
    assert all(len(line.encode()) <= 510 + len("ann < ") for line in lines)
    shown = [word.lstrip(":@") for line in lines for word in line.split()[6:]]
    assert shown == names


@pytest.mark.parametrize("nick", ["zed", "#tea", "NickServ", "*"])
async def test_nobody(house: House, nick: str) -> None:
    await house.irc("ann")
    assert await house.ask("ann", f"WHOIS {nick}") == [
        f"ann < :hubbub 401 ann {nick} :No such nick/channel",
        f"ann < :hubbub 318 ann {nick} :End of /WHOIS list",
    ]


async def test_an_account_that_is_away_is_nobody(house: House) -> None:
    await house.account("zed")
    await house.irc("ann")
    assert (await house.ask("ann", "WHOIS zed"))[0] == "ann < :hubbub 401 ann zed :No such nick/channel"


async def test_where_it_is_asked(house: House) -> None:
    """ "If the <target> parameter is specified, it SHOULD be a server name or the nick of a user." """
    await house.irc("ann")
    own = await house.ask("ann", "WHOIS ann")
    assert own == await house.ask("ann", "WHOIS hubbub ann") == await house.ask("ann", "WHOIS ann ann")
    assert await house.ask("ann", "WHOIS elsewhere ann") == [
        "ann < :hubbub 402 ann elsewhere :No such server"
    ]


async def test_of_several_the_first(house: House) -> None:
    """ "if the client sent multiple nicks, this MUST be the comma-separated list of nicks, even if some … dropped" """
    await house.irc("ann")
    await house.irc("bob")
    lines = await house.ask("ann", "WHOIS bob,ann")
    assert lines[0] == "ann < :hubbub 311 ann bob bob local * Bob"
    assert lines[-1] == "ann < :hubbub 318 ann bob,ann :End of /WHOIS list"
    assert len([line for line in lines if " 311 " in line]) == 1


@pytest.mark.parametrize("text", ["WHOIS", "WHOIS :", "WHOIS ,", "WHOWAS", "WHOWAS :"])
async def test_no_nickname(house: House, text: str) -> None:
    await house.irc("ann")
    assert await house.ask("ann", text) == ["ann < :hubbub 431 ann :No nickname given"]


async def test_who_was_here(house: House) -> None:
    """ "The history is searched backward, returning the most recent entry first." """
    await house.irc("ann")
    await arrive(house, "bob")
    await depart(house, "bob")
    house.wait(60)
    await arrive(house, "bob2", account="bob")
    await house.ask("bob2", "NICK bob")
    await house.ask("bob2", "NICK bob3")
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
        assert await house.ask("ann", f"WHOWAS BOB{count}") == newest + oldest + end
    assert await house.ask("ann", "WHOWAS BOB 1") == newest + end


async def test_nobody_was_here(house: House) -> None:
    await house.irc("ann")
    assert await house.ask("ann", "WHOWAS ann") == [
        "ann < :hubbub 406 ann ann :There was no such nickname",
        "ann < :hubbub 369 ann ann :End of WHOWAS",
    ]
