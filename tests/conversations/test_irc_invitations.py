"""An operator's invitation lifts once all that keeps somebody out of a room."""

import pytest

from tests.server_harness import House, told
from tests.sign_in import arrive


async def come(house: House, name: str, is_account: bool) -> None:
    if is_account:
        await house.account(name)
        person = house.connect(name, secure=True)
        person.type(f"PASS :{name}:correct horse\nNICK {name}\nUSER {name} 0 * :{name}")
        await house.look()
    else:
        await house.irc(name)


@pytest.fixture(params=[True, False], ids=["account", "guest"])
async def tea(house: House, request: pytest.FixtureRequest) -> House:
    """Ann has made #tea, and bob is in it; eve is outside."""
    await arrive(house, "ann")
    await house.irc("bob")
    await come(house, "eve", request.param)
    for name in ("ann", "bob"):
        await house.ask(name, "JOIN #tea")
    return house


async def joins(house: House, name: str) -> str:
    """The number that refuses it; empty if they are in."""
    first = told(await house.ask(name, "JOIN #tea"), name)[0]
    return "" if " JOIN " in first else first.split()[1]


@pytest.mark.parametrize(
    ("mode", "refusal"), [("+l 1", "471"), ("+k secret", "475"), ("+b eve!*@*", "474"), ("+i", "473")]
)
async def test_it_lifts_what_keeps_out(tea: House, mode: str, refusal: str) -> None:
    await tea.ask("ann", f"MODE #tea {mode}")
    assert await joins(tea, "eve") == refusal
    await tea.ask("ann", "INVITE eve #tea")
    assert await joins(tea, "eve") == ""


async def test_it_is_used_once(tea: House) -> None:
    await tea.ask("ann", "MODE #tea +l 1")
    await tea.ask("ann", "INVITE eve #tea")
    assert await joins(tea, "eve") == ""
    await tea.ask("eve", "PART #tea")
    assert await joins(tea, "eve") == "471"


async def test_another_members_lifts_nothing(tea: House) -> None:
    """Into an open room every member invites; who is kept out of it is for its operators to say."""
    await tea.ask("ann", "MODE #tea +b eve!*@*")
    tea.wait(1)
    await tea.ask("bob", "INVITE eve #tea")
    assert await joins(tea, "eve") == "474"


async def test_a_later_ban_holds(tea: House) -> None:
    await tea.ask("ann", "INVITE eve #tea")
    tea.wait(1)
    await tea.ask("ann", "MODE #tea +b eve!*@*")
    assert await joins(tea, "eve") == "474"


async def test_being_taken_out_ends_it(tea: House) -> None:
    await tea.ask("ann", "MODE #tea +l 1")
    await tea.ask("ann", "INVITE eve #tea")
    assert await joins(tea, "eve") == ""
    await tea.ask("ann", "KICK #tea eve")
    assert await joins(tea, "eve") == "471"


async def test_an_accounts_lasts_through_a_restart(house: House) -> None:
    await arrive(house, "ann")
    await house.account("eve")
    await house.ask("ann", "JOIN #tea")
    await house.ask("ann", "MODE #tea +l 1")
    await house.ask("ann", "INVITE eve #tea")
    await house.restart()
    person = house.connect("eve", secure=True)
    person.type("PASS :eve:correct horse\nNICK eve\nUSER eve 0 * :eve")
    assert await joins(house, "eve") == ""
