"""WHO, WHOX, ISON and USERHOST: who is here, and who is not shown to whom."""

import pytest

from hubbub.dialects.irc import who
from tests.server_harness import ServerHarness
from tests.sign_in import arrive


async def test_who_is_in_a_room(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await harness.irc("bob")
    await harness.ask("ann", "JOIN #tea")
    await harness.ask("bob", "JOIN #tea")
    await harness.ask("bob", "AWAY :out")
    assert await harness.ask("bob", "WHO #TEA") == [
        "bob < :hubbub 352 bob #tea ann local hubbub ann H@ :0 Ann",
        "bob < :hubbub 352 bob #tea bob local hubbub bob G :0 Bob",
        "bob < :hubbub 315 bob #TEA :End of WHO list",
    ]


async def test_who_is_somebody(harness: ServerHarness) -> None:
    """ "An exact nickname, in which case a single user is returned." """
    await harness.account("ann", role="admin")
    await arrive(harness, "ann")
    await harness.irc("bob")
    assert await harness.ask("bob", "WHO ANN") == [
        "bob < :hubbub 352 bob #Général ann local hubbub ann H* :0 Ann",
        "bob < :hubbub 315 bob ANN :End of WHO list",
    ]


async def test_masks(harness: ServerHarness) -> None:
    for name in ("ann", "anton", "bob"):
        await harness.irc(name)

    async def found(text: str) -> list[str]:
        return [line.split()[9] for line in await harness.ask("bob", text) if " 352 " in line]

    assert await found("WHO an*") == ["ann", "anton"]
    assert await found("WHO ?ob!*@local") == ["bob"]
    assert await found("WHO *") == await found("WHO") == await found("WHO 0") == ["ann", "anton", "bob"]
    assert await found("WHO zed") == await found("WHO #nowhere") == await found("WHO #") == []
    assert await found("WHO " + "*?" * 200) == []


async def test_operators_alone(harness: ServerHarness) -> None:
    await harness.account("ann", role="moderator")
    await arrive(harness, "ann")
    await harness.irc("bob")
    assert await harness.ask("bob", "WHO * o") == [
        "bob < :hubbub 352 bob #Général ann local hubbub ann H* :0 Ann",
        "bob < :hubbub 315 bob * :End of WHO list",
    ]
    assert await harness.ask("bob", "WHO * o%n") == [
        "bob < :hubbub 354 bob ann",
        "bob < :hubbub 315 bob * :End of WHO list",
    ]


async def test_all_prefixes(harness: ServerHarness) -> None:
    """multi-prefix: "all prefixes … in order of 'rank', from highest to lowest" """
    await arrive(harness, "ann", "multi-prefix")
    await harness.irc("bob")
    await harness.ask("ann", "JOIN #tea")
    assert (await harness.ask("ann", "WHO #tea"))[0] == (
        "ann < :hubbub 352 ann #tea ann local hubbub ann H~@ :0 Ann"
    )
    assert (await harness.ask("bob", "WHO #tea"))[0] == (
        "bob < :hubbub 352 bob #tea ann local hubbub ann H~ :0 Ann"
    )


async def test_the_invisible_are_seen_by_those_they_meet(harness: ServerHarness) -> None:
    """ "users who either aren't invisible (user mode +i) or have a common channel with the requesting client" """
    for name in ("ann", "bob", "eve"):
        await harness.irc(name)
    for name in ("ann", "bob"):
        await harness.ask(name, "JOIN #tea")
    await harness.ask("ann", "MODE ann +i")
    for query in ("WHO #tea", "WHO an*", "WHO"):
        assert " ann H" in (await harness.ask("bob", query))[0]
        assert not any(" ann H" in line for line in await harness.ask("eve", query))
    # "An exact nickname, in which case a single user is returned"; where she is stays hers.
    shown = "eve < :hubbub 352 eve * ann local hubbub ann H :0 Ann"
    assert await harness.ask("eve", "WHO ANN") == [shown, "eve < :hubbub 315 eve ANN :End of WHO list"]
    assert " ann H" in (await harness.ask("ann", "WHO ann"))[0], "one sees oneself"


async def test_moderators_see_the_invisible_and_addresses(harness: ServerHarness) -> None:
    await harness.account("mod", role="moderator")
    await arrive(harness, "mod")
    await harness.irc("ann", address="127.0.0.9")
    await harness.irc("bob")
    await harness.ask("ann", "MODE ann +i")
    assert (await harness.ask("mod", "WHO ann %ni"))[0] == "mod < :hubbub 354 mod 127.0.0.9 ann"
    await harness.ask("ann", "MODE ann -i")
    # "255.255.255.255 is used for [ip] when the server refuses to disclose the IP address"
    assert (await harness.ask("bob", "WHO ann %ni"))[0] == "bob < :hubbub 354 bob 255.255.255.255 ann"
    assert (await harness.ask("ann", "WHO ann %i"))[0] == "ann < :hubbub 354 ann 127.0.0.9"


async def test_an_address_that_begins_with_a_colon(harness: ServerHarness) -> None:
    """ "IPv6 addresses such as "::1" are prefixed with a zero" """
    await harness.irc("ann", address="::1")
    assert (await harness.ask("ann", "WHO ann %in"))[0] == "ann < :hubbub 354 ann 0::1 ann"


async def test_fields_in_their_order(harness: ServerHarness) -> None:
    """ "Servers MUST send the fields in the order specified above." """
    await arrive(harness, "ann")
    await harness.irc("bob")
    await harness.ask("ann", "JOIN #tea")
    every = "bob < :hubbub 354 bob 42 #tea ann 255.255.255.255 local hubbub ann H~ 0 0 ann n/a Ann"
    assert (await harness.ask("bob", "WHO #tea %tcuihsnfdlaor,42"))[0] == every
    assert (await harness.ask("bob", "WHO #tea %roaldfnshiuct,42"))[0] == every


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ("%na", "bob 0"),
        ("%nxz?", "bob"),
        ("%ntt,7", "7 bob"),
        ("%tn", "0 bob"),
        ("%tn,1234", "0 bob"),
        ("%tn,x", "0 bob"),
        ("%nc", "* bob"),
        ("%", ""),
        ("%r", "Bob"),
    ],
)
async def test_exactly_the_fields_asked_for(harness: ServerHarness, fields: str, answer: str) -> None:
    """ "Exactly the fields requested by the client MUST be returned by the server." """
    await harness.irc("bob")
    assert (await harness.ask("bob", f"WHO bob {fields}"))[0] == f"bob < :hubbub 354 bob {answer}".rstrip()


