"""hubbub/notify: what one is told of, for all of one's clients."""

import pytest

from tests.server_harness import House, told

CAPS = "hubbub/notify"


async def _come(house: House, name: str, nick: str, account: str = "ann") -> None:
    house.connect(name).type(
        f"CAP REQ :{CAPS}\nPASS :{account}:correct horse\nNICK {nick}\nUSER x 0 * x\nCAP END"
    )
    await house.look()


@pytest.fixture
async def ann(house: House) -> str:
    await house.account("ann")
    await _come(house, "ann", "ann")
    await house.ask("ann", "JOIN #tea")
    return "ann"


async def test_all_of_ones_clients_are_told(house: House, ann: str) -> None:
    """ "The server tells all sessions of the account that have the capability, also the one that has asked." """
    await _come(house, "phone", "ann")
    await house.irc("bob", CAPS)
    await house.ask("bob", "JOIN #tea")
    seen = await house.ask("ann", "NOTIFY #tea all")
    assert told(seen, "ann") == told(seen, "phone") == [":hubbub NOTIFY #tea all"]
    assert told(seen, "bob") == []


async def test_it_lasts(house: House, ann: str) -> None:
    """ "one line for each target whose level is not `usual`" """
    await house.account("bob")
    await house.ask("ann", "NOTIFY #tea all\nNOTIFY bob none\nNOTIFY * none\nNOTIFY #Général none")
    await house.ask("ann", "NOTIFY #Général usual")
    await house.restart()
    await _come(house, "again", "ann")
    listed = told(await house.ask("again", "NOTIFY"), "again")
    assert sorted(listed) == [
        ":hubbub NOTIFY #tea all",
        ":hubbub NOTIFY * none",
        ":hubbub NOTIFY bob none",
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("NOTIFY #none all", "INVALID_TARGET #none"),
        ("NOTIFY # all", "INVALID_TARGET #"),
        ("NOTIFY nobody all", "INVALID_TARGET nobody"),
        ("NOTIFY #Marketing all", "INVALID_TARGET #Marketing"),
        ("NOTIFY #tea loud", "INVALID_LEVEL loud"),
        ("NOTIFY #tea :", "INVALID_LEVEL"),
        ("NOTIFY #tea", "INVALID_LEVEL"),
    ],
)
async def test_what_can_not_be_set(house: House, ann: str, line: str, code: str) -> None:
    [refused] = told(await house.ask("ann", line), "ann")
    assert f" FAIL NOTIFY {code}" in refused
    assert told(await house.ask("ann", "NOTIFY"), "ann") == []


async def test_guests_have_none(house: House) -> None:
    """ "levels are kept for accounts" """
    await house.irc("gus", CAPS)
    [refused] = told(await house.ask("gus", "NOTIFY * none"), "gus")
    assert " FAIL NOTIFY ACCOUNT_REQUIRED " in refused


async def test_only_for_those_who_know_it(house: House) -> None:
    await house.irc("gus")
    assert " 421 gus NOTIFY " in told(await house.ask("gus", "NOTIFY"), "gus")[0]
