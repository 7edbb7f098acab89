"""hubbub/notify: what one is told of, for all of one's clients."""

import pytest

from tests.server_harness import ServerHarness, told

CAPS = "hubbub/notify"


async def _come(harness: ServerHarness, name: str, nick: str, account: str = "ann") -> None:
    harness.connect(name).type(
        f"CAP REQ :{CAPS}\nPASS :{account}:correct horse\nNICK {nick}\nUSER x 0 * x\nCAP END"
    )
    await harness.look()


@pytest.fixture
async def ann(harness: ServerHarness) -> str:
    await harness.account("ann")
    await _come(harness, "ann", "ann")
    await harness.ask("ann", "JOIN #tea")
    return "ann"


async def test_all_of_ones_clients_are_told(harness: ServerHarness, ann: str) -> None:
    """ "The server tells all sessions of the account that have the capability, also the one that has asked." """
    await _come(harness, "phone", "ann")
    await harness.irc("bob", CAPS)
    await harness.ask("bob", "JOIN #tea")
    seen = await harness.ask("ann", "NOTIFY #tea all")
    assert told(seen, "ann") == told(seen, "phone") == [":hubbub NOTIFY #tea all"]
    assert told(seen, "bob") == []


async def test_it_lasts(harness: ServerHarness, ann: str) -> None:
    """ "one line for each target whose level is not `usual`" """
    await harness.account("bob")
    await harness.ask("ann", "NOTIFY #tea all\nNOTIFY bob none\nNOTIFY * none\nNOTIFY #Général none")
    await harness.ask("ann", "NOTIFY #Général usual")
    await harness.restart()
    await _come(harness, "again", "ann")
    listed = told(await harness.ask("again", "NOTIFY"), "again")
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
async def test_what_can_not_be_set(harness: ServerHarness, ann: str, line: str, code: str) -> None:
    [refused] = told(await harness.ask("ann", line), "ann")
    assert f" FAIL NOTIFY {code}" in refused
    assert told(await harness.ask("ann", "NOTIFY"), "ann") == []


async def test_guests_have_none(harness: ServerHarness) -> None:
    """ "levels are kept for accounts" """
    await harness.irc("gus", CAPS)
    [refused] = told(await harness.ask("gus", "NOTIFY * none"), "gus")
    assert " FAIL NOTIFY ACCOUNT_REQUIRED " in refused


async def test_only_for_those_who_know_it(harness: ServerHarness) -> None:
    await harness.irc("gus")
    assert " 421 gus NOTIFY " in told(await harness.ask("gus", "NOTIFY"), "gus")[0]