async def test_secret_rooms_do_not_leak(harness: ServerHarness) -> None:
    for name in ("ann", "eve"):
        await harness.irc(name)
    await harness.ask("ann", "JOIN #hidden")
    await harness.ask("ann", "MODE #hidden +s")
    assert await harness.ask("eve", "WHO #hidden") == ["eve < :hubbub 315 eve #hidden :End of WHO list"]
    for query in ("WHO ann", "WHO *", "WHO ann %cnf"):
        assert not any("hidden" in line for line in await harness.ask("eve", query))
    assert " #hidden " in (await harness.ask("ann", "WHO ann"))[0]


async def test_a_mask_finds_only_so_many(harness: ServerHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(who, "ANSWERS_MAX", 2)
    for name in ("ann", "bob", "eve"):
        await harness.irc(name)
        await harness.ask(name, "JOIN #tea")
    answer = [line.split()[2] for line in await harness.ask("ann", "WHO *")]
    assert answer == [":hubbub"] * 4
    lines = await harness.ask("ann", "WHO *")
    assert [line.split()[3] for line in lines] == ["352", "352", "416", "315"]
    lines = await harness.ask("ann", "WHO #tea")
    assert [line.split()[3] for line in lines] == ["352", "352", "352", "315"], "a room shows all"


async def test_is_anybody_on(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await harness.irc("bob")
    assert await harness.ask("ann", "ISON zed BOB ann bob") == ["ann < :hubbub 303 ann :bob ann"]
    assert await harness.ask("ann", "ISON :zed  bob") == ["ann < :hubbub 303 ann bob"]
    assert await harness.ask("ann", "ISON zed") == ["ann < :hubbub 303 ann :"]
    assert await harness.ask("ann", "ISON") == ["ann < :hubbub 461 ann ISON :Not enough parameters"]


async def test_userhost(harness: ServerHarness) -> None:
    """ "The `USERHOST` command takes up to five nicknames" """
    await harness.account("ann", role="admin")
    await arrive(harness, "ann")
    await harness.irc("bob")
    await harness.ask("bob", "AWAY :out")
    assert await harness.ask("bob", "USERHOST ann BOB zed") == [
        "bob < :hubbub 302 bob :ann*=+ann@local bob=-bob@local"
    ]
    assert await harness.ask("bob", "USERHOST a b c d e ann") == ["bob < :hubbub 302 bob :"]
