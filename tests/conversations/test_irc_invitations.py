"""An operator's invitation lifts once all that keeps somebody out of a room."""

import pytest

from tests.server_harness import ServerHarness, told
from tests.sign_in import arrive


async def come(harness: ServerHarness, name: str, is_account: bool) -> None:
    if is_account:
        await harness.account(name)
        person = harness.connect(name, secure=True)
        person.type(f"PASS :{name}:correct horse\nNICK {name}\nUSER {name} 0 * :{name}")
        await harness.look()
    else:
        await harness.irc(name)


@pytest.fixture(params=[True, False], ids=["account", "guest"])
async def tea(harness: ServerHarness, request: pytest.FixtureRequest) -> ServerHarness:
    """Ann has made #tea, and bob is in it; eve is outside."""
    await arrive(harness, "ann")
    await harness.irc("bob")
    await come(harness, "eve", request.param)
    for name in ("ann", "bob"):
        await harness.ask(name, "JOIN #tea")
    return harness


async def joins(harness: ServerHarness, name: str) -> str:
    """The number that refuses it; empty if they are in."""
    first = told(await harness.ask(name, "JOIN #tea"), name)[0]
    return "" if " JOIN " in first else first.split()[1]


@pytest.mark.parametrize(
    ("mode", "refusal"), [("+l 1", "471"), ("+k secret", "475"), ("+b eve!*@*", "474"), ("+i", "473")]
)
async def test_it_lifts_what_keeps_out(tea: ServerHarness, mode: str, refusal: str) -> None:
    await tea.ask("ann", f"MODE #tea {mode}")
    assert await joins(tea, "eve") == refusal
    await tea.ask("ann", "INVITE eve #tea")
    assert await joins(tea, "eve") == ""


async def test_it_is_used_once(tea: ServerHarness) -> None:
    await tea.ask("ann", "MODE #tea +l 1")
    await tea.ask("ann", "INVITE eve #tea")
    assert await joins(tea, "eve") == ""
    await tea.ask("eve", "PART #tea")
    assert await joins(tea, "eve") == "471"


async def test_another_members_lifts_nothing(tea: ServerHarness) -> None:
    """Into an open room every member invites; who is kept out of it is for its operators to say."""
    await tea.ask("ann", "MODE #tea +b eve!*@*")
    tea.wait(1)
    await tea.ask("bob", "INVITE eve #tea")
    assert await joins(tea, "eve") == "474"


async def test_a_later_ban_holds(tea: ServerHarness) -> None:
    await tea.ask("ann", "INVITE eve #tea")
    tea.wait(1)
    await tea.ask("ann", "MODE #tea +b eve!*@*")
    assert await joins(tea, "eve") == "474"


async def test_being_taken_out_ends_it(tea: ServerHarness) -> None:
    await tea.ask("ann", "MODE #tea +l 1")
    await tea.ask("ann", "INVITE eve #tea")
    assert await joins(tea, "eve") == ""
    await tea.ask("ann", "KICK #tea eve")
    assert await joins(tea, "eve") == "471"


async def test_an_accounts_lasts_through_a_restart(harness: ServerHarness) -> None:
    await arrive(harness, "ann")
    await harness.account("eve")
    await harness.ask("ann", "JOIN #tea")
    await harness.ask("ann", "MODE #tea +l 1")
    await harness.ask("ann", "INVITE eve #tea")
    await harness.restart()
    person = harness.connect("eve", secure=True)
    person.type("PASS :eve:correct horse\nNICK eve\nUSER eve 0 * :eve")
    assert await joins(harness, "eve") == ""
